//! An attempt that failed: whoever it was did not get in.

use super::case::{Case, Weighed};
use crate::explain::Message;

const NOBODY_GOT_IN: f64 = -2.0;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    if !case.is_failed() {
        return None;
    }
    Weighed::new(NOBODY_GOT_IN, Message::new("evidence_failed"))
}
