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
    let shares =
        |fact| case.own(fact).is_some_and(|(value, seen)| intruder.get(fact) == Some(value) && seen.count <= 0.0);
    let network = if shares(Fact::Network) { SAME_NETWORK } else { 0.0 };
    let device = if shares(Fact::Device) { SAME_DEVICE } else { 0.0 };
    network + device
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::memory::Answer;
    use crate::session::Row;

    fn beside(intruder: Row, row: Row) -> f64 {
        nats(&judged(&answered(intruder, Answer::NotMine), vec![Row::default(), row])[1], "intruder")
    }

    #[test]
    fn the_same_network_speaks_against_and_the_device_adds_to_it() {
        let other = Row { device: Some("Opera 99 (Linux)".into()), ..foreign_login() };
        assert_eq!(beside(foreign_login(), other), super::SAME_NETWORK);
        assert_eq!(beside(foreign_login(), foreign_login()), super::SAME_NETWORK + super::SAME_DEVICE);
    }

    #[test]
    fn what_is_the_persons_own_as_well_says_nothing() {
        let guest = Row { device: Some("Firefox 150 (Linux)".into()), ..own_login() };
        assert_eq!(beside(guest, own_login()), 0.0);
    }

    #[test]
    fn nothing_in_common_says_nothing() {
        assert_eq!(beside(foreign_login(), own_login()), 0.0);
    }
}
