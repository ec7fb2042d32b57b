//! Reads a page with a lesson: which rows are meant, and what stands in their parts.

use super::{Class, LONGEST_WAY, Lesson, Listed, OUT_OF_DATE, PIECES, Part, Step, Taught};
use crate::page::NodeId;
use crate::reading::controls::{self, Ends};
use crate::reading::device::{self, Device};
use crate::reading::leaves::{Leaf, Source};
use crate::reading::lexicon::{Concept, Lexicon};
use crate::reading::place;
use crate::reading::text::clean;
use crate::reading::{List, Problem, Reading, SignedIn, current};
use crate::session::{Control, Row, Time};

/// How many of the tags above the rows must be those of the lesson: what stands further up changes with the page's
/// frame.
const NEAR: usize = 3;

impl Class<'_> {
    /// The reading with the lesson's rows in place of what was found in their stead.
    pub(super) fn take_into(&self, mut reading: Reading, lesson: &Lesson) -> Reading {
        let is_same = |list: &List| {
            matches!(
                (lesson.list, list),
                (Listed::Sessions, List::Sessions(_) | List::TrustedDevices(_)) | (Listed::Logins, List::Logins(_))
            )
        };
        let Some((holder, rows)) = self.rows(lesson) else {
            reading.lists.retain(|list| !matches!(list, List::Sessions(_) | List::Logins(_) | List::TrustedDevices(_)));
            reading.log_out_all = None;
            reading.problems = vec![Problem { code: OUT_OF_DATE.to_owned(), detail: lesson.heading.clone() }];
            return reading;
        };
        let inside = self.page.subtree(holder);
        let is_inside = |node: Option<NodeId>| node.is_some_and(|node| inside.contains(&node));
        reading.lists.retain(|list| match list {
            List::Sessions(rows) | List::Logins(rows) | List::TrustedDevices(rows) => {
                !is_same(list) && !rows.iter().any(|row| is_inside(row.node))
            }
            _ => true,
        });
        // What stands among the rows ends one of them, and was taken for more because they were not seen.
        for control in [&mut reading.log_out_self, &mut reading.log_out_all] {
            *control = control.take().filter(|control| !is_inside(control.node));
        }
        reading.problems.retain(|problem| problem.code != "no-list");
        reading.signed_in = SignedIn::Yes;
        reading.lists.push(match lesson.list {
            Listed::Sessions => List::Sessions(rows),
            Listed::Logins => List::Logins(rows),
        });
        reading
    }

    /// What holds the rows that a lesson is of, and the rows; `None` where it fits nothing, or several things alike.
    pub(super) fn rows(&self, lesson: &Lesson) -> Option<(NodeId, Vec<Row>)> {
        let fits = lesson.parts.iter().any(|taught| taught.sure)
            && lesson.parts.iter().all(|taught| taught.way.len() <= LONGEST_WAY);
        if !fits {
            return None;
        }
        let mut found: Option<(NodeId, Vec<NodeId>)> = None;
        let mut several = false;
        for (id, node) in self.page.nodes().iter().enumerate() {
            let id = id as NodeId;
            if node.is_text() || !self.is_below(id, &lesson.above) {
                continue;
            }
            let Some(rows) = self.rows_of(id, lesson) else { continue };
            if found.is_some() {
                several = true;
                break;
            }
            found = Some((id, rows));
        }
        if several {
            // Of lists that are alike, only the one that stands where it stood.
            found = self.follow(0, &lesson.above, false).and_then(|id| Some((id, self.rows_of(id, lesson)?)));
        }
        let (holder, rows) = found?;
        let mut rows: Vec<Row> = rows.into_iter().map(|row| self.row_at(row, lesson)).collect();
        if lesson.list == Listed::Sessions {
            self.mark_current(&mut rows);
        }
        Some((holder, rows))
    }

    /// Whether the tags right above a list's rows are those of the lesson.
    fn is_below(&self, holder: NodeId, above: &[Step]) -> bool {
        let mut at = Some(holder);
        for step in above.iter().rev().take(NEAR) {
            let Some(node) = at.and_then(|id| self.page.node(id)).filter(|node| node.tag == step.0) else {
                return false;
            };
            at = node.parent;
        }
        true
    }

    /// The rows among the children of an element, where they are those of the lesson.
    fn rows_of(&self, holder: NodeId, lesson: &Lesson) -> Option<Vec<NodeId>> {
        let mut rows = Vec::new();
        let mut good = 0;
        for child in self.page.children(holder) {
            let is_like = self.page.node(child).is_some_and(|node| node.tag == lesson.row);
            if !is_like || !lesson.parts.iter().any(|taught| self.find(child, taught).is_some()) {
                continue;
            }
            if self.is_good(child, lesson) {
                good += 1;
            } else if rows.is_empty() || self.leaves.below(self.page, child).is_empty() {
                // The head of the columns, or a row that only measures them.
                continue;
            }
            rows.push(child);
        }
        let first = rows.first().copied()?;
        (good * 10 >= rows.len() * 6 && self.heading(first) == lesson.heading).then_some(rows)
    }

    /// Whether half of the parts that the reader knows by their values are there.
    fn is_good(&self, row: NodeId, lesson: &Lesson) -> bool {
        let (mut all, mut held) = (0, 0);
        for taught in lesson.parts.iter().filter(|taught| taught.sure) {
            all += 1;
            held += usize::from(self.find(row, taught).is_some_and(|node| self.is_sure(taught.part, node)));
        }
        held * 2 >= all && held > 0
    }

    /// The node of a row's part: counted from the beginning, or from the end where that leads to no value (a badge
    /// stands before it).
    fn find(&self, row: NodeId, taught: &Taught) -> Option<NodeId> {
        let node = self.follow(row, &taught.way, false);
        if taught.sure && !node.is_some_and(|node| self.is_sure(taught.part, node)) {
            let other = self.follow(row, &taught.way, true);
            if other.is_some_and(|other| self.is_sure(taught.part, other)) {
                return other;
            }
        }
        node
    }

    fn follow(&self, from: NodeId, way: &[Step], backwards: bool) -> Option<NodeId> {
        let mut at = from;
        for Step(tag, before, after) in way {
            let mut same =
                self.page.children(at).filter(|child| self.page.node(*child).is_some_and(|node| node.tag == *tag));
            at = if backwards {
                let same: Vec<NodeId> = same.collect();
                same.len().checked_sub(1 + *after as usize).and_then(|place| same.get(place).copied())?
            } else {
                same.nth(*before as usize)?
            };
        }
        Some(at)
    }

    fn pieces(&self, node: NodeId) -> impl Iterator<Item = &Leaf> {
        self.leaves.below(self.page, node).iter().take(PIECES)
    }

    fn texts(&self, node: NodeId) -> impl Iterator<Item = &Leaf> {
        self.pieces(node).filter(|leaf| leaf.source == Source::Text)
    }

    /// Whether a node holds a value that the reader knows for what it is.
    pub(super) fn is_sure(&self, part: Part, node: NodeId) -> bool {
        match part {
            Part::Address => self.texts(node).any(|leaf| !leaf.addresses.is_empty()),
            Part::Time => self.pieces(node).any(|leaf| !leaf.times.is_empty()),
            Part::Device => self.texts(node).any(|leaf| leaf.device.is_some()),
            Part::Place | Part::Control => false,
        }
    }

    /// What a row says.
    fn row_at(&self, id: NodeId, lesson: &Lesson) -> Row {
        let mut row = Row { node: Some(id), ..Row::default() };
        let at = |part: Part| {
            let taught = lesson.parts.iter().find(|taught| taught.part == part)?;
            self.find(id, taught)
        };
        row.ip = at(Part::Address).and_then(|node| self.address(node));
        let time = at(Part::Time).and_then(|node| self.time(node));
        match lesson.list {
            Listed::Sessions => row.last_active_at = time,
            Listed::Logins => row.signed_in_at = time,
        }
        if let Some(text) = at(Part::Device).and_then(|node| self.name(node)) {
            let read = device::read(&text);
            row.device = Some(text);
            into_row(read, &mut row);
        }
        if let Some(text) = at(Part::Place).and_then(|node| self.place(node)) {
            let read = place::read(&text, &Lexicon::get().mark(&text), self.context.languages);
            row.country = read.code();
            row.city = read.city;
            row.place = Some(text);
        }
        // A control needs a session around it.
        if lesson.list == Listed::Sessions && self.is_good(id, lesson) {
            row.log_out = at(Part::Control).and_then(|node| self.offered(id, node, &lesson.words));
        }
        row
    }

    /// The control at a node, where its words are those that were taught or say themselves that they end a session.
    fn offered(&self, row: NodeId, node: NodeId, taught: &str) -> Option<Control> {
        let (node, words) = self.control(row, node).ok()?;
        let said = controls::ends(&Lexicon::get().mark(&words)) > Ends::Nothing;
        let button = self.buttons_below(node).first().filter(|button| button.node == node);
        let label = button.map_or_else(|| clean(&self.page.text_of(node)), |button| button.label.clone());
        (words == taught || said).then(|| Control {
            label,
            path: self.page.path(node),
            spares_current: None,
            node: Some(node),
        })
    }

    fn address(&self, node: NodeId) -> Option<String> {
        self.texts(node).find_map(|leaf| {
            let address = leaf.addresses.first()?;
            Some(if address.masked {
                clean(leaf.marked.folded.verbatim(&leaf.text, address.range.clone()))
            } else {
                address.text.clone()
            })
        })
    }

    /// The time of a node: a machine's own form of it before the words that a person reads.
    fn time(&self, node: NodeId) -> Option<Time> {
        let of = |leaf: &Leaf| leaf.times.iter().find_map(|found| found.time.clone());
        let words = self.texts(node).find_map(of);
        let exact = self.pieces(node).filter(|leaf| leaf.source == Source::Datetime).find_map(of);
        match (exact, words) {
            (Some(exact), Some(words)) => Some(Time { text: words.text, ..exact }),
            (exact, words) => exact.or(words).or_else(|| self.pieces(node).find_map(of)),
        }
    }

    /// What names the device at a node: what is left of its texts besides addresses and times.
    pub(super) fn name(&self, node: NodeId) -> Option<String> {
        let parts = self.parts(node);
        let known: Vec<&str> = parts.iter().filter(|(_, device)| *device).map(|(text, _)| text.as_str()).collect();
        match known.is_empty() {
            false => Some(known.join(" ")),
            true => parts.into_iter().next().map(|(text, _)| text),
        }
    }

    /// What names the place at a node: what is left of its texts besides addresses, times and devices.
    pub(super) fn place(&self, node: NodeId) -> Option<String> {
        let parts = self.parts(node);
        let left: Vec<&str> = parts.iter().filter(|(_, device)| !*device).map(|(text, _)| text.as_str()).collect();
        (!left.is_empty()).then(|| left.join(", "))
    }

    /// The texts below a node, cut where lines cut their facts, without those that hold an address or a time or mean
    /// nothing; and whether each names a device.
    fn parts(&self, node: NodeId) -> Vec<(String, bool)> {
        let mut parts = Vec::new();
        for leaf in self.texts(node).filter(|leaf| !leaf.prose) {
            let mixed = !leaf.addresses.is_empty() || !leaf.times.is_empty();
            let strong = |c: char| matches!(c, '·' | '•' | '|' | '—');
            let commas = mixed && !leaf.text.contains(strong);
            for text in leaf.text.split(|c| strong(c) || commas && c == ',').map(clean) {
                let marked = Lexicon::get().mark(&text);
                let fact = mixed
                    && (leaf.addresses.iter().any(|it| text.contains(&it.text))
                        || leaf.times.iter().filter_map(|it| it.time.as_ref()).any(|it| shares(&text, &it.text)));
                if fact || place::is_nothing(&marked) || !text.chars().any(char::is_alphanumeric) {
                    continue;
                }
                let named = Device::is_some(&device::read_marked(&text, &marked));
                parts.push((text, named));
            }
        }
        parts
    }

    /// The session in which the page is read: the one row that says so, or the only one without a control.
    fn mark_current(&self, rows: &mut [Row]) {
        let says = |row: &Row| {
            let below = row.node.map(|node| self.leaves.below(self.page, node)).unwrap_or_default();
            below.iter().any(|leaf| leaf.marked.is(Concept::CurrentSession))
        };
        let mut said = rows.iter().enumerate().filter(|(_, row)| says(row)).map(|(at, _)| at);
        let one = said.next().filter(|_| said.next().is_none());
        let has: Vec<bool> = rows.iter().map(|row| row.log_out.is_some()).collect();
        if let Some(row) = one.or_else(|| current::without_control(&has)).and_then(|at| rows.get_mut(at)) {
            row.current = true;
        }
    }
}

/// Whether one of two texts is part of the other.
fn shares(one: &str, other: &str) -> bool {
    one.contains(other) || other.contains(one)
}

fn into_row(device: Device, row: &mut Row) {
    row.browser = device.browser;
    row.browser_version = device.browser_version;
    row.os = device.os;
    row.os_version = device.os_version;
    row.model = device.model;
    row.form = device.form;
    row.app = device.app;
    row.app_version = device.app_version;
}
