//! static/data/network.bin: all addresses, with country, operator and kind of network.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use latchkey::network::trie::{self, Homes, Runs, Values};
use latchkey::network::{Kind, Network, Span, code_spans};
use latchkey::packed::coder::Writer;
use latchkey::packed::{self, Subject};

use crate::classes::{self, Classes};
use crate::names;
use crate::ranges::{self, Family, Range, Table};
use crate::sources::{Source, Sources};

/// A country's code; zeros for none.
pub type Country = [u8; 2];

/// Codes in use that name no country of ISO 3166-1, or none that still is.
const NO_COUNTRY: [&[u8; 2]; 12] = [b"EU", b"AP", b"UK", b"AN", b"CS", b"A1", b"A2", b"A3", b"O1", b"XX", b"ZZ", b"T1"];

/// Operators with fewer IPv4 addresses are named only where they are on a list: together they have 0.3 % of all.
const NAMED: u64 = 512;

/// All that the tables say, before it is packed.
pub struct Merged {
    /// The operator of each address.
    pub asns: [Table<u32>; 2],
    /// The country of each address.
    pub countries: [Table<Country>; 2],
    /// The operators' names, as published.
    pub names: BTreeMap<u32, String>,
    /// The kinds.
    pub classes: Classes,
}

/// Builds the file and reads it back.
pub fn build(sources: &Sources, here: &Path, own: Option<&Path>) -> Result<Vec<u8>> {
    let merged = merge(sources, here, own)?;
    let bytes = encode(&merged, sources)?;
    verify(&bytes, &merged)?;
    Ok(bytes)
}

/// Reads and merges the tables.
pub fn merge(sources: &Sources, here: &Path, own: Option<&Path>) -> Result<Merged> {
    let (asns, names) = operators(sources, own)?;
    let classes = classes::classify(sources, here, &asns, &names)?;
    let ipfire = ipfire();
    let dbip = dbip(sources)?;
    let homes = homes(&asns, &ipfire);
    let mut countries = [Table::default(), Table::default()];
    for family in Family::ALL {
        let index = family as usize;
        let both = ipfire[index].with(&dbip[index], |ipfire, dbip| (ipfire, dbip));
        // Of data centres, IPFire often knows only where the company is at home; DB-IP asks where the machines are.
        countries[index] = both.with(&asns[index], |(ipfire, dbip), asn| {
            let is_hosting = matches!(classes.kind(asn), Kind::Hosting | Kind::HostingProbable | Kind::Vpn);
            let at_home = homes.get(&asn) == Some(&ipfire);
            let better = classes.dbip.contains(&asn) || family == Family::V4 && is_hosting && at_home;
            if dbip != Country::default() && (better || ipfire == Country::default()) { dbip } else { ipfire }
        });
    }
    Ok(Merged { asns, countries, names, classes })
}

/// Tables of operators by number, and their names.
type Operators = ([Table<u32>; 2], BTreeMap<u32, String>);

/// The operators' tables and names. Where a number has several names, the one of most rows.
fn operators(sources: &Sources, own: Option<&Path>) -> Result<Operators> {
    let texts = match own {
        Some(path) => vec![fs::read_to_string(path).with_context(|| path.display().to_string())?],
        None => ["asn-ipv4.csv", "asn-ipv6.csv"]
            .iter()
            .map(|name| sources.text("asn", &format!("package/{name}")))
            .collect::<Result<_>>()?,
    };
    let mut ranges: [Vec<(Range, u32)>; 2] = [Vec::new(), Vec::new()];
    let mut names: BTreeMap<u32, BTreeMap<String, usize>> = BTreeMap::new();
    for text in texts {
        ranges::csv(&text, |family, range, cells| {
            let asn: u32 = cells[0].trim_start_matches("AS").parse().context(cells[0].to_owned())?;
            // Private and reserved numbers name nobody (RFC 6996, 7300).
            if matches!(asn, 0 | 23456 | 64496..=131071 | 4_200_000_000..) {
                return Ok(());
            }
            ranges[family as usize].push((range, asn));
            if let Some(name) = cells.get(1).filter(|name| !name.is_empty()) {
                *names.entry(asn).or_default().entry(name.replace("\"\"", "\"")).or_default() += 1;
            }
            Ok(())
        })?;
    }
    let most = |names: BTreeMap<String, usize>| names.into_iter().max_by_key(|(_, rows)| *rows).map(|(name, _)| name);
    let names = names.into_iter().filter_map(|(asn, names)| Some((asn, most(names)?))).collect();
    Ok((ranges.map(Table::from_ranges), names))
}

fn ipfire() -> [Table<Country>; 2] {
    let code = |code: Option<std::num::NonZeroU16>| country(code.map_or([0, 0], |code| code.get().to_le_bytes()));
    let v4 = tor_geoip_db::ipv4s().iter().zip(tor_geoip_db::ipv4c());
    let v6 = tor_geoip_db::ipv6s().iter().zip(tor_geoip_db::ipv6c());
    [
        Table::from_starts(v4.map(|(start, country)| (u64::from(*start), code(*country)))),
        Table::from_starts(v6.map(|(start, country)| {
            let half = (start >> 64) as u64;
            (half.saturating_add(u64::from(*start as u64 != 0)), code(*country))
        })),
    ]
}

fn dbip(sources: &Sources) -> Result<[Table<Country>; 2]> {
    let mut ranges: [Vec<(Range, Country)>; 2] = [Vec::new(), Vec::new()];
    for name in ["ipv4", "ipv6"] {
        let text = sources.text("dbip", &format!("dbip-country-{name}.csv"))?;
        ranges::csv(&text, |family, range, cells| {
            let code = cells[0].as_bytes().try_into().context(cells[0].to_owned())?;
            ranges[family as usize].push((range, country(code)));
            Ok(())
        })?;
    }
    Ok(ranges.map(Table::from_ranges))
}

/// A code as it is kept: none where it names no country.
fn country(code: Country) -> Country {
    let is_one = code.iter().all(u8::is_ascii_uppercase) && !NO_COUNTRY.contains(&&code);
    if is_one { code } else { Country::default() }
}

/// Where most of an operator's addresses are: of IPv4, where it has any.
fn homes(asns: &[Table<u32>; 2], countries: &[Table<Country>; 2]) -> BTreeMap<u32, Country> {
    let mut homes = BTreeMap::new();
    for family in Family::ALL.into_iter().rev() {
        let index = family as usize;
        let mut sizes: BTreeMap<u32, BTreeMap<Country, u64>> = BTreeMap::new();
        for (range, (asn, country)) in asns[index].with(&countries[index], |a, c| (a, c)).runs(family) {
            if asn != 0 && country != Country::default() {
                let size = sizes.entry(asn).or_default().entry(country).or_default();
                *size = size.saturating_add(range.last - range.first + 1);
            }
        }
        for (asn, sizes) in sizes {
            homes.extend(sizes.into_iter().max_by_key(|(_, size)| *size).map(|(country, _)| (asn, country)));
        }
    }
    homes
}

/// How many IPv4 addresses each operator has.
fn sizes(asns: &Table<u32>) -> BTreeMap<u32, u64> {
    let mut sizes = BTreeMap::new();
    for (range, asn) in asns.runs(Family::V4) {
        *sizes.entry(asn).or_default() += range.last - range.first + 1;
    }
    sizes
}

fn encode(merged: &Merged, sources: &Sources) -> Result<Vec<u8>> {
    let Merged { asns, countries, classes, .. } = merged;
    let homes = homes(asns, countries);
    let mut codes: Vec<Country> = countries.iter().flat_map(|table| table.starts().iter().map(|it| it.1)).collect();
    codes.sort_unstable();
    codes.dedup();
    ensure!(codes.first() == Some(&Country::default()) && codes.len() <= 256, "{} countries", codes.len());
    let mut numbers: Vec<u32> = asns.iter().flat_map(|table| table.starts().iter().map(|it| it.1)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    ensure!(numbers.first() == Some(&0), "every address has an operator");
    let code = |country: &Country| codes.binary_search(country).unwrap_or(0);
    let home: Vec<u8> = numbers.iter().map(|asn| homes.get(asn).map_or(0, |home| code(home) as u8)).collect();

    let join = |asn: u32, country: Country| trie::value(numbers.binary_search(&asn).unwrap_or(0), code(&country));
    let tables = Family::ALL.map(|family| asns[family as usize].with(&countries[family as usize], join));

    let mut writer = Writer::default();
    trie::code_operators(&mut writer, numbers.len(), |index| {
        let list = classes.operators.get(&numbers[index]).copied().unwrap_or(0);
        (numbers[index], home[index], list)
    });
    let counted = |counts: &[usize], mut writer: Writer, family: Family| -> Result<Vec<u8>> {
        let mut runs = Written { starts: tables[family as usize].starts(), at: 0, family };
        trie::code(&mut writer, &mut Values::new(Homes::new(home.clone())), family.width(), &mut runs);
        let mut section = Vec::new();
        for count in counts.iter().chain([&runs.starts.len()]) {
            section.extend(u32::try_from(*count)?.to_le_bytes());
        }
        section.extend(writer.finish());
        Ok(section)
    };
    let table = counted(&[numbers.len()], writer, Family::V4)?;
    let table_v6 = counted(&[], Writer::default(), Family::V6)?;

    let mut writer = Writer::default();
    for family in Family::ALL {
        let runs = classes.spans[family as usize].runs(family).filter(|(_, list)| *list != 0);
        let spans: Vec<Span> = runs.map(|(range, list)| Span { first: range.first, last: range.last, list }).collect();
        code_spans(&mut writer, &spans);
    }
    let spans = writer.finish();

    let lists: Vec<String> =
        classes.lists.iter().map(|(name, date, kind)| format!("{name}\t{date}\t{}\n", kind.name())).collect();
    let codes: Vec<u8> = codes.iter().flat_map(|code| if code[0] == 0 { *b"  " } else { *code }).collect();
    let sizes = sizes(&asns[0]);
    let is_named = |asn: &u32| classes.operators.contains_key(asn) || sizes.get(asn).is_some_and(|size| *size >= NAMED);
    let name = |asn: &u32| merged.names.get(asn).filter(|_| is_named(asn)).map(|name| names::shorten(name));
    let short: Vec<String> = numbers.iter().map(|asn| name(asn).unwrap_or_default()).collect();
    let names = names::pack(&short);
    let sections = [about(sources, "network"), lists.concat().into_bytes(), codes, table, spans, names, table_v6];
    for (name, section) in
        ["sources", "lists", "countries", "table", "spans", "names", "table v6"].iter().zip(&sections)
    {
        println!("  {name:<10} {:>9}", section.len());
    }
    Ok(packed::pack(Subject::Network, date(sources.of("network"))?, &sections))
}

/// The section that says where data came from.
pub fn about(sources: &Sources, subject: &str) -> Vec<u8> {
    let line = |it: &Source| {
        format!("{}\t{}\t{}\t{}\t{}\t{}\n", it.name, it.version, it.date, it.licence, it.attribution, it.link)
    };
    sources.of(subject).map(line).collect::<String>().into_bytes()
}

/// The newest date of some sources.
pub fn date<'a>(sources: impl Iterator<Item = &'a Source>) -> Result<chrono::NaiveDate> {
    sources.filter_map(|source| source.date.parse().ok()).max().context("no source has a date")
}

/// The runs of a table, as the writer asks for them: in order.
struct Written<'a> {
    starts: &'a [(u64, u32)],
    at: usize,
    family: Family,
}

impl Written<'_> {
    fn move_to(&mut self, prefix: u64) {
        while self.starts.get(self.at + 1).is_some_and(|next| next.0 <= prefix) {
            self.at += 1;
        }
    }
}

impl Runs for Written<'_> {
    fn is_one(&mut self, prefix: u64, length: u32) -> bool {
        self.move_to(prefix);
        let last = prefix | self.family.last().checked_shr(length).unwrap_or(0);
        self.starts.get(self.at + 1).is_none_or(|next| next.0 > last)
    }

    fn value(&mut self, prefix: u64) -> u32 {
        self.move_to(prefix);
        self.starts[self.at].1
    }

    fn take(&mut self, _: u64, _: u32) -> bool {
        true
    }
}

/// Reads the file back and compares it with what was to be written, at the ends of all runs.
fn verify(bytes: &[u8], merged: &Merged) -> Result<()> {
    let start = std::time::Instant::now();
    let network = Network::open(bytes)?;
    println!("  opened in {} ms", start.elapsed().as_millis());
    for family in Family::ALL {
        let index = family as usize;
        let both = merged.asns[index].with(&merged.countries[index], |asn, country| (asn, country));
        for (range, (asn, country)) in both.runs(family) {
            for number in [range.first, range.last] {
                let address = match family {
                    Family::V4 => std::net::Ipv4Addr::from(number as u32).into(),
                    Family::V6 => std::net::Ipv6Addr::from(u128::from(number) << 64).into(),
                };
                let answer = network.look_up(address);
                let said = (answer.asn.unwrap_or(0), answer.country.unwrap_or_default());
                let is_set_apart = matches!(answer.kind, Kind::Private | Kind::Reserved);
                // An IPv6 address that carries an IPv4 one is answered as that.
                let carries = family == Family::V6 && (number >> 48 == 0x2002 || number >> 32 == 0x64_ff9b);
                ensure!(
                    is_set_apart || carries || said == (asn, country),
                    "{address}: {said:?}, not {asn} {country:?}"
                );
            }
        }
    }
    Ok(())
}
