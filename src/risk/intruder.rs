//! What a row has in common with one that the person called foreign, and that is not the person's own as well.

use super::case::{Case, Weighed};
use crate::explain::Message;
use crate::memory::{Fact, Traits};

const SAME_NETWORK: f64 = 2.5;
const SAME_DEVICE: f64 = 1.0;
const MOST: f64 = 3.5;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    if case.is_owned() {
        return None;
    }
    let nats = case.page.intruders.iter().map(|intruder| likeness(case, &intruder.traits)).fold(0.0, f64::max);
    (nats > 0.0).then(|| Weighed::new(nats.min(MOST), Message::new("evidence_intruder"))).flatten()
}

fn likeness(case: &Case<'_>, intruder: &Traits) -> f64 {
    let shares = |fact| {
        case.own(fact).is_some_and(|(value, seen)| intruder.get(fact) == Some(value) && seen.count <= 0.0)
    };
    let network = if shares(Fact::Network) { SAME_NETWORK } else { 0.0 };
    let device = if shares(Fact::Device) { SAME_DEVICE } else { 0.0 };
    network + device
}
