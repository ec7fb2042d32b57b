//! The device without its versions. A model's name is rarer than "Chrome on Windows", and tells more when it fits.

use super::case::{Case, NEVER, Weighed};
use super::surprise::{Shape, surprise};
use crate::explain::Message;
use crate::memory::Fact;

const COMMON: Shape = Shape { share: 0.15, openness: 1.0, spread: 0.7, floor: -1.1, cap: 3.6 };
const NAMED: Shape = Shape { share: 0.03, floor: -1.6, ..COMMON };
/// What a new device says besides in an account that is well known.
const WELL_KNOWN: f64 = 0.4;
/// What it says for a new device on a carrier of the person's that the page shows it elsewhere as well: a phone that goes
/// out and comes home.
const ELSEWHERE: f64 = 1.6;
/// The most that a new device says at first sight: a page shows each of a person's devices once or twice.
const FIRST_SIGHT: f64 = 2.0;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let (value, _) = case.own(Fact::Device)?;
    let nats = nats(case);
    let key = match nats {
        _ if case.is_older_than_before() => "evidence_device_older",
        nats if nats > 0.0 => "evidence_device_new",
        _ => "evidence_device_usual",
    };
    Weighed::new(nats, Message::new(key).with_text(case.row.device.as_deref().unwrap_or(value)))
}

/// The evidence alone.
pub(super) fn nats(case: &Case<'_>) -> f64 {
    let Some((_, seen)) = case.own(Fact::Device) else { return 0.0 };
    let seen = if case.is_older_than_before() { case.seen(Fact::Device, NEVER) } else { seen };
    // A device never seen weighs the same by either shape.
    let nats = surprise(seen, if case.row.model.is_some() { NAMED } else { COMMON });
    let nats = if case.is_first_sight() { nats.min(FIRST_SIGHT) } else { nats };
    match nats {
        nats if nats <= 0.0 => nats,
        nats => {
            let nats = if case.is_little_known() { nats } else { nats + WELL_KNOWN };
            if case.is_elsewhere_too() { (nats - ELSEWHERE).max(0.0) } else { nats }
        }
    }
}

/// What a new system and a new browser say beyond the device that they make: nothing that its being new has said.
pub(super) fn beyond(case: &Case<'_>, system: f64, browser: f64) -> (f64, f64) {
    let device = nats(case).max(0.0);
    let rest = (device - system.max(0.0)).max(0.0);
    let left = |nats: f64, said: f64| if nats > 0.0 { (nats - said).max(0.0) } else { nats };
    (left(system, device), left(browser, rest))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::session::Row;

    #[test]
    fn a_device_never_used_speaks_against() {
        assert!(said("device", foreign_login()) > 1.0);
    }

    #[test]
    fn an_update_does_not() {
        let updated =
            Row { device: Some("Chrome 150 (Windows)".into()), browser_version: Some("150".into()), ..own_login() };
        assert!(said("device", updated) < 0.0);
    }

    fn on_system(version: &str) -> Row {
        Row { os_version: Some(version.into()), ..own_login() }
    }

    #[test]
    fn a_system_that_grew_younger_is_another_device_and_one_that_grew_older_is_not() {
        let memory = answered(on_system("11"), crate::memory::Answer::Mine);
        let of = |row: Row| nats(&judged(&memory, vec![Row::default(), row])[1], "device");
        let later = |version: &str| Row { signed_in_at: hours_ago(1), ..on_system(version) };
        assert!(of(later("10")) > 1.0);
        assert!(of(later("11")) < 0.0 && of(later("12")) < 0.0);
        assert!(of(Row { os_version: None, ..later("10") }) < 0.0);
        assert!(of(Row { signed_in_at: hours_ago(99), ..later("10") }) < 0.0, "it was older then");
    }

    #[test]
    fn a_new_device_that_comes_home_speaks_against_less() {
        let memory = memory_in(world(), &[HOME]);
        let phone = |address: &str, hours| Row {
            device: Some("Pixel 9".into()),
            model: Some("Pixel 9".into()),
            ip: Some(address.into()),
            signed_in_at: hours_ago(hours),
            ..own_login()
        };
        let alone = nats(&judged_in(world(), &memory, vec![phone(HOME, 3)])[0], "device");
        let out_too = judged_in(world(), &memory, vec![phone(HOME, 3), phone(ANOTHER_LINE, 9)]);
        assert!(nats(&out_too[0], "device") < alone);
    }

    #[test]
    fn a_model_that_fits_says_more_than_a_browser_that_fits() {
        let phone = Row { device: Some("Pixel 9".into()), model: Some("Pixel 9".into()), browser: None, ..own_login() };
        assert!(said("device", phone) < said("device", own_login()));
    }

    #[test]
    fn a_device_of_which_nothing_is_told_says_nothing() {
        let row = Row { device: Some("Unknown device".into()), signed_in_at: hours_ago(3), ..Row::default() };
        assert_eq!(said("device", row), 0.0);
    }
}
