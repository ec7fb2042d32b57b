//! Devices: nothing panics, and what is printed of a version is a number.

#![no_main]

use latchkey::reading::device::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let device = read(text);
    assert!((0.0..=1.0).contains(&device.share), "{device:?}");
    assert!(device.browser.is_some() || device.browser_version.is_none(), "{device:?}");
});
