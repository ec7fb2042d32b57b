//! Where on earth the words of a page mean, and how near to it a network lets a person be known.
//!
//! ```
//! use latchkey::atlas::Atlas;
//! use latchkey::whereabouts;
//! let atlas = Atlas::open(include_bytes!("../static/data/atlas.bin")).unwrap();
//! let found = whereabouts::read(&atlas, "Mountain View, CA", 0).unwrap();
//! assert_eq!((found.city.as_deref(), found.country), (Some("Mountain View"), *b"US"));
//! ```

use crate::atlas::{Area, Atlas, Kilometres};
use crate::network::Kind;
use crate::reading::lexicon::{Languages, Lexicon};
use crate::reading::place;

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
    let marked = Lexicon::get().mark(text);
    if place::is_nothing(&marked) && place::flag(text).is_none() {
        return None;
    }
    let read = place::read(text, &marked, languages);
    let named = place::country(text, &marked, languages);
    let country = read.country.or(named.as_ref().map(|(_, code)| *code));
    // What is left without the country's name, in the order in which it is printed.
    let (words, code) = match named {
        Some((range, _)) => {
            let before = marked.folded.verbatim(text, 0..range.start);
            let after = marked.folded.verbatim(text, range.end..marked.folded.text.len());
            ([before, ", ", after].concat(), Some(marked.folded.verbatim(text, range)))
        }
        None => (text.to_owned(), text.trim().rsplit([' ', ',']).next()),
    };
    let is_code = |code: &&str| (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_uppercase());
    match atlas.locate(&words, country, code.filter(is_code)) {
        Some(found) => {
            Some(Whereabouts { city: found.city, region: found.region, country: found.country, area: Some(found.area) })
        }
        None => country.map(|country| Whereabouts { city: read.city, region: None, country, area: None }),
    }
}

/// How far from a printed place the person may be whose network is of this kind; `None` where the place says nothing
/// of the person, or nothing is known of the network.
///
/// Half of the places printed for fixed lines are within 3 to 16 km, half of those for mobile networks only within 179
/// to 207 km: a carrier's addresses are spread over its whole country.
pub fn reach(kind: Option<Kind>) -> Option<Kilometres> {
    match kind? {
        Kind::FixedOrUnknown => Some(Kilometres(50.0)),
        Kind::Mobile => Some(Kilometres(200.0)),
        _ => None,
    }
}
