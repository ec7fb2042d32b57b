//! The reader on whole pages: each page of `corpus` must yield its true reading, by the rules of its README.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use latchkey::page::Page;
use latchkey::reading::{self, Hints};
use latchkey::zone::{Transition, Zone};
use serde_json::Value;

/// Fields that the reader is known to get wrong: page and field. It must shrink.
const KNOWN_MISSES: &[(&str, &str)] = &[];

const DEVICE_FIELDS: &[&str] = &[
    "device",
    "browser",
    "browser_version",
    "os",
    "os_version",
    "app",
    "app_version",
    "model",
    "form",
    "ip",
    "isp",
    "place",
    "city",
    "country",
    "signed_in_at",
    "last_active_at",
    "outcome",
    "second_factor",
    "online",
    "current",
    "log_out",
];

fn fields(kind: &str) -> &'static [&'static str] {
    match kind {
        "api_keys" => &["label", "permissions", "ip_allowlist", "created_at", "last_used_at"],
        "api_calls" => &["key", "ip", "action", "at"],
        "withdrawal_addresses" => &["coin", "label", "address", "added_at"],
        _ => DEVICE_FIELDS,
    }
}

fn is_null(value: &Value) -> bool {
    value.is_null() || value == "" || value == "unknown" || value.as_array().is_some_and(Vec::is_empty)
}

fn normal(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(
            |c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'),
        )
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn moment(value: &Value) -> Option<DateTime<Utc>> {
    value["at"].as_str()?.parse().ok()
}

fn unit(precision: &Value) -> i64 {
    match precision.as_str() {
        Some("minute") => 60,
        Some("hour") => 3600,
        Some("day") => 86_400,
        Some("week") => 7 * 86_400,
        Some("month") => 31 * 86_400,
        Some("year") => 366 * 86_400,
        _ => 1,
    }
}

/// Whether a value is the true one.
fn same(field: &str, truth: &Value, read: &Value) -> bool {
    if is_null(truth) || is_null(read) {
        return is_null(truth) && is_null(read);
    }
    if field == "log_out" {
        return truth["path"] == read["path"];
    }
    if let (Some(want), Some(got)) = (moment(truth), moment(read)) {
        let apart = (want - got).num_seconds().abs();
        let unit = unit(&truth["precision"]);
        return if truth["zone"] == "relative" { apart <= unit } else { apart < unit };
    }
    match (truth.as_str(), read.as_str()) {
        (Some(want), Some(got)) => normal(want) == normal(got),
        _ => truth == read,
    }
}

fn zone(name: &str) -> Zone {
    use chrono::{Offset, TimeZone};
    let zone: chrono_tz::Tz = name.parse().unwrap();
    let offset = |seconds: i64| {
        let moment = DateTime::from_timestamp(seconds, 0).unwrap();
        zone.offset_from_utc_datetime(&moment.naive_utc()).fix().local_minus_utc()
    };
    let hours = (1_483_228_800..1_830_297_600).step_by(3600);
    let mut transitions = vec![Transition { from: i64::MIN, offset: offset(1_483_228_800) }];
    for from in hours {
        let now = offset(from);
        if transitions.last().unwrap().offset != now {
            transitions.push(Transition { from, offset: now });
        }
    }
    Zone::from_transitions(name, transitions)
}

/// What is wrong with the reading of a page: field and words.
fn compare(truth: &Value, read: &Value) -> Vec<(String, String)> {
    let mut wrong = Vec::new();
    let accept = truth["accept"].as_array().cloned().unwrap_or_default();
    let accepted = |list: usize, row: usize, field: &str, read: &Value| {
        accept.iter().any(|entry| {
            entry["list"] == list
                && entry["row"] == row
                && entry["field"] == field
                && entry["values"].as_array().unwrap().iter().any(|value| same(field, value, read))
        })
    };
    let truth = &truth["reading"];
    // "Current" and "others" under two headings may be one list or two: neighbours of a kind are joined.
    let join = |reading: &Value| -> Vec<(String, Vec<Value>)> {
        let mut lists: Vec<(String, Vec<Value>)> = Vec::new();
        for list in reading["lists"].as_array().unwrap() {
            let kind = list["kind"].as_str().unwrap();
            let rows = list["rows"].as_array().unwrap().clone();
            match lists.last_mut() {
                Some((last, known)) if last == kind => known.extend(rows),
                _ => lists.push((kind.to_owned(), rows)),
            }
        }
        lists
    };
    let (want, got) = (join(truth), join(read));
    let mut kinds_ok = want.len() == got.len();
    for (at, (list, read_list)) in want.iter().zip(&got).enumerate() {
        let other = accept.iter().any(|entry| {
            entry["list"] == at
                && entry["field"] == "kind"
                && entry["values"].as_array().unwrap().iter().any(|kind| *kind == read_list.0.as_str())
        });
        kinds_ok &= list.0 == read_list.0 || other;
        if list.1.len() != read_list.1.len() {
            wrong.push(("rows".to_owned(), format!("{} rows and not {}", read_list.1.len(), list.1.len())));
            continue;
        }
        for (row, (truth, read)) in list.1.iter().zip(&read_list.1).enumerate() {
            for field in fields(&list.0) {
                if !same(field, &truth[field], &read[field]) && !accepted(at, row, field, &read[field]) {
                    wrong.push(((*field).to_owned(), format!("row {row}: {} and not {}", read[field], truth[field])));
                }
            }
        }
    }
    if !kinds_ok {
        wrong.push((
            "kinds".to_owned(),
            format!("{:?}", got.iter().map(|(kind, rows)| (kind, rows.len())).collect::<Vec<_>>()),
        ));
    }
    if truth["signed_in"] != read["signed_in"] {
        wrong.push(("signed_in".to_owned(), read["signed_in"].to_string()));
    }
    if !same("log_out", &truth["log_out_all"], &read["log_out_all"]) {
        wrong.push(("log_out_all".to_owned(), read["log_out_all"].to_string()));
    }
    if !same("log_out", &truth["log_out_self"], &read["log_out_self"]) {
        wrong.push(("log_out_self".to_owned(), read["log_out_self"].to_string()));
    }
    wrong
}

#[test]
fn every_page_yields_its_true_reading() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut unknown: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut seen = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(&pages).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        count += 1;
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let truth: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let html = fs::read_to_string(path.with_extension("html")).unwrap();
        let args = &truth["args"];
        let page = Page::from_html(&html, args["url"].as_str().unwrap_or_default());
        let hints = Hints { lang: args["lang"].as_str().map(str::to_owned), ..Hints::default() };
        let now = args["now"].as_str().unwrap().parse().unwrap();
        let reading = reading::read(&page, &hints, now, &zone(args["zone"].as_str().unwrap_or("UTC")));
        for (field, words) in compare(&truth, &serde_json::to_value(&reading).unwrap()) {
            match KNOWN_MISSES.iter().find(|(page, known)| name.starts_with(page) && *known == field) {
                Some(miss) => seen.push(*miss),
                None => unknown.entry(name.clone()).or_default().push((field, words)),
            }
        }
    }
    assert!(count >= 228, "{count} pages");
    assert!(unknown.is_empty(), "{unknown:#?}");
    for miss in KNOWN_MISSES {
        assert!(seen.contains(miss), "{miss:?} is read right now: take it off the list");
    }
}
