//! Marketing names and model codes.

use std::ops::Range;

use crate::reading::lexicon::{Lexicon, Marked, Sense};
use crate::session::Form;

/// A model found in a text.
pub struct Model {
    /// As printed; `None` of a bare "iPhone", which says no more than the system.
    pub name: Option<String>,
    /// The form that the model has.
    pub form: Form,
    /// The system that runs on it.
    pub os: Option<&'static str>,
}

/// A line of products: the folded name, its form, its system, the words that may follow it.
struct Line {
    name: &'static str,
    form: Form,
    os: Option<&'static str>,
    /// Whether the line alone, with nothing after it, is a model.
    alone: bool,
}

const fn line(name: &'static str, form: Form, os: Option<&'static str>, alone: bool) -> Line {
    Line { name, form, os, alone }
}

const ANDROID: Option<&str> = Some("Android");

const LINES: &[Line] = &[
    line("iphone", Form::Phone, Some("iOS"), false),
    line("ipad", Form::Tablet, Some("iPadOS"), false),
    line("macbook", Form::Desktop, Some("macOS"), true),
    line("imac", Form::Desktop, Some("macOS"), true),
    line("mac mini", Form::Desktop, Some("macOS"), true),
    line("mac studio", Form::Desktop, Some("macOS"), true),
    line("mac pro", Form::Desktop, Some("macOS"), true),
    line("samsung galaxy tab", Form::Tablet, ANDROID, true),
    line("galaxy tab", Form::Tablet, ANDROID, true),
    line("samsung galaxy", Form::Phone, ANDROID, false),
    line("galaxy", Form::Phone, ANDROID, false),
    line("samsung sm", Form::Unknown, ANDROID, false),
    line("google pixel tablet", Form::Tablet, ANDROID, true),
    line("pixel tablet", Form::Tablet, ANDROID, true),
    line("google pixel", Form::Phone, ANDROID, false),
    line("pixel", Form::Phone, ANDROID, false),
    line("xiaomi pad", Form::Tablet, ANDROID, true),
    line("redmi pad", Form::Tablet, ANDROID, true),
    line("xiaomi redmi", Form::Phone, ANDROID, false),
    line("xiaomi poco", Form::Phone, ANDROID, false),
    line("xiaomi", Form::Phone, ANDROID, false),
    line("redmi", Form::Phone, ANDROID, false),
    line("poco", Form::Phone, ANDROID, false),
    line("oneplus", Form::Phone, ANDROID, false),
    line("oppo", Form::Phone, ANDROID, false),
    line("vivo", Form::Phone, ANDROID, false),
    line("realme", Form::Phone, ANDROID, false),
    line("honor", Form::Phone, ANDROID, false),
    line("huawei matepad", Form::Tablet, None, true),
    line("huawei", Form::Phone, None, false),
    line("nokia", Form::Phone, ANDROID, false),
    line("motorola", Form::Phone, ANDROID, false),
    line("moto", Form::Phone, ANDROID, false),
    line("sony xperia", Form::Phone, ANDROID, false),
    line("xperia", Form::Phone, ANDROID, false),
    line("nothing phone", Form::Phone, ANDROID, true),
    line("asus zenfone", Form::Phone, ANDROID, true),
    line("zenfone", Form::Phone, ANDROID, true),
    line("tecno", Form::Phone, ANDROID, false),
    line("infinix", Form::Phone, ANDROID, false),
    line("fairphone", Form::Phone, ANDROID, false),
    line("lenovo tab", Form::Tablet, ANDROID, true),
    line("surface pro", Form::Unknown, Some("Windows"), true),
    line("surface laptop", Form::Desktop, Some("Windows"), true),
    line("thinkpad", Form::Desktop, None, true),
];

/// The folded names of all lines of products.
pub fn names() -> impl Iterator<Item = &'static str> {
    LINES.iter().map(|line| line.name)
}

/// Finds the model that a text names.
pub fn find(original: &str, marked: &Marked) -> Option<(Range<usize>, Model)> {
    let text = marked.folded.text.as_str();
    let mut best: Option<(Range<usize>, &Line)> = None;
    for hit in &marked.hits {
        for meaning in Lexicon::get().meanings(hit) {
            let Sense::Product(place) = meaning.sense else { continue };
            let Some(line) = LINES.get(usize::from(place)) else { continue };
            // "Xiaomi Browser" and "iPhone OS" are no models.
            let next = text[hit.range.end..].trim_start();
            if ["os ", "browser", "app"].iter().any(|word| next.starts_with(word)) {
                continue;
            }
            let (start, end) = (hit.range.start, hit.range.end);
            if best.as_ref().is_none_or(|(range, _)| start < range.start || (start == range.start && end > range.end)) {
                best = Some((start..end, line));
            }
        }
    }
    if let Some((range, line)) = best {
        let end = tail(text, range.end);
        let named = end > range.end;
        if !named && !line.alone {
            // A bare "iPhone" is its system; a bare maker's name is nothing.
            let bare = matches!(line.name, "iphone" | "ipad");
            return bare.then_some((range, Model { name: None, form: line.form, os: line.os }));
        }
        let name = marked.folded.verbatim(original, range.start..end).to_owned();
        return Some((range.start..end, Model { name: Some(name), form: line.form, os: line.os }));
    }
    code(original, marked)
}

/// The end of the words that go on naming the model: numbers, and words of models.
fn tail(text: &str, from: usize) -> usize {
    const WORDS: [&str; 42] = [
        "pro", "max", "plus", "mini", "air", "se", "ultra", "lite", "note", "fold", "flip", "fe", "edge", "neo", "gt",
        "5g", "4g", "tab", "pad", "x", "xr", "xs", "a", "s", "t", "u", "m1", "m2", "m3", "m4", "z", "nord", "find",
        "reno", "mate", "mi", "razr", "play", "zoom", "xl", "fan", "edition",
    ];
    let mut end = from;
    // "iPhone15,2": Apple's own number of the model.
    let number = text[end..].bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b',').count();
    if number > 0 && text[end..end + number].bytes().filter(|byte| *byte == b',').count() == 1 {
        return end + text[end..end + number].trim_end_matches(',').len();
    }
    let mut words = 0;
    loop {
        let rest = &text[end..];
        let trimmed = rest.trim_start_matches(' ');
        let space = rest.len() - trimmed.len();
        if space > 1 || (space == 0 && end != from) || words == 5 {
            return end;
        }
        let length = trimmed.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '+'))).unwrap_or(trimmed.len());
        let word = &trimmed[..length];
        let numbered = word.bytes().any(|byte| byte.is_ascii_digit()) && word.is_ascii() && word.len() <= 8;
        // "iPhone 17.4": a number with a point is a version.
        let version = numbered
            && trimmed[length..].starts_with('.')
            && trimmed[length + 1..].starts_with(|c: char| c.is_ascii_digit());
        if word.is_empty() || version || !(numbered || WORDS.contains(&word)) {
            return end;
        }
        end += space + length;
        words += 1;
    }
}

/// Model codes: "SM-S918B", "CPH2451", "M2101K6G".
fn code(original: &str, marked: &Marked) -> Option<(Range<usize>, Model)> {
    let text = marked.folded.text.as_str();
    let mut start = 0;
    if !text.contains("sm-") && !text.contains("cph") {
        return None;
    }
    for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')) {
        let at = start;
        start += word.len() + 1;
        if !text.is_char_boundary(at) || text.get(at..at + word.len()) != Some(word) {
            // A separator of several bytes: find the word again.
            let Some(found) = text.get(at..).and_then(|rest| rest.find(word)) else { continue };
            start = at + found + word.len() + 1;
            if let Some(found) = named(original, marked, at + found, word) {
                return Some(found);
            }
            continue;
        }
        if let Some(found) = named(original, marked, at, word) {
            return Some(found);
        }
    }
    None
}

fn named(original: &str, marked: &Marked, at: usize, word: &str) -> Option<(Range<usize>, Model)> {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let (form, os) = if word.starts_with("sm-") && digits >= 3 {
        match word.as_bytes().get(3) {
            Some(b't' | b'x' | b'p') => (Form::Tablet, ANDROID),
            _ => (Form::Unknown, ANDROID),
        }
    } else if word.starts_with("cph") && digits == 4 {
        (Form::Phone, ANDROID)
    } else {
        return None;
    };
    let range = at..at + word.len();
    let name = marked.folded.verbatim(original, range.clone()).to_owned();
    Some((range, Model { name: Some(name), form, os }))
}
