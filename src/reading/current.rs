//! Which row is the session in which the page is read.

use std::collections::HashMap;

use super::fields::{Marker, Piece, View};
use super::leaves::{Leaves, Source};
use super::lexicon::Concept;
use super::records::Records;
use crate::page::Page;

/// Which rows the page marks, by its badges, sentences and columns.
///
/// A badge stands where the other rows have nothing; a word that replaces a value stands where they have that value,
/// and a name that somebody gave a device does so too. The former therefore goes before the latter, and of the latter
/// only a single one counts.
pub fn marked(views: &[View<'_>], filled: &HashMap<u64, usize>) -> Vec<bool> {
    let rank = |view: &View<'_>| -> u8 {
        let mut best = 0;
        if view.current_cell {
            best = 4;
        }
        for piece in &view.pieces {
            let Some(marker) = piece.marker else { continue };
            let apart = filled.get(&piece.place).copied().unwrap_or(0) == 0;
            let heading = u8::from(!piece.heading);
            best = best.max(match (marker, apart) {
                (Marker::Whole, true) => 2 + heading,
                (Marker::Whole, false) => 1 + heading,
                (Marker::Within, _) => 1,
            });
        }
        best
    };
    let ranks: Vec<u8> = views.iter().map(rank).collect();
    let best = ranks.iter().copied().max().unwrap_or(0);
    let chosen: Vec<bool> = ranks.iter().map(|rank| best > 0 && *rank == best).collect();
    if chosen.iter().filter(|chosen| **chosen).count() == 1 { chosen } else { vec![false; views.len()] }
}

/// The one row under a title that means the current session, where rows and their titles are neighbours.
pub fn titled(page: &Page, leaves: &Leaves, list: &Records) -> Option<usize> {
    let start = page.node(list.container)?.parent.map_or(0, |_| list.container);
    let mut before = start;
    let mut under: Option<(usize, usize)> = None;
    let mut open = false;
    for (at, row) in list.rows.iter().enumerate() {
        let first = leaves.all.partition_point(|leaf| leaf.node <= before);
        let end = leaves.all.partition_point(|leaf| leaf.node < row.node());
        let gap = leaves.all.get(first..end).unwrap_or_default();
        let mut texts = gap.iter().filter(|leaf| leaf.source == Source::Text).peekable();
        if texts.peek().is_some() {
            open = texts.any(|leaf| leaf.marked.is(Concept::CurrentSession));
        }
        if open {
            under = Some((at, under.map_or(0, |(_, count)| count) + 1));
        }
        let last = row.nodes.last().copied().unwrap_or_default();
        before = page.subtree(last).end.saturating_sub(1);
    }
    under.filter(|(_, count)| *count == 1).map(|(at, _)| at)
}

/// The one row that has words where the others have their control, and these words in no other row.
pub fn worded(views: &[View<'_>], has_control: &[bool]) -> Option<usize> {
    let mut without = has_control.iter().enumerate().filter(|(_, has)| !**has).map(|(at, _)| at);
    let (Some(at), None) = (without.next(), without.next()) else { return None };
    if has_control.len() < 2 {
        return None;
    }
    let own = |piece: &Piece<'_>| {
        let leaf = piece.leaf;
        let text = leaf.marked.folded.text.as_str();
        let told = leaf.marked.concepts().any(|concept| concept != Concept::Online && concept != Concept::JustNow);
        let bare = piece.labels.iter().all(|label| matches!(label, Concept::Action | Concept::Status));
        leaf.source == Source::Text
            && leaf.facts() == 0
            && leaf.device.is_none()
            && !piece.is_label
            && !piece.shared
            && !piece.heading
            && bare
            && !told
            && (2..=40).contains(&text.chars().filter(|c| c.is_alphabetic()).count())
    };
    let said = |text: &str| {
        let others = views.iter().enumerate().filter(|(other, _)| *other != at);
        others.flat_map(|(_, view)| &view.pieces).any(|piece| piece.leaf.marked.folded.text == text)
    };
    // The last words of the row: what comes before them are its facts.
    let last = views[at].pieces.iter().rev().find(|piece| piece.leaf.source == Source::Text)?;
    (own(last) && !said(&last.leaf.marked.folded.text)).then_some(at)
}

/// The one row without a control where all others have theirs: nobody offers to throw out the one who reads.
pub fn without_control(has_control: &[bool]) -> Option<usize> {
    let mut without = has_control.iter().enumerate().filter(|(_, has)| !**has).map(|(at, _)| at);
    let first = without.next()?;
    (without.next().is_none() && has_control.len() >= 3).then_some(first)
}
