//! The items that times are made of.

use std::ops::Range;

use super::clocks::offset;
use super::{Half, words};
use crate::reading::lexicon::{Concept, Languages, Lexicon, Marked, Sense, Unit, languages_of};
use crate::reading::text::{is_boundary, is_unspaced};

/// What a stretch of text is, as far as times go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Item {
    /// A number and how many digits it has.
    Number(u64, usize),
    Month(u32),
    Weekday(u32),
    Half(Half),
    /// Days before today.
    Before(u64),
    /// A span before now that needs no number.
    Fixed(u64, Unit),
    Unit(Unit),
    Past(Unit),
    Ago,
    /// "about": says nothing before a number.
    Approx,
    One,
    /// Noon or midnight.
    Struck(u32),
    /// A stated zone, seconds east of UTC.
    Zone(i32),
    /// A short name that several zones share: their minutes east of UTC.
    SharedZone(&'static [i32]),
    /// Of 年 月 日 時 分 秒 and their like, which follow their number.
    Mark(Unit),
    /// An era's first year, less one.
    Era(i32),
    /// A sign.
    Sign(char),
    Space,
    /// A word that only joins: "um", "de", "г.".
    Joint,
    /// Anything else.
    Other,
}

/// An item and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    pub item: Item,
    pub range: Range<usize>,
}

/// Cuts a text into items.
pub fn tokens(marked: &Marked, languages: Languages) -> Vec<Token> {
    let text = marked.folded.text.as_str();
    let bytes = text.as_bytes();
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    let mut hit = 0;
    while at < text.len() {
        let push = |tokens: &mut Vec<Token>, item, end| tokens.push(Token { item, range: at..end });
        if bytes[at].is_ascii_digit() {
            let end = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            let number = text[at..end].parse().unwrap_or(u64::MAX);
            push(&mut tokens, Item::Number(number, end - at), end);
            at = end;
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        if c == ' ' {
            push(&mut tokens, Item::Space, at + 1);
            at += 1;
            continue;
        }
        while marked.hits.get(hit).is_some_and(|known| known.range.start < at) {
            hit += 1;
        }
        let after_number = tokens
            .iter()
            .rev()
            .find(|token| token.item != Item::Space)
            .is_some_and(|token| matches!(token.item, Item::Number(..) | Item::One));
        if let Some((item, end)) = word(marked, hit, at, languages, after_number) {
            push(&mut tokens, item, end);
            at = end;
            continue;
        }
        if is_letter(c) {
            let end = if is_unspaced(c) {
                at + c.len_utf8()
            } else {
                let rest = text[at..].char_indices().skip(1);
                rest.into_iter().find(|(_, c)| !(is_letter(*c) || *c == '\'')).map_or(text.len(), |(end, _)| at + end)
            };
            let item = if is_single(&text[at..end], after_number) { Item::Joint } else { Item::Other };
            push(&mut tokens, item, end);
            at = end;
            continue;
        }
        push(&mut tokens, Item::Sign(c), at + c.len_utf8());
        at += c.len_utf8();
    }
    tokens
}

fn is_letter(c: char) -> bool {
    (c.is_alphanumeric() && !c.is_ascii_digit()) || crate::reading::text::is_combining_mark(c)
}

/// A weekday shortened to one sign ("六", "P"), which says nothing beside a date.
fn is_single(word: &str, after_number: bool) -> bool {
    let mut letters = word.chars();
    let letter = letters.next().is_some_and(|c| c.is_alphabetic() && !is_unspaced(c)) && letters.next().is_none();
    letter && after_number
        || matches!(word, "一" | "二" | "三" | "四" | "五" | "六" | "日" | "月" | "火" | "水" | "木" | "金" | "土")
}

/// The longest word of times at a place.
fn word(marked: &Marked, first: usize, at: usize, languages: Languages, after_number: bool) -> Option<(Item, usize)> {
    let text = marked.folded.text.as_str();
    let rest = &text[at..];
    let bounded = |word: &str| {
        is_boundary(word.chars().next_back(), rest[word.len()..].chars().next())
            && is_boundary(text[..at].chars().next_back(), word.chars().next())
    };
    let mut best: Option<(usize, u32, Item)> = None;
    let mut offer = |weight: u32, length: usize, item: Item| {
        if best.is_none_or(|(long, known, _)| (length, weight) > (long, known)) {
            best = Some((length, weight, item));
        }
    };
    for hit in marked.hits[first.min(marked.hits.len())..].iter().take_while(|hit| hit.range.start == at) {
        for meaning in Lexicon::get().meanings(hit) {
            // "a month ago": a letter that also means "before noon" does so only behind a number.
            if matches!(meaning.sense, Sense::Am | Sense::Pm) && hit.range.len() == 1 && !after_number {
                continue;
            }
            if let Some((weight, item)) = meant(meaning.sense, after_number) {
                let native = weight > 0 && meaning.languages & languages != 0;
                offer(if native { weight + 10 } else { weight }, hit.range.len(), item);
            }
        }
    }
    for (word, item) in words::at(rest) {
        let weight = match item {
            _ if !bounded(word) && !matches!(item, Item::Mark(_) | Item::Era(_)) => continue,
            Item::Mark(_) if !after_number => continue,
            Item::Mark(_) => 18,
            Item::Zone(seconds) => {
                // "GMT+8"; a name with an offset of its own has no other.
                let (more, length) = if seconds == 0 { offset(&rest[word.len()..]).unwrap_or((0, 0)) } else { (0, 0) };
                offer(9, word.len() + length, Item::Zone(seconds + more));
                continue;
            }
            Item::Joint => 2,
            _ => 8,
        };
        offer(weight, word.len(), item);
    }
    if after_number {
        // "14T10:22", "41Z".
        if rest.starts_with('t') && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
            offer(30, 1, Item::Joint);
        }
        if rest.starts_with('z') && !rest[1..].starts_with(char::is_alphanumeric) {
            offer(30, 1, Item::Zone(0));
        }
    }
    // "R8/4/14": the era's letter, where the language has it.
    if rest.starts_with('r')
        && rest[1..].starts_with(|c: char| c.is_ascii_digit())
        && languages & languages_of("ja") != 0
    {
        offer(30, 1, Item::Era(2018));
    }
    best.map(|(length, _, item)| (item, at + length))
}

/// The item that a sense is, and how much it weighs against other words as long.
fn meant(sense: Sense, after_number: bool) -> Option<(u32, Item)> {
    Some(match sense {
        Sense::Month(month) => (3, Item::Month(u32::from(month))),
        Sense::Weekday(day) => (3, Item::Weekday(u32::from(day))),
        Sense::Am => (3, Item::Half(Half::Am)),
        Sense::Pm => (3, Item::Half(Half::Pm)),
        Sense::Unit(unit) if after_number => (6, Item::Unit(unit)),
        Sense::Past(unit) if after_number => (23, Item::Past(unit)),
        Sense::Fixed(Unit::Day, days) => (3, Item::Before(u64::from(days))),
        Sense::Fixed(unit, count) => (5, Item::Fixed(u64::from(count), unit)),
        Sense::Word(Concept::JustNow) => (3, Item::Fixed(0, Unit::Minute)),
        Sense::Word(Concept::Today) => (3, Item::Before(0)),
        Sense::Word(Concept::Yesterday) => (3, Item::Before(1)),
        Sense::Word(Concept::Ago) => (4, Item::Ago),
        // A word that joins goes before them.
        Sense::Word(Concept::Approx) => (0, Item::Approx),
        Sense::Word(Concept::One) => (1, Item::One),
        _ => return None,
    })
}

/// The two first numbers of dates such as "14/4/26".
pub fn short_dates(tokens: &[Token]) -> Vec<(u64, u64)> {
    let mut dates = Vec::new();
    for window in tokens.windows(5) {
        let [a, s, b, t, c] = window else { continue };
        if let (
            Item::Number(first, 1 | 2),
            Item::Sign(sign),
            Item::Number(second, 1 | 2),
            Item::Sign(other),
            Item::Number(_, 2 | 4),
        ) = (a.item, s.item, b.item, t.item, c.item)
            && sign == other
            && matches!(sign, '/' | '-')
        {
            dates.push((first, second));
        }
    }
    dates
}
