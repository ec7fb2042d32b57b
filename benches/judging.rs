//! How long one new row takes to be judged after a hundred thousand logins, and how large the memory of them is.
//!
//! `cargo bench --bench judging`

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use latchkey::memory::{Memory, RowId};
use latchkey::network::Network;
use latchkey::risk::{Own, Snapshot, assess};
use latchkey::session::{Form, Outcome, Row, Time};
use latchkey::world::World;

const LOGINS: usize = 100_000;
const PAGE: usize = 200;

fn main() {
    let network = Network::open(include_bytes!("../static/data/network.bin")).unwrap();
    let world = World { network: Some(&network), ..World::default() };
    let mut memory = Memory::default();
    let start = DateTime::from_timestamp(1_600_000_000, 0).unwrap();
    for page in 0..LOGINS / PAGE {
        let rows = (page * PAGE..(page + 1) * PAGE).map(|n| login(n, start)).collect();
        let snapshot = Snapshot { logins: rows, ..Snapshot::default() };
        let now = start + TimeDelta::minutes(((page + 1) * PAGE * 15) as i64);
        let assessment = assess(&memory, &snapshot, &Own::default(), &world, now);
        memory.learn(&snapshot, &assessment, &world, now);
        if [0, 9, LOGINS / PAGE - 1].contains(&page) {
            report(&memory, (page + 1) * PAGE, start, &world);
        }
    }
}

fn report(memory: &Memory, logins: usize, start: DateTime<Utc>, world: &World<'_>) {
    let snapshot = Snapshot { logins: vec![login(LOGINS + 1, start)], ..Snapshot::default() };
    let now = start + TimeDelta::minutes((LOGINS * 15) as i64);
    let mut times: Vec<f64> = (0..200)
        .map(|_| {
            let before = Instant::now();
            black_box(assess(memory, black_box(&snapshot), &Own::default(), world, now));
            before.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let size = serde_json::to_vec(memory).unwrap().len();
    println!(
        "after {logins} logins: {:.3} ms a new row (median), {:.3} ms (95 of 100), {size} bytes remembered",
        times[100] * 1e3,
        times[190] * 1e3,
    );
}

/// A login every quarter of an hour, from many networks, devices and towns.
fn login(n: usize, start: DateTime<Utc>) -> (RowId, Row) {
    let text = |text: String| Some(text);
    let row = Row {
        device: text(format!("Chrome {} on Windows", 100 + n / 1000)),
        browser: text("Chrome".into()),
        browser_version: text(format!("{}", 100 + n / 1000)),
        os: text("Windows".into()),
        form: Form::Desktop,
        model: n.is_multiple_of(3).then(|| format!("Model {}", n % 97)),
        ip: text(format!("{}.{}.{}.{}", 11 + n % 80, n % 251, n / 7 % 251, n % 253)),
        isp: text(format!("Operator {}", n % 89)),
        city: text(format!("Town {}", n % 1009)),
        country: text(["PT", "ES", "FR", "DE"][n % 4].into()),
        outcome: Some(Outcome::Success),
        signed_in_at: Some(Time {
            at: start + TimeDelta::minutes((n * 15) as i64),
            precision: Default::default(),
            text: String::new(),
            zone: Default::default(),
        }),
        ..Row::default()
    };
    (RowId(n.to_string()), row)
}
