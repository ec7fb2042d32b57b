//! What stands outside a row and speaks for it too: cells that span several rows, the device above its own sessions,
//! the day above its own logins.

use super::leaves::{Leaf, Leaves, Source, facts};
use super::records::{Record, Records};
use super::{controls, topics};
use crate::page::{NodeId, Page};

/// Gives the rows of each list the elements outside of them that speak for them.
pub fn find(page: &Page, leaves: &Leaves, lists: &mut [Records]) {
    let containers: Vec<NodeId> = lists.iter().map(|list| list.container).collect();
    for list in lists.iter_mut().filter(|list| !list.single) {
        span(page, leaves, &mut list.rows);
        let own = list.rows.iter().fold(0, |all, row| all | mask(page, leaves, row));
        for kind in [facts::DEVICE, facts::TIME] {
            // A device is looked for where no row has one; a day may stand above clocks.
            if kind == facts::DEVICE && own & facts::DEVICE != 0 {
                continue;
            }
            if let Some(head) = head(page, leaves, &containers, list.container, kind) {
                list.rows.iter_mut().for_each(|row| row.shared.push(head));
            }
        }
    }
}

fn mask(page: &Page, leaves: &Leaves, row: &Record) -> u8 {
    row.nodes.iter().chain(&row.shared).fold(0, |all, part| all | mask_of(page, leaves, *part))
}

fn mask_of(page: &Page, leaves: &Leaves, node: NodeId) -> u8 {
    leaves.below(page, node).iter().fold(0, |all, leaf| all | leaf.facts())
}

/// A row with fewer cells than one before it, whose cells are like the last of that one's: the first ones span it.
fn span(page: &Page, leaves: &Leaves, rows: &mut [Record]) {
    let mut full: Option<Vec<(NodeId, u8)>> = None;
    for row in rows {
        let [node] = row.nodes.as_slice() else { return };
        if page.nodes()[*node as usize].tag != "tr" {
            return;
        }
        let cells: Vec<(NodeId, u8)> = page
            .children(*node)
            .filter(|cell| !page.nodes()[*cell as usize].is_text())
            .map(|cell| (cell, mask_of(page, leaves, cell)))
            .collect();
        if let Some(wide) = full.as_ref().filter(|wide| wide.len() > cells.len()) {
            let missing = wide.len() - cells.len();
            let alike = |shift: usize| {
                cells.iter().zip(&wide[shift..]).filter(|((_, own), (_, other))| *own != 0 && own == other).count()
            };
            if alike(missing) > alike(0) {
                row.shared.extend(wide[..missing].iter().map(|(cell, _)| *cell));
                row.shift = missing as u32;
            }
            continue;
        }
        full = Some(cells);
    }
}

/// The nearest element before a list that holds a kind of fact and little else.
fn head(page: &Page, leaves: &Leaves, containers: &[NodeId], list: NodeId, kind: u8) -> Option<NodeId> {
    let mut at = list;
    for _ in 0..3 {
        let parent = page.node(at)?.parent?;
        let before: Vec<NodeId> = page.children(parent).take_while(|child| *child < at).collect();
        for candidate in before.into_iter().rev().take(3) {
            let range = page.subtree(candidate);
            if containers.iter().any(|other| *other != list && range.contains(other)) {
                return None;
            }
            let below = leaves.below(page, candidate);
            let texts: Vec<&Leaf> = below.iter().filter(|leaf| leaf.source == Source::Text).collect();
            let all = below.iter().fold(0, |all, leaf| all | leaf.facts());
            if all & kind != 0 {
                let only = all & !(kind | facts::PLACE) == 0 && texts.len() <= 6;
                return (only && texts.iter().any(|leaf| heads(leaf, kind))).then_some(candidate);
            }
            let title = |leaf: &&Leaf| {
                topics::in_heading(page, leaf.node)
                    || (topics::names_a_list(&leaf.marked) && controls::is_all(&leaf.marked).is_none())
            };
            if texts.iter().any(title) {
                return None;
            }
        }
        at = parent;
    }
    None
}

/// Whether a text is a device or a day, and says nothing else.
fn heads(leaf: &Leaf, kind: u8) -> bool {
    if kind == facts::DEVICE {
        return leaf.device.as_ref().is_some_and(|device| device.share >= 0.8);
    }
    is_day(leaf)
}

/// Whether a text is a day, and says nothing else.
pub fn is_day(leaf: &Leaf) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let text = leaf.marked.folded.text.as_str();
    leaf.times.first().is_some_and(|found| {
        found.time.as_ref().is_some_and(|time| time.precision == crate::session::Precision::Day)
            && letters(&text[found.range.clone()]) * 10 >= letters(text) * 6
    })
}
