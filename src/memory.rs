//! What is kept of an account: what it has been seen to use, and what the person said about it.
//!
//! Bounded: an account's memory does not grow with its history. Stored as a part of [`crate::state::State`]; unknown
//! fields of it survive.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::session::Row;

/// Names one row over several readings: given by the caller of the shell, or made by [`row_id`] of a page's row.
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
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// When the account was first read.
    pub first_seen: Option<DateTime<Utc>>,
    /// When it was last read.
    pub last_seen: Option<DateTime<Utc>>,
    /// How many readings there were.
    pub readings: u32,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

/// The names of a page's rows: the same session gets the same name on the next reading, as far as the page lets one
/// tell. Two rows that cannot be told apart get names that differ by their order.
pub fn row_ids(rows: &[Row]) -> Vec<RowId> {
    rows.iter().enumerate().map(|(i, _)| RowId(i.to_string())).collect()
}

impl Memory {
    /// Learns a snapshot.
    pub fn learn(
        &mut self,
        _snapshot: &crate::risk::Snapshot,
        _assessment: &crate::risk::Assessment,
        _now: DateTime<Utc>,
    ) {
    }

    /// Takes an answer.
    pub fn answer(&mut self, _id: &RowId, _row: &Row, _answer: Option<Answer>, _now: DateTime<Utc>) {}

    /// Names a device.
    pub fn name(&mut self, _row: &Row, _name: Option<String>) {}

    /// A device's name.
    pub fn nickname(&self, _row: &Row) -> Option<&str> {
        None
    }

    /// The answer.
    pub fn answer_of(&self, _id: &RowId, _row: &Row) -> Option<Answer> {
        None
    }
}
