//! One event, one alarm: a login that says no more than what has been told already waits for the review.
//!
//! What has been told is a flagged session of the page, a flagged login of it, and what was flagged within a month. A
//! login from the same block of addresses, or of the same device in the same country, is then not flagged as well,
//! unless it is probably not the person's, or they said "not me" of what was told. Sessions are alive, and always flagged
//! by themselves.

use chrono::TimeDelta;

use super::case::Page;
use super::{Judged, Verdict};
use crate::memory::{ListName, Standing, Traits};

/// How long an alarm stands for its like.
const MONTH: TimeDelta = TimeDelta::days(30);
/// With how many alarms of a page a login is compared: a page may be hostile.
const COMPARED: usize = 64;

/// Takes back what would only repeat an alarm.
pub(super) fn once(page: &Page<'_>, rows: &mut [Judged]) {
    let mut flagged: Vec<usize> = (0..rows.len()).filter(|i| rows[*i].verdict >= Verdict::Check).collect();
    let may_wait = |i: usize| {
        let was_flagged = page.member(i).and_then(|it| it.1).is_some_and(|row| row.standing == Standing::Flagged);
        rows[i].list == ListName::Logins && rows[i].verdict == Verdict::Check && !was_flagged
    };
    if !flagged.iter().any(|i| may_wait(*i)) {
        return;
    }
    crate::order::by(&mut flagged, |a, b| {
        let (one, other) = (&rows[*a], &rows[*b]);
        may_wait(*a).cmp(&may_wait(*b)).then(other.nats.total_cmp(&one.nats)).then_with(|| one.id.cmp(&other.id))
    });
    let mut told: Vec<&Traits> = Vec::new();
    let mut waiting: Vec<usize> = Vec::new();
    for i in flagged {
        let Some((traits, remembered)) = page.member(i) else { continue };
        let at = page.signed_in(i);
        let before = || {
            page.flagged().any(|row| {
                is_like(&row.traits, traits) && (page.now - row.seen <= MONTH || at.is_some_and(|at| at <= row.seen))
            })
        };
        if may_wait(i) && (told.iter().any(|other| is_like(other, traits)) || before()) {
            waiting.push(i);
        } else if told.len() < COMPARED && remembered.is_none_or(|row| row.answer.is_none()) {
            told.push(traits);
        }
    }
    for i in waiting {
        rows[i].verdict = Verdict::Learning;
    }
}

fn is_like(one: &Traits, other: &Traits) -> bool {
    let same_device = one.device.is_some() && one.device == other.device && one.country == other.country;
    same_device || (one.block.is_some() && one.block == other.block)
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::super::{Own, Snapshot, assess};
    use super::*;
    use crate::memory::{Answer, Memory, RowId};
    use crate::session::Row;
    use crate::world::World;

    /// Somebody at home whose device was never seen: one to look at.
    fn guest(hours: i64) -> Row {
        Row {
            ip: own_login().ip,
            isp: None,
            city: None,
            country: None,
            signed_in_at: hours_ago(hours),
            ..foreign_login()
        }
    }

    fn settled() -> Memory {
        let mut memory = memory();
        let before = now() - TimeDelta::days(9);
        let seen = page(&[own_login()], &[]);
        let assessment = assess(&memory, &seen, &Own::default(), &World::default(), before);
        memory.learn(&seen, &assessment, &World::default(), before);
        memory.readings = 3;
        memory
    }

    fn page(sessions: &[Row], logins: &[Row]) -> Snapshot {
        let named = |rows: &[Row]| {
            let name = |row: &Row| RowId(format!("{:?} {:?}", row.device, row.signed_in_at));
            rows.iter().map(|row| (name(row), row.clone())).collect()
        };
        Snapshot { sessions: named(sessions), logins: named(logins), ..Snapshot::default() }
    }

    fn verdicts(memory: &Memory, snapshot: &Snapshot, after: TimeDelta) -> Vec<Verdict> {
        let assessment = assess(memory, snapshot, &Own::default(), &World::default(), now() + after);
        assessment.rows.iter().map(|row| row.verdict).collect()
    }

    /// What is remembered after a page, and the name of its first login.
    fn after(snapshot: &Snapshot) -> (Memory, RowId) {
        let mut memory = settled();
        let assessment = assess(&memory, snapshot, &Own::default(), &World::default(), now());
        memory.learn(snapshot, &assessment, &World::default(), now());
        (memory, snapshot.logins[0].0.clone())
    }

    #[test]
    fn a_session_and_its_logins_are_one_alarm() {
        let rows = [guest(3), guest(40)];
        assert_eq!(verdicts(&settled(), &page(&rows[..1], &rows), TimeDelta::zero())[0], Verdict::Check);
        let waiting = &verdicts(&settled(), &page(&rows[..1], &rows), TimeDelta::zero())[1..];
        assert_eq!(waiting, [Verdict::Learning; 2]);
    }

    #[test]
    fn each_session_is_flagged_by_itself() {
        let rows = [guest(3), guest(40)];
        assert_eq!(verdicts(&settled(), &page(&rows, &[]), TimeDelta::zero()), [Verdict::Check; 2]);
    }

    #[test]
    fn within_a_month_the_like_waits_and_then_it_is_told_again() {
        let (memory, _) = after(&page(&[], &[guest(3)]));
        let again = |days: i64| {
            let later = page(&[], &[guest(-24 * days)]);
            verdicts(&memory, &later, TimeDelta::days(days))[0]
        };
        assert_eq!(again(20), Verdict::Learning);
        assert_eq!(again(40), Verdict::Check);
    }

    #[test]
    fn what_was_flagged_stays_flagged() {
        let (memory, _) = after(&page(&[], &[guest(3)]));
        assert_eq!(verdicts(&memory, &page(&[], &[guest(3)]), TimeDelta::days(1))[0], Verdict::Check);
    }

    #[test]
    fn not_me_silences_nothing() {
        let (mut memory, id) = after(&page(&[], &[guest(3)]));
        memory.answer(ListName::Logins, &id, Some(Answer::NotMine));
        assert!(verdicts(&memory, &page(&[], &[guest(-24)]), TimeDelta::days(2))[0] >= Verdict::Check);
    }
}
