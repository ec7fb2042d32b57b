//! How long the packaged data takes to open and to ask, and how much memory it holds.
//!
//! `cargo bench --bench known`; `node benches/geoip-lite.mjs` puts the npm package geoip-lite beside it.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::net::IpAddr;
use std::time::Instant;

use latchkey::atlas::Atlas;
use latchkey::network::Network;

fn main() {
    let network_file = include_bytes!("../static/data/network.bin");
    let atlas_file = include_bytes!("../static/data/atlas.bin");
    let before = resident();
    let (network, opening) = timed(|| Network::open(network_file).unwrap());
    let held = resident() - before;
    println!(
        "network: {} bytes, opened in {:.0} ms, {held:.1} MB more resident (without IPv6)",
        network_file.len(),
        opening * 1e3
    );
    let (_, opening) = timed(|| network.look_up(IpAddr::V6((0x2000_u128 << 112).into())));
    println!("network: IPv6 opened in {:.0} ms", opening * 1e3);
    let v4 = per_look_up(&network, |random| IpAddr::V4((random as u32).into()));
    let v6 = per_look_up(&network, |random| {
        IpAddr::V6((u128::from(0x2000 | random >> 51) << 112 | u128::from(random)).into())
    });
    println!("network: {v4:.0} ns an IPv4 look-up, {v6:.0} ns an IPv6 look-up");
    let (_, names) =
        timed(|| (1..200_000).filter_map(|asn| network.operator(asn)).map(|name| name.len()).sum::<usize>());
    println!("network: {:.0} ns an operator's name", names * 1e9 / 200_000.0);

    let before = resident();
    let (atlas, opening) = timed(|| Atlas::open(atlas_file).unwrap());
    let held = resident() - before;
    println!("atlas: {} bytes, opened in {:.0} ms, {held:.1} MB more resident", atlas_file.len(), opening * 1e3);
    for (words, country) in [("Lisboa", b"PT"), ("Mountain View, California", b"US"), ("广东省广州市", b"CN")] {
        let (_, time) = timed(|| {
            for _ in 0..1000 {
                black_box(atlas.locate(black_box(words), Some(*country), None));
            }
        });
        println!("atlas: {:.1} µs for {words}", time * 1e3);
    }
}

/// Nanoseconds.
fn per_look_up(network: &Network<'_>, address: impl Fn(u64) -> IpAddr) -> f64 {
    const COUNT: u32 = 1_000_000;
    // Xorshift: the same addresses in every run.
    let mut random = 88_172_645_463_325_252_u64;
    let (_, time) = timed(|| {
        for _ in 0..COUNT {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            black_box(network.look_up(address(random)));
        }
    });
    time * 1e9 / f64::from(COUNT)
}

/// Seconds.
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let done = black_box(work());
    (done, start.elapsed().as_secs_f64())
}

/// Resident megabytes of this process, where the system tells; 0 where it does not.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or(0.0) / 1000.0
}
