//! What makes a row comparable to another: its facts, brought to one form.
//!
//! An address is also looked at as the networks it lies in, and a device without the versions that grow.

use std::net::Ipv6Addr;

use serde::{Deserialize, Serialize};

use crate::characters::lower;
use crate::network::Kind;
use crate::session::{Form, Row, SecondFactor};
use crate::world::World;

/// The comparable facts of a row; whatever the page does not tell is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Traits {
    /// ISO 3166-1 alpha-2 code.
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The address as printed, perhaps masked.
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The network around it: IPv4 /24, IPv6 /48.
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The wider block around that: IPv4 /16, IPv6 /32.
    #[serde(rename = "w", skip_serializing_if = "Option::is_none")]
    pub block: Option<String>,
    /// The operator, in lower case.
    #[serde(rename = "o", skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// The city, in lower case.
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The device without its versions.
    #[serde(rename = "d", skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// System and form, in one word.
    #[serde(rename = "k", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The browser, or the exchange's app.
    #[serde(rename = "b", skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
    /// What stood as the second factor.
    #[serde(rename = "f", skip_serializing_if = "Option::is_none")]
    pub second_factor: Option<String>,
    /// The first number of the system's version.
    #[serde(rename = "v", skip_serializing_if = "Option::is_none")]
    pub system: Option<u32>,
    /// The autonomous system that the address belongs to ("as15169"), or the block where it belongs to none.
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// The country that the address is registered in.
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub registered: Option<String>,
    /// What kind of network the address belongs to.
    #[serde(rename = "l", skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
}

/// How somebody comes to be at an address, as far as it matters whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// A network that people live on: fixed or mobile, or nothing is known of it.
    Line,
    /// The gateway of a relay, a company or a satellite: people are behind it, and it is registered where it stands,
    /// not where they are.
    Gateway,
    /// A data centre: a VPN, a rented server, a robot.
    Hosting,
    /// Tor.
    Tor,
}

impl Access {
    /// `None` of addresses that say nothing of where somebody is.
    const fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Reserved | Kind::Private => None,
            Kind::Tor => Some(Self::Tor),
            Kind::Vpn | Kind::Hosting | Kind::HostingProbable => Some(Self::Hosting),
            Kind::Relay | Kind::EnterpriseGateway | Kind::Satellite => Some(Self::Gateway),
            Kind::Mobile | Kind::FixedOrUnknown => Some(Self::Line),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Gateway => "gateway",
            Self::Hosting => "hosting",
            Self::Tor => "tor",
        }
    }
}

/// One sort of fact, to count values by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// The country.
    Country,
    /// The narrow network.
    Network,
    /// The wide block.
    Block,
    /// The operator.
    Operator,
    /// The city.
    City,
    /// The device without versions.
    Device,
    /// System and form.
    Kind,
    /// Browser or app.
    Browser,
    /// The second factor.
    SecondFactor,
    /// The autonomous system.
    Carrier,
    /// The country that the address is registered in.
    Registered,
    /// The kind of network.
    Access,
}

impl Fact {
    /// All of them.
    pub const ALL: [Fact; 12] = [
        Fact::Country,
        Fact::Network,
        Fact::Block,
        Fact::Operator,
        Fact::City,
        Fact::Device,
        Fact::Kind,
        Fact::Browser,
        Fact::SecondFactor,
        Fact::Carrier,
        Fact::Registered,
        Fact::Access,
    ];
}

impl Traits {
    /// The comparable facts of a row.
    ///
    /// ```
    /// use latchkey::memory::Traits;
    /// use latchkey::session::Row;
    /// let row = Row { ip: Some("203.0.113.9".into()), ..Row::default() };
    /// assert_eq!(Traits::of(&row).network.as_deref(), Some("203.0.113"));
    /// ```
    pub fn of(row: &Row) -> Self {
        let (block, network) = row.ip.as_deref().map_or((None, None), networks);
        Self {
            country: row.country.as_deref().and_then(short).map(|code| code.to_ascii_uppercase()),
            address: row.ip.as_deref().and_then(short).map(str::to_owned),
            network,
            block,
            operator: row.isp.as_deref().and_then(short).map(lower),
            city: row.city.as_deref().and_then(short).map(lower),
            device: device(row),
            kind: kind(row),
            browser: row.browser.as_deref().or(row.app.as_deref()).and_then(short).map(lower),
            second_factor: row.second_factor.map(|factor| factor_name(factor).to_owned()),
            system: row.os_version.as_deref().and_then(first_number),
            ..Self::default()
        }
    }

    /// The same, with what is known of the row's address.
    pub fn within(row: &Row, world: &World<'_>) -> Self {
        let traits = Self::of(row);
        let Some(origin) = row.ip.as_deref().and_then(|ip| world.origin(ip)) else { return traits };
        Self {
            carrier: origin.asn.map(|asn| format!("as{asn}")).or_else(|| traits.block.clone()),
            registered: origin.country.map(|code| String::from_utf8_lossy(&code).into_owned()),
            access: Access::of(origin.kind),
            ..traits
        }
    }

    /// The value of one sort of fact.
    pub fn get(&self, fact: Fact) -> Option<&str> {
        match fact {
            Fact::Country => self.country.as_deref(),
            Fact::Network => self.network.as_deref(),
            Fact::Block => self.block.as_deref(),
            Fact::Operator => self.operator.as_deref(),
            Fact::City => self.city.as_deref(),
            Fact::Device => self.device.as_deref(),
            Fact::Kind => self.kind.as_deref(),
            Fact::Browser => self.browser.as_deref(),
            Fact::SecondFactor => self.second_factor.as_deref(),
            Fact::Carrier => self.carrier.as_deref(),
            Fact::Registered => self.registered.as_deref(),
            Fact::Access => self.access.map(Access::name),
        }
    }
}

/// A page's text is hostile and may be long: what is compared and kept is its beginning.
const LONGEST: usize = 80;

fn short(text: &str) -> Option<&str> {
    let text = text.trim();
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    (!text.is_empty()).then(|| &text[..end])
}

const fn factor_name(factor: SecondFactor) -> &'static str {
    match factor {
        SecondFactor::Authenticator => "authenticator",
        SecondFactor::Sms => "sms",
        SecondFactor::Email => "email",
        SecondFactor::Passkey => "passkey",
        SecondFactor::SecurityKey => "security_key",
        SecondFactor::PasswordOnly => "password_only",
    }
}

/// System and form, as far as either is known.
fn kind(row: &Row) -> Option<String> {
    let os = row.os.as_deref().and_then(short).map(lower);
    let form = match row.form {
        Form::Desktop => Some("desktop"),
        Form::Phone => Some("phone"),
        Form::Tablet => Some("tablet"),
        Form::Unknown => None,
    };
    match (os, form) {
        (Some(os), Some(form)) => Some(format!("{os} {form}")),
        // A system of its own says the form well enough to compare rows of one page; a form alone does not.
        (Some(os), None) => Some(os),
        (None, _) => None,
    }
}

/// What stays of a device when its versions grow. `None` where the page says nothing that tells devices apart.
fn device(row: &Row) -> Option<String> {
    if let Some(model) = row.model.as_deref().and_then(short) {
        return Some(join(&[Some(model), row.browser.as_deref()]));
    }
    let structured = [row.os.as_deref(), row.browser.as_deref(), row.app.as_deref()];
    if structured.iter().all(Option::is_none) && row.form == Form::Unknown {
        return None;
    }
    let text = row.device.as_deref().and_then(short).unwrap_or_default();
    // A raw user-agent string has more numbers than names: what was read out of it is the better name. So has a row
    // without a text.
    if text.is_empty() || text.starts_with("Mozilla/") {
        return kind(row).map(|kind| join(&[Some(&kind), row.browser.as_deref(), row.app.as_deref()]));
    }
    Some(without_versions(text, row))
}

fn first_number(version: &str) -> Option<u32> {
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn join(parts: &[Option<&str>]) -> String {
    let parts: Vec<String> = parts.iter().flatten().filter_map(|part| short(part)).map(lower).collect();
    parts.join(" ")
}

/// The words of a device's text that are no version: neither one that was read out of it nor a dotted number.
fn without_versions(text: &str, row: &Row) -> String {
    let versions = [row.browser_version.as_deref(), row.os_version.as_deref(), row.app_version.as_deref()];
    let is_version = |word: &str| {
        let bare = word.strip_prefix(['v', 'V']).unwrap_or(word);
        versions.iter().flatten().any(|version| *version == bare)
            || (bare.starts_with(|c: char| c.is_ascii_digit())
                && bare.contains('.')
                && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '_')))
    };
    let separator = |c: char| c.is_whitespace() || matches!(c, '/' | '(' | ')' | ',' | ';' | '·' | '|' | '…');
    let words: Vec<String> = text
        .split(separator)
        .filter(|word| word.chars().any(char::is_alphanumeric) && !is_version(word))
        .map(lower)
        .collect();
    words.join(" ")
}

/// The wide block and the narrow network of an address, as far as its text gives them: a masked one gives what it
/// leaves unmasked.
fn networks(ip: &str) -> (Option<String>, Option<String>) {
    let ip = ip.trim();
    if ip.contains(':') {
        let groups: Vec<String> = match ip.parse::<Ipv6Addr>() {
            Ok(address) => match address.to_ipv4_mapped() {
                Some(mapped) => return networks(&mapped.to_string()),
                None => address.segments().iter().map(|group| format!("{group:x}")).collect(),
            },
            Err(_) => ip
                .split(':')
                .map_while(|group| u16::from_str_radix(group, 16).ok())
                .map(|group| format!("{group:x}"))
                .collect(),
        };
        return (prefix(&groups, 2, ":"), prefix(&groups, 3, ":"));
    }
    let octets: Vec<String> =
        ip.split('.').map_while(|octet| octet.parse::<u8>().ok()).map(|octet| octet.to_string()).collect();
    (prefix(&octets, 2, "."), prefix(&octets, 3, "."))
}

fn prefix(parts: &[String], length: usize, separator: &str) -> Option<String> {
    parts.get(..length).map(|parts| parts.join(separator))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device_of(text: &str, browser: &str, version: &str) -> Option<String> {
        Traits::of(&Row {
            device: Some(text.into()),
            browser: Some(browser.into()),
            browser_version: Some(version.into()),
            form: Form::Desktop,
            ..Row::default()
        })
        .device
    }

    #[test]
    fn a_device_stays_the_same_when_its_version_grows() {
        assert_eq!(
            device_of("Chrome V143.0.0.0 (Windows)", "Chrome", "143.0.0.0"),
            device_of("Chrome V144.0.0.0 (Windows)", "Chrome", "144.0.0.0")
        );
        assert_eq!(
            device_of("Chrome 143 on Windows", "Chrome", "143"),
            device_of("Chrome 144 on Windows", "Chrome", "144")
        );
    }

    #[test]
    fn a_named_computer_keeps_its_name() {
        assert_ne!(device_of("DESKTOP-1AB (Chrome)", "Chrome", "1"), device_of("DESKTOP-2AB (Chrome)", "Chrome", "1"));
    }

    #[test]
    fn a_text_that_says_nothing_is_no_device() {
        assert_eq!(Traits::of(&Row { device: Some("Unknown device".into()), ..Row::default() }).device, None);
    }

    #[test]
    fn networks_lie_in_each_other() {
        assert_eq!(networks("198.51.100.7"), (Some("198.51".into()), Some("198.51.100".into())));
        assert_eq!(networks("2001:db8:0:1::1"), (Some("2001:db8".into()), Some("2001:db8:0".into())));
        assert_eq!(networks("::ffff:198.51.100.7"), networks("198.51.100.7"));
    }

    #[test]
    fn a_masked_address_gives_what_it_shows() {
        assert_eq!(networks("198.51.*.*"), (Some("198.51".into()), None));
        assert_eq!(networks("198.51.100.XX"), (Some("198.51".into()), Some("198.51.100".into())));
        assert_eq!(networks("2a01:08d0:46bc:*"), (Some("2a01:8d0".into()), Some("2a01:8d0:46bc".into())));
        assert_eq!(networks("***"), (None, None));
        assert_eq!(networks(""), (None, None));
    }

    #[test]
    fn an_address_that_nobody_comes_from_tells_nothing() {
        let network = crate::network::Network::open(include_bytes!("../../static/data/network.bin")).unwrap();
        let within = |ip: &str| {
            Traits::within(
                &Row { ip: Some(ip.into()), ..Row::default() },
                &World { network: Some(&network), ..World::default() },
            )
        };
        assert_eq!((within("192.168.1.7").access, within("192.168.1.7").registered), (None, None));
        assert_eq!(within("8.8.8.8").carrier.as_deref(), Some("as15169"));
        assert_eq!(
            (within("8.8.8.8").access, within("8.8.8.8").registered),
            (Some(Access::Hosting), Some("US".into()))
        );
    }

    #[test]
    fn a_hostile_text_is_cut() {
        let row = Row { city: Some("é".repeat(10_000)), ..Row::default() };
        assert_eq!(Traits::of(&row).city.unwrap().chars().count(), LONGEST);
    }
}
