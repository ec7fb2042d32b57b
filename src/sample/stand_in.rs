//! What stands in for the values of a page.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::page::Page;
use crate::reading::address;
use crate::reading::lexicon::{Hit, Languages, Lexicon, Marked, Sense, languages_of};
use crate::reading::text::{fold, is_combining_mark};

/// Addresses set aside for documentation (RFC 5737, RFC 3849).
const V4: [&str; 3] = ["203.0.113.", "198.51.100.", "192.0.2."];
const V6: &str = "2001:db8::";
/// Domains set aside for documentation (RFC 2606).
const MAIL: [&str; 3] = ["person@example.org", "person@example.com", "person@example.net"];
const BROWSERS: [&str; 7] = ["Firefox", "Chrome", "Safari", "Edge", "Opera", "Vivaldi", "Brave"];
const SYSTEMS: [&str; 6] = ["Windows", "Android", "Linux", "macOS", "iOS", "ChromeOS"];
const PRODUCTS: [&str; 5] = ["Pixel", "Galaxy", "iPhone", "MacBook", "iPad"];
const COUNTRIES: [&str; 8] = ["Iceland", "Malta", "Fiji", "Chile", "Nepal", "Benin", "Samoa", "Tonga"];
const YEARS: Range<u32> = 2001..2030;
/// Numbers of one or two digits that a date or a clock may hold in the same places.
const CLASSES: [Range<u32>; 5] = [1..13, 13..24, 24..32, 32..60, 60..100];

/// Stand-ins that occur nowhere in a page, so that none of them can be mistaken for what was there.
pub struct StandIns {
    languages: Languages,
    v4: Option<&'static str>,
    mail: Option<&'static str>,
    browser: Option<&'static str>,
    system: Option<&'static str>,
    product: Option<&'static str>,
    country: Option<&'static str>,
    year: Option<String>,
    /// For numbers of one or two digits, by [`CLASSES`].
    numbers: Vec<u32>,
    /// For letters; for digits.
    letter: char,
    digit: char,
    /// Stand-ins of addresses, by their canonical form.
    addresses: BTreeMap<String, String>,
}

impl StandIns {
    /// Stand-ins for a page.
    pub fn of(page: &Page) -> Self {
        let mut all = fold(&page.title);
        for node in page.nodes() {
            for text in std::iter::once(&node.text).chain(node.attributes.iter().map(|(_, value)| value)) {
                all.push('\n');
                all.push_str(&fold(text));
            }
        }
        let absent = |options: &[&'static str]| options.iter().copied().find(|option| !all.contains(&fold(option)));
        let run = |c: char| std::iter::repeat_n(c, 4).collect::<String>();
        let printed: BTreeSet<u32> =
            all.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 2).flat_map(str::parse).collect();
        let numbers = CLASSES.iter().map(|class| {
            // From the middle on: the ends of a class are the likeliest to be there.
            let middle = (class.start + class.end) / 2;
            let mut options = (middle..class.end).chain(class.start..middle);
            options.find(|number| !printed.contains(number)).unwrap_or(middle)
        });
        let own = page.lang.as_deref().map_or(0, languages_of);
        Self {
            languages: if own == 0 { Languages::MAX } else { own | languages_of("en") },
            v4: absent(&V4),
            mail: absent(&MAIL),
            browser: absent(&BROWSERS),
            system: absent(&SYSTEMS),
            product: absent(&PRODUCTS),
            country: absent(&COUNTRIES),
            numbers: numbers.collect(),
            year: YEARS.map(|year| year.to_string()).find(|year| !all.contains(year)),
            letter: ('a'..='z').rev().skip(2).find(|c| !all.contains(&run(*c))).unwrap_or('x'),
            digit: ('1'..='9').find(|c| !all.contains(&run(*c))).unwrap_or('0'),
            addresses: BTreeMap::new(),
        }
    }

    /// A text with its values replaced.
    pub fn text(&mut self, text: &str) -> String {
        let marked = Lexicon::get().mark(text);
        let mut parts = self.parts(text, &marked);
        crate::order::by_key(&mut parts, |(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for (range, part) in parts {
            if range.start < at {
                continue;
            }
            self.fill(text.get(at..range.start).unwrap_or_default(), &mut out);
            out.push_str(part.as_deref().unwrap_or_else(|| text.get(range.clone()).unwrap_or_default()));
            at = range.end;
        }
        self.fill(text.get(at..).unwrap_or_default(), &mut out);
        out
    }

    /// What is understood of a text: where, and what stands in for it; nothing where it may stay.
    fn parts(&mut self, text: &str, marked: &Marked) -> Vec<(Range<usize>, Option<String>)> {
        let folded = &marked.folded;
        let original = |range: &Range<usize>| folded.original(range.start)..folded.original(range.end);
        let mut parts = Vec::new();
        for found in address::find(&folded.text).into_iter().filter(|found| !found.masked) {
            parts.extend(self.address(&found.text).map(|stand_in| (original(&found.range), Some(stand_in))));
        }
        let mut at = 0;
        for word in text.split_inclusive(char::is_whitespace) {
            if word.contains('@') {
                let mail = self.mail.map(str::to_owned).unwrap_or_default();
                parts.push((at..at + word.trim_end().len(), Some(mail)));
            }
            at += word.len();
        }
        // A word within a longer word that is a value goes with it.
        let mut covered = 0;
        for hit in &marked.hits {
            if hit.range.start < covered {
                continue;
            }
            if let Some(part) = self.word(hit) {
                covered = hit.range.end;
                parts.push((original(&hit.range), part));
            }
        }
        parts
    }

    /// What stands in for a word of the lexicon: nothing (it may stay), or another of its kind.
    fn word(&self, hit: &Hit) -> Option<Option<String>> {
        let meanings = Lexicon::get().meanings(hit);
        let other = meanings.iter().find_map(|meaning| match meaning.sense {
            Sense::Browser(_) => Some(self.browser),
            Sense::System(_) => Some(self.system),
            Sense::Product(_) => Some(self.product),
            Sense::Country(_) => Some(self.country),
            _ => None,
        });
        match other {
            Some(other) => other.map(|other| Some(other.to_owned())),
            None => meanings.iter().any(|meaning| meaning.languages & self.languages != 0).then_some(None),
        }
    }

    fn address(&mut self, canonical: &str) -> Option<String> {
        let prefix = self.v4?;
        let next = self.addresses.len() + 1;
        let stand_in = self.addresses.entry(canonical.to_owned()).or_insert_with(|| {
            if canonical.contains(':') { format!("{V6}{next:x}") } else { format!("{prefix}{}", next % 250) }
        });
        Some(stand_in.clone())
    }

    /// What is not understood: letters and digits lose all but their kind.
    fn fill(&self, text: &str, out: &mut String) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let is_digit = |c: char| value(c).is_some();
            let end = if is_digit(c) {
                rest.find(|c| !is_digit(c)).unwrap_or(rest.len())
            } else {
                rest.find(is_digit).unwrap_or(rest.len())
            };
            let (run, after) = rest.split_at(end);
            if is_digit(c) {
                self.number(run, out)
            } else {
                self.letters(run, out)
            }
            rest = after;
        }
    }

    /// Digits, in their own script. Numbers that a date or a clock may hold stay such; all of one kind become one.
    fn number(&self, run: &str, out: &mut String) {
        let digits: Vec<(u32, u32)> = run.chars().filter_map(|c| Some((value(c)?, c as u32 - value(c)?))).collect();
        let number = digits.iter().fold(0_u32, |sum, (digit, _)| sum.saturating_mul(10).saturating_add(*digit));
        let stand_in = match (digits.len(), number) {
            (1, 1..=9) => "7".to_owned(),
            (length @ (1 | 2), number) => {
                let class = CLASSES.iter().position(|class| class.contains(&number));
                let stand_in = class.and_then(|class| self.numbers.get(class)).copied().unwrap_or_default();
                format!("{stand_in:0length$}")
            }
            (3, _) => "100".to_owned(),
            (4, 1900..=2100 | 2443..=2643 | 1300..=1500) => self.year.clone().unwrap_or_default(),
            (length, _) => std::iter::repeat_n(self.digit, length).collect(),
        };
        // A year of another calendar keeps its century, or it would be none.
        let stand_in = match number {
            2443..=2643 if digits.len() == 4 => stand_in.replacen("20", "25", 1),
            _ => stand_in,
        };
        for (digit, (_, zero)) in stand_in.chars().zip(&digits) {
            out.extend(digit.to_digit(10).and_then(|digit| char::from_u32(zero + digit)));
        }
    }

    fn letters(&self, run: &str, out: &mut String) {
        let mut rest = run;
        while let Some(c) = rest.chars().next() {
            let word = rest.find(|c: char| !is_letter(c)).unwrap_or(rest.len());
            if word == 0 {
                out.push(c);
                rest = &rest[c.len_utf8()..];
                continue;
            }
            let (letters, after) = rest.split_at(word);
            // The letters between and after the digits of a time ("T", "Z") tell nothing by themselves.
            if letters.chars().nth(1).is_none() || ["UTC", "GMT"].contains(&letters) {
                out.push_str(letters);
            } else {
                out.extend(letters.chars().filter(|c| !is_combining_mark(*c)).map(|c| self.letter(c)));
            }
            rest = after;
        }
    }

    fn letter(&self, c: char) -> char {
        match c {
            '\u{590}'..='\u{5ff}' => 'ש',
            '\u{600}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' => 'س',
            '\u{900}'..='\u{97f}' => 'क',
            '\u{e00}'..='\u{e7f}' => 'ก',
            '\u{3040}'..='\u{30ff}' => 'ア',
            '\u{3400}'..='\u{9fff}' => '某',
            '\u{ac00}'..='\u{d7af}' => '가',
            c if c.is_uppercase() => self.letter.to_ascii_uppercase(),
            _ => self.letter,
        }
    }
}

fn is_letter(c: char) -> bool {
    (c.is_alphanumeric() && value(c).is_none()) || is_combining_mark(c)
}

/// A decimal digit's value, of any script.
fn value(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    if !c.is_numeric() {
        return None;
    }
    let mut folded = [0; 4];
    let text: &str = c.encode_utf8(&mut folded);
    let folded = fold(text);
    let digit = folded.chars().next().filter(|_| folded.len() == 1)?.to_digit(10)?;
    // Only where the script's digits stand in a row can another one be made.
    let zero = char::from_u32(c as u32 - digit)?;
    (fold(zero.encode_utf8(&mut [0; 4])) == "0").then_some(digit)
}
