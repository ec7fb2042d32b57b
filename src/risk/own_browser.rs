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
