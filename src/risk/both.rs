//! A network that the person never used here, and that was flagged at another of their exchanges: whoever has come to
//! know a person's passwords tries them everywhere. Theirs on a journey is not flagged there either, on their own device.

use super::case::{Case, Weighed};
use crate::explain::Message;
use crate::memory::Fact;

const AT_BOTH: f64 = 1.2;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let (network, seen) = case.own(Fact::Network)?;
    let mut suspects = case.page.snapshot.suspects.iter();
    let is_there_too = suspects.any(|suspect| suspect.get(Fact::Network) == Some(network));
    if !is_there_too || seen.count > 0.0 || case.is_owned() {
        return None;
    }
    Weighed::new(AT_BOTH, Message::new("evidence_other_exchange"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::memory::{RowId, Traits};
    use crate::risk::{Own, Snapshot, Verdict, assess};
    use crate::session::Row;
    use crate::world::World;

    fn beside(suspect: &Row, row: Row) -> crate::risk::Judged {
        let suspects = vec![Traits::of(suspect)];
        let snapshot = Snapshot { logins: vec![(RowId("new".into()), row)], suspects, ..Snapshot::default() };
        assess(&memory(), &snapshot, &Own::default(), &World::default(), now()).rows.remove(0)
    }

    #[test]
    fn the_same_unknown_network_at_two_exchanges_speaks_against() {
        assert_eq!(nats(&beside(&foreign_login(), foreign_login()), "other-exchange"), super::AT_BOTH);
        assert_eq!(nats(&beside(&own_login(), foreign_login()), "other-exchange"), 0.0);
    }

    #[test]
    fn the_persons_own_network_does_not_whatever_another_exchange_made_of_it() {
        assert_eq!(nats(&beside(&own_login(), own_login()), "other-exchange"), 0.0);
    }

    #[test]
    fn by_itself_it_is_no_second_family_of_evidence() {
        let abroad = Row { ip: foreign_login().ip, country: Some("NG".into()), ..own_login() };
        assert!(beside(&abroad, abroad.clone()).verdict < Verdict::Act);
    }
}
