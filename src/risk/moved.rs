//! A session of the person's that shows a network they never used, though nobody signed in from there: what a stolen
//! cookie looks like, and a phone on its way.

use super::case::{Case, Weighed};
use crate::explain::Message;
use crate::memory::{Fact, ListName};

const MOVED: f64 = 0.4;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let (block, seen) = case.own(Fact::Block)?;
    let before = case.remembered?;
    let was = before.traits.block.as_deref()?;
    let elsewhere = case.list == ListName::Sessions && was != block && seen.count <= 0.0;
    if !elsewhere || case.page.signed_in_from(block) {
        return None;
    }
    Weighed::new(MOVED, Message::new("evidence_moved"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::memory::RowId;
    use crate::risk::{Own, Snapshot, assess};
    use crate::session::Row;
    use crate::world::World;

    fn session(ip: &str) -> Row {
        Row { ip: Some(ip.into()), signed_in_at: None, last_active_at: hours_ago(1), outcome: None, ..own_login() }
    }

    fn after_home(row: Row, logins: Vec<Row>) -> f64 {
        let mut memory = memory();
        let page = |row: Row, logins: Vec<Row>| Snapshot {
            sessions: vec![(RowId("session".into()), row)],
            logins: logins.into_iter().map(|row| (RowId("login".into()), row)).collect(),
            ..Snapshot::default()
        };
        let home = page(session("203.0.113.9"), Vec::new());
        let assessment = assess(&memory, &home, &Own::default(), &World::default(), now());
        memory.learn(&home, &assessment, &World::default(), now());
        nats(&assess(&memory, &page(row, logins), &Own::default(), &World::default(), now()).rows[0], "moved")
    }

    #[test]
    fn a_session_elsewhere_without_a_login_speaks_against() {
        assert_eq!(after_home(session("192.0.2.1"), Vec::new()), super::MOVED);
    }

    #[test]
    fn one_that_stayed_or_came_to_a_known_network_says_nothing() {
        assert_eq!(after_home(session("203.0.113.77"), Vec::new()), 0.0);
        assert_eq!(after_home(session("198.51.100.1"), Vec::new()), 0.0);
    }

    #[test]
    fn a_login_from_there_explains_it() {
        let login = Row { ip: Some("192.0.9.9".into()), ..own_login() };
        assert_eq!(after_home(session("192.0.2.1"), vec![login]), 0.0);
    }

    #[test]
    fn a_session_never_seen_before_has_not_moved() {
        assert_eq!(said("moved", session("192.0.2.1")), 0.0);
    }
}
