//! The judgement: whose session is it, and why.
//!
//! Evidence in nats, additive; each signal is a file in `risk/` with its own sentence and sign. Positive nats say that
//! a row is not the person's. A fact never seen before never lowers the sum; an unknown one adds nothing.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::explain::Message;
use crate::memory::{ListName, Memory, RowId};
use crate::session::Row;
use crate::zone::Zone;

/// One opening of an account's page: what is judged.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// The live sessions.
    pub sessions: Vec<(RowId, Row)>,
    /// The history of logins.
    pub logins: Vec<(RowId, Row)>,
    /// What the person has told of themselves.
    pub settings: Settings,
}

/// What the person has told of themselves.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Countries that the person's VPN comes out in, ISO codes.
    pub vpn_countries: Vec<String>,
    /// Countries that the person is usually in, ISO codes.
    pub usual_countries: Vec<String>,
}

/// What is known of the place from which the person looks.
#[derive(Debug, Clone, Default)]
pub struct Own {
    /// This browser's own user agent, where there is one.
    pub user_agent: Option<String>,
    /// The person's time zone.
    pub zone: Zone,
}

/// A judgement of a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// Whether enough is known to tell.
    pub stage: Stage,
    /// Every row of the snapshot, sessions first, in their order.
    pub rows: Vec<Judged>,
    /// What is found of the account as a whole.
    pub account: Vec<Finding>,
}

/// Whether enough is known of an account to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Too few rows or days: the person is asked to name their devices.
    Learning,
    /// Enough.
    Settled,
}

/// One row, judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Which list it stands in.
    pub list: ListName,
    /// Its name.
    pub id: RowId,
    /// What to make of it.
    pub verdict: Verdict,
    /// The sum of the evidence, in nats: higher is worse.
    pub nats: f64,
    /// What it is the sum of, prior included.
    pub evidence: Vec<Evidence>,
}

/// What to make of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The person's own.
    Known,
    /// Too little is known to tell.
    Learning,
    /// Look at this one.
    Check,
    /// This is probably not you.
    Act,
}

/// One piece of evidence, for or against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Its name, kebab-case.
    pub signal: Cow<'static, str>,
    /// How much: the logarithm of a likelihood ratio. Positive speaks against the row.
    pub nats: f64,
    /// Why, in words.
    pub message: Message,
}

/// Something found of the account as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Its name, kebab-case.
    pub signal: Cow<'static, str>,
    /// How grave.
    pub verdict: Verdict,
    /// What, in words.
    pub message: Message,
}

/// Judges a snapshot against what is remembered.
pub fn assess(memory: &Memory, snapshot: &Snapshot, own: &Own, now: DateTime<Utc>) -> Assessment {
    let _ = (memory, own, now);
    let judged = |list, rows: &[(RowId, Row)]| {
        rows.iter()
            .map(|(id, _)| Judged { list, id: id.clone(), verdict: Verdict::Learning, nats: 0.0, evidence: Vec::new() })
            .collect::<Vec<_>>()
    };
    let mut rows = judged(ListName::Sessions, &snapshot.sessions);
    rows.extend(judged(ListName::Logins, &snapshot.logins));
    Assessment { stage: Stage::Learning, rows, account: Vec::new() }
}
