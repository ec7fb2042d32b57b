//! The runs of items that make one time.

use std::ops::Range;

use super::items::{Item, Token};
use super::{Ago, Clock, Context, Date, Half, Parts};
use crate::reading::lexicon::{Unit, core};

/// The times of a run of items.
pub fn parts(tokens: &[Token], text: &str, context: &Context<'_>) -> Vec<Parts> {
    let mut reader = Reader { tokens, text, core: core(text), context, at: 0, found: Vec::new(), open: None };
    while reader.at < tokens.len() {
        if !reader.step() {
            reader.at += 1;
        }
    }
    reader.close();
    reader.found
}

/// Goes through a run, with the time at hand.
pub struct Reader<'a, 'b> {
    pub tokens: &'a [Token],
    pub text: &'a str,
    /// The text without punctuation at its ends.
    core: Range<usize>,
    pub context: &'a Context<'b>,
    pub at: usize,
    found: Vec<Parts>,
    pub open: Option<Parts>,
}

impl Reader<'_, '_> {
    /// The item so many tokens ahead.
    pub fn item(&self, ahead: usize) -> Option<Item> {
        self.item_at(self.at + ahead)
    }

    /// The item at a place.
    pub fn item_at(&self, at: usize) -> Option<Item> {
        self.tokens.get(at).map(|token| token.item)
    }

    /// The index of the next token from `from` that is no space.
    pub fn next(&self, from: usize) -> Option<usize> {
        (from..self.tokens.len()).find(|at| self.tokens[*at].item != Item::Space)
    }

    /// The index of the next token from `from` that is no space, joint, comma, full stop or apostrophe.
    pub fn next_of_weight(&self, from: usize) -> Option<usize> {
        let light = |item| matches!(item, Item::Space | Item::Joint | Item::Sign(',' | '.' | '\'' | '،' | '、'));
        (from..self.tokens.len()).find(|at| !light(self.tokens[*at].item))
    }

    /// Whether the text ends, punctuation aside, with the token before `at`.
    pub fn ends_at(&self, at: usize) -> bool {
        self.tokens.get(at.wrapping_sub(1)).is_some_and(|token| token.range.end >= self.core.end)
    }

    /// Takes what stands at the place, if it is part of a time.
    fn step(&mut self) -> bool {
        match self.tokens[self.at].item {
            Item::Number(value, digits) => {
                self.ago(self.at)
                    || self.marked()
                    || self.numeric_date(value, digits)
                    || self.clock(value, digits)
                    || self.written_date(value, digits)
                    || self.late_year(value, digits)
                    || self.hour(value, digits)
            }
            Item::Era(year) => self.era(year),
            Item::Ago | Item::Approx | Item::One => self.ago(self.at),
            Item::Month(month) => self.month_first(month),
            Item::Before(days) => self.set_date(Date::Before(days), self.at, self.at + 1),
            Item::Weekday(day) => {
                // A weekday beside a date says nothing new.
                if self.open.as_ref().is_some_and(|open| open.date.is_some()) {
                    self.extend(self.at + 1)
                } else if self.follows_year() {
                    // "1 A 2026 Pazartesi 13:20": of a date that was not understood.
                    false
                } else {
                    self.set_date(Date::Weekday(day), self.at, self.at + 1)
                }
            }
            Item::Fixed(count, unit) => {
                let (start, end) = (self.at, self.at + 1);
                // "this month" within other words is no time.
                let whole = self.tokens[start].range.start <= self.core.start && self.ends_at(end);
                if count == 0 && unit > Unit::Minute && !whole {
                    return false;
                }
                self.take(start, end, |parts| parts.ago = Some(Ago(vec![(count, unit)])))
            }
            Item::Struck(hour) => {
                // "12:00 noon".
                if let Some(Parts { clock: Some(clock), .. }) = &mut self.open {
                    let half = if hour == 12 { Half::Midday } else { Half::Night };
                    clock.half.get_or_insert(half);
                    return self.extend(self.at + 1);
                }
                let clock = Clock { hour, minute: Some(0), second: None, half: None };
                self.set_clock(clock, self.at, self.at + 1)
            }
            Item::Half(half) => self.half_first(half),
            Item::Zone(offset) => self.zone(offset),
            Item::SharedZone(minutes) => self.shared_zone(minutes),
            _ => false,
        }
    }

    fn follows_year(&self) -> bool {
        let mut before = self.tokens[..self.at].iter().rev().map(|token| token.item);
        matches!(before.find(|item| *item != Item::Space), Some(Item::Number(1990..=2100, 4)))
    }

    /// "5 minutes ago", "vor 1 Woche", "3 hours 5 minutes ago", "an hour ago", "5h".
    fn ago(&mut self, from: usize) -> bool {
        let mut at = from;
        // "-5 min": the narrowest way to say that it has passed.
        let signed = from.checked_sub(1).map(|before| &self.tokens[before]).filter(|token| token.range.start == 0);
        let mut before = signed.is_some_and(|token| token.item == Item::Sign('-'));
        if signed.is_some_and(|token| token.item == Item::Sign('+')) {
            return false;
        }
        let mut spans: Vec<(u64, Unit)> = Vec::new();
        let mut passed = false;
        let mut end = from;
        let mut glued = true;
        while at < self.tokens.len() {
            match self.tokens[at].item {
                Item::Space | Item::Approx => {}
                Item::Ago if spans.is_empty() => before = true,
                Item::Ago => {
                    passed = true;
                    end = at + 1;
                    break;
                }
                // A unit's point: "5 Std."
                Item::Joint | Item::Sign(',' | '.') if !spans.is_empty() => {}
                Item::Number(..) | Item::One => {
                    let count = match self.tokens[at].item {
                        Item::Number(count, _) => count,
                        _ => 1,
                    };
                    let Some(next) = self.next(at + 1) else { break };
                    match self.tokens[next].item {
                        Item::Unit(unit) => {
                            glued &= next == at + 1;
                            spans.push((count, unit));
                        }
                        Item::Mark(unit) => spans.push((count, unit)),
                        // "-1 г."
                        Item::Joint if before && self.text[self.tokens[next].range.clone()].starts_with('г') => {
                            spans.push((count, Unit::Year));
                        }
                        Item::Past(unit) => {
                            spans.push((count, unit));
                            passed = true;
                        }
                        _ => break,
                    }
                    at = next;
                    end = next + 1;
                    if passed {
                        break;
                    }
                }
                _ => break,
            }
            at += 1;
        }
        // Units run from large to small.
        let ordered = spans.windows(2).all(|pair| pair[0].1 > pair[1].1);
        // "5h" alone is short for "5h ago"; "30 days" is a length.
        let whole = self.tokens[from].range.start <= self.core.start && self.ends_at(end);
        let unit = end.checked_sub(1).and_then(|at| self.text.get(self.tokens[at].range.clone())).unwrap_or_default();
        let known = !unit.is_ascii() || matches!(unit, "s" | "m" | "min" | "h" | "hr" | "d" | "w" | "mo" | "y" | "yr");
        let short = glued && whole && spans.len() == 1 && self.text.len() <= 6 && known;
        if spans.is_empty() || !ordered || !(before || passed || short) {
            return false;
        }
        self.close();
        self.take(from, end, |parts| parts.ago = Some(Ago(spans)));
        if self.item(0) == Some(Item::Sign('.')) {
            self.extend(self.at + 1);
        }
        self.close();
        true
    }

    /// Begins a time with its date, or gives one to the time at hand.
    pub fn set_date(&mut self, date: Date, start: usize, end: usize) -> bool {
        if self.open.as_ref().is_some_and(|open| open.date.is_some_and(|known| !matches!(known, Date::Weekday(_)))) {
            self.close();
        }
        self.take(start, end, |parts| parts.date = Some(date))
    }

    /// Begins a time with its clock, or gives one to the time at hand.
    pub fn set_clock(&mut self, clock: Clock, start: usize, end: usize) -> bool {
        if self.open.as_ref().is_some_and(|open| open.clock.is_some()) {
            self.close();
        }
        self.take(start, end, |parts| parts.clock = Some(clock))
    }

    /// Adds to the time at hand, or begins one; goes on after `end`.
    pub fn take(&mut self, start: usize, end: usize, set: impl FnOnce(&mut Parts)) -> bool {
        let range = self.tokens[start].range.start..self.tokens[end - 1].range.end;
        if self.open.as_ref().is_some_and(|open| open.ago.is_some() || !self.joins(open, range.start)) {
            self.close();
        }
        let parts = self.open.get_or_insert_with(|| Parts { range: range.clone(), ..Parts::default() });
        parts.range = parts.range.start.min(range.start)..parts.range.end.max(range.end);
        set(parts);
        self.at = end;
        true
    }

    /// Whether what stands between the time at hand and its next part may join the two.
    fn joins(&self, open: &Parts, start: usize) -> bool {
        let between = self.text.get(open.range.end..start).unwrap_or_default();
        // A weekday may stand in brackets between them.
        let bracket = between.contains(['(', '[']) && between.chars().count() > 8;
        // "Tue, A 7, 2026, 12:00": a weekday does not go with what stands behind another date.
        let stray = between.bytes().any(|byte| byte.is_ascii_digit());
        between.chars().count() <= 16 && !bracket && !stray && !between.contains(['|', ';', '•', '·', '/'])
    }

    /// Lets the time at hand reach to `end`.
    pub fn extend(&mut self, end: usize) -> bool {
        if let Some(open) = &mut self.open {
            open.range.end = open.range.end.max(self.tokens[end - 1].range.end);
        }
        self.at = end;
        true
    }

    fn close(&mut self) {
        if let Some(parts) = self.open.take()
            && (parts.ago.is_some() || parts.date.is_some() || parts.clock.is_some())
        {
            self.found.push(parts);
        }
    }
}
