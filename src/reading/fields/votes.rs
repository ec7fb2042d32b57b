//! What stands at one place in the rows of a list.

use std::collections::HashMap;

use super::{Piece, View};
use crate::reading::leaves::Source;
use crate::reading::lexicon::Languages;
use crate::reading::place;

/// What the rows of a list have in common: how often a place in them holds an address, a device, a place.
#[derive(Default)]
pub struct Votes {
    pub(super) address: HashMap<u64, usize>,
    pub(super) device: HashMap<u64, usize>,
    pub(super) country: HashMap<u64, usize>,
    /// Whether places end with states of the United States, or with countries' codes; by the first that tells.
    pub(super) states: Option<bool>,
    /// In how many rows a place holds anything.
    pub filled: HashMap<u64, usize>,
}

impl Votes {
    /// Counts over all rows.
    pub fn count(views: &[View<'_>], languages: Languages) -> Self {
        let mut votes = Self::default();
        for view in views {
            let mut seen: Vec<(u8, u64)> = Vec::new();
            for piece in view.pieces.iter().filter(|piece| !piece.is_label) {
                let mut vote = |kind: u8, map: &mut HashMap<u64, usize>| {
                    if !seen.contains(&(kind, piece.place)) {
                        seen.push((kind, piece.place));
                        *map.entry(piece.place).or_default() += 1;
                    }
                };
                if !piece.leaf.addresses.is_empty() {
                    vote(1, &mut votes.address);
                }
                if piece.leaf.device.as_ref().is_some_and(|device| device.share >= 0.5) {
                    vote(2, &mut votes.device);
                }
                if piece.leaf.source == Source::Text && piece.leaf.names_country(languages) {
                    vote(3, &mut votes.country);
                }
                if piece.leaf.source == Source::Text && votes.states.is_none() {
                    votes.states = place::writes_states(&piece.leaf.text);
                }
                if piece.leaf.source == Source::Text && piece.marker.is_none() {
                    vote(4, &mut votes.filled);
                }
            }
        }
        votes
    }
}

pub(super) fn votes(map: &HashMap<u64, usize>, piece: &Piece<'_>) -> usize {
    map.get(&piece.place).copied().unwrap_or(0)
}
