//! One row before its judges, and the company it is judged in.
//!
//! A row is weighed against what is remembered as the person's, against the session in which they look, and against
//! the page's other rows: against all of them while little is remembered, later only against those that nothing
//! speaks against. A row never speaks for itself, nor do the rows of the same event (a login and the session that it
//! began); which rows those are is told by their times alone, so that changing another fact of a row cannot change its
//! company.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Timelike, Utc};

use super::{Own, Settings, Snapshot, Stage, travel};
use crate::atlas::Area;
use crate::explain::Message;
use crate::memory::{Answer, Expected, Fact, ListName, Memory, Remembered, RowId, Seen, Standing, Tally, Traits};
use crate::session::{Outcome, Row};
use crate::world::World;

mod company;

/// How many rows of the person's must be remembered before a page's rows no longer vouch for each other.
const REMEMBERED: f64 = 6.0;
/// How many it takes for an account to be settled.
const SETTLED_ROWS: f64 = 8.0;
/// How far back they must reach.
const SETTLED_SPAN: TimeDelta = TimeDelta::days(14);
/// How many rows of one event are looked for at most: a page may show thousands at one moment.
const EVENT_ROWS: usize = 24;

/// A value that no row has.
pub(super) const NEVER: &str = "";

/// What one signal says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weighed {
    pub nats: f64,
    pub message: Message,
}

impl Weighed {
    pub(super) fn new(nats: f64, message: Message) -> Option<Self> {
        nats.is_finite().then_some(Self { nats, message })
    }
}

/// One row before its judges.
pub(super) struct Case<'a> {
    pub list: ListName,
    pub id: &'a RowId,
    pub row: &'a Row,
    pub traits: &'a Traits,
    /// What is remembered of this very row.
    pub remembered: Option<&'a Remembered>,
    pub page: &'a Page<'a>,
    tally: &'a Tally<'a>,
    /// What each row of the page counts for the others.
    weights: &'a [f64],
    /// The rows that do not count for this one.
    without: Vec<(&'a Traits, f64)>,
    /// Whether one more row of the page may be of the same event, and no time tells which.
    has_unknown_twin: bool,
    new_device: OnceCell<bool>,
}

impl Case<'_> {
    /// How often the person used a value, as far as others than this row tell.
    pub(super) fn seen(&self, fact: Fact, value: &str) -> Seen {
        let seen = self.tally.seen(fact, value, &self.without);
        if self.has_unknown_twin && seen.count > 0.0 {
            return Seen { count: (seen.count - 1.0).max(0.0), total: (seen.total - 1.0).max(0.0), ..seen };
        }
        seen
    }

    /// The row's own value of a fact, and how often the person used it.
    pub(super) fn own(&self, fact: Fact) -> Option<(&str, Seen)> {
        self.traits.get(fact).map(|value| (value, self.seen(fact, value)))
    }

    /// Whether the row's device was never seen.
    pub(super) fn is_new_device(&self) -> bool {
        *self.new_device.get_or_init(|| {
            self.is_older_than_before()
                || self.own(Fact::Device).is_some_and(|(_, seen)| seen.total > 0.0 && seen.count <= 0.0)
        })
    }

    /// Whether the row's device ran only newer systems before: a system does not grow younger, so this is another one.
    pub(super) fn is_older_than_before(&self) -> bool {
        let (Some(device), Some(version)) = (self.traits.device.as_deref(), self.traits.system) else { return false };
        let (Some(known), Some(at)) = (self.page.systems.get(device), moments(self.row).next()) else { return false };
        let mut before = known.iter().filter(|(then, _)| *then < at).peekable();
        before.peek().is_some() && before.all(|(_, known)| *known > version)
    }

    /// Whether the page shows another of the person's devices on the carrier of this one, which they use too.
    pub(super) fn is_beside_another_device(&self) -> bool {
        let (Some(carrier), Some((device, seen))) = (&self.traits.carrier, self.own(Fact::Device)) else {
            return false;
        };
        let others = self.page.devices_on.get(carrier.as_str());
        seen.count > 0.0 && others.is_some_and(|others| others.iter().any(|other| *other != device))
    }

    /// Whether the page shows the row's device on another carrier, while this one is the person's.
    pub(super) fn is_elsewhere_too(&self) -> bool {
        let (Some((carrier, seen)), Some(device)) = (self.own(Fact::Carrier), &self.traits.device) else {
            return false;
        };
        let carriers = self.page.carriers_of.get(device.as_str());
        seen.count > 0.0 && carriers.is_some_and(|carriers| carriers.iter().any(|other| *other != carrier))
    }

    /// The person's own sign-ins around a moment, and the session in use where that is now; a few are enough.
    pub(super) fn sign_ins_near(&self, at: DateTime<Utc>) -> impl Iterator<Item = &Row> {
        let near = self.page.near(at, travel::WITHIN);
        let before = |i: usize| self.page.before(self.page.members[i].remembered);
        let is_own = move |i: usize| self.weights[i] > 0.0 || before(i).is_some_and(|row| row.weight() > 0.0);
        let signed_in = near.filter(|(when, i)| signed_in(self.page.members[*i].row) == Some(*when));
        let own = signed_in.filter(move |(_, i)| is_own(*i)).map(|(_, i)| self.page.members[*i].row);
        let now = self.page.now;
        own.chain(self.page.current.filter(move |_| (now - at).abs() <= travel::WITHIN))
    }

    /// What is remembered of this very row from an earlier visit.
    pub(super) fn before(&self) -> Option<&Remembered> {
        self.page.before(self.remembered)
    }

    /// Whether rows like this one are seen for the first time: little is remembered, or nothing of this list.
    pub(super) fn is_first_sight(&self) -> bool {
        self.page.thin || !self.page.lists_seen.contains(&self.list)
    }

    /// Whether the account is not well known yet.
    pub(super) fn is_little_known(&self) -> bool {
        self.is_first_sight() || self.page.is_second_look || self.page.stage == Stage::Learning
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.page.snapshot.settings
    }

    pub(super) fn is_failed(&self) -> bool {
        self.row.outcome == Some(Outcome::Failed)
    }

    /// Whether the person said that the row is theirs.
    pub(super) fn is_owned(&self) -> bool {
        self.says(Answer::Mine)
    }

    /// Whether the person said that it is not.
    pub(super) fn is_disowned(&self) -> bool {
        self.says(Answer::NotMine)
    }

    fn says(&self, answer: Answer) -> bool {
        self.remembered.and_then(|row| row.answer.as_ref()).is_some_and(|answered| answered.answer == answer)
    }
}

/// One row of the page, looked at once.
struct Member<'a> {
    list: ListName,
    id: &'a RowId,
    row: &'a Row,
    traits: Traits,
    remembered: Option<&'a Remembered>,
}

/// A page's rows beside what is remembered.
pub(super) struct Page<'a> {
    pub snapshot: &'a Snapshot,
    pub own: &'a Own,
    world: &'a World<'a>,
    /// When the page was read.
    pub now: DateTime<Utc>,
    /// The person's logins by hour of their day.
    pub hours: [f64; 24],
    /// When attempts failed, in order.
    failures: Vec<DateTime<Utc>>,
    /// What the person called foreign, here and at their other accounts.
    pub intruders: Vec<&'a Traits>,
    pub stage: Stage,
    memory: &'a Memory,
    /// How many readings there were before this visit.
    readings: u32,
    /// What is remembered as the person's, counted once.
    baseline: Tally<'a>,
    /// The versions that the remembered devices' systems had, and when.
    systems: HashMap<&'a str, Vec<(DateTime<Utc>, u32)>>,
    /// Which of the remembered devices show on which carrier; two of each are enough.
    devices_on: HashMap<String, Vec<String>>,
    /// On which carriers each device shows; two of each are enough.
    carriers_of: HashMap<String, Vec<String>>,
    members: Vec<Member<'a>>,
    /// The session in which the person looks.
    current: Option<&'a Row>,
    /// Every time that a row shows, with the row's number; in order.
    times: Vec<(DateTime<Utc>, usize)>,
    /// What this visit's other pages taught.
    elsewhere: Vec<&'a Remembered>,
    /// Whether so little is remembered that the page's rows vouch for each other.
    pub thin: bool,
    /// The lists that an earlier visit showed.
    lists_seen: Vec<ListName>,
    /// Whether the account was looked at only once before.
    pub is_second_look: bool,
    /// Whether the page shows logins that succeeded.
    has_logins: bool,
    /// Whether it shows sessions that do not tell when they began.
    has_open_beginnings: bool,
}

impl<'a> Page<'a> {
    pub(super) fn new(
        memory: &'a Memory,
        snapshot: &'a Snapshot,
        own: &'a Own,
        world: &'a World<'a>,
        now: DateTime<Utc>,
    ) -> Self {
        let lists = [(ListName::Sessions, &snapshot.sessions), (ListName::Logins, &snapshot.logins)];
        let members: Vec<Member<'a>> = lists
            .into_iter()
            .flat_map(|(list, rows)| rows.iter().map(move |(id, row)| (list, id, row)))
            .map(|(list, id, row)| Member {
                list,
                id,
                row,
                traits: Traits::within(row, world),
                remembered: memory.row(list, id),
            })
            .collect();
        let mut times: Vec<(DateTime<Utc>, usize)> =
            members.iter().enumerate().flat_map(|(i, member)| moments(member.row).map(move |at| (at, i))).collect();
        times.sort_unstable();
        let mut failures: Vec<DateTime<Utc>> =
            members.iter().filter(|member| failed(member.row)).filter_map(|member| signed_in(member.row)).collect();
        failures.sort_unstable();
        let readings = memory.readings_before(now);
        // What this visit learned of the page's own rows must not change how its next look is judged.
        let own_looks: Vec<&Remembered> =
            members.iter().filter_map(|member| member.remembered).filter(|row| is_fresh(row, readings)).collect();
        let is_own_look = |row: &Remembered| own_looks.iter().any(|look| std::ptr::eq(*look, row));
        let counting: Vec<&Remembered> = memory.rows().filter(|row| row.weight() > 0.0 && !is_own_look(row)).collect();
        let elsewhere = counting.iter().copied().filter(|row| is_fresh(row, readings)).collect();
        let remembered = memory.habits().rows(counting.iter().map(|row| &row.traits));
        let mut baseline = Tally::default();
        baseline.add_habits(memory.habits());
        counting.iter().for_each(|row| baseline.add(&row.traits, row.weight()));
        let mut systems: HashMap<&str, Vec<_>> = HashMap::new();
        let mut devices: HashSet<&str> = HashSet::new();
        for row in counting.iter().filter(|row| !is_fresh(row, readings)) {
            let Some(device) = row.traits.device.as_deref() else { continue };
            devices.insert(device);
            if let (Some(version), Some(at)) = (row.traits.system, row.at) {
                systems.entry(device).or_default().push((at, version));
            }
        }
        let mut devices_on: HashMap<String, Vec<String>> = HashMap::new();
        let mut carriers_of: HashMap<String, Vec<String>> = HashMap::new();
        for member in members.iter().filter(|member| !failed(member.row)) {
            let (Some(carrier), Some(device)) = (&member.traits.carrier, &member.traits.device) else { continue };
            if devices.contains(device.as_str()) {
                take_two(&mut devices_on, carrier, device);
            }
            take_two(&mut carriers_of, device, carrier);
        }
        let oldest = counting.iter().filter_map(|row| row.at).chain(memory.first_seen).min().unwrap_or(now);
        let settled = readings > 0 && remembered >= SETTLED_ROWS && now - oldest >= SETTLED_SPAN;
        Self {
            snapshot,
            own,
            world,
            now,
            hours: hours(&counting, memory, own, now),
            failures,
            intruders: memory.disowned().chain(&snapshot.strangers).collect(),
            stage: if settled { Stage::Settled } else { Stage::Learning },
            systems,
            devices_on,
            carriers_of,
            memory,
            readings,
            baseline,
            current: members.iter().map(|member| member.row).find(|row| row.current),
            members,
            times,
            elsewhere,
            thin: remembered < REMEMBERED,
            lists_seen: lists.map(|(list, _)| list).into_iter().filter(|list| memory.has_shown(*list, now)).collect(),
            is_second_look: memory.visits_before(now) == 1,
            has_logins: snapshot.logins.iter().any(|(_, row)| !failed(row)),
            has_open_beginnings: snapshot.sessions.iter().any(|(_, row)| signed_in(row).is_none()),
        }
    }

    /// A row's comparable facts, and what is remembered of it.
    pub(super) fn member(&self, index: usize) -> Option<(&Traits, Option<&Remembered>)> {
        self.members.get(index).map(|member| (&member.traits, member.remembered))
    }

    /// What earlier visits and the person's word tell of a row.
    fn before(&self, remembered: Option<&'a Remembered>) -> Option<&'a Remembered> {
        remembered.filter(|row| !is_fresh(row, self.readings))
    }

    /// When a row signed in.
    pub(super) fn signed_in(&self, index: usize) -> Option<DateTime<Utc>> {
        self.members.get(index).and_then(|member| signed_in(member.row))
    }

    /// The rows that earlier visits flagged, and the person has not called foreign.
    pub(super) fn flagged(&self) -> impl Iterator<Item = &Remembered> {
        let is_flagged = |row: &&Remembered| {
            let is_foreign = matches!(&row.answer, Some(answered) if answered.answer == Answer::NotMine);
            row.standing == Standing::Flagged && !is_foreign && row.first_reading <= self.readings
        };
        self.memory.rows().filter(is_flagged)
    }

    /// Where a row's place is.
    pub(super) fn area(&self, row: &Row) -> Option<Area> {
        self.world.area(row.city.as_deref(), row.country.as_deref()?)
    }

    /// The sign-ins on devices of others that the person told of.
    pub(super) fn expected(&self) -> &[Expected] {
        &self.memory.expected
    }

    /// How many attempts failed in the time before a moment.
    pub(super) fn failures_before(&self, at: DateTime<Utc>, within: TimeDelta) -> usize {
        let before = self.failures.partition_point(|other| at - *other > within);
        self.failures[before..].iter().take_while(|other| **other <= at).count()
    }

    /// The times around a moment, a few at most. By differences, since a moment of a page may be the last there is.
    fn near(&self, at: DateTime<Utc>, within: TimeDelta) -> impl Iterator<Item = &(DateTime<Utc>, usize)> {
        let first = self.times.partition_point(|(other, _)| at - *other > within);
        self.times[first..].iter().take_while(move |(other, _)| *other - at <= within).take(EVENT_ROWS)
    }

    /// Whether the page shows a login that came from a block of addresses.
    pub(super) fn signed_in_from(&self, block: &str) -> bool {
        self.members
            .iter()
            .any(|member| member.list == ListName::Logins && member.traits.block.as_deref() == Some(block))
    }
}

/// Keeps the first two different values of a key.
fn take_two(map: &mut HashMap<String, Vec<String>>, key: &str, value: &str) {
    match map.get_mut(key) {
        Some(values) if values.len() < 2 && values[0] != value => values.push(value.to_owned()),
        Some(_) => {}
        None => {
            map.insert(key.to_owned(), vec![value.to_owned()]);
        }
    }
}

/// Whether a row was learned of after so many readings, and the person has said nothing of it.
fn is_fresh(row: &Remembered, readings: u32) -> bool {
    row.first_reading > readings && row.answer.is_none()
}

fn failed(row: &Row) -> bool {
    row.outcome == Some(Outcome::Failed)
}

fn signed_in(row: &Row) -> Option<DateTime<Utc>> {
    row.signed_in_at.as_ref().map(|time| time.at)
}

/// The times that a row shows.
fn moments(row: &Row) -> impl Iterator<Item = DateTime<Utc>> {
    [&row.signed_in_at, &row.last_active_at].into_iter().flatten().map(|time| time.at)
}

/// The person's logins by hour of their own day.
fn hours(rows: &[&Remembered], memory: &Memory, own: &Own, now: DateTime<Utc>) -> [f64; 24] {
    let mut hours = [0.0; 24];
    for at in rows.iter().filter_map(|row| row.at) {
        hours[own.zone.to_local(at).hour() as usize % 24] += 1.0;
    }
    let shift = own.zone.offset_at(now).div_euclid(3600);
    for (hour, count) in memory.habits().hours() {
        let local = (i64::from(hour) + i64::from(shift)).rem_euclid(24);
        hours[usize::try_from(local).unwrap_or_default()] += f64::from(count);
    }
    hours
}
