//! What Unicode says of a character: its compatibility form, what it joins with, whether it is a combining mark.
//!
//! The tables are packed by `build/characters.rs` from those of the crate unicode-normalization, whose own would be a
//! seventh of all that the background may weigh.

use std::sync::OnceLock;

include!(concat!(env!("OUT_DIR"), "/characters.rs"));

/// Lower case, letter by letter: without the standard library's tables for the one Greek letter that asks what is
/// around it.
pub fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// The compatibility form (NFKC) in lower case, of a character that has one other than its lower case.
pub fn compatible(c: char) -> Option<Form> {
    static TABLE: OnceLock<Vec<(char, u32, &'static str)>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        FOLDS
            .lines()
            .filter_map(|line| {
                let (line, length) = line.split_once('\t').unwrap_or((line, "1"));
                let mut rest = line.chars();
                Some((rest.next()?, length.parse().ok()?, rest.as_str()))
            })
            .collect()
    });
    let (first, length, form) = table.get(table.partition_point(|(first, ..)| *first <= c).checked_sub(1)?)?;
    let place = c as u32 - *first as u32;
    match (place < *length, *length) {
        (false, _) => None,
        (true, 1) => Some(Form::Text(form)),
        (true, _) => char::from_u32(form.chars().next()? as u32 + place).map(Form::Letter),
    }
}

/// A compatibility form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One character.
    Letter(char),
    /// One or several.
    Text(&'static str),
}

/// Two characters in one: "e" and an acute accent, two Korean letters.
pub fn compose(letter: char, mark: char) -> Option<char> {
    if mark.is_ascii() || (mark as u32) < 0x300 {
        return None;
    }
    static TABLE: OnceLock<Vec<[char; 3]>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut pairs = PAIRS.chars();
        std::iter::from_fn(|| Some([pairs.next()?, pairs.next()?, pairs.next()?])).collect()
    });
    let at = table.binary_search_by_key(&[letter, mark], |[letter, mark, _]| [*letter, *mark]);
    at.ok().and_then(|at| table.get(at)).map(|[.., both]| *both).or_else(|| compose_hangul(letter, mark))
}

/// The letter of one that stands with its mark in one character ("é": "e"); itself where it bears none.
pub fn bare(c: char) -> char {
    static TABLE: OnceLock<Vec<(char, char)>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut pairs = PAIRS.chars();
        let pairs = std::iter::from_fn(|| Some([pairs.next()?, pairs.next()?, pairs.next()?]));
        let mut table: Vec<(char, char)> = pairs.map(|[letter, _, both]| (both, letter)).collect();
        crate::order::by(&mut table, |a, b| a.0.cmp(&b.0));
        table
    });
    // Marks stand on marks: "ệ" is "ẹ" with one more.
    let mut letter = c;
    while let Ok(at) = table.binary_search_by_key(&letter, |(both, _)| *both) {
        letter = table[at].1;
    }
    letter
}

/// The arithmetic of Korean syllables (The Unicode Standard, section 3.12).
fn compose_hangul(first: char, second: char) -> Option<char> {
    let (first, second) = (first as u32, second as u32);
    let below = |value: u32, base: u32, count: u32| value.checked_sub(base).filter(|place| *place < count);
    if let (Some(lead), Some(vowel)) = (below(first, 0x1100, 19), below(second, 0x1161, 21)) {
        return char::from_u32(0xac00 + (lead * 21 + vowel) * 28);
    }
    let syllable = below(first, 0xac00, 11_172).filter(|place| place % 28 == 0)?;
    let tail = below(second, 0x11a7, 28).filter(|tail| *tail > 0)?;
    char::from_u32(0xac00 + syllable + tail)
}

/// Whether a character is a combining mark (general category M).
pub fn is_combining_mark(c: char) -> bool {
    let c = c as u32;
    let before = MARKS.partition_point(|(first, _)| *first <= c);
    before.checked_sub(1).and_then(|at| MARKS.get(at)).is_some_and(|(_, last)| c <= *last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_older_sets_are_read_as_the_letters_they_show() {
        for (c, form) in [('Ａ', "a"), ('①', "1"), ('ﬁ', "fi"), ('𝐙', "z"), ('ﻼ', "لا"), ('ｶ', "カ"), ('𝐀', "a")]
        {
            let shown = compatible(c).map(|form| match form {
                Form::Letter(c) => c.to_string(),
                Form::Text(text) => text.to_owned(),
            });
            assert_eq!(shown.as_deref(), Some(form), "{c}");
        }
        assert_eq!(compatible('é'), None);
        assert_eq!(compatible('中'), None);
    }

    #[test]
    fn letters_and_marks_join() {
        for (letter, mark, both) in
            [('e', '\u{301}', 'é'), ('ẹ', '\u{302}', 'ệ'), ('カ', '\u{3099}', 'ガ'), ('ᄒ', 'ᅡ', '하'), ('하', 'ᆫ', '한')]
        {
            assert_eq!(compose(letter, mark), Some(both));
        }
        assert_eq!(compose('한', 'ᆫ'), None);
        assert_eq!(compose('x', 'y'), None);
    }

    #[test]
    fn a_letter_stands_alone_without_its_marks() {
        for (marked, letter) in [('é', 'e'), ('ệ', 'e'), ('й', 'и'), ('أ', 'ا'), ('が', 'か'), ('a', 'a'), ('한', '한')]
        {
            assert_eq!(bare(marked), letter);
        }
    }

    #[test]
    fn marks_are_told_from_letters() {
        for mark in ['\u{301}', '\u{94d}', '\u{e31}', '\u{64b}', '\u{20dd}'] {
            assert!(is_combining_mark(mark), "{mark:?}");
        }
        for other in ['a', 'é', 'क', 'ก', '中'] {
            assert!(!is_combining_mark(other), "{other:?}");
        }
    }
}
