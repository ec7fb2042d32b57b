//! Names of places as keys: what people write in many ways, folded into one.

use crate::characters::{self, Form, compatible, compose};

/// Folds a name: case, accents, voicing marks, spaces, hyphens and other signs do not count, nor do forms of a letter.
/// `simplify` gives the simplified form of a Chinese character.
pub fn fold(name: &str, simplify: impl Fn(char) -> char) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.chars() {
        match compatible(c) {
            Some(Form::Letter(c)) => push(&mut folded, c, &simplify),
            Some(Form::Text(form)) => form.chars().for_each(|c| push(&mut folded, c, &simplify)),
            None => c.to_lowercase().for_each(|c| push(&mut folded, c, &simplify)),
        }
    }
    folded
}

/// Adds a letter in lower case, without its marks.
fn push(folded: &mut String, c: char, simplify: impl Fn(char) -> char) {
    match characters::bare(c) {
        // Apostrophes that count as letters, accents, Arabic vowels, Hebrew points, the dot below of Devanagari.
        '\u{2b9}'..='\u{2bf}'
        | '\u{300}'..='\u{36f}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{5b0}'..='\u{5c7}'
        | '\u{93c}' => {}
        // Korean letters that stand apart.
        c @ '\u{1100}'..='\u{11ff}' => {
            let last = folded.chars().next_back();
            match last.and_then(|last| compose(last, c)) {
                Some(joined) => {
                    folded.pop();
                    folded.push(joined);
                }
                None => folded.push(c),
            }
        }
        'ß' => folded.push_str("ss"),
        'æ' => folded.push_str("ae"),
        'œ' => folded.push_str("oe"),
        'þ' => folded.push_str("th"),
        'ø' => folded.push('o'),
        'đ' | 'ð' => folded.push('d'),
        'ł' => folded.push('l'),
        'ı' => folded.push('i'),
        'ħ' => folded.push('h'),
        'ə' => folded.push('a'),
        'ґ' => folded.push('г'),
        'ة' => folded.push('ه'),
        'ى' | 'ی' => folded.push('ي'),
        'ک' => folded.push('ك'),
        // Ukrainian, Kazakh and the like, as Russian would write them, stay: their names are keys of their own.
        c if c.is_alphanumeric() => folded.push(simplify(c)),
        _ => {}
    }
}

/// The sound of a vowel, which counts where a name begins.
pub const VOWEL: char = '=';
/// The sound of what never counts.
pub const NONE: char = '_';
/// The sound of what silences the letter before.
pub const SILENCER: char = '!';

/// A name of fewer sounds could be any.
const FEWEST: usize = 2;

/// What a name of a foreign place sounds like: its consonants, those alike as one. Each page spells such names by ears of
/// its own ("รียาร์ด", "ริยาด"). `sound` gives that of a letter; `None` where one has none, or all together say too little.
pub fn sounds(name: &str, sound: impl Fn(char) -> Option<char>) -> Option<String> {
    let mut heard = String::from("~");
    let mut before = heard.len();
    for c in name.chars().flat_map(char::to_lowercase) {
        for c in syllable(c).into_iter().flatten() {
            match sound(c) {
                Some(NONE) => {}
                Some(SILENCER) => heard.truncate(before),
                Some(sound) => {
                    before = heard.len();
                    let is_heard = if sound == VOWEL { before == 1 } else { !heard.ends_with(sound) };
                    if is_heard {
                        heard.push(sound);
                    }
                }
                None if c.is_alphanumeric() => return None,
                None => {}
            }
        }
    }
    (heard.chars().nth(FEWEST).is_some()).then_some(heard)
}

/// The consonants of a Korean syllable, first and last; any other character.
fn syllable(c: char) -> [Option<char>; 2] {
    match (c as u32).checked_sub(0xac00) {
        Some(place) if place < 11_172 => {
            let last = place % 28;
            [char::from_u32(0x1100 + place / 588), char::from_u32(0x11a7 + last).filter(|_| last > 0)]
        }
        _ => [Some(c), None],
    }
}

/// The bits of a key.
pub const BITS: u32 = 26;

/// The key of a folded name.
pub fn key(folded: &str) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    for byte in folded.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    // The last bytes reach the high bits only through another turn.
    hash = (hash ^ hash >> 15).wrapping_mul(0x2c1b_3c6d);
    hash = (hash ^ hash >> 12).wrapping_mul(0x297a_2d39);
    (hash ^ hash >> 15) >> (32 - BITS)
}

/// The key of a region's code ("CA", "NSW").
pub fn code_key(code: &str) -> u32 {
    key(&format!("#{code}"))
}

/// What kinds of places are called, before or after their names. Longer ones first.
const KINDS_AFTER: [&str; 39] = [
    "特別行政區",
    "特别行政区",
    "壮族自治区",
    "回族自治区",
    "维吾尔自治区",
    "自治区",
    "自治州",
    "특별자치시",
    "특별자치도",
    "특별시",
    "광역시",
    "新区",
    "地区",
    "市",
    "区",
    "區",
    "县",
    "縣",
    "省",
    "都",
    "府",
    "県",
    "郡",
    "시",
    "도",
    "군",
    " metropolitan city",
    " municipality",
    " prefecture",
    " governorate",
    " province",
    " district",
    " oblast",
    " region",
    " county",
    " state",
    " city",
    " область",
    " обл.",
];
const KINDS_BEFORE: [&str; 22] = [
    "special capital region of ",
    "province of ",
    "provincia de ",
    "provincia di ",
    "département de ",
    "state of ",
    "city of ",
    "thành phố ",
    "tỉnh ",
    "tp. ",
    "tp ",
    "kota ",
    "จังหวัด",
    "เมือง",
    "город ",
    "гор. ",
    "г. ",
    "м. ",
    "місто ",
    "محافظة ",
    "مدينة ",
    "ولاية ",
];

/// A name in lower case without the word for what kind of place it is; `None` when it has none.
pub fn bare(name: &str) -> Option<&str> {
    let cut = KINDS_AFTER
        .iter()
        .find_map(|kind| name.strip_suffix(kind))
        .or_else(|| KINDS_BEFORE.iter().find_map(|kind| name.strip_prefix(kind)))?;
    (!cut.is_empty()).then_some(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_written_in_many_ways_are_one() {
        let plain = |name: &str| fold(name, |c| if c == '臺' { '台' } else { c });
        for (one, other) in [
            ("São Paulo", "SAO PAULO"),
            ("Łódź", "lodz"),
            ("Saint-Étienne", "Saint Etienne"),
            ("İstanbul", "Istanbul"),
            ("القاهرة", "القاهره"),
            ("臺北", "台北"),
            ("Ｔｏｋｙｏ", "tokyo"),
            ("Đà Nẵng", "Da Nang"),
        ] {
            assert_eq!(plain(one), plain(other));
        }
        assert_ne!(plain("पुणे"), plain("पण"));
    }

    #[test]
    fn names_spelled_by_ear_sound_alike() {
        // "ae" stands for a vowel, "x" for what silences the letter before.
        let sound = |c: char| match c {
            'a' | 'e' | 'h' => Some(VOWEL),
            'i' | 'y' => Some(NONE),
            'x' => Some(SILENCER),
            'k' | 'q' => Some('k'),
            'p' | 'r' | 't' => Some(c),
            _ => None,
        };
        let heard = |name: &str| sounds(name, sound);
        assert_eq!(heard("karata").as_deref(), Some("~krt"));
        for alike in ["qarraty", "kart", "ka ra-ta", "kapxrt", "kapixrt", "karthx", "KarT"] {
            assert_eq!(heard(alike), heard("karata"), "{alike}");
        }
        // A vowel counts where the name begins, and only there.
        assert_eq!(heard("ekart").as_deref(), Some("~=krt"));
        // Too short, of another script, nothing at all.
        for nothing in ["ka", "kart z", "kart 1", "", "xxx", "한국"] {
            assert_eq!(heard(nothing), None, "{nothing}");
        }
        // A Korean syllable has a first consonant, and perhaps a last.
        assert_eq!(sounds("밤비", |c| (c as u32 >= 0x1100).then_some(c)).as_deref(), Some("~ᄇᆷᄇ"));
    }

    #[test]
    fn the_word_for_the_kind_of_place_is_cut_off() {
        assert_eq!(bare("广州市"), Some("广州"));
        assert_eq!(bare("ho chi minh city"), Some("ho chi minh"));
        assert_eq!(bare("г. москва"), Some("москва"));
        assert_eq!(bare("市"), None);
        assert_eq!(bare("london"), None);
    }
}
