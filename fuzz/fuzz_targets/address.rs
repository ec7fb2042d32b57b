//! Addresses: nothing panics, and what is found is found again in its own form.

#![no_main]

use latchkey::reading::address::{canonical, find};
use latchkey::reading::text::fold;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for found in find(&fold(text)) {
        if !found.masked {
            assert_eq!(canonical(&found.text).as_ref(), Some(&found.text));
        }
    }
});
