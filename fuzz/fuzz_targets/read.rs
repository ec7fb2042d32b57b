//! Whole pages: nothing panics and nothing hangs.

#![no_main]

use latchkey::page::Page;
use latchkey::reading::{Hints, read};
use latchkey::zone::Zone;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|html: &str| {
    let page = Page::from_html(html, "https://exchange.example/security");
    let now = "2026-11-20T15:30:00Z".parse().unwrap();
    let _ = read(&page, &Hints::default(), now, &Zone::utc());
});
