//! A row that was there at an earlier visit, when nothing spoke against it. Only a stolen cookie turns such a session into
//! somebody else's, and that is much rarer than a new login of somebody else's.

use super::case::{Case, Weighed};
use crate::explain::Message;
use crate::memory::Standing;

const FAMILIAR: f64 = -3.0;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let remembered = case.before()?;
    // What the person said of the row weighs by itself.
    let counts = remembered.standing == Standing::Own && remembered.answer.is_none() && !case.is_failed();
    if !counts {
        return None;
    }
    Weighed::new(FAMILIAR, Message::new("evidence_familiar"))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::super::testing::*;
    use crate::memory::{Answer, ListName, RowId};
    use crate::risk::{Own, Snapshot, assess};
    use crate::session::Row;
    use crate::world::World;

    /// What is said of a row at its second visit.
    fn again(row: Row, answer: Option<Answer>) -> f64 {
        let mut memory = memory();
        let id = RowId("row".into());
        let snapshot = Snapshot { logins: vec![(id.clone(), row)], ..Snapshot::default() };
        let first = assess(&memory, &snapshot, &Own::default(), &World::default(), now());
        assert_eq!(nats(&first.rows[0], "familiar"), 0.0, "at its first visit");
        memory.learn(&snapshot, &first, &World::default(), now());
        memory.answer(ListName::Logins, &id, answer);
        let said =
            |then| nats(&assess(&memory, &snapshot, &Own::default(), &World::default(), then).rows[0], "familiar");
        assert_eq!(said(now() + TimeDelta::minutes(20)), 0.0, "at another look of that visit");
        said(now() + TimeDelta::hours(2))
    }

    #[test]
    fn a_row_that_nothing_spoke_against_is_familiar_at_its_second_visit() {
        assert_eq!(again(own_login(), None), super::FAMILIAR);
    }

    #[test]
    fn one_that_was_flagged_does_not_become_so_by_being_seen_again() {
        assert_eq!(again(foreign_login(), None), 0.0);
    }

    #[test]
    fn the_persons_word_takes_its_place() {
        assert_eq!(again(own_login(), Some(Answer::Mine)), 0.0);
    }
}
