//! Raw user-agent strings.

use super::bots::{is_bot, is_kept};
use super::{Device, form_of_system};
use crate::session::Form;

/// Tokens of browsers, the more telling first; a browser names its ancestors too.
const TOKENS: &[(&str, &str)] = &[
    ("YaBrowser/", "Yandex Browser"),
    ("YaSearchBrowser/", "Yandex Browser"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("EdgiOS/", "Edge"),
    ("EdgA/", "Edge"),
    ("Edg/", "Edge"),
    ("Edge/", "Edge"),
    ("OPiOS/", "Opera"),
    ("OPT/", "Opera"),
    ("OPX/", "Opera"),
    ("OPR/", "Opera"),
    ("Opera Mini/", "Opera"),
    ("Opera/", "Opera"),
    ("Opera ", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("Brave/", "Brave"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("Ddg/", "DuckDuckGo"),
    ("UCBrowser/", "UC Browser"),
    ("UC Browser", "UC Browser"),
    ("UCWEB/", "UC Browser"),
    ("UCWEB", "UC Browser"),
    ("UBrowser/", "UC Browser"),
    ("MQQBrowser/", "QQ Browser"),
    ("QQBrowser/", "QQ Browser"),
    ("MiuiBrowser/", "MIUI Browser"),
    ("HuaweiBrowser/", "Huawei Browser"),
    ("Whale/", "Whale"),
    ("FxiOS/", "Firefox"),
    ("Focus/", "Firefox"),
    ("Klar/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("Coast/", "Opera"),
    ("CriOS/", "Chrome"),
    ("CrMo/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("MSIE ", "Internet Explorer"),
];

/// Tokens of what carries the names of its ancestors and is none of them: browsers without a canonical name, windows
/// within apps, mail programs.
const OTHERS: &[&str] = &[
    "like Firefox",
    "SeaMonkey/",
    "Camino/",
    "Waterfox/",
    "PaleMoon/",
    "Iceweasel/",
    "IceCat/",
    "Iceape/",
    "Epiphany/",
    "K-Meleon/",
    "Flock/",
    "Navigator/",
    "Thunderbird/",
    "Basilisk/",
    "Galeon/",
    "Netscape",
    "Maxthon",
    "MyIE",
    "Avant ",
    "Crazy Browser",
    "Lunascape",
    "Deepnet",
    "NetCaptor",
    "Outlook",
    "[FB",
    "Instagram ",
    "NAVER(",
    "KAKAOTALK",
];

/// Products that a browser's string may name besides its own.
const COMPANIONS: &[&str] = &[
    "Mozilla",
    "AppleWebKit",
    "Chrome",
    "Safari",
    "Version",
    "Mobile",
    "Gecko",
    "HeadlessChrome",
    "Ubuntu",
    "Debian",
    "Fedora",
    "SUSE",
    "Android",
    "Tablet",
    "Desktop",
    "Raspbian",
    "Crosswalk",
    "Build",
];

/// Whether a text is a raw user-agent string.
pub fn is_agent(text: &str) -> bool {
    let text = text.trim();
    text.contains("Mozilla/5.0 (")
        || text.starts_with("Mozilla/")
        || (text.starts_with("Opera/") && text.contains('('))
        || text.starts_with("Dalvik/")
        || own_app(text).is_some()
}

/// "Nimbus/2.88.0 (iPhone; iOS 17.4; Scale/3.00)", "Nimbus/2.88 CFNetwork/1494 Darwin/23.4.0": the app and its version.
fn own_app(text: &str) -> Option<(&str, &str)> {
    let (product, rest) = text.split_once(' ')?;
    let (name, version) = product.split_once('/')?;
    let worded =
        name.starts_with(|c: char| c.is_alphabetic()) && super::is_program(&crate::characters::lower(name)).is_none();
    let numbered = version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains('/');
    let told = ["iOS", "iPhone", "iPad", "Android", "CFNetwork/"].iter().any(|word| rest.contains(word));
    (worded && numbered && told && rest.starts_with(['(', 'C'])).then_some((name, version))
}

/// Reads a user-agent string.
pub fn read(text: &str) -> Device {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    // "(compatible; …)" is of robots, and of the browsers of another age.
    let aged = ["msie", "konqueror", "opera"].iter().any(|name| lower.contains(name));
    // A person's browser gives nobody's address; a control that old programs were built of gave its maker's.
    let kept = is_kept(&lower) && !lower.contains("bsalsa");
    let bot = is_bot(&lower) || kept || (lower.contains("compatible") && !aged) || {
        ["preview", "survey", "fetch", "archiv", "feed", "verification", "indexer", "google-", "-google"]
            .iter()
            .any(|word| lower.contains(word))
    };
    let mut device = Device { share: 1.0, bot, ..Device::default() };
    system(text, &mut device);
    if !device.bot || text.contains("HeadlessChrome") {
        browser(text, &mut device);
    }
    if let Some((name, version)) =
        own_app(text).filter(|(name, _)| !device.bot && !matches!(*name, "Mozilla" | "Dalvik"))
    {
        device.app = Some(name.to_owned());
        device.app_version = Some(version.trim_end_matches(';').to_owned());
    }
    device
}

fn browser(text: &str, device: &mut Device) {
    if OTHERS.iter().any(|token| text.contains(token)) {
        return;
    }
    let mut set = |name: &str, version: Option<&str>| {
        device.browser = Some(name.to_owned());
        device.browser_version = version.filter(|version| !version.is_empty()).map(str::to_owned);
    };
    for (token, name) in TOKENS {
        if let Some(version) = after(text, token) {
            let version = if *token == "Opera/" { after(text, "Version/").unwrap_or(version) } else { version };
            if *token != "Chrome/" || !is_accompanied(text) {
                set(name, Some(version));
            }
            return;
        }
    }
    if text.contains("Trident/") {
        set("Internet Explorer", after(text, "rv:"));
    } else if text.contains("Safari/") && !text.contains("Android") && !is_accompanied(text) {
        let apple = ["Macintosh", "iPhone", "iPad", "iPod", "Windows"].iter().any(|word| text.contains(word));
        if apple {
            set("Safari", after(text, "Version/"));
        }
    }
}

/// Whether a string names a product of its own beside its engine's: then it is not the engine's browser.
fn is_accompanied(text: &str) -> bool {
    let mut depth = 0_i32;
    text.split(' ').any(|word| {
        let outside = depth == 0 && !word.starts_with('(');
        depth += word.matches('(').count() as i32 - word.matches(')').count() as i32;
        let name = word.split('/').next().unwrap_or_default();
        outside && word.contains('/') && !name.is_empty() && !COMPANIONS.contains(&name)
    })
}

fn system(text: &str, device: &mut Device) {
    let bracketed = text.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(comment, _)| comment);
    // "Mozilla/5.0 Linux; Android 7.0; FS518 AppleWebKit/…": the brackets are lost on the way.
    let bare = text.strip_prefix("Mozilla/5.0 ").filter(|rest| rest.starts_with("Linux; "));
    let comment = bare.map_or(bracketed, |rest| rest.split(" AppleWebKit").next().unwrap_or_default());
    let mut set = |os: &str, version: Option<String>| {
        device.os = Some(os.to_owned());
        device.os_version = version.filter(|version| !version.is_empty());
        device.form = form_of_system(Some(os));
    };
    // Systems without a canonical name that say Linux, X11 or Android of themselves.
    const STRANGERS: [&str; 14] = [
        "BSD",
        "SunOS",
        "Tizen",
        "Web0S",
        "webOS",
        "hpwOS",
        "SMART-TV",
        "SmartTV",
        "GoogleTV",
        "KAIOS",
        "BeOS",
        "Haiku",
        "PlayStation",
        "Nintendo",
    ];
    if STRANGERS.iter().any(|name| text.contains(name)) {
        return;
    }
    if let Some(version) = after(comment, "Windows Phone ") {
        set("Windows", Some(version.to_owned()));
        device.form = Form::Phone;
    } else if let Some(version) = after(comment, "Windows NT ") {
        // The number of the kernel is what nobody calls it.
        let name = match version {
            "5.1" | "5.2" => "XP",
            "6.0" => "Vista",
            "6.1" => "7",
            "6.2" => "8",
            "6.3" => "8.1",
            version => version,
        };
        set("Windows", Some(name.to_owned()));
    } else if comment.contains("Windows") {
        set("Windows", None);
    } else if comment.contains("iPad") {
        set("iPadOS", ["iPadOS ", "iOS ", "OS "].iter().find_map(|token| underscored(comment, token)));
        device.form = Form::Tablet;
    } else if comment.contains("iPhone") || comment.contains("iPod") {
        let version = ["iPhone OS ", "iOS ", "iOS/", "OS "].iter().find_map(|token| underscored(comment, token));
        set("iOS", version);
    } else if text.contains("HarmonyOS") || text.contains("OpenHarmony") {
        set("HarmonyOS", after(comment, "HarmonyOS ").or_else(|| after(comment, "OpenHarmony ")).map(str::to_owned));
        android(text, comment, device);
    } else if comment.contains("Android") {
        set("Android", after(comment, "Android ").map(str::to_owned));
        android(text, comment, device);
    } else if comment.contains("CrOS") {
        let version = comment.split("CrOS ").nth(1).and_then(|rest| rest.split(' ').nth(1)).map(str::to_owned);
        set("ChromeOS", version.map(|version| version.trim_end_matches(';').to_owned()));
    } else if ["Mac OS X", "Macintosh", "Mac_PowerPC"].iter().any(|name| comment.contains(name)) {
        set("macOS", underscored(comment, "Mac OS X "));
    } else if comment.contains("Linux") || comment.contains("X11") {
        set("Linux", None);
    }
}

/// "Linux; Android 13; SM-A536B Build/…": the part after the version is the model, unless it says nothing ("K").
fn android(text: &str, comment: &str, device: &mut Device) {
    let mobile = text.contains(" Mobile") || comment.contains("Mobile");
    let tablet = ["Tablet", "Tab ", "SM-T", "SM-X", "SM-P", "Nexus 7", "Nexus 9", "Nexus 10", "Pixel C", " KF"];
    device.form = if tablet.iter().any(|name| comment.contains(name)) {
        Form::Tablet
    } else if mobile {
        Form::Phone
    } else if text.contains("Safari/") {
        Form::Tablet
    } else {
        Form::Unknown
    };
    let mut parts =
        comment.split(';').map(str::trim).skip_while(|part| !part.contains("Android") && !part.contains("Harmony"));
    parts.next();
    let model = parts
        .map(|part| part.split(" Build/").next().unwrap_or(part).split("; wv").next().unwrap_or(part).trim())
        .find(|part| {
            let locale =
                part.len() == 5 && part.as_bytes()[2] == b'-' && part.starts_with(|c: char| c.is_ascii_lowercase());
            !(locale || matches!(*part, "K" | "wv" | "U" | "Mobile" | "Tablet" | "") || part.starts_with("rv:"))
        });
    device.model = model.map(str::to_owned);
}

/// The version right after a token, up to the first character that cannot be part of one.
fn after<'a>(text: &'a str, token: &str) -> Option<&'a str> {
    let start = text.find(token)? + token.len();
    let rest = &text[start..];
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
    Some(rest[..end].trim_end_matches('.'))
}

fn underscored(text: &str, token: &str) -> Option<String> {
    let start = text.find(token)? + token.len();
    let rest = &text[start..];
    let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '_' | '.'))).unwrap_or(rest.len());
    Some(rest[..end].replace('_', ".")).filter(|version| !version.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, browser: (&str, &str), os: (&str, &str), form: Form) {
        let device = read(text);
        assert_eq!(
            (device.browser.as_deref(), device.browser_version.as_deref()),
            (Some(browser.0), Some(browser.1)),
            "{text}"
        );
        assert_eq!(
            (device.os.as_deref(), device.os_version.as_deref().unwrap_or_default()),
            (Some(os.0), os.1),
            "{text}"
        );
        assert_eq!(device.form, form, "{text}");
        assert!(!device.bot, "{text}");
    }

    #[test]
    fn browsers_that_name_their_ancestors_are_told_apart() {
        check(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
            ("Chrome", "126.0.0.0"),
            ("Windows", "10.0"),
            Form::Desktop,
        );
        check(
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36 Edg/124.0.2478.80",
            ("Edge", "124.0.2478.80"),
            ("macOS", "10.15.7"),
            Form::Desktop,
        );
        check(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1",
            ("Safari", "17.4"),
            ("iOS", "17.4"),
            Form::Phone,
        );
        check(
            "Mozilla/5.0 (Linux; Android 13; SM-A536B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/24.0 Chrome/117.0.0.0 Mobile Safari/537.36",
            ("Samsung Internet", "24.0"),
            ("Android", "13"),
            Form::Phone,
        );
        check(
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/123.0.0.0 Safari/537.36",
            ("Chrome", "123.0.0.0"),
            ("ChromeOS", "14541.0.0"),
            Form::Desktop,
        );
        check(
            "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0",
            ("Firefox", "125.0"),
            ("Linux", ""),
            Form::Desktop,
        );
    }

    #[test]
    fn models_of_android_are_told() {
        let model = |text| read(text).model;
        assert_eq!(
            model("Mozilla/5.0 (Linux; Android 13; SM-A536B) Chrome/117.0 Mobile Safari/537.36").as_deref(),
            Some("SM-A536B")
        );
        assert_eq!(
            model("Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP1A) Chrome/120.0 Mobile Safari/537.36").as_deref(),
            Some("Pixel 8")
        );
        assert_eq!(model("Mozilla/5.0 (Linux; Android 10; K) Chrome/120.0 Mobile Safari/537.36"), None);
        assert_eq!(model("Mozilla/5.0 (Android 13; Mobile; rv:109.0) Gecko/117.0 Firefox/117.0"), None);
    }

    #[test]
    fn a_kernels_number_is_its_systems_name() {
        let version = |text| read(text).os_version;
        let agent = "Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36";
        assert_eq!(version(agent).as_deref(), Some("7"));
        assert_eq!(version(&agent.replace("6.1", "10.0")).as_deref(), Some("10.0"));
    }

    #[test]
    fn an_agent_without_its_brackets_is_read() {
        check(
            "Mozilla/5.0 Linux; Android 7.0; FS518 AppleWebKit/537.36 KHTML, like Gecko Chrome/72.0.3626.96 Mobile Safari/537.36",
            ("Chrome", "72.0.3626.96"),
            ("Android", "7.0"),
            Form::Phone,
        );
    }

    #[test]
    fn robots_are_named_as_such() {
        assert!(read("Mozilla/5.0 (X11; Linux x86_64) Chrome/102.0.5002.111 Safari/537.36 Uptimia/1.0 (https://www.uptimia.com)").bot);
        assert!(read("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)").bot);
        assert!(super::super::read("python-requests/2.31.0").bot);
        assert!(super::super::read("curl/8.4.0").bot);
    }
}
