//! Whether a page that yields no list should have yielded one.
//!
//! A page of devices that cannot be read must not look like an account without sessions. So where the address, the
//! title or a heading names such a list, and none was found, the reading says so; unless the page's own words say that
//! there is nothing to list, or the page is one to sign in on or to read about it.

use super::leaves::{Leaves, Source};
use super::lexicon::{Concept, Lexicon, Marked};
use super::topics;
use crate::page::Page;

/// The words that name the list a page should have, where it does not say that the list is empty.
pub fn promised(page: &Page, leaves: &Leaves) -> Option<String> {
    if page.nodes().iter().any(|node| node.tag == "input" && node.attribute("type") == Some("password")) {
        return None;
    }
    let path = page.url.split("://").nth(1).and_then(|rest| rest.split_once('/')).map_or("", |(_, path)| path);
    let path = path.to_ascii_lowercase();
    if topics::is_article(&path) || leaves.all.iter().any(|leaf| is_empty(&leaf.marked)) {
        return None;
    }
    let heading = leaves
        .all
        .iter()
        .filter(|leaf| leaf.source == Source::Text && topics::in_heading(page, leaf.node))
        .map(|leaf| &leaf.marked);
    let title = Lexicon::get().mark(&page.title);
    let named = |marked: &Marked| {
        [Concept::ActiveSessions, Concept::LoginHistory, Concept::Trusted].iter().any(|concept| marked.is(*concept))
    };
    if let Some(marked) = heading.chain([&title]).find(|marked| named(marked)) {
        return Some(marked.folded.text.clone());
    }
    let words = ["session", "device", "login-history", "login_history", "loginhistory"];
    let segment =
        path.split('/').find(|segment| segment.len() <= 24 && words.iter().any(|word| segment.contains(word)));
    segment.map(str::to_owned)
}

/// "No other sessions", "You have no active devices."
fn is_empty(marked: &Marked) -> bool {
    marked.has(Concept::Empty) && marked.folded.text.len() <= 300
}
