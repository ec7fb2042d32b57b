//! Types what a row says: by its column's head or its label, by the value itself, by what stands at the same place in
//! the other rows, and by what its icons and tooltips are called.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use super::controls::{self, Button, Ends};
use super::device::{self, Device};
use super::leaves::{Leaf, Leaves, Source};
use super::lexicon::{Concept, Languages, Lexicon, Marked, Sense, core};
use super::records::{Record, Records};
use super::text::clean;
use super::time::{self, Context};
use super::{place, shared, topics};
use crate::page::{NodeId, Page, SHADOW};
use crate::session::{Form, Outcome, Precision, Row, SecondFactor, Time, ZoneSource};

/// A piece of a row.
pub struct Piece<'a> {
    /// What it is.
    pub leaf: &'a Leaf,
    /// The tags that lead to it from the row: pieces at the same place in other rows have the same.
    pub place: u64,
    /// What its column's head and its own label call it.
    pub labels: Vec<Concept>,
    /// Whether the label stands right before it, and not only at the head of the column.
    pub labelled: bool,
    /// Whether it is itself a label.
    pub is_label: bool,
    /// Whether it marks the current session.
    pub marker: Option<Marker>,
    /// Whether it stands in a heading.
    pub heading: bool,
    /// The block it stands in: pieces of one block make a line.
    pub block: NodeId,
    /// Whether it stands outside the row and speaks for it too.
    pub shared: bool,
}

/// How a piece marks the current session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Marker {
    /// Among other words.
    Within,
    /// It is all that the piece says.
    Whole,
}

/// A row, taken apart.
pub struct View<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its pieces, in order; those of its controls left out.
    pub pieces: Vec<Piece<'a>>,
    /// The things to press in it.
    pub buttons: Vec<&'a Button>,
    /// The index of the cell under a head that means "current", where it holds something.
    pub current_cell: bool,
}

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
    fn of(&self, page: &Page, cell: NodeId, shift: i64) -> Option<&Vec<Concept>> {
        let place = i64::from(page.nodes()[cell as usize].index) + shift;
        self.columns.get(&u32::try_from(place).ok()?)
    }
}

/// How many columns further on the cells of a row stand than among their own neighbours: earlier cells may span it, and
/// a filler without words may stand before them.
fn shift(leaves: &Leaves, page: &Page, heads: &Heads, record: &Record, cells: &[NodeId]) -> i64 {
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
fn cells(page: &Page, node: NodeId) -> Vec<NodeId> {
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
        own_buttons.extend(inside);
        let cells = if record.nodes.len() == 1 || *part == record.node() { cells(page, *part) } else { Vec::new() };
        let shift = shift(leaves, page, heads, record, &cells);
        for cell in &cells {
            let called = heads.of(page, *cell, shift);
            if called.is_some_and(|called| called.contains(&Concept::CurrentSession) && called.len() == 1) {
                let text = page.text_of(*cell);
                let filled = page.children(*cell).next().is_some();
                let no = matches!(text.to_lowercase().trim(), "no" | "-" | "–" | "—" | "✗" | "✕" | "×");
                current_cell |= filled && !no;
            }
        }
        for leaf in leaves.below(page, *part) {
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
                is_label: false,
                marker: None,
                heading: topics::in_heading(page, leaf.node),
                block: block(page, leaf.node),
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

fn is_control(button: &Button) -> bool {
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
fn path(page: &Page, row: NodeId, node: NodeId) -> u64 {
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
fn block(page: &Page, node: NodeId) -> NodeId {
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

fn mark_markers(pieces: &mut [Piece<'_>]) {
    for piece in pieces.iter_mut() {
        let marked = &piece.leaf.marked;
        if piece.leaf.source == Source::Datetime || piece.leaf.device.as_ref().is_some_and(|device| device.share >= 0.5)
        {
            continue;
        }
        if marked.is(Concept::CurrentSession) {
            piece.marker = Some(Marker::Whole);
        } else if let Some(range) = longest(marked, Concept::CurrentSession) {
            let text = &marked.folded.text;
            let long = text[range.clone()].chars().count() >= 4
                && (text[range.clone()].contains(' ') || text[range.clone()].chars().any(super::text::is_unspaced));
            let bracketed = text[..range.start].trim_end().ends_with(['(', '[', '（', '【']);
            if !piece.leaf.prose && ((long && text.chars().count() <= 90) || bracketed) {
                piece.marker = Some(Marker::Within);
            }
        }
    }
}

/// The longest of the words that mean something.
fn longest(marked: &Marked, concept: Concept) -> Option<Range<usize>> {
    let means = |sense: &Sense| *sense == Sense::Word(concept);
    let hits =
        marked.hits.iter().filter(|hit| Lexicon::get().meanings(hit).iter().any(|meaning| means(&meaning.sense)));
    hits.map(|hit| hit.range.clone()).max_by_key(|range| (range.len(), std::cmp::Reverse(range.start)))
}

/// Gives each piece the label that stands before it.
fn label(page: &Page, pieces: &mut [Piece<'_>]) {
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
        if !pieces[at].labels.is_empty() && !tagged && !colon || own_label(&pieces[next]).is_some() && !colon && !tagged
        {
            at += 1;
            continue;
        }
        pieces[at].is_label = true;
        let line = pieces[next].block;
        let mut last = at;
        for next in at + 1..pieces.len() {
            if !close.contains(&pieces[next].leaf.node)
                || (own_label(&pieces[next]).is_some() && pieces[next].leaf.source == Source::Text)
                // What is not built as a label names one line, and not all that follows it.
                || (!tagged && !colon && pieces[next].block != line && pieces[next].leaf.source == Source::Text)
            {
                break;
            }
            pieces[next].labels = words.clone();
            pieces[next].labelled = true;
            last = next;
        }
        at = last + 1;
    }
}

fn parent_tag(page: &Page, node: NodeId) -> &str {
    page.node(node)
        .and_then(|node| node.parent)
        .and_then(|parent| page.node(parent))
        .map_or("", |node| node.tag.as_str())
}

/// What a piece labels, where it is nothing but a label.
fn own_label(piece: &Piece<'_>) -> Option<Vec<Concept>> {
    if piece.leaf.source != Source::Text
        || piece.marker.is_some()
        || !piece.leaf.addresses.is_empty()
        || !piece.leaf.times.is_empty()
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
        );
        if topics::is_label(concept) {
            concepts.push(concept);
        }
    }
    let colon = piece.leaf.text.trim_end().ends_with([':', '：', '؛']);
    (!concepts.is_empty() && (!value || colon)).then_some(concepts)
}

/// The lowest element that holds both nodes.
fn common(page: &Page, a: NodeId, b: NodeId) -> NodeId {
    let mut at = a;
    while !page.subtree(at).contains(&b) {
        let Some(parent) = page.node(at).and_then(|node| node.parent) else { return at };
        at = parent;
    }
    at
}

/// What the rows of a list have in common: how often a place in them holds an address, a device, a place.
#[derive(Default)]
pub struct Votes {
    address: HashMap<u64, usize>,
    device: HashMap<u64, usize>,
    country: HashMap<u64, usize>,
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
                if piece.leaf.source == Source::Text
                    && place::country(&piece.leaf.text, &piece.leaf.marked, languages).is_some()
                {
                    vote(3, &mut votes.country);
                }
                if piece.leaf.source == Source::Text && piece.marker.is_none() {
                    vote(4, &mut votes.filled);
                }
            }
        }
        votes
    }
}

fn votes(map: &HashMap<u64, usize>, piece: &Piece<'_>) -> usize {
    map.get(&piece.place).copied().unwrap_or(0)
}

/// A part of a piece: what is left of it when addresses, times and labels are taken out.
struct Fragment<'a> {
    piece: &'a Piece<'a>,
    range: Range<usize>,
    text: String,
    marked: Marked,
    device: Option<Device>,
    /// Whether an address stood in the same piece.
    beside_address: bool,
}

/// The facts of a row before its list's kind is known: times by their labels, the rest.
#[derive(Default)]
pub struct Facts {
    /// The row, without its times and its control.
    pub row: Row,
    /// The time that something labels as the beginning.
    pub signed_in_at: Option<Time>,
    /// The time that something labels as the last activity.
    pub last_active_at: Option<Time>,
    /// Times that nothing labels.
    pub bare: Vec<Time>,
    /// Times whose order cannot be decided.
    pub undecided: Vec<String>,
    /// How the row says it ended.
    pub outcome: Option<Outcome>,
    /// The second factor that it names.
    pub second_factor: Option<SecondFactor>,
    /// Whether it is said to be online.
    pub online: Option<bool>,
}

/// Reads a row.
pub fn read(page: &Page, view: &View<'_>, tally: &Votes, context: &Context<'_>) -> Facts {
    let languages = context.languages;
    let mut facts = Facts::default();
    times(page, view, context, &mut facts);
    address(view, tally, &mut facts);
    let fragments = fragments(view);
    words(view, &mut facts);
    places(&fragments, tally, languages, &mut facts);
    devices(view, &fragments, tally, &mut facts);
    facts
}

fn times(page: &Page, view: &View<'_>, context: &Context<'_>, facts: &mut Facts) {
    let day = view.pieces.iter().find(|piece| piece.shared && shared::is_day(piece.leaf));
    for (at, piece) in view.pieces.iter().enumerate() {
        if piece.is_label || day.is_some_and(|day| std::ptr::eq(day, piece)) {
            continue;
        }
        for found in &piece.leaf.times {
            let text = &piece.leaf.marked.folded.text;
            // "The device you are using right now" is no time.
            let now = &text[found.range.clone()];
            if piece.marker.is_some() && Lexicon::get().mark(now).is(Concept::JustNow) {
                continue;
            }
            let Some(time) = &found.time else {
                if piece.leaf.source == Source::Text {
                    facts.undecided.push(text[found.range.clone()].to_owned());
                }
                continue;
            };
            // An attribute's time stands for the text that it explains; alone it is read where a label calls for it.
            if piece.leaf.source != Source::Text {
                let explains = view.pieces.iter().any(|other| {
                    other.leaf.source == Source::Text
                        && page.subtree(piece.leaf.node).contains(&other.leaf.node)
                        && (!other.leaf.times.is_empty() || other.leaf.marked.has(Concept::JustNow))
                });
                if explains || piece.labels.is_empty() {
                    continue;
                }
            }
            let label = time_label(piece, &found.range);
            if label == Some(Concept::Expires) {
                continue;
            }
            let full = explained(page, view, at).or_else(|| on_day(day?, time, context));
            let time = full.map_or_else(|| time.clone(), |full| Time { text: time.text.clone(), ..full });
            match label {
                Some(Concept::LastActive) if facts.last_active_at.is_none() => facts.last_active_at = Some(time),
                Some(Concept::LoginTime | Concept::Date) if facts.signed_in_at.is_none() => {
                    facts.signed_in_at = Some(time)
                }
                Some(_) => {}
                None => facts.bare.push(time),
            }
        }
    }
}

/// A clock's time on the day that stands above its row.
fn on_day(day: &Piece<'_>, clock: &Time, context: &Context<'_>) -> Option<Time> {
    let numbers = clock.text.split(|c: char| !c.is_numeric()).filter(|part| !part.is_empty()).count();
    let bare = (2..=3).contains(&numbers) && clock.text.contains([':', '：', '.', '時', '点', '시']);
    if !bare || clock.precision > Precision::Minute || clock.zone == ZoneSource::Relative {
        return None;
    }
    let date = day.leaf.times.first()?.time.as_ref()?;
    let whole = time::read(&format!("{} {}", date.text, clock.text), context)?;
    (whole.precision == clock.precision).then_some(whole)
}

/// What a time is: by the words around it in its own text, by its label, by its column.
fn time_label(piece: &Piece<'_>, range: &Range<usize>) -> Option<Concept> {
    use Concept::*;
    let mut own: Option<(usize, usize, Concept)> = None;
    for hit in &piece.leaf.marked.hits {
        if hit.range.start < range.end && range.start < hit.range.end {
            continue;
        }
        let distance =
            if hit.range.end <= range.start { range.start - hit.range.end } else { 1000 + hit.range.start - range.end };
        for meaning in Lexicon::get().meanings(hit) {
            if let Sense::Word(concept @ (LastActive | LoginTime | Expires)) = meaning.sense {
                // The nearest word, the longest of several there.
                if own.is_none_or(|(known, length, _)| {
                    distance < known || (distance == known && hit.range.len() > length)
                }) {
                    own = Some((distance, hit.range.len(), concept));
                }
            }
        }
    }
    if let Some((_, _, concept)) = own {
        return Some(concept);
    }
    [Expires, LastActive, LoginTime, Date]
        .into_iter()
        .find(|concept| piece.labels.contains(concept))
        .or_else(|| piece.labels.contains(&Inactive).then_some(LastActive))
}

/// The full time that an element explains its words with, where those are relative.
fn explained(page: &Page, view: &View<'_>, at: usize) -> Option<Time> {
    let piece = &view.pieces[at];
    if piece.leaf.source != Source::Text {
        return None;
    }
    let mut best: Option<(u8, &Time)> = None;
    for other in &view.pieces {
        if other.leaf.source == Source::Text || !page.subtree(other.leaf.node).contains(&piece.leaf.node) {
            continue;
        }
        // Only an attribute of the words' own element, or one close around.
        let depth = page.node(piece.leaf.node).map_or(0, |node| node.depth)
            - page.node(other.leaf.node).map_or(0, |node| node.depth);
        let Some(time) = other.leaf.times.iter().find_map(|found| found.time.as_ref()) else { continue };
        if depth > 3 || time.zone == ZoneSource::Relative {
            continue;
        }
        let rank = u8::from(other.leaf.source == Source::Datetime) * 2 + u8::from(time.zone == ZoneSource::Stated);
        if best.is_none_or(|(known, _)| rank > known) {
            best = Some((rank, time));
        }
    }
    best.map(|(_, time)| time.clone())
}

fn address(view: &View<'_>, tally: &Votes, facts: &mut Facts) {
    let mut best: Option<(usize, String)> = None;
    for piece in view.pieces.iter().filter(|piece| !piece.is_label && !piece.labels.contains(&Concept::IpAllow)) {
        for address in &piece.leaf.addresses {
            let named = piece.labels.contains(&Concept::IpAddress) || piece.leaf.marked.has(Concept::IpAddress);
            let text = usize::from(piece.leaf.source == Source::Text);
            let score =
                votes(&tally.address, piece) * 4 + usize::from(named) * 100 + text * 2 - usize::from(piece.heading);
            if best.as_ref().is_none_or(|(known, _)| score > *known) {
                let printed = if address.masked {
                    clean(piece.leaf.marked.folded.verbatim(&piece.leaf.text, address.range.clone()))
                } else {
                    address.text.clone()
                };
                best = Some((score, printed));
            }
        }
    }
    facts.row.ip = best.map(|(_, text)| text);
}

/// Outcomes, factors, being online, the operator: words that are a whole piece.
fn words(view: &View<'_>, facts: &mut Facts) {
    let asked = view.pieces.iter().any(|piece| !piece.is_label && is_method(piece));
    for piece in view.pieces.iter().filter(|piece| !piece.is_label) {
        let marked = &piece.leaf.marked;
        // "active now".
        if piece.leaf.source == Source::Text
            && marked.is(Concept::JustNow)
            && (marked.has(Concept::Online) || marked.has(Concept::LastActive))
        {
            facts.online = facts.online.or(Some(true));
        }
        if piece.marker.is_some() {
            continue;
        }
        let status = piece.labels.contains(&Concept::Status);
        // "Successful login", "Failed: wrong password": a short text among whose words is the outcome.
        let short = piece.leaf.source == Source::Text && piece.leaf.facts() == 0 && text_is_short(marked);
        if short && facts.outcome.is_none() {
            facts.outcome = if marked.has(Concept::Failed) {
                Some(Outcome::Failed)
            } else {
                marked.has(Concept::Success).then_some(Outcome::Success)
            };
        }
        for concept in marked.concepts() {
            match concept {
                Concept::Success => facts.outcome = facts.outcome.or(Some(Outcome::Success)),
                Concept::Failed => facts.outcome = facts.outcome.or(Some(Outcome::Failed)),
                Concept::Online if piece.leaf.source == Source::Text || status => {
                    facts.online = facts.online.or(Some(true))
                }
                Concept::Offline => facts.online = facts.online.or(Some(false)),
                _ => {}
            }
        }
        let method = is_method(piece);
        // Where a column is of second factors, no other word counts; a password beside another is the first one.
        let other = facts.second_factor.filter(|known| *known != SecondFactor::PasswordOnly);
        if other.is_none() && (method || (piece.labels.is_empty() && !asked)) {
            facts.second_factor = factor(marked, method).or(facts.second_factor);
        }
        if piece.labels.contains(&Concept::Isp)
            && facts.row.isp.is_none()
            && !place::is_nothing(marked)
            && piece.leaf.source == Source::Text
            && piece.leaf.addresses.is_empty()
        {
            facts.row.isp = Some(clean(&piece.leaf.text));
        }
    }
}

/// Whether a piece stands where second factors are named.
fn is_method(piece: &Piece<'_>) -> bool {
    piece.labels.contains(&Concept::TwoFactorMethod) || piece.labels.contains(&Concept::TwoFactor)
}

/// Whether a text is a word or a few, and no sentence.
fn text_is_short(marked: &Marked) -> bool {
    let text = marked.folded.text.as_str();
    text.len() <= 60 && text.split_whitespace().count() <= 5
}

fn factor(marked: &Marked, method: bool) -> Option<SecondFactor> {
    // "Code by SMS": an address of mail and a password may be spoken of for other reasons.
    let within = |concept| {
        method || (text_is_short(marked) && !matches!(concept, Concept::EmailFactor | Concept::PasswordFactor))
    };
    let is = |concept| marked.is(concept) || (within(concept) && marked.has(concept));
    [
        (Concept::SecurityKeyFactor, SecondFactor::SecurityKey),
        (Concept::PasskeyFactor, SecondFactor::Passkey),
        (Concept::Authenticator, SecondFactor::Authenticator),
        (Concept::SmsFactor, SecondFactor::Sms),
        (Concept::EmailFactor, SecondFactor::Email),
        (Concept::PasswordFactor, SecondFactor::PasswordOnly),
    ]
    .into_iter()
    .find(|(concept, _)| is(*concept))
    .map(|(_, factor)| factor)
}

/// Cuts the texts of a row into what is left besides addresses, times, labels and markers.
fn fragments<'a>(view: &'a View<'a>) -> Vec<Fragment<'a>> {
    let mut fragments = Vec::new();
    for piece in view
        .pieces
        .iter()
        .filter(|piece| !piece.is_label && piece.leaf.source == Source::Text && piece.marker != Some(Marker::Whole))
    {
        let text = piece.leaf.marked.folded.text.as_str();
        let mut cuts: Vec<Range<usize>> = piece.leaf.addresses.iter().map(|address| address.range.clone()).collect();
        cuts.extend(piece.leaf.times.iter().map(|found| found.range.clone()));
        if let Some(Marker::Within) = piece.marker {
            cuts.extend(longest(&piece.leaf.marked, Concept::CurrentSession));
        }
        let facts = !cuts.is_empty();
        cuts.extend(prefix(piece, facts));
        cuts.sort_by_key(|cut| cut.start);
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
            for range in split(text, range) {
                let printed = clean(piece.leaf.marked.folded.verbatim(&piece.leaf.text, range.clone()));
                let printed = trim_signs(&printed);
                if !printed.chars().any(char::is_alphanumeric) && place::flag(&printed).is_none() {
                    continue;
                }
                let whole = range == (0..text.len()) && printed == piece.leaf.text;
                let marked = if whole { piece.leaf.marked.clone() } else { Lexicon::get().mark(&printed) };
                let device = if whole {
                    piece.leaf.device.clone()
                } else {
                    Some(device::read_marked(&printed, &marked)).filter(Device::is_some)
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
fn prefix(piece: &Piece<'_>, has_facts: bool) -> Option<Range<usize>> {
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
        .then(|| start..hit.range.end)
}

/// Parts a text at strong separators, where one of the parts names a place and another something else.
fn split(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = range.start;
    let part = &text[range.clone()];
    for (at, c) in part.char_indices() {
        let at = range.start + at;
        let parted = match c {
            '·' | '•' | '|' | '—' | '\n' => true,
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

fn trim_signs(text: &str) -> String {
    let text = text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | '·' | '•' | '|' | '—' | '–' | '-' | ':' | ';' | '،' | '✔' | '/')
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

fn places(fragments: &[Fragment<'_>], tally: &Votes, languages: Languages, facts: &mut Facts) {
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
    let Some((_, fragment)) = best else {
        return;
    };
    let place = place::read(&fragment.text, &fragment.marked, languages);
    facts.row.city = place.city.clone();
    facts.row.country = place.code();
    facts.row.place = Some(without_flag(&fragment.text));
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

fn without_flag(text: &str) -> String {
    text.trim_matches(|c: char| ('\u{1f1e6}'..='\u{1f1ff}').contains(&c) || c.is_whitespace()).to_owned()
}

/// The text that names the device, and what all texts together say of it.
fn devices(view: &View<'_>, fragments: &[Fragment<'_>], tally: &Votes, facts: &mut Facts) {
    let place = facts.row.place.clone();
    let mut found: Vec<(i32, String, Device)> = Vec::new();
    let mut lines: Vec<(NodeId, Vec<&Fragment<'_>>)> = Vec::new();
    for fragment in fragments {
        if place.as_deref() == Some(fragment.text.as_str())
            || place.as_ref().is_some_and(|place| without_flag(&fragment.text) == *place)
        {
            continue;
        }
        match lines.last_mut() {
            Some((block, line)) if *block == fragment.piece.block => line.push(fragment),
            _ => lines.push((fragment.piece.block, vec![fragment])),
        }
    }
    let labelled = |fragment: &Fragment<'_>| {
        fragment.piece.labels.iter().any(|label| {
            matches!(label, Concept::Device | Concept::Browser | Concept::UserAgent | Concept::DeviceModel)
        })
    };
    let foreign = |fragment: &Fragment<'_>| {
        !fragment.piece.labels.is_empty() && !labelled(fragment) && !fragment.piece.labels.contains(&Concept::Os)
    };
    for (at, (_, line)) in lines.iter().enumerate() {
        let usable: Vec<&&Fragment<'_>> = line.iter().filter(|fragment| !foreign(fragment)).collect();
        // Neighbouring pieces of a line that only together name the device: "Chrome" on "Windows".
        let mut text = String::new();
        let mut device = Device::default();
        let mut score = -1;
        let joined: Vec<&str> = usable.iter().map(|fragment| fragment.text.as_str()).collect();
        if usable.len() > 1 {
            let whole = joined.join(" ");
            let read = device::read(&whole);
            let best = usable.iter().filter_map(|fragment| fragment.device.as_ref()).map(weight).max().unwrap_or(0);
            if read.share >= 0.8 && weight(&read) > best && usable.iter().all(|fragment| !fragment.beside_address) {
                score = 10 + weight(&read);
                text = whole;
                device = read;
            }
        }
        if score < 0 {
            for fragment in &usable {
                let Some(read) = fragment.device.as_ref().filter(|device| device.share >= 0.5) else { continue };
                let mut own = weight(read) + votes(&tally.device, fragment.piece).min(4) as i32;
                if labelled(fragment) {
                    own += 20;
                }
                if fragment.piece.labels.contains(&Concept::Os) && !labelled(fragment) {
                    own -= 6;
                }
                found.push((own * 10 - at as i32, fragment.text.clone(), read.clone()));
            }
        } else {
            if usable.iter().any(|fragment| labelled(fragment)) {
                score += 20;
            }
            found.push((score * 10 - at as i32, text, device));
        }
    }
    if found.is_empty() {
        // A name around a device ("Anna's iPad"), where the other rows have theirs.
        let usable = |fragment: &&Fragment<'_>| {
            !foreign(fragment)
                && !fragment.beside_address
                && fragment.piece.leaf.times.is_empty()
                && place.as_deref() != Some(fragment.text.as_str())
                && (fragment.piece.heading || labelled(fragment) || votes(&tally.device, fragment.piece) > 0)
        };
        let named = fragments.iter().filter(usable).find_map(|fragment| fragment.device.as_ref().zip(Some(fragment)));
        found.extend(named.map(|(device, fragment)| (0, fragment.text.clone(), device.clone())));
    }
    found.sort_by_key(|(score, ..)| std::cmp::Reverse(*score));
    // A name given by the person, or a word that means no device, in the place where devices are named.
    let named = fragments.iter().find(|fragment| {
        place.as_deref() != Some(without_flag(&fragment.text).as_str())
            && labelled(fragment)
            && fragment.piece.labels.contains(&Concept::Device)
            && !fragment.piece.labels.contains(&Concept::Clients)
            && fragment.device.is_none()
            && !fragment.beside_address
            && fragment.piece.leaf.times.is_empty()
    });
    let titled = fragments.iter().find(|fragment| {
        fragment.piece.heading
            && !fragment.beside_address
            && fragment.piece.leaf.times.is_empty()
            && fragment.piece.labels.is_empty()
            && place.as_deref() != Some(fragment.text.as_str())
    });
    // A line of its own, under no label, that names browser and system outdoes a label that may mean much.
    let plain = fragments.iter().any(|fragment| {
        (fragment.piece.labels.is_empty() || fragment.piece.labels.contains(&Concept::Device))
            && fragment
                .device
                .as_ref()
                .is_some_and(|device| device.share >= 0.8 && device.browser.is_some() && device.os.is_some())
    });
    let apart = found.iter().all(|(_, _, device)| device.browser.is_none() || device.os.is_none()) && found.len() > 1;
    facts.row.device = match (named, titled, found.first()) {
        (Some(named), ..) if !plain => Some(join_cell(fragments, named)),
        (_, Some(titled), _) if found.is_empty() || apart => Some(titled.text.clone()),
        (.., Some((_, text, _))) => Some(text.clone()),
        _ => None,
    };
    // What icons and tooltips say comes last.
    let mut forms = Vec::new();
    for piece in view.pieces.iter() {
        for (concept, form) in
            [(Concept::Tablet, Form::Tablet), (Concept::Phone, Form::Phone), (Concept::Desktop, Form::Desktop)]
        {
            if piece.leaf.marked.is(concept) && !piece.is_label {
                forms.push(form);
            }
        }
        if piece.leaf.source == Source::Name && !piece.is_label {
            if let Some(device) = piece.leaf.device.as_ref().filter(|device| device.share >= 0.5) {
                found.push((-1000, String::new(), device.clone()));
            }
        }
    }
    let row = &mut facts.row;
    for (_, _, device) in &found {
        let same = |known: &Option<String>, new: &Option<String>| known.is_none() || new.is_none() || known == new;
        if !same(&row.browser, &device.browser) {
            continue;
        }
        let os_agrees =
            same(&row.os, &device.os) || row.os.as_deref() == Some("iOS") && device.os.as_deref() == Some("iPadOS");
        let fill = |slot: &mut Option<String>, value: &Option<String>| {
            if slot.is_none() {
                slot.clone_from(value);
            }
        };
        fill(&mut row.browser, &device.browser);
        fill(&mut row.browser_version, &device.browser_version);
        if os_agrees {
            fill(&mut row.os, &device.os);
            fill(&mut row.os_version, &device.os_version);
            fill(&mut row.model, &device.model);
            if row.form == Form::Unknown {
                row.form = device.form;
            }
        }
        fill(&mut row.app, &device.app);
        fill(&mut row.app_version, &device.app_version);
    }
    if let Some(form) = forms.first() {
        row.form = *form;
    }
    if row.form == Form::Unknown {
        let text = row.device.as_deref().unwrap_or_default();
        row.form = device::read(text).form;
        if row.form == Form::Unknown && row.device.is_some() {
            let marked = Lexicon::get().mark(text);
            row.form =
                [(Concept::Tablet, Form::Tablet), (Concept::Phone, Form::Phone), (Concept::Desktop, Form::Desktop)]
                    .into_iter()
                    .find(|(concept, _)| marked.has(*concept))
                    .map_or(Form::Unknown, |(_, form)| form);
        }
    }
}

/// All of a cell's own words, where its device is named by several pieces.
fn join_cell(fragments: &[Fragment<'_>], named: &Fragment<'_>) -> String {
    let words: Vec<&str> = fragments
        .iter()
        .filter(|fragment| fragment.piece.block == named.piece.block && fragment.piece.labels == named.piece.labels)
        .map(|fragment| fragment.text.as_str())
        .collect();
    words.join(" ")
}

/// How much a text says of a device.
fn weight(device: &Device) -> i32 {
    i32::from(device.browser.is_some()) * 2
        + i32::from(device.os.is_some()) * 2
        + i32::from(device.model.is_some())
        + i32::from(device.app.is_some()) * 2
        + i32::from(device.browser_version.is_some())
        + i32::from(device.os_version.is_some())
}
