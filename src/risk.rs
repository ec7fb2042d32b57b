//! The judgement: whose session is it, and why.
//!
//! Evidence in nats, additive; each signal is a file in `risk/` with its own sentence and sign. Positive nats say that
//! a row is not the person's. A fact never seen before never lowers the sum; an unknown one adds nothing.
//!
//! Here the signals are listed, summed and given a verdict. What counts as the person's own, which they are weighed
//! against, is [`crate::memory`]; how a value that is new, rare or usual becomes nats is `surprise`.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::explain::Message;
use crate::memory::{ListName, Memory, RowId, Traits};
pub use crate::memory::{Sensitivity, Settings};
use crate::session::Row;
use crate::world::World;
use crate::zone::Zone;

mod account;
mod access;
mod acquaintance;
mod answer;
mod books;
mod both;
mod browser;
mod burst;
mod case;
mod city;
mod country;
mod current;
mod device;
mod expected;
mod failed;
mod familiar;
mod hour;
mod intruder;
mod kind;
mod learning;
mod moved;
mod network;
mod operator;
mod own_browser;
mod second_factor;
mod surprise;
mod told;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod testing;
mod travel;

use case::{Case, Page, Weighed};

// The levels are set by what they cost: at most one false alarm in twenty months of an unattacked account, and of the
// graver kind at most one in a hundred.

/// From which sum on a row is one to look at; the person may shift it.
const CHECK: f64 = 0.9;
/// How far the calm shift it.
const CALM: f64 = 1.4;
/// How far the watchful do.
const WATCHFUL: f64 = -1.0;
/// From which sum on a row is probably not the person's.
const ACT: f64 = 4.6;
/// What a family of evidence must say to count as one of the two that "act" needs.
const SPEAKS: f64 = 1.0;
/// What is held of a row before anything is known of it: few rows are not the person's.
const PRIOR: f64 = -1.4;
/// Below which sum a row needs no naming, even while too little is known of the account.
const PLAIN: f64 = PRIOR - 2.0;

/// What a piece of evidence is about. Two of one family may have one cause (a VPN changes country and network alike),
/// so that one family alone never says "act".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// Where a row comes from.
    Place,
    /// What it runs on.
    Device,
    /// When it was.
    Time,
    /// What was done.
    Conduct,
    /// What the person said.
    Word,
}

/// One signal: a question put to a row.
struct Signal {
    name: &'static str,
    family: Family,
    weigh: fn(&Case<'_>) -> Option<Weighed>,
}

/// All signals, in the order in which a row's evidence is given.
const SIGNALS: [Signal; 22] = [
    Signal { name: "country", family: Family::Place, weigh: country::weigh },
    Signal { name: "network", family: Family::Place, weigh: network::weigh },
    Signal { name: "kind-of-network", family: Family::Place, weigh: access::weigh },
    Signal { name: "operator", family: Family::Place, weigh: operator::weigh },
    Signal { name: "city", family: Family::Place, weigh: city::weigh },
    Signal { name: "travel", family: Family::Place, weigh: travel::weigh },
    Signal { name: "other-exchange", family: Family::Place, weigh: both::weigh },
    Signal { name: "moved", family: Family::Conduct, weigh: moved::weigh },
    Signal { name: "system", family: Family::Device, weigh: kind::weigh },
    Signal { name: "device", family: Family::Device, weigh: device::weigh },
    Signal { name: "browser", family: Family::Device, weigh: browser::weigh },
    Signal { name: "own-browser", family: Family::Device, weigh: own_browser::weigh },
    Signal { name: "hour", family: Family::Time, weigh: hour::weigh },
    Signal { name: "failed-burst", family: Family::Conduct, weigh: burst::weigh },
    Signal { name: "failed", family: Family::Conduct, weigh: failed::weigh },
    Signal { name: "second-factor", family: Family::Conduct, weigh: second_factor::weigh },
    Signal { name: "acquaintance", family: Family::Conduct, weigh: acquaintance::weigh },
    Signal { name: "familiar", family: Family::Conduct, weigh: familiar::weigh },
    Signal { name: "current", family: Family::Word, weigh: current::weigh },
    Signal { name: expected::NAME, family: Family::Word, weigh: expected::weigh },
    Signal { name: "intruder", family: Family::Word, weigh: intruder::weigh },
    Signal { name: "answer", family: Family::Word, weigh: answer::weigh },
];

/// One opening of an account's page: what is judged.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// The live sessions.
    pub sessions: Vec<(RowId, Row)>,
    /// The history of logins.
    pub logins: Vec<(RowId, Row)>,
    /// The entries of the account's other books ([`crate::memory::entries`]).
    pub books: Vec<(RowId, Row)>,
    /// What the person has told of themselves.
    pub settings: Settings,
    /// Rows that the person called foreign at their other accounts.
    pub strangers: Vec<Traits>,
    /// Rows that were flagged at their other accounts, of which they have said nothing.
    pub suspects: Vec<Traits>,
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
    /// The entry of a book that it is of, where it is of one: the person can say whose that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<RowId>,
}

/// Judges a snapshot against what is remembered.
///
/// Changes nothing: what is learned of it is [`Memory::learn`]'s.
pub fn assess(memory: &Memory, snapshot: &Snapshot, own: &Own, world: &World<'_>, now: DateTime<Utc>) -> Assessment {
    let page = Page::new(memory, snapshot, own, world, now);
    let mut rows = page.judge();
    told::once(&page, &mut rows);
    let mut account = account::find(snapshot, &rows, now);
    account.extend(books::find(memory, snapshot, world, now));
    Assessment { stage: page.stage, rows, account }
}

fn judge(case: &Case<'_>) -> Judged {
    let mut evidence =
        vec![Evidence { signal: Cow::Borrowed("prior"), nats: PRIOR, message: Message::new("evidence_prior") }];
    let mut nats = PRIOR;
    let mut families: Vec<(Family, f64)> = Vec::new();
    for signal in &SIGNALS {
        let Some(Weighed { nats: weight, message }) = (signal.weigh)(case) else { continue };
        let weight = round(weight);
        if weight == 0.0 {
            continue;
        }
        nats += weight;
        match families.iter_mut().find(|(family, _)| *family == signal.family) {
            Some((_, sum)) => *sum += weight,
            None => families.push((signal.family, weight)),
        }
        evidence.push(Evidence { signal: Cow::Borrowed(signal.name), nats: weight, message });
    }
    let speaking = families.iter().filter(|(_, sum)| *sum >= SPEAKS).count();
    let nats = round(nats);
    let verdict = verdict(case, case.page.stage, nats, speaking);
    Judged { list: case.list, id: case.id.clone(), verdict, nats, evidence }
}

fn verdict(case: &Case<'_>, stage: Stage, nats: f64, families: usize) -> Verdict {
    if case.is_disowned() {
        // The person's own word is no inference that would need a second family.
        return Verdict::Act;
    }
    let check = CHECK + shift(case.settings().sensitivity);
    let certain = families >= 2 && !case.row.current && !case.is_failed();
    match nats {
        nats if nats >= ACT && certain => Verdict::Act,
        nats if nats >= check => Verdict::Check,
        _ if case.row.current || case.is_owned() => Verdict::Known,
        nats if stage == Stage::Learning && nats > PLAIN => Verdict::Learning,
        _ => Verdict::Known,
    }
}

/// How far the person shifts the level.
fn shift(sensitivity: Sensitivity) -> f64 {
    match sensitivity {
        Sensitivity::Calm => CALM,
        Sensitivity::Balanced => 0.0,
        Sensitivity::Watchful => WATCHFUL,
    }
}

/// To a thousandth: finer would claim more than is known.
fn round(nats: f64) -> f64 {
    (nats * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests;
