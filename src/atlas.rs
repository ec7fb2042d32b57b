//! Words for a place: the city, region and country meant, a point, and how far off it may be; and how far two places
//! are apart at least.
//!
//! A city is sought only within a country that the text names: the same name means another place elsewhere.
//!
//! ```
//! use latchkey::atlas::Atlas;
//! let atlas = Atlas::open(include_bytes!("../static/data/atlas.bin")).unwrap();
//! let lisbon = atlas.locate("Lisboa", Some(*b"PT"), None).unwrap();
//! let hong_kong = atlas.locate("香港", Some(*b"HK"), None).unwrap();
//! assert_eq!(lisbon.city.as_deref(), Some("Lisbon"));
//! assert!((10_900.0..11_100.0).contains(&lisbon.area.apart(&hong_kong.area).0));
//! ```

pub mod table;
pub mod words;

mod angle;
mod parse;

use chrono::NaiveDate;

use crate::packed::coder::Reader;
use crate::packed::texts::Texts;
use crate::packed::{Fault, Packed, Source, Subject};
use table::{City, Country, Tables};

/// The sections of the file; the first, of sources, is every file's.
pub mod section {
    /// Codes of countries, two letters each, in order.
    pub const COUNTRIES: usize = 1;
    /// Regions, cities and keys: see [`super::table`].
    pub const TABLE: usize = 2;
    /// The names of all cities, then of all regions.
    pub const NAMES: usize = 3;
    /// Traditional and simplified forms of Chinese characters, two bytes each (UTF-16), in order.
    pub const CHARACTERS: usize = 4;
    /// Letters of scripts other than Latin and what they sound like, two bytes each (UTF-16), in order: see
    /// [`super::words::sounds`].
    pub const SOUNDS: usize = 5;
}

/// Kilometres.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Kilometres(pub f64);

/// A point of the earth and how far off it may be.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Area {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// How far the place meant may be from the point.
    pub radius: Kilometres,
}

/// The mean radius of the earth (IUGG).
const EARTH: f64 = 6371.0088;

impl Area {
    /// The distance of the two points along a great circle.
    pub fn distance(&self, other: &Self) -> Kilometres {
        let (a, b) = (self.direction(), other.direction());
        // Half the chord between them is the sine of half the angle.
        let half = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>() / 4.0;
        Kilometres(2.0 * EARTH * angle::of(half.sqrt(), (1.0 - half).max(0.0).sqrt()))
    }

    /// The way to the point from the middle of the earth, of length one.
    fn direction(&self) -> [f64; 3] {
        let (north, level) = angle::sine_and_cosine(self.latitude);
        let (east, front) = angle::sine_and_cosine(self.longitude);
        [level * front, level * east, north]
    }

    /// How far the two are apart at least: the distance without both radii.
    pub fn apart(&self, other: &Self) -> Kilometres {
        Kilometres((self.distance(other).0 - self.radius.0 - other.radius.0).max(0.0))
    }
}

/// A place that is meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The city's English name, where one is meant and known.
    pub city: Option<String>,
    /// The English name of its state or province, where known.
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2 code.
    pub country: [u8; 2],
    /// Where it is: the city, or the region, or the country.
    pub area: Area,
}

/// The cities and regions of all countries, unpacked once.
#[derive(Debug)]
pub struct Atlas<'a> {
    packed: Packed<'a>,
    codes: &'a [[u8; 2]],
    tables: Tables,
    names: Texts<'a>,
    characters: Vec<(char, char)>,
    sounds: Vec<(char, char)>,
}

impl<'a> Atlas<'a> {
    /// Unpacks the atlas: about 60 ms, once, and 2 MB.
    ///
    /// # Errors
    /// A [`Fault`] when the file is not one of ours, of another version, or damaged.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Fault> {
        let packed = Packed::open(bytes, Subject::Atlas)?;
        let codes = packed.section(section::COUNTRIES)?.as_chunks().0;
        let mut reader = Reader::new(packed.section(section::TABLE)?);
        let tables = table::code(&mut reader, &Tables::default(), codes.len());
        if reader.is_spent() || tables.countries.len() != codes.len() {
            return Err(Fault::Damaged);
        }
        let names = Texts::open(packed.section(section::NAMES)?)?;
        let characters = pairs(packed.section(section::CHARACTERS)?).ok_or(Fault::Damaged)?;
        let sounds = pairs(packed.section(section::SOUNDS)?).ok_or(Fault::Damaged)?;
        Ok(Self { packed, codes, tables, names, characters, sounds })
    }

    /// The date of the data: that of its newest source.
    pub fn date(&self) -> NaiveDate {
        self.packed.date()
    }

    /// Where the data came from, with what the licences want said.
    pub fn sources(&self) -> Vec<Source<'a>> {
        self.packed.sources()
    }

    /// The place that words mean.
    ///
    /// `country` is the one that the text names, `words` is the rest of the text. `code` is the code of two or three
    /// capitals that the country was read from, or that ends a text which names none: it may be a state's ("Austin,
    /// TX"; "Mountain View, CA", which is not in Canada). Without either there is no answer.
    pub fn locate(&self, words: &str, country: Option<[u8; 2]>, code: Option<&str>) -> Option<Found> {
        let home = country.and_then(|country| Some((self.index(country)?, parse::spans(words))));
        let found = home.as_ref().and_then(|(country, spans)| parse::best(self, *country, spans, None));
        if let Some(hit) = found.as_ref().filter(|hit| hit.city.is_some() || code.is_none()) {
            return Some(self.found(hit));
        }
        if let Some(code) = code {
            let state = STATES.iter().filter(|state| Some(**state) != country).find_map(|state| {
                let state = self.index(*state)?;
                let region = self.region_of_code(state, code)?;
                parse::best(self, state, &parse::spans(words), Some(region)).filter(|hit| hit.city.is_some())
            });
            if let Some(hit) = state {
                return Some(self.found(&hit));
            }
        }
        match (found, country) {
            (Some(hit), _) => Some(self.found(&hit)),
            (None, Some(country)) => self.country(country),
            // "Phoenix, Arizona": where both agree, the country goes without saying.
            (None, None) => {
                let spans = parse::spans(words);
                STATES.iter().chain(&PROVINCES).find_map(|state| {
                    let hit = parse::best(self, self.index(*state)?, &spans, None)?;
                    (hit.city.is_some() && hit.is_confirmed).then(|| self.found(&hit))
                })
            }
        }
    }

    /// A country by itself.
    pub fn country(&self, country: [u8; 2]) -> Option<Found> {
        let index = self.index(country)?;
        let area = area(&self.tables.countries[index].cities)?;
        Some(Found { city: None, region: None, country, area })
    }

    fn found(&self, hit: &parse::Hit) -> Found {
        let country = &self.tables.countries[hit.country];
        let city = hit.city.map(|city| &country.cities[city]);
        let region = city.map(|city| usize::from(city.region)).or(hit.region);
        let members = |region: usize| country.cities.iter().filter(move |city| usize::from(city.region) == region);
        let area = match (city, hit.region) {
            (Some(city), _) => Area { radius: Kilometres(city.radius().0.max(hit.radius.0)), ..city.area() },
            (None, Some(region)) => area(members(region)).unwrap_or_default(),
            (None, None) => area(&country.cities).unwrap_or_default(),
        };
        let region = region.filter(|region| *region < country.regions);
        Found {
            city: hit.city.and_then(|city| self.names.get(country.first_city + city)),
            region: region
                .and_then(|region| self.names.get(self.tables.cities + country.first_region + region))
                .filter(|name| !name.is_empty()),
            country: self.codes[hit.country],
            area,
        }
    }

    /// Whether a text is a city's first name, by its place among all.
    fn is_first_name(&self, city: usize, text: &str) -> bool {
        let plain = |name: &str| words::fold(name, |c| c);
        self.names.get(city).is_some_and(|name| plain(&name) == plain(text))
    }

    fn index(&self, country: [u8; 2]) -> Option<usize> {
        self.codes.binary_search(&country).ok()
    }

    fn region_of_code(&self, country: usize, code: &str) -> Option<usize> {
        let country = &self.tables.countries[country];
        country.targets(words::code_key(code)).find_map(|target| target.checked_sub(country.cities.len()))
    }

    fn simplify(&self, c: char) -> char {
        if !('\u{4e00}'..='\u{9fff}').contains(&c) {
            return c;
        }
        other(&self.characters, c).unwrap_or(c)
    }

    /// The city whose name sounds like this one, in a country that speaks another script.
    fn sounds_like(&self, country: usize, name: &str) -> Option<usize> {
        let heard = words::sounds(name, |c| other(&self.sounds, self.simplify(c)))?;
        let country = &self.tables.countries[country];
        country.targets(words::key(&heard)).find(|target| *target < country.cities.len())
    }
}

/// Pairs of characters, two bytes each (UTF-16).
fn pairs(section: &[u8]) -> Option<Vec<(char, char)>> {
    let letter = |low: u8, high: u8| char::from_u32(u32::from(u16::from_le_bytes([low, high])));
    section.as_chunks().0.iter().map(|[a, b, c, d]| Some((letter(*a, *b)?, letter(*c, *d)?))).collect()
}

/// The other one of the pair that begins with a character; they are in order.
fn other(pairs: &[(char, char)], c: char) -> Option<char> {
    let place = pairs.binary_search_by_key(&c, |(one, _)| *one).ok()?;
    Some(pairs[place].1)
}

/// Countries whose states people write as codes.
const STATES: [[u8; 2]; 6] = [*b"US", *b"CA", *b"AU", *b"BR", *b"IN", *b"MX"];

/// Countries whose people name the province and leave out the country ("广东省深圳市").
const PROVINCES: [[u8; 2]; 5] = [*b"CN", *b"TW", *b"JP", *b"KR", *b"RU"];

/// The middle of cities, by the people in them, with a radius that holds nearly all of those.
fn area<'c>(cities: impl IntoIterator<Item = &'c City> + Clone) -> Option<Area> {
    let (mut x, mut y, mut z) = (0.0, 0.0, 0.0);
    let mut all = 0.0;
    for city in cities.clone() {
        let people = city.people();
        let direction = city.area().direction();
        x += direction[0] * people;
        y += direction[1] * people;
        z += direction[2] * people;
        all += people;
    }
    if all == 0.0 {
        return None;
    }
    let mut area = Area {
        latitude: angle::of(z, (x * x + y * y).sqrt()).to_degrees(),
        longitude: angle::of(y, x).to_degrees(),
        radius: Kilometres::default(),
    };
    // How many people live how far away, by tens of kilometres: no two places are farther apart than half the globe.
    let mut people = [0.0; 2048];
    for city in cities {
        let reach = (area.distance(&city.area()).0 + city.radius().0) / 10.0;
        people[(reach as usize).min(2047)] += city.people();
    }
    let mut within = 0.0;
    for (tens, people) in (1_u32..).zip(people) {
        within += people;
        if within >= 0.98 * all {
            area.radius = Kilometres(f64::from(tens) * 10.0);
            break;
        }
    }
    Some(area)
}

impl Country {
    /// What a key stands for: cities, then regions, by their index.
    fn targets(&self, key: u32) -> impl Iterator<Item = usize> {
        let start = self.keys.partition_point(|(other, _)| *other < key);
        self.keys[start..].iter().take_while(move |(other, _)| *other == key).map(|(_, target)| usize::from(*target))
    }
}
