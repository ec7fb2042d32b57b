//! What an address tells, with nothing asked of anyone: its country, its operator, and the kind of its network.
//!
//! ```
//! use latchkey::network::{Kind, Network};
//! let network = Network::open(include_bytes!("../static/data/network.bin")).unwrap();
//! let answer = network.look_up("8.8.8.8".parse().unwrap());
//! assert_eq!((answer.country, answer.asn, answer.kind), (Some(*b"US"), Some(15169), Kind::Hosting));
//! ```

pub mod special;
pub mod trie;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::OnceLock;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::packed::coder::{Numbers, Reader, Side};
use crate::packed::texts::Texts;
use crate::packed::{Fault, Packed, Source, Subject};
use trie::{Homes, Operators, Runs, Values};

/// The sections of the file; the first, of sources, is every file's.
pub mod section {
    /// The lists: name, date and kind, parted by tabs, one a line.
    pub const LISTS: usize = 1;
    /// Codes of countries, two letters each, the first blank.
    pub const COUNTRIES: usize = 2;
    /// How many operators and runs of IPv4 there are (4 bytes each), then the operators and the runs.
    pub const TABLE: usize = 3;
    /// Spans of addresses on lists of their own.
    pub const SPANS: usize = 4;
    /// The operators' names.
    pub const NAMES: usize = 5;
    /// How many runs of IPv6 there are (4 bytes), then the runs.
    pub const TABLE_V6: usize = 6;
}

/// More runs than this are no table of ours.
const MOST: usize = 4_000_000;

/// What kind of network an address belongs to; the first of these that is true of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Set apart by IANA: nobody comes from there.
    Reserved,
    /// The inside of a network, a carrier's or one's own.
    Private,
    /// Run for Tor.
    Tor,
    /// A relay that hides where its many users are (iCloud Private Relay, WARP).
    Relay,
    /// Of a provider of VPNs.
    Vpn,
    /// Through which companies send their people.
    EnterpriseGateway,
    /// A data centre: cloud, VPN, proxy or robot.
    Hosting,
    /// Likely a data centre, by its name alone.
    HostingProbable,
    /// A mobile carrier: its addresses say little of the place.
    Mobile,
    /// A satellite: its addresses say nothing of the place.
    Satellite,
    /// A fixed line, or nothing is known.
    #[default]
    FixedOrUnknown,
}

/// What is known of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answer {
    /// ISO 3166-1 alpha-2 code.
    pub country: Option<[u8; 2]>,
    /// The number of the operator's autonomous system; its name is [`Network::operator`]'s.
    pub asn: Option<u32>,
    /// What kind of network it is.
    pub kind: Kind,
    /// The date of the data. Of a session after it, [`Kind::FixedOrUnknown`] says nothing: no list can know yet.
    pub date: NaiveDate,
    /// The lists that say so: the operator's and the address's own; see [`Network::lists`].
    lists: [u8; 2],
}

/// A list of networks of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its date (ISO 8601).
    pub date: &'a str,
    /// Of what kind the networks on it are.
    pub kind: Kind,
}

/// The table of all addresses, unpacked once.
#[derive(Debug)]
pub struct Network<'a> {
    packed: Packed<'a>,
    countries: Vec<[u8; 2]>,
    lists: Vec<List<'a>>,
    operators: Operators,
    names: Texts<'a>,
    v4: Table<u32>,
    /// Unpacked when the first address of IPv6 is asked for: a third of the work, and many people never have one.
    v6: OnceLock<Table<u64>>,
    spans_v4: Vec<Span>,
    spans_v6: Vec<Span>,
}

impl<'a> Network<'a> {
    /// Unpacks the table: about 150 ms, once, and 10 MB.
    ///
    /// # Errors
    /// A [`Fault`] when the file is not one of ours, of another version, or damaged.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Fault> {
        let packed = Packed::open(bytes, Subject::Network)?;
        let countries = packed.section(section::COUNTRIES)?.as_chunks().0.to_vec();
        let lists = lists(packed.section(section::LISTS)?)?;

        let (operators_count, table) = counted(packed.section(section::TABLE)?)?;
        let (runs_count, table) = counted(table)?;
        let mut reader = Reader::new(table);
        let operators = trie::code_operators(&mut reader, operators_count, |_| (0, 0, 0));
        let v4 = Table::read(&mut reader, &operators, runs_count).ok_or(Fault::Damaged)?;

        let mut reader = Reader::new(packed.section(section::SPANS)?);
        let spans_v4 = code_spans(&mut reader, &[]);
        let spans_v6 = code_spans(&mut reader, &[]);
        let names = Texts::open(packed.section(section::NAMES)?)?;
        Ok(Self { packed, countries, lists, operators, names, v4, v6: OnceLock::new(), spans_v4, spans_v6 })
    }

    /// The runs of IPv6; none where they are damaged, so that nothing is known of any.
    fn v6(&self) -> &Table<u64> {
        self.v6.get_or_init(|| {
            let counted = self.packed.section(section::TABLE_V6).and_then(counted);
            let table =
                counted.ok().and_then(|(count, runs)| Table::read(&mut Reader::new(runs), &self.operators, count));
            table.unwrap_or_else(|| Table::with_room(0))
        })
    }

    /// The date of the data: that of its newest source. What is newer, the lists cannot know.
    pub fn date(&self) -> NaiveDate {
        self.packed.date()
    }

    /// Where the data came from, with what the licences want said.
    pub fn sources(&self) -> Vec<Source<'a>> {
        self.packed.sources()
    }

    /// What is known of an address. One that carries an IPv4 address (mapped, translated, 6to4) is that.
    pub fn look_up(&self, address: IpAddr) -> Answer {
        match address {
            IpAddr::V4(address) => self.look_up_v4(address),
            IpAddr::V6(address) => match special::carried(address) {
                Some(carried) => self.look_up_v4(carried),
                None => self.look_up_v6(address),
            },
        }
    }

    fn look_up_v4(&self, address: Ipv4Addr) -> Answer {
        let number = u32::from(address);
        match special::v4(address) {
            Some(kind) => self.set_apart(kind),
            None => self.answer(self.v4.at(number), on_span(&self.spans_v4, u64::from(number))),
        }
    }

    fn look_up_v6(&self, address: Ipv6Addr) -> Answer {
        let number = (u128::from(address) >> 64) as u64;
        match special::v6(address) {
            Some(kind) => self.set_apart(kind),
            None => self.answer(self.v6().at(number), on_span(&self.spans_v6, number)),
        }
    }

    fn set_apart(&self, kind: Kind) -> Answer {
        Answer { kind, date: self.date(), ..Answer::default() }
    }

    fn answer(&self, value: u32, list: u8) -> Answer {
        let operator = trie::operator(value);
        let lists = [self.operators.lists.get(operator).copied().unwrap_or(0), list];
        Answer {
            country: self.countries.get(trie::country(value)).copied().filter(|code| *code != *b"  "),
            asn: self.operators.numbers.get(operator).copied().filter(|number| *number != 0),
            kind: lists.iter().filter_map(|list| self.list(*list)).map(|list| list.kind).min().unwrap_or_default(),
            date: self.date(),
            lists,
        }
    }

    /// What is certain of an address of which only the first bits are known: what all addresses that begin so have in
    /// common. `address` holds those bits.
    pub fn look_up_prefix(&self, address: IpAddr, bits: u32) -> Answer {
        match address {
            IpAddr::V4(address) => {
                let (first, last) = ends(u64::from(u32::from(address)) << 32, bits);
                let (first, last) = (first >> 32, last >> 32);
                let set_apart = [first, last].map(|end| special::v4(Ipv4Addr::from(end as u32)));
                if let ([Some(kind), Some(other)], true) = (set_apart, bits >= 8) {
                    return self.set_apart(if kind == other { kind } else { Kind::default() });
                }
                self.common(&self.v4, &self.spans_v4, first, last, |number| number as u32)
            }
            IpAddr::V6(address) => {
                let (first, last) = ends((u128::from(address) >> 64) as u64, bits);
                let end = |number: u64| special::v6(Ipv6Addr::from(u128::from(number) << 64));
                if let ([Some(kind), Some(other)], true) = ([first, last].map(end), bits >= 16) {
                    return self.set_apart(if kind == other { kind } else { Kind::default() });
                }
                self.common(self.v6(), &self.spans_v6, first, last, |number| number)
            }
        }
    }

    /// What all addresses between two have in common.
    fn common<N: Copy + Ord>(
        &self,
        table: &Table<N>,
        spans: &[Span],
        first: u64,
        last: u64,
        number: impl Fn(u64) -> N,
    ) -> Answer {
        let mut lists = spans.iter().filter(|span| span.first <= last && span.last >= first);
        // A span that does not hold all of them is certain of none.
        let list = match (lists.next(), lists.next()) {
            (None, _) => Some(0),
            (Some(span), None) if span.first <= first && span.last >= last => Some(span.list),
            _ => None,
        };
        let mut runs = table.between(number(first), number(last)).map(|value| self.answer(value, list.unwrap_or(0)));
        let mut common = runs.next().unwrap_or_else(|| self.set_apart(Kind::default()));
        for other in runs {
            if other.country != common.country {
                common.country = None;
            }
            if other.asn != common.asn {
                common.asn = None;
            }
            if other.kind != common.kind {
                common.kind = Kind::default();
            }
            if other.lists != common.lists {
                common.lists = [0, 0];
            }
        }
        if list.is_none() {
            (common.kind, common.lists) = (Kind::default(), [0, 0]);
        }
        common
    }

    /// What kind of network an operator's is, where its addresses stand on no list of their own.
    pub fn operator_kind(&self, asn: u32) -> Kind {
        let index = self.operators.numbers.binary_search(&asn).unwrap_or(0);
        self.operators.lists.get(index).and_then(|list| self.list(*list)).map_or_else(Kind::default, |list| list.kind)
    }

    /// The name of an operator.
    pub fn operator(&self, asn: u32) -> Option<String> {
        let index = self.operators.numbers.binary_search(&asn).ok().filter(|index| *index > 0)?;
        self.names.get(index).filter(|name| !name.is_empty())
    }

    /// The lists that an answer rests on, with their dates.
    pub fn lists(&self, answer: &Answer) -> impl Iterator<Item = List<'a>> {
        answer.lists.into_iter().filter_map(|list| self.list(list))
    }

    fn list(&self, list: u8) -> Option<List<'a>> {
        self.lists.get(usize::from(list).checked_sub(1)?).copied()
    }
}

/// The address and the count of bits that a masked address still shows ("203.0.*.*", "2001:db8:****::1").
///
/// Only what stands before the first mask counts; `None` where nothing does, or where it is no address.
pub fn shown(masked: &str) -> Option<(IpAddr, u32)> {
    let is_mask = |part: &str| !part.is_empty() && part.bytes().all(|byte| matches!(byte, b'*' | b'x' | b'X'));
    if masked.contains(':') {
        let mut segments = [0; 8];
        let mut bits = 0;
        for (segment, part) in segments.iter_mut().zip(masked.split(':')) {
            // What follows "::" may stand anywhere.
            if is_mask(part) || part.is_empty() {
                break;
            }
            *segment = u16::from_str_radix(part, 16).ok().filter(|_| part.len() <= 4)?;
            bits += 16;
        }
        (bits > 0).then(|| (Ipv6Addr::from(segments).into(), bits))
    } else {
        let mut octets = [0; 4];
        let mut bits = 0;
        for (octet, part) in octets.iter_mut().zip(masked.split('.')) {
            if part.ends_with(['*', 'x', 'X']) {
                break;
            }
            *octet = part.parse().ok()?;
            bits += 8;
        }
        (bits > 0).then(|| (Ipv4Addr::from(octets).into(), bits))
    }
}

/// A count (4 bytes), and what comes after it.
fn counted(section: &[u8]) -> Result<(usize, &[u8]), Fault> {
    let (count, rest) = section.split_first_chunk().ok_or(Fault::Damaged)?;
    let count = u32::from_le_bytes(*count) as usize;
    if count > MOST { Err(Fault::Damaged) } else { Ok((count, rest)) }
}

/// The first and the last number that begin with the first `bits` of a number.
fn ends(number: u64, bits: u32) -> (u64, u64) {
    let rest = u64::MAX.checked_shr(bits).unwrap_or(0);
    (number & !rest, number | rest)
}

/// Reads the lists' names, dates and kinds.
fn lists(section: &[u8]) -> Result<Vec<List<'_>>, Fault> {
    let text = str::from_utf8(section).map_err(|_| Fault::Damaged)?;
    text.lines()
        .map(|line| {
            let mut parts = line.split('\t');
            let (name, date, kind) = (parts.next(), parts.next(), parts.next());
            Some(List { name: name?, date: date?, kind: Kind::of(kind?)? })
        })
        .collect::<Option<_>>()
        .ok_or(Fault::Damaged)
}

impl Kind {
    const ALL: [(Self, &'static str); 11] = [
        (Self::Reserved, "reserved"),
        (Self::Private, "private"),
        (Self::Tor, "tor"),
        (Self::Relay, "relay"),
        (Self::Vpn, "vpn"),
        (Self::EnterpriseGateway, "enterprise_gateway"),
        (Self::Hosting, "hosting"),
        (Self::HostingProbable, "hosting_probable"),
        (Self::Mobile, "mobile"),
        (Self::Satellite, "satellite"),
        (Self::FixedOrUnknown, "fixed_or_unknown"),
    ];

    /// The kind of this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, other)| *other == name).map(|(kind, _)| kind)
    }

    /// Its name, as in the lists, stored state and the shell's output.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// Addresses of a list of their own, by the first 64 bits of IPv6 or all of IPv4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub first: u64,
    /// The last.
    pub last: u64,
    /// The list, counted from one.
    pub list: u8,
}

/// Codes spans, in order and apart.
pub fn code_spans<S: Side>(side: &mut S, known: &[Span]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut steps = Numbers::default();
    let count = side.number(&mut steps, known.len() as u64).min(MOST as u64) as usize;
    let (mut gaps, mut lengths, mut lists) = (Numbers::default(), Numbers::default(), Numbers::default());
    let mut after = 0_u64;
    for index in 0..count {
        let span = known.get(index).copied().unwrap_or(Span { first: after, last: after, list: 0 });
        let gap = side.number(&mut gaps, span.first.wrapping_sub(after));
        let length = side.number(&mut lengths, span.last.wrapping_sub(span.first));
        let list = side.number(&mut lists, u64::from(span.list)) as u8;
        let first = after.saturating_add(gap);
        let last = first.saturating_add(length);
        spans.push(Span { first, last, list });
        after = last.saturating_add(1);
        if last == u64::MAX {
            break;
        }
    }
    spans
}

/// The list of the span that holds a number; zero when none does.
fn on_span(spans: &[Span], number: u64) -> u8 {
    let after = spans.partition_point(|span| span.first <= number);
    spans[..after].last().filter(|span| span.last >= number).map_or(0, |span| span.list)
}

/// Runs of one value each, by where they start.
#[derive(Debug)]
struct Table<N> {
    starts: Vec<N>,
    values: Vec<u32>,
    room: usize,
}

impl<N: Copy + Ord> Table<N> {
    fn with_room(room: usize) -> Self {
        Self { starts: Vec::with_capacity(room), values: Vec::with_capacity(room), room }
    }

    fn index(&self, number: N) -> usize {
        self.starts.partition_point(|start| *start <= number).saturating_sub(1)
    }

    fn at(&self, number: N) -> u32 {
        self.values.get(self.index(number)).copied().unwrap_or(0)
    }

    fn between(&self, first: N, last: N) -> impl Iterator<Item = u32> {
        self.values.get(self.index(first)..=self.index(last)).unwrap_or_default().iter().copied()
    }

    fn add(&mut self, start: N, value: u32) -> bool {
        if self.values.last() != Some(&value) {
            self.starts.push(start);
            self.values.push(value);
        }
        self.starts.len() <= self.room
    }
}

impl<N: Copy + Ord + Number> Table<N> {
    /// Reads as many runs as there are; `None` when there are others.
    fn read(reader: &mut Reader<'_>, operators: &Operators, count: usize) -> Option<Self> {
        let mut table = Self::with_room(count);
        trie::code(reader, &mut Values::new(Homes::new(operators.homes.clone())), N::WIDTH, &mut table);
        (!reader.is_spent() && table.starts.len() == count).then_some(table)
    }
}

/// An address, or the upper half of one of IPv6.
trait Number {
    /// Its bits.
    const WIDTH: u32;
    /// From its bits.
    fn of(bits: u64) -> Self;
}

impl Number for u32 {
    const WIDTH: u32 = u32::BITS;
    fn of(bits: u64) -> Self {
        bits as Self
    }
}

impl Number for u64 {
    const WIDTH: u32 = u64::BITS;
    fn of(bits: u64) -> Self {
        bits
    }
}

impl<N: Copy + Ord + Number> Runs for Table<N> {
    fn is_one(&mut self, _: u64, _: u32) -> bool {
        false
    }
    fn value(&mut self, _: u64) -> u32 {
        0
    }
    fn take(&mut self, prefix: u64, value: u32) -> bool {
        self.add(N::of(prefix), value)
    }
}
