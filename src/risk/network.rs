//! The network that an address lies in: the carrier that runs it, then the wide block (IPv4 /16, IPv6 /32), and within
//! that the narrow network (/24, /48). Where the carrier is not known, the block stands for it.

use super::case::{Case, Weighed};
use super::surprise::{Shape, surprise};
use super::{country, device};
use crate::explain::Message;
use crate::memory::{Fact, Seen};

const NETWORK: Shape = Shape { share: 0.03, openness: 1.0, spread: 1.0, floor: -0.4, cap: 2.6 };
/// A block of a carrier that the person uses: carriers deal out addresses of many.
const OWN_CARRIER: Shape = Shape { openness: 2.0, floor: 0.0, cap: 0.6, ..NETWORK };
/// The most that a known narrow network may say for the person.
const AT_HOME: f64 = 0.3;
/// The most that a new network says at first sight: a page shows each of a person's networks once or twice.
const FIRST_SIGHT: f64 = 1.5;
/// What it says for a new network that another of the person's devices was seen there too.
const BESIDE_DEVICE: f64 = 1.5;
/// The least that it says beside a new device: what its operator's name alone would say (`operator`).
const OPERATOR: f64 = 0.6;
/// The most that a new network says beside a new country.
const BESIDE_COUNTRY: f64 = 0.8;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let (block, seen) = case.own(Fact::Block)?;
    let narrow = case.own(Fact::Network).map_or(0.0, |(_, seen)| seen.count);
    let near = narrow.ln_1p().min(AT_HOME);
    let own = match case.own(Fact::Carrier).filter(|(_, seen)| seen.total > 0.0) {
        Some((_, carrier)) => {
            let foreign = surprise(Seen { count: 0.0, ..carrier }, NETWORK);
            let wide = if carrier.count > 0.0 { surprise(seen, OWN_CARRIER) } else { 0.0 };
            // A new block of a known carrier never says more than a new carrier would.
            (surprise(carrier, NETWORK) + wide).min(foreign)
        }
        None => surprise(seen, NETWORK),
    };
    let own = own.min(if case.is_first_sight() { FIRST_SIGHT } else { f64::MAX });
    let shared = if own > 0.0 && case.is_beside_another_device() { BESIDE_DEVICE } else { 0.0 };
    let own = own - shared - near;
    // A device never seen gets no credit for the line it is on.
    let own = if case.is_new_device() { own.max(0.0) } else { own };
    let nats = given_country(own, country::nats(case));
    let nats = if case.is_little_known() { given_device(nats, device::nats(case)) } else { nats };
    let key = match nats {
        _ if shared > 0.0 => "evidence_network_shared",
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

/// A device that was not seen yet comes with its network, as a phone does with its carrier's. Never so much less that the
/// two together would say less than the network alone.
fn given_device(network: f64, device: f64) -> f64 {
    if network <= 0.0 || device <= 0.0 {
        return network;
    }
    (network / 2.0).max(network - device).max(network.min(OPERATOR))
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
    fn another_block_of_the_same_carrier_says_little_and_another_carrier_much() {
        let memory = memory_in(world(), &[HOME]);
        let from = |address: &str| {
            let row = Row { ip: Some(address.into()), ..own_login() };
            nats(&judged_in(world(), &memory, vec![row])[0], "network")
        };
        assert!(from(HOME) < 0.0);
        assert!(from(HOME_ELSEWHERE) <= super::OWN_CARRIER.cap);
        assert!(from(ANOTHER_LINE) > 1.0);
    }

    #[test]
    fn two_known_devices_on_a_new_network_speak_for_each_other() {
        let memory = memory_in(world(), &[HOME]);
        let away = Row { ip: Some(ANOTHER_LINE.into()), ..own_login() };
        let phone = Row { signed_in_at: hours_ago(20), ..phone_of(away.clone()) };
        let alone = nats(&judged_in(world(), &memory, vec![away.clone()])[0], "network");
        let together = nats(&judged_in(world(), &memory, vec![away.clone(), phone])[0], "network");
        assert!(together < alone);
        let stranger = Row { signed_in_at: hours_ago(20), ..Row { ip: Some(ANOTHER_LINE.into()), ..foreign_login() } };
        let beside_stranger = nats(&judged_in(world(), &memory, vec![away, stranger])[0], "network");
        assert_eq!(beside_stranger, alone);
    }

    #[test]
    fn a_device_never_seen_gets_no_credit_for_the_line() {
        let row = Row { device: Some("Opera 99 (Linux)".into()), ..own_login() };
        assert_eq!(said("network", row), 0.0);
    }

    #[test]
    fn a_masked_or_missing_address_is_weighed_by_what_it_shows() {
        assert!(from("203.0.*.*") < 0.0);
        assert_eq!(from("*.*.*.*"), 0.0);
        assert_eq!(said("network", Row { ip: None, ..own_login() }), 0.0);
    }
}
