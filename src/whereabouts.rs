//! Where on earth the words of a page mean, and how near to there a network lets a person be known.
//!
//! ```
//! use latchkey::atlas::Atlas;
//! use latchkey::whereabouts;
//! let atlas = Atlas::open(include_bytes!("../static/data/atlas.bin")).unwrap();
//! let found = whereabouts::read(&atlas, "Mountain View, CA", 0).unwrap();
//! assert_eq!((found.city.as_deref(), found.country), (Some("Mountain View"), *b"US"));
//! ```

use std::ops::Range;

use crate::atlas::{Area, Atlas, Found, Kilometres};
use crate::explain::{Arg, Message};
use crate::network::Kind;
use crate::reading::lexicon::{Languages, Lexicon, Marked, Sense};
use crate::reading::place;
use crate::session::Row;
use crate::world::World;

/// A place that is meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Whereabouts {
    /// The city's English name where the atlas knows it, else as printed.
    pub city: Option<String>,
    /// The English name of its state or province, where known.
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2 code.
    pub country: [u8; 2],
    /// Where it is; `None` where the atlas does not know the country.
    pub area: Option<Area>,
}

/// The place that a text means; `None` where it names no country.
///
/// `languages` are those of the page: their names of countries go first where two languages give one name to two.
pub fn read(atlas: &Atlas<'_>, text: &str, languages: Languages) -> Option<Whereabouts> {
    // "US-CA": a region by its international code.
    if let Some((country, region)) = text.trim().split_once('-')
        && let (Ok(country), true) = (country.as_bytes().try_into(), is_code(country) && is_code(region))
        && let Some(found) = atlas.locate(region, Some(country), None)
    {
        return Some(found.into());
    }
    let marked = Lexicon::get().mark(text);
    if place::is_nothing(&marked) && place::flag(text).is_none() {
        return None;
    }
    let read = place::read(text, &marked, languages);
    let named = place::country(text, &marked, languages).or_else(|| within(&marked));
    let country = read.country.or(named.as_ref().map(|(_, code)| *code));
    // What is left without the country's name, in the order in which it is printed.
    let (words, code) = match named {
        Some((range, _)) => {
            let before = marked.folded.verbatim(text, 0..range.start);
            let after = marked.folded.verbatim(text, range.end..marked.folded.text.len());
            let printed = marked.folded.verbatim(text, range);
            // "Atlanta, Georgia".
            ([before, ", ", after].concat(), Some(if country == Some(*b"GE") { "GA" } else { printed }))
        }
        None => (text.to_owned(), text.trim().rsplit([' ', ',']).next()),
    };
    let is_city = |found: &Found| found.city.is_some();
    let found = atlas.locate(&words, country, code.filter(|code| is_code(code)));
    let found = match found {
        // "Cerca de Madrid, España": without the words that the reader knows to be none of the name.
        Some(found) if !is_city(&found) => {
            let parts = [read.city.as_deref(), read.region.as_deref()].into_iter().flatten().collect::<Vec<_>>();
            Some(atlas.locate(&parts.join(", "), country, None).filter(is_city).unwrap_or(found))
        }
        // "Bogotá CO", "CN Shenzhen": what nothing parts from a city is a country's code where the city is there.
        None if country.is_none() => {
            let ends = [text.trim().rsplit_once(' ').map(|(city, code)| (code, city)), text.trim().split_once(' ')];
            ends.into_iter()
                .flatten()
                .find_map(|(code, city)| atlas.locate(city, Some(place::of_code(code)?), None).filter(is_city))
        }
        found => found,
    };
    match found {
        Some(found) => Some(found.into()),
        None => country.map(|country| Whereabouts { city: read.city, region: None, country, area: None }),
    }
}

/// A country's name that signs part from what stands before and after it: "Berlin, Germany (approximate)".
fn within(marked: &Marked) -> Option<(Range<usize>, [u8; 2])> {
    let text = marked.folded.text.as_str();
    let is_parted = |c: Option<char>| c.is_some_and(|c| ",;()|/·•>".contains(c));
    marked.hits.iter().find_map(|hit| {
        let range = hit.range.clone();
        let parted = is_parted(text[..range.start].trim_end().chars().next_back())
            && is_parted(text[range.end..].trim_start().chars().next());
        let sense = Lexicon::get().meanings(hit).iter().find_map(|it| match it.sense {
            Sense::Country(code) => Some(code),
            _ => None,
        });
        Some((range, sense.filter(|_| parted && hit.range.len() > 3)?))
    })
}

/// Whether a text is two or three capitals.
fn is_code(text: &str) -> bool {
    (2..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

impl From<Found> for Whereabouts {
    fn from(found: Found) -> Self {
        Self { city: found.city, region: found.region, country: found.country, area: Some(found.area) }
    }
}

/// How far from a printed place the person may be whose network is of this kind; `None` where the place is not the
/// person's at all.
///
/// Half of the places printed for fixed lines are within 3 to 16 km, half of those for mobile networks only within 179
/// to 207 km: a carrier's addresses are spread over its whole country.
pub fn reach(kind: Kind) -> Option<Kilometres> {
    match kind {
        Kind::FixedOrUnknown => Some(Kilometres(50.0)),
        Kind::Mobile => Some(Kilometres(200.0)),
        _ => None,
    }
}

/// What the packaged data says of a row, in words.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Origin {
    /// How near to the printed place the person is, or why the place says nothing of it.
    pub near: Option<Message>,
    /// Who runs the network, its country, its kind; as far as known.
    pub network: Vec<Message>,
}

/// Where a row comes from.
pub fn origin(row: &Row, world: &World<'_>) -> Origin {
    let Some(answer) = row.ip.as_deref().and_then(|ip| world.origin(ip)) else { return Origin::default() };
    let kind = Message { key: ["kind_", answer.kind.name()].concat().into(), args: Vec::new() };
    let mut network = Vec::new();
    if let Some(operator) = answer.asn.and_then(|asn| world.network?.operator(asn)) {
        network.push(Message::new("network_operator").with_text(operator));
    }
    if let Some(code) = answer.country {
        let code = code.iter().map(|letter| char::from(*letter)).collect();
        network.push(Message::new("network_country").with(Arg::Country(code)));
    }
    network.push(kind.clone());
    let within = || {
        let found = read(world.atlas?, row.place.as_deref()?, 0)?;
        let area = found.area.filter(|_| found.city.is_some())?;
        // No more digits than are known.
        Some((reach(answer.kind)?.0.max(area.radius.0) / 10.0) as u64 * 10)
    };
    let near = match answer.kind {
        Kind::FixedOrUnknown => within().map(|within| Message::new("near").with(Arg::Count(within))),
        Kind::Mobile => within().map(|within| Message::new("near_mobile").with(Arg::Count(within))),
        Kind::Private | Kind::Reserved => None,
        _ => Some(kind),
    };
    Origin { near, network }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Network;

    fn told(ip: &str, place: &str) -> Origin {
        let network = Network::open(include_bytes!("../static/data/network.bin")).unwrap();
        let atlas = Atlas::open(include_bytes!("../static/data/atlas.bin")).unwrap();
        let row = Row { ip: Some(ip.into()), place: Some(place.into()), ..Row::default() };
        origin(&row, &World { network: Some(&network), atlas: Some(&atlas) })
    }

    #[test]
    fn how_near_a_place_is_depends_on_the_network() {
        let fixed = told("81.84.17.203", "Lisbon, Portugal");
        assert_eq!(fixed.near, Some(Message::new("near").with(Arg::Count(50))));
        let mobile = told("172.58.1.1", "Chicago, IL, US");
        assert_eq!(mobile.near, Some(Message::new("near_mobile").with(Arg::Count(200))));
        let operator = Message::new("network_operator").with_text("T-Mobile USA");
        let country = Message::new("network_country").with(Arg::Country("US".into()));
        assert_eq!(mobile.network, [operator, country, Message::new("kind_mobile")]);
    }

    #[test]
    fn of_a_relay_and_a_vpn_it_is_said_what_they_are_and_no_distance() {
        assert_eq!(told("104.28.30.1", "Lisbon, Portugal").near, Some(Message::new("kind_relay")));
        assert_eq!(told("193.138.218.1", "Malmö, Sweden").near, Some(Message::new("kind_vpn")));
    }

    #[test]
    fn a_country_by_itself_has_no_distance() {
        assert_eq!(told("81.84.17.203", "Portugal").near, None);
    }

    #[test]
    fn one_name_of_several_places_is_known_less_nearly() {
        let near = told("24.0.0.1", "Springfield, United States").near.unwrap();
        assert!(matches!(near.args[..], [Arg::Count(1000..)]), "{near:?}");
    }

    #[test]
    fn what_is_not_loaded_says_nothing() {
        let row = Row { ip: Some("8.8.8.8".into()), ..Row::default() };
        assert_eq!(origin(&row, &World::default()), Origin::default());
    }
}
