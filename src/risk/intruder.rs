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
    let nats = case.page.intruders.iter().map(|intruder| likeness(case, intruder)).fold(0.0, f64::max);
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
    use super::{SAME_NETWORK, Traits};
    use crate::memory::{Answer, RowId};
    use crate::risk::{Own, Snapshot, assess};
    use crate::session::Row;
    use crate::world::World;

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

    #[test]
    fn a_stranger_of_another_exchange_is_one_here_too_and_the_persons_own_network_is_not() {
        let said = |row: Row| {
            let strangers = vec![Traits::of(&foreign_login()), Traits::of(&own_login())];
            let snapshot = Snapshot { logins: vec![(RowId("new".into()), row)], strangers, ..Snapshot::default() };
            let judged = assess(&memory(), &snapshot, &Own::default(), &World::default(), now());
            nats(&judged.rows[0], "intruder")
        };
        assert!(said(Row { os: Some("Windows".into()), ..foreign_login() }) >= SAME_NETWORK);
        assert_eq!(said(own_login()), 0.0);
    }
}
