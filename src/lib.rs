//! Latchkey's judgement: reads a page that lists sessions, tells which of them are not the person's, and says why.
//!
//! Nothing here touches a browser, a clock, a file or a network: time, zone and chance are arguments, so that all of
//! it can be tested, fuzzed and benched natively. The browser around it lives in `extension/`, the shell in
//! `src/bin/latchkey.rs`.
//!
//! Modules stand in the order in which they may lean on each other: each only on those above it (`tests/walls.rs`
//! keeps that, and rustfmt.toml leaves the order alone).

pub mod json;
pub mod order;
pub mod map;
pub mod characters;
pub mod zone;
pub mod tab;
pub mod session;
pub mod packed;
pub mod network;
pub mod atlas;
pub mod world;
pub mod page;
pub mod exchange;
pub mod explain;
pub mod reading;
pub mod whereabouts;
pub mod sample;
pub mod memory;
pub mod risk;
pub mod leave;
pub mod state;
pub mod view;
pub mod protocol;
pub mod update;
