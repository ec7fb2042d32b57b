//! The kind of network: a line that people live on, a data centre (where most VPNs come out), or Tor. It weighs by what
//! is usual for this person: who uses a VPN uses it again. A carrier's, a relay's and a company's gateways are people's.

use super::case::{Case, NEVER, Weighed};
use super::country::{TOLD, is_told};
use super::surprise::{Shape, surprise};
use crate::explain::{Arg, Message};
use crate::memory::{Access, Fact, Seen};

const SHAPE: Shape = Shape { share: 0.4, openness: 0.7, spread: 0.0, floor: -0.3, cap: 4.5 };
/// The most that it says at first sight, when few rows show what is usual.
const FIRST_SIGHT: f64 = 3.0;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let (_, seen) = case.own(Fact::Access)?;
    let access = case.traits.access?;
    let foreign = if access == Access::Line { unconfirmed(case) } else { None };
    let seen = if foreign.is_some() { case.seen(Fact::Access, NEVER) } else { seen };
    let uses_vpn = access == Access::Hosting && !case.settings().vpn_countries.is_empty();
    let told = if uses_vpn { TOLD } else { 0.0 };
    let nats = surprise(Seen { count: seen.count + told, total: seen.total + told, ..seen }, SHAPE);
    let nats = if case.is_first_sight() { nats.min(FIRST_SIGHT) } else { nats };
    if let (Some(country), true) = (foreign, nats > 0.0) {
        return Weighed::new(
            nats,
            Message::new("evidence_registered_elsewhere").with(Arg::Country(country.to_owned())),
        );
    }
    let key = match access {
        Access::Hosting if nats > 0.0 => "evidence_hosting_new",
        Access::Tor if nats > 0.0 => "evidence_tor_new",
        Access::Hosting | Access::Tor => "evidence_hosting_usual",
        Access::Line | Access::Gateway => return None,
    };
    Weighed::new(nats, Message::new(key))
}

/// The country that an address is registered in, where the person was never seen and the page does not say so either.
/// No list names every data centre, and an address that is not where it seems to be weighs like one of them.
fn unconfirmed<'a>(case: &'a Case<'_>) -> Option<&'a str> {
    let (country, seen) = case.own(Fact::Registered)?;
    let is_new = seen.count <= 0.0 && !is_told(case, country);
    (is_new && case.traits.country.as_deref() != Some(country)).then_some(country)
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::memory::Memory;
    use crate::session::Row;

    fn from(address: &str) -> Row {
        Row { ip: Some(address.into()), ..own_login() }
    }

    fn said(memory: &Memory, address: &str) -> f64 {
        nats(&judged_in(world(), memory, vec![from(address)])[0], "kind-of-network")
    }

    #[test]
    fn a_data_centre_speaks_against_somebody_who_never_used_one_and_so_does_tor() {
        let at_home = memory_in(world(), &[HOME]);
        assert!(said(&at_home, DATA_CENTRE) > 2.0);
        assert!(said(&at_home, TOR) > 2.0);
    }

    #[test]
    fn who_uses_a_vpn_uses_it_again() {
        let travels_by_vpn = memory_in(world(), &[HOME, DATA_CENTRE]);
        assert!(said(&travels_by_vpn, ANOTHER_DATA_CENTRE) <= 0.0);
    }

    #[test]
    fn a_line_says_nothing_and_neither_does_an_address_that_is_not_looked_up() {
        let at_home = memory_in(world(), &[HOME]);
        assert_eq!(said(&at_home, ANOTHER_LINE), 0.0);
        assert_eq!(said(&at_home, "192.168.1.7"), 0.0);
        let unknown = judged(&at_home, vec![from(DATA_CENTRE)]);
        assert_eq!(nats(&unknown[0], "kind-of-network"), 0.0);
    }

    #[test]
    fn an_address_registered_where_nobody_says_it_is_weighs_like_a_data_centre() {
        let at_home = memory_in(world(), &[HOME]);
        assert_eq!(said(&at_home, ABROAD), said(&at_home, DATA_CENTRE));
        let on_a_trip = Row { country: Some("IS".into()), ..from(ABROAD) };
        assert_eq!(nats(&judged_in(world(), &at_home, vec![on_a_trip])[0], "kind-of-network"), 0.0);
    }

    #[test]
    fn at_first_sight_it_says_less() {
        let rows = std::iter::once(from(DATA_CENTRE)).chain(std::iter::repeat_n(from(HOME), 30)).enumerate();
        let rows = rows.map(|(n, row)| Row { signed_in_at: hours_ago(48 * n as i64), ..row }).collect();
        let judged = judged_in(world(), &Memory::default(), rows);
        assert_eq!(nats(&judged[0], "kind-of-network"), super::FIRST_SIGHT);
    }

    #[test]
    fn a_relay_and_a_satellite_are_registered_where_they_stand_and_say_nothing() {
        let at_home = memory_in(world(), &[HOME]);
        assert_eq!(said(&at_home, "104.28.126.102"), 0.0, "Private Relay");
        assert_eq!(said(&at_home, "129.222.67.81"), 0.0, "Starlink");
    }
}
