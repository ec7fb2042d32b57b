//! Types what a row says: by its column's head or its label, by the value itself, by what stands at the same place in
//! the other rows, and by what its icons and tooltips are called.

mod devices;
mod fragments;
mod heads;
mod places;
mod times;
mod view;
mod votes;
mod words;

use super::controls::Button;
use super::leaves::Leaf;
use super::lexicon::Concept;
use super::records::Record;
use super::time::Context;
use crate::page::{NodeId, Page};
use crate::session::{Outcome, Row, SecondFactor, Time};

pub use heads::{Heads, heads};
pub use view::view;
pub use votes::Votes;

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
    /// Where its value begins in the folded text, behind a label of its own: "IP: 203.0.113.5".
    pub value: usize,
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
    times::times(page, view, context, &mut facts);
    words::address(view, tally, &mut facts);
    let fragments = fragments::fragments(view);
    words::words(view, &mut facts);
    places::places(&fragments, tally, languages, &mut facts);
    devices::devices(view, &fragments, tally, &mut facts);
    facts
}
