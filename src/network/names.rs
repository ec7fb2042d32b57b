//! The operators' names, packed so that one is read without unpacking the others.
//!
//! ```text
//! 2     how many pieces there are, then of each its length (1), then all of their text
//! 4     how many names there are, then for every 16th name where its bits begin (4 each, in bits)
//! …     pieces of names, 12 bits each, high bits first; piece 0 ends a name
//! ```
//!
//! A piece is a text that many names share: a syllable, a word, " Communications". They are found by `cargo xtask data`.

use crate::packed::Fault;

/// The bits of a piece's number.
pub const BITS: usize = 12;
/// A mark is set at every so many names.
pub const STRIDE: usize = 16;
/// No name has more pieces.
const MOST: usize = 80;

/// The names, as they lie in the file.
#[derive(Debug)]
pub struct Names<'a> {
    /// Where each piece ends in the text.
    ends: Vec<u32>,
    text: &'a str,
    count: usize,
    marks: &'a [[u8; 4]],
    bits: &'a [u8],
}

impl<'a> Names<'a> {
    /// Finds the parts of the section.
    ///
    /// # Errors
    /// [`Fault::Damaged`] when they do not add up.
    pub fn open(section: &'a [u8]) -> Result<Self, Fault> {
        Self::parts(section).ok_or(Fault::Damaged)
    }

    fn parts(section: &'a [u8]) -> Option<Self> {
        let (count, rest) = section.split_first_chunk()?;
        let (lengths, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*count)))?;
        let mut end = 0;
        let ends: Vec<u32> = lengths
            .iter()
            .map(|length| {
                end += u32::from(*length);
                end
            })
            .collect();
        let (text, rest) = rest.split_at_checked(end as usize)?;
        let (count, rest) = rest.split_first_chunk()?;
        let count = u32::from_le_bytes(*count) as usize;
        let (marks, bits) = rest.split_at_checked(count.div_ceil(STRIDE).checked_mul(4)?)?;
        Some(Self { ends, text: str::from_utf8(text).ok()?, count, marks: marks.as_chunks().0, bits })
    }

    /// The name at an index.
    pub fn get(&self, index: usize) -> Option<String> {
        if index >= self.count {
            return None;
        }
        let mut at = u32::from_le_bytes(*self.marks.get(index / STRIDE)?) as usize;
        for _ in 0..index % STRIDE {
            while self.piece(&mut at)? != 0 {}
        }
        let mut name = String::new();
        for _ in 0..MOST {
            match self.piece(&mut at)? {
                0 => break,
                piece => {
                    let start = piece.checked_sub(2).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
                    name.push_str(self.text.get(start as usize..*self.ends.get(piece - 1)? as usize)?);
                }
            }
        }
        Some(name)
    }

    /// The number of the piece at a bit, which moves on.
    fn piece(&self, at: &mut usize) -> Option<usize> {
        let bytes = self.bits.get(*at / 8..)?.first_chunk::<2>()?;
        let word = u16::from_be_bytes(*bytes);
        let piece = if (*at).is_multiple_of(8) { word >> 4 } else { word & 0xfff };
        *at += BITS;
        Some(usize::from(piece))
    }
}
