//! A device that the person has parted with: its sessions shall end.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::AccountId;

/// A device that was lost, sold, lent or borrowed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parted {
    /// The device: a known one's name, or the person's own words.
    pub device: String,
    /// Since when no session of it should live.
    pub since: DateTime<Utc>,
    /// The one sign-in on a borrowed device; a lost one may have been signed in everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub borrowed: Option<Borrowed>,
    /// What was found of it, by account.
    #[serde(default)]
    pub looks: Vec<Look>,
    /// Whether the person has put it away. Kept as long as the diary would ask for it again.
    #[serde(default)]
    pub done: bool,
}

/// A sign-in on a device of somebody else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Borrowed {
    /// To which account.
    pub account: AccountId,
    /// When it was, or when the person told of it.
    pub from: DateTime<Utc>,
    /// In which country, ISO code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// A look at an account's whole list of sessions, for a device that was parted with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// Whose list.
    pub account: AccountId,
    /// When.
    pub at: DateTime<Utc>,
    /// How many of its sessions were listed.
    pub left: u32,
    /// Whether an earlier look had found one.
    pub had: bool,
}

impl Parted {
    /// Whether an account may have sessions of it.
    pub fn concerns(&self, account: &AccountId) -> bool {
        !self.done && self.borrowed.as_ref().is_none_or(|borrowed| borrowed.account == *account)
    }
}
