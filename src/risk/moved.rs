//! A session of the person's that shows a network they never used, though nobody signed in from there: what a stolen
//! cookie looks like, and a phone on its way.

use super::case::{Case, Weighed};
use crate::explain::Message;
use crate::memory::{Fact, ListName};

const MOVED: f64 = 0.6;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let (block, seen) = case.own(Fact::Block)?;
    let before = case.remembered?;
    let was = before.traits.block.as_deref()?;
    let signed_in = case.page.signed_in_from(block);
    if case.list != ListName::Sessions || was == block || seen.count > 0.0 || signed_in {
        return None;
    }
    Weighed::new(MOVED, Message::new("evidence_moved"))
}
