//! How long a page takes to read, by its shape and size: `cargo bench --bench reading [-- SHAPE…]`.
//!
//! A plain harness: what matters is that the time for a node stays the same from the smallest page to the largest, and
//! a table of figures shows that at a glance. It is no test: nothing fails by being slow.

#![allow(clippy::print_stdout, missing_docs)]

use std::time::Instant;

use chrono::DateTime;
use latchkey::page::{Capture, Page};
use latchkey::reading::{self, Hints};
use latchkey::zone::Zone;

/// Builds a page without a parser, so that only reading is measured, and no budget of nodes cuts it.
#[derive(Default)]
struct Builder {
    capture: Capture,
    open: Vec<i32>,
}

impl Builder {
    fn push(&mut self, tag: &str, text: &str) {
        let known = self.capture.tags.iter().position(|other| other == tag);
        let place = known.unwrap_or_else(|| {
            self.capture.tags.push(tag.to_owned());
            self.capture.tags.len() - 1
        });
        self.capture.parent.push(self.open.last().copied().unwrap_or(-1));
        self.capture.tag.push(place as u16);
        self.capture.index.push(0);
        self.capture.text.push(text.to_owned());
    }

    fn enter(&mut self, tag: &str) {
        self.push(tag, "");
        self.open.push(self.capture.parent.len() as i32 - 1);
    }

    fn leave(&mut self) {
        self.open.pop();
    }

    fn leaf(&mut self, tag: &str, text: &str) {
        self.enter(tag);
        self.push("#text", text);
        self.leave();
    }

    fn row(&mut self, at: usize) {
        self.enter("div");
        self.leaf("span", "Chrome 126 on Windows 10");
        self.leaf("span", &format!("203.0.{}.{}", at / 250 % 250, at % 250 + 1));
        self.leaf("span", "Lisbon, Portugal");
        self.leaf("span", &format!("2026-04-{:02} {:02}:12:05", at / 24 % 28 + 1, at % 24));
        self.leaf("button", "Log out");
        self.leave();
    }

    fn len(&self) -> usize {
        self.capture.parent.len()
    }

    fn page(mut self) -> Option<Page> {
        self.capture.version = Capture::VERSION;
        self.capture.url = "https://exchange.example/security/sessions".to_owned();
        Page::try_from(self.capture).ok()
    }
}

/// One list of all rows.
fn one_list(nodes: usize, page: &mut Builder) {
    page.leaf("h1", "Active sessions");
    page.enter("main");
    let mut at = 0;
    while page.len() < nodes {
        page.row(at);
        at += 1;
    }
    page.leave();
}

/// Many lists of three rows, each under its own heading.
fn many_lists(nodes: usize, page: &mut Builder) {
    let mut at = 0;
    while page.len() < nodes {
        page.leaf("h2", "Active sessions");
        page.enter("section");
        for _ in 0..3 {
            page.row(at);
            at += 1;
        }
        page.leave();
    }
}

/// One list at the bottom of as many wrappers as half the nodes allow.
fn deep(nodes: usize, page: &mut Builder) {
    let wrappers = nodes / 2;
    for _ in 0..wrappers {
        page.enter("div");
    }
    one_list(nodes, page);
    for _ in 0..wrappers {
        page.leave();
    }
}

/// Each level holds a row's facts, a title, a button and the next level.
fn nested(nodes: usize, page: &mut Builder) {
    let mut levels = 0;
    while page.len() < nodes {
        page.enter("div");
        page.leaf("h3", "Active sessions");
        page.row(levels);
        page.leaf("p", "Chrome 126 on Windows 10");
        page.leaf("button", "Log out all devices");
        levels += 1;
    }
    for _ in 0..levels {
        page.leave();
    }
}

/// Prices and words, and nothing to read.
fn market(nodes: usize, page: &mut Builder) {
    page.enter("table");
    while page.len() < nodes {
        page.enter("tr");
        for text in ["BTC/USDT", "64,512.10", "+1.2%", "14:12:05", "Buy"] {
            page.leaf("td", text);
        }
        page.leave();
    }
    page.leave();
}

/// Texts that are not lists, each with a fact of its own.
fn facts(nodes: usize, page: &mut Builder) {
    while page.len() < nodes {
        page.enter("div");
        page.leaf("p", "Chrome 126 on Windows 10");
        page.enter("div");
        page.leaf("p", "2 hours ago");
        page.leave();
        page.leave();
        page.leaf("h3", "Passkeys");
    }
}

/// Makes a page of about so many nodes.
type Shape = fn(usize, &mut Builder);

fn main() {
    let now = DateTime::from_timestamp(1_776_180_600, 0).unwrap_or_default();
    let zone = Zone::utc();
    println!("{:<12} {:>8} {:>10} {:>8} {:>6}", "shape", "nodes", "ms", "µs/node", "lists");
    let shapes: [(&str, Shape); 6] = [
        ("one-list", one_list),
        ("many-lists", many_lists),
        ("deep", deep),
        ("nested", nested),
        ("market", market),
        ("facts", facts),
    ];
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    for (name, shape) in shapes.into_iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|it| it == name))
    {
        for nodes in [1_000, 3_000, 10_000, 30_000, 100_000] {
            let mut builder = Builder::default();
            builder.enter("html");
            builder.enter("body");
            shape(nodes, &mut builder);
            let Some(page) = builder.page() else { continue };
            let count = page.nodes().len();
            let mut best = f64::MAX;
            let mut lists = 0;
            for _ in 0..3 {
                let start = Instant::now();
                lists = reading::read(&page, &Hints::default(), now, &zone).lists.len();
                best = best.min(start.elapsed().as_secs_f64());
            }
            println!("{name:<12} {count:>8} {:>10.1} {:>8.2} {lists:>6}", best * 1e3, best * 1e6 / count as f64);
        }
    }
}
