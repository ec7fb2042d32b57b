//! What the person has told of themselves: where they are, how soon they want to be asked, and where they signed in on a
//! device that is not theirs.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What the person has told of themselves, for one account or for all of them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Countries that the person's VPN comes out in, ISO 3166-1 alpha-2 codes.
    pub vpn_countries: Vec<String>,
    /// Countries that the person is usually in, likewise.
    pub usual_countries: Vec<String>,
    /// How soon they want to be asked about a row.
    #[serde(skip_serializing_if = "Sensitivity::is_balanced")]
    pub sensitivity: Sensitivity,
}

/// How soon a row is one to look at. The rates behind each word are in docs/judgement.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Asked seldom, and more is missed.
    Calm,
    /// What is right for most.
    #[default]
    Balanced,
    /// Asked often, and less is missed.
    Watchful,
}

impl Sensitivity {
    /// All of them, the calmest first.
    pub const ALL: [Self; 3] = [Self::Calm, Self::Balanced, Self::Watchful];

    fn is_balanced(&self) -> bool {
        *self == Self::Balanced
    }
}

/// A sign-in on a device that is not the person's: a hotel's computer, a friend's phone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Expected {
    /// The device in the person's own words. A system, browser or model that is named there must fit the row.
    pub device: String,
    /// The country that it is in, ISO code; anywhere where it is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// When the sign-in was, or when the person told of it.
    pub from: DateTime<Utc>,
    /// Until when the session may live.
    pub until: DateTime<Utc>,
}
