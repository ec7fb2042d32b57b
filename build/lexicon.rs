//! `src/reading/lexicon/` as strings: each concept once a language, without the sources' column, in lower case.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Writes `lexicon.rs`, two constants:
///
/// - `LANGUAGES: &[(&str, &str, &str)]`, each language's tag, its words as lines `concept<TAB>word|word`, and its CLDR
///   lines `word|word`, one for each of
/// - `CLDR_KEYS: &str`, the keys of the CLDR files, a line each.
pub fn write(out: &Path) -> Result<(), Box<dyn Error>> {
    let folder = Path::new("src/reading/lexicon");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut tags = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().into_string().map_err(|_| "a name that is not Unicode")?;
        tags.extend(name.strip_suffix(".words").map(str::to_owned));
    }
    tags.sort();
    let mut words = Vec::new();
    let mut cldr = Vec::new();
    for tag in &tags {
        let file = fs::read_to_string(folder.join(format!("{tag}.words")))?;
        words.push(pack(&file).map_err(|line| format!("{tag}.words: {line}"))?);
        let file = fs::read_to_string(folder.join(format!("{tag}.cldr")))?;
        cldr.push(keyed(&lower(&file)).map_err(|line| format!("{tag}.cldr: {line}"))?);
    }
    let keys: BTreeSet<&String> = cldr.iter().flat_map(BTreeMap::keys).collect();
    let keys: Vec<&String> = keys.into_iter().collect();
    let mut table = String::from("const LANGUAGES: &[(&str, &str, &str)] = &[\n");
    for ((tag, words), cldr) in tags.iter().zip(words).zip(&cldr) {
        let lines: Vec<&str> = keys.iter().map(|key| cldr.get(*key).map_or("", String::as_str)).collect();
        writeln!(table, "({tag:?}, {words:?}, {:?}),", lines.join("\n"))?;
    }
    let keys: Vec<&str> = keys.into_iter().map(String::as_str).collect();
    writeln!(table, "];\nconst CLDR_KEYS: &str = {:?};", keys.join("\n"))?;
    fs::write(out.join("lexicon.rs"), table)?;
    Ok(())
}

/// The lines of a CLDR file by their keys, those of one key joined; or the line that is none.
fn keyed(file: &str) -> Result<BTreeMap<String, String>, String> {
    let mut lines: BTreeMap<String, String> = BTreeMap::new();
    for line in file.lines() {
        let (key, words) = line.split_once('\t').ok_or(line)?;
        let known = lines.entry(key.to_owned()).or_default();
        if !known.is_empty() {
            known.push('|');
        }
        known.push_str(words);
    }
    Ok(lines)
}

/// The lines of a file of words, one a concept; or the line that is none.
fn pack(file: &str) -> Result<String, String> {
    let mut concepts: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for line in file.lines() {
        let [concept, word, sources] = line.split('\t').collect::<Vec<_>>()[..] else { return Err(line.to_owned()) };
        if concept.is_empty() || word.is_empty() || sources.is_empty() || word.contains('|') {
            return Err(line.to_owned());
        }
        let words = concepts.entry(concept).or_default();
        let word = lower(word);
        if !words.contains(&word) {
            words.push(word);
        }
    }
    let lines: Vec<_> = concepts.iter().map(|(concept, words)| format!("{concept}\t{}", words.join("|"))).collect();
    Ok(lines.join("\n"))
}

/// Lower case, letter by letter; letters that have none of a single letter, and the capitals of keys, stay.
fn lower(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (key, words) = line.split_once('\t').map_or(("", line), |(key, words)| (key, words));
        if !key.is_empty() {
            out.push_str(key);
            out.push('\t');
        }
        for c in words.chars() {
            let mut small = c.to_lowercase();
            match (small.next(), small.next()) {
                (Some(small), None) => out.push(small),
                _ => out.push(c),
            }
        }
    }
    out
}
