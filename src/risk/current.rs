//! The session in which the person looks at the page.

use super::case::{Case, Weighed};
use crate::explain::Message;

const HERE: f64 = -6.0;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    if !case.row.current {
        return None;
    }
    Weighed::new(HERE, Message::new("evidence_current"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::risk::Verdict;
    use crate::session::Row;

    #[test]
    fn the_session_in_use_is_never_an_alarm_of_the_second_kind() {
        let rows = judged(&memory(), vec![Row { current: true, ..foreign_login() }]);
        assert_eq!(nats(&rows[0], "current"), super::HERE);
        assert!(rows[0].verdict < Verdict::Act);
    }

    #[test]
    fn another_session_gets_nothing_of_it() {
        assert_eq!(said("current", own_login()), 0.0);
    }
}
