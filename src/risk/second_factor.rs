//! What stood as the second factor.

use super::case::{Case, Weighed};
use super::surprise::{Shape, surprise};
use crate::explain::Message;
use crate::memory::Fact;

const SHAPE: Shape = Shape { share: 0.3, openness: 1.0, spread: 0.7, floor: -0.4, cap: 0.9 };

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let (value, seen) = case.own(Fact::SecondFactor)?;
    let nats = surprise(seen, SHAPE);
    let key = if nats > 0.0 { "evidence_second_factor_new" } else { "evidence_second_factor_usual" };
    Weighed::new(nats, Message::new(key).with_text(value))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::memory::Answer;
    use crate::session::Row;
    use crate::session::SecondFactor;

    #[test]
    fn nothing_is_said_where_none_was_ever_shown() {
        assert_eq!(said("second-factor", Row { second_factor: Some(SecondFactor::Sms), ..own_login() }), 0.0);
    }

    #[test]
    fn one_never_used_speaks_against_a_little_and_the_usual_one_for() {
        let memory = answered(Row { second_factor: Some(SecondFactor::Passkey), ..own_login() }, Answer::Mine);
        let of = |factor| {
            let row = Row { second_factor: Some(factor), ip: None, ..own_login() };
            let judged = judged(&memory, vec![Row::default(), row]);
            nats(&judged[1], "second-factor")
        };
        assert!(of(SecondFactor::Sms) > 0.0 && of(SecondFactor::Sms) <= super::SHAPE.cap);
        assert!(of(SecondFactor::Passkey) < 0.0);
    }
}
