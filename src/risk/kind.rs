//! The system and the kind of machine.

use super::case::{Case, Weighed};
use super::surprise::{Shape, surprise};
use crate::explain::Message;
use crate::memory::Fact;

const SHAPE: Shape = Shape { share: 0.3, openness: 0.7, spread: 0.5, floor: -0.5, cap: 1.6 };

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let (value, seen) = case.own(Fact::Kind)?;
    let nats = surprise(seen, SHAPE);
    let key = if nats > 0.0 { "evidence_system_new" } else { "evidence_system_usual" };
    Weighed::new(nats, Message::new(key).with_text(case.row.os.as_deref().unwrap_or(value)))
}
