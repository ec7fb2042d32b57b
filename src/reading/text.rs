//! Text made comparable: folded, with the way back to what the page printed.

pub use crate::characters::is_combining_mark;
use crate::characters::{Form, compatible, compose};

/// A text in folded form: NFKC, lower case, without what cannot be seen, digits of all scripts as ASCII, dashes and
/// quotes as one kind, white space collapsed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    /// The folded text.
    pub text: String,
    /// For each byte of `text`, where its character starts in the original; one more for the end. Empty where the two
    /// run in step.
    map: Vec<u32>,
}

impl Folded {
    /// Folds a text.
    pub fn new(original: &str) -> Self {
        if original.is_ascii() && !original.bytes().any(|byte| byte.is_ascii_whitespace() && byte != b' ') {
            return Self { text: original.to_ascii_lowercase(), map: Vec::new() };
        }
        let mut text = String::with_capacity(original.len());
        let mut map = Vec::with_capacity(original.len() + 1);
        for (at, c) in original.char_indices() {
            let start = text.len();
            fold_char(c, &mut text);
            map.resize(map.len() + text.len() - start, at as u32);
        }
        map.push(original.len() as u32);
        Self { text, map }
    }

    /// The place in the original of a place in the folded text.
    pub fn original(&self, at: usize) -> usize {
        if self.map.is_empty() { at } else { self.map.get(at).or(self.map.last()).map_or(at, |place| *place as usize) }
    }

    /// The part of the original that a range of the folded text stands for, ends trimmed.
    pub fn verbatim<'a>(&self, original: &'a str, range: std::ops::Range<usize>) -> &'a str {
        original.get(self.original(range.start)..self.original(range.end)).unwrap_or_default().trim()
    }
}

/// The folded form alone.
pub fn fold(text: &str) -> String {
    Folded::new(text).text
}

/// The text with what cannot be seen taken out and composed: the form in which words are given on.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_invisible(*c) || is_bidi(*c)) {
        push_joined(c, &mut out);
    }
    out.trim_matches(|c: char| c.is_whitespace() || is_bidi(c)).to_owned()
}

/// Whether words of a character's script stand without spaces between them.
pub fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}' | '\u{3130}'..='\u{318f}'
        | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '々' | '〇' | '\u{20000}'..='\u{2ffff}')
}

/// Whether a word may begin or end between two characters.
pub fn is_boundary(before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return true };
    if is_unspaced(before) || is_unspaced(after) {
        return !is_combining_mark(after);
    }
    let word = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    if !word(before) || !word(after) {
        return true;
    }
    // "5h", "14h12": a digit beside a letter parts words.
    before.is_ascii_digit() != after.is_ascii_digit()
}

fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_invisible(c: char) -> bool {
    is_bidi(c) || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{fe00}'..='\u{fe0f}')
}

fn fold_char(c: char, out: &mut String) {
    if c.is_ascii() {
        if c.is_ascii_whitespace() {
            push_space(out);
        } else {
            out.push(c.to_ascii_lowercase());
        }
        return;
    }
    if is_invisible(c) {
        return;
    }
    match c {
        '\u{64b}'..='\u{652}' | '\u{670}' | '\u{640}' => {}
        'İ' | 'ı' => out.push('i'),
        'أ' | 'إ' | 'آ' | 'ٱ' => out.push('ا'),
        'ی' | 'ى' => out.push('ي'),
        'ک' => out.push('ك'),
        '‘' | '’' | 'ʼ' | '`' => out.push('\''),
        '“' | '”' | '«' | '»' => out.push('"'),
        '\u{2010}'..='\u{2015}' | '−' => out.push('-'),
        '।' => out.push('.'),
        _ => match digit(c) {
            Some(digit) => out.push(digit),
            None => match compatible(c) {
                Some(Form::Letter(c)) => push_joined(c, out),
                Some(Form::Text(form)) => {
                    for c in form.chars() {
                        if c.is_whitespace() {
                            push_space(out);
                        } else {
                            push_joined(c, out);
                        }
                    }
                }
                None if c.is_whitespace() => push_space(out),
                None => c.to_lowercase().for_each(|c| push_joined(c, out)),
            },
        },
    }
}

/// Adds a character, joined to the one before where the two have a form in one.
fn push_joined(c: char, out: &mut String) {
    match out.chars().next_back().and_then(|last| compose(last, c)) {
        Some(joined) => {
            out.pop();
            out.push(joined);
        }
        None => out.push(c),
    }
}

fn push_space(out: &mut String) {
    if !out.ends_with(' ') {
        out.push(' ');
    }
}

/// A decimal digit of another script, as ASCII.
fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 12] = [0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xe50, 0xed0, 0x1040, 0x17e0];
    let value = ZEROS.iter().find_map(|zero| (c as u32).checked_sub(*zero).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_leaves_what_words_mean() {
        assert_eq!(fold("Log\u{a0}\u{202f}Out"), "log out");
        assert_eq!(fold("ＩＰ：１９８"), "ip:198");
        assert_eq!(fold("١٤/٠٤"), "14/04");
        assert_eq!(fold("ÇIKIŞ İptal"), "çikiş iptal");
        assert_eq!(fold("Chr\u{200b}ome\u{200f}"), "chrome");
        assert_eq!(fold("e\u{301}"), "é");
    }

    #[test]
    fn the_way_back_gives_the_words_as_printed() {
        let original = "Zürich – ＩＰ ١٤";
        let folded = Folded::new(original);
        let at = folded.text.find("ip").unwrap();
        assert_eq!(folded.verbatim(original, at..at + 2), "ＩＰ");
        assert_eq!(folded.verbatim(original, 0..folded.text.len()), original);
    }

    #[test]
    fn words_part_where_scripts_and_digits_meet() {
        assert!(is_boundary(Some('5'), Some('h')));
        assert!(is_boundary(Some('全'), Some('部')));
        assert!(!is_boundary(Some('o'), Some('n')));
        assert!(is_boundary(Some(' '), Some('n')));
        assert!(!is_boundary(Some('1'), Some('2')));
    }
}
