//! Places as pages print them: city, region and country in any order, with or without a comma, with a flag.

use std::ops::Range;

use super::lexicon::{Concept, Languages, Lexicon, Marked, Sense};
use super::text::{clean, is_unspaced};

/// What a text says of a place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The city, as printed.
    pub city: Option<String>,
    /// What is printed between the city and the country.
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2 code.
    pub country: Option<[u8; 2]>,
    /// Where the country is a code that is also a state's of the United States: the code. Which of the two is meant,
    /// the city tells.
    pub state: Option<[u8; 2]>,
}

impl Place {
    /// Takes the code that is also a state's for the state, if other places of the page are written so (`Some(true)`),
    /// or nothing tells and the city is a well-known one of the United States.
    pub fn settle(&mut self, states: Option<bool>) {
        const CITIES: &str = "los angeles|san francisco|san diego|san jose|sacramento|oakland|mountain view|palo alto|\
            santa clara|chicago|philadelphia|pittsburgh|atlanta|denver|boulder|boston|charlotte|raleigh|indianapolis|\
            nashville|memphis|phoenix|tucson|ashburn|baltimore|minneapolis|new orleans|wilmington";
        let city = self.city.as_deref().map(super::text::fold).unwrap_or_default();
        if self.state.is_some() && states.unwrap_or_else(|| CITIES.split('|').any(|known| known == city)) {
            self.country = Some(*b"US");
        }
    }

    /// The country's code as text.
    pub fn code(&self) -> Option<String> {
        self.country.and_then(|code| String::from_utf8(code.to_vec()).ok())
    }
}

/// States of the United States whose codes are countries' too.
const STATES: &str = "AL AR AZ CA CO DE GA ID IL IN KY LA MA MD ME MN MO MS MT NC NE PA SC SD TN VA";

/// Whether the last two letters of a place are a state's of the United States that is no country's code, or a country's
/// that is no state's.
pub fn writes_states(text: &str) -> Option<bool> {
    const ONLY: &str = "AK CT DC FL HI IA KS MI ND NH NJ NM NV NY OH OK OR RI TX UT VT WA WI WV WY";
    let (_, code) = text.trim_end().rsplit_once(", ")?;
    if ONLY.split(' ').any(|state| state == code) {
        return Some(true);
    }
    (two_letters(code).is_some() && !STATES.split(' ').any(|state| state == code)).then_some(false)
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
    let flag = flag(original);
    if is_nothing(marked) {
        return Place { country: flag, ..Place::default() };
    }
    let text = marked.folded.text.as_str();
    let Some(Named { range, code, coded }) = named(original, marked, prefer) else {
        if let Some(country) = three_letters(original.trim()) {
            return Place { country: Some(country), ..Place::default() };
        }
        let (city, region) = parts(original, marked, 0..text.len(), is_unspaced_text(text));
        return Place { city, region, country: flag, state: None };
    };
    // What is left when the country is taken out of one end.
    let before = trim(text, 0..range.start);
    let after = trim(text, range.end..text.len());
    // Where the country stands first, the city is the last and not the first of the rest.
    let last = before.is_empty() && !after.is_empty();
    let rest = if before.is_empty() { after } else { before };
    let (city, region) = parts(original, marked, rest, last);
    // "Berlin, Germany (DE)".
    let again = |name: &String| Lexicon::get().mark(name).whole().any(|it| it.sense == Sense::Country(code));
    // "中國香港特別行政區 香港": of two names of a country the shorter is the city's.
    let printed = clean(marked.folded.verbatim(original, range));
    let city = city.map(|city| if !coded && again(&city) && city.len() > printed.len() { printed } else { city });
    let region = region.filter(|region| !(coded && again(region)));
    let is_state = coded && city.is_some() && STATES.split(' ').any(|state| state.as_bytes() == code);
    Place { city, region, country: Some(code), state: is_state.then_some(code) }
}

/// A country named in a text.
struct Named {
    range: Range<usize>,
    code: [u8; 2],
    /// Whether it is a code of two letters and not a name.
    coded: bool,
}

/// The country that a text names at its start or its end, and where.
pub fn country(original: &str, marked: &Marked, prefer: Languages) -> Option<(Range<usize>, [u8; 2])> {
    named(original, marked, prefer).map(|named| (named.range, named.code))
}

fn named(original: &str, marked: &Marked, prefer: Languages) -> Option<Named> {
    let text = marked.folded.text.as_str();
    let whole = trim(text, 0..text.len());
    let mut best: Option<(u32, Named)> = None;
    let mut offer = |score: u32, range: Range<usize>, code: [u8; 2], coded: bool| {
        if best.as_ref().is_none_or(|(known, _)| score > *known) {
            best = Some((score, Named { range, code, coded }));
        }
    };
    for hit in &marked.hits {
        for meaning in Lexicon::get().meanings(hit) {
            let Sense::Country(code) = meaning.sense else { continue };
            let range = hit.range.clone();
            let ends = trim(text, range.end..whole.end).is_empty();
            let starts = trim(text, whole.start..range.start).is_empty();
            if !(ends || starts) || is_part_of_name(text, &range, ends) {
                continue;
            }
            // A short code ("US", "VS") must be printed as one: capitals, at the end, parted off.
            if range.len() <= 3 && range.len() == text[range.clone()].chars().count() {
                let printed = marked.folded.verbatim(original, range.clone());
                let numbered = text[range.end..].starts_with(|c: char| c.is_ascii_digit());
                if numbered || !printed.chars().all(|c| c.is_uppercase() || c == '.') {
                    continue;
                }
            }
            // The end beats the start, the longer name the shorter, the page's language the others.
            let preferred = u32::from(meaning.languages & prefer != 0);
            offer(u32::from(ends) * 1000 + (range.len() as u32).min(100) * 4 + preferred * 2, range, code, false);
        }
    }
    if let Some((range, code)) = code_at_end(original, marked, &whole) {
        offer(3000, range, code, true);
    }
    if let Some((range, code)) = code_at_start(original, marked, &whole) {
        offer(500, range, code, true);
    }
    best.map(|(_, named)| named)
}

/// Whether a country's name is only part of a longer one: "New Mexico", "Jersey City", "America/New_York".
fn is_part_of_name(text: &str, range: &Range<usize>, ends: bool) -> bool {
    let before = text[..range.start].trim_end().rsplit(' ').next().unwrap_or_default();
    let after = text[range.end..].trim_start();
    (ends && text[..range.start].ends_with(' ') && matches!(before, "new" | "south" | "north" | "east" | "west"))
        || after.starts_with('/') && text[range.end..].contains('_')
        || ["city", "town", "springs", "beach", "grove"].iter().any(|word| after.starts_with(word))
}

/// "Hong Kong, HK", "(Bangkok, TH)", "London, GBR": a code after the last comma or space, or alone.
fn code_at_end(original: &str, marked: &Marked, whole: &Range<usize>) -> Option<(Range<usize>, [u8; 2])> {
    let text = marked.folded.text.as_str();
    let tail = &text[whole.clone()];
    let cut = tail.rfind([',', ' ', '(', '[', '/', '-', '،', '·', '、', '|', '•']);
    let start = cut.map_or(0, |cut| cut + tail[cut..].chars().next().map_or(1, char::len_utf8));
    let range = whole.start + start..whole.end;
    let printed = marked.folded.verbatim(original, range.clone());
    let before = tail[..start].trim_end();
    let spaced = !before.is_empty() && before.ends_with(|c: char| c.is_alphanumeric());
    // Three letters are as often a coin's: they need a city and what parts them from it.
    let code = two_letters(printed).or_else(|| three_letters(printed).filter(|_| !before.is_empty() && !spaced))?;
    if spaced {
        // "Session ID", "IP US": a word of the page before a space is no city.
        let labelled = marked.hits.iter().flat_map(|hit| Lexicon::get().meanings(hit));
        let word = labelled
            .into_iter()
            .any(|meaning| matches!(meaning.sense, Sense::Word(concept) if super::topics::is_label(concept)));
        // "Deutsche Telekom AG": so do companies end.
        if word || matches!(&code, b"AG" | b"SA" | b"SE" | b"AS" | b"CO" | b"PT") {
            return None;
        }
    }
    Some((range, code))
}

/// "FR - Paris", "JP (Tokyo)", "[DE] Berlin": a code that something parts from the rest.
fn code_at_start(original: &str, marked: &Marked, whole: &Range<usize>) -> Option<(Range<usize>, [u8; 2])> {
    let text = &marked.folded.text[whole.clone()];
    let end = text.find(|c: char| !c.is_alphanumeric())?;
    let rest = text[end..].trim_start();
    let parted = rest.starts_with([',', '-', '(', ']', ')', '/', '|', '·', '•', ':', '،', '、']);
    let range = whole.start..whole.start + end;
    let code = two_letters(marked.folded.verbatim(original, range.clone()))?;
    // "TV - Samsung", "IE (Windows)", "AI: on" are of no country.
    let machine = matches!(&code, b"TV" | b"IE" | b"AI" | b"IO" | b"ID" | b"AM" | b"PM" | b"MS");
    // "ID: 123" has no city.
    let city = rest.chars().all(|c| !c.is_numeric()) && rest.chars().any(char::is_alphabetic);
    (city && parted && !machine).then_some((range, code))
}

/// The country of a printed code of two letters.
fn two_letters(printed: &str) -> Option<[u8; 2]> {
    let code: [u8; 2] = printed.as_bytes().try_into().ok()?;
    (code.iter().all(u8::is_ascii_uppercase) && is_country(code)).then_some(code)
}

/// The countries' codes of three letters, each with that of two letters after it.
fn pairs() -> impl Iterator<Item = &'static str> {
    include_str!("lexicon/countries.alpha3").split_ascii_whitespace()
}

/// The countries' codes of two letters. Kosovo has none of three.
pub fn codes() -> impl Iterator<Item = &'static str> {
    pairs().filter_map(|pair| pair.get(3..)).chain(["XK"])
}

/// The country of a printed code of three letters, unless it is better known as a coin's.
fn three_letters(printed: &str) -> Option<[u8; 2]> {
    if printed.len() != 3 || matches!(printed, "ETH" | "TON" | "BLZ") {
        return None;
    }
    pairs().find_map(|pair| pair.strip_prefix(printed)?.as_bytes().try_into().ok())
}

/// The country of a printed code of two or three letters.
pub fn of_code(printed: &str) -> Option<[u8; 2]> {
    two_letters(printed).or_else(|| three_letters(printed))
}

/// Whether two letters are a country's code.
pub fn is_country(code: [u8; 2]) -> bool {
    codes().any(|known| known.as_bytes() == code)
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

/// The city and the region: of the parts of the rest the first two, or the last two where places run from large to
/// small.
fn parts(original: &str, marked: &Marked, range: Range<usize>, last: bool) -> (Option<String>, Option<String>) {
    let text = marked.folded.text.as_str();
    let range = trim(text, range);
    let unspaced = is_unspaced_text(&text[range.clone()]);
    let mut parts = Vec::new();
    let mut start = range.start;
    for (at, c) in text[range.clone()].char_indices() {
        let at = range.start + at;
        let next = at + c.len_utf8();
        // A hyphen parts only between spaces; a space parts where a script has none between words; so does the mark
        // of a province in such a script.
        let (parted, end) = match c {
            '-' => (text[..at].ends_with(' ') && text[next..].starts_with(' '), at),
            ' ' => (unspaced && last, at),
            '省' => (last, next),
            _ => (SEPARATORS.contains(&c), at),
        };
        if parted {
            parts.push(start..end);
            start = next;
        }
    }
    parts.push(start..range.end);
    let mut parts: Vec<_> = parts.into_iter().map(|part| trim(text, unlabelled(marked, part))).collect();
    parts.retain(|part| !part.is_empty() && !is_word(marked, part));
    if last {
        parts.reverse();
    }
    let mut names = parts
        .into_iter()
        .map(|part| clean(marked.folded.verbatim(original, part)))
        .filter(|name| name.chars().any(char::is_alphabetic) && name.chars().count() <= 60);
    let first = names.next();
    // A region that bears its own mark ("东京都", "… province") is no city.
    if first.as_deref().is_some_and(is_region) {
        return (names.next().filter(|name| !is_region(name)), first);
    }
    (first, names.next())
}

/// What stands before a place that is meant roughly.
const NEAR: [&str; 8] = ["near", "nahe", "bei", "around", "cerca de", "près de", "perto de", "vicino a"];

/// A part without what says that it is a place: "City: Berlin", "Near Berlin".
fn unlabelled(marked: &Marked, part: Range<usize>) -> Range<usize> {
    let text = marked.folded.text.as_str();
    if let Some(colon) = text[part.clone()].find(": ") {
        return part.start + colon + 2..part.end;
    }
    let part = trim(text, part);
    let approximate = marked
        .hits
        .iter()
        .filter(|hit| hit.range.start == part.start && hit.range.end < part.end)
        .filter(|hit| Lexicon::get().meanings(hit).iter().any(|it| it.sense == Sense::Word(Concept::Approx)))
        .map(|hit| hit.range.len());
    let near = NEAR.iter().filter(|word| text[part.clone()].starts_with(*word)).map(|word| word.len());
    let length = near.chain(approximate).find(|length| text[part.start + length..].starts_with(' '));
    part.start + length.unwrap_or(0)..part.end
}

/// Whether a part is a word of the page and no name: "Unknown", "Country".
fn is_word(marked: &Marked, part: &Range<usize>) -> bool {
    let hits = marked.hits.iter().filter(|hit| hit.range == *part);
    hits.flat_map(|hit| Lexicon::get().meanings(hit))
        .any(|it| matches!(it.sense, Sense::Word(Concept::Unknown | Concept::Location)))
}

fn is_region(name: &str) -> bool {
    // 京都 and 成都 are cities.
    (name.ends_with('都') && name.chars().count() > 2)
        || name.ends_with('省')
        || name.ends_with('县')
        || name.ends_with('縣')
        || name.ends_with("自治区")
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
        check("中國香港特別行政區 香港", Some("香港"), Some("HK"));
        check("中国 成都", Some("成都"), Some("CN"));
        check("日本 京都", Some("京都"), Some("JP"));
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

    #[test]
    fn codes_stand_for_countries_at_either_end() {
        check("FR - Paris", Some("Paris"), Some("FR"));
        check("JP (Tokyo)", Some("Tokyo"), Some("JP"));
        check("[DE] Berlin", Some("Berlin"), Some("DE"));
        check("London, GBR", Some("London"), Some("GB"));
        check("DEU", None, Some("DE"));
        check("Ho Chi Minh City, VN", Some("Ho Chi Minh City"), Some("VN"));
        check("🇭🇰", None, Some("HK"));
    }

    #[test]
    fn coins_and_machines_are_no_countries() {
        for text in ["ETH", "0.5 ETH", "BTC, ETH", "TON", "TV - Samsung", "IE (Windows)", "ID: 48213", "MAC (Chrome)"] {
            assert_eq!(country(text, &Lexicon::get().mark(text), 0), None, "{text}");
        }
    }

    #[test]
    fn a_code_that_is_also_a_states_says_so() {
        let state = |text: &str| read(text, &Lexicon::get().mark(text), 0).state;
        assert_eq!(state("San Francisco, CA"), Some(*b"CA"));
        assert_eq!(state("Wilmington, DE"), Some(*b"DE"));
        assert_eq!(state("San Francisco, CA, US"), None);
        assert_eq!(state("Toronto, Canada"), None);
        assert_eq!(state("CA"), None, "alone it is a country");
    }

    #[test]
    fn a_country_within_a_longer_name_is_none() {
        check("Jersey City, NJ", Some("Jersey City"), None);
        check("New Mexico", Some("New Mexico"), None);
        check("AS3320 Deutsche Telekom AG", Some("AS3320 Deutsche Telekom AG"), None);
        check("America/New_York", Some("America"), None);
    }

    #[test]
    fn words_around_a_place_are_not_of_it() {
        check("Near Berlin, Germany", Some("Berlin"), Some("DE"));
        check("City: Berlin, Country: Germany", Some("Berlin"), Some("DE"));
        check("Unknown, Germany", None, Some("DE"));
        check("Berlin, Germany (DE)", Some("Berlin"), Some("DE"));
    }

    #[test]
    fn what_stands_between_city_and_country_is_the_region() {
        let region = |text: &str| read(text, &Lexicon::get().mark(text), 0).region;
        assert_eq!(region("Toronto, Ontario, Canada").as_deref(), Some("Ontario"));
        assert_eq!(region("中国广东省深圳市").as_deref(), Some("广东省"));
        assert_eq!(region("Paris, France"), None);
    }
}
