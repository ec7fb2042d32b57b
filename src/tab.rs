//! A browser's tab: its number, its address, whether its window is private.

use serde::{Deserialize, Serialize};

/// A browser tab's number; it lives no longer than the browser runs.
pub type TabId = i32;

/// Whether a window is private. Nothing of a private one is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Privacy {
    /// An ordinary window.
    #[default]
    Ordinary,
    /// A private one.
    Private,
}

/// What a tab is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tab {
    /// Its number.
    pub id: TabId,
    /// The address of its document; empty where the browser does not tell.
    #[serde(default)]
    pub url: String,
    /// Whether its window is private.
    #[serde(default)]
    pub privacy: Privacy,
    /// The cookie store it lives in: two stores hold two log-ins.
    #[serde(default)]
    pub store: String,
}
