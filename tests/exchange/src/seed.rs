//! The past of an account: weeks of ordinary logins, and the person's own other devices.

use chrono::{DateTime, TimeDelta, Utc};

use crate::account::{Account, Factor, LoginRecord, Machine, Outcome, PlantedSession, User};
use crate::device::{Device, Line, Place};

/// How far the written history reaches back.
const WEEKS: i64 = 8;

/// An account as it is when the exchange opens: no session yet but the phone's, which the caller plants.
pub(crate) fn account(user: User, own: &Line, now: DateTime<Utc>) -> Account {
    Account { user, sessions: Vec::new(), logins: history(own, now), removed: Default::default(), own_browser: None }
}

/// The person's own other devices: a phone on its mobile network, for a month; a tablet at home, for three weeks.
pub(crate) fn own_devices(own: &Line) -> Vec<PlantedSession> {
    vec![
        PlantedSession::new(phone(), mobile(own), TimeDelta::seconds(2_705_171), TimeDelta::seconds(11_734)),
        PlantedSession::new(tablet(), own.clone(), TimeDelta::seconds(1_668_509), TimeDelta::seconds(94_427)),
    ]
}

fn phone() -> Device {
    Device::phone_app("iPhone 15 Pro", "iOS", "17.4", "2.81.3")
}

fn tablet() -> Device {
    Device { form: crate::device::Form::Tablet, ..Device::desktop("Safari", "17.4", "iPadOS", "17.4") }
}

/// The phone's own network, in the city in which its owner lives.
fn mobile(own: &Line) -> Line {
    if own.place.code == "PT" {
        Line::new("176.79.44.118", Place::new("Lisbon", "Portugal", "PT"), "MEO")
    } else {
        own.clone()
    }
}

/// Logins of a person with habits: workday mornings and evenings at their own browser, the phone at weekends, a
/// mistyped password now and then.
fn history(own: &Line, now: DateTime<Utc>) -> Vec<LoginRecord> {
    let mut records = Vec::new();
    for day in 1..WEEKS * 7 {
        // A fixed pattern in place of chance: the same past on every run.
        let seconds = (day * 37 * 61) % 3_000;
        let at = |hours: i64| now - TimeDelta::days(day) + TimeDelta::seconds(hours * 3_600 + seconds);
        let versions = u32::try_from(day / 28).unwrap_or(0);
        let mut push = |at: DateTime<Utc>, machine: Machine, line: &Line, outcome, factor| {
            if at < now {
                records.push(LoginRecord { at, machine, line: line.clone(), outcome, factor });
            }
        };
        match day % 7 {
            1 | 3 | 4 => {
                push(at(0), Machine::Own(versions), own, Outcome::Success, Factor::Authenticator);
            }
            2 => {
                push(at(-1), Machine::Own(versions), own, Outcome::Success, Factor::Passkey);
                push(at(2), Machine::Known(phone()), &mobile(own), Outcome::Success, Factor::Passkey);
            }
            6 => push(at(1), Machine::Known(phone()), &mobile(own), Outcome::Success, Factor::Passkey),
            _ => {}
        }
        if day % 19 == 0 {
            push(at(-2), Machine::Own(versions), own, Outcome::Failed, Factor::Password);
        }
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_is_long_enough_to_learn_from() {
        let own = Line::new("81.84.17.203", Place::new("Lisbon", "Portugal", "PT"), "NOS");
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let records = history(&own, now);
        assert!(records.len() > 40, "{}", records.len());
        assert!(records.iter().all(|record| record.at < now && record.line.place.code == "PT"));
        assert!(records.iter().any(|record| record.outcome == Outcome::Failed));
        let days = (now - records.iter().map(|record| record.at).min().unwrap_or(now)).num_days();
        assert!(days >= 50, "{days}");
    }
}
