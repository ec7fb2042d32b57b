//! What Unicode says of characters, as far as folding asks: a tenth of the tables' usual size.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Writes `characters.rs`, three constants:
///
/// - `FOLDS: &str`, a line for each character whose compatibility form (NFKC, lower case) is not its lower case: the
///   character, then that form; sorted. Ideographs that exist only for round trips with older sets are left out.
/// - `PAIRS: &str`, three characters for each pair that composes: letter, mark, both in one; sorted by the first two.
/// - `MARKS: &[(u32, u32)]`, the first and last of each range of combining marks; sorted.
pub fn write(out: &Path) -> Result<(), Box<dyn Error>> {
    // Beyond lie ideographs, and marks that are never seen.
    let all = ('\u{80}'..='\u{1ffff}').filter(|c| !matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'));
    let mut folds = String::new();
    let mut pairs = Vec::new();
    let mut marks: Vec<(u32, u32)> = Vec::new();
    for c in all {
        let form: String = std::iter::once(c).nfkc().flat_map(char::to_lowercase).collect();
        if form != c.to_lowercase().collect::<String>() && !form.contains('\n') {
            writeln!(folds, "{c}{form}")?;
        }
        let mut parts = Vec::new();
        decompose_canonical(c, |part| parts.push(part));
        if let Some(mark) = parts.pop().filter(|_| !parts.is_empty()) {
            let rest: Vec<char> = parts.into_iter().nfc().collect();
            if let [letter] = rest[..]
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
    pairs.sort_unstable();
    let pairs: String = pairs.into_iter().flatten().collect();
    let text = format!(
        "const FOLDS: &str = {folds:?};\nconst PAIRS: &str = {pairs:?};\nconst MARKS: &[(u32, u32)] = &{marks:?};\n"
    );
    fs::write(out.join("characters.rs"), text)?;
    Ok(())
}
