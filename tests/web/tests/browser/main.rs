//! The content scripts on real documents, in a real browser.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod capture;
mod doors;
mod frame;
mod known;
mod paint;
mod timing;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
