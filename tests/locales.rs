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

/// The forms that a language has for a number of things, by CLDR's plural rules for whole numbers.
fn plurals(language: &str) -> &'static [&'static str] {
    match language {
        "ar" => &["zero", "one", "two", "few", "many", "other"],
        "en" => &["one", "other"],
        unknown => panic!("the plural forms of {unknown} are not listed"),
    }
}

/// A message of many forms goes by its key without the form: `($key, form)`; one of a single form has none.
fn family(messages: &Messages, key: &str) -> (String, Option<String>) {
    match key.rsplit_once('_') {
        Some((stem, form))
            if ["zero", "one", "two", "few", "many", "other"].contains(&form)
                && messages.contains_key(&format!("{stem}_other")) =>
        {
            (stem.to_owned(), Some(form.to_owned()))
        }
        _ => (key.to_owned(), None),
    }
}

fn families(messages: &Messages) -> BTreeMap<String, BTreeSet<String>> {
    let mut families = BTreeMap::<String, BTreeSet<String>>::new();
    for key in messages.keys() {
        let (stem, form) = family(messages, key);
        families.entry(stem).or_default().extend(form);
    }
    families
}

/// What is wrong with a language, measured by the default one.
fn faults(default: &Messages, language: &str, other: &Messages) -> Vec<String> {
    let (wanted, found) = (families(default), families(other));
    let mut faults = Vec::new();
    faults.extend(wanted.keys().filter(|key| !found.contains_key(*key)).map(|key| format!("{key} is missing")));
    faults.extend(found.keys().filter(|key| !wanted.contains_key(*key)).map(|key| format!("{key} is unknown")));
    for (key, forms) in &found {
        let needed = plurals(language).iter().filter(|_| !forms.is_empty());
        faults.extend(needed.filter(|form| !forms.contains(**form)).map(|form| format!("{key} has no form {form}")));
    }
    for (key, words) in other {
        if words.text.trim().is_empty() {
            faults.push(format!("{key} is empty"));
        }
        let (stem, form) = family(other, key);
        let original = form.as_ref().map_or(stem.clone(), |_| format!("{stem}_other"));
        let Some(original) = default.get(&original) else { continue };
        // A form for one or two things may say them without the number.
        let is_torn = match form.as_deref() {
            Some("zero" | "one" | "two") => !words.blanks.is_subset(&original.blanks),
            _ => words.blanks != original.blanks,
        };
        if is_torn {
            faults.push(format!("{key} fills other blanks"));
        }
    }
    faults
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
        assert_eq!(faults(&default, &language, &read(&language)), [""; 0], "{language}");
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
    let found = ["b is missing", "c is unknown", "a fills other blanks", "c is empty"];
    assert_eq!(faults(&default, "en", &other), found);
    assert_eq!(faults(&default, "en", &default), [""; 0]);
}

#[test]
fn every_plural_form_of_a_language_is_there() {
    let default = messages(r#"{"n_one": {"message": "$1 thing"}, "n_other": {"message": "$1 things"}}"#);
    let other = messages(
        r#"{"n_zero": {"message": "-"}, "n_one": {"message": "-"}, "n_two": {"message": "$2"},
            "n_few": {"message": "$1"}, "n_other": {"message": "$1"}}"#,
    );
    assert_eq!(faults(&default, "ar", &other), ["n has no form many", "n_two fills other blanks"]);
    assert_eq!(faults(&default, "en", &default), [""; 0]);
}
