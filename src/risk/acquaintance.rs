//! How well the account is known. While little is, much of what looks new only was not seen yet.

use super::Stage;
use super::case::{Case, Weighed};
use crate::explain::Message;

const FIRST_SIGHT: f64 = -1.4;
const LEARNING: f64 = -0.5;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let nats = match case.page.stage {
        _ if case.page.thin => FIRST_SIGHT,
        Stage::Learning => LEARNING,
        Stage::Settled => return None,
    };
    Weighed::new(nats, Message::new("evidence_acquaintance"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::memory::Memory;
    use crate::session::Row;

    #[test]
    fn a_first_sight_is_forgiven_more_than_a_later_one() {
        let first = judged(&Memory::default(), vec![foreign_login()]);
        assert_eq!(nats(&first[0], "acquaintance"), super::FIRST_SIGHT);
    }

    #[test]
    fn a_settled_account_is_not() {
        assert_eq!(said("acquaintance", Row { current: false, ..foreign_login() }), 0.0);
    }
}
