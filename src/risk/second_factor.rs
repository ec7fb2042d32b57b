//! What stood as the second factor.

use super::case::{Case, Weighed};
use super::surprise::{Shape, surprise};
use crate::explain::Message;
use crate::memory::Fact;

const SHAPE: Shape = Shape { share: 0.3, openness: 1.0, spread: 0.7, floor: -0.2, cap: 0.6 };

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let (value, seen) = case.own(Fact::SecondFactor)?;
    let nats = surprise(seen, SHAPE);
    let key = if nats > 0.0 { "evidence_second_factor_new" } else { "evidence_second_factor_usual" };
    Weighed::new(nats, Message::new(key).with_text(value))
}
