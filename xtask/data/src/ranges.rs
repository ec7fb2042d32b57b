//! Ranges of addresses, and tables made of them.
//!
//! An address is a number of 32 bits for IPv4; for IPv6 the first 64 bits of it: nobody is told apart within those.

use std::net::IpAddr;

use anyhow::{Context, Result, bail, ensure};

/// Which addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// 32 bits.
    V4,
    /// The first 64 bits.
    V6,
}

impl Family {
    /// Both.
    pub const ALL: [Self; 2] = [Self::V4, Self::V6];

    /// The last address.
    pub fn last(self) -> u64 {
        match self {
            Self::V4 => u64::from(u32::MAX),
            Self::V6 => u64::MAX,
        }
    }

    /// The bits of an address.
    pub fn width(self) -> u32 {
        match self {
            Self::V4 => 32,
            Self::V6 => 64,
        }
    }
}

/// Addresses from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// The first.
    pub first: u64,
    /// The last.
    pub last: u64,
}

impl Range {
    /// From two addresses of a family; `None` where no first half of an IPv6 address begins within.
    pub fn between(first: IpAddr, last: IpAddr) -> Option<(Family, Self)> {
        match (first, last) {
            (IpAddr::V4(first), IpAddr::V4(last)) => {
                Some((Family::V4, Self { first: u32::from(first).into(), last: u32::from(last).into() }))
            }
            (IpAddr::V6(first), IpAddr::V6(last)) => {
                let (first, last) = (u128::from(first), u128::from(last));
                let first = (first >> 64) as u64 + u64::from(first as u64 != 0);
                let last = (last >> 64) as u64;
                (first <= last).then_some((Family::V6, Self { first, last }))
            }
            _ => None,
        }
    }

    /// A prefix as it is written: 192.0.2.0/24. One without a length is a single address.
    pub fn prefix(text: &str) -> Result<(Family, Self)> {
        let (address, length) = text.trim().split_once('/').unwrap_or((text.trim(), ""));
        let address: IpAddr = address.parse().with_context(|| format!("no address: {text}"))?;
        let (family, number) = match address {
            IpAddr::V4(address) => (Family::V4, u64::from(u32::from(address))),
            IpAddr::V6(address) => (Family::V6, (u128::from(address) >> 64) as u64),
        };
        let length =
            if length.is_empty() { 128 } else { length.parse().with_context(|| format!("no prefix: {text}"))? };
        let rest = (family.last() << 1 >> 1 | 1).checked_shr(length).unwrap_or(0) & family.last();
        let rest = if length == 0 { family.last() } else { rest & family.last().checked_shr(length).unwrap_or(0) };
        Ok((family, Self { first: number & !rest, last: number | rest }))
    }
}

/// One end of a range as tables write it: an address, or its number.
pub fn end(text: &str) -> Result<IpAddr> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let number: u128 = text.parse().with_context(|| format!("no address: {text}"))?;
    Ok(match u32::try_from(number) {
        Ok(number) => IpAddr::V4(number.into()),
        Err(_) => IpAddr::V6(number.into()),
    })
}

/// Values by where they start to hold, over all addresses of a family; `T::default()` for none.
#[derive(Debug, Clone, Default)]
pub struct Table<T>(Vec<(u64, T)>);

impl<T: Copy + Default + PartialEq> Table<T> {
    /// From the places where values start to hold, in order. Of two at one place the later holds.
    pub fn from_starts(starts: impl IntoIterator<Item = (u64, T)>) -> Self {
        let mut table = vec![(0, T::default())];
        for (start, value) in starts {
            match table.last_mut() {
                Some(last) if last.0 == start => last.1 = value,
                _ => table.push((start, value)),
            }
        }
        table.dedup_by(|next, last| next.1 == last.1);
        Self(table)
    }

    /// From ranges; of two that overlap, the later in the list holds where it lies.
    pub fn from_ranges(ranges: impl IntoIterator<Item = (Range, T)>) -> Self {
        let mut ranges: Vec<_> = ranges.into_iter().collect();
        let in_order = ranges.windows(2).all(|two| two[0].0.last < two[1].0.first);
        if !in_order {
            ranges = disjoint(ranges);
        }
        let mut starts = Vec::with_capacity(ranges.len() * 2);
        for (range, value) in ranges {
            starts.push((range.first, value));
            if let Some(after) = range.last.checked_add(1) {
                starts.push((after, T::default()));
            }
        }
        Self::from_starts(starts)
    }

    /// The value at an address.
    pub fn at(&self, address: u64) -> T {
        let after = self.0.partition_point(|(start, _)| *start <= address);
        self.0.get(after.wrapping_sub(1)).map_or_else(T::default, |(_, value)| *value)
    }

    /// The values and where they start.
    pub fn starts(&self) -> &[(u64, T)] {
        &self.0
    }

    /// The runs, up to the last address of a family.
    pub fn runs(&self, family: Family) -> impl Iterator<Item = (Range, T)> {
        self.0.iter().enumerate().map(move |(index, (first, value))| {
            let last = self.0.get(index + 1).map_or(family.last(), |(next, _)| next - 1);
            (Range { first: *first, last }, *value)
        })
    }

    /// Two tables in one.
    pub fn with<U: Copy + Default + PartialEq, V: Copy + Default + PartialEq>(
        &self,
        other: &Table<U>,
        join: impl Fn(T, U) -> V,
    ) -> Table<V> {
        let (mut left, mut right) = (0, 0);
        let mut starts = Vec::with_capacity(self.0.len() + other.0.len());
        while left < self.0.len() || right < other.0.len() {
            let next = |table: Option<u64>| table.unwrap_or(u64::MAX);
            let (a, b) = (self.0.get(left).map(|it| it.0), other.0.get(right).map(|it| it.0));
            let start = next(a).min(next(b));
            left += usize::from(a == Some(start));
            right += usize::from(b == Some(start));
            let value = |index: usize| index.wrapping_sub(1);
            let one = self.0.get(value(left)).map_or_else(T::default, |it| it.1);
            let two = other.0.get(value(right)).map_or_else(U::default, |it| it.1);
            starts.push((start, join(one, two)));
        }
        Table::from_starts(starts)
    }
}

/// Ranges that overlap, made apart: the later in the list holds.
fn disjoint<T: Copy>(ranges: Vec<(Range, T)>) -> Vec<(Range, T)> {
    let mut ends: Vec<u64> =
        ranges.iter().flat_map(|(range, _)| [Some(range.first), range.last.checked_add(1)]).flatten().collect();
    ends.sort_unstable();
    ends.dedup();
    let mut owner: Vec<Option<usize>> = vec![None; ends.len()];
    // Later ranges paint over earlier ones; lists of overlapping ranges are short.
    for (index, (range, _)) in ranges.iter().enumerate() {
        let start = ends.partition_point(|end| *end < range.first);
        let stop = ends.partition_point(|end| *end <= range.last);
        owner[start..stop].fill(Some(index));
    }
    let mut apart = Vec::new();
    for (slot, owner) in owner.iter().enumerate() {
        if let Some(owner) = owner {
            let last = ends.get(slot + 1).map_or(ranges[*owner].0.last, |next| next - 1);
            apart.push((Range { first: ends[slot], last }, ranges[*owner].1));
        }
    }
    apart
}

/// Reads a table of ranges as comma-separated text: start, end, and what else a line has.
pub fn csv(text: &str, mut line: impl FnMut(Family, Range, &[&str]) -> Result<()>) -> Result<()> {
    for (number, row) in text.lines().enumerate() {
        let cells: Vec<&str> = row.splitn(4, ',').map(|cell| cell.trim().trim_matches('"')).collect();
        ensure!(cells.len() >= 3, "line {}: {row}", number + 1);
        let (first, last) = match (end(cells[0]), end(cells[1])) {
            (Ok(first), Ok(last)) => (first, last),
            // A line of headings.
            _ if number == 0 => continue,
            (Err(error), _) | (_, Err(error)) => bail!("line {}: {error}", number + 1),
        };
        if let Some((family, range)) = Range::between(first, last) {
            line(family, range, &cells[2..])?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> (u64, u64) {
        let range = Range::prefix(text).unwrap().1;
        (range.first, range.last)
    }

    #[test]
    fn prefixes_are_ranges() {
        assert_eq!(range("1.2.3.0/24"), (0x0102_0300, 0x0102_03ff));
        assert_eq!(range("1.2.3.4"), (0x0102_0304, 0x0102_0304));
        assert_eq!(range("0.0.0.0/0"), (0, u64::from(u32::MAX)));
        assert_eq!(range("2001:db8::/32"), (0x2001_0db8_0000_0000, 0x2001_0db8_ffff_ffff));
        assert_eq!(range("::/0"), (0, u64::MAX));
        assert_eq!(range("2001:db8::1/128"), (0x2001_0db8_0000_0000, 0x2001_0db8_0000_0000));
    }

    #[test]
    fn the_later_of_two_ranges_holds() {
        let span = |first, last, value| (Range { first, last }, value);
        let table = Table::from_ranges([span(0, 9, 1), span(5, 6, 2), span(20, 30, 3)]);
        assert_eq!([0, 4, 5, 6, 7, 9, 10, 25, 31].map(|at| table.at(at)), [1, 1, 2, 2, 1, 1, 0, 3, 0]);
    }

    #[test]
    fn two_tables_join() {
        let left = Table::from_starts([(3, 1), (7, 0)]);
        let right = Table::from_starts([(5, 10)]);
        let both = left.with(&right, |a, b| a + b);
        assert_eq!(both.starts(), [(0, 0), (3, 1), (5, 11), (7, 10)]);
    }
}
