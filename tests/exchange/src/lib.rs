//! The demo exchange: real accounts, real sessions that really end, on the loopback.
//!
//! It looks like five exchanges ([`Skin`]), one at a time or all at once under their real host names, and behaves as
//! an exchange does: password and second factor, a device page, a history of logins, security pages full of other
//! buttons that say "Remove", and a log-out after which the cookie opens nothing. Its pages carry a strict content
//! security policy and render themselves anew every few seconds with other class names.
//!
//! Sign in as [`DEMO_USER`] or [`CLEAN_USER`] with [`DEMO_PASSWORD`] and [`DEMO_CODE`].
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use latchkey_exchange::{Exchange, Language, Options, Skin};
//! let exchange = Exchange::start(Options { foreign: true, tls: true, ..Options::skin(Skin::BinanceOld) }).await?;
//! let page = format!("{}{}", exchange.url_of(Skin::Kucoin), Skin::Kucoin.paths(Language::English).devices);
//! # Ok(()) }
//! ```
//!
//! In a page, `window.exchange` renders on demand (`await exchange.render()`) and moves between pages without loading
//! (`await exchange.navigate(path)`); `exchange.renders` counts.

mod account;
mod api;
mod device;
mod exchange;
mod front;
mod options;
mod seed;
mod server;
mod skin;
mod world;

pub use account::{Factor, Login, Outcome, PlantedSession, Session, SessionId, User};
pub use device::{Device, Form, Line, Place};
pub use exchange::{Exchange, Site};
pub use options::{CLEAN_USER, DEMO_CODE, DEMO_PASSWORD, DEMO_USER, Options};
pub use skin::{Language, Paths, Scope, Skin};
pub use world::RequestLog;
