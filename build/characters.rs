//! What Unicode says of characters, as far as folding asks: a tenth of the tables' usual size.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Writes `characters.rs`, three constants:
///
/// - `FOLDS: &str`, a line for each run of characters whose compatibility form (NFKC, lower case) is not their lower
///   case: the first of the run, the form of that one, and the length of the run in decimal digits after a tab where it
///   is not 1; the forms of the others are the next characters. Sorted. What exists only for round trips with older
///   sets (ideographs, radicals, Arabic ligatures) is left out: no page prints it.
/// - `PAIRS: &str`, three characters for each pair that composes: letter, mark, both in one; sorted by the first two;
///   without those of ancient Greek.
/// - `MARKS: &[(u32, u32)]`, the first and last of each range of combining marks; sorted.
pub fn write(out: &Path) -> Result<(), Box<dyn Error>> {
    // Beyond lie ideographs, and marks that are never seen.
    let all = ('\u{80}'..='\u{1ffff}').filter(|c| !matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'));
    let is_old = |c: char| matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{3200}'..='\u{33ff}' | '\u{fb50}'..='\u{fdff}');
    let mut folds: Vec<(char, String, u32)> = Vec::new();
    let mut pairs = Vec::new();
    let mut marks: Vec<(u32, u32)> = Vec::new();
    for c in all {
        let form: String = std::iter::once(c).nfkc().flat_map(char::to_lowercase).collect();
        if form != c.to_lowercase().collect::<String>() && !is_old(c) && !form.contains(['\n', '\t']) {
            match folds.last_mut() {
                Some((first, start, length)) if follows(*first, c, *length) && continues(start, &form, *length) => {
                    *length += 1;
                }
                _ => folds.push((c, form, 1)),
            }
        }
        let mut parts = Vec::new();
        decompose_canonical(c, |part| parts.push(part));
        if let Some(mark) = parts.pop().filter(|_| !parts.is_empty()) {
            let rest: Vec<char> = parts.into_iter().nfc().collect();
            // Ancient Greek is on no page of an exchange.
            if let [letter] = rest[..]
                && !('\u{1f00}'..='\u{1fff}').contains(&c)
                && [letter, mark].into_iter().nfc().eq([c])
            {
                pairs.push([letter, mark, c]);
            }
        }
        if is_combining_mark(c) {
            match marks.last_mut() {
                Some((_, last)) if *last + 1 == c as u32 => *last = c as u32,
                _ => marks.push((c as u32, c as u32)),
            }
        }
    }
    let mut lines = String::new();
    for (first, form, length) in folds {
        match length {
            1 => writeln!(lines, "{first}{form}")?,
            _ => writeln!(lines, "{first}{form}\t{length}")?,
        }
    }
    pairs.sort_unstable();
    let pairs: String = pairs.into_iter().flatten().collect();
    let text = format!(
        "const FOLDS: &str = {lines:?};\nconst PAIRS: &str = {pairs:?};\nconst MARKS: &[(u32, u32)] = &{marks:?};\n"
    );
    fs::write(out.join("characters.rs"), text)?;
    Ok(())
}

fn follows(first: char, c: char, distance: u32) -> bool {
    first as u32 + distance == c as u32
}

/// Whether a form is the single character that lies as far after another.
fn continues(start: &str, form: &str, distance: u32) -> bool {
    let (mut start, mut form) = (start.chars(), form.chars());
    match (start.next(), start.next(), form.next(), form.next()) {
        (Some(from), None, Some(to), None) => follows(from, to, distance),
        _ => false,
    }
}
