//! A run of failed attempts right before a login: somebody was guessing, and then somebody got in.

use chrono::TimeDelta;

use super::case::{Case, Weighed};
use crate::explain::{Arg, Message};

/// How long before the login the attempts count.
const WINDOW: TimeDelta = TimeDelta::hours(2);
/// From how many on a run is a burst: people mistype a few times.
const BURST: usize = 5;
const SOME: usize = 3;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    if case.is_failed() {
        return None;
    }
    let at = case.row.signed_in_at.as_ref()?.at;
    let failures = case.page.failures_between(at - WINDOW, at);
    let nats = match failures {
        n if n >= BURST => 2.5,
        n if n >= SOME => 0.7,
        _ => return None,
    };
    Weighed::new(nats, Message::new("evidence_failed_burst").with(Arg::Count(failures as u64)))
}
