//! The exchange's own app: strangers come by the browser more often, where passwords can be tried by the thousand.

use super::case::{Case, Weighed};
use crate::explain::Message;

const APP: f64 = -0.6;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    case.row.app.as_deref().filter(|app| !app.trim().is_empty())?;
    Weighed::new(APP, Message::new("evidence_app"))
}
