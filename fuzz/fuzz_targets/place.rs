//! Places: nothing panics, and a country is one.

#![no_main]

use latchkey::reading::lexicon::Lexicon;
use latchkey::reading::place::{is_country, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let place = read(text, &Lexicon::get().mark(text), 0);
    assert!(place.country.is_none_or(is_country), "{place:?}");
});
