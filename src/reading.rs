//! The reader: a page becomes a [`Reading`].
//!
//! It finds records by their repetition and fields by what they are. It knows no class names; an exchange's file only
//! adds hints. What it cannot tell stays unknown, and is said in `problems`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::page::Page;
use crate::session::{ApiCall, ApiKey, Control, Row, WithdrawalAddress};
use crate::zone::Zone;

mod account;
pub mod address;
mod assembly;
mod book;
mod controls;
mod current;
pub mod device;
mod fields;
mod kinds;
mod leaves;
pub mod lesson;
pub mod lexicon;
mod missing;
pub mod place;
mod records;
mod shared;
pub mod text;
pub mod time;
mod topics;

pub use account::account_label;

/// What a page says. Its serialised form is that of the shell's `read`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Reading {
    /// The lists, in document order.
    pub lists: Vec<List>,
    /// The one control that ends all sessions, or all others.
    pub log_out_all: Option<Control>,
    /// The ordinary log-out of this session.
    pub log_out_self: Option<Control>,
    /// Whether the person is signed in.
    pub signed_in: SignedIn,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// One list of the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "rows", rename_all = "snake_case")]
pub enum List {
    /// Sessions that are alive.
    Sessions(Vec<Row>),
    /// A history of sign-ins or attempts; nothing in it can be ended.
    Logins(Vec<Row>),
    /// Devices allowed to sign in or to skip a step.
    TrustedDevices(Vec<Row>),
    /// Keys for programs.
    ApiKeys(Vec<ApiKey>),
    /// Calls made with keys.
    ApiCalls(Vec<ApiCall>),
    /// The withdrawal address book.
    WithdrawalAddresses(Vec<WithdrawalAddress>),
}

/// Whether the person is signed in on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignedIn {
    /// Yes.
    Yes,
    /// The page offers to log in.
    No,
    /// It does not tell.
    #[default]
    Unknown,
}

/// Something that could not be read, or only with doubt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What kind, kebab-case ("control-behind-a-menu", "ambiguous-date", "cut-off", "no-list").
    pub code: String,
    /// The words at hand.
    pub detail: String,
}

/// What is known of the page beforehand; all of it may be absent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hints {
    /// The language to read in, in place of the page's own.
    pub lang: Option<String>,
    /// The exchange's own names ("Binance"), for its app's sessions.
    pub brand: Vec<String>,
}

/// Reads a page.
///
/// Never fails and never panics; linear in the page's nodes. `now` is the moment that relative times count from,
/// `zone` the one assumed for times that state none.
pub fn read(page: &Page, hints: &Hints, now: DateTime<Utc>, zone: &Zone) -> Reading {
    assembly::read(page, hints, now, zone)
}

/// Whether a control's words offer to end the session in which they are read: "Log out", "Log out all devices".
///
/// ```
/// use latchkey::reading::offers_log_out;
/// assert!(offers_log_out("Log out") && offers_log_out("Abmelden"));
/// assert!(!offers_log_out("Sign out all other sessions") && !offers_log_out("Log in"));
/// ```
pub fn offers_log_out(words: &str) -> bool {
    let marked = lexicon::Lexicon::get().mark(words);
    controls::is_log_out(&marked) || controls::is_all(&marked).is_some_and(|spares| spares != Some(true))
}

impl Reading {
    /// The rows of the page's lists of sessions, in order.
    pub fn sessions(&self) -> impl Iterator<Item = &Row> {
        self.lists.iter().flat_map(|list| match list {
            List::Sessions(rows) => rows.as_slice(),
            _ => &[],
        })
    }

    /// The rows of the page's histories of logins, in order.
    pub fn logins(&self) -> impl Iterator<Item = &Row> {
        self.lists.iter().flat_map(|list| match list {
            List::Logins(rows) => rows.as_slice(),
            _ => &[],
        })
    }

    /// The rows of the page's lists of trusted devices, in order.
    pub fn trusted_devices(&self) -> impl Iterator<Item = &Row> {
        self.lists.iter().flat_map(|list| match list {
            List::TrustedDevices(rows) => rows.as_slice(),
            _ => &[],
        })
    }
}
