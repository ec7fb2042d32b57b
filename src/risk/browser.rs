//! The browser, or the app of the exchange.

use super::case::{Case, Weighed};
use super::surprise::{Shape, surprise};
use super::{device, kind};
use crate::explain::Message;
use crate::memory::Fact;

const SHAPE: Shape = Shape { share: 0.3, openness: 0.7, spread: 0.5, floor: -0.4, cap: 0.2 };

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let (value, seen) = case.own(Fact::Browser)?;
    let (_, nats) = device::beyond(case, kind::nats(case), surprise(seen, SHAPE));
    let key = if nats > 0.0 { "evidence_browser_new" } else { "evidence_browser_usual" };
    Weighed::new(
        nats,
        Message::new(key).with_text(case.row.browser.as_deref().or(case.row.app.as_deref()).unwrap_or(value)),
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::session::Row;

    #[test]
    fn a_browser_never_used_speaks_against() {
        assert!(said("browser", Row { browser: Some("Opera".into()), ..own_login() }) > 0.0);
    }

    #[test]
    fn the_usual_one_speaks_for() {
        assert!(said("browser", own_login()) < 0.0);
    }

    #[test]
    fn an_unknown_one_says_nothing() {
        assert_eq!(said("browser", Row { browser: None, ..own_login() }), 0.0);
    }
}
