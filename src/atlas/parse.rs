//! Words for a place within a country: which of them are a city, which a region.

use super::words::{bare, code_key, fold, key};
use super::{Atlas, Kilometres, STATES};

/// No name has more words…
const LONGEST: usize = 6;
/// …or more characters of a script that writes no spaces.
const LONGEST_UNSPACED: usize = 12;
/// What parts a text.
const SEPARATORS: [char; 14] = [',', '、', '，', '،', '/', '·', '|', ';', '•', '(', ')', '\n', '–', '—'];
/// No more words than these are looked at: what is longer is no place.
const MOST: usize = 24;
/// A city so many times larger than another of its name is the one meant.
const LARGER: f64 = 20.0;
/// From two to this power of people on, a city is meant before a state of its name.
const CITY: u8 = 18;
/// What it is worth that a text gives a city's first name and not another: less than a hundred times the people.
const FIRST_NAME: f64 = 0.7;
/// How far off a city may be that only sounds like what is written.
const BY_EAR: Kilometres = Kilometres(50.0);

/// A place in a country.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    pub country: usize,
    pub city: Option<usize>,
    pub region: Option<usize>,
    /// Whether the text names the city's region too.
    pub is_confirmed: bool,
    /// How far off the city may be for there being others of its name.
    pub radius: Kilometres,
}

/// Neighbouring words within one part of a text.
#[derive(Debug)]
pub(super) struct Span {
    text: String,
    /// The first word and the one after the last, counted over the whole text.
    words: (usize, usize),
    /// The same of the part that it lies in.
    part: (usize, usize),
}

/// All neighbouring words of a text, part by part.
pub(super) fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut first = 0;
    for part in text.split(SEPARATORS) {
        for part in part.split(" - ") {
            let words = split(part);
            let words = &words[..words.len().min(MOST.saturating_sub(first))];
            let whole = (first, first + words.len());
            let longest = if part.contains(is_unspaced) { LONGEST_UNSPACED } else { LONGEST };
            for start in 0..words.len() {
                for end in start + 1..=words.len().min(start + longest) {
                    let (from, to) = (words[start].start, words[end - 1].end);
                    let text = part[from..to].to_owned();
                    spans.push(Span { text, words: (first + start, first + end), part: whole });
                }
            }
            first += words.len();
        }
    }
    // A name may have a sign within that parts others ("St. Louis Park (city)", "迪蒙·迪维尔").
    if first < MOST && spans.last().is_some_and(|last| last.part.0 > 0) {
        spans.push(Span { text: text.to_owned(), words: (0, first), part: (0, first) });
    }
    spans
}

fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

/// The words of a part; of a script without spaces, its characters.
fn split(part: &str) -> Vec<std::ops::Range<usize>> {
    let mut words: Vec<std::ops::Range<usize>> = Vec::new();
    let mut is_within = false;
    for (at, c) in part.char_indices() {
        let end = at + c.len_utf8();
        let is_alone = is_unspaced(c);
        // A long sound belongs to the character before.
        let is_joined = matches!(c, 'ー' | '々' | 'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ャ' | 'ュ' | 'ョ' | 'ッ' | 'ン');
        match words.last_mut() {
            _ if c.is_whitespace() => is_within = false,
            Some(last) if (is_within && !is_alone) || (is_joined && last.end == at) => last.end = end,
            _ => {
                words.push(at..end);
                is_within = !is_alone;
            }
        }
    }
    words
}

/// The best reading of a text's spans in a country. With a `region` given, only what lies in it counts.
pub(super) fn best(atlas: &Atlas<'_>, country: usize, spans: &[Span], region: Option<usize>) -> Option<Hit> {
    let land = &atlas.tables.countries[country];
    let targets: Vec<Vec<usize>> = spans.iter().map(|span| targets(atlas, country, &span.text)).collect();
    let is_region = |target: &usize| *target >= land.cities.len();
    let regions: Vec<(&Span, usize)> = spans
        .iter()
        .zip(&targets)
        .flat_map(|(span, targets)| targets.iter().filter(|it| is_region(it)).map(move |it| (span, *it)))
        .map(|(span, target)| (span, target - land.cities.len()))
        .collect();

    let mut found: Option<(f64, &Span, usize)> = None;
    for (span, targets) in spans.iter().zip(&targets) {
        for city in targets.iter().filter(|it| !is_region(it)) {
            let home = usize::from(land.cities[*city].region);
            if region.is_some_and(|region| region != home) {
                continue;
            }
            // A town that bears the name of a state elsewhere: the state is meant.
            let is_state = regions.iter().any(|(other, region)| other.words == span.words && *region != home);
            if is_state && land.cities[*city].size < CITY {
                continue;
            }
            let confirming =
                regions.iter().find(|(other, region)| *region == home && apart(span, other)).map(|it| it.0);
            // "Boardman, OR" is none of the other Boardmans, where states tell towns of one name apart.
            let elsewhere =
                |(other, region): &(&Span, usize)| *region != home && other.words == other.part && apart(span, other);
            if confirming.is_none() && STATES.contains(&atlas.codes[country]) && regions.iter().any(elsewhere) {
                continue;
            }
            // What else stands in its part must be its region, or less than the city's own name.
            let rest = (span.part.1 - span.part.0) - (span.words.1 - span.words.0);
            let explained = confirming.filter(|it| it.part == span.part).map_or(0, |it| it.words.1 - it.words.0);
            let unexplained = rest.saturating_sub(explained);
            if unexplained > 0 && 2 * (span.words.1 - span.words.0) < unexplained + 1 {
                continue;
            }
            // What stands first is the smaller place; where no spaces are written, the last.
            let score = f64::from(u8::from(confirming.is_some())) * 40.0 + (span.words.1 - span.words.0) as f64 * 4.0
                - unexplained as f64 * 6.0
                - span.part.0 as f64 * 0.5
                + if atlas.is_first_name(land.first_city + city, &span.text) { FIRST_NAME } else { 0.0 }
                + f64::from(land.cities[*city].size) / 8.0;
            if found.is_none_or(|(best, ..)| score > best) {
                found = Some((score, span, *city));
            }
        }
    }
    let longest = |(span, _): &&(&Span, usize)| span.words.1 - span.words.0;
    if let Some((_, span, city)) = found {
        let home = usize::from(land.cities[city].region);
        let is_confirmed =
            region.is_some() || regions.iter().any(|(other, region)| *region == home && apart(span, other));
        let at = land.cities[city].area();
        let rivals =
            spans.iter().zip(&targets).filter(|(other, _)| std::ptr::eq(*other, span)).flat_map(|(_, all)| all);
        let rivals = rivals.filter(|it| !is_region(it) && **it != city).map(|it| &land.cities[*it]);
        let rivals = rivals.filter(|it| !is_confirmed || usize::from(it.region) == home);
        let rivals = rivals.filter(|it| it.people() * LARGER > land.cities[city].people());
        let far = rivals.map(|it| at.distance(&it.area()).0).fold(0.0, f64::max);
        return Some(Hit { country, city: Some(city), region: Some(home), is_confirmed, radius: Kilometres(far) });
    }
    let city = spans.iter().zip(&targets).filter(|(span, targets)| span.words == span.part && targets.is_empty());
    let city = city.filter_map(|(span, _)| atlas.sounds_like(country, &span.text)).find(|city| {
        let home = usize::from(land.cities[*city].region);
        regions.iter().all(|(_, region)| *region == home) && region.is_none_or(|region| region == home)
    });
    if let Some(city) = city {
        let home = usize::from(land.cities[city].region);
        return Some(Hit { country, city: Some(city), region: Some(home), is_confirmed: false, radius: BY_EAR });
    }
    let region = region.or_else(|| regions.iter().max_by_key(longest).map(|(_, region)| *region))?;
    Some(Hit { country, city: None, region: Some(region), is_confirmed: true, radius: Kilometres::default() })
}

fn apart(one: &Span, other: &Span) -> bool {
    one.words.1 <= other.words.0 || other.words.1 <= one.words.0
}

/// What a name stands for in a country: as it is written, or without the word for its kind.
fn targets(atlas: &Atlas<'_>, country: usize, name: &str) -> Vec<usize> {
    let land = &atlas.tables.countries[country];
    let find = |name: &str| -> Vec<usize> {
        let folded = fold(name, |c| atlas.simplify(c));
        if folded.is_empty() { Vec::new() } else { land.targets(key(&folded)).collect() }
    };
    let mut found = find(name);
    if found.is_empty()
        && let Some(bare) = bare(&crate::characters::lower(name))
    {
        found = find(bare);
    }
    let is_code = (2..=3).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_code {
        found.extend(land.targets(code_key(name)));
    }
    found
}
