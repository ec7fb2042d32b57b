//! The system and the kind of machine.

use super::case::{Case, Weighed};
use super::device;
use super::surprise::{Shape, surprise};
use crate::explain::Message;
use crate::memory::Fact;

const SHAPE: Shape = Shape { share: 0.3, openness: 0.7, spread: 0.5, floor: -0.5, cap: 0.4 };

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let (value, _) = case.own(Fact::Kind)?;
    let (nats, _) = device::beyond(case, nats(case), 0.0);
    let key = if nats > 0.0 { "evidence_system_new" } else { "evidence_system_usual" };
    Weighed::new(nats, Message::new(key).with_text(case.row.os.as_deref().unwrap_or(value)))
}

/// The evidence alone, whatever the device says.
pub(super) fn nats(case: &Case<'_>) -> f64 {
    case.own(Fact::Kind).map_or(0.0, |(_, seen)| surprise(seen, SHAPE))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::session::Row;

    #[test]
    fn a_system_never_used_speaks_against() {
        assert!(said("system", Row { os: Some("HarmonyOS".into()), ..own_login() }) > 0.0);
    }

    #[test]
    fn the_usual_one_speaks_for() {
        assert!(said("system", own_login()) < 0.0);
    }

    #[test]
    fn an_unknown_one_says_nothing() {
        assert_eq!(said("system", Row { os: None, ..own_login() }), 0.0);
    }
}
