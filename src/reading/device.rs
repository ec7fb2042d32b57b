//! What a text says of a device: browser, system, versions, model, form, the exchange's own app.

use std::ops::Range;

use super::lexicon::{Concept, Lexicon, Marked, Sense};
use super::text::{clean, is_boundary};
use crate::session::Form;

mod agent;
mod model;

pub use agent::is_agent;
pub use model::names as product_names;

/// Browsers: the canonical name and the names that pages print, folded.
pub const BROWSERS: &[(&str, &[&str])] = &[
    (
        "Chrome",
        &[
            "chrome",
            "google chrome",
            "chrome mobile",
            "mobile chrome",
            "chrome browser",
            "谷歌浏览器",
            "크롬",
            "хром",
            "crios",
            "chrome ios",
            "chrome mobile ios",
            "chrome headless",
            "headlesschrome",
            "chrome webview",
            "android webview",
        ],
    ),
    ("Chromium", &["chromium"]),
    (
        "Edge",
        &["edge", "microsoft edge", "ms edge", "edge mobile", "msedge", "edge chromium", "edg", "엣지", "edge webview"],
    ),
    (
        "Firefox",
        &[
            "firefox",
            "mozilla firefox",
            "firefox mobile",
            "firefox focus",
            "火狐",
            "火狐浏览器",
            "파이어폭스",
            "fxios",
            "firefox ios",
            "mobile firefox",
            "firefox for android",
        ],
    ),
    ("Safari", &["safari", "mobile safari", "apple safari", "safari mobile", "사파리", "apple mail"]),
    ("Opera", &["opera", "opera mini", "opera mobile", "opera gx", "opera touch", "opr", "opera browser"]),
    ("Brave", &["brave", "brave browser"]),
    ("Vivaldi", &["vivaldi"]),
    (
        "Samsung Internet",
        &[
            "samsung internet",
            "samsung browser",
            "samsungbrowser",
            "samsung internet browser",
            "삼성 인터넷",
            "삼성 브라우저",
            "三星浏览器",
        ],
    ),
    (
        "Yandex Browser",
        &["yandex browser", "yandex", "yabrowser", "яндекс браузер", "яндекс.браузер", "яндекс-браузер", "яндекс"],
    ),
    ("UC Browser", &["uc browser", "ucbrowser", "uc浏览器", "uc 浏览器", "uc瀏覽器"]),
    ("DuckDuckGo", &["duckduckgo", "duckduckgo browser", "duckduckgo privacy browser"]),
    ("Tor Browser", &["tor browser", "tor"]),
    ("QQ Browser", &["qq browser", "qqbrowser", "qq浏览器", "qq瀏覽器", "mqqbrowser"]),
    ("MIUI Browser", &["miui browser", "miuibrowser", "mi browser", "小米浏览器", "xiaomi browser"]),
    ("Huawei Browser", &["huawei browser", "huaweibrowser", "华为浏览器", "華為瀏覽器"]),
    ("Whale", &["whale", "naver whale", "웨일", "네이버 웨일"]),
    ("Internet Explorer", &["internet explorer", "microsoft internet explorer", "msie"]),
    ("Arc", &["arc browser"]),
];

/// Systems: the canonical name and the names that pages print, folded.
pub const SYSTEMS: &[(&str, &[&str])] = &[
    (
        "Windows",
        &[
            "windows",
            "microsoft windows",
            "windows nt",
            "win10",
            "win11",
            "win7",
            "win32",
            "win64",
            "win 10",
            "win 11",
            "윈도우",
            "виндовс",
            "windows pc",
        ],
    ),
    (
        "macOS",
        &[
            "macos",
            "mac os",
            "mac os x",
            "os x",
            "mac osx",
            "osx",
            "macosx",
            "macintosh",
            "mac",
            "macbook",
            "imac",
            "mac mini",
            "mac studio",
            "mac pro",
            "macbook pro",
            "macbook air",
        ],
    ),
    ("iOS", &["ios", "iphone os", "iphone", "ipod", "ipod touch", "아이폰", "苹果手机"]),
    ("iPadOS", &["ipados", "ipad", "ipad os", "아이패드"]),
    ("Android", &["android", "android os", "androidos", "안드로이드", "安卓", "андроид", "أندرويد"]),
    (
        "Linux",
        &[
            "linux",
            "gnu/linux",
            "gnu linux",
            "ubuntu",
            "debian",
            "fedora",
            "arch linux",
            "linux mint",
            "opensuse",
            "centos",
            "red hat",
            "manjaro",
            "kali linux",
            "ubuntu linux",
            "debian linux",
            "pop!_os",
            "gentoo",
            "x11",
            "리눅스",
            "elementary os",
            "tails",
            "linux x86_64",
        ],
    ),
    ("ChromeOS", &["chromeos", "chrome os", "cros", "chromium os", "chromebook"]),
    ("HarmonyOS", &["harmonyos", "harmony os", "harmony", "鸿蒙", "鸿蒙系统", "openharmony"]),
];

/// The marketing names of macOS and their numbers.
const MAC_NAMES: &[(&str, &str)] = &[
    ("tahoe", "26"),
    ("sequoia", "15"),
    ("sonoma", "14"),
    ("ventura", "13"),
    ("monterey", "12"),
    ("big sur", "11"),
    ("catalina", "10.15"),
    ("mojave", "10.14"),
    ("high sierra", "10.13"),
    ("sierra", "10.12"),
    ("el capitan", "10.11"),
    ("yosemite", "10.10"),
];

/// What a text says of a device.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Device {
    /// Canonical browser name.
    pub browser: Option<String>,
    /// As printed.
    pub browser_version: Option<String>,
    /// Canonical system name.
    pub os: Option<String>,
    /// As printed; of a marketing name its number.
    pub os_version: Option<String>,
    /// The exchange's own app.
    pub app: Option<String>,
    /// As printed.
    pub app_version: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// What kind of machine.
    pub form: Form,
    /// Whether it is a robot or a script.
    pub bot: bool,
    /// How much of the text names the device: 0 to 1.
    pub share: f32,
}

impl Device {
    /// Whether the text says anything of a device.
    pub fn is_some(&self) -> bool {
        self.browser.is_some() || self.os.is_some() || self.app.is_some() || self.model.is_some() || self.bot
    }
}

/// Whether a folded word is the name of a browser or a system: a number after it is a version.
pub fn is_program(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let named = |list: &[(&str, &[&str])]| {
        list.iter()
            .any(|(_, names)| names.iter().any(|name| *name == word || name.split(' ').next_back() == Some(word)))
    };
    named(BROWSERS) || named(SYSTEMS)
}

/// Reads what a text says of a device.
///
/// ```
/// let device = latchkey::reading::device::read("Chrome 124 on macOS Sonoma");
/// assert_eq!((device.browser.as_deref(), device.os_version.as_deref()), (Some("Chrome"), Some("14")));
/// ```
pub fn read(text: &str) -> Device {
    if agent::is_agent(text) {
        return agent::read(text);
    }
    read_marked(text, &Lexicon::get().mark(text))
}

/// The same, of a text whose words were found already.
pub fn read_marked(original: &str, marked: &Marked) -> Device {
    if agent::is_agent(original) {
        return agent::read(original);
    }
    let text = marked.folded.text.as_str();
    let mut device = Device::default();
    let mut taken: Vec<Range<usize>> = Vec::new();
    let free = |taken: &[Range<usize>], range: &Range<usize>| {
        taken.iter().all(|other| range.end <= other.start || other.end <= range.start)
    };
    if let Some((range, model)) = model::find(original, marked) {
        device.model = model.name;
        device.form = model.form;
        device.os = model.os.map(str::to_owned);
        taken.push(range);
    }
    // A name of several words goes before the single words within it.
    let mut hits: Vec<_> = marked.hits.iter().collect();
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.range.len()));
    let mut named: Vec<(Range<usize>, Sense)> = Vec::new();
    for hit in hits {
        for meaning in Lexicon::get().meanings(hit) {
            if matches!(meaning.sense, Sense::Browser(_) | Sense::System(_)) && free(&taken, &hit.range) {
                named.push((hit.range.clone(), meaning.sense));
                taken.push(hit.range.clone());
            }
        }
    }
    named.sort_by_key(|(range, _)| range.start);
    for (range, sense) in &named {
        let printed = &text[range.clone()];
        match sense {
            Sense::Browser(place) if device.browser.is_none() => {
                device.browser = Some(BROWSERS[usize::from(*place)].0.to_owned());
                if printed.contains("mobile") && printed.contains("chrome") && !printed.contains("ios") {
                    device.form = Form::Phone;
                }
                if let Some(version) = version_after(text, range.end) {
                    device.browser_version = Some(marked.folded.verbatim(original, version.clone()).to_owned());
                    taken.push(version);
                }
            }
            Sense::System(place) => {
                let (name, _) = SYSTEMS[usize::from(*place)];
                let specific =
                    matches!((device.os.as_deref(), name), (Some("iPadOS"), "iOS") | (Some("Linux"), "Android"));
                if device.os.is_some() && device.os.as_deref() != Some(name) && !specific {
                    continue;
                }
                device.os = Some(name.to_owned());
                // "win10", "win 11": the version is part of the name.
                let inner = printed.trim_start_matches(|c: char| !c.is_ascii_digit());
                if name == "Windows" && matches!(inner, "7" | "8" | "10" | "11") {
                    device.os_version = Some(inner.to_owned());
                }
                if is_model_name(printed) {
                    continue;
                }
                if let Some(version) = system_version(name, text, range.end) {
                    let printed = marked.folded.verbatim(original, version.clone());
                    let number = MAC_NAMES.iter().find(|(name, _)| *name == &text[version.clone()]);
                    device.os_version = Some(number.map_or(printed, |(_, number)| number).to_owned());
                    taken.push(version);
                }
            }
            _ => {}
        }
    }
    // "Android · SM-S918B · 14": a part that is a number alone is the system's version.
    if device.os.is_some() && device.os_version.is_none() {
        let mut start = 0;
        for part in text.split(['·', '|', '•', '/']) {
            let at = start + part.len() - part.trim_start().len();
            start += part.len() + text[start + part.len()..].chars().next().map_or(0, char::len_utf8);
            let number = part.trim();
            let is_number = !number.is_empty()
                && number.len() <= 8
                && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            if is_number && number.starts_with(|c: char| c.is_ascii_digit()) && free(&taken, &(at..at + number.len())) {
                device.os_version = Some(number.to_owned());
                taken.push(at..at + number.len());
                break;
            }
        }
    }
    if let Some(app) = find_app(original, marked, &named, &taken) {
        device.app = Some(app.name);
        taken.push(app.range);
        if let Some(version) = app.version {
            device.app_version = Some(marked.folded.verbatim(original, version.clone()).to_owned());
            taken.push(version);
        }
        if let Some(os) = app.os {
            device.os.get_or_insert_with(|| os.to_owned());
        }
    }
    device.bot = device.browser.is_none() && agent::is_bot(text);
    // A bare name of a robot's tool is the whole of it.
    if device.form == Form::Unknown {
        device.form = form_of(&device, marked, &mut taken);
    }
    device.share = share(text, &taken);
    device
}

/// A version right after a name: "126", "v126.0", "/126", "- 126", "version 126".
fn version_after(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = &text[at..];
    let skipped = rest.trim_start_matches([' ', '/', '-', ':', '(', '_']);
    let mut start = at + rest.len() - skipped.len();
    // A name and its version are neighbours: at most " - " between them.
    if start - at > 3 {
        return None;
    }
    for prefix in ["version ", "ver. ", "ver ", "v.", "v", "版本 ", "版本"] {
        if let Some(rest) =
            text[start..].strip_prefix(prefix).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        {
            start = text.len() - rest.len();
            break;
        }
    }
    let end = start + text[start..].bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let end = start + text[start..end].trim_end_matches('.').len();
    let after = text[end..].chars().next();
    let whole = end > start
        && text.as_bytes()[start].is_ascii_digit()
        && !after.is_some_and(|c| {
            c.is_alphanumeric()
                || matches!(c, ':' | '-' | '/') && text[end + c.len_utf8()..].starts_with(|c: char| c.is_ascii_digit())
        });
    // An address or a year's date is no version.
    (whole && text[start..end].len() <= 20).then_some(start..end)
}

fn system_version(name: &str, text: &str, at: usize) -> Option<Range<usize>> {
    if name == "macOS" {
        let rest = text[at..].trim_start_matches([' ', '(', '/', ',']);
        let start = text.len() - rest.len();
        for (word, _) in MAC_NAMES {
            if rest.starts_with(word) && is_boundary(word.chars().next_back(), rest[word.len()..].chars().next()) {
                return Some(start..start + word.len());
            }
        }
    }
    if name == "Windows" {
        let rest = text[at..].trim_start();
        let start = text.len() - rest.len();
        for word in ["vista", "xp"] {
            if rest.starts_with(word) && is_boundary(Some('x'), rest[word.len()..].chars().next()) {
                return Some(start..start + word.len());
            }
        }
    }
    // "Linux x86_64" has no version; "Ubuntu 22.04" has.
    version_after(text, at)
}

/// Names of machines, not of systems: the number after them is a model's.
fn is_model_name(printed: &str) -> bool {
    ["iphone", "ipad", "ipod", "macbook", "imac", "mac mini", "mac studio", "mac pro", "chromebook"]
        .iter()
        .any(|name| printed.starts_with(name) && !printed.ends_with("os"))
        || printed == "mac"
}

/// The exchange's own app in a text.
struct App {
    name: String,
    range: Range<usize>,
    version: Option<Range<usize>>,
    os: Option<&'static str>,
}

/// "Binance App V2.81", "업비트 앱 1.27.3", "Nimbus Web 2.1.0", "Nimbus iOS: …": a name of its own, a word for an app
/// or a platform, often a version.
fn find_app(original: &str, marked: &Marked, named: &[(Range<usize>, Sense)], taken: &[Range<usize>]) -> Option<App> {
    const WORDS: [&str; 14] = [
        "app",
        "앱",
        "应用",
        "應用",
        "アプリ",
        "приложение",
        "застосунок",
        "تطبيق",
        "ऐप",
        "แอป",
        "aplicación",
        "aplicativo",
        "application",
        "uygulaması",
    ];
    const PLATFORMS: [(&str, Option<&str>); 8] = [
        ("web", None),
        ("ios", Some("iOS")),
        ("android", Some("Android")),
        ("desktop", None),
        ("macos", Some("macOS")),
        ("windows", Some("Windows")),
        ("mobile", None),
        ("pro", None),
    ];
    let text = marked.folded.text.as_str();
    let mut start = 0;
    // Pieces: what stands between separators.
    for piece in text.split_inclusive([',', '·', '|', '/', '(', ')', ';', '،', '•', '、', '—', ':']) {
        let range = start..start + piece.len();
        start = range.end;
        let body = piece.trim_end_matches([',', '·', '|', '/', '(', ')', ';', '،', '•', '、', '—', ':', ' ']);
        let body = &body[body.len() - body.trim_start().len()..];
        let offset = range.start + piece.find(body).unwrap_or(0);
        let words: Vec<&str> = body.split(' ').filter(|word| !word.is_empty()).collect();
        for (place, word) in words.iter().enumerate().skip(1).take(3) {
            let platform = PLATFORMS.iter().find(|(name, _)| name == word);
            let is_app = WORDS.contains(word);
            if !is_app && platform.is_none() {
                continue;
            }
            let at = word.as_ptr() as usize - text.as_ptr() as usize;
            let name = offset..at + word.len();
            let before = offset..at;
            // The name must be its own: no browser, system or model in it.
            let clash = named.iter().any(|(other, _)| other.start < before.end && before.start < other.end)
                || taken.iter().any(|other| other.start < before.end && before.start < other.end);
            let version = version_after(text, name.end);
            let is_name = words[..place].iter().all(|word| word.chars().any(char::is_alphabetic))
                && marked
                    .folded
                    .verbatim(original, before.clone())
                    .starts_with(|c: char| c.is_uppercase() || !c.is_lowercase());
            let colon = piece.ends_with(':');
            if clash
                || !is_name
                || (!is_app && version.is_none() && !colon)
                || (platform.is_some_and(|(name, _)| *name == "pro"))
            {
                continue;
            }
            // "Ubuntu Desktop 22.04", "Microsoft Windows 10": a system's own words.
            if platform.is_some() && matches!(words[0], "microsoft" | "apple" | "google" | "version" | "on") {
                continue;
            }
            return Some(App {
                name: clean(marked.folded.verbatim(original, name.clone())),
                range: name,
                version,
                os: platform.and_then(|(_, os)| *os),
            });
        }
    }
    None
}

/// The form: by words ("Desktop", "Mobiltelefon"), else by the system.
fn form_of(device: &Device, marked: &Marked, taken: &mut Vec<Range<usize>>) -> Form {
    for (concept, form) in
        [(Concept::Tablet, Form::Tablet), (Concept::Phone, Form::Phone), (Concept::Desktop, Form::Desktop)]
    {
        if let Some(range) = marked.find(concept) {
            taken.push(range);
            // "iPad" and "Desktop" in one text is a desktop site on a tablet.
            if !(form == Form::Desktop && matches!(device.os.as_deref(), Some("iOS" | "iPadOS"))) {
                return form;
            }
        }
    }
    form_of_system(device.os.as_deref())
}

/// The form that a system implies.
pub fn form_of_system(os: Option<&str>) -> Form {
    match os {
        Some("Windows" | "macOS" | "Linux" | "ChromeOS") => Form::Desktop,
        Some("iOS") => Form::Phone,
        Some("iPadOS") => Form::Tablet,
        _ => Form::Unknown,
    }
}

/// How much of a text's letters and digits is taken; words that only join count for neither side.
fn share(text: &str, taken: &[Range<usize>]) -> f32 {
    const JOINTS: [&str; 36] = [
        "on",
        "for",
        "with",
        "via",
        "in",
        "sur",
        "en",
        "em",
        "no",
        "na",
        "auf",
        "unter",
        "su",
        "di",
        "w",
        "op",
        "på",
        "trên",
        "di",
        "pada",
        "на",
        "в",
        "для",
        "із",
        "на базе",
        "على",
        "पर",
        "บน",
        "上",
        "の",
        "에서",
        "üzerinde",
        "ile",
        "of",
        "web",
        "browser",
    ];
    let mut all = 0;
    let mut named = 0;
    let mut word_start = None;
    let mut count = |range: Range<usize>| {
        let word = &text[range.clone()];
        let inside = taken.iter().any(|other| other.start < range.end && range.start < other.end);
        if inside {
            named += word.chars().count();
        }
        if inside || !JOINTS.contains(&word) {
            all += word.chars().count();
        }
    };
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() || crate::reading::text::is_combining_mark(c) {
            word_start.get_or_insert(at);
        } else if let Some(start) = word_start.take() {
            count(start..at);
        }
    }
    if let Some(start) = word_start {
        count(start..text.len());
    }
    if all == 0 { 0.0 } else { named as f32 / all as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(text: &str) -> [Option<String>; 7] {
        let device = read(text);
        [
            device.browser,
            device.browser_version,
            device.os,
            device.os_version,
            device.app,
            device.app_version,
            device.model,
        ]
    }

    fn check(text: &str, expected: [&str; 7]) {
        let expected = expected.map(|fact| (!fact.is_empty()).then(|| fact.to_owned()));
        assert_eq!(facts(text), expected, "{text}");
    }

    #[test]
    fn the_styles_of_known_pages_are_read() {
        check("Chrome 126 on macOS 14.5", ["Chrome", "126", "macOS", "14.5", "", "", ""]);
        check("Chrome V126.0.0.0 (Windows)", ["Chrome", "126.0.0.0", "Windows", "", "", "", ""]);
        check("Chrome V126.0.6478.127 (Windows 10)", ["Chrome", "126.0.6478.127", "Windows", "10", "", "", ""]);
        check("Google Chrome - 126 (Windows)", ["Chrome", "126", "Windows", "", "", "", ""]);
        check("macOS - Chrome", ["Chrome", "", "macOS", "", "", "", ""]);
        check("Windows 10 / Chrome/126.0.0", ["Chrome", "126.0.0", "Windows", "10", "", "", ""]);
        check("Chrome 79 Windows 10", ["Chrome", "79", "Windows", "10", "", "", ""]);
        check("Linux/Chrome", ["Chrome", "", "Linux", "", "", "", ""]);
        check("iPhone 15 Pro · iOS 17.4", ["", "", "iOS", "17.4", "", "", "iPhone 15 Pro"]);
        check("Chrome 124 on macOS Sonoma", ["Chrome", "124", "macOS", "14", "", "", ""]);
        check("Firefox V125.0.3 (Ubuntu)", ["Firefox", "125.0.3", "Linux", "", "", "", ""]);
        check("Firefox 125 sur Ubuntu 22.04", ["Firefox", "125", "Linux", "22.04", "", "", ""]);
        check("Opera V109.0.5097.68 (Mac OS X 14.4)", ["Opera", "109.0.5097.68", "macOS", "14.4", "", "", ""]);
        check("QQ浏览器 12.4 · Windows 10", ["QQ Browser", "12.4", "Windows", "10", "", "", ""]);
        check("Яндекс Браузер на Windows", ["Yandex Browser", "", "Windows", "", "", "", ""]);
        check("Windows पर Chrome", ["Chrome", "", "Windows", "", "", "", ""]);
    }

    #[test]
    fn the_exchanges_own_apps_are_told() {
        check(
            "Binance App V2.81.3 (iPhone 15 Pro · iOS 17.4)",
            ["", "", "iOS", "17.4", "Binance App", "2.81.3", "iPhone 15 Pro"],
        );
        check("KuCoin App 3.112.0 · iPhone 14", ["", "", "iOS", "", "KuCoin App", "3.112.0", "iPhone 14"]);
        check("Android / 업비트 앱 1.27.3", ["", "", "Android", "", "업비트 앱", "1.27.3", ""]);
        check("Nimbus Web 2.1.0، Windows 10", ["", "", "Windows", "10", "Nimbus Web", "2.1.0", ""]);
        check("Nimbus iOS: iPhone 13", ["", "", "iOS", "", "Nimbus iOS", "", "iPhone 13"]);
        check(
            "Bitget App 2.44.1 · Android 14 · Xiaomi 13T",
            ["", "", "Android", "14", "Bitget App", "2.44.1", "Xiaomi 13T"],
        );
    }

    #[test]
    fn models_are_told() {
        check("Safari 17.4 sur iPhone 13 mini", ["Safari", "17.4", "iOS", "", "", "", "iPhone 13 mini"]);
        check("Pixel 8 (Android 14)", ["", "", "Android", "14", "", "", "Pixel 8"]);
        check("Android · SM-S918B · 14", ["", "", "Android", "14", "", "", "SM-S918B"]);
        check("Samsung Galaxy S23", ["", "", "Android", "", "", "", "Samsung Galaxy S23"]);
        check("Safari V17.2 (iPhone)", ["Safari", "17.2", "iOS", "", "", "", ""]);
        check("MacBook Air · Safari 16.6", ["Safari", "16.6", "macOS", "", "", "", "MacBook Air"]);
        check("Safari 17.4 on iPad Air", ["Safari", "17.4", "iPadOS", "", "", "", "iPad Air"]);
    }

    #[test]
    fn forms_follow_words_models_and_systems() {
        assert_eq!(read("Chrome Mobile 122.0 (Android 12)").form, Form::Phone);
        assert_eq!(read("Desktop – Chrome unter Windows").form, Form::Desktop);
        assert_eq!(read("Mobiltelefon – Chrome unter Android 13").form, Form::Phone);
        assert_eq!(read("Tablet – Safari unter iPadOS 17").form, Form::Tablet);
        assert_eq!(read("Chrome 120 · Android 12").form, Form::Unknown);
        assert_eq!(read("Pixel 8 (Android 14)").form, Form::Phone);
    }

    #[test]
    fn a_sentence_is_hardly_a_device() {
        assert!(
            read("Active sessions show the device, such as Chrome on Windows 10, and the last activity").share < 0.5
        );
        assert!(read("Chrome 126 on Windows 10").share > 0.9);
        assert!(!read("work laptop of mine").is_some());
    }
}
