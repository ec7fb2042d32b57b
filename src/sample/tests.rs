#![cfg(feature = "saved-pages")]

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::reading::lexicon::Lexicon;
use crate::reading::{self, Hints, List};
use crate::zone::Zone;

fn corpus() -> impl Iterator<Item = (String, Page, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    fs::read_dir(folder).unwrap().filter_map(|entry| {
        let path = entry.unwrap().path();
        let truth: Value = serde_json::from_str(&fs::read_to_string(path.with_extension("json")).ok()?).ok()?;
        let html = fs::read_to_string(path.with_extension("html")).ok().filter(|html| html.len() < 100_000)?;
        let name = path.file_stem()?.to_string_lossy().into_owned();
        path.extension().is_some_and(|ending| ending == "html").then(|| {
            let page = Page::from_html(&html, truth["args"]["url"].as_str().unwrap_or_default());
            (name, page, truth)
        })
    })
}

/// All texts of a truth, but labels and the names of kinds.
fn values(value: &Value, key: &str, found: &mut Vec<String>) {
    const NAMES: [&str; 9] =
        ["kind", "outcome", "second_factor", "form", "precision", "zone", "label", "permissions", "action"];
    match value {
        Value::String(text) if !NAMES.contains(&key) && key != "at" && key != "country" => found.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|it| values(it, key, found)),
        Value::Object(map) => map.iter().for_each(|(key, it)| values(it, key, found)),
        _ => {}
    }
}

/// Whether a text is made of words that every such page has.
fn is_vocabulary(text: &str) -> bool {
    let marked = Lexicon::get().mark(text);
    let mut covered = 0;
    for hit in &marked.hits {
        if marked.folded.text[covered..hit.range.start.max(covered)].chars().any(char::is_alphanumeric) {
            return false;
        }
        covered = covered.max(hit.range.end);
    }
    !marked.folded.text[covered..].chars().any(char::is_alphanumeric)
}

#[test]
fn no_value_of_a_page_survives() {
    for (name, page, truth) in corpus() {
        let html = of(&page).html;
        let mut found = Vec::new();
        for list in truth["reading"]["lists"].as_array().unwrap() {
            values(&list["rows"], "", &mut found);
        }
        for value in found.iter().filter(|value| value.chars().count() >= 4 && !is_vocabulary(value)) {
            assert!(!html.contains(value.as_str()), "{name}: {value} survives");
        }
    }
}

#[test]
fn a_sample_is_read_as_its_page_is() {
    let now = "2026-11-21T12:00:00Z".parse().unwrap();
    let shape = |page: &Page| {
        let reading = reading::read(page, &Hints::default(), now, &Zone::utc());
        let rows = |list: &List| match list {
            List::Sessions(rows) => ("sessions", rows.len()),
            List::Logins(rows) => ("logins", rows.len()),
            List::TrustedDevices(rows) => ("trusted devices", rows.len()),
            List::ApiKeys(rows) => ("keys", rows.len()),
            List::ApiCalls(rows) => ("calls", rows.len()),
            List::WithdrawalAddresses(rows) => ("addresses", rows.len()),
        };
        reading.lists.iter().map(rows).collect::<Vec<_>>()
    };
    let (mut differ, mut all) = (Vec::new(), 0);
    for (name, page, _) in corpus() {
        let again = Page::from_html(&of(&page).html, &page.url);
        all += 1;
        if shape(&page) != shape(&again) {
            differ.push(format!("{name}: {:?} and not {:?}", shape(&again), shape(&page)));
        }
    }
    assert!(differ.len() * 20 <= all, "{} of {all}: {differ:#?}", differ.len());
}

#[test]
fn equal_addresses_stay_equal_and_others_stay_apart() {
    let page = Page::from_html("<p>8.8.4.4</p><p>8.8.4.4</p><p>2606:4700::1111</p><p>9.9.9.9</p>", "");
    let html = of(&page).html;
    assert_eq!(html.matches("203.0.113.1<").count(), 2, "{html}");
    assert!(html.contains("2001:db8::2<") && html.contains("203.0.113.3<"), "{html}");
}

#[test]
fn markup_in_a_text_stays_text() {
    let page = Page::from_html("<p title='&quot;><img>'>&lt;script&gt;x&lt;/script&gt;</p>", "");
    let html = of(&page).html;
    assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
}

/// Values as pages print them.
fn printed() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][a-z]{3,9}( [A-Z][a-z]{3,9})?",
        "[a-z]{3,8}[0-9]{0,3}@[a-z]{3,8}\\.(com|org|io)",
        "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}",
        "0x[0-9a-f]{40}",
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}",
        "20[0-9]{2}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]",
        "\\+[0-9]{2} [0-9]{3} [0-9]{7}",
        "[А-Я][а-я]{4,9}",
        "[ก-ฮ]{5,8}",
        "[一-龠]{4,6}",
        "[0-9,]{4,9}\\.[0-9]{2} USDT",
    ]
}

proptest! {
    #[test]
    fn no_original_value_of_four_characters_survives(values in prop::collection::vec(printed(), 1..12)) {
        let rows: String = values.iter().map(|value| format!("<tr><td title='{value}'>{value}</td></tr>")).collect();
        let page = Page::from_html(&format!("<html lang=en><table>{rows}</table>"), "");
        let html = of(&page).html;
        for value in values.iter().filter(|value| !is_vocabulary(value)) {
            prop_assert!(!html.contains(value.as_str()), "{value}: {html}");
        }
    }

    #[test]
    fn any_page_has_a_sample(html in ".{0,300}") {
        let page = Page::from_html(&html, "");
        let sample = of(&page);
        prop_assert!(sample.html.len() < 40 * html.len() + 1_000);
    }
}
