//! The words that stand beside the numbers of a date and a clock: what joins them, parts of the day, eras, zones.
//!
//! `words.cldr` is derived from the Unicode CLDR by `derive.mjs` (Unicode License v3); `words.own` adds what pages print
//! besides. A line gives a kind and the words of it.

use std::sync::OnceLock;

use super::Half;
use super::items::Item;
use crate::reading::lexicon::Unit;
use crate::reading::text::fold;

/// Short names that stand for several zones, and their minutes east: such a one is stated only where the zone of the
/// reader's own clock is one of them.
const SHARED: [(&str, &[i32]); 3] = [("ist", &[330, 120, 60]), ("cst", &[-360, 480]), ("bst", &[60, 360])];

/// The words that a folded text may begin with, as items.
pub fn at(text: &str) -> impl Iterator<Item = (&'static str, Item)> + '_ {
    static WORDS: OnceLock<Vec<(String, Item)>> = OnceLock::new();
    let words = WORDS.get_or_init(load);
    let first = text.chars().next();
    let start = words.partition_point(|(word, _)| word.chars().next() < first);
    words[start..]
        .iter()
        .take_while(move |(word, _)| word.chars().next() == first)
        .filter(move |(word, _)| text.starts_with(word.as_str()))
        .map(|(word, item)| (word.as_str(), *item))
}

fn load() -> Vec<(String, Item)> {
    let lines = include_str!("words.cldr").lines().chain(include_str!("words.own").lines());
    let mut words: Vec<(String, Item)> = lines
        .filter_map(|line| {
            let (kind, list) = line.split_once('\t')?;
            let item = item(kind)?;
            Some(list.split('|').map(move |word| (fold(word), item)))
        })
        .flatten()
        .chain(SHARED.map(|(word, minutes)| (word.to_owned(), Item::SharedZone(minutes))))
        .collect();
    crate::order::by(&mut words, |a, b| a.0.cmp(&b.0));
    words
}

fn item(kind: &str) -> Option<Item> {
    let (kind, value) = kind.split_once(' ').unwrap_or((kind, ""));
    Some(match kind {
        "joint" => Item::Joint,
        "other" => Item::Other,
        "am" => Item::Half(Half::Am),
        "pm" => Item::Half(Half::Pm),
        "night" => Item::Half(Half::Night),
        "midday" => Item::Half(Half::Midday),
        "weekday" => Item::Weekday(value.parse().ok()?),
        "struck" => Item::Struck(value.parse().ok()?),
        "era" => Item::Era(value.parse().ok()?),
        "zone" => Item::Zone(60 * value.parse::<i32>().ok()?),
        "mark" => Item::Mark(unit(value)?),
        _ => return None,
    })
}

fn unit(name: &str) -> Option<Unit> {
    Some(match name {
        "year" => Unit::Year,
        "month" => Unit::Month,
        "day" => Unit::Day,
        "hour" => Unit::Hour,
        "minute" => Unit::Minute,
        "second" => Unit::Second,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_files_is_understood() {
        for line in include_str!("words.cldr").lines().chain(include_str!("words.own").lines()) {
            let (kind, list) = line.split_once('\t').unwrap();
            assert!(item(kind).is_some(), "{line}");
            assert!(list.split('|').all(|word| !word.trim().is_empty()), "{line}");
        }
    }

    #[test]
    fn no_name_of_a_zone_stands_for_two() {
        let words = load();
        for pair in words.windows(2) {
            if let [(a, Item::Zone(one)), (b, Item::Zone(other))] = pair {
                assert!(a != b || one == other, "{a}: {one}, {other}");
            }
        }
    }
}
