//! What can be read on a page, piece by piece: its texts and the attributes that a person can learn from, each with
//! the addresses, times and words found in it.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;
use std::rc::Rc;

use super::address::{self, Address};
use super::device::{self, Device};
use super::lexicon::{Concept, Languages, Lexicon, Marked, Sense};
use super::place;
use super::time::{self, Context, Found};
use crate::page::{NodeId, Page};

/// Where a piece comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A text node.
    Text,
    /// An attribute that a person learns from by pointing or by ear: title, alt, aria-label, a tooltip.
    Name,
    /// `datetime`.
    Datetime,
    /// The words of an `<input>` button.
    Value,
}

/// One piece.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// The text node, or the element that has the attribute.
    pub node: NodeId,
    /// Where it comes from.
    pub source: Source,
    /// What it says: lists say the same again and again, and each text is read once.
    said: Rc<Said>,
}

/// What a piece says.
#[derive(Debug)]
pub struct Said {
    /// As printed.
    pub text: String,
    /// Folded, with its words.
    pub marked: Marked,
    /// The addresses in it.
    pub addresses: Vec<Address>,
    /// The times in it.
    pub times: Vec<Found>,
    /// The device it names, where it is about one.
    pub device: Option<Device>,
    /// Whether it is running prose, which lists nothing.
    pub prose: bool,
    /// Whether it names a country, and so a place.
    pub place: bool,
    /// Whether it names one by whatever can be one, a code of two letters too; told when it is first asked for.
    country: OnceCell<bool>,
    /// The kinds of facts in it.
    kinds: u8,
}

impl Deref for Leaf {
    type Target = Said;

    fn deref(&self) -> &Said {
        &self.said
    }
}

/// Kinds of facts, as a set.
pub mod facts {
    /// An address.
    pub const ADDRESS: u8 = 1;
    /// A device.
    pub const DEVICE: u8 = 2;
    /// A time.
    pub const TIME: u8 = 4;
    /// A wallet's address.
    pub const WALLET: u8 = 8;
    /// A place with its country: it says little alone.
    pub const PLACE: u8 = 16;
    /// A label of what a key for programs may do: it says little alone.
    pub const GRANT: u8 = 32;
}

/// All pieces of a page, in document order.
pub struct Leaves {
    /// The pieces, by node.
    pub all: Vec<Leaf>,
}

/// Texts longer than this are prose, unless they are a user agent.
const PROSE: usize = 100;

impl Leaves {
    /// Reads all pieces of a page.
    pub fn of(page: &Page, context: &Context<'_>) -> Self {
        let mut all: Vec<Leaf> = Vec::new();
        let mut read: HashMap<u64, usize> = HashMap::new();
        let mut add = |node: NodeId, source: Source, text: &str| {
            let mut hasher = DefaultHasher::new();
            (text, source as u8).hash(&mut hasher);
            let known = *read.entry(hasher.finish()).or_insert(all.len());
            let said = match all.get(known) {
                Some(leaf) if leaf.text == text && leaf.source == source => Rc::clone(&leaf.said),
                _ => Rc::new(Said::new(source, text, context)),
            };
            all.push(Leaf { node, source, said });
        };
        for (id, node) in page.nodes().iter().enumerate() {
            let id = id as NodeId;
            if node.is_text() {
                if !is_ligature(page, id) {
                    add(id, Source::Text, &node.text);
                }
                continue;
            }
            for (name, source) in [
                ("aria-label", Source::Name),
                ("title", Source::Name),
                ("alt", Source::Name),
                ("data-tip", Source::Name),
                ("datetime", Source::Datetime),
                ("value", Source::Value),
            ] {
                if let Some(value) = node.attribute(name).filter(|value| !value.is_empty()) {
                    add(id, source, value);
                }
            }
        }
        Self { all }
    }

    /// The pieces below a node, its own attributes included.
    pub fn below(&self, page: &Page, node: NodeId) -> &[Leaf] {
        let range = page.subtree(node);
        let start = self.all.partition_point(|leaf| leaf.node < range.start);
        let end = self.all.partition_point(|leaf| leaf.node < range.end);
        &self.all[start..end]
    }

    /// The words of a text that is likely that of a node.
    pub fn marked(&self, node: NodeId, text: &str) -> Marked {
        match self.all.get(self.all.partition_point(|leaf| leaf.node < node)) {
            Some(leaf) if leaf.text == text => leaf.marked.clone(),
            _ => Lexicon::get().mark(text),
        }
    }
}

impl Said {
    fn new(source: Source, text: &str, context: &Context<'_>) -> Self {
        let marked = Lexicon::get().mark(text);
        let folded = marked.folded.text.as_str();
        let agent = device::is_agent(text);
        let prose = !agent && folded.chars().take(PROSE + 1).count() > PROSE;
        let digits = folded.bytes().any(|byte| byte.is_ascii_digit());
        let mut addresses = Vec::new();
        if !prose && !agent && folded.bytes().any(|byte| matches!(byte, b'.' | b':')) {
            addresses = address::find(folded);
        }
        let has = |test: fn(&Sense) -> bool| {
            marked.hits.iter().any(|hit| Lexicon::get().meanings(hit).iter().any(|meaning| test(&meaning.sense)))
        };
        let timely = digits
            || has(|sense| {
                matches!(
                    sense,
                    Sense::Fixed(..)
                        | Sense::Weekday(_)
                        | Sense::Word(Concept::JustNow | Concept::Yesterday | Concept::Today | Concept::Ago)
                )
            });
        let times = if !prose && !agent && timely { time::find(text, &marked, context) } else { Vec::new() };
        let named = agent
            || has(|sense| matches!(sense, Sense::Browser(_) | Sense::System(_) | Sense::Product(_)))
            || folded.contains("sm-");
        let device = (named && !prose).then(|| device::read_marked(text, &marked)).filter(Device::is_some);
        let short = !prose
            && text.split_whitespace().count() <= 8
            && source == Source::Text
            && has(|sense| matches!(sense, Sense::Country(_)));
        let place = short && place::country(text, &marked, context.languages).is_some();
        let country = OnceCell::new();
        let mut said =
            Self { text: text.to_owned(), marked, addresses, times, device, prose, place, country, kinds: 0 };
        said.kinds = said.count_kinds(source);
        said
    }

    /// Whether it names a country by whatever can be one.
    pub fn names_country(&self, languages: Languages) -> bool {
        *self.country.get_or_init(|| place::country(&self.text, &self.marked, languages).is_some())
    }

    /// The kinds of facts in it.
    pub fn facts(&self) -> u8 {
        self.kinds
    }

    fn count_kinds(&self, source: Source) -> u8 {
        let mut kinds = 0;
        if self.prose {
            return kinds;
        }
        if !self.addresses.is_empty() {
            kinds |= facts::ADDRESS;
        }
        // Beside other facts of the same text the device is but a part of it.
        let alone = self.addresses.is_empty() && self.times.is_empty() && !self.place;
        let least = if alone && !self.text.contains(['·', '•', '|', '—']) { 0.5 } else { 0.25 };
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count() as f32;
        let text = self.marked.folded.text.as_str();
        let others = self.addresses.iter().map(|it| &it.range).chain(self.times.iter().map(|it| &it.range));
        let rest = 1.0 - others.map(|range| letters(&text[range.clone()])).sum::<f32>() / letters(text).max(1.0);
        if self.device.as_ref().is_some_and(|device| device.share >= least * rest) {
            kinds |= facts::DEVICE;
        }
        if !self.times.is_empty() && source != Source::Value {
            kinds |= facts::TIME;
        }
        if is_wallet(&self.text) {
            kinds |= facts::WALLET;
        }
        if self.place {
            kinds |= facts::PLACE;
        }
        if source == Source::Text && (self.marked.is(Concept::Permissions) || self.marked.is(Concept::IpAllow)) {
            kinds |= facts::GRANT;
        }
        kinds
    }
}

/// Whether a text is the code of an icon that a font draws in its place: one small word in an element of icons, or one
/// with underscores.
fn is_ligature(page: &Page, id: NodeId) -> bool {
    let text = page.nodes()[id as usize].text.as_str();
    let parent = page.nodes()[id as usize].parent.map_or("", |parent| page.nodes()[parent as usize].tag.as_str());
    text.len() <= 40
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && (parent.contains("icon") || (matches!(parent, "i" | "span") && text.contains('_')))
}

/// Whether a text looks like a wallet's address: one long word of letters and digits.
pub fn is_wallet(text: &str) -> bool {
    let text = text.trim();
    (26..=120).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'*' | b':'))
        && text.bytes().filter(u8::is_ascii_digit).count() >= 3
        && text.bytes().filter(u8::is_ascii_alphabetic).count() >= 6
        && !text.contains("..")
}
