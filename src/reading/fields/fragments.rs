//! What is left of a row's texts when addresses, times and labels are taken out.

use std::borrow::Cow;
use std::ops::Range;

use super::view::longest;
use super::{Marker, Piece, View};
use crate::reading::device::{self, Device};
use crate::reading::leaves::Source;
use crate::reading::lexicon::{Concept, Lexicon, Marked, Meaning, Sense, core};
use crate::reading::place;
use crate::reading::text::clean;
use crate::reading::topics;

/// A part of a piece: what is left of it when addresses, times and labels are taken out.
pub(super) struct Fragment<'a> {
    pub(super) piece: &'a Piece<'a>,
    pub(super) range: Range<usize>,
    pub(super) text: String,
    pub(super) marked: Cow<'a, Marked>,
    pub(super) device: Option<Cow<'a, Device>>,
    /// Whether an address stood in the same piece.
    pub(super) beside_address: bool,
}

/// Cuts the texts of a row into what is left besides addresses, times, labels and markers.
pub(super) fn fragments<'a>(view: &'a View<'a>) -> Vec<Fragment<'a>> {
    let mut fragments = Vec::new();
    for piece in view
        .pieces
        .iter()
        .filter(|piece| !piece.is_label && piece.leaf.source == Source::Text && piece.marker != Some(Marker::Whole))
    {
        let text = piece.leaf.marked.folded.text.as_str();
        let mut cuts: Vec<Range<usize>> = piece.leaf.addresses.iter().map(|address| address.range.clone()).collect();
        // "… (IP 203.0.113.5)": the word for an address goes with it.
        for hit in &piece.leaf.marked.hits {
            let before = cuts.iter().any(|cut| {
                cut.start >= hit.range.end && text[hit.range.end..cut.start].trim_matches([' ', ':']).is_empty()
            });
            let named = |meaning: &Meaning| meaning.sense == Sense::Word(Concept::IpAddress);
            if before && Lexicon::get().meanings(hit).iter().any(named) {
                cuts.push(hit.range.clone());
            }
        }
        cuts.extend(piece.leaf.times.iter().map(|found| found.range.clone()));
        if let Some(Marker::Within) = piece.marker {
            cuts.extend(longest(&piece.leaf.marked, Concept::CurrentSession));
        }
        let facts = !cuts.is_empty();
        cuts.extend(if piece.value > 0 { Some(0..piece.value) } else { prefix(piece, facts) });
        crate::order::by_key(&mut cuts, |cut| cut.start);
        let mut start = 0;
        let mut ranges = Vec::new();
        for cut in cuts {
            if cut.start > start {
                ranges.push(start..cut.start);
            }
            start = start.max(cut.end);
        }
        ranges.push(start..text.len());
        for range in ranges {
            // "Germany - Berlin" under "Location" is one place.
            let placed = piece.labels == [Concept::Location] && !facts && piece.leaf.device.is_none();
            for range in if placed { vec![range] } else { split(text, range) } {
                let printed = clean(piece.leaf.marked.folded.verbatim(&piece.leaf.text, range.clone()));
                let printed = trim_signs(&printed);
                if !printed.chars().any(char::is_alphanumeric) && place::flag(&printed).is_none() {
                    continue;
                }
                let whole = range == (0..text.len()) && printed == piece.leaf.text;
                let (marked, device) = if whole {
                    (Cow::Borrowed(&piece.leaf.marked), piece.leaf.device.as_ref().map(Cow::Borrowed))
                } else {
                    let marked = Lexicon::get().mark(&printed);
                    let device = Some(device::read_marked(&printed, &marked)).filter(Device::is_some);
                    (Cow::Owned(marked), device.map(Cow::Owned))
                };
                fragments.push(Fragment {
                    piece,
                    range,
                    text: printed,
                    marked,
                    device,
                    beside_address: !piece.leaf.addresses.is_empty(),
                });
            }
        }
    }
    fragments
}

/// A label at the start of a text: before a colon, or before a value of its kind.
pub(super) fn prefix(piece: &Piece<'_>, has_facts: bool) -> Option<Range<usize>> {
    let text = piece.leaf.marked.folded.text.as_str();
    let start = core(text).start;
    let hit = piece.leaf.marked.hits.iter().filter(|hit| hit.range.start == start).find(|hit| {
        Lexicon::get()
            .meanings(hit)
            .iter()
            .any(|meaning| matches!(meaning.sense, Sense::Word(concept) if topics::is_label(concept)))
    })?;
    let colon = text[hit.range.end..].trim_start().starts_with(':');
    (colon || (has_facts && piece.leaf.device.as_ref().is_none_or(|device| device.share < 0.5)))
        .then_some(start..hit.range.end)
}

/// Parts a text at strong separators, where one of the parts names a place and another something else.
pub(super) fn split(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = range.start;
    let part = &text[range.clone()];
    for (at, c) in part.char_indices() {
        let at = range.start + at;
        let parted = match c {
            '·' | '•' | '・' | '|' | '—' | '\n' => true,
            '-' => text[..at].ends_with(' ') && text[at + 1..].starts_with(' '),
            _ => false,
        };
        if parted {
            parts.push(start..at);
            start = at + c.len_utf8();
        }
    }
    parts.push(start..range.end);
    if parts.len() == 1 {
        return parts;
    }
    // Neighbours that speak of one device stay together: "iPhone 15 Pro · iOS 17.4".
    let mut joined: Vec<(Range<usize>, bool)> = Vec::new();
    for part in parts {
        let words = &text[part.clone()];
        let marked = Lexicon::get().mark(words);
        let about = place::country(words, &marked, 0).is_none() || device::read_marked(words, &marked).share >= 0.5;
        let number = words.trim().bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        match joined.last_mut() {
            Some((last, true)) if about || number => last.end = part.end,
            _ => joined.push((part, about)),
        }
    }
    joined.into_iter().map(|(part, _)| part).collect()
}

pub(super) fn trim_signs(text: &str) -> String {
    let text = text.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(c, ',' | '·' | '•' | '・' | '|' | '—' | '–' | '-' | ':' | '：' | ';' | '،' | '✔' | '/' | '、')
    });
    let open = text.matches(['(', '（']).count();
    let close = text.matches([')', '）']).count();
    if (open == 0 && close > 0)
        || (open > 0 && close == 0)
        || (open == 1 && close == 1 && text.starts_with(['(', '（']) && text.ends_with([')', '）']))
    {
        return text.trim_matches(|c: char| matches!(c, '(' | ')' | '（' | '）') || c.is_whitespace()).to_owned();
    }
    text.to_owned()
}
