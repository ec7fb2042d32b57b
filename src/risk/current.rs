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
