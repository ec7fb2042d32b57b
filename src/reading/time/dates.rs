//! Dates: in numbers, with a month's name, with 年 月 日 and their like.

use chrono::Datelike;

use super::items::Item;
use super::parts::Reader;
use super::{Clock, Date, Order, Parts};
use crate::reading::lexicon::{Unit, languages_of};
use crate::reading::text::is_unspaced;

impl Reader<'_, '_> {
    /// "2026年4月14日", "14時12分", "4월 14일".
    pub fn marked(&mut self) -> bool {
        let start = self.at;
        let mut at = start;
        let (mut year, mut month, mut day) = (None, None, None);
        let mut clock: Option<Clock> = None;
        let mut end = start;
        while let Some(Item::Number(value, digits)) = self.item_at(at) {
            let Some(next) = self.next(at + 1) else { break };
            let small = u32::try_from(value).unwrap_or(u32::MAX);
            match self.tokens[next].item {
                Item::Mark(Unit::Year) if clock.is_none() => year = Some(self.year(value, digits)),
                Item::Mark(Unit::Month) if clock.is_none() => month = Some(small),
                // The lexicon's months bear their number: "4月".
                Item::Month(_) if clock.is_none() => month = Some(small),
                Item::Mark(Unit::Day) if clock.is_none() => day = Some(small),
                Item::Mark(Unit::Hour) => clock = Some(Clock { hour: small, minute: None, second: None, half: None }),
                Item::Mark(Unit::Minute) | Item::Unit(Unit::Minute) => {
                    let Some(clock) = &mut clock else { break };
                    clock.minute = Some(small);
                }
                Item::Mark(Unit::Second) | Item::Unit(Unit::Second) => {
                    let Some(clock) = &mut clock else { break };
                    clock.second = Some(small);
                }
                // "14時12分5.250秒".
                Item::Sign('.') if clock.is_some_and(|clock| clock.minute.is_some()) => {
                    let Some(unit) = self.next(next + 2) else { break };
                    if !matches!(self.tokens[unit].item, Item::Mark(Unit::Second) | Item::Unit(Unit::Second)) {
                        break;
                    }
                    if let Some(clock) = &mut clock {
                        clock.second = Some(small);
                    }
                    end = unit + 1;
                    break;
                }
                _ => break,
            }
            end = next + 1;
            let Some(following) = self.next(end) else { break };
            if !matches!(self.tokens[following].item, Item::Number(..)) {
                break;
            }
            at = following;
        }
        let date = match (year, month, day) {
            (year, Some(month), Some(day)) => Some(Date::Full(year, month, day)),
            (Some(year), Some(month), None) => Some(Date::Month(year, month)),
            _ => None,
        };
        if date.is_none() && clock.is_none() {
            return false;
        }
        if let Some(date) = date {
            self.set_date(date, start, end);
        }
        if let Some(clock) = clock {
            self.set_clock(clock, start, end);
        }
        true
    }

    /// "令和8年4月14日", "R8/4/14": the year of an era.
    pub fn era(&mut self, first: i32) -> bool {
        let Some(at) = self.next(self.at + 1) else { return false };
        let (Item::Number(value, digits @ 1..=2), start) = (self.tokens[at].item, self.at) else { return false };
        self.at = at;
        let year = first + i32::try_from(value).unwrap_or(0);
        let numeric = |sign, month, again, day| match (sign, month, again, day) {
            (
                Some(Item::Sign(sign @ ('/' | '-' | '.'))),
                Some(Item::Number(month, 1 | 2)),
                Some(Item::Sign(again)),
                Some(Item::Number(day, 1 | 2)),
            ) if sign == again => Some(Date::Full(Some(year), month as u32, day as u32)),
            _ => None,
        };
        let read = match numeric(self.item(1), self.item(2), self.item(3), self.item(4)) {
            Some(date) => self.set_date(date, at, at + 5),
            None => digits <= 2 && self.marked(),
        };
        if !read {
            self.at = start;
            return false;
        }
        if let Some(Parts { date: Some(date), range, .. }) = &mut self.open {
            match date {
                Date::Full(known, ..) => *known = Some(year),
                Date::Month(known, _) => *known = year,
                _ => {}
            }
            range.start = range.start.min(self.tokens[start].range.start);
        }
        true
    }

    /// "2026-04-14", "14.04.26", "2026. 4. 14.", "14/4", "20260414T141205".
    pub fn numeric_date(&mut self, first: u64, digits: usize) -> bool {
        let start = self.at;
        if digits == 8 {
            return self.basic(first);
        }
        let Some(Item::Sign(sign @ ('-' | '/' | '.'))) = self.item(1) else { return false };
        let spaced = usize::from(self.item(2) == Some(Item::Space));
        let Some(Item::Number(second, length)) = self.item(2 + spaced) else { return false };
        if digits > 4 || length > 2 || (spaced == 1 && sign != '.') {
            return false;
        }
        // "14.12.05" after a date is a clock with points; so it is in Indonesian, whose dates have strokes.
        let pointed = self.is_dated() || self.context.languages & languages_of("id") != 0;
        if sign == '.' && spaced == 0 && length == 2 && pointed && first < 25 && second < 60 {
            return false;
        }
        let third = match (self.item(3 + spaced), self.item(4 + spaced), self.item(5 + spaced)) {
            (Some(Item::Sign(again)), Some(Item::Number(third, length)), _) if again == sign && spaced == 0 => {
                Some((third, length, start + 5))
            }
            (Some(Item::Sign('.')), Some(Item::Space), Some(Item::Number(third, length))) if spaced == 1 => {
                Some((third, length, start + 7))
            }
            // "1/12/พ.ศ. 2568": the era before its year.
            (Some(Item::Sign(again)), Some(Item::Joint), _) if again == sign && spaced == 0 => {
                self.next(start + 5).and_then(|at| match self.tokens[at].item {
                    Item::Number(third, 4) => Some((third, 4, at + 1)),
                    _ => None,
                })
            }
            _ => None,
        };
        let (small, second32) = (first as u32, second as u32);
        let Some((third, long, end)) = third else {
            return digits <= 2 && self.yearless(sign, spaced == 1, small, second32);
        };
        // The day of "2026. 4. 14." has its point too.
        let pointed = spaced == 1 && self.item_at(end) == Some(Item::Sign('.'));
        let end = end + usize::from(pointed);
        let date = if digits == 4 || (spaced == 1 && digits == 2 && long <= 2) {
            if long > 2 {
                return false;
            }
            Date::Full(Some(self.year(first, digits)), second32, third as u32)
        } else if long <= 2 && digits == 2 && sign != '.' && (first > 31 || self.is_year_first()) {
            // "26/4/14", "25-12-01": of a language that begins with the year.
            if !self.is_recent(first) {
                return false;
            }
            Date::Full(Some(self.year(first, digits)), second32, third as u32)
        } else if long == 2
            && digits == 2
            && sign != '.'
            && self.context.order == Order::Unknown
            && self.is_recent(first)
        {
            // "26/02/14" may begin or end with its year.
            Date::Open
        } else if digits > 2 || !matches!(long, 2 | 4) {
            return false;
        } else if sign == '.' {
            // "1.11.60" is a version: a short year goes with two digits of day or month, or with a clock.
            let padded = self.text[self.tokens[start].range.start..].starts_with('0') || length == 2 && second < 10;
            let full = padded || (digits == 2 && length == 2);
            if long == 2 && !(full || self.is_beside_clock(end)) {
                return false;
            }
            Date::Full(Some(self.year(third, long)), second32, small)
        } else if (2440..2643).contains(&third) {
            // Whoever counts from the Buddha writes the day first.
            Date::Full(Some(self.year(third, long)), second32, small)
        } else {
            Date::Either(Some(self.year(third, long)), small, second32)
        };
        // A short year that lies far ahead is of another calendar, or no year.
        let ahead = |year: i32| long == 2 && year > self.context.now.year() + 10;
        let far = matches!(date, Date::Full(Some(year), ..) | Date::Either(Some(year), ..) if ahead(year));
        self.set_date(if far { Date::Open } else { date }, start, end)
    }

    /// "20260414T141205": the basic form of ISO 8601, with its clock.
    fn basic(&mut self, number: u64) -> bool {
        let (Some(Item::Joint), Some(Item::Number(clock, digits @ (4 | 6)))) = (self.item(1), self.item(2)) else {
            return false;
        };
        if self.tokens.get(self.at + 1).and_then(|token| self.text.get(token.range.clone())) != Some("t") {
            return false;
        }
        let start = self.at;
        let number = number as u32;
        let hms = if digits == 4 { clock as u32 * 100 } else { clock as u32 };
        let second = (digits == 6).then_some(hms % 100);
        let clock = Clock { hour: hms / 10_000, minute: Some(hms / 100 % 100), second, half: None };
        self.set_date(Date::Full(Some((number / 10_000) as i32), number / 100 % 100, number % 100), start, start + 1)
            && self.set_clock(clock, start, start + 3)
    }

    /// "14/4", "04-13", "14.04.", "12. 1.": without a year only beside a clock or a weekday, so that "1/2" of something is no date.
    fn yearless(&mut self, sign: char, spaced: bool, first: u32, second: u32) -> bool {
        let start = self.at;
        let mut end = start + 3 + usize::from(spaced);
        if sign == '.' && self.item_at(end) == Some(Item::Sign('.')) {
            end += 1;
        } else if self.item_at(end) == Some(Item::Sign(sign)) || spaced {
            return false;
        }
        let weekday = self.open.as_ref().is_some_and(|open| matches!(open.date, Some(Date::Weekday(_))));
        let pointed = sign == '.' && end == start + 3;
        if !(self.is_beside_clock(end) || weekday && !pointed && self.ends_at(end)) {
            return false;
        }
        let date = if sign == '.' {
            if spaced { Date::Full(None, first, second) } else { Date::Full(None, second, first) }
        } else if self.context.yearless == Order::MonthFirst
            || self.context.yearless == Order::Unknown && self.text.chars().any(is_unspaced)
        {
            Date::Full(None, first, second)
        } else {
            Date::Either(None, first, second)
        };
        self.set_date(date, start, end)
    }

    /// Whether a clock stands behind the date that ends at `end`, or has been read before it.
    fn is_beside_clock(&self, end: usize) -> bool {
        let clocked = self.open.as_ref().is_some_and(|open| open.clock.is_some() && open.date.is_none());
        let next = self.next_of_weight(end);
        // "31.5.26 Sun 23:59".
        let day = next.filter(|next| matches!(self.tokens[*next].item, Item::Weekday(_)));
        let next = day.map_or(next, |day| self.next_of_weight(day + 1));
        clocked
            || next.is_some_and(|next| {
                self.is_clock(next)
                    || self.is_pointed_clock(next)
                    || self.is_lettered_clock(next)
                    || matches!(self.tokens[next].item, Item::Half(_))
            })
    }

    /// Whether dates of the page's language begin with the year.
    pub fn is_year_first(&self) -> bool {
        self.context.order == Order::Unknown && self.context.yearless == Order::MonthFirst
    }

    /// "14 Apr 2026", "14. April", "14 de abril de 2026", "2026 Apr 14".
    pub fn written_date(&mut self, first: u64, digits: usize) -> bool {
        let Some(month_at) = self.next_of_weight(self.at + 1) else { return false };
        // "14/Apr/2026", "14-Apr-26".
        let signed = matches!(self.tokens[month_at].item, Item::Sign('-' | '/'));
        let month_at = month_at + usize::from(signed);
        let Some(Item::Month(month)) = self.item_at(month_at) else { return false };
        if digits == 4 {
            let Some(day_at) = self.next_of_weight(month_at + 1) else { return false };
            let day_at = day_at + usize::from(signed);
            let Some(Item::Number(day @ 1..=31, 1 | 2)) = self.item_at(day_at) else { return false };
            let year = self.year(first, 4);
            return self.set_date(Date::Full(Some(year), month, day as u32), self.at, day_at + 1);
        }
        if digits > 2 || !(1..=31).contains(&first) {
            return false;
        }
        let mut end = month_at + 1;
        let mut year = None;
        if let Some(year_at) = self.next_of_weight(end) {
            let year_at = year_at + usize::from(signed && matches!(self.tokens[year_at].item, Item::Sign('-' | '/')));
            if let Some(value) = self.year_at(year_at) {
                year = Some(value);
                end = year_at + 1;
            }
        }
        self.set_date(Date::Full(year, month, first as u32), self.at, end)
    }

    /// "Apr 14, 2026", "April 2026".
    pub fn month_first(&mut self, month: u32) -> bool {
        let Some(day_at) = self.next_of_weight(self.at + 1) else { return false };
        let Item::Number(value, digits) = self.tokens[day_at].item else { return false };
        // "mar 14:12": Tuesday in Spanish and Italian.
        let mar = self.text.get(self.tokens[self.at].range.clone()) == Some("mar");
        if mar && self.is_clock(day_at) {
            return self.set_date(Date::Weekday(2), self.at, self.at + 1);
        }
        if digits == 4 {
            let year = self.year(value, 4);
            return self.set_date(Date::Month(year, month), self.at, day_at + 1);
        }
        // "mar 31 mar": a weekday that is called like a month; so in "mar 07/04/2026".
        let next = self.next_of_weight(day_at + 1).map(|at| self.tokens[at].item);
        if matches!(next, Some(Item::Month(_))) || matches!(self.item_at(day_at + 1), Some(Item::Sign('/' | '-'))) {
            return false;
        }
        // "April 14:12" would be a clock after a month.
        if !(1..=31).contains(&value) || digits > 2 || self.is_clock(day_at) {
            return false;
        }
        let mut end = day_at + 1;
        let mut year = None;
        if let Some(year_at) = self.next_of_weight(end)
            && let Some(value) = self.year_at(year_at)
        {
            year = Some(value);
            end = year_at + 1;
        }
        self.set_date(Date::Full(year, month, value as u32), self.at, end)
    }

    /// "Tue Apr 14 14:12:05 2026": the year behind the clock.
    pub fn late_year(&mut self, value: u64, digits: usize) -> bool {
        let year = self.year(value, digits);
        let near = (self.context.now.year() - 15..=self.context.now.year() + 1).contains(&year);
        match &mut self.open {
            Some(Parts { date: Some(Date::Full(known @ None, ..)), clock: Some(_), .. }) if digits == 4 && near => {
                *known = Some(year);
            }
            _ => return false,
        }
        self.extend(self.at + 1)
    }

    /// A year at a place: of four digits, or of two where no clock begins.
    fn year_at(&self, at: usize) -> Option<i32> {
        let Some(Item::Number(value, digits)) = self.item_at(at) else { return None };
        let clock = match self.item_at(at + 1) {
            Some(Item::Sign(':')) => digits == 2,
            Some(Item::Sign('.')) => matches!(self.item_at(at + 2), Some(Item::Number(_, 2))),
            next => {
                let next = if next == Some(Item::Space) { self.item_at(at + 2) } else { next };
                // "26 PM" is a clock, "26 PM 2:12" a year before one.
                let half = matches!(next, Some(Item::Half(_)))
                    && !self.next(at + 1).and_then(|half| self.next(half + 1)).is_some_and(|next| self.is_clock(next));
                digits == 2 && (half || matches!(next, Some(Item::Unit(Unit::Hour) | Item::Mark(Unit::Hour))))
            }
        };
        (matches!(digits, 2 | 4) && !clock && !(digits == 2 && value < 20)).then(|| self.year(value, digits))
    }

    /// Whether two digits are a year of the last ones.
    fn is_recent(&self, value: u64) -> bool {
        (0..15).contains(&(self.context.now.year() + 1 - self.year(value, 2)))
    }

    /// The year meant: of two digits the one of this century, Buddhist years as such.
    fn year(&self, value: u64, digits: usize) -> i32 {
        let value = i32::try_from(value).unwrap_or(0);
        if digits <= 2 {
            let thai = self.context.languages & languages_of("th") != 0
                || self.text.chars().any(|c| matches!(c, '\u{e00}'..='\u{e7f}'));
            let year = 2000 + value;
            return if thai && year > self.context.now.year() + 1 { year + 500 - 543 } else { year };
        }
        if (2440..2643).contains(&value) { value - 543 } else { value }
    }
}
