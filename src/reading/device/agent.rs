//! Raw user-agent strings.

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
    ("Vivaldi/", "Vivaldi"),
    ("Brave/", "Brave"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("Ddg/", "DuckDuckGo"),
    ("UCBrowser/", "UC Browser"),
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
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("MSIE ", "Internet Explorer"),
];

/// Names of robots and scripts, folded.
const BOTS: &[&str] = &[
    "bot/",
    "bot;",
    "googlebot",
    "bingbot",
    "crawler",
    "spider",
    "slurp",
    "curl/",
    "wget/",
    "python-requests",
    "python-urllib",
    "aiohttp",
    "httpx/",
    "go-http-client",
    "okhttp/",
    "java/",
    "libwww-perl",
    "axios/",
    "node-fetch",
    "postmanruntime",
    "insomnia",
    "scrapy",
    "headlesschrome",
    "phantomjs",
    "puppeteer",
    "playwright",
    "selenium",
    "apache-httpclient",
    "guzzlehttp",
    "ruby",
    "undici",
    "facebookexternalhit",
    "telegrambot",
    "ccxt",
    "httpie",
    "lwp::simple",
    "got (",
];

/// Whether a text is a raw user-agent string.
pub fn is_agent(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("Mozilla/") || (text.starts_with("Opera/") && text.contains('(')) || text.starts_with("Dalvik/")
}

/// Whether a folded text names a robot or a script.
pub fn is_bot(text: &str) -> bool {
    BOTS.iter().any(|name| text.contains(name))
        || text.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| {
            matches!(
                word,
                "bot" | "curl" | "wget" | "python-requests" | "postman" | "selenium" | "puppeteer" | "googlebot"
            )
        })
}

/// Reads a user-agent string.
pub fn read(text: &str) -> Device {
    let mut device = Device { share: 1.0, bot: is_bot(&text.to_ascii_lowercase()), ..Device::default() };
    system(text, &mut device);
    if !device.bot || text.contains("HeadlessChrome") {
        browser(text, &mut device);
    }
    device
}

fn browser(text: &str, device: &mut Device) {
    for (token, name) in TOKENS {
        if let Some(version) = after(text, token) {
            let version = if *token == "Opera/" { after(text, "Version/").unwrap_or(version) } else { version };
            device.browser = Some((*name).to_owned());
            device.browser_version = Some(version.to_owned()).filter(|version| !version.is_empty());
            return;
        }
    }
    if text.contains("Trident/") {
        device.browser = Some("Internet Explorer".to_owned());
        device.browser_version = after(text, "rv:").map(str::to_owned);
    } else if text.contains("Safari/") && text.contains("Version/") && !text.contains("Android") {
        device.browser = Some("Safari".to_owned());
        device.browser_version = after(text, "Version/").map(str::to_owned);
    }
}

fn system(text: &str, device: &mut Device) {
    let comment = text.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(comment, _)| comment);
    let mut set = |os: &str, version: Option<String>| {
        device.os = Some(os.to_owned());
        device.os_version = version.filter(|version| !version.is_empty());
        device.form = form_of_system(Some(os));
    };
    if let Some(version) = after(comment, "Windows Phone ") {
        set("Windows", Some(version.to_owned()));
        device.form = Form::Phone;
    } else if let Some(version) = after(comment, "Windows NT ") {
        set("Windows", Some(version.to_owned()));
    } else if comment.contains("Windows") {
        set("Windows", None);
    } else if comment.contains("iPad") {
        set("iPadOS", underscored(comment, "OS "));
        device.form = Form::Tablet;
    } else if comment.contains("iPhone") || comment.contains("iPod") {
        set("iOS", underscored(comment, "iPhone OS ").or_else(|| underscored(comment, "OS ")));
    } else if text.contains("HarmonyOS") || text.contains("OpenHarmony") {
        set("HarmonyOS", after(comment, "HarmonyOS ").or_else(|| after(comment, "OpenHarmony ")).map(str::to_owned));
        android(text, comment, device);
    } else if comment.contains("Android") {
        set("Android", after(comment, "Android ").map(str::to_owned));
        android(text, comment, device);
    } else if comment.contains("CrOS") {
        let version = comment.split("CrOS ").nth(1).and_then(|rest| rest.split(' ').nth(1)).map(str::to_owned);
        set("ChromeOS", version.map(|version| version.trim_end_matches(';').to_owned()));
    } else if comment.contains("Mac OS X") || comment.contains("Macintosh") {
        set("macOS", underscored(comment, "Mac OS X "));
    } else if comment.contains("Linux") || comment.contains("X11") {
        set("Linux", None);
    }
}

/// "Linux; Android 13; SM-A536B Build/…": the part after the version is the model, unless it says nothing ("K").
fn android(text: &str, comment: &str, device: &mut Device) {
    let mobile = text.contains(" Mobile") || comment.contains("Mobile");
    device.form = if mobile {
        Form::Phone
    } else if comment.contains("Tablet") || text.contains("Safari/") {
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
            !matches!(*part, "K" | "wv" | "U" | "Mobile" | "Tablet" | "")
                && !part.starts_with("rv:")
                && !(part.len() == 5
                    && part.as_bytes()[2] == b'-'
                    && part.starts_with(|c: char| c.is_ascii_lowercase()))
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
    fn robots_are_named_as_such() {
        assert!(read("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)").bot);
        assert!(super::super::read("python-requests/2.31.0").bot);
        assert!(super::super::read("curl/8.4.0").bot);
    }
}
