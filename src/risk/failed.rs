//! An attempt that failed: whoever it was did not get in. By itself it asks nothing of the person; many of them are a
//! finding of the account, and a login that follows them is weighed with them.

use super::case::{Case, Weighed};
use crate::explain::Message;

const NOBODY_GOT_IN: f64 = -12.0;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    if !case.is_failed() {
        return None;
    }
    Weighed::new(NOBODY_GOT_IN, Message::new("evidence_failed"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::session::Outcome;
    use crate::session::Row;

    #[test]
    fn a_failed_attempt_weighs_less_and_a_successful_one_as_it_is() {
        assert_eq!(said("failed", Row { outcome: Some(Outcome::Failed), ..foreign_login() }), super::NOBODY_GOT_IN);
        assert_eq!(said("failed", foreign_login()), 0.0);
    }

    #[test]
    fn a_page_that_does_not_tell_says_nothing() {
        assert_eq!(said("failed", Row { outcome: None, ..foreign_login() }), 0.0);
    }
}
