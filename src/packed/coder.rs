//! Adaptive binary arithmetic coding: what packs the tables into a third of what deflate makes of them.
//!
//! What is coded is described once, generic over the [`Side`]: the writer hands over each bit and gets it back, the
//! reader hands over anything and gets what was written. So neither can drift from the other.

/// The chance that a bit is set, learned from the bits before: 16 bits of it, and 16 bits of how many were seen.
#[derive(Debug, Clone, Copy)]
pub struct Chance(u32);

/// Past so many bits seen, old ones are forgotten as fast as new ones come.
const MEMORY: u32 = 20;

/// 65,536 / (n + 1.5): how far a bit moves the chance after n others.
const STEPS: [u16; 32] = {
    let mut steps = [0; 32];
    let mut n = 0;
    while n < 32 {
        steps[n] = (131_072 / (2 * n + 3)) as u16;
        n += 1;
    }
    steps
};

impl Default for Chance {
    fn default() -> Self {
        Self(1 << 31)
    }
}

// Built for size, the compiler would call these tens of millions of times.
impl Chance {
    /// Of 65,536; never none and never all.
    #[inline(always)]
    fn of_set(self) -> u32 {
        self.0 >> 16 | 32
    }

    #[inline(always)]
    fn learn(&mut self, bit: bool) {
        let seen = self.0 & 31;
        // How far the chance is from what it was to be; no branch, for these bits cannot be foreseen.
        let turned = if bit { 0xffff } else { 0 };
        let mut far = self.0 >> 16 ^ turned;
        far -= (far * u32::from(STEPS[seen as usize])) >> 16;
        self.0 = (far ^ turned) << 16 | (seen + u32::from(seen < MEMORY));
    }
}

/// One end of the coding.
pub trait Side {
    /// Whether it writes: what is coded must be known then.
    const WRITES: bool;

    /// Codes a bit under a chance, and teaches the chance. The reader takes no notice of `bit`.
    fn bit(&mut self, chance: &mut Chance, bit: bool) -> bool;

    /// Codes the low `chances.len().ilog2()` bits of a number, high bits first, each under the chance of those before.
    fn tree(&mut self, chances: &mut [Chance], number: u32) -> u32 {
        let bits = chances.len().checked_ilog2().unwrap_or(0);
        let mut node = 1;
        for bit in (0..bits).rev() {
            let set = self.bit(&mut chances[node], number >> bit & 1 == 1);
            node = node * 2 + usize::from(set);
        }
        (node - (1 << bits)) as u32
    }

    /// Codes a number of any size, in about twice as many bits as it has, fewer when it is like those before.
    fn number(&mut self, chances: &mut Numbers, number: u64) -> u64 {
        let length = self.tree(&mut chances.lengths, 63 - number.saturating_add(1).leading_zeros());
        let mut read = 1_u64;
        for bit in (0..length).rev() {
            // The two highest bits of a number are rarely even; those below are.
            let chance = match length - bit {
                place @ 1..=2 => {
                    &mut chances.heads[(length as usize * 4 + (place as usize - 1) * 2 + (read & 1) as usize) & 255]
                }
                _ => &mut Chance::default(),
            };
            let set = self.bit(chance, number.saturating_add(1) >> bit & 1 == 1);
            read = read << 1 | u64::from(set);
        }
        read - 1
    }
}

/// What is learned of a kind of number.
#[derive(Debug, Clone)]
pub struct Numbers {
    lengths: [Chance; 64],
    heads: [Chance; 256],
}

impl Default for Numbers {
    fn default() -> Self {
        Self { lengths: [Chance::default(); 64], heads: [Chance::default(); 256] }
    }
}

/// As many chances as a [`Side::tree`] over so many values needs; none for one value or none.
pub fn chances(values: usize) -> Vec<Chance> {
    vec![Chance::default(); values.next_power_of_two()]
}

/// Below this span another byte is due.
const LEAST: u32 = 1 << 24;

/// Writes.
#[derive(Debug)]
pub struct Writer {
    bytes: Vec<u8>,
    /// Where the span begins, below the bytes written; past 32 bits it carries into them.
    low: u64,
    span: u32,
}

impl Default for Writer {
    fn default() -> Self {
        Self { bytes: Vec::new(), low: 0, span: u32::MAX }
    }
}

impl Writer {
    /// The bytes written.
    pub fn finish(mut self) -> Vec<u8> {
        for _ in 0..4 {
            self.shift();
        }
        self.bytes
    }

    fn shift(&mut self) {
        if self.low >> 32 != 0 {
            for byte in self.bytes.iter_mut().rev() {
                *byte = byte.wrapping_add(1);
                if *byte != 0 {
                    break;
                }
            }
        }
        let low = self.low as u32;
        self.bytes.push((low >> 24) as u8);
        self.low = u64::from(low << 8);
    }
}

impl Side for Writer {
    const WRITES: bool = true;

    fn bit(&mut self, chance: &mut Chance, bit: bool) -> bool {
        let set = part(self.span, *chance);
        if bit {
            self.span = set;
        } else {
            self.low += u64::from(set);
            self.span -= set;
        }
        chance.learn(bit);
        while self.span < LEAST {
            self.span <<= 8;
            self.shift();
        }
        bit
    }
}

/// Reads; past the end it reads zeros, and says so.
#[derive(Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// How far above the beginning of the span the bytes lie.
    above: u32,
    span: u32,
}

impl<'a> Reader<'a> {
    /// Reads what a [`Writer`] wrote.
    pub fn new(bytes: &'a [u8]) -> Self {
        let mut reader = Self { bytes, at: 0, above: 0, span: u32::MAX };
        for _ in 0..4 {
            reader.shift();
        }
        reader
    }

    /// Whether it has read past the end: nothing that it read then was written.
    pub fn is_spent(&self) -> bool {
        self.at > self.bytes.len()
    }

    #[inline(always)]
    fn shift(&mut self) {
        self.above = self.above << 8 | u32::from(self.bytes.get(self.at).copied().unwrap_or(0));
        self.at += 1;
    }
}

impl Side for Reader<'_> {
    const WRITES: bool = false;

    #[inline(always)]
    fn bit(&mut self, chance: &mut Chance, _: bool) -> bool {
        let set = part(self.span, *chance);
        let bit = self.above < set;
        // Without a branch: these bits are what cannot be foreseen.
        let unset = u32::from(bit).wrapping_sub(1);
        self.above -= set & unset;
        self.span = set ^ (set ^ (self.span - set)) & unset;
        chance.learn(bit);
        while self.span < LEAST {
            self.span <<= 8;
            self.shift();
        }
        bit
    }
}

/// The part of a span that a set bit leaves.
#[inline(always)]
fn part(span: u32, chance: Chance) -> u32 {
    ((u64::from(span) * u64::from(chance.of_set())) >> 16) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(numbers in proptest::collection::vec(any::<u64>().prop_map(|n| n >> (n % 60)), 0..300)) {
            fn code<S: Side>(side: &mut S, numbers: &[u64]) -> Vec<u64> {
                let mut model = Numbers::default();
                let mut small = chances(100);
                numbers
                    .iter()
                    .map(|number| {
                        let number = side.number(&mut model, *number);
                        assert!(side.tree(&mut small, (number % 100) as u32) < 128);
                        number
                    })
                    .collect()
            }
            let mut writer = Writer::default();
            code(&mut writer, &numbers);
            let bytes = writer.finish();
            let mut reader = Reader::new(&bytes);
            let blank = vec![0; numbers.len()];
            // The reader's own numbers steer it, not those handed over.
            prop_assert_eq!(code(&mut reader, &blank), numbers);
            prop_assert!(!reader.is_spent());
        }

        #[test]
        fn any_bytes_are_read_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let mut reader = Reader::new(&bytes);
            let mut model = Numbers::default();
            // What is likely costs next to nothing, and bytes may happen to say only likely things.
            for _ in 0..200_000 {
                reader.number(&mut model, 0);
                if reader.is_spent() {
                    break;
                }
            }
            prop_assert!(reader.is_spent());
        }
    }

    #[test]
    fn what_is_likely_costs_little() {
        let mut writer = Writer::default();
        let mut chance = Chance::default();
        for _ in 0..10_000 {
            writer.bit(&mut chance, false);
        }
        assert!(writer.finish().len() < 40);
    }
}
