//! Times: nothing panics, and the words read are the text's own.

#![no_main]

use latchkey::reading::time::{Context, read};
use latchkey::zone::Zone;
use libfuzzer_sys::fuzz_target;

const LANGUAGES: [Option<&str>; 8] =
    [None, Some("en"), Some("fr-CA"), Some("th"), Some("ja"), Some("ar"), Some("vi"), Some("id")];

fuzz_target!(|input: (u8, &str)| {
    let (choice, text) = input;
    let zone = Zone::fixed("Asia/Kolkata", 19_800);
    let now = "2026-11-20T15:30:00Z".parse().unwrap();
    let language = LANGUAGES[usize::from(choice) % LANGUAGES.len()];
    if let Some(time) = read(text, &Context::new(now, &zone, language)) {
        assert!(text.contains(&time.text), "{time:?}");
    }
});
