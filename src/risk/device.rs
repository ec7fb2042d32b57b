//! The device without its versions. A model's name is rarer than "Chrome on Windows", and tells more when it fits.

use super::case::{Case, Weighed};
use super::surprise::{Shape, surprise};
use crate::explain::Message;
use crate::memory::Fact;

const COMMON: Shape = Shape { share: 0.15, openness: 1.0, spread: 0.7, floor: -1.2, cap: 2.5 };
const NAMED: Shape = Shape { share: 0.03, floor: -2.0, ..COMMON };

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let (value, seen) = case.own(Fact::Device)?;
    // A device never seen weighs the same by either shape.
    let nats = surprise(seen, if case.row.model.is_some() { NAMED } else { COMMON });
    let key = if nats > 0.0 { "evidence_device_new" } else { "evidence_device_usual" };
    Weighed::new(nats, Message::new(key).with_text(case.row.device.as_deref().unwrap_or(value)))
}
