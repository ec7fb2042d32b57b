//! `src/reading/lexicon/` as strings: each concept once a language, without the sources' column, in lower case.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

/// Languages of like words beside each other, for the sake of the packer alone; those not named come last.
const KIN: [&str; 20] = [
    "en", "de", "nl", "fr", "es", "pt", "it", "id", "vi", "tr", "pl", "uk", "ru", "ar", "hi", "th", "ja", "ko",
    "zh-CN", "zh-TW",
];

/// Writes `lexicon.rs`. What is alike stands together, and names stand once: packed with the program, that is a tenth
/// smaller than a table by language. The constants:
///
/// - `LANGUAGES: &[&str]`, the tags.
/// - `WORD_KEYS: &str`, the concepts, a line each; `WORDS: &str`, for each language, parted by `\0`, a line `word|word`
///   for each of them.
/// - `CLDR_KEYS: &str` and `CLDR: &str`, the same of the CLDR files; names of countries with the feature `countries`.
pub fn write(out: &Path) -> Result<(), Box<dyn Error>> {
    let folder = Path::new("src/reading/lexicon");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut tags = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().into_string().map_err(|_| "a name that is not Unicode")?;
        tags.extend(name.strip_suffix(".words").map(str::to_owned));
    }
    let place = |tag: &String| KIN.iter().position(|known| known == tag).unwrap_or(KIN.len());
    tags.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.cmp(b)));
    let mut words = Vec::new();
    let mut cldr = Vec::new();
    for tag in &tags {
        let file = fs::read_to_string(folder.join(format!("{tag}.words")))?;
        words.push(concepts(&file).map_err(|line| format!("{tag}.words: {line}"))?);
        let file = fs::read_to_string(folder.join(format!("{tag}.cldr")))?;
        let mut lines = keyed(&lower(&file)).map_err(|line| format!("{tag}.cldr: {line}"))?;
        lines.retain(|key, _| env::var_os("CARGO_FEATURE_COUNTRIES").is_some() || !key.starts_with("country "));
        cldr.push(lines);
    }
    let mut table = format!("const LANGUAGES: &[&str] = &{tags:?};\n");
    for (name, keys, lists) in [("WORDS", "WORD_KEYS", words), ("CLDR", "CLDR_KEYS", cldr)] {
        let all: BTreeSet<&String> = lists.iter().flat_map(BTreeMap::keys).collect();
        let all: Vec<&str> = all.into_iter().map(String::as_str).collect();
        let lines = |list: &BTreeMap<String, String>| {
            all.iter().map(|key| list.get(*key).map_or("", String::as_str)).collect::<Vec<_>>().join("\n")
        };
        let text = lists.iter().map(lines).collect::<Vec<_>>().join("\0");
        writeln!(table, "const {keys}: &str = {:?};\nconst {name}: &str = {text:?};", all.join("\n"))?;
    }
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

/// The words of a file by their concepts, each once; or the line that is none.
fn concepts(file: &str) -> Result<BTreeMap<String, String>, String> {
    let mut concepts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in file.lines() {
        let [concept, word, sources] = line.split('\t').collect::<Vec<_>>()[..] else { return Err(line.to_owned()) };
        if concept.is_empty() || word.is_empty() || sources.is_empty() || word.contains('|') {
            return Err(line.to_owned());
        }
        concepts.entry(concept.to_owned()).or_default().insert(lower(word));
    }
    let join = |words: BTreeSet<String>| words.into_iter().collect::<Vec<_>>().join("|");
    Ok(concepts.into_iter().map(|(concept, words)| (concept, join(words))).collect())
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
