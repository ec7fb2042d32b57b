//! What the columns of a list are called, told by the row of heads above it.

use std::collections::HashMap;

use crate::page::{NodeId, Page};
use crate::reading::controls::{self, Ends};
use crate::reading::leaves::{Leaves, Source};
use crate::reading::lexicon::Concept;
use crate::reading::records::{Record, Records};
use crate::reading::topics;

/// What the columns of a list are called.
#[derive(Default)]
pub struct Heads {
    /// By the place of their cells.
    columns: HashMap<u32, Vec<Concept>>,
    /// How many cells the head has.
    width: usize,
}

impl Heads {
    /// What each column is called.
    pub fn values(&self) -> impl Iterator<Item = &Vec<Concept>> {
        self.columns.values()
    }

    /// What a cell's column is called; `shift` is how many columns further on it stands than among its own neighbours.
    pub(super) fn of(&self, page: &Page, cell: NodeId, shift: i64) -> Option<&Vec<Concept>> {
        let place = i64::from(page.nodes()[cell as usize].index) + shift;
        self.columns.get(&u32::try_from(place).ok()?)
    }
}

/// How many columns further on the cells of a row stand than among their own neighbours: earlier cells may span it, and
/// a filler without words may stand before them.
pub(super) fn shift(leaves: &Leaves, page: &Page, heads: &Heads, record: &Record, cells: &[NodeId]) -> i64 {
    let filler = heads.width > 0
        && cells.len() == heads.width + 1
        && cells.first().is_some_and(|cell| leaves.below(page, *cell).is_empty());
    i64::from(record.shift) - i64::from(filler)
}

/// The heads of a list's columns.
pub fn heads(page: &Page, leaves: &Leaves, list: &Records) -> Heads {
    let Some(first) = list.rows.first().filter(|_| !list.single) else { return Heads::default() };
    let first = first.node();
    let wide = cells(page, first).len();
    if wide < 2 {
        return Heads::default();
    }
    // Candidates, the nearest first: siblings before the row, before its parent, and before that one's parent.
    let mut candidates: Vec<NodeId> = Vec::new();
    let mut at = first;
    for _ in 0..4 {
        let Some(parent) = page.nodes()[at as usize].parent else { break };
        let mut before: Vec<NodeId> = page.children(parent).take_while(|child| *child < at).collect();
        before.reverse();
        candidates.extend(before.into_iter().take(4));
        at = parent;
    }
    for candidate in candidates {
        let node = &page.nodes()[candidate as usize];
        if node.is_text()
            || node.end - candidate > 80
            || matches!(node.tag.as_str(), "header" | "nav" | "footer" | "aside" | "form")
        {
            continue;
        }
        let cells = cells(page, candidate);
        if cells.len() < 2 || cells.len().abs_diff(wide) > 1 {
            continue;
        }
        let titled = page
            .subtree(candidate)
            .any(|id| matches!(page.nodes()[id as usize].tag.as_str(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6"));
        let mut columns = HashMap::new();
        let mut facts = 0;
        // Cells that say something, and cells that say too much for a head.
        let (mut spoken, mut wordy) = (0, 0);
        for cell in &cells {
            let mut words: Vec<Concept> = Vec::new();
            let below = leaves.below(page, *cell);
            let texts = below.iter().filter(|leaf| leaf.source == Source::Text).count();
            spoken += usize::from(texts > 0);
            wordy += usize::from(texts > 3);
            for leaf in below {
                let labels = topics::labels(&leaf.marked);
                // A head may hold a word that stands in times too.
                if labels.is_empty() {
                    facts |= leaf.facts();
                }
                if matches!(leaf.source, Source::Text | Source::Name) {
                    words.extend(labels);
                    if controls::ends(&leaf.marked) >= Ends::Removed {
                        words.push(Concept::Remove);
                    }
                }
            }
            if !words.is_empty() {
                columns.insert(page.nodes()[*cell as usize].index, words);
            }
        }
        if facts == 0 && columns.len() >= 2 && columns.len() * 2 >= spoken && wordy == 0 && !titled {
            return Heads { columns, width: cells.len() };
        }
    }
    Heads::default()
}

/// The cells of a row: its element children, one level further in where it has but one.
pub(super) fn cells(page: &Page, node: NodeId) -> Vec<NodeId> {
    let mut at = node;
    for _ in 0..6 {
        let children: Vec<NodeId> = page.children(at).collect();
        let elements: Vec<NodeId> =
            children.iter().copied().filter(|child| !page.nodes()[*child as usize].is_text()).collect();
        match elements.as_slice() {
            [only] if children.len() == 1 => at = *only,
            _ => return elements,
        }
    }
    Vec::new()
}
