//! Many short texts, packed so that one is read without unpacking the others.
//!
//! ```text
//! 2   how many pieces there are, then of each the length of its code (1) and of its text (1), then all of their texts
//! 4   how many texts there are, then for every 16th where its bits begin (3 each, in bits)
//! …   texts: a code a piece, high bits first; the first piece ends a text
//! ```
//!
//! A piece is what many of them share: a syllable, a word, " Communications"; its code is a canonical Huffman code.
//! The pieces are found by `cargo xtask data`.

use std::ops::Range;

use super::Fault;

/// A mark is set at every so many texts.
pub const STRIDE: usize = 16;
/// No code is longer, in bits.
pub const LONGEST_CODE: usize = 15;
/// No text has more pieces.
const MOST: usize = 80;

/// The texts, as they lie in the file.
#[derive(Debug)]
pub struct Texts<'a> {
    /// How many codes of each length there are.
    lengths: [u32; LONGEST_CODE + 1],
    /// Where the texts of the pieces lie, in the order of their codes.
    pieces: Vec<Range<u32>>,
    text: &'a str,
    count: usize,
    marks: &'a [[u8; 3]],
    bits: &'a [u8],
}

impl<'a> Texts<'a> {
    /// Finds the parts of the section.
    ///
    /// # Errors
    /// [`Fault::Damaged`] when they do not add up.
    pub fn open(section: &'a [u8]) -> Result<Self, Fault> {
        Self::parts(section).ok_or(Fault::Damaged)
    }

    fn parts(section: &'a [u8]) -> Option<Self> {
        let (count, rest) = section.split_first_chunk()?;
        let (table, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*count)) * 2)?;
        let mut end = 0;
        let mut coded = Vec::new();
        let mut lengths = [0; LONGEST_CODE + 1];
        for [code, length] in table.as_chunks().0 {
            let start = end;
            end += u32::from(*length);
            *lengths.get_mut(usize::from(*code))? += 1;
            coded.push((*code, start..end));
        }
        // Stable: codes of one length are handed out in the order of the pieces.
        coded.sort_by_key(|(code, _)| *code);
        let pieces = coded.into_iter().map(|(_, text)| text).collect();
        let (text, rest) = rest.split_at_checked(end as usize)?;
        let (count, rest) = rest.split_first_chunk()?;
        let count = u32::from_le_bytes(*count) as usize;
        let (marks, bits) = rest.split_at_checked(count.div_ceil(STRIDE).checked_mul(3)?)?;
        Some(Self { lengths, pieces, text: str::from_utf8(text).ok()?, count, marks: marks.as_chunks().0, bits })
    }

    /// The text at an index.
    pub fn get(&self, index: usize) -> Option<String> {
        if index >= self.count {
            return None;
        }
        let [low, middle, high] = *self.marks.get(index / STRIDE)?;
        let mut at = u32::from_le_bytes([low, middle, high, 0]) as usize;
        for _ in 0..index % STRIDE {
            while !self.piece(&mut at)?.is_empty() {}
        }
        let mut text = String::new();
        for _ in 0..MOST {
            match self.piece(&mut at)? {
                "" => break,
                piece => text.push_str(piece),
            }
        }
        Some(text)
    }

    /// The piece whose code begins at a bit, which moves on.
    fn piece(&self, at: &mut usize) -> Option<&'a str> {
        let (mut code, mut first, mut index) = (0, 0, 0);
        for count in &self.lengths[1..] {
            code |= u32::from(self.bits.get(*at / 8)? >> (7 - *at % 8) & 1);
            *at += 1;
            if code < first + count {
                let range = self.pieces.get((index + code - first) as usize)?;
                return self.text.get(range.start as usize..range.end as usize);
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }
}
