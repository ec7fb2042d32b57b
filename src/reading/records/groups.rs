//! Rows that stand one in a group: "1 session on iPhone" beside "2 sessions on Windows".

use super::{Record, Records, likeness};
use crate::order;
use crate::page::{NodeId, Page};
use crate::reading::leaves::Leaves;
use crate::reading::lexicon::Concept;
use crate::reading::topics;

/// Takes in the rows of neighbouring groups that have but one: built alike, at the same place of a group of the same
/// tag, under a title that names no other list.
pub(super) fn join(page: &Page, leaves: &Leaves, claimed: &[bool], list: &mut Records) {
    let Some(first) = list.rows.first().filter(|row| row.nodes.len() == 1).cloned() else { return };
    let tag = |node: NodeId| page.nodes()[node as usize].tag.as_str();
    let mut way = vec![first.node()];
    for _ in 0..3 {
        let Some(parent) = way.last().and_then(|node| page.nodes()[*node as usize].parent) else { return };
        way.push(parent);
        let Some(above) = page.nodes()[parent as usize].parent else { return };
        let mut found: Vec<Record> = Vec::new();
        let groups = page.children(above).filter(|group| {
            let small = page.subtree(*group).len() <= 400 && !matches!(tag(*group), "table" | "tbody" | "tr");
            *group != parent && tag(*group) == tag(parent) && !claimed[*group as usize] && small
        });
        for group in groups.take(40) {
            let mut rows = vec![group];
            for step in way.iter().rev().skip(1) {
                rows =
                    rows.iter().flat_map(|node| page.children(*node)).filter(|node| tag(*node) == tag(*step)).collect();
            }
            let [row] = rows.as_slice() else { continue };
            let row = Record { nodes: vec![*row], ..Record::default() };
            // A group of telephone numbers or keys may be built as one of sessions is: its title must speak of devices.
            let titles = || leaves.below(page, group).iter().filter(|leaf| !row.holds(page, leaf.node));
            let named = titles().any(|leaf| {
                let marked = &leaf.marked;
                leaf.device.is_some()
                    || [Concept::NounSession, Concept::NounDevice, Concept::CurrentSession, Concept::OtherSessions]
                        .iter()
                        .any(|concept| marked.has(*concept))
            });
            let other = titles().any(|leaf| {
                let marked = &leaf.marked;
                let list = topics::names_a_list(marked)
                    && !marked.has(Concept::ActiveSessions)
                    && !marked.has(Concept::OtherSessions);
                list || marked.has(Concept::NegObject) || marked.has(Concept::TwoFactor)
            });
            if named && !other && likeness(page, leaves, &[first.clone(), row.clone()]) >= 0.6 {
                found.push(row);
            }
        }
        if !found.is_empty() {
            list.rows.append(&mut found);
            order::by_key(&mut list.rows, Record::node);
            list.container = above;
            return;
        }
    }
}
