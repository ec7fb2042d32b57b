//! A page without what it says: its structure and the words that every such page has, all values replaced by stand-ins
//! of the same kind. A person can attach it to a report of a page that is read wrongly, and it reads as that page does.
//!
//! Only words of the lexicon stay. Everything else goes: addresses become those set aside for documentation (equal
//! ones stay equal), times keep their style and lose their digits, devices and countries become others that the page
//! does not name, and what is not understood keeps nothing but its length.

mod stand_in;

use crate::page::{ATTRIBUTES, NodeId, Page, SHADOW, TEXT};
use stand_in::StandIns;

/// A sample of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The page as HTML, fit to be saved.
    pub html: String,
    /// How many texts were changed.
    pub replaced: u32,
}

/// Elements that have no end tag.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "param"];

/// Attributes that a person reads: treated as text.
const READ: [&str; 6] = ["title", "alt", "aria-label", "value", "data-tip", "datetime"];

/// What `role`, `type` and the states may hold; anything else is left out.
const STATES: [&str; 46] = [
    "alert",
    "alertdialog",
    "article",
    "banner",
    "button",
    "cell",
    "checkbox",
    "columnheader",
    "dialog",
    "false",
    "grid",
    "gridcell",
    "group",
    "heading",
    "img",
    "link",
    "list",
    "listbox",
    "listitem",
    "main",
    "menu",
    "menuitem",
    "navigation",
    "none",
    "option",
    "page",
    "presentation",
    "radio",
    "region",
    "reset",
    "row",
    "rowgroup",
    "rowheader",
    "search",
    "status",
    "submit",
    "switch",
    "tab",
    "table",
    "tablist",
    "tabpanel",
    "text",
    "toolbar",
    "tooltip",
    "tree",
    "true",
];

/// Makes a sample of a page.
///
/// Never fails and never panics; linear in the page's nodes. No text of the page that is no word of the lexicon
/// survives in it where it has four characters or more.
pub fn of(page: &Page) -> Sample {
    let mut stand_ins = StandIns::of(page);
    let mut html = String::from("<!doctype html>\n");
    let mut replaced = 0;
    let mut open: Vec<(NodeId, String)> = Vec::new();
    for (id, node) in page.nodes().iter().enumerate() {
        let id = id as NodeId;
        close(&mut open, id, &mut html);
        if node.tag == TEXT {
            let text = stand_ins.text(&node.text);
            replaced += u32::from(text != node.text);
            escape(&text, &mut html);
            continue;
        }
        let tag = name(&node.tag);
        html.push('<');
        html.push_str(tag);
        if node.tag == SHADOW {
            html.push_str(" shadowrootmode=\"open\"");
        }
        for (attribute, value) in &node.attributes {
            let Some(attribute) = ATTRIBUTES.get(usize::from(*attribute)) else { continue };
            let value = match *attribute {
                "href" => "#".to_owned(),
                "lang" if is_language(value) => value.clone(),
                read if READ.contains(&read) => stand_ins.text(value),
                _ if STATES.contains(&value.as_str()) || value.is_empty() => value.clone(),
                _ => continue,
            };
            html.push(' ');
            html.push_str(attribute);
            html.push_str("=\"");
            escape(&value, &mut html);
            html.push('"');
        }
        html.push('>');
        if !VOID.contains(&tag) {
            open.push((node.end, tag.to_owned()));
        }
        if node.parent.is_none() {
            html.push_str("\n<head><meta charset=\"utf-8\"><title>");
            escape(&stand_ins.text(&page.title), &mut html);
            html.push_str("</title></head>\n");
        }
    }
    close(&mut open, page.nodes().len() as NodeId, &mut html);
    html.push('\n');
    Sample { html, replaced }
}

/// Closes the elements whose subtrees end before a node.
fn close(open: &mut Vec<(NodeId, String)>, at: NodeId, html: &mut String) {
    while let Some((_, tag)) = open.pop_if(|(end, _)| *end <= at) {
        html.push_str("</");
        html.push_str(&tag);
        html.push('>');
        if ["tr", "li", "div", "section", "table", "ul"].contains(&tag.as_str()) {
            html.push('\n');
        }
    }
}

/// The element's name; those that an exchange made up are not told.
fn name(tag: &str) -> &str {
    match tag {
        SHADOW => "template",
        _ if !tag.is_empty() && tag.len() <= 10 && tag.bytes().all(|byte| byte.is_ascii_alphanumeric()) => tag,
        _ => "x-part",
    }
}

fn is_language(tag: &str) -> bool {
    crate::reading::lexicon::languages_of(tag) != 0 && tag.len() <= 7
}

fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests;
