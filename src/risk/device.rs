//! The device without its versions.

use super::case::{Case, Weighed};
use super::surprise::{Shape, surprise};
use crate::explain::Message;
use crate::memory::Fact;

const SHAPE: Shape = Shape { share: 0.15, openness: 1.0, spread: 0.7, floor: -1.2, cap: 2.5 };

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let (value, seen) = case.own(Fact::Device)?;
    let nats = surprise(seen, SHAPE);
    let key = if nats > 0.0 { "evidence_device_new" } else { "evidence_device_usual" };
    Weighed::new(nats, Message::new(key).with_text(case.row.device.as_deref().unwrap_or(value)))
}
