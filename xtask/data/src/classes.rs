//! Which networks are of which kind: those collected by hand, those that a published list names, and those whose own
//! name says it.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use latchkey::network::Kind;
use serde::Deserialize;

use crate::ranges::{Family, Range, Table};
use crate::sources::Sources;

/// networks.toml.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Curated {
    list: Vec<List>,
    words: Words,
    #[serde(default)]
    corrections: Corrections,
}

/// A list of networks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    name: String,
    date: String,
    kind: Kind,
    /// Filled from a package: see `classify`.
    #[serde(default)]
    from: String,
    #[serde(default)]
    networks: Vec<Entry>,
}

/// A network on a list, by number or by prefix.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    asn: Option<u32>,
    prefix: Option<String>,
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "source")]
    _source: String,
}

/// Words of names.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    /// Brands: a network whose name has one is a data centre.
    brands: Vec<String>,
    /// Words that make it likely.
    likely: Vec<String>,
    /// Words beside which those say nothing.
    unless: Vec<String>,
}

/// What the rules get wrong.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Corrections {
    /// Networks that are no data centres, whatever list or word says so.
    no_hosting: Vec<Entry>,
    /// Networks whose countries DB-IP knows and IPFire does not.
    country_from_dbip: Vec<Entry>,
}

/// All that is known of kinds.
pub struct Classes {
    /// Name, date and kind of each list; the first is number one.
    pub lists: Vec<(String, String, Kind)>,
    /// The list of each operator that is on one.
    pub operators: BTreeMap<u32, u8>,
    /// Addresses of lists of their own.
    pub spans: [Table<u8>; 2],
    /// Operators whose countries DB-IP knows better.
    pub dbip: HashSet<u32>,
}

impl Classes {
    /// The kind of an operator.
    pub fn kind(&self, asn: u32) -> Kind {
        self.operators.get(&asn).map_or(Kind::default(), |list| self.lists[usize::from(*list) - 1].2)
    }
}

/// Sorts the operators. `asns` are the operators' tables, `names` their names.
pub fn classify(
    sources: &Sources,
    here: &Path,
    asns: &[Table<u32>; 2],
    names: &BTreeMap<u32, String>,
) -> Result<Classes> {
    let path = here.join("networks.toml");
    let curated: Curated = toml::from_str(&fs::read_to_string(&path)?).with_context(|| path.display().to_string())?;
    let spared: HashSet<u32> = curated.corrections.no_hosting.iter().filter_map(|entry| entry.asn).collect();
    let mut operators: BTreeMap<u32, u8> = BTreeMap::new();
    let mut spans: [Vec<(Range, u8)>; 2] = [Vec::new(), Vec::new()];
    let kinds: Vec<Kind> = curated.list.iter().map(|list| list.kind).collect();
    let mut put = |asn: u32, list: usize| {
        let is_weaker = |known: &u8| kinds[usize::from(*known) - 1] > kinds[list];
        if operators.get(&asn).is_none_or(is_weaker) {
            operators.insert(asn, list as u8 + 1);
        }
    };
    for (number, list) in curated.list.iter().enumerate() {
        for entry in &list.networks {
            if let Some(asn) = entry.asn {
                put(asn, number);
            }
            if let Some(prefix) = &entry.prefix {
                let (family, range) = Range::prefix(prefix)?;
                spans[family as usize].push((range, number as u8 + 1));
            }
        }
        let found: Vec<u32> = match list.from.as_str() {
            "misp" => covered(sources, asns)?,
            "brands" => by_name(names, &curated.words.brands, &[]),
            "words" => by_name(names, &curated.words.likely, &curated.words.unless),
            _ => Vec::new(),
        };
        for asn in found.into_iter().filter(|asn| !spared.contains(asn)) {
            put(asn, number);
        }
    }
    let spans = spans.map(Table::from_ranges);
    let lists = curated.list.into_iter().map(|list| (list.name, list.date, list.kind)).collect();
    let dbip = curated.corrections.country_from_dbip.iter().filter_map(|entry| entry.asn).collect();
    Ok(Classes { lists, operators, spans, dbip })
}

/// Operators at least half of whose IPv4 addresses are on the warning list of VPNs and data centres.
fn covered(sources: &Sources, asns: &[Table<u32>; 2]) -> Result<Vec<u32>> {
    let listed = Table::from_ranges(warning_list(sources, "vpn-ipv4")?.into_iter().map(|(_, range)| (range, true)));
    let both = asns[0].with(&listed, |asn, on| (asn, on));
    let mut sizes: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
    for (range, (asn, on)) in both.runs(Family::V4) {
        let size = range.last - range.first + 1;
        let (all, listed) = sizes.entry(asn).or_default();
        *all += size;
        *listed += if on { size } else { 0 };
    }
    Ok(sizes.into_iter().filter(|(asn, (all, listed))| *asn != 0 && listed * 2 >= *all).map(|(asn, _)| asn).collect())
}

/// The prefixes of a MISP warning list.
pub fn warning_list(sources: &Sources, name: &str) -> Result<Vec<(Family, Range)>> {
    let text = sources.text("misp", &format!("lists/{name}/list.json"))?;
    let json: serde_json::Value = serde_json::from_str(&text)?;
    let list = json["list"].as_array().context("no list")?;
    Ok(list.iter().filter_map(|prefix| Range::prefix(prefix.as_str()?).ok()).collect())
}

/// Operators whose name has one of these words, and none of those. A word that ends in `*` is the beginning of one; one
/// of several words stands in the name as it is.
fn by_name(names: &BTreeMap<u32, String>, words: &[String], unless: &[String]) -> Vec<u32> {
    let has = |name: &str, words: &[String]| {
        words.iter().any(|word| match (word.strip_prefix('*'), word.strip_suffix('*')) {
            (Some(part), _) => name.contains(part.trim_end_matches('*')),
            (None, Some(start)) => name.contains(&format!(" {start}")),
            (None, None) => name.contains(&format!(" {word} ")),
        })
    };
    names
        .iter()
        .filter(|(_, name)| {
            let plain: String =
                name.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
            let plain = format!(" {} ", plain.split_whitespace().collect::<Vec<_>>().join(" "));
            has(&plain, words) && !has(&plain, unless)
        })
        .map(|(asn, _)| *asn)
        .collect()
}
