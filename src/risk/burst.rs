//! A run of failed attempts right before a login: somebody was guessing, and then somebody got in.

use chrono::TimeDelta;

use super::case::{Case, Weighed};
use crate::explain::{Arg, Message};

/// How long before the login the attempts count.
const WINDOW: TimeDelta = TimeDelta::hours(2);
/// From how many on a run is a burst: people mistype a few times.
const BURST: usize = 5;
const SOME: usize = 3;
const GUESSED: f64 = 3.5;
const MISTYPED: f64 = 0.7;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    if case.is_failed() {
        return None;
    }
    let at = case.row.signed_in_at.as_ref()?.at;
    let failures = case.page.failures_before(at, WINDOW);
    let nats = match failures {
        n if n >= BURST => GUESSED,
        n if n >= SOME => MISTYPED,
        _ => return None,
    };
    Weighed::new(nats, Message::new("evidence_failed_burst").with(Arg::Count(failures as u64)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::session::Outcome;
    use crate::session::Row;

    fn after_failures(count: usize, hours: i64) -> f64 {
        let mut rows = vec![foreign_login()];
        let failure = Row { outcome: Some(Outcome::Failed), signed_in_at: hours_ago(3 + hours), ..foreign_login() };
        rows.extend(std::iter::repeat_n(failure, count));
        nats(&judged(&memory(), rows)[0], "failed-burst")
    }

    #[test]
    fn a_burst_before_a_login_speaks_against() {
        assert_eq!(after_failures(super::BURST, 1), super::GUESSED);
        assert!(after_failures(super::BURST - 1, 1) < super::GUESSED);
    }

    #[test]
    fn mistyping_twice_says_nothing() {
        assert_eq!(after_failures(2, 1), 0.0);
    }

    #[test]
    fn failures_of_another_time_say_nothing() {
        assert_eq!(after_failures(20, 3), 0.0);
        assert_eq!(after_failures(20, -1), 0.0);
    }
}
