//! A device that the person has parted with: its sessions shall end.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::AccountId;
use crate::memory::Expected;

/// A device that was lost, sold, lent or borrowed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parted {
    /// The device, by a known one's name or in the person's own words; from the end of its time on no session of it
    /// should live.
    pub entry: Expected,
    /// To which account somebody signed in on a borrowed one; a lost one may have been signed in everywhere.
    pub account: Option<AccountId>,
    /// What was found of it.
    pub looks: Vec<Look>,
    /// Whether the person has put it away. Kept as long as the diary would ask for it again.
    pub done: bool,
}

/// A look at an account's whole list of sessions: whose, when, how many of the device's sessions were listed, and whether
/// there ever was one.
pub type Look = (AccountId, DateTime<Utc>, u32, bool);

impl Parted {
    /// Whether an account may have sessions of it.
    pub fn concerns(&self, account: &AccountId) -> bool {
        !self.done && self.account.as_ref().is_none_or(|borrowed| borrowed == account)
    }

    /// Its device, in words.
    pub fn device(&self) -> &str {
        &self.entry.device
    }

    /// The last look at an account's list.
    pub fn look(&self, account: &AccountId) -> Option<&Look> {
        self.looks.iter().find(|look| look.0 == *account)
    }
}
