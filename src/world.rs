//! What the packaged data knows of the world outside an account. Whatever is not loaded is unknown, and no evidence.
//!
//! ```
//! use latchkey::world::World;
//! assert_eq!(World::default().origin("8.8.8.8"), None);
//! ```

use crate::atlas::{Area, Atlas};
use crate::network::{Answer, Network, shown};

/// What is at hand to look things up in.
#[derive(Debug, Clone, Copy, Default)]
pub struct World<'a> {
    /// The networks of all addresses.
    pub network: Option<&'a Network<'a>>,
    /// The cities and regions of all countries.
    pub atlas: Option<&'a Atlas<'a>>,
}

impl World<'_> {
    /// Where a place is: the city, where it is known, or else its country.
    pub fn area(&self, city: Option<&str>, country: &str) -> Option<Area> {
        let atlas = self.atlas?;
        let country = country.as_bytes().try_into().ok()?;
        let found = city.and_then(|city| atlas.locate(city, Some(country), None)).or_else(|| atlas.country(country));
        found.map(|found| found.area)
    }

    /// Where an address, as printed, comes from; of a masked one, what is certain.
    pub fn origin(&self, address: &str) -> Option<Answer> {
        let network = self.network?;
        let address = address.trim();
        match address.parse() {
            Ok(address) => Some(network.look_up(address)),
            Err(_) => shown(address).map(|(prefix, bits)| network.look_up_prefix(prefix, bits)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(address: &str) -> Option<Answer> {
        let network = Network::open(include_bytes!("../static/data/network.bin")).unwrap();
        World { network: Some(&network), ..World::default() }.origin(address)
    }

    #[test]
    fn an_address_comes_from_somewhere_and_a_masked_one_from_what_it_shows() {
        assert_eq!(origin(" 8.8.8.8 ").and_then(|answer| answer.asn), Some(15169));
        assert_eq!(origin("8.8.8.*").and_then(|answer| answer.asn), Some(15169));
    }

    #[test]
    fn what_is_no_address_comes_from_nowhere() {
        assert_eq!(origin("***"), None);
        assert_eq!(origin("localhost"), None);
    }
}
