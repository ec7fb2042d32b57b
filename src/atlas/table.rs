//! The atlas as it is packed: countries, their regions' cities, and the keys of their names.

use super::words::BITS;
use super::{Area, Kilometres};
use crate::packed::coder::{Numbers, Side, chances};

/// More cities or keys than this are none of ours.
const MOST: usize = 2_000_000;

/// All countries.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    /// In the order of their codes.
    pub countries: Vec<Country>,
    /// How many cities there are in all.
    pub cities: usize,
}

/// A country.
#[derive(Debug, Clone, Default)]
pub struct Country {
    /// Its cities, by region, from south to north.
    pub cities: Vec<City>,
    /// How many regions it has. Cities of none have an index past them.
    pub regions: usize,
    /// What names stand for, in order: a key, and a city's index or that of a region after all cities.
    pub keys: Vec<(u32, u16)>,
    /// The place of its first city among all.
    pub first_city: usize,
    /// The place of its first region among all.
    pub first_region: usize,
}

/// A city.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct City {
    /// Hundredths of a degree north.
    pub north: i16,
    /// Hundredths of a degree east.
    pub east: i16,
    /// The index of its region within the country.
    pub region: u8,
    /// The logarithm to base two of how many people live there.
    pub size: u8,
}

impl City {
    /// Its point, without a radius.
    pub fn area(&self) -> Area {
        Area {
            latitude: f64::from(self.north) / 100.0,
            longitude: f64::from(self.east) / 100.0,
            radius: Kilometres::default(),
        }
    }

    /// About how many people live there.
    pub fn people(&self) -> f64 {
        (1_u64 << self.size.min(40)) as f64
    }

    /// How far what is named after the city may be from its point: 10 km for a town, 45 km for the largest.
    pub fn radius(&self) -> Kilometres {
        Kilometres(10.0 + self.people().sqrt() / 100.0)
    }
}

/// Codes all tables. The reader need not know any; it reads as many countries as there are codes.
pub fn code<S: Side>(side: &mut S, known: &Tables, countries: usize) -> Tables {
    let mut tables = Tables::default();
    let mut model = Model::default();
    let mut first_region = 0;
    let nothing = Country::default();
    for index in 0..countries {
        let country = known.countries.get(index).unwrap_or(&nothing);
        let Some(mut read) = model.country(side, country) else { break };
        (read.first_city, read.first_region) = (tables.cities, first_region);
        tables.cities += read.cities.len();
        first_region += read.regions;
        tables.countries.push(read);
    }
    tables
}

#[derive(Default)]
struct Model {
    counts: Numbers,
    north: Numbers,
    east: Numbers,
    sizes: Vec<crate::packed::coder::Chance>,
    gaps: Numbers,
}

impl Model {
    /// Codes a country; `None` when it is larger than any.
    fn country<S: Side>(&mut self, side: &mut S, known: &Country) -> Option<Country> {
        if self.sizes.is_empty() {
            self.sizes = chances(64);
        }
        let mut count = |side: &mut S, known: usize| Some(side.number(&mut self.counts, known as u64) as usize);
        let regions = count(side, known.regions).filter(|regions| *regions < 256)?;
        let mut cities: Vec<City> = Vec::new();
        for region in 0..=regions {
            let members: Vec<City> =
                known.cities.iter().filter(|city| usize::from(city.region) == region).copied().collect();
            let members_count = side.number(&mut self.counts, members.len() as u64) as usize;
            if members_count > MOST {
                return None;
            }
            let mut last = cities.last().copied().unwrap_or_default();
            last.north = -9000;
            for index in 0..members_count {
                let city = members.get(index).copied().unwrap_or_default();
                let step = i32::from(city.north) - i32::from(last.north);
                let north = side.number(&mut self.north, u64::try_from(step).unwrap_or(0)) as i32;
                let turn = i32::from(city.east) - i32::from(last.east);
                let turn = side.number(&mut self.east, u64::from((turn << 1 ^ turn >> 31) as u32)) as u32;
                let turn = (turn >> 1) as i32 ^ -((turn & 1) as i32);
                let size = side.tree(&mut self.sizes, u32::from(city.size)) as u8;
                last = City {
                    north: i32::from(last.north).wrapping_add(north) as i16,
                    east: i32::from(last.east).wrapping_add(turn) as i16,
                    region: region as u8,
                    size,
                };
                cities.push(last);
            }
        }
        let count = side.number(&mut self.counts, known.keys.len() as u64) as usize;
        if count > MOST || cities.len() + regions > usize::from(u16::MAX) {
            return None;
        }
        let mut targets = chances(cities.len() + regions);
        let mut keys = Vec::with_capacity(count.min(1 << 16));
        let mut key = 0_u32;
        for index in 0..count {
            let (to, target) = known.keys.get(index).copied().unwrap_or((key, 0));
            key = key.wrapping_add(side.number(&mut self.gaps, u64::from(to.wrapping_sub(key))) as u32);
            let target = side.tree(&mut targets, u32::from(target)) as usize;
            if key >> BITS != 0 || target >= cities.len() + regions {
                return None;
            }
            keys.push((key, target as u16));
        }
        Some(Country { cities, regions, keys, first_city: 0, first_region: 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packed::coder::{Reader, Writer};
    use proptest::prelude::*;

    fn city() -> impl Strategy<Value = City> {
        (-9000..=9000_i16, -18000..=18000_i16, 0..4_u8, 0..26_u8).prop_map(|(north, east, region, size)| City {
            north,
            east,
            region,
            size,
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            mut cities in proptest::collection::vec(city(), 1..40),
            keys in proptest::collection::btree_set((0..1_u32 << BITS, 0..43_u16), 0..80),
        ) {
            cities.sort_by_key(|city| (city.region, city.north));
            let targets = (cities.len() + 3) as u16;
            let keys: Vec<_> = keys.into_iter().filter(|(_, target)| *target < targets).collect();
            let country = Country { cities, regions: 3, keys, first_city: 0, first_region: 0 };
            let known = Tables { countries: vec![country.clone(), country], cities: 0 };
            let mut writer = Writer::default();
            code(&mut writer, &known, 2);
            let bytes = writer.finish();
            let read = code(&mut Reader::new(&bytes), &Tables::default(), 2);
            prop_assert_eq!(read.countries.len(), 2);
            for (read, known) in read.countries.iter().zip(&known.countries) {
                prop_assert_eq!(&read.cities, &known.cities);
                prop_assert_eq!(&read.keys, &known.keys);
            }
        }

        #[test]
        fn any_bytes_are_read_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            code(&mut Reader::new(&bytes), &Tables::default(), 300);
        }
    }
}
