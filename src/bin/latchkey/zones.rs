//! The shell's time zones, from the IANA database.

use chrono::{DateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use latchkey::zone::{Transition, Zone};

/// A zone's offsets from 1990 to 2050, found by asking the database day by day: it has no public list of them.
pub fn table(zone: Tz) -> Zone {
    let offset = |moment: DateTime<Utc>| zone.offset_from_utc_datetime(&moment.naive_utc()).fix().local_minus_utc();
    let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    let (mut day, end) = (at(631_152_000), at(2_524_608_000));
    let mut current = offset(day);
    let mut transitions = vec![Transition { from: i64::MIN, offset: current }];
    while day < end {
        let next = day + TimeDelta::days(1);
        if offset(next) != current {
            let (mut before, mut after) = (day.timestamp(), next.timestamp());
            while after - before > 1 {
                let middle = before + (after - before) / 2;
                if offset(at(middle)) == current { before = middle } else { after = middle }
            }
            current = offset(next);
            transitions.push(Transition { from: after, offset: current });
        }
        day = next;
    }
    Zone::from_transitions(zone.name(), transitions)
}
