//! static/data/atlas.bin: cities, regions and what they are called.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use latchkey::atlas::table::{self, City, Country, Tables};
use latchkey::atlas::words;
use latchkey::packed::coder::Writer;
use latchkey::packed::{self, Subject};
use serde::Deserialize;
use serde_json::Value;

use crate::names;
use crate::network::{about, date};
use crate::sounds::{PEOPLE, Sounds};
use crate::sources::Sources;

/// The languages whose names of cities are measured, and taken from CLDR.
pub const LANGUAGES: [&str; 20] = [
    "en", "zh", "zh-Hant", "es", "pt", "fr", "de", "it", "ru", "ja", "ko", "tr", "vi", "th", "ar", "hi", "id", "pl",
    "uk", "nl",
];

/// What becomes of CLDR's cities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exemplars {
    /// Their names are keys like others.
    Taken,
    /// They are kept apart, to measure with.
    HeldOut,
}

/// places.toml.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Curated {
    english: BTreeMap<String, BTreeMap<String, String>>,
    also: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    never: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// A city of GeoNames.
#[derive(Debug, Clone, Deserialize)]
pub struct Place {
    geonameid: u64,
    name: String,
    latitude: f64,
    longitude: f64,
    /// ISO 3166-1 alpha-2 code.
    pub countrycode: String,
    population: u64,
    timezone: String,
    admin1code: String,
    alternatenames: Vec<String>,
}

/// A region: its English name, its code where people write one, all its names.
#[derive(Default)]
struct Region {
    name: String,
    code: Option<String>,
    names: Vec<String>,
}

/// A city of CLDR, and its names by language.
pub struct Exemplar {
    /// The city.
    pub place: Place,
    /// Language and name.
    pub names: Vec<(String, String)>,
}

impl Place {
    /// Degrees north and east.
    pub fn point(&self) -> (f64, f64) {
        (self.latitude, self.longitude)
    }
}

/// Builds the file.
pub fn build(sources: &Sources, here: &Path, exemplars: Exemplars) -> Result<Vec<u8>> {
    let path = here.join("places.toml");
    let curated: Curated = toml::from_str(&fs::read_to_string(&path)?).with_context(|| path.display().to_string())?;
    let mut places = places(sources, "cities15000")?;
    let mut regions = regions(sources)?;
    drop_misnumbered(&mut regions, &places);
    let characters = characters(sources)?;
    let simplify = |c: char| characters.get(&c).copied().unwrap_or(c);

    let mut also = collected(here, &places)?;
    // "नई दिल्ली" is New Delhi, though GeoNames gives the name to Delhi too.
    let mut theirs: BTreeMap<(String, String), u64> = BTreeMap::new();
    for (id, names) in &also {
        let keys = names.iter().map(|name| (places[id].countrycode.clone(), words::fold(name, simplify)));
        theirs.extend(keys.map(|key| (key, places[id].population)));
    }
    let namesakes = Namesakes::of(sources)?;
    let mut sounds = Sounds::of(here)?;
    for [zone, names] in lines(here, "zones.tsv")?.into_iter().chain(lines(here, "zones-evolution.tsv")?) {
        if let Some(place) = namesakes.of_zone(&zone, None) {
            places.entry(place.geonameid).or_insert_with(|| place.clone());
            also.entry(place.geonameid).or_default().extend(parted(&names));
        }
    }
    for exemplar in self::exemplars(sources, &namesakes)? {
        places.entry(exemplar.place.geonameid).or_insert_with(|| exemplar.place.clone());
        if exemplars == Exemplars::Taken {
            let names = exemplar.names.into_iter().map(|(_, name)| name);
            also.entry(exemplar.place.geonameid).or_default().extend(names);
        }
    }

    let mut codes: Vec<[u8; 2]> = Vec::new();
    let (mut city_names, mut region_names) = (Vec::new(), Vec::new());
    let mut tables = Tables::default();
    let mut by_country: BTreeMap<&str, Vec<&Place>> = BTreeMap::new();
    for place in places.values() {
        by_country.entry(&place.countrycode).or_default().push(place);
    }
    for (code, mut places) in by_country {
        codes.push(code.as_bytes().try_into().with_context(|| code.to_owned())?);
        let none = BTreeMap::new();
        let known: &BTreeMap<String, Region> = regions.get(code).unwrap_or(&none);
        let used: BTreeSet<&str> =
            places.iter().map(|place| place.admin1code.as_str()).filter(|admin| known.contains_key(*admin)).collect();
        let used: Vec<&str> = used.into_iter().collect();
        let region = |place: &Place| used.binary_search(&place.admin1code.as_str()).unwrap_or(used.len());
        ensure!(used.len() < 255, "{code} has {} regions", used.len());
        let hundredths = |degrees: f64| (degrees * 100.0).round() as i16;
        places.sort_by_key(|place| (region(place), hundredths(place.latitude), place.geonameid));

        let mut keys: BTreeSet<(u32, u16)> = BTreeSet::new();
        let mut cities = Vec::new();
        let (mut heard, mut first) = (Vec::new(), BTreeMap::new());
        for (index, place) in places.iter().enumerate() {
            cities.push(City {
                north: hundredths(place.latitude),
                east: hundredths(place.longitude),
                region: region(place) as u8,
                size: place.population.max(1).ilog2() as u8,
            });
            let english = curated.english.get(code).and_then(|names| names.get(&place.name));
            let never = curated.never.get(code).and_then(|names| names.get(&place.name));
            let more = curated.also.get(code).and_then(|names| names.get(&place.name)).into_iter().flatten();
            let more = more.chain(also.get(&place.geonameid).into_iter().flatten()).chain(english);
            let names: Vec<&str> = usable(place).into_iter().chain(more.map(String::as_str)).collect();
            let short: Vec<String> = names.iter().filter_map(|name| shortened(name)).collect();
            for name in names.into_iter().chain(short.iter().map(String::as_str)) {
                let folded = words::fold(name, simplify);
                let owner = theirs.get(&(code.to_owned(), folded.clone()));
                let is_anothers = owner.is_some_and(|people| *people < place.population);
                let is_never = never.is_some_and(|never| never.iter().any(|it| it == name));
                if !folded.is_empty() && !is_anothers && !is_never {
                    keys.insert((words::key(&folded), index as u16));
                    if place.population >= PEOPLE || also.contains_key(&place.geonameid) {
                        let simple: String = name.chars().map(simplify).collect();
                        sounds.add(&simple, code);
                        heard.push((simple, index as u16));
                    }
                }
            }
            if place.population >= PEOPLE {
                first.insert(index as u16, (place.name.clone(), place.population));
            }
            city_names.push(english.unwrap_or(&place.name).clone());
        }
        for (index, admin) in used.iter().enumerate() {
            let target = (cities.len() + index) as u16;
            let region = &known[*admin];
            for name in &region.names {
                // A region may be called by its name alone, too.
                let lower = name.to_lowercase();
                for name in [Some(lower.as_str()), words::bare(&lower)].into_iter().flatten() {
                    keys.insert((words::key(&words::fold(name, simplify)), target));
                }
            }
            if let Some(code) = &region.code {
                keys.insert((words::code_key(code), target));
            }
            region_names.push(region.name.clone());
        }
        keys.extend(sounds.keys(code, &heard, &first));
        let keys = keys.into_iter().collect();
        tables.countries.push(Country { cities, regions: used.len(), keys, first_city: 0, first_region: 0 });
    }

    let mut writer = Writer::default();
    let written = table::code(&mut writer, &tables, codes.len());
    println!(
        "  {} countries, {} cities, {} regions, {} keys",
        codes.len(),
        written.cities,
        region_names.len(),
        tables.countries.iter().map(|country| country.keys.len()).sum::<usize>()
    );
    let names = names::pack(&[city_names, region_names].concat());
    let (characters, sounds) = (pairs(&characters), pairs(&sounds.letters));
    let sections = [about(sources, "atlas"), codes.concat(), writer.finish(), names, characters, sounds];
    for (name, section) in ["sources", "countries", "table", "names", "characters", "sounds"].iter().zip(&sections) {
        println!("  {name:<10} {:>9}", section.len());
    }
    Ok(packed::pack(Subject::Atlas, date(sources.of("atlas"))?, &sections))
}

/// Pairs of characters, two bytes each.
fn pairs(table: &BTreeMap<char, char>) -> Vec<u8> {
    let word = |letter: char| (letter as u32 as u16).to_le_bytes();
    table.iter().flat_map(|(one, other)| [word(*one), word(*other)].concat()).collect()
}

fn places(sources: &Sources, set: &str) -> Result<BTreeMap<u64, Place>> {
    let text = sources.text("geonames", &format!("data/{set}.json"))?;
    let places: HashMap<String, Place> = serde_json::from_str(&text)?;
    Ok(places.into_values().map(|place| (place.geonameid, place)).collect())
}

/// The names collected by hand, by their city: names.tsv.
fn collected(here: &Path, places: &BTreeMap<u64, Place>) -> Result<BTreeMap<u64, Vec<String>>> {
    let mut largest: HashMap<(&str, &str), &Place> = HashMap::new();
    for place in places.values() {
        let known = largest.entry((&place.countrycode, &place.name)).or_insert(place);
        if place.population > known.population {
            *known = place;
        }
    }
    let mut names = BTreeMap::new();
    for [country, city, own] in lines(here, "names.tsv")? {
        let place = largest.get(&(&*country, &*city)).with_context(|| format!("no {city} in {country}"))?;
        names.insert(place.geonameid, parted(&own));
    }
    Ok(names)
}

/// The lines of a table in this folder.
pub fn lines<const N: usize>(here: &Path, table: &str) -> Result<Vec<[String; N]>> {
    let path = here.join(table);
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let line = |line: &str| {
        let fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
        fields.try_into().map_err(|_| anyhow!("{table}: {line}"))
    };
    text.lines().filter(|line| !line.starts_with('#')).map(line).collect()
}

/// Names as the tables here write them.
fn parted(names: &str) -> Vec<String> {
    names.split('|').map(str::to_owned).collect()
}

/// The names of a place that people may write: not the transliterations and codes among GeoNames' alternates, nor names
/// in scripts of none of the languages.
fn usable(place: &Place) -> Vec<&str> {
    let alternates = place.alternatenames.iter().map(String::as_str).filter(|name| {
        let Some(first) = name.chars().find(|c| c.is_alphabetic()) else { return false };
        // What begins small is a machine's transliteration.
        let is_latin = first.is_ascii() || matches!(first, 'À'..='ɏ' | 'Ḁ'..='ỿ');
        let is_code = name.len() <= 4 && name.bytes().all(|byte| byte.is_ascii_uppercase());
        let is_known = is_latin || SCRIPTS.iter().any(|range| range.contains(&first));
        !(is_code || is_latin && first.is_lowercase()) && is_known && name.chars().count() < 50
    });
    std::iter::once(place.name.as_str()).chain(alternates).collect()
}

/// A name with the word that it begins with written as people shorten it: "Mt. Vernon", "Ft. Worth".
fn shortened(name: &str) -> Option<String> {
    const WORDS: [(&str, &str); 5] =
        [("Mount ", "Mt "), ("Fort ", "Ft "), ("Saint ", "St "), ("St. ", "Saint "), ("Sainte ", "Ste ")];
    WORDS.iter().find_map(|(long, short)| Some([short, name.strip_prefix(long)?].concat()))
}

/// Greek, Cyrillic, Hebrew, Arabic, Devanagari, Thai, kana, Chinese, Korean.
const SCRIPTS: [std::ops::RangeInclusive<char>; 9] = [
    '\u{370}'..='\u{3ff}',
    '\u{400}'..='\u{52f}',
    '\u{590}'..='\u{5ff}',
    '\u{600}'..='\u{6ff}',
    '\u{900}'..='\u{97f}',
    '\u{e00}'..='\u{e7f}',
    '\u{3040}'..='\u{30ff}',
    '\u{4e00}'..='\u{9fff}',
    '\u{ac00}'..='\u{d7a3}',
];

/// Countries whose regions the table itself names as English does.
const PLAINLY_NAMED: [&str; 7] = ["AU", "BR", "CA", "MX", "NG", "RU", "US"];

/// The regions of each country, by GeoNames' code.
fn regions(sources: &Sources) -> Result<BTreeMap<String, BTreeMap<String, Region>>> {
    let all: Value = serde_json::from_str(&sources.text("regions", "data/iso3166-2.json")?)?;
    let translations: Value = serde_json::from_str(&sources.text("regions", "data/names_geonames.json")?)?;
    let mut regions: BTreeMap<String, BTreeMap<String, Region>> = BTreeMap::new();
    for (country, entry) in all.as_object().context("no countries")? {
        for region in entry["regions"].as_array().into_iter().flatten() {
            let Some(admin) = region["admin"].as_str() else { continue };
            let translated = &translations[region["reference"]["geonames"].to_string()];
            let mut names: Vec<String> = translated
                .as_object()
                .into_iter()
                .flatten()
                .filter_map(|(_, name)| Some(name.as_str()?.to_owned()))
                .collect();
            let first = region["names"]["geonames"].as_str().or(region["name"].as_str()).unwrap_or_default().to_owned();
            // GeoNames' English names of these are their nicknames as often as not.
            let plain = region["name"].as_str().filter(|_| PLAINLY_NAMED.contains(&country.as_str()));
            let english = plain.or(translated["en"].as_str()).unwrap_or(&first);
            let name = tidy(english.split(", ").next().unwrap_or(english)).to_owned();
            names.extend(plain.map(str::to_owned));
            names.push(first);
            let code = region["iso"].as_str().filter(|code| code.bytes().all(|byte| byte.is_ascii_uppercase()));
            let region = Region { name, code: code.map(str::to_owned), names };
            regions.entry(country.clone()).or_default().insert(admin.to_owned(), region);
        }
    }
    Ok(regions)
}

/// A region's name without the word for what it is.
fn tidy(name: &str) -> &str {
    const BEFORE: [&str; 5] = ["Free State of ", "State of ", "Province of ", "Region of ", "Emirate of "];
    const AFTER: [&str; 10] = [
        " Province",
        " Prefecture",
        " Municipality",
        " Governorate",
        " Region",
        " State",
        " Department",
        " County",
        " Voivodeship",
        "-si",
    ];
    let name = BEFORE.iter().find_map(|word| name.strip_prefix(word)).unwrap_or(name);
    AFTER.iter().find_map(|word| name.strip_suffix(word)).unwrap_or(name)
}

/// Leaves out the regions of countries where the two tables number them differently: there, cities that bear a region's
/// name lie in another as often as in it.
fn drop_misnumbered(regions: &mut BTreeMap<String, BTreeMap<String, Region>>, places: &BTreeMap<u64, Place>) {
    let mut largest: HashMap<(&str, String), &Place> = HashMap::new();
    for place in places.values() {
        let known = largest.entry((&place.countrycode, plain(&place.name))).or_insert(place);
        if place.population > known.population {
            *known = place;
        }
    }
    regions.retain(|country, regions| {
        let namesakes = regions.iter().filter_map(|(admin, region)| {
            let place = largest.get(&(country.as_str(), plain(&region.name)))?;
            Some(place.admin1code == *admin)
        });
        let (right, wrong): (Vec<bool>, Vec<bool>) = namesakes.partition(|is_right| *is_right);
        // A few namesakes among many regions tell nothing: Delaware is also a town in Ohio.
        right.len() >= wrong.len() || (right.len() + wrong.len()) * 4 < regions.len()
    });
}

/// Traditional characters with their simplified form, within 16 bits.
fn characters(sources: &Sources) -> Result<BTreeMap<char, char>> {
    let text = sources.text("opencc", "dictionary/TSCharacters.txt")?;
    let single =
        |text: &str| Some(text.chars().next()?).filter(|c| text.chars().count() == 1 && (*c as u32) < 0x1_0000);
    let line = |line: &str| {
        let (traditional, simplified) = line.split_once('\t')?;
        Some((single(traditional)?, single(simplified.split(' ').next()?.trim())?))
    };
    Ok(text.lines().filter_map(line).filter(|(one, _)| ('\u{4e00}'..='\u{9fff}').contains(one)).collect())
}

/// All places of GeoNames by each of their names, folded.
pub struct Namesakes(HashMap<String, Vec<Place>>);

impl Namesakes {
    /// Reads them.
    pub fn of(sources: &Sources) -> Result<Self> {
        let mut by_name: HashMap<String, Vec<Place>> = HashMap::new();
        for place in places(sources, "cities500")?.into_values() {
            let mut folded: Vec<String> = usable(&place).into_iter().map(plain).collect();
            folded.sort_unstable();
            folded.dedup();
            for name in folded {
                by_name.entry(name).or_default().push(place.clone());
            }
        }
        Ok(Self(by_name))
    }

    /// The city that a time zone is named after: the largest in that zone with the zone's name, or with the English one.
    /// Some zones are named after an island or a country, in which no city bears the name.
    fn of_zone(&self, zone: &str, english: Option<&str>) -> Option<&Place> {
        let in_zone =
            |name: &str| self.0.get(&plain(name)).into_iter().flatten().filter(|place| place.timezone == zone);
        let names = [zone.rsplit('/').next(), english].into_iter().flatten();
        names.flat_map(in_zone).max_by_key(|place| (place.population, place.geonameid))
    }
}

fn plain(name: &str) -> String {
    words::fold(name, |c| c)
}

/// CLDR's cities: each stands for a time zone. Found among all of GeoNames' by its English name, in that zone.
pub fn exemplars(sources: &Sources, namesakes: &Namesakes) -> Result<Vec<Exemplar>> {
    let mut names: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for language in LANGUAGES {
        let text = sources.text("cldr-dates", &format!("main/{language}/timeZoneNames.json"))?;
        let json: Value = serde_json::from_str(&text)?;
        walk(&json["main"][language]["dates"]["timeZoneNames"]["zone"], "", &mut |zone, name| {
            names.entry(zone.to_owned()).or_default().push((language.to_owned(), name.to_owned()));
        });
    }
    let exemplar = |(zone, names): (String, Vec<(String, String)>)| {
        let english = names.iter().find(|(language, _)| language == "en").map(|(_, name)| name.as_str());
        let place = namesakes.of_zone(&zone, english)?.clone();
        // "Knox, Indiana" is two names.
        let names = names.into_iter().filter(|(_, name)| !name.contains([',', '、', '(', '（'])).collect();
        Some(Exemplar { place, names })
    };
    Ok(names.into_iter().filter_map(exemplar).collect())
}

fn walk(value: &Value, path: &str, found: &mut impl FnMut(&str, &str)) {
    for (key, value) in value.as_object().into_iter().flatten() {
        match (key.as_str(), value.as_str()) {
            ("exemplarCity", Some(name)) => found(path, name),
            ("long" | "short", _) => {}
            _ if path.is_empty() => walk(value, key, found),
            _ => walk(value, &format!("{path}/{key}"), found),
        }
    }
}
