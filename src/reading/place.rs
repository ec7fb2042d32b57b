//! Places as pages print them: city, region and country in any order, with or without a comma, with a flag.

use std::ops::Range;

use super::lexicon::{Concept, Languages, Lexicon, Marked, Sense};
use super::text::{clean, is_unspaced};

/// What a text says of a place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The city, as printed.
    pub city: Option<String>,
    /// ISO 3166-1 alpha-2 code.
    pub country: Option<[u8; 2]>,
}

impl Place {
    /// The country's code as text.
    pub fn code(&self) -> Option<String> {
        self.country.and_then(|code| String::from_utf8(code.to_vec()).ok())
    }
}

/// Whether a text stands for no place: "Unknown", "N/A", "—", "()".
pub fn is_nothing(marked: &Marked) -> bool {
    let core = super::lexicon::core(&marked.folded.text);
    core.is_empty()
        || marked.is(Concept::Unknown)
        || marked.is(Concept::Never)
        || matches!(&marked.folded.text[core], "n/a" | "na" | "nan" | "null" | "undefined" | "none")
}

/// Reads a text that is a place: its country, and its city.
///
/// `prefer` are the languages whose names of countries go first where two languages give one name to two countries.
pub fn read(original: &str, marked: &Marked, prefer: Languages) -> Place {
    if is_nothing(marked) {
        return Place::default();
    }
    let text = marked.folded.text.as_str();
    let flag = flag(original);
    let Some((range, code)) = country(original, marked, prefer) else {
        let city = city_in(original, marked, 0..text.len(), is_unspaced_text(text));
        return Place { city, country: flag };
    };
    // What is left when the country is taken out of one end.
    let before = trim(text, 0..range.start);
    let after = trim(text, range.end..text.len());
    let rest = if before.is_empty() { after.clone() } else { before.clone() };
    // Where the country stands first, the city is the last and not the first of the rest.
    let last = before.is_empty() && !after.is_empty();
    let mut city = city_in(original, marked, rest.clone(), last);
    // A region that bears its own mark ("东京都", "… province") is no city.
    city = city.filter(|city| !is_region(city));
    Place { city, country: Some(code) }
}

/// The country that a text names at its start or its end, and where.
pub fn country(original: &str, marked: &Marked, prefer: Languages) -> Option<(Range<usize>, [u8; 2])> {
    let text = marked.folded.text.as_str();
    let whole = trim(text, 0..text.len());
    let mut best: Option<(u32, Range<usize>, [u8; 2])> = None;
    let mut offer = |score: u32, range: Range<usize>, code: [u8; 2]| {
        if best.as_ref().is_none_or(|(known, ..)| score > *known) {
            best = Some((score, range, code));
        }
    };
    for hit in &marked.hits {
        for meaning in Lexicon::get().meanings(hit) {
            let Sense::Country(code) = meaning.sense else { continue };
            let range = hit.range.clone();
            let ends = trim(text, range.end..whole.end).is_empty();
            let starts = trim(text, whole.start..range.start).is_empty();
            if !ends && !starts {
                continue;
            }
            // A short code ("US", "VS") must be printed as one: capitals, at the end, parted off.
            if range.len() <= 3 && range.len() == text[range.clone()].chars().count() {
                let printed = marked.folded.verbatim(original, range.clone());
                if !printed.chars().all(|c| c.is_uppercase() || c == '.') {
                    continue;
                }
            }
            // The end beats the start, the longer name the shorter, the page's language the others.
            let preferred = u32::from(meaning.languages & prefer != 0);
            offer(u32::from(ends) * 1000 + (range.len() as u32).min(100) * 4 + preferred * 2, range, code);
        }
    }
    // "Hong Kong, HK", "(Bangkok, TH)": a code after the last comma or space.
    let tail = &text[whole.clone()];
    if let Some(cut) = tail.rfind([',', ' ', '(', '/', '-', '،', '·', '、']) {
        let separator = tail[cut..].chars().next().map_or(1, char::len_utf8);
        let range = whole.start + cut + separator..whole.end;
        let printed = marked.folded.verbatim(original, range.clone());
        // "Session ID", "IP US": a word of the page before a space is no city.
        let word = separator == 1
            && tail.as_bytes()[cut] == b' '
            && marked.hits.iter().any(|hit| {
                Lexicon::get()
                    .meanings(hit)
                    .iter()
                    .any(|meaning| matches!(meaning.sense, Sense::Word(concept) if super::topics::is_label(concept)))
            });
        if !word && printed.len() == 2 && printed.bytes().all(|byte| byte.is_ascii_uppercase()) {
            let code = [printed.as_bytes()[0], printed.as_bytes()[1]];
            if is_country(code) {
                offer(3000, range, code);
            }
        }
    } else if tail.len() == 2 {
        let printed = marked.folded.verbatim(original, whole.clone());
        if let [a, b] = printed.as_bytes() {
            if printed.bytes().all(|byte| byte.is_ascii_uppercase()) && is_country([*a, *b]) {
                offer(3000, whole.clone(), [*a, *b]);
            }
        }
    }
    best.map(|(_, range, code)| (range, code))
}

/// Whether two letters are a country's code.
pub fn is_country(code: [u8; 2]) -> bool {
    static CODES: std::sync::OnceLock<Vec<[u8; 2]>> = std::sync::OnceLock::new();
    CODES
        .get_or_init(|| {
            include_str!("lexicon/en.cldr")
                .lines()
                .filter_map(|line| line.strip_prefix("country ")?.split('\t').next()?.as_bytes().try_into().ok())
                .collect()
        })
        .contains(&code)
}

/// The country of a flag emoji.
pub fn flag(text: &str) -> Option<[u8; 2]> {
    let letters: Vec<u8> = text
        .chars()
        .filter_map(|c| (c as u32).checked_sub(0x1f1e6).filter(|place| *place < 26).map(|place| b'A' + place as u8))
        .take(2)
        .collect();
    let code = [*letters.first()?, *letters.get(1)?];
    is_country(code).then_some(code)
}

fn is_unspaced_text(text: &str) -> bool {
    text.chars().any(is_unspaced)
}

const SEPARATORS: [char; 9] = [',', '、', '،', '/', '·', '|', ';', '•', '-'];

/// The part of the rest that is the city: the first one, or the last where places run from large to small.
fn city_in(original: &str, marked: &Marked, range: Range<usize>, last: bool) -> Option<String> {
    let text = marked.folded.text.as_str();
    let range = trim(text, range);
    if range.is_empty() {
        return None;
    }
    let unspaced = is_unspaced_text(&text[range.clone()]);
    let mut parts = Vec::new();
    let mut start = range.start;
    for (at, c) in text[range.clone()].char_indices() {
        let at = range.start + at;
        // A hyphen parts only between spaces; a space parts where a script has none between words.
        let parted = match c {
            '-' => text[..at].ends_with(' ') && text[at + 1..].starts_with(' '),
            ' ' => unspaced && last,
            _ => SEPARATORS.contains(&c),
        };
        if parted {
            parts.push(start..at);
            start = at + c.len_utf8();
        }
    }
    parts.push(start..range.end);
    let parts: Vec<_> = parts.into_iter().map(|part| trim(text, part)).filter(|part| !part.is_empty()).collect();
    let part = if last { parts.last()? } else { parts.first()? };
    let city = clean(marked.folded.verbatim(original, part.clone()));
    (city.chars().any(char::is_alphabetic) && city.chars().count() <= 60).then_some(city)
}

fn is_region(city: &str) -> bool {
    city.ends_with('都')
        || city.ends_with('省')
        || city.ends_with('县')
        || city.ends_with('縣')
        || city.ends_with("自治区")
}

/// A range without the punctuation and spaces at its ends.
fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let mark = |c: char| !c.is_alphanumeric() && !crate::reading::text::is_combining_mark(c);
    let part = &text[range.clone()];
    let start = range.start + part.len() - part.trim_start_matches(mark).len();
    let end = range.start + part.trim_end_matches(mark).len();
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, city: Option<&str>, country: Option<&str>) {
        let place = read(text, &Lexicon::get().mark(text), 0);
        assert_eq!((place.city.as_deref(), place.code().as_deref()), (city, country), "{text}");
    }

    #[test]
    fn city_and_country_are_told_in_any_order() {
        check("Toronto, Canada", Some("Toronto"), Some("CA"));
        check("Pakistan, Islamabad", Some("Islamabad"), Some("PK"));
        check("Povarovo Russian Federation", Some("Povarovo"), Some("RU"));
        check("Ho Chi Minh City Vietnam", Some("Ho Chi Minh City"), Some("VN"));
        check("Hong Kong Hong Kong", Some("Hong Kong"), Some("HK"));
        check("Hong Kong, HK", Some("Hong Kong"), Some("HK"));
        check("Singapore Singapore", Some("Singapore"), Some("SG"));
        check("Austin, Texas, United States", Some("Austin"), Some("US"));
        check("中国 上海", Some("上海"), Some("CN"));
        check("日本 東京都", None, Some("JP"));
        check("กรุงเทพมหานคร ประเทศไทย", Some("กรุงเทพมหานคร"), Some("TH"));
        check("دبي، الإمارات", Some("دبي"), Some("AE"));
        check("🇨🇦 Canada", None, Some("CA"));
        check("Kiev, Ukraine", Some("Kiev"), Some("UA"));
        check("Türkiye", None, Some("TR"));
        check("Bruxelles, Belgique", Some("Bruxelles"), Some("BE"));
        check("San Petersburgo, Rusia", Some("San Petersburgo"), Some("RU"));
    }

    #[test]
    fn a_city_alone_gives_no_country_and_nothing_gives_nothing() {
        check("北京市", Some("北京市"), None);
        check("广东省 广州市", Some("广州市"), None);
        for text in ["Unknown", "N/A", "—", "()", "Inconnu", "未知", ""] {
            check(text, None, None);
        }
    }
}
