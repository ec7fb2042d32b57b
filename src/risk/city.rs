//! The city that the page names. Weak: on mobile networks it is off by hundreds of kilometres.

use super::case::{Case, Weighed};
use super::surprise::{Shape, surprise};
use crate::explain::Message;
use crate::memory::Fact;

const SHAPE: Shape = Shape { share: 0.1, openness: 1.5, spread: 1.0, floor: -0.3, cap: 0.1 };

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let (value, seen) = case.own(Fact::City)?;
    let nats = surprise(seen, SHAPE);
    let nats = if case.is_new_device() { nats.max(0.0) } else { nats };
    let key = if nats > 0.0 { "evidence_city_new" } else { "evidence_city_usual" };
    Weighed::new(nats, Message::new(key).with_text(case.row.city.as_deref().unwrap_or(value)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::session::Row;

    #[test]
    fn a_city_never_seen_speaks_against() {
        assert!(said("city", Row { city: Some("Faro".into()), ..own_login() }) > 0.0);
    }

    #[test]
    fn the_usual_one_speaks_for() {
        assert!(said("city", own_login()) < 0.0);
    }

    #[test]
    fn an_unknown_one_says_nothing() {
        assert_eq!(said("city", Row { city: None, ..own_login() }), 0.0);
    }
}
