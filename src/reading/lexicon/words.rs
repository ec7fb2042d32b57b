//! The words of all files while the lexicon is made of them.

use std::collections::HashMap;

use super::{Concept, Languages, Meaning, Sense, Unit};
use crate::reading::text::fold;

#[derive(Default)]
pub(super) struct Words {
    /// By the folded word, and whether it stands for its endings.
    pub(super) entries: HashMap<(String, bool), Vec<Meaning>>,
}

impl Words {
    /// Takes a word as a file has it: "*" at its end is a stem.
    pub(super) fn add(&mut self, word: &str, meaning: Meaning) {
        let stem = word.ends_with('*');
        let word = fold(word.trim_end_matches('*'));
        let word = word.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '(' | ')' | '.' | '…'));
        if word.is_empty() {
            return;
        }
        let meanings = self.entries.entry((word.to_owned(), stem)).or_default();
        match meanings.iter_mut().find(|known| known.sense == meaning.sense) {
            Some(known) => {
                known.languages |= meaning.languages;
                known.mistaken &= meaning.mistaken;
            }
            None => meanings.push(meaning),
        }
    }

    pub(super) fn add_everywhere(&mut self, word: &str, sense: Sense) {
        self.add(word, Meaning { sense, languages: Languages::MAX, mistaken: false });
    }

    /// Takes what CLDR says of a key ("month 3", "country DE", "past hour").
    pub(super) fn add_cldr(&mut self, key: &str, list: &str, languages: Languages) {
        let mut key = key.split(' ');
        let (kind, first, second) = (key.next(), key.next().unwrap_or_default(), key.next());
        let number = |text: &str| text.parse::<u8>().ok();
        for word in list.split('|') {
            let sense = match kind {
                Some("month") => number(first).map(Sense::Month),
                Some("weekday") => number(first).map(Sense::Weekday),
                Some("am") => Some(Sense::Am),
                Some("pm") => Some(Sense::Pm),
                Some("unit") => unit(first).map(Sense::Unit),
                Some("fixed") => unit(first).zip(second.and_then(number)).map(|(unit, n)| Sense::Fixed(unit, n)),
                Some("country") => first.as_bytes().try_into().ok().map(Sense::Country),
                Some("past") => {
                    self.add_past(word, unit(first), languages);
                    None
                }
                _ => None,
            };
            if let Some(sense) = sense {
                self.add(word, Meaning { sense, languages, mistaken: false });
            }
        }
    }

    /// "{n}hours ago", "vor{n}Stunden": with nothing before the number, what follows it says that it has passed.
    fn add_past(&mut self, pattern: &str, unit: Option<Unit>, languages: Languages) {
        let (Some((before, after)), Some(unit)) = (pattern.split_once("{n}"), unit) else { return };
        let mut add = |word: &str, sense| self.add(word, Meaning { sense, languages, mistaken: false });
        if before.is_empty() {
            add(after, Sense::Past(unit));
        } else {
            add(after, Sense::Unit(unit));
            if before.chars().any(char::is_alphabetic) {
                add(before, Sense::Word(Concept::Ago));
            }
        }
    }
}

fn unit(name: &str) -> Option<Unit> {
    Some(match name {
        "second" => Unit::Second,
        "minute" => Unit::Minute,
        "hour" => Unit::Hour,
        "day" => Unit::Day,
        "week" => Unit::Week,
        "month" => Unit::Month,
        "year" => Unit::Year,
        _ => return None,
    })
}
