//! The nouns of the watch: whose computer it is, which log-ins stand, which pages are open.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Phase;
use crate::reading::SignedIn;
use crate::tab::{Privacy, Tab, TabId};

/// Whose computer this is, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Computer {
    /// The person's own.
    #[default]
    Own,
    /// Not the person's, until the browser ends.
    Visit,
    /// Not the person's, until they say otherwise.
    Always,
    /// Not the person's: its administrator says so.
    Managed,
}

/// What the person says of the computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Whose {
    /// "This is my computer."
    Mine,
    /// "This is not my computer", for this visit.
    NotMine,
    /// "This is never my computer."
    NeverMine,
}

/// What the person wants on their own computer when they leave an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Leaving {
    /// Stay signed in: nothing is watched.
    Stay,
    /// Log out: the same watch as on a computer of others.
    LogOut,
    /// The same, and the browser's data of the exchange are deleted once it is left.
    Clean,
}

/// What the machine's administrator says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Whether many people use this computer.
    pub shared: bool,
}

impl Policy {
    fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// One exchange in one cookie store: two stores hold two log-ins.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SiteId(pub String);

/// How a log-in stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Which log-in it is.
    pub site: SiteId,
    /// The exchange's id.
    pub exchange: String,
    /// In which phase it is; never [`Phase::Out`].
    pub phase: Phase,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The origins on which it was seen signed in.
    #[serde(default)]
    pub origins: Vec<String>,
    /// The page on which the log-out control was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_on: Option<String>,
    /// Whether the browser's data of the exchange were deleted since: here nobody is signed in, at the exchange the
    /// session may live on.
    #[serde(default)]
    pub cleaned: bool,
}

/// All that the watch knows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Watch {
    /// What outlives the browser.
    pub lasting: Lasting,
    /// What does not.
    pub passing: Passing,
}

/// What outlives the browser; nothing in it is of an account.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Lasting {
    /// Whether the person said that the computer is never theirs.
    pub shared: bool,
    /// The exchanges that the person logs out of when they leave, on their own computer.
    pub chosen: Vec<String>,
    /// Those of which the browser's data are deleted then.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cleaned: Vec<String>,
    /// What the administrator said last.
    #[serde(skip_serializing_if = "Policy::is_none")]
    pub policy: Policy,
    /// The log-ins of ordinary windows.
    pub sites: Vec<Standing>,
}

/// What lives as long as the browser runs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Passing {
    /// Whether this run of the browser has begun for the watch.
    pub awake: bool,
    /// Whether the person said that the computer is not theirs this time.
    pub shared: bool,
    /// Whether Latchkey was installed in this run of the browser, and nobody has said yet whose computer it is.
    pub fresh: bool,
    /// What the administrator says.
    pub policy: Policy,
    /// The log-ins of private windows.
    pub sites: Vec<Standing>,
    /// The exchanges' open pages.
    pub pages: Vec<OpenPage>,
    /// Since when, or from when on, pages are covered because nobody seems to sit before the screen.
    pub covered_from: Option<DateTime<Utc>>,
}

/// A page of an exchange in an open tab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenPage {
    /// Its tab.
    pub tab: TabId,
    /// Whose log-in it shows.
    pub site: SiteId,
    /// The exchange's id.
    pub exchange: String,
    /// Whether its window is private.
    pub privacy: Privacy,
    /// Its address without what follows the path.
    pub url: String,
    /// Whether it shows that the person is signed in.
    pub signed_in: SignedIn,
}

/// What the browser says of the person at the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// They type or move.
    Active,
    /// They do not.
    Idle,
    /// The screen is locked.
    Locked,
}

impl Computer {
    /// Whether others use it.
    pub fn is_shared(self) -> bool {
        self != Self::Own
    }
}

impl SiteId {
    /// The log-in of an exchange in a tab's cookie store.
    pub fn new(exchange: &str, tab: &Tab) -> Self {
        Self([exchange, tab.store.as_str()].join("|"))
    }
}

impl OpenPage {
    /// A page of an exchange in a tab.
    pub fn new(exchange: &str, tab: &Tab, signed_in: SignedIn) -> Self {
        Self {
            tab: tab.id,
            site: SiteId::new(exchange, tab),
            exchange: exchange.to_owned(),
            privacy: tab.privacy,
            url: tab.url.split(['?', '#']).next().unwrap_or_default().to_owned(),
            signed_in,
        }
    }
}
