//! Packaged data: one file a subject, with a header that says what it is, how old, and where it came from.
//!
//! ```text
//!  0  8  "latchkey"
//!  8  1  subject: 1 network, 2 atlas
//!  9  1  version of the format
//! 10  2  zero
//! 12  4  date of the newest source, yyyymmdd
//! 16 32  SHA-256 of all that follows
//! 48  …  count of sections (4), then offset and length of each (4 + 4), then the sections
//! ```
//!
//! Numbers are little-endian; offsets count from the start of the file. The first section names the sources. A file
//! that a person may import ends in a signature: see [`signed`]. Written by `cargo xtask data`.

pub mod coder;
pub mod texts;

use std::ops::Range;

#[cfg(feature = "whole")]
use chrono::Datelike;
use chrono::NaiveDate;
#[cfg(feature = "whole")]
use sha2::{Digest, Sha256};

/// The version of the format that this code reads.
pub const VERSION: u8 = 2;
/// How a file begins.
pub const MAGIC: [u8; 8] = *b"latchkey";
/// The length of the header.
pub const HEADER: usize = 48;
/// How a signed file ends, after the 64 bytes of its signature.
pub const SEAL: [u8; 8] = *b"ed25519\0";

const SIGNATURE: usize = 64;

/// What a file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Addresses: [`crate::network`].
    Network = 1,
    /// Places: [`crate::atlas`].
    Atlas = 2,
}

impl Subject {
    /// What a file is about, by its header.
    ///
    /// # Errors
    /// [`Fault::Foreign`] or [`Fault::Subject`] when it is none of ours.
    pub fn of(bytes: &[u8]) -> Result<Self, Fault> {
        match bytes.strip_prefix(&MAGIC).ok_or(Fault::Foreign)? {
            [1, ..] => Ok(Self::Network),
            [2, ..] => Ok(Self::Atlas),
            _ => Err(Fault::Subject),
        }
    }

    /// The file's name.
    pub fn file(self) -> &'static str {
        match self {
            Self::Network => "network.bin",
            Self::Atlas => "atlas.bin",
        }
    }
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It does not begin as one of ours does.
    #[error("not a data file of Latchkey")]
    Foreign,
    /// Its format is older or newer than this code.
    #[error("the data file is of another version")]
    Version,
    /// It is about something else.
    #[error("the data file is about something else")]
    Subject,
    /// Its content is not what its header says: cut short, or altered.
    #[error("the data file is damaged")]
    Damaged,
    /// It bears no signature where it must.
    #[error("the data file is not signed")]
    Unsigned,
    /// Its signature does not hold: it was altered, or is somebody else's.
    #[error("the data file's signature does not hold")]
    Forged,
    /// Its signature cannot be checked here.
    #[error("signatures cannot be checked here")]
    Unchecked,
    /// It is no newer than what is there.
    #[error("the data file is not newer")]
    NotNewer,
}

/// Where data came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its version, as its publisher counts.
    pub version: &'a str,
    /// Its date (ISO 8601), or as much as is known of it.
    pub date: &'a str,
    /// Its licence.
    pub licence: &'a str,
    /// What its licence wants said.
    pub attribution: &'a str,
    /// Where its licence wants a link to; empty where it wants none.
    pub link: &'a str,
}

/// An opened file: its sections, checked against its header.
#[derive(Debug, Clone)]
pub struct Packed<'a> {
    bytes: &'a [u8],
    date: NaiveDate,
    sections: Vec<Range<usize>>,
}

impl<'a> Packed<'a> {
    /// Opens a file and checks that it is whole.
    ///
    /// # Errors
    /// A [`Fault`] that says why the file is not taken.
    pub fn open(bytes: &'a [u8], subject: Subject) -> Result<Self, Fault> {
        let date = check(bytes, subject)?;
        // The browser vouches for the files of the package, a signature for one that is imported.
        #[cfg(feature = "whole")]
        if Sha256::digest(&bytes[HEADER..]).as_slice() != &bytes[16..HEADER] {
            return Err(Fault::Damaged);
        }
        let count = number(bytes, HEADER)?;
        if count > 64 {
            return Err(Fault::Damaged);
        }
        let mut sections = Vec::with_capacity(count);
        for section in 0..count {
            let at = HEADER + 4 + section * 8;
            let (start, length) = (number(bytes, at)?, number(bytes, at + 4)?);
            let end = start.checked_add(length).filter(|end| *end <= bytes.len()).ok_or(Fault::Damaged)?;
            sections.push(start..end);
        }
        Ok(Self { bytes, date, sections })
    }

    /// The date of the newest source.
    pub fn date(&self) -> NaiveDate {
        self.date
    }

    /// A section's bytes.
    ///
    /// # Errors
    /// [`Fault::Damaged`] when there is no such section.
    pub fn section(&self, index: usize) -> Result<&'a [u8], Fault> {
        self.range(index).map(|range| &self.bytes[range])
    }

    /// Where a section lies in the file.
    ///
    /// # Errors
    /// [`Fault::Damaged`] when there is no such section.
    pub fn range(&self, index: usize) -> Result<Range<usize>, Fault> {
        self.sections.get(index).cloned().ok_or(Fault::Damaged)
    }

    /// Where the data came from, with what the licences want said.
    pub fn sources(&self) -> Vec<Source<'a>> {
        let text = self.section(0).ok().and_then(|bytes| str::from_utf8(bytes).ok()).unwrap_or_default();
        text.lines()
            .filter_map(|line| {
                let mut parts = line.split('\t');
                let mut next = || parts.next();
                Some(Source {
                    name: next()?,
                    version: next()?,
                    date: next()?,
                    licence: next()?,
                    attribution: next()?,
                    link: next()?,
                })
            })
            .collect()
    }
}

/// Parts a signed file into what is signed and its ed25519 signature, which the shell checks against the packaged key
/// (WebCrypto knows the algorithm) before anything else is done with the file.
///
/// # Errors
/// [`Fault::Unsigned`] when the file does not end in a signature.
pub fn signed(bytes: &[u8]) -> Result<(&[u8], [u8; SIGNATURE]), Fault> {
    let rest = bytes.strip_suffix(&SEAL).ok_or(Fault::Unsigned)?;
    let (content, signature) = rest.split_last_chunk::<SIGNATURE>().ok_or(Fault::Unsigned)?;
    Ok((content, *signature))
}

/// Checks a file that is to take another's place: whole, of this subject and version, and newer.
///
/// Its signature must have been checked before; see [`signed`].
///
/// # Errors
/// A [`Fault`] that says why the file is not taken; what is there stays in use.
pub fn renewed<'a>(bytes: &'a [u8], subject: Subject, present: NaiveDate) -> Result<Packed<'a>, Fault> {
    let packed = Packed::open(bytes, subject)?;
    if packed.date() <= present { Err(Fault::NotNewer) } else { Ok(packed) }
}

/// A file's bytes around its sections; the first of them must name the sources.
#[cfg(feature = "whole")]
pub fn pack(subject: Subject, date: NaiveDate, sections: &[Vec<u8>]) -> Vec<u8> {
    let mut content = Vec::new();
    let word = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
    content.extend(word(sections.len()));
    let mut offset = HEADER + 4 + sections.len() * 8;
    for section in sections {
        content.extend(word(offset));
        content.extend(word(section.len()));
        offset += section.len();
    }
    content.extend(sections.iter().flatten());
    let mut bytes = Vec::with_capacity(HEADER + content.len());
    bytes.extend(MAGIC);
    bytes.extend([subject as u8, VERSION, 0, 0]);
    bytes.extend((date.year().unsigned_abs() * 10_000 + date.month() * 100 + date.day()).to_le_bytes());
    bytes.extend(Sha256::digest(&content));
    bytes.extend(content);
    bytes
}

/// Checks all of a header but the hash; returns its date.
fn check(bytes: &[u8], subject: Subject) -> Result<NaiveDate, Fault> {
    if !bytes.starts_with(&MAGIC) {
        return Err(Fault::Foreign);
    }
    if bytes.len() < HEADER + 4 {
        return Err(Fault::Damaged);
    }
    if bytes[9] != VERSION {
        return Err(Fault::Version);
    }
    if bytes[8] != subject as u8 {
        return Err(Fault::Subject);
    }
    let date = number(bytes, 12)? as u32;
    NaiveDate::from_ymd_opt((date / 10_000) as i32, date / 100 % 100, date % 100).ok_or(Fault::Damaged)
}

/// The number at an offset.
fn number(bytes: &[u8], at: usize) -> Result<usize, Fault> {
    let word = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>()).ok_or(Fault::Damaged)?;
    Ok(u32::from_le_bytes(*word) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn file() -> Vec<u8> {
        let sources = b"A list\t1.0\t2026-06-17\tCC0-1.0\tA list, by its makers\thttps://example.org\n".to_vec();
        pack(Subject::Network, day("2026-09-23"), &[sources, b"content".to_vec()])
    }

    #[test]
    fn what_is_packed_is_opened() {
        let file = file();
        let packed = Packed::open(&file, Subject::Network).unwrap();
        assert_eq!(packed.date(), day("2026-09-23"));
        assert_eq!(packed.section(1), Ok(b"content".as_slice()));
        assert_eq!(packed.section(2), Err(Fault::Damaged));
        let [source] = packed.sources()[..] else { panic!("one source") };
        assert_eq!((source.name, source.licence, source.link), ("A list", "CC0-1.0", "https://example.org"));
    }

    #[test]
    fn a_file_cut_short_or_altered_anywhere_is_refused() {
        let whole = file();
        for length in 0..whole.len() {
            assert!(Packed::open(&whole[..length], Subject::Network).is_err(), "cut to {length}");
        }
        for at in (0..whole.len()).filter(|at| !(10..16).contains(at)) {
            let mut altered = whole.clone();
            altered[at] ^= 0x10;
            assert!(Packed::open(&altered, Subject::Network).is_err(), "altered at {at}");
        }
    }

    #[test]
    fn another_version_subject_or_format_is_told_apart() {
        let refused = |at: usize, byte: u8| {
            let mut file = file();
            file[at] = byte;
            Packed::open(&file, Subject::Network).unwrap_err()
        };
        assert_eq!(refused(9, VERSION + 1), Fault::Version);
        assert_eq!(refused(8, Subject::Atlas as u8), Fault::Subject);
        assert_eq!(refused(0, b'L'), Fault::Foreign);
        assert_eq!(refused(100, 0), Fault::Damaged);
    }

    #[test]
    fn a_file_says_what_it_is_about() {
        assert_eq!(Subject::of(&file()), Ok(Subject::Network));
        assert_eq!(Subject::of(b"latchkey\x02"), Ok(Subject::Atlas));
        assert_eq!(Subject::of(b"latchkey\x09"), Err(Fault::Subject));
        assert_eq!(Subject::of(b"GIF89a"), Err(Fault::Foreign));
    }

    #[test]
    fn only_a_newer_file_takes_another_ones_place() {
        let file = file();
        assert!(renewed(&file, Subject::Network, day("2026-09-22")).is_ok());
        for present in ["2026-09-23", "2027-01-01"] {
            assert_eq!(renewed(&file, Subject::Network, day(present)).unwrap_err(), Fault::NotNewer);
        }
    }

    #[test]
    fn a_signature_is_parted_from_what_it_signs() {
        let mut file = file();
        assert_eq!(signed(&file), Err(Fault::Unsigned));
        assert_eq!(signed(&SEAL), Err(Fault::Unsigned));
        let content = file.clone();
        file.extend([7; 64]);
        file.extend(SEAL);
        assert_eq!(signed(&file), Ok((content.as_slice(), [7; 64])));
    }
}
