//! How well the account is known. While little is, much of what looks new only was not seen yet.

use super::Stage;
use super::case::{Case, Weighed};
use crate::explain::Message;

const FIRST_SIGHT: f64 = -1.4;
/// A page may show at a second look what it had no room for at the first.
const SECOND_LOOK: f64 = -1.4;
const LEARNING: f64 = -0.5;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let nats = match case.page.stage {
        _ if case.is_first_sight() => FIRST_SIGHT,
        _ if case.page.is_second_look => SECOND_LOOK,
        Stage::Learning => LEARNING,
        Stage::Settled => return None,
    };
    Weighed::new(nats, Message::new("evidence_acquaintance"))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::super::testing::*;
    use crate::memory::Memory;

    #[test]
    fn a_first_sight_is_forgiven_more_than_a_later_one() {
        let first = judged(&Memory::default(), vec![foreign_login()]);
        assert_eq!(nats(&first[0], "acquaintance"), super::FIRST_SIGHT);
    }

    #[test]
    fn a_second_look_still_is_and_a_settled_account_is_not() {
        let mut memory = memory();
        assert_eq!(nats(&judged(&memory, vec![foreign_login()])[0], "acquaintance"), super::SECOND_LOOK);
        for days in [2, 1] {
            memory.look(now() - TimeDelta::days(days));
        }
        assert_eq!(nats(&judged(&memory, vec![foreign_login()])[0], "acquaintance"), 0.0);
    }
}
