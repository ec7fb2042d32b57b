//! The packaged data in a browser: how long it takes to unpack and to ask, and how much memory it holds.
//!
//! Times differ from machine to machine: what is held to is how they compare. `wasm-pack test --headless --firefox
//! --release tests/web known -- --nocapture` prints the times of a module that is compiled for speed.

use core::arch::wasm32::memory_size;
use std::hint::black_box;
use std::net::IpAddr;

use latchkey::atlas::Atlas;
use latchkey::network::Network;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

const LOOK_UPS: u32 = 100_000;

fn now() -> f64 {
    web_sys::window().unwrap().performance().unwrap().now()
}

/// Milliseconds.
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = now();
    let done = black_box(work());
    (done, now() - start)
}

#[wasm_bindgen_test]
fn the_packaged_data_is_unpacked_once_and_asked_at_once() {
    let before = memory_size::<0>();
    let (network, unpacking) = timed(|| Network::open(include_bytes!("../../../../static/data/network.bin")).unwrap());
    let (found, unpacking_v6) = timed(|| network.look_up("2001:4860:4860::8888".parse().unwrap()));
    let (atlas, atlas_unpacking) = timed(|| Atlas::open(include_bytes!("../../../../static/data/atlas.bin")).unwrap());
    let megabytes = (memory_size::<0>() - before) as f64 * 65_536.0 / 1e6;
    // Xorshift: the same addresses in every run.
    let mut random = 88_172_645_463_325_252_u64;
    let (_, looking) = timed(|| {
        for _ in 0..LOOK_UPS {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            black_box(network.look_up(IpAddr::V4((random as u32).into())));
        }
    });
    let (_, locating) = timed(|| {
        for _ in 0..1000 {
            black_box(atlas.locate(black_box("Mountain View, California"), Some(*b"US"), None));
        }
    });
    console_log!(
        "networks unpacked in {unpacking:.0} ms, those of IPv6 in {unpacking_v6:.0} ms, places in {atlas_unpacking:.0} ms, {megabytes:.1} MB more memory; \
         {:.0} ns a look-up of an address, {locating:.1} µs of a place",
        looking * 1e6 / f64::from(LOOK_UPS)
    );
    assert!(looking < unpacking, "{LOOK_UPS} look-ups take {looking} ms, unpacking {unpacking} ms");
    assert!(locating < unpacking + atlas_unpacking, "1000 places take {locating} ms");
    assert!(megabytes <= 40.0, "{megabytes} MB");
    assert_eq!(network.look_up("8.8.8.8".parse().unwrap()).asn, Some(15169));
    assert_eq!(found.asn, Some(15169));
}
