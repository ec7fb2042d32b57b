//! The browser as Latchkey sees it: WebExtension APIs, storage, messages, words, clock.
//!
//! The only door to `chrome.*`. The bindings are Latchkey's own few: the `web-extensions-sys` crate knows neither
//! permissions, nor registered scripts, nor i18n.

pub mod action;
pub mod alarms;
mod changes;
pub mod cleaning;
pub mod clock;
pub mod data;
mod database;
pub mod error;
pub mod notifications;
pub mod permissions;
pub mod runtime;
pub mod scripts;
pub mod storage;
pub mod tabs;
mod vault;
pub mod words;

pub use changes::ChangeListener;
pub use error::BrowserError;
pub use runtime::ask;
