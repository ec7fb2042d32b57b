//! What is kept of an account: what it has been seen to use, and what the person said about it.
//!
//! The rows seen are the source of what counts as the person's own: a row that was not flagged, or that the person
//! called theirs, counts; one that was flagged does not begin to count by being seen again. So an answer can be
//! forgotten without a trace. Rows that pages no longer show become [`Habits`] in the end.
//!
//! Bounded: an account's memory does not grow with its history. Stored as a part of [`crate::state::State`]; unknown
//! fields of it survive.

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use serde::{Deserialize, Serialize};

use crate::map::Map;
use crate::session::Row;

mod books;
mod habits;
mod ids;
mod told;
mod traits;

pub use books::{Book, entries};
pub use habits::{Habits, Seen, Tally};
pub use ids::row_ids;
pub use told::{Expected, Sensitivity, Settings};
pub use traits::{Access, Fact, Traits};

/// The form in which a memory is stored.
pub const VERSION: u32 = 1;

/// How many rows of each list are remembered one by one.
const ROWS_KEPT: usize = 240;
/// How many rows of one reading of a list are remembered; less than [`ROWS_KEPT`], so that no row is counted twice.
pub const ROWS_LEARNED: usize = 200;
/// How long a visit may pause: looks at an account's pages closer together are one visit. What it teaches counts for the
/// other pages that it opens, and for none of the rows that it was taken from: a page that comes in parts, or renders
/// itself anew every few seconds, must not vouch for its own rows.
const VISIT: TimeDelta = TimeDelta::minutes(30);
/// How many nicknames are kept.
const NAMES_KEPT: usize = 64;
/// How many sign-ins on devices of others are kept.
const EXPECTED_KEPT: usize = 64;
/// How long a nickname may be.
pub(crate) const NAME_LENGTH: usize = 60;

/// Names one row over several readings: given by the caller of the shell, or made by [`row_ids`] of a page's rows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowId(pub String);

/// Which list a row stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListName {
    /// The live sessions.
    Sessions,
    /// The history of logins.
    Logins,
}

/// What the person says of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// "This is me."
    Mine,
    /// "Not me."
    NotMine,
}

/// One account's memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The form in which it was written.
    pub version: u32,
    /// When the account was first read.
    pub first_seen: Option<DateTime<Utc>>,
    /// When it was last read.
    pub last_seen: Option<DateTime<Utc>>,
    /// How many readings there were.
    pub readings: u32,
    /// How many visits they were.
    #[serde(skip_serializing_if = "is_zero")]
    visits: u32,
    /// How many readings there were when the last visit began.
    #[serde(skip_serializing_if = "is_zero")]
    began: u32,
    /// The sessions that pages have shown.
    sessions: Map<RowId, Remembered>,
    /// The logins that pages have shown.
    logins: Map<RowId, Remembered>,
    /// What the account's other books have shown.
    #[serde(skip_serializing_if = "Map::is_empty")]
    books: Map<RowId, Remembered>,
    /// What the person's rows used that are no longer remembered one by one.
    #[serde(skip_serializing_if = "Habits::is_empty")]
    habits: Habits,
    /// The person's own names for devices.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    names: Vec<Nickname>,
    /// Sign-ins on devices that are not the person's, of which they told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<Expected>,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub unknown: Map<String, serde_json::Value>,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            version: VERSION,
            first_seen: None,
            last_seen: None,
            readings: 0,
            visits: 0,
            began: 0,
            sessions: Map::new(),
            logins: Map::new(),
            books: Map::new(),
            habits: Habits::default(),
            names: Vec::new(),
            expected: Vec::new(),
            unknown: Map::new(),
        }
    }
}

/// One row that a page has shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remembered {
    /// Its facts, as last shown.
    #[serde(flatten)]
    pub traits: Traits,
    /// When somebody signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// When a page last showed it.
    pub seen: DateTime<Utc>,
    /// Which reading of the account showed it first.
    #[serde(rename = "first", default)]
    pub first_reading: u32,
    /// How it was judged when it was last learned of.
    #[serde(default)]
    pub standing: Standing,
    /// What the person says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answered>,
    /// Of what calls with a key: on how many days it did.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub days: u32,
}

/// How a remembered row was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nothing speaks against it: it counts as the person's.
    Own,
    /// Too little was known to tell, and what was known spoke against it: it counts for nothing until more is known.
    Open,
    /// It was flagged: it counts for nothing.
    #[default]
    Flagged,
    /// Nobody got in: it counts for nothing.
    Failed,
}

/// The person's word about a row, and where the row was when it was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// The word.
    pub answer: Answer,
    /// How many readings there were when it was given.
    #[serde(default)]
    pub reading: u32,
    /// The block of addresses that the row showed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<String>,
    /// The country that it showed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// A name that the person gave to a device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Nickname {
    list: ListName,
    id: RowId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<String>,
    name: String,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Remembered {
    /// How much the row counts as the person's own: nothing, once, or, since they said so, several times.
    pub fn weight(&self) -> f64 {
        match (&self.answer, self.standing) {
            (Some(Answered { answer: Answer::Mine, .. }), _) => 3.0,
            (Some(Answered { answer: Answer::NotMine, .. }), _) => 0.0,
            (None, Standing::Own) => 1.0,
            (None, Standing::Open | Standing::Flagged | Standing::Failed) => 0.0,
        }
    }
}

impl Memory {
    /// What is remembered of a row.
    pub fn row(&self, list: ListName, id: &RowId) -> Option<&Remembered> {
        self.list(list).get(id)
    }

    /// All rows that are remembered.
    pub fn rows(&self) -> impl Iterator<Item = &Remembered> {
        self.sessions.values().chain(self.logins.values())
    }

    /// Whether an earlier visit than the one of this moment showed rows of a list.
    pub fn has_shown(&self, list: ListName, now: DateTime<Utc>) -> bool {
        let before = self.readings_before(now);
        self.list(list).values().any(|row| row.first_reading <= before)
    }

    /// How many readings there were before the visit of this moment.
    pub fn readings_before(&self, now: DateTime<Utc>) -> u32 {
        if self.is_visit(now) { self.began } else { self.readings }
    }

    /// How many visits there were before the one of this moment.
    pub fn visits_before(&self, now: DateTime<Utc>) -> u32 {
        self.visits.saturating_sub(u32::from(self.is_visit(now)))
    }

    /// Begins a reading, of the last visit or of a new one.
    pub fn look(&mut self, now: DateTime<Utc>) {
        if !self.is_visit(now) {
            self.visits = self.visits.saturating_add(1);
            self.began = self.readings;
        }
        self.first_seen = Some(self.first_seen.map_or(now, |first| first.min(now)));
        self.last_seen = Some(now);
    }

    /// Whether the last visit still goes on.
    fn is_visit(&self, now: DateTime<Utc>) -> bool {
        self.last_seen.is_some_and(|last| (now - last).abs() < VISIT)
    }

    /// The rows that the person called foreign.
    pub fn disowned(&self) -> impl Iterator<Item = &Traits> {
        let foreign = |row: &&Remembered| matches!(&row.answer, Some(answered) if answered.answer == Answer::NotMine);
        self.rows().chain(self.books.values()).filter(foreign).map(|row| &row.traits)
    }

    /// The rows that were flagged, and of which the person has said nothing.
    pub fn suspects(&self) -> impl Iterator<Item = &Traits> {
        self.rows().filter(|row| row.standing == Standing::Flagged && row.answer.is_none()).map(|row| &row.traits)
    }

    /// What outlived the rows it was taken from.
    pub fn habits(&self) -> &Habits {
        &self.habits
    }

    /// The names by which the person knows the devices that were seen: their own, else the page's.
    pub fn device_names(&self) -> impl Iterator<Item = &str> {
        let named = |device: &&str| !self.names.iter().any(|known| known.device.as_deref() == Some(*device));
        let seen = self.sessions.values().filter_map(|row| row.traits.device.as_deref()).filter(named);
        self.names.iter().map(|known| known.name.as_str()).chain(seen)
    }

    /// Takes the person's word about a row or a book's entry that was learned of, or with `None` takes it back. Whether
    /// it is remembered at all.
    pub fn answer(&mut self, list: ListName, id: &RowId, answer: Option<Answer>) -> bool {
        let reading = self.readings;
        let is_entry = self.books.contains_key(id);
        let rows = if is_entry { &mut self.books } else { self.list_mut(list) };
        let Some(row) = rows.get_mut(id) else { return false };
        let was_flagged = row.standing == Standing::Flagged && !is_entry;
        let before = row.answer.take().filter(|_| answer.is_none() && was_flagged);
        let taken_back = before.map(|before| (row.traits.clone(), before.reading));
        row.answer = answer.map(|answer| Answered {
            answer,
            reading,
            block: row.traits.block.clone(),
            country: row.traits.country.clone(),
        });
        if let Some((traits, reading)) = taken_back {
            self.disown(&traits, reading);
        }
        true
    }

    /// What the person said of a row.
    pub fn answered(&self, list: ListName, id: &RowId) -> Option<Answer> {
        self.row(list, id).and_then(|row| row.answer.as_ref()).map(|answered| answered.answer)
    }

    /// Gives the device of a row a name of the person's own, or with `None` takes it away.
    pub fn name(&mut self, list: ListName, id: &RowId, name: Option<String>) {
        let device = self.row(list, id).and_then(|row| row.traits.device.clone());
        self.names
            .retain(|known| !(known.list == list && known.id == *id) && (device.is_none() || known.device != device));
        let name: String = name.unwrap_or_default().trim().chars().take(NAME_LENGTH).collect();
        if name.is_empty() {
            return;
        }
        if self.names.len() >= NAMES_KEPT {
            self.names.remove(0);
        }
        self.names.push(Nickname { list, id: id.clone(), device, name });
    }

    /// The person's name for a row's device; it follows the device as its versions grow.
    pub fn nickname(&self, list: ListName, id: &RowId, row: &Row) -> Option<&str> {
        let device = Traits::of(row).device;
        self.names
            .iter()
            .find(|known| known.list == list && known.id == *id)
            .or_else(|| self.names.iter().find(|known| device.is_some() && known.device == device))
            .map(|known| known.name.as_str())
    }

    /// Takes the person's word that they signed in on a device that is not theirs; a newer word on the same device
    /// takes the place of the older. Whether it can be taken: it needs a name and an end, and there may not be too many.
    pub fn expect(&mut self, told: Expected) -> bool {
        let device: String = told.device.trim().chars().take(NAME_LENGTH).collect();
        let others = self.expected.iter().filter(|other| other.device != device).count();
        let may = !device.is_empty() && told.until > told.from && others < EXPECTED_KEPT;
        if may {
            self.expected.retain(|other| other.device != device);
            self.expected.push(Expected { device, ..told });
        }
        may
    }

    /// Remembers a row as a page shows it. A row whose network changed has used both: the former one becomes a habit.
    pub fn remember(&mut self, list: ListName, id: &RowId, traits: Traits, sighting: Sighting) {
        let Sighting { at, standing, now } = sighting;
        let (first_reading, began) = (self.readings, self.began);
        let former = match self.list_mut(list).get_mut(id) {
            Some(row) => {
                let counted = row.weight() > 0.0 && row.first_reading <= began;
                let former = std::mem::replace(&mut row.traits, traits);
                let moved = former.block != row.traits.block || former.country != row.traits.country;
                let lost = standing != Standing::Own && row.standing == Standing::Own && row.answer.is_none();
                let keep = counted && (moved || lost);
                row.at = at.or(row.at);
                row.seen = now;
                // What was flagged stays so until the person speaks, and what they say is kept apart from it: so being
                // seen again changes nothing, and an answer can be taken back.
                if row.standing != Standing::Flagged || standing == Standing::Failed {
                    row.standing = standing;
                }
                keep.then_some((former, row.at))
            }
            None => {
                let row = Remembered { traits, at, seen: now, first_reading, standing, answer: None, days: 0 };
                self.list_mut(list).insert(id.clone(), row);
                None
            }
        };
        if let Some((traits, at)) = former {
            self.habits.add(&traits, at.map(|at| at.hour()));
        }
    }

    /// Lets go of the rows that pages showed longest ago; what they used becomes a habit. Answered ones stay longest.
    pub fn trim(&mut self) {
        for list in [ListName::Sessions, ListName::Logins] {
            let rows = self.list(list);
            let surplus = rows.len().saturating_sub(ROWS_KEPT);
            if surplus == 0 {
                continue;
            }
            let mut order: Vec<_> = rows.iter().map(|(id, row)| (row.answer.is_some(), row.seen, id.clone())).collect();
            order.sort();
            for (_, _, id) in order.into_iter().take(surplus) {
                if let Some(row) = self.list_mut(list).remove(&id)
                    && row.weight() > 0.0
                {
                    self.habits.add(&row.traits, row.at.map(|at| at.hour()));
                }
            }
        }
    }

    /// Rows that came after a flagged one was said to be the person's, and may have passed for theirs only because of
    /// that, no longer do.
    fn disown(&mut self, traits: &Traits, reading: u32) {
        let alike = |row: &Remembered| {
            row.answer.is_none()
                && row.first_reading > reading
                && row.standing == Standing::Own
                && row.traits.block == traits.block
                && row.traits.device == traits.device
        };
        let rows = self.sessions.values_mut().chain(self.logins.values_mut());
        rows.filter(|row| alike(row)).for_each(|row| row.standing = Standing::Flagged);
    }

    fn list(&self, list: ListName) -> &Map<RowId, Remembered> {
        match list {
            ListName::Sessions => &self.sessions,
            ListName::Logins => &self.logins,
        }
    }

    fn list_mut(&mut self, list: ListName) -> &mut Map<RowId, Remembered> {
        match list {
            ListName::Sessions => &mut self.sessions,
            ListName::Logins => &mut self.logins,
        }
    }
}

/// How and when a row was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting {
    /// When somebody signed in.
    pub at: Option<DateTime<Utc>>,
    /// How it was judged.
    pub standing: Standing,
    /// When the page was read.
    pub now: DateTime<Utc>,
}

#[cfg(test)]
mod tests;
