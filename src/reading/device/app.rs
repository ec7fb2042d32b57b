//! The exchange's own app in a text.

use std::ops::Range;

use super::version_after;
use crate::reading::lexicon::{Lexicon, Marked, Sense};
use crate::reading::text::clean;

/// Words for an app.
const WORDS: [&str; 15] = [
    "aplikasi",
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

/// Whether a word means an app.
pub fn is_word(word: &str) -> bool {
    WORDS.contains(&word)
}

/// The exchange's own app in a text.
pub struct App {
    /// As printed.
    pub name: String,
    /// Where the name stands.
    pub range: Range<usize>,
    /// Where its version stands.
    pub version: Option<Range<usize>>,
    /// The system that its name gives.
    pub os: Option<&'static str>,
}

/// "Binance App V2.81", "업비트 앱 1.27.3", "Nimbus Web 2.1.0", "Nimbus iOS: …": a name of its own, a word for an app
/// or a platform, often a version.
pub fn find(original: &str, marked: &Marked, named: &[(Range<usize>, Sense)], taken: &[Range<usize>]) -> Option<App> {
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
            // The name must be its own: no browser, system or model in it, nor a word of the page for a machine.
            let clash = named.iter().any(|(other, _)| other.start < before.end && before.start < other.end)
                || taken.iter().any(|other| other.start < before.end && before.start < other.end);
            let trimmed = before.start..before.start + text[before.clone()].trim_end().len();
            let worded = marked.hits.iter().filter(|hit| hit.range == trimmed);
            let clash = clash
                || worded.flat_map(|hit| Lexicon::get().meanings(hit)).any(|it| matches!(it.sense, Sense::Word(_)));
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
