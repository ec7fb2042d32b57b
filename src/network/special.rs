//! Addresses that are nobody's on the Internet: the IANA special-purpose registries.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::Kind;

/// What an address is by itself, where it is set apart: for private networks, or reserved.
///
/// Source: the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and what it lists). Carrier-grade NAT
/// (RFC 6598) is private: a page that shows it shows the inside of some network.
pub fn v4(address: Ipv4Addr) -> Option<Kind> {
    let [a, b, c, _] = address.octets();
    match (a, b, c) {
        (10, ..) | (172, 16..=31, _) | (192, 168, _) | (100, 64..=127, _) | (127, ..) | (169, 254, _) => {
            Some(Kind::Private)
        }
        (0, ..)
        | (192, 0, 0 | 2)
        | (192, 88, 99)
        | (198, 18..=19, _)
        | (198, 51, 100)
        | (203, 0, 113)
        | (224..=255, ..) => Some(Kind::Reserved),
        _ => None,
    }
}

/// The same of IPv6. Outside 2000::/3 nothing is handed out.
pub fn v6(address: Ipv6Addr) -> Option<Kind> {
    let [a, b, c, ..] = address.segments();
    match (a, b) {
        // A translator within some network (RFC 8215).
        (0x64, 0xff9b) if c == 1 => Some(Kind::Private),
        (0xfc00..=0xfdff | 0xfe80..=0xfebf, _) => Some(Kind::Private),
        _ if address.is_loopback() => Some(Kind::Private),
        // Protocols, benchmarks, ORCHID; documentation.
        (0x2001, 0x0001..=0x01ff | 0x0db8) | (0x3fff, 0..=0x0fff) => Some(Kind::Reserved),
        (0x2000..=0x3fff, _) => None,
        _ => Some(Kind::Reserved),
    }
}

/// The IPv4 address that an IPv6 address carries: mapped (RFC 4291), through a translator (RFC 6052), 6to4 (RFC 3056),
/// or of the client of a Teredo tunnel, its bits turned (RFC 4380).
pub fn carried(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let carried = match (a, b, c, d, e, f) {
        (0, 0, 0, 0, 0, 0xffff) | (0x64, 0xff9b, 0, 0, 0, 0) => [g, h],
        (0x2002, ..) => [b, c],
        (0x2001, 0, ..) => [!g, !h],
        _ => return None,
    };
    Some(Ipv4Addr::from(u32::from(carried[0]) << 16 | u32::from(carried[1])))
}
