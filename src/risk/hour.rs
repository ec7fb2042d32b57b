//! The hour of the person's own day. Weak on purpose: people wake at night. It speaks against a device that was never
//! seen, hardly so on a line of the person's, and never against their own device.

use chrono::Timelike;

use super::case::{Case, Weighed};
use super::device;
use crate::explain::{Arg, Message};
use crate::memory::Fact;

/// How many logins must be known before their hours say anything.
const LOGINS: f64 = 12.0;
/// How many logins spread evenly over the day are added to those known.
const EVEN: f64 = 6.0;
const FLOOR: f64 = -0.4;
const CAP: f64 = 0.8;
/// The most that it says where the network is the person's, or is not told.
const AT_HOME: f64 = 0.3;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let at = case.row.signed_in_at.as_ref()?.at;
    let known: f64 = case.page.hours.iter().sum();
    if known < LOGINS {
        return None;
    }
    let hour = case.page.own.zone.to_local(at).hour() as usize;
    let near: f64 = [(22, 0.5), (23, 0.8), (0, 1.0), (1, 0.8), (2, 0.5)]
        .iter()
        .map(|(shift, weight)| weight * case.page.hours[(hour + shift) % 24])
        .sum::<f64>()
        / 3.6;
    let share = (near + EVEN / 24.0) / (known + EVEN);
    let nats = ((1.0 / 24.0) / share).ln().clamp(FLOOR, most(case));
    let key = if nats > 0.0 { "evidence_hour_unusual" } else { "evidence_hour_usual" };
    Weighed::new(nats, Message::new(key).with(Arg::Time(at)))
}

fn most(case: &Case<'_>) -> f64 {
    match case.own(Fact::Block) {
        _ if device::nats(case) <= 0.0 => 0.0,
        Some((_, seen)) if seen.count <= 0.0 => CAP,
        _ => AT_HOME,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::memory::Memory;
    use crate::session::Row;

    #[test]
    fn an_hour_never_used_speaks_against_a_new_device_a_little_and_at_home_less() {
        let night = |row: Row| said("hour", Row { signed_in_at: hours_ago(10), ..row });
        assert_eq!(night(own_login()), 0.0);
        let away = night(foreign_login());
        let at_home = night(Row { ip: own_login().ip, ..foreign_login() });
        assert!(away <= super::CAP && away > at_home && at_home > 0.0);
        assert_eq!(at_home, super::AT_HOME);
    }

    #[test]
    fn the_usual_hour_speaks_for_and_so_does_the_next() {
        assert!(said("hour", Row { signed_in_at: hours_ago(24), ..own_login() }) < 0.0);
        assert!(said("hour", Row { signed_in_at: hours_ago(25), ..own_login() }) < 0.0);
    }

    #[test]
    fn too_few_logins_say_nothing_and_neither_does_a_row_without_a_time() {
        assert_eq!(nats(&judged(&Memory::default(), vec![own_login()])[0], "hour"), 0.0);
        assert_eq!(said("hour", Row { signed_in_at: None, ..own_login() }), 0.0);
    }
}
