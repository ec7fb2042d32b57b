//! The table of all addresses, packed: a binary trie over the prefixes, its leaves the runs of one value.
//!
//! A value is an operator and a country: `operator | country << 24`, both indexes, zero for none.

use crate::packed::coder::{Chance, Numbers, Side, chances};

/// How many values used of late are at hand.
const RECENT: usize = 16;
/// Where a leaf can stand, for what is learned of its value: 65 lengths, beside its sibling or not, longer or shorter
/// than the leaf before, and how that one's value was coded.
const CONTEXTS: usize = 65 * 2 * 3 * 3;

/// A value's operator.
pub const fn operator(value: u32) -> usize {
    (value & 0xff_ffff) as usize
}

/// A value's country.
pub const fn country(value: u32) -> usize {
    (value >> 24) as usize
}

/// The value of an operator and a country.
pub const fn value(operator: usize, country: usize) -> u32 {
    operator as u32 | (country as u32) << 24
}

/// The operators, by the country that each is at home in.
#[derive(Debug)]
pub struct Homes {
    /// Of each operator.
    home: Vec<u8>,
    /// Of each operator, its place among those of its home.
    place: Vec<u32>,
    /// Of each country, the operators at home in it.
    members: Vec<Vec<u32>>,
}

impl Homes {
    /// From the home of each operator; the first operator is none.
    pub fn new(home: Vec<u8>) -> Self {
        let mut members = vec![Vec::new(); 256];
        let mut place = Vec::with_capacity(home.len());
        for (operator, home) in home.iter().enumerate() {
            let members = &mut members[usize::from(*home)];
            place.push(members.len() as u32);
            members.push(operator as u32);
        }
        Self { home, place, members }
    }
}

/// Runs of values, in order: what is read into, or written from.
pub trait Runs {
    /// Whether all addresses of a prefix have one value. The reader need not know.
    fn is_one(&mut self, prefix: u64, length: u32) -> bool;
    /// The value at a prefix's first address. The reader need not know.
    fn value(&mut self, prefix: u64) -> u32;
    /// Takes a prefix with its value; whether there is room for more.
    fn take(&mut self, prefix: u64, value: u32) -> bool;
}

/// What is learned of values; both families of addresses share it.
#[derive(Debug)]
pub struct Values {
    same: Vec<Chance>,
    is_recent: Vec<Chance>,
    which: Vec<Vec<Chance>>,
    recent: [u32; RECENT],
    keeps_operator: Chance,
    /// Whether the country stays, by the country and by whether the operator does.
    stays: Vec<Chance>,
    has_operator: Vec<Chance>,
    country: Vec<Vec<Chance>>,
    is_home: Vec<Chance>,
    home: Vec<Vec<Chance>>,
    operators: Vec<Vec<Chance>>,
    homes: Homes,
    last_was_recent: usize,
}

impl Values {
    /// Nothing learned yet.
    pub fn new(homes: Homes) -> Self {
        Self {
            same: chances(CONTEXTS),
            is_recent: chances(CONTEXTS),
            which: vec![chances(RECENT); CONTEXTS],
            recent: [0; RECENT],
            keeps_operator: Chance::default(),
            stays: chances(512),
            has_operator: chances(256),
            country: vec![chances(256); 256],
            is_home: chances(256),
            home: vec![chances(256); 256],
            operators: homes.members.iter().map(|members| chances(members.len())).collect(),
            homes,
            last_was_recent: 0,
        }
    }

    /// Codes a leaf's value. `length` is its prefix's, `before` that of the leaf before; `beside` whether that one is its
    /// sibling, whose value therefore is another.
    fn code<S: Side>(&mut self, side: &mut S, length: u32, before: u32, beside: bool, value: u32) -> u32 {
        let last = self.recent[0];
        let longer = usize::from(length >= before) + usize::from(length > before);
        let place = (length as usize * 2 + usize::from(beside)) * 3 + longer;
        let context = place * 3 + self.last_was_recent;
        if !beside && side.bit(&mut self.same[context], value == last) {
            return last;
        }
        let known = if S::WRITES { self.recent.iter().position(|recent| *recent == value) } else { None };
        if side.bit(&mut self.is_recent[context], known.is_some()) {
            let place = side.tree(&mut self.which[context], known.unwrap_or(0) as u32) as usize;
            self.last_was_recent = 1 + usize::from(place > 1);
            return self.comes_first(place, self.recent[place]);
        }
        let keeps = side.bit(&mut self.keeps_operator, operator(value) == operator(last));
        let here = country(last);
        let land = if side.bit(&mut self.stays[here * 2 + usize::from(keeps)], country(value) == here) {
            here
        } else {
            side.tree(&mut self.country[here], country(value) as u32) as usize
        };
        let operator = if keeps { operator(last) } else { self.operator(side, land, operator(value)) };
        let value = self::value(operator, land);
        self.last_was_recent = 0;
        self.comes_first(RECENT - 1, value)
    }

    /// Puts a value before those up to a place; the one there goes.
    fn comes_first(&mut self, place: usize, value: u32) -> u32 {
        // One by one: mostly they are two or three, too few to call for memory to be moved.
        let mut moved = value;
        for recent in &mut self.recent[..=place] {
            std::mem::swap(recent, &mut moved);
        }
        value
    }

    /// Codes the operator of a value in a country.
    fn operator<S: Side>(&mut self, side: &mut S, land: usize, operator: usize) -> usize {
        if !side.bit(&mut self.has_operator[land], operator != 0) {
            return 0;
        }
        let home = self.homes.home.get(operator).map_or(0, |home| usize::from(*home));
        let home = if side.bit(&mut self.is_home[land], home == land) {
            land
        } else {
            side.tree(&mut self.home[land], home as u32) as usize
        };
        let place = self.homes.place.get(operator).copied().unwrap_or(0);
        let place = side.tree(&mut self.operators[home], place);
        self.homes.members[home].get(place as usize).map_or(0, |operator| *operator as usize)
    }
}

/// Codes all runs of addresses of `width` bits (at most 64).
pub fn code<S: Side, R: Runs>(side: &mut S, values: &mut Values, width: u32, runs: &mut R) {
    let splits = chances(65 * 65 * 4);
    let mut walk = Walk { side, values, runs, width, splits, last: 0 };
    walk.node(0, 0, Sibling::None);
}

/// What stands to the left of a node, under the same parent.
#[derive(Clone, Copy, PartialEq)]
enum Sibling {
    None,
    Leaf,
    Branch,
}

struct Walk<'a, S, R> {
    side: &'a mut S,
    values: &'a mut Values,
    runs: &'a mut R,
    width: u32,
    splits: Vec<Chance>,
    /// The length of the last leaf's prefix.
    last: u32,
}

impl<S: Side, R: Runs> Walk<'_, S, R> {
    /// Codes the prefix of this length and all within it; whether it is a leaf, or `None` when there is no more room.
    /// Its depth is that of the trie: at most 64.
    fn node(&mut self, prefix: u64, length: u32, sibling: Sibling) -> Option<Sibling> {
        let is_leaf = length == self.width || {
            let context = (length as usize * 65 + self.last as usize) * 4 + sibling as usize;
            let is_one = self.runs.is_one(prefix, length);
            self.side.bit(&mut self.splits[context], is_one)
        };
        if is_leaf {
            let value = self.runs.value(prefix);
            let value = self.values.code(self.side, length, self.last, sibling == Sibling::Leaf, value);
            self.last = length;
            return self.runs.take(prefix, value).then_some(Sibling::Leaf);
        }
        let left = self.node(prefix, length + 1, Sibling::None)?;
        self.node(prefix | 1 << (self.width - length - 1), length + 1, left)?;
        Some(Sibling::Branch)
    }
}

/// Codes the operators' numbers, in order, with the home and the list of each; the first operator is none.
pub fn code_operators<S: Side>(side: &mut S, count: usize, mut known: impl FnMut(usize) -> (u32, u8, u8)) -> Operators {
    let (mut steps, mut homes, mut lists) = (Numbers::default(), vec![chances(256); 256], vec![chances(256); 256]);
    let mut operators = Operators { numbers: vec![0], homes: vec![0], lists: vec![0] };
    let (mut number, mut home, mut list) = (0_u32, 0_u8, 0_u8);
    for index in 1..count {
        let (to, at, on) = known(index);
        let step = side.number(&mut steps, u64::from(to.wrapping_sub(number)));
        number = number.wrapping_add(step as u32);
        home = side.tree(&mut homes[usize::from(home)], u32::from(at)) as u8;
        list = side.tree(&mut lists[usize::from(list)], u32::from(on)) as u8;
        operators.numbers.push(number);
        operators.homes.push(home);
        operators.lists.push(list);
    }
    operators
}

/// The operators, in the order of their numbers.
#[derive(Debug, Default)]
pub struct Operators {
    /// The number of the autonomous system.
    pub numbers: Vec<u32>,
    /// The index of the country that it is at home in.
    pub homes: Vec<u8>,
    /// The list that it stands on; zero for none.
    pub lists: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packed::coder::{Reader, Writer};
    use proptest::prelude::*;

    /// Runs in order, by where they start.
    struct Known(Vec<(u64, u32)>, u32);

    impl Known {
        fn at(&self, number: u64) -> usize {
            self.0.partition_point(|(start, _)| *start <= number) - 1
        }
    }

    impl Runs for Known {
        fn is_one(&mut self, prefix: u64, length: u32) -> bool {
            let all = if self.1 == 64 { u64::MAX } else { (1 << self.1) - 1 };
            self.at(prefix) == self.at(prefix | all.checked_shr(length).unwrap_or(0))
        }
        fn value(&mut self, prefix: u64) -> u32 {
            self.0[self.at(prefix)].1
        }
        fn take(&mut self, _: u64, _: u32) -> bool {
            true
        }
    }

    #[derive(Default)]
    struct Taken(Vec<(u64, u32)>);

    impl Runs for Taken {
        fn is_one(&mut self, _: u64, _: u32) -> bool {
            false
        }
        fn value(&mut self, _: u64) -> u32 {
            0
        }
        fn take(&mut self, prefix: u64, value: u32) -> bool {
            self.0.push((prefix, value));
            self.0.dedup_by_key(|(_, value)| *value);
            self.0.len() < 10_000
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            starts in proptest::collection::btree_map(any::<u64>(), 0..500_u32, 0..80),
            wide in any::<bool>(),
        ) {
            let width = if wide { 64 } else { 32 };
            let homes: Vec<u8> = (0..500).map(|operator| (operator % 7) as u8).collect();
            let mut runs = vec![(0, 0)];
            for (start, operator) in starts {
                let value = value(operator as usize, (operator % 11) as usize);
                runs.push((start >> (64 - width), value));
            }
            runs.sort_by_key(|run| run.0);
            runs.dedup_by_key(|run| run.0);
            runs.dedup_by_key(|run| run.1);
            let mut writer = Writer::default();
            let mut known = Known(runs.clone(), width);
            code(&mut writer, &mut Values::new(Homes::new(homes.clone())), width, &mut known);
            let bytes = writer.finish();
            let mut reader = Reader::new(&bytes);
            let mut taken = Taken::default();
            code(&mut reader, &mut Values::new(Homes::new(homes)), width, &mut taken);
            prop_assert_eq!(taken.0, runs);
            prop_assert!(!reader.is_spent());
        }

        #[test]
        fn any_bytes_are_read_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut reader = Reader::new(&bytes);
            let mut taken = Taken::default();
            code(&mut reader, &mut Values::new(Homes::new(vec![0, 1, 1, 2])), 64, &mut taken);
            prop_assert!(taken.0.len() <= 10_000);
        }
    }
}
