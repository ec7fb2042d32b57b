//! What a person taught of a page: one row, and where in it the address, the device, the time, the place and the
//! control stand. The other rows are found by what they have in common with it.
//!
//! A lesson says *where*; *what* stands there is still read by the readers of values, so that an "address" that is none
//! stays unknown, and a control goes through the same refusals as everywhere. A lesson that fits a page no longer reads
//! nothing of it.

mod form;
mod read;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

use super::controls::{self, Button, Ends};
use super::leaves::{Leaves, Source};
use super::lexicon::{Concept, Lexicon};
use super::records::{Record, Records};
use super::time::{Context, Order};
use super::topics::{self, Topic};
use super::{Hints, Reading};
use crate::page::{NodeId, Page};
use crate::session::Row;
use crate::zone::Zone;

/// The code of the problem that a lesson does not fit its page any more.
pub const OUT_OF_DATE: &str = "lesson-out-of-date";

/// What a person taught of one page of a site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lesson {
    /// What the rows are.
    pub list: Listed,
    /// The way from the document's root to what holds the rows.
    pub above: Vec<Step>,
    /// The rows' tag.
    pub row: String,
    /// The words of the last heading before the rows, letters alone; of several like lists it tells which.
    pub heading: String,
    /// Where in a row its parts stand.
    pub parts: Vec<Taught>,
    /// The words of the control that ends a session.
    pub words: String,
}

/// What the rows of a taught list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Listed {
    /// Sessions that are alive.
    #[default]
    Sessions,
    /// A history of logins.
    Logins,
}

/// A part of a row that a person can point at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The address.
    Address,
    /// The device.
    Device,
    /// The time: the last activity of a session, the attempt of a login.
    Time,
    /// The place.
    Place,
    /// The control that ends the session.
    Control,
}

/// Where a part stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taught {
    /// Which.
    pub part: Part,
    /// The way to it from its row.
    pub way: Vec<Step>,
    /// Whether the reader knew the value of the row that was pointed at: then other rows are known by theirs.
    pub sure: bool,
}

/// One step down: a tag, how many of the same tag stand before it, and how many after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step(pub String, pub u32, pub u32);

/// What a person pointed at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointing {
    /// The row.
    pub row: NodeId,
    /// Its parts; none twice.
    pub parts: Vec<(Part, NodeId)>,
    /// What the rows are.
    pub list: Listed,
}

/// What came of pointing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Learned {
    /// The lesson, where enough of it is understood.
    pub lesson: Option<Lesson>,
    /// The rows that it reads on the page.
    pub rows: Vec<Row>,
    /// What was refused, and why; `None` speaks of the row.
    pub refused: Vec<(Option<Part>, Refusal)>,
}

/// Why something that a person pointed at is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is no row: the page itself, or deeper than rows are.
    NoRow,
    /// The list is of something else, by the words above it: keys, orders, applications.
    OtherList,
    /// Neither an address nor a device nor a time is understood, so that other rows could not be told from anything.
    TooLittle,
    /// It stands outside the row.
    Outside,
    /// It holds no such value.
    NoValue,
    /// It cannot be pressed, as far as one can tell.
    NoControl,
    /// It opens a menu.
    OpensMenu,
    /// It ends more than one session, or something else than a session.
    WrongControl,
}

/// A way longer than this leads to nothing in a row.
const LONGEST_WAY: usize = 32;
/// The furthest that rows lie below the root.
const DEEPEST: usize = 400;
/// How many pieces below a part are looked at.
const PIECES: usize = 8;

/// A page, made ready for a lesson.
struct Class<'a> {
    page: &'a Page,
    context: Context<'a>,
    leaves: Leaves,
    buttons: Vec<Button>,
    /// The words of the headings that hold no facts, by node.
    headings: Vec<(NodeId, String)>,
}

/// Makes a lesson of what a person pointed at, and reads the page with it.
///
/// Never panics; linear in the page's nodes.
pub fn learn(page: &Page, pointing: &Pointing, hints: &Hints, now: DateTime<Utc>, zone: &Zone) -> Learned {
    Class::of(page, hints, now, zone).learn(pointing)
}

/// Reads a page with a lesson: its rows take the place of the list that the reader would find by itself.
///
/// Where the lesson does not fit there is a problem of the code [`OUT_OF_DATE`], and no list of sessions or logins.
pub fn read(page: &Page, lesson: &Lesson, hints: &Hints, now: DateTime<Utc>, zone: &Zone) -> Reading {
    let reading = super::read(page, hints, now, zone);
    Class::of(page, hints, now, zone).take_into(reading, lesson)
}

impl<'a> Class<'a> {
    fn of(page: &'a Page, hints: &Hints, now: DateTime<Utc>, zone: &'a Zone) -> Self {
        let mut context = Context::new(now, zone, hints.lang.as_deref().or(page.lang.as_deref()));
        let mut leaves = Leaves::of(page, &context);
        if context.order == Order::Unknown {
            let order = Order::of_texts(leaves.all.iter().map(|leaf| &leaf.marked));
            if order != Order::Unknown {
                context.order = order;
                leaves = Leaves::of(page, &context);
            }
        }
        let buttons = controls::find(page, &leaves);
        let headings = leaves
            .all
            .iter()
            .filter(|leaf| leaf.source == Source::Text && leaf.facts() == 0 && topics::in_heading(page, leaf.node))
            .map(|leaf| {
                // A count in a heading changes, and what holds a device's name is the head of a row.
                let letters = leaf.marked.folded.text.chars().filter(|c| c.is_alphabetic()).take(60);
                (leaf.node, letters.collect())
            })
            .collect();
        Self { page, context, leaves, buttons, headings }
    }

    fn learn(&self, pointing: &Pointing) -> Learned {
        let mut learned = Learned::default();
        let Some((above, row)) = self.row(pointing.row) else {
            learned.refused.push((None, Refusal::NoRow));
            return learned;
        };
        if self.is_of_something_else(pointing.row) {
            learned.refused.push((None, Refusal::OtherList));
            return learned;
        }
        let mut lesson = Lesson {
            list: pointing.list,
            above,
            row,
            heading: self.heading(pointing.row).to_owned(),
            ..Lesson::default()
        };
        for (part, node) in &pointing.parts {
            if lesson.parts.iter().any(|known| known.part == *part) {
                continue;
            }
            match self.part(pointing.row, *part, *node) {
                Ok((taught, words)) => {
                    lesson.parts.push(taught);
                    if *part == Part::Control {
                        lesson.words = words;
                    }
                }
                Err(refusal) => learned.refused.push((Some(*part), refusal)),
            }
        }
        if pointing.parts.is_empty() {
            // There is more to come, and nothing wrong so far.
            return learned;
        }
        if !lesson.parts.iter().any(|taught| taught.sure) {
            learned.refused.push((None, Refusal::TooLittle));
            return learned;
        }
        if let Some((_, rows)) = self.rows(&lesson) {
            learned.rows = rows;
        }
        if learned.rows.iter().any(|row| row.node == Some(pointing.row)) {
            learned.lesson = Some(lesson);
        } else {
            learned.rows.clear();
            learned.refused.push((None, Refusal::TooLittle));
        }
        learned
    }

    /// The way to what holds a row, and the row's tag.
    fn row(&self, row: NodeId) -> Option<(Vec<Step>, String)> {
        let node = self.page.node(row).filter(|node| !node.is_text() && node.depth as usize <= DEEPEST)?;
        let parent = node.parent?;
        if node.tag == "body" {
            return None;
        }
        Some((self.way(0, parent)?, node.tag.clone()))
    }

    /// The steps from one node down to another.
    fn way(&self, from: NodeId, to: NodeId) -> Option<Vec<Step>> {
        let mut way = Vec::new();
        let mut at = to;
        while at != from {
            let node = self.page.node(at)?;
            let parent = node.parent.filter(|parent| *parent >= from)?;
            let (mut before, mut after) = (0, 0);
            for sibling in self.page.children(parent) {
                if self.page.node(sibling).is_some_and(|other| other.tag == node.tag) {
                    before += u32::from(sibling < at);
                    after += u32::from(sibling > at);
                }
            }
            way.push(Step(node.tag.clone(), before, after));
            at = parent;
        }
        way.reverse();
        Some(way)
    }

    fn heading(&self, row: NodeId) -> &str {
        let end = self.headings.partition_point(|(node, _)| *node < row);
        end.checked_sub(1).and_then(|last| self.headings.get(last)).map_or("", |(_, words)| words)
    }

    /// Whether the words above a row say that its list is of something that ends no session.
    fn is_of_something_else(&self, row: NodeId) -> bool {
        let rows = vec![Record { nodes: vec![row], ..Record::default() }];
        let records = Records { container: row, rows, single: true };
        let mentions = topics::above(self.page, &self.leaves, &[], &records);
        let near = |topic| topics::near(&mentions, topic);
        let elsewhere = near(Topic::Else).max(near(Topic::ApiKeys)).max(near(Topic::Withdrawals));
        let here = near(Topic::Sessions).max(near(Topic::Current)).max(near(Topic::Others));
        elsewhere > 0.0 && elsewhere >= here.max(near(Topic::Logins)).max(near(Topic::Trusted))
    }

    fn part(&self, row: NodeId, part: Part, node: NodeId) -> Result<(Taught, String), Refusal> {
        if !self.page.subtree(row).contains(&node) {
            return Err(Refusal::Outside);
        }
        let (node, words) = match part {
            Part::Control => self.control(row, node)?,
            _ => (self.element(node), String::new()),
        };
        let way = self.way(row, node).filter(|way| way.len() <= LONGEST_WAY).ok_or(Refusal::Outside)?;
        let sure = self.is_sure(part, node);
        let held = match part {
            Part::Device => sure || self.name(node).is_some(),
            Part::Place => self.place(node).is_some(),
            Part::Address | Part::Time => sure,
            Part::Control => true,
        };
        if held { Ok((Taught { part, way, sure }, words)) } else { Err(Refusal::NoValue) }
    }

    /// A text's element, or the element itself.
    fn element(&self, node: NodeId) -> NodeId {
        let text = self.page.node(node).filter(|it| it.is_text());
        text.and_then(|it| it.parent).unwrap_or(node)
    }

    /// The things to press below a node, itself among them.
    fn buttons_below(&self, node: NodeId) -> &[Button] {
        let range = self.page.subtree(node);
        let start = self.buttons.partition_point(|button| button.node < range.start);
        let end = self.buttons.partition_point(|button| button.node < range.end);
        self.buttons.get(start..end).unwrap_or_default()
    }

    /// What is pressed at a node of a row, and its words; or why it may not be offered.
    fn control(&self, row: NodeId, node: NodeId) -> Result<(NodeId, String), Refusal> {
        let find = |id: NodeId| self.buttons_below(id).first().filter(|button| button.node == id);
        // The thing to press around what was pointed at (an icon), or the only one within it (a cell).
        let mut around = None;
        let mut at = self.element(node);
        while at > row && around.is_none() {
            around = find(at);
            at = self.page.node(at).and_then(|it| it.parent).unwrap_or(row);
        }
        let only = match self.buttons_below(node) {
            [only] => Some(only),
            _ => None,
        };
        let (node, words) = match around.or(only) {
            Some(button) if button.menu && !button.item => return Err(Refusal::OpensMenu),
            Some(button) if button.disabled => return Err(Refusal::NoControl),
            Some(button) if button.href.as_deref().is_some_and(topics::is_article) => {
                return Err(Refusal::WrongControl);
            }
            Some(button) if button.node > row => (button.node, button.label.clone()),
            // The page may have put a handler on any element that says what it does.
            _ if node > row => (self.element(node), super::text::clean(&self.page.text_of(node))),
            _ => return Err(Refusal::NoControl),
        };
        if words.is_empty() && find(node).is_none() || words.chars().count() > 80 {
            return Err(Refusal::NoControl);
        }
        if may_end(&words) { Ok((node, super::text::fold(&words))) } else { Err(Refusal::WrongControl) }
    }
}

/// Whether words may belong to what ends one session: they say so, or they are none that mean something else.
fn may_end(words: &str) -> bool {
    use Concept::*;
    let marked = Lexicon::get().mark(words);
    let other = [
        All,
        Api,
        ApiKey,
        Apps,
        Authenticator,
        EmailFactor,
        IpAllow,
        LogIn,
        LogOutAll,
        LogOutOthers,
        Menu,
        NegAction,
        NegObject,
        Orders,
        Other,
        PasskeyFactor,
        SecurityKeyFactor,
        SmsFactor,
        Wallet,
        WithdrawalBook,
    ];
    controls::is_all(&marked).is_none()
        && (controls::ends(&marked) > Ends::Nothing || !other.into_iter().any(|concept| marked.has(concept)))
}
