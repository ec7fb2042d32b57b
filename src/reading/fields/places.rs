//! The place of a row, and the operator beside its address.

use super::Facts;
use super::fragments::Fragment;
use super::votes::{Votes, votes};
use crate::reading::lexicon::{Concept, Languages, Lexicon, Sense};
use crate::reading::place;

pub(super) fn places(fragments: &[Fragment<'_>], tally: &Votes, languages: Languages, facts: &mut Facts) {
    // What may be a place, and how surely.
    let mut best: Option<(usize, &Fragment<'_>)> = None;
    let mut second: Vec<&Fragment<'_>> = Vec::new();
    for fragment in fragments {
        let piece = fragment.piece;
        let labelled = piece.labels.contains(&Concept::Location);
        // A column's head names the first of the facts in a cell, not those beside it.
        let loose = !piece.labelled
            && piece
                .labels
                .iter()
                .all(|label| matches!(label, Concept::Device | Concept::Browser | Concept::IpAddress | Concept::Label));
        let other = !piece.labels.is_empty() && !labelled && !loose;
        let device = fragment.device.as_ref().is_some_and(|device| device.share >= 0.5);
        if other || device || place::is_nothing(&fragment.marked) || piece.leaf.prose {
            continue;
        }
        let country = place::country(&fragment.text, &fragment.marked, languages).is_some()
            || place::flag(&fragment.text).is_some();
        let words = fragment.text.split_whitespace().count();
        let common = votes(&tally.country, piece) >= 2 && !fragment.beside_address && fragment.range.start == 0;
        let common = common && fragment.text.chars().filter(|c| c.is_alphabetic()).count() >= 2;
        if !(labelled || country && words <= 8 || common && words <= 6) || piece.heading && !labelled {
            continue;
        }
        second.push(fragment);
        let score = usize::from(labelled) * 100
            + usize::from(country) * 20
            + usize::from(!fragment.beside_address) * 10
            + votes(&tally.country, piece).min(9);
        if best.is_none_or(|(known, _)| score > known) {
            best = Some((score, fragment));
        }
    }
    // "Bandung • 203.0.113.5": what a sign parts from the address behind it.
    let beside = || {
        fragments.iter().find(|fragment| {
            let text = fragment.piece.leaf.marked.folded.text.as_str();
            let address = fragment.piece.leaf.addresses.first().map_or(0, |address| address.range.start);
            let parted = text[..address].trim_end().ends_with(['•', '·', '|', '/']);
            let known =
                |hit| Lexicon::get().meanings(hit).iter().any(|meaning| matches!(meaning.sense, Sense::Word(_)));
            parted
                && fragment.range.end <= address
                && fragment.piece.labels.iter().all(|label| *label == Concept::Location)
                && fragment.device.is_none()
                && !fragment.marked.hits.iter().any(known)
                && fragment.text.chars().all(|c| !c.is_numeric())
        })
    };
    let Some(fragment) = best.map(|(_, fragment)| fragment).or_else(beside) else {
        return;
    };
    let text = without_from(fragment);
    let mut place = if text.len() == fragment.text.len() {
        place::read(text, &fragment.marked, languages)
    } else {
        place::read(text, &Lexicon::get().mark(text), languages)
    };
    place.settle(tally.states);
    facts.row.city = place.city.clone();
    facts.row.country = place.code();
    facts.row.place = Some(without_flag(text));
    // "203.0.113.5 — Operator": what stands beside the address, when the place stands elsewhere.
    if facts.row.isp.is_none() && !fragment.beside_address {
        let isp = fragments.iter().find(|other| {
            other.beside_address
                && other.piece.labels.iter().all(|label| *label == Concept::IpAddress)
                && other.device.is_none()
                && other.marked.concepts().next().is_none()
                && !place::is_nothing(&other.marked)
                && other.piece.marker.is_none()
                && other.piece.leaf.times.is_empty()
                && other.text.chars().filter(|c| c.is_alphabetic()).count() >= 3
        });
        facts.row.isp = isp.map(|fragment| fragment.text.clone());
    }
}

/// "Signed in 3 days ago from Leeds": a place within a sentence, without the word that leads to it.
fn without_from<'a>(fragment: &'a Fragment<'_>) -> &'a str {
    const FROM: &str = "from|near|in|aus|depuis|à|desde|en|de|da|vanuit|uit|z|ze|из|в|з|із|dari|di|từ|tại";
    let text = fragment.text.as_str();
    let Some((word, rest)) = text.split_once(' ').filter(|_| fragment.range.start > 0) else { return text };
    if FROM.split('|').any(|from| from == word) { rest.trim_start() } else { text }
}

pub(super) fn without_flag(text: &str) -> String {
    text.trim_matches(|c: char| ('\u{1f1e6}'..='\u{1f1ff}').contains(&c) || c.is_whitespace()).to_owned()
}
