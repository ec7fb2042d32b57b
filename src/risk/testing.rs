//! A person to try the signals on: a computer and a phone in Lisbon, used for eight weeks.

use std::sync::OnceLock;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};

use super::{Judged, Own, Snapshot, assess};
use crate::memory::{Answer, ListName, Memory, RowId};
use crate::network::Network;
use crate::session::{Form, Outcome, Row, Time};
use crate::world::World;

/// When the page is read.
pub(super) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 1, 12, 0, 0).unwrap()
}

pub(super) fn hours_ago(hours: i64) -> Option<Time> {
    Some(Time {
        at: now() - TimeDelta::hours(hours),
        precision: Default::default(),
        text: String::new(),
        zone: Default::default(),
    })
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A login by the person's computer, three hours ago.
pub(super) fn own_login() -> Row {
    Row {
        device: some("Chrome 144 (Windows)"),
        browser: some("Chrome"),
        browser_version: some("144"),
        os: some("Windows"),
        form: Form::Desktop,
        ip: some("203.0.113.9"),
        isp: some("Home Telecom"),
        country: some("PT"),
        city: some("Lisbon"),
        signed_in_at: hours_ago(3),
        outcome: Some(Outcome::Success),
        ..Row::default()
    }
}

/// A login by somebody else: nothing of it was ever seen.
pub(super) fn foreign_login() -> Row {
    Row {
        device: some("Firefox 150 (Linux)"),
        browser: some("Firefox"),
        browser_version: some("150"),
        os: some("Linux"),
        ip: some("192.0.2.200"),
        isp: some("Elsewhere Hosting"),
        country: some("NG"),
        city: some("Lagos"),
        ..own_login()
    }
}

/// An address of a fixed line in Portugal, another of the same carrier, and one of another carrier.
pub(super) const HOME: &str = "85.240.1.1";
pub(super) const HOME_ELSEWHERE: &str = "2001:8a0:1::1";
pub(super) const ANOTHER_LINE: &str = "84.90.1.2";
/// An address in Iceland.
pub(super) const ABROAD: &str = "93.95.227.41";
/// Addresses of data centres, and one of Tor.
pub(super) const DATA_CENTRE: &str = "8.8.8.8";
pub(super) const ANOTHER_DATA_CENTRE: &str = "104.16.1.1";
pub(super) const TOR: &str = "185.220.101.1";

/// The packaged data.
pub(super) fn world() -> &'static World<'static> {
    static NETWORK: OnceLock<Network<'static>> = OnceLock::new();
    static WORLD: OnceLock<World<'static>> = OnceLock::new();
    WORLD.get_or_init(|| {
        let open = || Network::open(include_bytes!("../../static/data/network.bin")).unwrap();
        World { network: Some(NETWORK.get_or_init(open)), ..World::default() }
    })
}

/// The person's phone, where and when a row of their computer was.
pub(super) fn phone_of(row: Row) -> Row {
    Row {
        device: some("Pixel 9"),
        model: some("Pixel 9"),
        browser: None,
        browser_version: None,
        os: some("Android"),
        form: Form::Phone,
        app: some("Exchange"),
        ..row
    }
}

/// What is remembered of the person when their logins came from these addresses in turn.
pub(super) fn memory_in(world: &World<'_>, addresses: &[&str]) -> Memory {
    let logins = (1..28).map(|n: usize| {
        let row =
            Row { ip: some(addresses[n % addresses.len()]), signed_in_at: hours_ago(48 * n as i64), ..own_login() };
        (RowId(format!("known {n}")), if n.is_multiple_of(3) { phone_of(row) } else { row })
    });
    learned(world, logins.collect())
}

fn learned(world: &World<'_>, logins: Vec<(RowId, Row)>) -> Memory {
    let mut memory = Memory::default();
    let snapshot = Snapshot { logins, ..Snapshot::default() };
    let before = now() - TimeDelta::days(20);
    let assessment = assess(&memory, &snapshot, &Own::default(), world, before);
    memory.learn(&snapshot, &assessment, world, before);
    memory
}

/// What is remembered of the person: a login every other day, at noon.
pub(super) fn memory() -> Memory {
    let logins = (1..28).map(|n| {
        let phone = n % 3 == 0;
        let mut row = Row { signed_in_at: hours_ago(48 * n), ..own_login() };
        if phone {
            row = Row { ip: some("198.51.100.77"), isp: some("Mobile Telecom"), ..phone_of(row) };
        }
        (RowId(format!("known {n}")), row)
    });
    learned(&World::default(), logins.collect())
}

/// A page with these logins beside what is remembered; each row judged.
pub(super) fn judged(memory: &Memory, logins: Vec<Row>) -> Vec<Judged> {
    judged_in(&World::default(), memory, logins)
}

/// The same, with what is known of the world.
pub(super) fn judged_in(world: &World<'_>, memory: &Memory, logins: Vec<Row>) -> Vec<Judged> {
    let logins = logins.into_iter().enumerate().map(|(i, row)| (RowId(format!("new {i}")), row)).collect();
    assess(memory, &Snapshot { logins, ..Snapshot::default() }, &Own::default(), world, now()).rows
}

/// What a signal says of a new login of the person's account; zero where it is silent.
pub(super) fn said(signal: &str, row: Row) -> f64 {
    nats(&judged(&memory(), vec![row])[0], signal)
}

/// What a signal said of a row; zero where it was silent.
pub(super) fn nats(judged: &Judged, signal: &str) -> f64 {
    judged.evidence.iter().find(|piece| piece.signal == signal).map_or(0.0, |piece| piece.nats)
}

/// The memory after a page with one row, which the person answered.
pub(super) fn answered(row: Row, answer: Answer) -> Memory {
    let mut memory = memory();
    let id = RowId("new 0".into());
    let snapshot = Snapshot { logins: vec![(id.clone(), row)], ..Snapshot::default() };
    let assessment = assess(&memory, &snapshot, &Own::default(), &World::default(), now());
    memory.learn(&snapshot, &assessment, &World::default(), now());
    assert!(memory.answer(ListName::Logins, &id, Some(answer)));
    memory
}
