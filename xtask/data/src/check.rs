//! How right the packaged data is, measured against lists that say what is true.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;

use anyhow::{Result, ensure};
use latchkey::atlas::{Area, Atlas};
use latchkey::network::{Kind, Network};

use crate::atlas::{self, Exemplar, Exemplars, LANGUAGES, Namesakes};
use crate::classes::warning_list;
use crate::ranges::{Family, Range};
use crate::sources::Sources;

/// Lists of prefixes with the country that all of a list lies in, if any. The last two are content networks, whose
/// machines stand in the networks of access providers as well: they are measured, and promised nothing.
const LISTS: [(&str, Option<&[u8; 2]>); 10] = [
    ("amazon-aws", None),
    ("google-gcp", None),
    ("microsoft-azure", None),
    ("microsoft-azure-china", Some(b"CN")),
    ("microsoft-azure-us-gov", Some(b"US")),
    ("cloudflare", None),
    ("fastly", None),
    ("ovh-cluster", None),
    ("akamai", None),
    ("stackpath", None),
];
const PROMISED: usize = 8;

/// Measures and prints; an error when a figure is below what is promised.
pub fn check(sources: &Sources, here: &Path, data: &Path) -> Result<()> {
    let bytes = std::fs::read(data.join("network.bin"))?;
    let network = Network::open(&bytes)?;
    clouds(sources, &network)?;
    let shipped = std::fs::read(data.join("atlas.bin"))?;
    let exemplars = atlas::exemplars(sources, &Namesakes::of(sources)?)?;
    let shipped = cities(&exemplars, &shipped, "as shipped")?;
    let held_out = atlas::build(sources, here, Exemplars::HeldOut)?;
    let held_out = cities(&exemplars, &held_out, "without CLDR's names")?;
    for share in [shipped, held_out] {
        ensure!(share >= 0.95, "CLDR's cities: {:.1} %", share * 100.0);
    }
    Ok(())
}

fn clouds(sources: &Sources, network: &Network<'_>) -> Result<()> {
    println!(
        "{:<24} {:>8} {:>10} {:>22} {:>10}",
        "published prefixes", "count", "hosting", "announced, by operator", "country"
    );
    let mut sum = Share::default();
    let (mut by_operator, mut placed) = (Share::default(), Share::default());
    for (number, (list, country)) in LISTS.into_iter().enumerate() {
        let prefixes = warning_list(sources, list)?;
        let (mut hosting, mut operator, mut there) = (Share::default(), Share::default(), Share::default());
        for prefix in prefixes {
            let answer = network.look_up(inside(prefix));
            hosting.count(is_hosting(answer.kind));
            if let Some(asn) = answer.asn {
                operator.count(is_hosting(network.operator_kind(asn)));
            }
            if let Some(country) = country {
                there.count(answer.country == Some(*country));
            }
        }
        println!("{list:<24} {:>8} {hosting:>10} {operator:>22} {there:>10}", hosting.all);
        if number < PROMISED {
            sum.add(&hosting);
            by_operator.add(&operator);
            placed.add(&there);
        }
    }
    println!("{:<24} {:>8} {sum:>10} {by_operator:>22} {placed:>10}", "the first eight", sum.all);
    ensure!(sum.part() >= 0.96 && by_operator.part() >= 0.96 && placed.part() >= 0.95, "below what is promised");
    Ok(())
}

/// How many of how many.
#[derive(Default)]
struct Share {
    all: usize,
    right: usize,
}

impl Share {
    fn count(&mut self, is_right: bool) {
        self.all += 1;
        self.right += usize::from(is_right);
    }

    fn add(&mut self, other: &Self) {
        self.all += other.all;
        self.right += other.right;
    }

    fn part(&self) -> f64 {
        self.right as f64 / self.all.max(1) as f64
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&if self.all == 0 { String::new() } else { format!("{:.1} %", self.part() * 100.0) })
    }
}

fn is_hosting(kind: Kind) -> bool {
    matches!(kind, Kind::Hosting | Kind::HostingProbable | Kind::Vpn | Kind::Relay | Kind::Tor)
}

/// An address within a prefix: the second, or the only one.
fn inside((family, range): (Family, Range)) -> IpAddr {
    let number = (range.first + 1).min(range.last);
    match family {
        Family::V4 => Ipv4Addr::from(number as u32).into(),
        Family::V6 => Ipv6Addr::from(u128::from(number) << 64 | 1).into(),
    }
}

/// The share of CLDR's cities that are found within their country, within 50 km.
fn cities(exemplars: &[Exemplar], bytes: &[u8], what: &str) -> Result<f64> {
    let atlas = Atlas::open(bytes)?;
    let mut counts: BTreeMap<&str, Share> = BTreeMap::new();
    let mut total = Share::default();
    for exemplar in exemplars {
        let Ok(country) = exemplar.place.countrycode.as_bytes().try_into() else { continue };
        let (latitude, longitude) = exemplar.place.point();
        let there = Area { latitude, longitude, ..Area::default() };
        for (language, name) in &exemplar.names {
            let found = atlas.locate(name, Some(country), None).filter(|found| found.city.is_some());
            let is_right = found.is_some_and(|found| found.area.distance(&there).0 <= 50.0);
            let language = LANGUAGES.iter().find(|it| *it == language).copied().unwrap_or_default();
            counts.entry(language).or_default().count(is_right);
            total.count(is_right);
        }
    }
    let each: Vec<String> = counts.iter().map(|(language, share)| format!("{language} {share}")).collect();
    println!("CLDR's cities, {what}: {} names, {total} ({})", total.all, each.join(", "));
    Ok(total.part())
}
