//! What a text says of a device: browser, system, versions, model, form, the exchange's own app.

use std::ops::Range;

use super::lexicon::{Concept, Lexicon, Marked, Sense};
use super::text::{is_boundary, is_unspaced};
use crate::session::Form;

mod agent;
mod app;
mod bots;
mod model;
mod names;

pub use agent::is_agent;
pub use model::names as product_names;
use names::MAC_NAMES;
pub use names::{BROWSERS, SYSTEMS};

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

/// Where a folded word is the name of a browser or a system: the greatest number with which a version of it may begin.
pub fn is_program(word: &str) -> Option<u32> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let named = |list: &[(&str, &[&str])]| {
        list.iter()
            .any(|(_, names)| names.iter().any(|name| *name == word || name.split(' ').next_back() == Some(word)))
    };
    if named(BROWSERS) { Some(199) } else { named(SYSTEMS).then_some(29) }
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
    crate::order::by_key(&mut hits, |hit| std::cmp::Reverse(hit.range.len()));
    let mut named: Vec<(Range<usize>, Sense)> = Vec::new();
    for hit in hits {
        for meaning in Lexicon::get().meanings(hit) {
            if matches!(meaning.sense, Sense::Browser(_) | Sense::System(_)) && free(&taken, &hit.range) {
                named.push((hit.range.clone(), meaning.sense));
                taken.push(hit.range.clone());
            }
        }
    }
    crate::order::by_key(&mut named, |(range, _)| range.start);
    for (range, sense) in &named {
        let printed = &text[range.clone()];
        match sense {
            // A client hint names Chromium beside the browser itself.
            Sense::Browser(place) if device.browser.as_deref().is_none_or(|known| known == "Chromium") => {
                device.browser = Some(BROWSERS[usize::from(*place)].0.to_owned());
                if printed.ends_with("ios") {
                    device.os.get_or_insert_with(|| "iOS".to_owned());
                }
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
                    let printed = marked.folded.verbatim(original, version.clone()).replace('_', ".");
                    let number = MAC_NAMES.iter().find(|(name, _)| *name == &text[version.clone()]);
                    // "macOS Sequoia 15.1": the number says more than the name.
                    let exact = number.and_then(|_| version_after(text, version.end));
                    let exact = exact.inspect(|exact| taken.push(exact.clone()));
                    device.os_version = Some(match (exact, number) {
                        (Some(exact), _) => marked.folded.verbatim(original, exact).to_owned(),
                        (None, Some((_, number))) => (*number).to_owned(),
                        (None, None) => printed,
                    });
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
    if let Some(app) = app::find(original, marked, &named, &taken) {
        device.app = Some(app.name);
        taken.push(app.range);
        if let Some(version) = app.version {
            device.app_version = Some(marked.folded.verbatim(original, version.clone()).to_owned());
            taken.push(version);
        }
        if let Some(os) = app.os {
            device.os.get_or_insert_with(|| os.to_owned());
            // "Nimbus iOS 2.88": the version is the app's.
            if device.os_version == device.app_version {
                device.os_version = None;
            }
        }
    }
    // "App Android 4.2", "App iOS 2.9": what no phone runs any longer is the app's version.
    let dated = device.os_version.as_deref().is_some_and(|version| {
        let number = version.split('.').next().and_then(|number| number.parse::<u32>().ok());
        version.contains('.') && number.is_some_and(|number| number < 6)
    });
    if dated && device.browser.is_none() && app::is_word(text.split(' ').next().unwrap_or_default()) {
        device.app_version = device.os_version.take();
        let name = device.app_version.as_deref().and_then(|version| original.split(version).next());
        device.app = name.map(|name| super::text::clean(name.trim_end_matches(['v', 'V', ' '])));
    }
    let addressed = text.contains("http://") || text.contains("https://");
    device.bot = bots::is_bot(text) || (addressed && device.browser.is_none() && device.os.is_none());
    if device.bot && bots::is_kept(text) {
        // The keeper's address names no browser.
        (device.browser, device.browser_version) = (None, None);
    }
    if device.form == Form::Unknown {
        device.form = form_of(&device, marked, &mut taken);
    }
    device.share = share(text, &taken);
    device
}

/// A version right after a name: "126", "v126.0", "/126", "- 126", "version 126".
fn version_after(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = &text[at..];
    // A client hint: "\"Google Chrome\";v=\"126\"".
    let hint = rest.strip_prefix("\";v=\"");
    let skipped = hint.unwrap_or_else(|| rest.trim_start_matches([' ', '/', '-', ':', '(', '_']));
    let mut start = at + rest.len() - skipped.len();
    // A name and its version are neighbours: at most " - " between them.
    if start - at > 3 && hint.is_none() {
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
    let end =
        start + text[start..].bytes().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'_')).count();
    let end = start + text[start..end].trim_end_matches(['.', '_']).len();
    let after = text[end..].chars().next();
    let whole = end > start
        && text.as_bytes()[start].is_ascii_digit()
        && !after.is_some_and(|c| {
            // "10의", "11の": what follows joins on, unless it counts.
            c.is_alphanumeric() && (!is_unspaced(c) || "年月日時时分秒号號個个台대년월일시분초개".contains(c))
                || matches!(c, ':' | '-' | '/') && text[end + c.len_utf8()..].starts_with(|c: char| c.is_ascii_digit())
        });
    // An address or a year's date is no version.
    let address = !text[..start].ends_with('/') && !super::address::find(&text[at..end]).is_empty();
    (whole && !address && text[start..end].len() <= 20).then_some(start..end)
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
    const JOINTS: &[&str] = &[
        "on",
        "for",
        "a",
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
        "systemie",
        "op",
        "på",
        "trên",
        "pada",
        "на",
        "в",
        "для",
        "із",
        "системе",
        "системі",
        "у",
        "علي",
        "में",
        "mit",
        "met",
        "avec",
        "con",
        "com",
        "do",
        "z",
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
mod tests;
