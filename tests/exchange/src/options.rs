//! How an exchange is set up.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::account::User;
use crate::device::{Line, Place};
use crate::skin::Skin;

/// The first account's name: the one into which `foreign` puts somebody else's sessions.
pub const DEMO_USER: &str = "account-one@example.org";
/// The second account's name: always clean.
pub const CLEAN_USER: &str = "account-two@example.org";
/// The password of both accounts.
pub const DEMO_PASSWORD: &str = "correct-horse-7";
/// The code that stands as the second factor of both accounts.
pub const DEMO_CODE: &str = "246810";

/// How an exchange is set up. `Options::default()` is a clean Binance kit on a free port, without TLS.
#[derive(Debug, Clone)]
pub struct Options {
    /// The skin of hosts that [`hosts`](Self::hosts) does not name.
    pub skin: Skin,
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Whether to speak TLS, with a fresh self-signed certificate for every host in [`hosts`](Self::hosts),
    /// `localhost` and `127.0.0.1`.
    pub tls: bool,
    /// Host names that get a skin of their own; empty means [`Options::real_hosts`] of [`skin`](Self::skin).
    pub hosts: Vec<(String, Skin)>,
    /// Whether somebody else is signed in to the targeted accounts from the start.
    pub foreign: bool,
    /// What the exchange takes for the present when it starts; its clock runs on from there. `None` is the real time.
    pub now: Option<DateTime<Utc>>,
    /// How often a page fetches its data again and renders itself anew; zero means only on demand.
    pub rerender: Duration,
    /// Where requests from this machine seem to come from.
    pub own_line: Line,
    /// Who may sign in.
    pub users: Vec<User>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            skin: Skin::BinanceKit,
            port: 0,
            tls: false,
            hosts: Vec::new(),
            foreign: false,
            now: None,
            rerender: Duration::from_secs(5),
            own_line: Line::new("81.84.17.203", Place::new("Lisbon", "Portugal", "PT"), "NOS Comunicacoes"),
            users: [(DEMO_USER, true), (CLEAN_USER, false)]
                .map(|(mail, targeted)| User { mail: mail.into(), password: DEMO_PASSWORD.into(), targeted })
                .to_vec(),
        }
    }
}

impl Options {
    /// The options of that skin.
    #[must_use]
    pub fn skin(skin: Skin) -> Self {
        Self { skin, ..Self::default() }
    }

    /// The exchanges' real host names, each with its skin. The two skins of Binance share its hosts: the chosen one
    /// has them, and the kit where neither is chosen.
    #[must_use]
    pub fn real_hosts(skin: Skin) -> Vec<(String, Skin)> {
        let binance = if skin == Skin::BinanceOld { skin } else { Skin::BinanceKit };
        [
            ("www.binance.com", binance),
            ("accounts.binance.com", binance),
            ("www.kucoin.com", Skin::Kucoin),
            ("www.cryptonow.net", Skin::Cryptonow),
            ("app.cryptonow.net", Skin::Cryptonow),
            ("play.example", Skin::ActiveSessionsRtl),
        ]
        .map(|(host, skin)| (host.to_owned(), skin))
        .to_vec()
    }
}
