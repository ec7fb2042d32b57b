//! Takes a row apart: its pieces, what each is called, and which of them mark the current session.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use super::heads::{Heads, cells, shift};
use super::{Marker, Piece, View};
use crate::page::{NodeId, Page, SHADOW};
use crate::reading::controls::{self, Button, Ends};
use crate::reading::leaves::{Leaves, Source};
use crate::reading::lexicon::{Concept, Lexicon, Marked, Sense, core};
use crate::reading::records::Record;
use crate::reading::topics;

/// What is read of a row at most: a page within a row is none, and every piece is held against every button.
const MOST: usize = 300;

/// Takes a row apart.
pub fn view<'a>(page: &Page, leaves: &'a Leaves, buttons: &'a [Button], heads: &Heads, record: &'a Record) -> View<'a> {
    let mut pieces = Vec::new();
    let mut own_buttons: Vec<&Button> = Vec::new();
    let mut current_cell = false;
    for part in &record.nodes {
        let range = page.subtree(*part);
        let start = buttons.partition_point(|button| button.node < range.start);
        let end = buttons.partition_point(|button| button.node < range.end);
        let inside = &buttons[start..end];
        let inside = &inside[..inside.len().min(MOST)];
        own_buttons.extend(inside);
        let cells = if record.nodes.len() == 1 || *part == record.node() { cells(page, *part) } else { Vec::new() };
        let shift = shift(leaves, page, heads, record, &cells);
        for cell in &cells {
            let called = heads.of(page, *cell, shift);
            if called.is_some_and(|called| called.contains(&Concept::CurrentSession) && called.len() == 1) {
                let text = page.text_of(*cell);
                let filled = page.children(*cell).next().is_some();
                let no = matches!(crate::characters::lower(&text).trim(), "no" | "-" | "–" | "—" | "✗" | "✕" | "×");
                current_cell |= filled && !no;
            }
        }
        let mut broken = range.start;
        let mut looked = range.start;
        for leaf in leaves.below(page, *part).iter().take(MOST) {
            // A line begins at its block, or where it is broken.
            while looked < leaf.node {
                if page.nodes()[looked as usize].tag == "br" {
                    broken = looked;
                }
                looked += 1;
            }
            let pressed = inside.iter().find(|button| page.subtree(button.node).contains(&leaf.node));
            // A link or a name that can be renamed is text; what ends, opens or changes something is not.
            // What holds a fact of the row is the row made pressable.
            let filled = |button: &Button| leaves.below(page, button.node).iter().any(|leaf| leaf.facts() != 0);
            if pressed.is_some_and(|button| is_control(button) && !filled(button)) {
                continue;
            }
            let cell = cells.iter().find(|cell| page.subtree(**cell).contains(&leaf.node));
            let labels = cell.and_then(|cell| heads.of(page, *cell, shift)).cloned().unwrap_or_default();
            pieces.push(Piece {
                leaf,
                place: path(page, *part, leaf.node) ^ u64::from(leaf.source == Source::Text),
                labels,
                labelled: false,
                value: 0,
                is_label: false,
                marker: None,
                heading: topics::in_heading(page, leaf.node),
                block: block(page, leaf.node).max(broken),
                shared: false,
            });
        }
    }
    for part in &record.shared {
        let labels = heads.of(page, *part, 0).filter(|_| record.shift > 0);
        pieces.extend(leaves.below(page, *part).iter().map(|leaf| Piece {
            leaf,
            place: path(page, *part, leaf.node) ^ u64::from(leaf.source == Source::Text),
            labels: labels.cloned().unwrap_or_default(),
            labelled: false,
            value: 0,
            is_label: false,
            marker: None,
            heading: false,
            block: block(page, leaf.node),
            shared: true,
        }));
    }
    mark_markers(&mut pieces);
    label(page, &mut pieces);
    View { record, pieces, buttons: own_buttons, current_cell }
}

pub(super) fn is_control(button: &Button) -> bool {
    if !button.native {
        return controls::ends(&button.marked) > Ends::Nothing;
    }
    // A link with words of its own may be the device's name.
    let speaks = controls::ends(&button.marked) > Ends::Nothing
        || button.marked.is(Concept::NegAction)
        || button.marked.is(Concept::Menu)
        || controls::is_all(&button.marked).is_some();
    button.href.is_none() || button.menu || speaks
}

/// A number for the tags on the way from a row to a node.
pub(super) fn path(page: &Page, row: NodeId, node: NodeId) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut at = node;
    for _ in 0..32 {
        if at == row {
            break;
        }
        let Some(element) = page.node(at) else { break };
        element.tag.hash(&mut hasher);
        let Some(parent) = element.parent else { break };
        at = parent;
    }
    hasher.finish()
}

/// The nearest ancestor that begins a line.
pub(super) fn block(page: &Page, node: NodeId) -> NodeId {
    let mut at = node;
    for _ in 0..32 {
        let Some(element) = page.node(at) else { break };
        let inline = element.is_text()
            || element.tag == SHADOW
            || element.tag.contains('-')
            || matches!(
                element.tag.as_str(),
                "span"
                    | "a"
                    | "b"
                    | "strong"
                    | "em"
                    | "i"
                    | "code"
                    | "bdi"
                    | "bdo"
                    | "samp"
                    | "kbd"
                    | "time"
                    | "abbr"
                    | "mark"
                    | "u"
                    | "s"
                    | "font"
                    | "sub"
                    | "sup"
                    | "svg"
                    | "img"
                    | "q"
                    | "cite"
                    | "var"
                    | "data"
                    | "tt"
            );
        if !inline {
            return at;
        }
        let Some(parent) = element.parent else { break };
        at = parent;
    }
    at
}

pub(super) fn mark_markers(pieces: &mut [Piece<'_>]) {
    for piece in pieces.iter_mut() {
        let marked = &piece.leaf.marked;
        if piece.leaf.source == Source::Datetime {
            continue;
        }
        // Among a device's own words only what is parted from them.
        let device = piece.leaf.device.as_ref().is_some_and(|device| device.share >= 0.5);
        let parted = |range: &Range<usize>| {
            let before = marked.folded.text[..range.start].trim_end();
            before.ends_with(['(', '[', '【', '-', '·', '•', '|', ','])
        };
        if device && !longest(marked, Concept::CurrentSession).is_some_and(|range| parted(&range)) {
            continue;
        }
        if marked.is(Concept::CurrentSession) {
            piece.marker = Some(Marker::Whole);
        } else if let Some(range) = longest(marked, Concept::CurrentSession) {
            let text = &marked.folded.text;
            let long = text[range.clone()].chars().count() >= 4
                && (text[range.clone()].contains(' ')
                    || text[range.clone()].chars().any(crate::reading::text::is_unspaced));
            let bracketed = text[..range.start].trim_end().ends_with(['(', '[', '（', '【']);
            // "Chrome on Windows · This device": a part of its own, whatever its length.
            let part = parted(&range) && core(&text[range.end..]).is_empty();
            if !piece.leaf.prose && ((long && text.chars().count() <= 90) || bracketed || part) {
                piece.marker = Some(Marker::Within);
            }
        }
    }
}

/// The longest of the words that mean something.
pub(super) fn longest(marked: &Marked, concept: Concept) -> Option<Range<usize>> {
    let means = |sense: &Sense| *sense == Sense::Word(concept);
    let hits =
        marked.hits.iter().filter(|hit| Lexicon::get().meanings(hit).iter().any(|meaning| means(&meaning.sense)));
    hits.map(|hit| hit.range.clone()).max_by_key(|range| (range.len(), std::cmp::Reverse(range.start)))
}

/// The label that a text begins with, up to its colon, and where what it names begins.
fn inner_label(piece: &Piece<'_>) -> Option<(Vec<Concept>, usize)> {
    let text = piece.leaf.marked.folded.text.as_str();
    let facts = !piece.leaf.addresses.is_empty() || !piece.leaf.times.is_empty();
    if piece.leaf.source != Source::Text || piece.leaf.prose || facts || text.contains(['·', '•', '|', '\n']) {
        return None;
    }
    let (before, rest) = text.split_once(':')?;
    let spoken = before.chars().count() <= 40 && !before.bytes().any(|byte| byte.is_ascii_digit());
    let labels =
        if spoken && !rest.trim().is_empty() { topics::labels(&Lexicon::get().mark(before)) } else { return None };
    let more = rest.contains(": ");
    (!labels.is_empty() && !more).then_some((labels, before.len() + 1))
}

/// Gives each piece the label that stands before it.
pub(super) fn label(page: &Page, pieces: &mut [Piece<'_>]) {
    for piece in pieces.iter_mut() {
        if let Some((labels, value)) = inner_label(piece) {
            (piece.labels, piece.labelled, piece.value) = (labels, true, value);
        }
    }
    let mut at = 0;
    while at < pieces.len() {
        let Some(words) = own_label(&pieces[at]) else {
            at += 1;
            continue;
        };
        // The next text is what it names; and what follows in the smallest element that holds both.
        let Some(next) = (at + 1..pieces.len()).find(|next| pieces[*next].leaf.source == Source::Text) else { break };
        let group = common(page, pieces[at].leaf.node, pieces[next].leaf.node);
        let close = pieces[at].leaf.node + 1..page.nodes()[group as usize].end;
        let tagged = matches!(parent_tag(page, pieces[at].leaf.node), "dt" | "th" | "label");
        let colon = pieces[at].leaf.text.trim_end().ends_with([':', '：', '؛']);
        // A head names its column, not the first of its cells.
        let spread = matches!(page.nodes()[group as usize].tag.as_str(), "table" | "tbody" | "thead" | "ul" | "ol");
        if spread {
            at += 1;
            continue;
        }
        // Where a column's head names the cell already, a word in it is a value, unless it is built as a label.
        if !tagged && !colon && (!pieces[at].labels.is_empty() || own_label(&pieces[next]).is_some()) {
            at += 1;
            continue;
        }
        pieces[at].is_label = true;
        let line = pieces[next].block;
        let mut last = at;
        for (next, piece) in pieces.iter_mut().enumerate().skip(at + 1) {
            let text = piece.leaf.source == Source::Text;
            if !close.contains(&piece.leaf.node)
                || (text && own_label(piece).is_some())
                // What is not built as a label names one line, and not all that follows it.
                || (text && !tagged && !colon && piece.block != line)
            {
                break;
            }
            if piece.value == 0 {
                piece.labels = words.clone();
                piece.labelled = true;
            }
            last = next;
        }
        at = last + 1;
    }
}

pub(super) fn parent_tag(page: &Page, node: NodeId) -> &str {
    page.node(node)
        .and_then(|node| node.parent)
        .and_then(|parent| page.node(parent))
        .map_or("", |node| node.tag.as_str())
}

/// What a piece labels, where it is nothing but a label.
pub(super) fn own_label(piece: &Piece<'_>) -> Option<Vec<Concept>> {
    if piece.leaf.source != Source::Text
        || piece.marker.is_some()
        || !piece.leaf.addresses.is_empty()
        || !piece.leaf.times.is_empty()
        || piece.value > 0
        || piece.leaf.text.trim_start().starts_with(['(', '（'])
    {
        return None;
    }
    let mut concepts = Vec::new();
    let mut value = false;
    for concept in piece.leaf.marked.concepts() {
        use Concept::*;
        value |= matches!(
            concept,
            Online
                | Offline
                | JustNow
                | Success
                | Failed
                | Phone
                | Tablet
                | Desktop
                | LogOut
                | Revoke
                | Remove
                | Unknown
                | Never
                | Authenticator
                | EmailFactor
                | PasskeyFactor
                | SecurityKeyFactor
                | SmsFactor
        );
        if topics::is_label(concept) {
            concepts.push(concept);
        }
    }
    let colon = piece.leaf.text.trim_end().ends_with([':', '：', '؛']);
    (!concepts.is_empty() && (!value || colon)).then_some(concepts)
}

/// The lowest element that holds both nodes.
pub(super) fn common(page: &Page, a: NodeId, b: NodeId) -> NodeId {
    let mut at = a;
    while !page.subtree(at).contains(&b) {
        let Some(parent) = page.node(at).and_then(|node| node.parent) else { return at };
        at = parent;
    }
    at
}
