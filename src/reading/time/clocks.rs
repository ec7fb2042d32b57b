//! Clocks and zones: "14:12:05", "2:12 PM", "14 h 12", "下午2:12", "UTC+8".

use chrono::TimeDelta;

use super::items::Item;
use super::parts::Reader;
use super::{Clock, Date, Half};
use crate::reading::lexicon::{Unit, languages_of};

impl Reader<'_, '_> {
    /// Whether "14:12" stands at a place.
    pub fn is_clock(&self, at: usize) -> bool {
        matches!(
            (self.item_at(at), self.item_at(at + 1), self.item_at(at + 2)),
            (Some(Item::Number(0..=24, 1 | 2)), Some(Item::Sign(':')), Some(Item::Number(0..=59, 2)))
        )
    }

    /// Whether "14 h 12" stands at a place.
    pub fn is_lettered_clock(&self, at: usize) -> bool {
        let number = matches!(self.item_at(at), Some(Item::Number(0..=24, 1 | 2)));
        let letter = self.next(at + 1).filter(|at| self.text.get(self.tokens[*at].range.clone()) == Some("h"));
        let minute = letter.and_then(|at| self.next(at + 1)).and_then(|at| self.item_at(at));
        number && matches!(minute, Some(Item::Number(0..=59, 2)))
    }

    /// Whether "14.12" stands at a place and is the end of the text.
    pub fn is_pointed_clock(&self, at: usize) -> bool {
        matches!(
            (self.item_at(at), self.item_at(at + 1), self.item_at(at + 2)),
            (Some(Item::Number(0..=24, 1 | 2)), Some(Item::Sign('.')), Some(Item::Number(0..=59, 2)))
        ) && self.ends_at(at + 3)
    }

    /// "14:12:05", "2:12 PM", "14h12", "14 h 12 min 05 s", "14.12" where a language writes so, "8 a.m.".
    pub fn clock(&mut self, hour: u64, digits: usize) -> bool {
        if digits > 2 || hour > 24 {
            return false;
        }
        let start = self.at;
        let mut clock = Clock { hour: hour as u32, minute: None, second: None, half: None };
        let mut end = start + 1;
        let sign = match self.item(1) {
            Some(Item::Sign(':')) => Some(':'),
            Some(Item::Sign('.')) if self.writes_points() => Some('.'),
            _ => None,
        };
        if let (Some(sign), Some(Item::Number(minute @ 0..=59, 2))) = (sign, self.item(2)) {
            clock.minute = Some(minute as u32);
            end = start + 3;
            if let (Some(Item::Sign(again)), Some(Item::Number(second @ 0..=60, 2))) = (self.item(3), self.item(4))
                && (again == sign || matches!((sign, again), (':', '.') | ('.', ':')))
            {
                clock.second = Some((second as u32).min(59));
                end = start + 5;
                // Fractions of a second.
                let fraction = (self.item_at(end), self.item_at(end + 1));
                if let (Some(Item::Sign(point @ ('.' | ',' | '٫'))), Some(Item::Number(_, 1..=9))) = fraction {
                    end += if point == sign { 0 } else { 2 };
                }
            }
        } else if let Some(until) = self.lettered(&mut clock, start + 1) {
            end = until;
        }
        // "1:20 дня": the day's second half, not a number of days.
        if let (Some(next), true) = (self.next(end), clock.minute.is_some()) {
            let day =
                self.tokens[next].item == Item::Unit(Unit::Day) && self.text[self.tokens[next].range.clone()] == *"дня";
            if day {
                clock.half = Some(Half::Pm);
                end = next + 1;
            }
        }
        // "06.49.20. PM": the point that ends a clock of points.
        let pointed = sign == Some('.') && self.item_at(end) == Some(Item::Sign('.'));
        if let Some(next) = self.next(end + usize::from(pointed))
            && let Item::Half(half) = self.tokens[next].item
        {
            // Before a next clock it is that one's.
            let ahead = self.next(next + 1).is_some_and(|at| self.is_clock(at));
            if !ahead {
                clock.half = Some(half);
                end = next + 1;
                if self.item_at(end) == Some(Item::Sign('.')) {
                    end += 1;
                }
            }
        }
        // An hour of twelve with nothing but a half: "8 a.m.".
        let bare = clock.minute.is_none() && (clock.half.is_none() || clock.hour > 12);
        if bare || !self.set_clock(clock, start, end) {
            return false;
        }
        // "16.12:05 h".
        if let (Some(next), true) = (self.next(end), clock.minute.is_some())
            && self.item_at(next) == Some(Item::Unit(Unit::Hour))
        {
            self.extend(next + 1);
        }
        self.glued_offset(clock);
        true
    }

    /// "14h12", "14 h 12 min 05 s": letters where the colons would be. Gives where it ends.
    fn lettered(&self, clock: &mut Clock, from: usize) -> Option<usize> {
        let at = self.next(from)?;
        let is_h = matches!(self.item_at(at)?, Item::Unit(Unit::Hour) | Item::Joint)
            && self.text.get(self.tokens[at].range.clone()) == Some("h");
        // "13 h 20" alone is a length; beside a date it is a clock.
        let dated = self.open.as_ref().is_some_and(|open| open.date.is_some() && open.clock.is_none());
        // Canadian French writes every clock so.
        let canadian = self.is_year_first() && self.context.languages & languages_of("fr") != 0;
        if !is_h || !(at == from || dated || canadian) {
            return None;
        }
        let minute_at = self.next(at + 1)?;
        let Item::Number(minute @ 0..=59, 2) = self.item_at(minute_at)? else { return None };
        let mut end = minute_at + 1;
        if let Some(named) = self.next(end).filter(|at| self.item_at(*at) == Some(Item::Unit(Unit::Minute))) {
            // "14h12 min" is a length, unless a date goes before.
            if !dated && !canadian {
                return None;
            }
            end = named + 1;
            if let Some((second, until)) = self.lettered_second(end) {
                clock.second = Some(second);
                end = until;
            }
        }
        clock.minute = Some(minute as u32);
        Some(end)
    }

    /// "05 s", "05,250 s" behind minutes, and where it ends.
    fn lettered_second(&self, from: usize) -> Option<(u32, usize)> {
        let mut at = self.next(from)?;
        let Item::Number(second @ 0..=60, 2) = self.item_at(at)? else { return None };
        if let (Some(Item::Sign('.' | ',')), Some(Item::Number(..))) = (self.item_at(at + 1), self.item_at(at + 2)) {
            at += 2;
        }
        let unit = self.next(at + 1).filter(|at| self.item_at(*at) == Some(Item::Unit(Unit::Second)))?;
        Some(((second as u32).min(59), unit + 1))
    }

    /// An hour with nothing after it but its word or the end of the text: "14 Uhr", "pukul 14".
    pub fn hour(&mut self, hour: u64, digits: usize) -> bool {
        if digits > 2 || hour > 23 || self.at > 0 && !matches!(self.tokens[self.at - 1].item, Item::Space) {
            return false;
        }
        let (start, mut end) = (self.at, self.at + 1);
        let word = self.next(end).filter(|at| {
            let mark = matches!(self.tokens[*at].item, Item::Unit(Unit::Hour) | Item::Mark(Unit::Hour));
            mark || self.tokens[*at].item == Item::Joint
        });
        if let Some(word) = word {
            end = word + 1;
        }
        let zoned = self.next(end).is_some_and(|at| matches!(self.tokens[at].item, Item::Zone(_)));
        let dated = self.is_dated() && (self.ends_at(end) || zoned);
        // "14 giờ 3 tháng 1, 2026": the hour before its date.
        let before = word.is_some_and(|at| self.text.get(self.tokens[at].range.clone()) == Some("giờ"))
            && self.next(end).is_some_and(|at| matches!(self.tokens[at].item, Item::Number(..)));
        (dated || before)
            && self.set_clock(Clock { hour: hour as u32, minute: None, second: None, half: None }, start, end)
    }

    /// "下午11:12": the half goes before its clock; or it stands behind one that was taken.
    pub fn half_first(&mut self, half: Half) -> bool {
        let Some(next) = self.next(self.at + 1) else { return false };
        let Item::Number(value, digits) = self.tokens[next].item else { return false };
        let start = self.at;
        self.at = next;
        if !(self.marked() || self.clock(value, digits)) {
            self.at = start;
            // "오후 2": an hour of twelve.
            if self.is_dated() && digits <= 2 && (1..=12).contains(&value) && self.ends_at(next + 1) {
                let clock = Clock { hour: value as u32, minute: None, second: None, half: Some(half) };
                return self.set_clock(clock, start, next + 1);
            }
            return false;
        }
        if let Some(open) = &mut self.open {
            if let Some(clock) = &mut open.clock {
                clock.half.get_or_insert(half);
            }
            open.range.start = open.range.start.min(self.tokens[start].range.start);
        }
        true
    }

    /// "UTC", "MEZ", "GMT+8" behind a clock or between a date and its clock.
    pub fn zone(&mut self, offset: i32) -> bool {
        let clocked = self.open.as_ref().is_some_and(|open| open.clock.is_some())
            || self.is_dated() && {
                let next = self.next(self.at + 1).and_then(|at| self.item_at(at));
                matches!(next, Some(Item::Number(0..=24, 1 | 2) | Item::Half(_)))
            };
        match &mut self.open {
            Some(open) if clocked && open.offset.is_none() => open.offset = Some(offset),
            _ => return false,
        }
        self.extend(self.at + 1)
    }

    /// A name that several zones share is the reader's own zone if that is one of them, or the language's country's.
    pub fn shared_zone(&mut self, minutes: &[i32]) -> bool {
        // In either half of the year.
        let now = self.context.now;
        let own = [now, now - TimeDelta::days(182)].map(|moment| self.context.zone.offset_at(moment) / 60);
        let own = minutes.iter().find(|minutes| own.contains(minutes));
        match own.or_else(|| minutes.iter().find(|minutes| self.context.at_home == Some(**minutes))) {
            Some(minutes) => self.zone(minutes * 60),
            None => false,
        }
    }

    /// "+08:00", "-0300" glued to the clock, or after a space.
    fn glued_offset(&mut self, clock: Clock) {
        let place = self.tokens.get(self.at - 1).map_or(0, |token| token.range.end);
        if clock.minute.is_none() {
            return;
        }
        let rest = &self.text[place..];
        let Some((seconds, length)) = offset(rest).filter(|(_, length)| *length >= 3 || rest.starts_with('+')) else {
            return;
        };
        let until = place + length;
        // "14:12 -3 minutes" states no zone.
        if rest.starts_with(" -") && !rest[..length].contains(':') && length < 6 {
            return;
        }
        if let Some(open) = &mut self.open {
            open.offset = Some(seconds);
            open.range.end = until;
        }
        while self.tokens.get(self.at).is_some_and(|token| token.range.start < until) {
            self.at += 1;
        }
    }

    /// Whether the time at hand has a date and waits for its clock.
    pub fn is_dated(&self) -> bool {
        self.open
            .as_ref()
            .is_some_and(|open| open.date.is_some_and(|date| !matches!(date, Date::Weekday(_))) && open.clock.is_none())
    }

    /// Whether clocks are written with points: in Indonesian, after a date, after "alle".
    fn writes_points(&self) -> bool {
        let dated = self.open.as_ref().is_some_and(|open| open.date.is_some());
        let joined = self.at >= 2 && self.tokens[self.at - 2].item == Item::Joint;
        let two = matches!(self.item(0), Some(Item::Number(_, 2)));
        dated || joined || two && self.context.languages & languages_of("id") != 0
    }
}

/// "+8", "+08:00", "-0330" at the start of a text: seconds, and how long it is.
pub fn offset(text: &str) -> Option<(i32, usize)> {
    let rest = text.trim_start_matches(' ');
    let skipped = text.len() - rest.len();
    let sign = match rest.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits = rest[1..].bytes().take_while(u8::is_ascii_digit).count();
    let mut length = skipped + 1 + digits;
    let number: i32 = rest[1..=digits].parse().ok()?;
    let (hours, mut minutes) = match digits {
        1 | 2 => (number, 0),
        3 | 4 => (number / 100, number % 100),
        _ => return None,
    };
    if digits <= 2 {
        let more = &text[length..];
        let two = more.bytes().skip(1).take_while(u8::is_ascii_digit).count();
        // "+5.30" is how Indonesian writes it.
        if more.starts_with([':', '.']) && two == 2 {
            minutes = more[1..3].parse().ok()?;
            length += 3;
        }
    }
    (hours <= 14 && minutes < 60).then_some((sign * (hours * 3600 + minutes * 60), length))
}
