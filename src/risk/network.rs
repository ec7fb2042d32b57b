//! The network that an address lies in: the wide block (IPv4 /16, IPv6 /32), and within a known block the narrow
//! network (/24, /48).

use super::case::{Case, Weighed};
use super::country;
use super::surprise::{Shape, surprise};
use crate::explain::Message;
use crate::memory::Fact;

const BLOCK: Shape = Shape { share: 0.03, openness: 1.0, spread: 1.0, floor: -0.4, cap: 2.6 };
/// The most that a known narrow network may say for the person.
const AT_HOME: f64 = 0.3;
/// The most that a new network says at first sight: a page shows each of a person's networks once or twice.
const FIRST_SIGHT: f64 = 1.2;
/// The most that a new network says beside a new country.
const BESIDE_COUNTRY: f64 = 0.8;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let (block, seen) = case.own(Fact::Block)?;
    let wide = surprise(seen, BLOCK).min(if case.page.thin { FIRST_SIGHT } else { f64::MAX });
    let narrow = case.own(Fact::Network).map_or(0.0, |(_, seen)| seen.count);
    let nats = given_country(wide - narrow.ln_1p().min(AT_HOME), country::nats(case));
    let key = match nats {
        nats if nats > 0.0 => "evidence_network_new",
        _ if narrow > 0.0 => "evidence_network_usual",
        _ => "evidence_network_near",
    };
    Weighed::new(nats, Message::new(key).with_text(case.row.ip.as_deref().unwrap_or(block)))
}

/// Who is in a new country is on a new network: what the country has said already is not said again. Never so much less
/// that the two together would say less than the network alone.
fn given_country(network: f64, country: f64) -> f64 {
    if country <= 0.0 { network } else { network.min(BESIDE_COUNTRY).max(network - country) }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::session::Row;

    fn from(ip: &str) -> f64 {
        said("network", Row { ip: Some(ip.into()), ..own_login() })
    }

    #[test]
    fn a_block_never_used_speaks_against() {
        assert!(from("192.0.2.1") > 1.0);
        assert!(from("2001:db8::1") > 1.0);
    }

    #[test]
    fn the_nearer_the_more_it_speaks_for() {
        assert!(from("203.0.113.200") < from("203.0.7.1"));
        assert!(from("203.0.7.1") < 0.0);
    }

    #[test]
    fn a_masked_or_missing_address_is_weighed_by_what_it_shows() {
        assert!(from("203.0.*.*") < 0.0);
        assert_eq!(from("*.*.*.*"), 0.0);
        assert_eq!(said("network", Row { ip: None, ..own_login() }), 0.0);
    }
}
