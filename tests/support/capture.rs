//! The door of the page's script, for tests of what lies behind it.

use latchkey::page::{Capture, NodeId, Page};

/// What the page's script would send of a document.
pub fn capture(html: &str, url: &str) -> String {
    let page = Page::from_html(html, url);
    let mut capture = Capture {
        version: Capture::VERSION,
        url: page.url.clone(),
        title: page.title.clone(),
        lang: page.lang.clone().unwrap_or_default(),
        cut_off: page.cut_off,
        ..Capture::default()
    };
    for (id, node) in page.nodes().iter().enumerate() {
        let tag = capture.tags.iter().position(|tag| *tag == node.tag).unwrap_or_else(|| {
            capture.tags.push(node.tag.clone());
            capture.tags.len() - 1
        });
        capture.parent.push(node.parent.map_or(-1, |parent| parent as i32));
        capture.tag.push(tag as u16);
        capture.index.push(node.index);
        capture.text.push(node.text.clone());
        for (attribute, value) in &node.attributes {
            capture.attributes.push((id as NodeId, *attribute, value.clone()));
        }
    }
    serde_json::to_string(&capture).unwrap()
}
