//! What is remembered between two events, and its stored form.
//!
//! Two parts: [`Kept`] is written to the disk, encrypted; [`Tabs`] lives as long as the browser runs and holds what the
//! open tabs show. Neither is trusted when it is read back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::explain::Message;
use crate::leave::{Lasting, Passing};
use crate::map::Map;
use crate::memory::{Memory, RowId};
use crate::page::NodeId;
use crate::reading::Problem;
use crate::risk::{Assessment, Settings};
use crate::session::Row;
pub use crate::tab::{Privacy, TabId};

mod parted;

pub use parted::{Look, Parted};

/// All that is known between two events.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// What outlives the browser.
    pub kept: Kept,
    /// What the open tabs show.
    pub tabs: Tabs,
}

/// What is written to the disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// The form's version, [`Kept::VERSION`].
    pub version: u32,
    /// The match patterns that the person lets Latchkey watch.
    #[serde(default)]
    pub watched: Vec<String>,
    /// The accounts that were read.
    #[serde(default)]
    pub accounts: Map<AccountId, Account>,
    /// What the person must be told and has not yet dismissed.
    #[serde(default)]
    pub notices: Vec<Message>,
    /// What the watch must remember over the browser's end.
    #[serde(default)]
    pub watch: Lasting,
    /// What the person has told of themselves, for all accounts that have no settings of their own.
    #[serde(default)]
    pub told: Settings,
    /// The devices whose sessions shall end.
    #[serde(default)]
    pub parted: Vec<Parted>,
    /// What the person taught: each a page's name ([`crate::exchange::page_of`]) on a line of its own, and then the
    /// text of its [`crate::reading::lesson::Lesson`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lessons: Vec<String>,
    /// Fields of a later form of the same version, kept as they are.
    #[serde(flatten)]
    pub unknown: Map<String, serde_json::Value>,
}

/// Names an account: exchange, cookie store, and the account's own name where the page shows one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(pub String);

/// One account at one exchange.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    /// The exchange's id.
    pub exchange: String,
    /// The account's own name on the page, where the page shows one.
    pub label: Option<String>,
    /// When a page of it was last read.
    pub read_at: Option<DateTime<Utc>>,
    /// What it has been seen to use.
    pub memory: Memory,
    /// What the person has told of themselves.
    pub settings: Settings,
    /// Fields of a later form, kept as they are.
    #[serde(flatten)]
    pub unknown: Map<String, serde_json::Value>,
}

/// What the open tabs show, by tab.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tabs {
    /// By tab.
    pub tabs: Map<TabId, TabState>,
    /// What the watch knows of them.
    pub watch: Passing,
}

/// What one tab shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TabState {
    /// The exchange's id.
    pub exchange: String,
    /// The page's number for its last look.
    pub revision: u64,
    /// When it was read.
    pub read_at: DateTime<Utc>,
    /// Whether its window is private.
    pub privacy: Privacy,
    /// What was read.
    pub shows: Shows,
    /// The way out of the log-in.
    #[serde(default)]
    pub exit: Exit,
}

/// Where a page has the controls that end its own session.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Exit {
    /// The ordinary log-out.
    pub log_out: Option<NodeId>,
    /// The account's menu, in which it may be.
    pub menu: Option<NodeId>,
    /// All controls that end this session, the ones for all sessions among them.
    pub controls: Vec<NodeId>,
    /// The controls that end other sessions.
    pub others: Vec<NodeId>,
}

/// What a page turned out to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shows {
    /// No sessions, and none expected.
    NoList,
    /// Sessions expected, and not found.
    Unreadable {
        /// Why.
        problems: Vec<Problem>,
    },
    /// Sessions.
    Sessions(Box<Judgement>),
}

/// A page's rows and what was made of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// Whose.
    pub account: AccountId,
    /// The account's own name on the page.
    pub label: Option<String>,
    /// The live sessions.
    pub sessions: Vec<SeenRow>,
    /// The history of logins.
    pub logins: Vec<SeenRow>,
    /// The entries of the account's other books.
    #[serde(default)]
    pub books: Vec<SeenRow>,
    /// What was made of them.
    pub assessment: Assessment,
    /// The date of the packaged data, where it was at hand.
    #[serde(default)]
    pub data: Option<DateTime<Utc>>,
    /// What of the page could not be read.
    pub problems: Vec<Problem>,
    /// Whether these are all live sessions of the account, as far as the page tells.
    #[serde(default)]
    pub whole: bool,
    /// What was learned in a private window, or on a computer that is not the person's: kept with the tab, never
    /// written to the disk.
    pub private: Option<Memory>,
}

/// A row, its name, and where it stands in the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeenRow {
    /// Its name.
    pub id: RowId,
    /// Its node.
    pub node: Option<u32>,
    /// What the page says.
    pub row: Row,
    /// How near to its place the person is: one sentence, or none.
    #[serde(default)]
    pub near: Vec<Message>,
    /// Who runs its network, where, and of what kind it is.
    #[serde(default)]
    pub network: Vec<Message>,
}

/// Why stored state could not be read. What was stored is kept aside by whoever reads it, and never overwritten.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// Not the JSON that was written.
    #[error("the stored data is damaged: {0}")]
    Damaged(String),
    /// Written by a newer Latchkey.
    #[error("the stored data is of version {0}, which is newer than this Latchkey")]
    Newer(u32),
}

impl Kept {
    /// The version of the stored form.
    pub const VERSION: u32 = 1;

    /// Reads what was stored.
    ///
    /// # Errors
    /// Where the text is not the JSON that was written, or is of a newer version.
    pub fn from_json(json: &str) -> Result<Self, StateError> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let damaged = |error: serde_json::Error| StateError::Damaged(error.to_string());
        let Versioned { version } = serde_json::from_str(json).map_err(damaged)?;
        match version {
            Self::VERSION => serde_json::from_str(json).map_err(damaged),
            0 => Err(StateError::Damaged("version 0 was never written".to_owned())),
            newer => Err(StateError::Newer(newer)),
        }
    }

    /// What is stored.
    ///
    /// # Errors
    /// None is known; serialisation of plain data does not fail.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        crate::json::text(self)
    }

    /// A new state for somebody whose stored one could not be read.
    pub fn after(error: &StateError) -> Self {
        let key = match error {
            StateError::Damaged(_) => "notice_state_damaged",
            StateError::Newer(_) => "notice_state_newer",
        };
        Self { notices: vec![Message::new(key)], ..Self::default() }
    }
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            version: Self::VERSION,
            watched: Vec::new(),
            accounts: Map::new(),
            notices: Vec::new(),
            watch: Lasting::default(),
            told: Settings::default(),
            parted: Vec::new(),
            lessons: Vec::new(),
            unknown: Map::new(),
        }
    }
}

impl Tabs {
    /// Reads what was kept for this run of the browser; anything odd is as good as nothing, the pages are still there.
    pub fn from_json(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// What is kept for this run of the browser.
    ///
    /// # Errors
    /// None is known; serialisation of plain data does not fail.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        crate::json::text(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::lesson::Lesson;

    #[test]
    fn version_1_is_read() {
        let kept = Kept::from_json(include_str!("state/version-1.json")).unwrap();
        assert_eq!(kept.watched, ["https://www.binance.com/*"]);
        assert_eq!(kept.accounts.len(), 1);
        let (page, lesson) = kept.lessons[0].split_once('\n').unwrap();
        assert_eq!(page, "https://rahakott.example/konto/seadmed");
        assert_eq!(Lesson::parse(lesson).map(|lesson| lesson.parts.len()), Some(5));
    }

    #[test]
    fn unknown_fields_survive() {
        let json = r#"{"version":1,"watched":[],"accounts":{"a":{"exchange":"demo","diary":[1]}},"later":{"x":1}}"#;
        let again = Kept::from_json(json).unwrap().to_json().unwrap();
        assert!(again.contains(r#""later":{"x":1}"#), "{again}");
        assert!(again.contains(r#""diary":[1]"#), "{again}");
    }

    #[test]
    fn a_truncated_state_is_damaged() {
        let json = Kept::default().to_json().unwrap();
        for end in 0..json.len() {
            assert!(matches!(Kept::from_json(&json[..end]), Err(StateError::Damaged(_))), "{end}");
        }
    }

    #[test]
    fn a_newer_state_is_not_read() {
        assert_eq!(Kept::from_json(r#"{"version":2,"anything":[]}"#), Err(StateError::Newer(2)));
        assert_eq!(Kept::from_json("[]").map_err(|error| matches!(error, StateError::Damaged(_))), Err(true));
    }

    #[test]
    fn odd_tabs_are_no_tabs() {
        assert_eq!(Tabs::from_json("{\"tabs\":3}"), Tabs::default());
    }
}
