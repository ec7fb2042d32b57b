//! The device without its versions. A model's name is rarer than "Chrome on Windows", and tells more when it fits.

use super::case::{Case, Weighed};
use super::surprise::{Shape, surprise};
use crate::explain::Message;
use crate::memory::Fact;

const COMMON: Shape = Shape { share: 0.15, openness: 1.0, spread: 0.7, floor: -1.4, cap: 3.6 };
const NAMED: Shape = Shape { share: 0.03, floor: -2.0, ..COMMON };
/// The most that a new device says at first sight: a page shows each of a person's devices once or twice.
const FIRST_SIGHT: f64 = 1.6;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let (value, seen) = case.own(Fact::Device)?;
    // A device never seen weighs the same by either shape.
    let nats = surprise(seen, if case.row.model.is_some() { NAMED } else { COMMON });
    let nats = if case.page.thin { nats.min(FIRST_SIGHT) } else { nats };
    let key = if nats > 0.0 { "evidence_device_new" } else { "evidence_device_usual" };
    Weighed::new(nats, Message::new(key).with_text(case.row.device.as_deref().unwrap_or(value)))
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
