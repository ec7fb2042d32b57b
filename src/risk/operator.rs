//! The network operator that the page names, where it names one.

use super::case::{Case, Weighed};
use super::surprise::{Shape, surprise};
use crate::explain::Message;
use crate::memory::Fact;

const SHAPE: Shape = Shape { share: 0.1, openness: 1.0, spread: 0.7, floor: -0.6, cap: 0.6 };

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let (value, seen) = case.own(Fact::Operator)?;
    let known = case.own(Fact::Carrier).is_some_and(|(_, seen)| seen.total > 0.0);
    if known {
        return None; // the network's own evidence
    }
    let nats = surprise(seen, SHAPE);
    let key = if nats > 0.0 { "evidence_operator_new" } else { "evidence_operator_usual" };
    Weighed::new(nats, Message::new(key).with_text(case.row.isp.as_deref().unwrap_or(value)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::session::Row;

    #[test]
    fn an_operator_never_used_speaks_against() {
        assert!(said("operator", Row { isp: Some("Elsewhere Hosting".into()), ..own_login() }) > 0.0);
    }

    #[test]
    fn the_usual_one_speaks_for() {
        assert!(said("operator", own_login()) < 0.0);
    }

    #[test]
    fn an_unknown_one_says_nothing() {
        assert_eq!(said("operator", Row { isp: None, ..own_login() }), 0.0);
    }
}
