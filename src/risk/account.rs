//! What is found of the account as a whole.

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Finding, Judged, Snapshot, Verdict};
use crate::explain::{Arg, Message};
use crate::memory::ListName;
use crate::session::{Outcome, Row};

/// Three to five sessions are usual.
const TOO_MANY: usize = 10;
/// How long a session may lie unused.
const IDLE: TimeDelta = TimeDelta::days(30);
/// More failed attempts than this are not mistyping.
const FAILURES: usize = 5;
/// How far back failed attempts count, and how close to each other they must be.
const RECENT: TimeDelta = TimeDelta::days(30);
const BURST: TimeDelta = TimeDelta::hours(24);
/// How long after the last attempt a login belongs to them.
const AFTER: TimeDelta = TimeDelta::hours(2);

/// Everything that there is to find.
pub(super) fn find(snapshot: &Snapshot, rows: &[Judged], now: DateTime<Utc>) -> Vec<Finding> {
    [too_many(snapshot), idle(snapshot, now), burst(snapshot, rows, now)].into_iter().flatten().collect()
}

fn finding(signal: &'static str, verdict: Verdict, key: &'static str, count: usize) -> Finding {
    Finding { signal: Cow::Borrowed(signal), verdict, message: Message::new(key).with(Arg::Count(count as u64)) }
}

fn too_many(snapshot: &Snapshot) -> Option<Finding> {
    let count = snapshot.sessions.len();
    (count >= TOO_MANY).then(|| finding("too-many-sessions", Verdict::Check, "finding_too_many_sessions", count))
}

fn idle(snapshot: &Snapshot, now: DateTime<Utc>) -> Option<Finding> {
    let count = snapshot.sessions.iter().filter(|(_, row)| is_idle(row, now)).count();
    (count > 0).then(|| finding("idle-sessions", Verdict::Check, "finding_idle_sessions", count))
}

fn is_idle(row: &Row, now: DateTime<Utc>) -> bool {
    let lively = row.current || row.online == Some(true);
    !lively && row.last_active_at.as_ref().is_some_and(|time| now - time.at >= IDLE)
}

fn burst(snapshot: &Snapshot, rows: &[Judged], now: DateTime<Utc>) -> Option<Finding> {
    let mut times: Vec<DateTime<Utc>> = snapshot
        .logins
        .iter()
        .filter(|(_, row)| row.outcome == Some(Outcome::Failed))
        .filter_map(|(_, row)| row.signed_in_at.as_ref())
        .map(|time| time.at)
        .filter(|at| now - *at <= RECENT)
        .collect();
    times.sort_unstable();
    let window = times.windows(FAILURES + 1).rev().find(|window| window[FAILURES] - window[0] <= BURST)?;
    let (first, last) = (window[FAILURES] - BURST, window[FAILURES]);
    let count = times.iter().filter(|at| (first..=last).contains(*at)).count();
    let logins = rows.iter().filter(|row| row.list == ListName::Logins).zip(&snapshot.logins);
    let got_in = logins.into_iter().any(|(judged, (_, row))| {
        row.outcome != Some(Outcome::Failed)
            && judged.verdict >= Verdict::Check
            && row.signed_in_at.as_ref().is_some_and(|time| (first..=last + AFTER).contains(&time.at))
    });
    Some(if got_in {
        finding("failed-logins", Verdict::Act, "finding_failed_logins_then_in", count)
    } else {
        finding("failed-logins", Verdict::Check, "finding_failed_logins", count)
    })
}
