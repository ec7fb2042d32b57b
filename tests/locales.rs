//! The words of the extension: every language has every key, with the same blanks to fill.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

/// The language that the others are measured by, as manifest.json names it.
const DEFAULT: &str = "en";

/// A message's text and the blanks that it fills, by name.
#[derive(Debug, PartialEq)]
struct Words {
    text: String,
    blanks: BTreeSet<String>,
}

type Messages = BTreeMap<String, Words>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("extension/_locales")
}

fn messages(text: &str) -> Messages {
    let entries: Map<String, Value> = serde_json::from_str(text).unwrap();
    entries
        .into_iter()
        .map(|(key, entry)| {
            let text = entry["message"].as_str().unwrap_or_else(|| panic!("{key} has no message")).to_owned();
            let blanks = blanks(&text);
            // A named blank must be declared, or the browser refuses the whole extension.
            for name in blanks.iter().filter(|name| name.parse::<u8>().is_err()) {
                assert!(entry["placeholders"][name]["content"].is_string(), "{key} does not declare ${name}$");
            }
            (key, Words { text, blanks })
        })
        .collect()
}

/// The `$1` and `$NAME$` of a message, in lower case: browsers do not tell them apart.
fn blanks(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('$') {
        rest = after;
        if let Some(literal) = after.strip_prefix('$') {
            rest = literal; // "$$" is a dollar sign
            continue;
        }
        let end = after.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_' && letter != '@');
        let (name, tail) = after.split_at(end.unwrap_or(after.len()));
        let is_number = name.starts_with(|letter: char| letter.is_ascii_digit());
        if is_number {
            found.insert(name[..1].to_owned());
        } else if let (false, Some(tail)) = (name.is_empty(), tail.strip_prefix('$')) {
            found.insert(name.to_lowercase());
            rest = tail;
        }
    }
    found
}

/// What is wrong with a language, measured by the default one.
fn faults(default: &Messages, other: &Messages) -> Vec<String> {
    let missing = default.keys().filter(|key| !other.contains_key(*key)).map(|key| format!("{key} is missing"));
    let unknown = other.keys().filter(|key| !default.contains_key(*key)).map(|key| format!("{key} is unknown"));
    let empty =
        other.iter().filter(|(_, words)| words.text.trim().is_empty()).map(|(key, _)| format!("{key} is empty"));
    let torn = other
        .iter()
        .filter(|(key, words)| default.get(*key).is_some_and(|original| original.blanks != words.blanks))
        .map(|(key, _)| format!("{key} fills other blanks"));
    missing.chain(unknown).chain(empty).chain(torn).collect()
}

fn read(language: &str) -> Messages {
    messages(&fs::read_to_string(folder().join(language).join("messages.json")).unwrap())
}

#[test]
fn every_language_has_every_message_with_the_same_blanks() {
    let default = read(DEFAULT);
    assert!(default.contains_key("extension_name"));
    let mut languages = BTreeSet::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let language = entry.unwrap().file_name().into_string().unwrap();
        assert_eq!(faults(&default, &read(&language)), [""; 0], "{language}");
        languages.insert(language);
    }
    assert!(languages.contains(DEFAULT) && languages.contains("ar"), "{languages:?}");
}

#[test]
fn the_description_fits_a_stores_limit() {
    for language in [DEFAULT, "ar"] {
        assert!(read(language)["extension_description"].text.chars().count() <= 132, "{language}");
    }
}

#[test]
fn blanks_are_told_from_dollars() {
    let found = |text| blanks(text).into_iter().collect::<Vec<_>>();
    assert_eq!(found("$1 of $2"), ["1", "2"]);
    assert_eq!(found("from $COUNTRY$, $place$"), ["country", "place"]);
    assert_eq!(found("costs $$5 and 5$"), [""; 0]);
}

#[test]
fn a_planted_fault_is_found() {
    let default = messages(r#"{"a": {"message": "x $1"}, "b": {"message": "y"}}"#);
    let other = messages(r#"{"a": {"message": "x $2"}, "c": {"message": " "}}"#);
    assert_eq!(faults(&default, &other), ["b is missing", "c is unknown", "c is empty", "a fills other blanks"]);
    assert_eq!(faults(&default, &default), [""; 0]);
}
