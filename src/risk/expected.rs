//! A sign-in on a device that is not the person's, of which they told: expected until its end. What lives on after that
//! gets nothing of it, and is looked for (`update::diary`).

use chrono::{DateTime, TimeDelta, Utc};

use super::case::{Case, Weighed};
use crate::explain::Message;
use crate::memory::Expected;
use crate::reading::device;
use crate::session::{Form, Row};

const EXPECTED: f64 = -4.0;
/// What was told without a word that a list would show ("a friend's") fits whoever signs in meanwhile.
const VAGUE: f64 = -2.0;
/// How long before it was told of the sign-in may have been.
const TOLD_LATE: TimeDelta = TimeDelta::days(2);

/// The name of the signal: what it speaks for is not learned as the person's own.
pub(super) const NAME: &str = "expected";

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let told = case.page.expected();
    let entry = told.iter().find(|entry| is_of(entry, case.row) && case.page.now <= entry.until)?;
    let named = device::read(&entry.device);
    let tells = entry.country.is_some() || named.is_some() || named.form != Form::Unknown;
    Weighed::new(
        if tells { EXPECTED } else { VAGUE },
        Message::new("evidence_expected").with_text(entry.device.as_str()),
    )
}

/// Whether a row is of a sign-in that was told of: of its time, and at odds with nothing that was told.
pub(super) fn is_of(entry: &Expected, row: &Row) -> bool {
    let began = row.signed_in_at.as_ref().or(row.last_active_at.as_ref());
    let within = |at: DateTime<Utc>| entry.from - at <= TOLD_LATE && at <= entry.until;
    began.is_some_and(|time| within(time.at)) && fits(entry, row)
}

fn fits(entry: &Expected, row: &Row) -> bool {
    let agree = |told: &Option<String>, shown: &Option<String>| match (told, shown) {
        (Some(told), Some(shown)) => told.eq_ignore_ascii_case(shown),
        _ => true,
    };
    let told = device::read(&entry.device);
    let form = told.form == Form::Unknown || row.form == Form::Unknown || told.form == row.form;
    form && agree(&told.os, &row.os)
        && agree(&told.browser, &row.browser)
        && agree(&told.model, &row.model)
        && agree(&entry.country, &row.country)
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::memory::Memory;
    use crate::risk::{Snapshot, assess};
    use crate::world::World;

    /// What is remembered when the person has told of a device in Nigeria, from two days ago until the hours given.
    fn told(device: &str, hours: i64) -> Memory {
        let mut memory = memory();
        memory.expect(Expected {
            device: device.into(),
            country: Some("NG".into()),
            from: now() - TimeDelta::days(2),
            until: now() + TimeDelta::hours(hours),
        });
        memory
    }

    fn said(memory: &Memory, row: Row) -> f64 {
        nats(&judged(memory, vec![row])[0], NAME)
    }

    #[test]
    fn a_sign_in_that_was_told_of_is_expected() {
        assert_eq!(said(&told("the hotel's", 24), foreign_login()), EXPECTED);
        assert_eq!(said(&memory(), foreign_login()), 0.0);
    }

    #[test]
    fn a_vague_word_excuses_less() {
        let mut memory = told("a friend's", 24);
        memory.expected.iter_mut().for_each(|entry| entry.country = None);
        assert_eq!(said(&memory, foreign_login()), VAGUE);
    }

    #[test]
    fn one_at_another_time_in_another_country_or_on_another_system_is_not() {
        let early = Row { signed_in_at: hours_ago(24 * 5), ..foreign_login() };
        assert_eq!(said(&told("the hotel's", 24), early), 0.0);
        assert_eq!(said(&told("the hotel's", 24), Row { country: Some("RU".into()), ..foreign_login() }), 0.0);
        let windows = Row { os: Some("Windows".into()), form: Form::Desktop, ..foreign_login() };
        assert_eq!(said(&told("iPhone of a friend", 24), windows), 0.0);
    }

    #[test]
    fn after_its_end_it_is_no_more_expected() {
        assert_eq!(said(&told("the hotel's", -1), foreign_login()), 0.0);
    }

    #[test]
    fn a_borrowed_device_does_not_become_the_persons_own() {
        let mut memory = told("the hotel's", 24);
        let snapshot =
            Snapshot { logins: vec![(crate::memory::RowId("1".into()), foreign_login())], ..Snapshot::default() };
        let judged = assess(&memory, &snapshot, &Default::default(), &World::default(), now());
        memory.learn(&snapshot, &judged, &World::default(), now());
        let row = memory.row(crate::memory::ListName::Logins, &crate::memory::RowId("1".into()));
        assert_eq!(row.map(|row| row.weight()), Some(0.0));
    }
}
