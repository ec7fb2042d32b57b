//! The exchange's own app: strangers come by the browser more often, where passwords can be tried by the thousand.

use super::case::{Case, Weighed};
use crate::explain::Message;

const APP: f64 = -0.6;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    case.row.app.as_deref().filter(|app| !app.trim().is_empty())?;
    Weighed::new(APP, Message::new("evidence_app"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::session::Row;

    #[test]
    fn the_exchanges_app_speaks_for() {
        assert_eq!(said("app", Row { app: Some("Exchange".into()), ..foreign_login() }), super::APP);
    }

    #[test]
    fn a_browser_says_nothing_and_neither_does_an_empty_name() {
        assert_eq!(said("app", own_login()), 0.0);
        assert_eq!(said("app", Row { app: Some(" ".into()), ..own_login() }), 0.0);
    }
}
