//! What is found of the account as a whole.

use std::borrow::Cow;
use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Finding, Judged, Snapshot, Verdict};
use crate::explain::{Arg, Message};
use crate::memory::{ListName, Traits};
use crate::session::{Outcome, Row};

/// Three to five sessions are usual.
const TOO_MANY: usize = 10;
/// How long a session may lie unused.
const IDLE: TimeDelta = TimeDelta::days(30);
/// How many idle sessions there may be of devices that are in use by another session: what a browser's update or a new
/// login leaves behind.
const LEFTOVERS: usize = 3;
/// More failed attempts than this are not mistyping.
const FAILURES: usize = 5;
/// How far back failed attempts count, and how close to each other they must be.
const RECENT: TimeDelta = TimeDelta::days(30);
const BURST: TimeDelta = TimeDelta::hours(24);
/// How long after the last attempt a login belongs to them.
const AFTER: TimeDelta = TimeDelta::hours(2);

/// Everything that there is to find.
pub(super) fn find(snapshot: &Snapshot, rows: &[Judged], now: DateTime<Utc>) -> Vec<Finding> {
    let found = [too_many(snapshot), idle(snapshot, now), burst(snapshot, rows, now)];
    found.into_iter().flatten().collect()
}

fn finding(signal: &'static str, verdict: Verdict, key: &'static str, count: usize) -> Finding {
    let message = Message::new(key).with(Arg::Count(count as u64));
    Finding { signal: Cow::Borrowed(signal), verdict, message, entry: None }
}

fn too_many(snapshot: &Snapshot) -> Option<Finding> {
    let count = snapshot.sessions.len();
    (count >= TOO_MANY).then(|| finding("too-many-sessions", Verdict::Check, "finding_too_many_sessions", count))
}

fn idle(snapshot: &Snapshot, now: DateTime<Utc>) -> Option<Finding> {
    let idle = || snapshot.sessions.iter().map(|(_, row)| row).filter(|row| is_idle(row, now));
    let count = idle().count();
    if count == 0 {
        return None;
    }
    let in_use: HashSet<String> = snapshot
        .sessions
        .iter()
        .chain(&snapshot.logins)
        .filter(|(_, row)| !is_idle(row, now) && row.outcome != Some(Outcome::Failed))
        .filter(|(_, row)| row.current || latest(row).is_some_and(|at| now - at < IDLE))
        .filter_map(|(_, row)| Traits::of(row).device)
        .collect();
    let forgotten = idle().any(|row| Traits::of(row).device.is_none_or(|device| !in_use.contains(&device)));
    (forgotten || count >= LEFTOVERS).then(|| finding("idle-sessions", Verdict::Check, "finding_idle_sessions", count))
}

fn latest(row: &Row) -> Option<DateTime<Utc>> {
    [&row.signed_in_at, &row.last_active_at].into_iter().flatten().map(|time| time.at).max()
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
    let last = window[FAILURES];
    let within = |at: DateTime<Utc>, after: TimeDelta| last - at <= BURST && at - last <= after;
    let count = times.iter().filter(|at| within(**at, TimeDelta::zero())).count();
    let logins = rows.iter().filter(|row| row.list == ListName::Logins).zip(&snapshot.logins);
    let got_in = logins.into_iter().any(|(judged, (_, row))| {
        row.outcome != Some(Outcome::Failed)
            && judged.verdict >= Verdict::Check
            && row.signed_in_at.as_ref().is_some_and(|time| within(time.at, AFTER))
    });
    Some(if got_in {
        finding("failed-logins", Verdict::Act, "finding_failed_logins_then_in", count)
    } else {
        finding("failed-logins", Verdict::Check, "finding_failed_logins", count)
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::memory::RowId;

    fn page(sessions: Vec<Row>, logins: Vec<Row>) -> Snapshot {
        let named = |rows: Vec<Row>| rows.into_iter().enumerate().map(|(i, row)| (RowId(i.to_string()), row)).collect();
        Snapshot { sessions: named(sessions), logins: named(logins), ..Snapshot::default() }
    }

    fn signals(snapshot: &Snapshot) -> Vec<(Cow<'static, str>, Verdict)> {
        find(snapshot, &[], now()).into_iter().map(|finding| (finding.signal, finding.verdict)).collect()
    }

    fn failures(count: i64, apart: i64) -> Vec<Row> {
        let failed = |n| Row { outcome: Some(Outcome::Failed), signed_in_at: hours_ago(n * apart), ..Row::default() };
        (0..count).map(failed).collect()
    }

    #[test]
    fn ten_sessions_are_too_many_and_nine_are_not() {
        assert!(signals(&page(vec![Row::default(); TOO_MANY - 1], vec![])).is_empty());
        let found = signals(&page(vec![Row::default(); TOO_MANY], vec![]));
        assert_eq!(found, [("too-many-sessions".into(), Verdict::Check)]);
    }

    #[test]
    fn thirty_days_are_idle_and_less_is_not() {
        let idle = |hours| Row { last_active_at: hours_ago(hours), ..Row::default() };
        assert!(signals(&page(vec![idle(30 * 24 - 1)], vec![])).is_empty());
        assert_eq!(signals(&page(vec![idle(30 * 24)], vec![])), [("idle-sessions".into(), Verdict::Check)]);
        assert!(signals(&page(vec![Row { current: true, ..idle(1000) }, Row::default()], vec![])).is_empty());
    }

    #[test]
    fn what_a_device_in_use_left_behind_is_no_finding_until_it_is_much() {
        let left = Row { last_active_at: hours_ago(1000), signed_in_at: None, ..own_login() };
        let used = Row { last_active_at: hours_ago(1), ..own_login() };
        let with = |count: usize| {
            let mut sessions = vec![left.clone(); count];
            sessions.push(used.clone());
            signals(&page(sessions, vec![]))
        };
        assert!(with(LEFTOVERS - 1).is_empty());
        assert_eq!(with(LEFTOVERS), [("idle-sessions".into(), Verdict::Check)]);
    }

    #[test]
    fn more_than_five_failures_in_a_day_are_found_and_five_are_not() {
        assert!(signals(&page(vec![], failures(5, 1))).is_empty());
        assert_eq!(signals(&page(vec![], failures(6, 1))), [("failed-logins".into(), Verdict::Check)]);
        assert!(signals(&page(vec![], failures(6, 5))).is_empty(), "spread over more than a day");
    }

    #[test]
    fn a_foreign_login_after_the_failures_is_grave() {
        let mut logins = failures(8, 1);
        logins.iter_mut().for_each(|row| row.signed_in_at = hours_ago(4));
        logins.push(foreign_login());
        let rows = judged(&memory(), logins.clone());
        let found = find(&page(vec![], logins), &rows, now());
        assert_eq!(found[0].verdict, Verdict::Act);
    }
}
