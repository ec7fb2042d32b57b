//! The person's time zone, as a table of offsets.
//!
//! The core carries no zone database: the shell fills the table from one, the extension from the browser's own `Intl`.

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta, Utc};

/// Seconds east of UTC, from a moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// From when, in Unix seconds.
    pub from: i64,
    /// Seconds east of UTC.
    pub offset: i32,
}

/// A time zone: its name and its offsets over time.
///
/// ```
/// use latchkey::zone::Zone;
/// let zone = Zone::fixed("Asia/Hong_Kong", 8 * 3600);
/// let local = chrono::NaiveDate::from_ymd_opt(2026, 4, 14).unwrap().and_hms_opt(21, 12, 5).unwrap();
/// assert_eq!(zone.to_utc(local).to_rfc3339(), "2026-04-14T13:12:05+00:00");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    /// In order of time; never empty.
    transitions: Vec<Transition>,
}

impl Zone {
    /// UTC.
    pub fn utc() -> Self {
        Self::fixed("UTC", 0)
    }

    /// A zone that never changes, `offset` seconds east of UTC.
    pub fn fixed(name: &str, offset: i32) -> Self {
        Self { name: name.to_owned(), transitions: vec![Transition { from: i64::MIN, offset }] }
    }

    /// A zone from its transitions, in any order; the earliest offset also holds before it. None at all is UTC.
    pub fn from_transitions(name: &str, mut transitions: Vec<Transition>) -> Self {
        crate::order::by_key(&mut transitions, |transition| transition.from);
        if transitions.is_empty() {
            return Self::fixed(name, 0);
        }
        Self { name: name.to_owned(), transitions }
    }

    /// The zone's IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Seconds east of UTC at a moment.
    pub fn offset_at(&self, moment: DateTime<Utc>) -> i32 {
        self.offset_at_seconds(moment.timestamp())
    }

    /// The moment that a clock on the wall means. Of a time that happens twice the earlier one is meant; a time that
    /// never happens is read with the offset before the gap.
    pub fn to_utc(&self, local: NaiveDateTime) -> DateTime<Utc> {
        let wall = local.and_utc().timestamp();
        let mut before = self.transitions[0].offset;
        for (i, transition) in self.transitions.iter().enumerate() {
            let moment = wall.saturating_sub(i64::from(transition.offset));
            let until = self.transitions.get(i + 1).map_or(i64::MAX, |next| next.from);
            if moment < until {
                if moment >= transition.from {
                    before = transition.offset;
                }
                break;
            }
            before = transition.offset;
        }
        (local - TimeDelta::seconds(i64::from(before))).and_utc()
    }

    /// What the wall's clock shows at a moment.
    pub fn to_local(&self, moment: DateTime<Utc>) -> NaiveDateTime {
        let utc = moment.naive_utc();
        let offset = FixedOffset::east_opt(self.offset_at(moment));
        offset.and_then(|offset| utc.checked_add_offset(offset)).unwrap_or(utc)
    }

    fn offset_at_seconds(&self, seconds: i64) -> i32 {
        let after = self.transitions.partition_point(|transition| transition.from <= seconds);
        self.transitions[after.saturating_sub(1)].offset
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::utc()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{NaiveDate, TimeZone};

    /// Berlin's summer of 2026: +2 from 29 March 01:00 UTC to 25 October 01:00 UTC.
    fn berlin() -> Zone {
        let at = |m, d| Utc.with_ymd_and_hms(2026, m, d, 1, 0, 0).unwrap().timestamp();
        Zone::from_transitions(
            "Europe/Berlin",
            vec![
                Transition { from: i64::MIN, offset: 3600 },
                Transition { from: at(3, 29), offset: 7200 },
                Transition { from: at(10, 25), offset: 3600 },
            ],
        )
    }

    fn wall(m: u32, d: u32, h: u32, min: u32) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, m, d).unwrap().and_hms_opt(h, min, 0).unwrap()
    }

    #[test]
    fn summer_and_winter_have_their_own_offset() {
        assert_eq!(berlin().to_utc(wall(1, 10, 12, 0)), Utc.with_ymd_and_hms(2026, 1, 10, 11, 0, 0).unwrap());
        assert_eq!(berlin().to_utc(wall(7, 10, 12, 0)), Utc.with_ymd_and_hms(2026, 7, 10, 10, 0, 0).unwrap());
    }

    #[test]
    fn a_time_that_happens_twice_is_the_earlier_one() {
        assert_eq!(berlin().to_utc(wall(10, 25, 2, 30)), Utc.with_ymd_and_hms(2026, 10, 25, 0, 30, 0).unwrap());
    }

    #[test]
    fn a_time_that_never_happens_is_read_with_the_offset_before() {
        assert_eq!(berlin().to_utc(wall(3, 29, 2, 30)), Utc.with_ymd_and_hms(2026, 3, 29, 1, 30, 0).unwrap());
    }

    #[test]
    fn there_and_back_is_the_same() {
        let moment = Utc.with_ymd_and_hms(2026, 8, 1, 3, 4, 5).unwrap();
        assert_eq!(berlin().to_utc(berlin().to_local(moment)), moment);
    }
}
