//! How well the account is known. While little is, much of what looks new only was not seen yet.

use super::Stage;
use super::case::{Case, Weighed};
use crate::explain::Message;

const FIRST_SIGHT: f64 = -1.5;
const LEARNING: f64 = -0.5;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let nats = match case.page.stage {
        _ if case.page.thin => FIRST_SIGHT,
        Stage::Learning => LEARNING,
        Stage::Settled => return None,
    };
    Weighed::new(nats, Message::new("evidence_acquaintance"))
}
