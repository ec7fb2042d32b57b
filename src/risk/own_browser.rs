//! This browser's own user agent. Weak: anybody may have the same.

use super::case::{Case, Weighed};
use crate::explain::Message;
use crate::session::Form;

const FITS: f64 = -0.4;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let agent = case.page.own.user_agent.as_deref()?;
    let (browser, os) = (case.row.browser.as_deref()?, case.row.os.as_deref()?);
    let fits = names(agent, browser, BROWSERS) && names(agent, os, SYSTEMS) && case.row.form != Form::Tablet;
    if !fits {
        return None;
    }
    Weighed::new(FITS, Message::new("evidence_own_browser"))
}

/// What a user agent says for a browser, the more telling marks first: Edge also says Chrome, and Chrome Safari.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("YaBrowser/", "Yandex Browser"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// What a user agent says for a system.
const SYSTEMS: &[(&str, &str)] = &[
    ("Windows", "Windows"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

fn names(agent: &str, name: &str, marks: &[(&str, &str)]) -> bool {
    marks.iter().find(|(mark, _)| agent.contains(mark)).is_some_and(|(_, known)| *known == name)
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::memory::RowId;
    use crate::risk::{Own, Snapshot, assess};
    use crate::session::Row;
    use crate::world::World;

    const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                        Chrome/144.0.0.0 Safari/537.36 Edg/144.0.0.0";

    fn in_edge(browser: &str, os: &str) -> f64 {
        let row = Row { browser: Some(browser.into()), os: Some(os.into()), ..own_login() };
        let snapshot = Snapshot { logins: vec![(RowId("new".into()), row)], ..Snapshot::default() };
        let own = Own { user_agent: Some(EDGE.into()), ..Own::default() };
        nats(&assess(&memory(), &snapshot, &own, &World::default(), now()).rows[0], "own-browser")
    }

    #[test]
    fn a_row_that_fits_speaks_for() {
        assert_eq!(in_edge("Edge", "Windows"), super::FITS);
    }

    #[test]
    fn edge_is_not_the_chrome_that_it_also_names() {
        assert_eq!(in_edge("Chrome", "Windows"), 0.0);
        assert_eq!(in_edge("Edge", "macOS"), 0.0);
    }

    #[test]
    fn without_a_user_agent_nothing_is_said() {
        assert_eq!(said("own-browser", own_login()), 0.0);
    }
}
