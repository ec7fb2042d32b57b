//! The operators' names: shortened, and packed by pieces that many share.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use latchkey::network::names::{LONGEST_CODE, STRIDE};

/// Words at the end of a name that say only what kind of company it is.
const LEGAL: [&str; 46] = [
    "inc",
    "llc",
    "ltd",
    "limited",
    "ltda",
    "gmbh",
    "ag",
    "sa",
    "s a",
    "srl",
    "s r l",
    "sl",
    "s l",
    "bv",
    "b v",
    "nv",
    "ab",
    "as",
    "a s",
    "aps",
    "oy",
    "oyj",
    "ooo",
    "zao",
    "oao",
    "pao",
    "pjsc",
    "ojsc",
    "cjsc",
    "jsc",
    "plc",
    "pte",
    "pty",
    "pvt",
    "private",
    "co",
    "corp",
    "corporation",
    "company",
    "kg",
    "kft",
    "sp z o o",
    "spa",
    "s p a",
    "eireli",
    "sas",
];

/// How many pieces the names are made of. More make the names shorter, and the table of pieces longer.
const PIECES: usize = 6000;

/// No name is longer.
const LONGEST: usize = 40;

/// A name as people would say it: without its legal form, without capitals throughout, not too long.
pub fn shorten(name: &str) -> String {
    let mut name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    loop {
        let plain: String = name.to_lowercase().replace(['.', '/'], " ").replace(',', " ");
        let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        let Some(form) = LEGAL.iter().find(|form| plain.strip_suffix(**form).is_some_and(|rest| rest.ends_with(' ')))
        else {
            break;
        };
        // Take as many letters off the end as the form has; what separates them goes along.
        let mut letters = form.chars().filter(|c| c.is_alphanumeric()).count();
        while letters > 0 {
            letters -= usize::from(name.pop().is_none_or(char::is_alphanumeric));
        }
        let kept = name.trim_end_matches(|c: char| c.is_whitespace() || ",.-/(".contains(c)).len();
        name.truncate(kept);
    }
    if !name.chars().any(char::is_lowercase) && name.chars().count() > 4 {
        name = name.split(' ').map(capitalised).collect::<Vec<_>>().join(" ");
    }
    if name.chars().count() > LONGEST {
        let cut: String = name.chars().take(LONGEST).collect();
        let whole = cut.rfind(' ').filter(|at| *at > LONGEST / 2).unwrap_or(cut.len());
        name = cut[..whole].trim_end_matches([',', ' ', '-', '.']).to_owned();
    }
    name
}

fn capitalised(word: &str) -> String {
    // Short words are abbreviations as often as not.
    if word.chars().count() <= 3 || word.chars().any(|c| c.is_ascii_digit()) {
        return word.to_owned();
    }
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_string() + &letters.as_str().to_lowercase())
}

/// The section of names: see [`latchkey::network::names`].
pub fn pack(names: &[String]) -> Vec<u8> {
    let (pieces, texts) = pieces(names);
    // The first piece ends a name.
    let mut uses = vec![0_u64; pieces.len() + 1];
    uses[0] = texts.len() as u64;
    for piece in texts.iter().flatten() {
        uses[*piece as usize + 1] += 1;
    }
    let lengths = lengths(&uses);
    let codes = codes(&lengths);
    let mut section = Vec::new();
    section.extend(u16::try_from(uses.len()).unwrap_or(u16::MAX).to_le_bytes());
    for (length, piece) in lengths.iter().zip(std::iter::once("").chain(pieces.iter().map(String::as_str))) {
        section.extend([*length as u8, piece.len() as u8]);
    }
    section.extend(pieces.concat().into_bytes());
    section.extend((names.len() as u32).to_le_bytes());
    let mut bits: Vec<bool> = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        if index % STRIDE == 0 {
            section.extend(&(bits.len() as u32).to_le_bytes()[..3]);
        }
        for piece in text.iter().map(|piece| *piece as usize + 1).chain([0]) {
            bits.extend((0..lengths[piece]).rev().map(|bit| codes[piece] >> bit & 1 == 1));
        }
    }
    let byte = |bits: &[bool]| bits.iter().enumerate().fold(0, |byte, (at, bit)| byte | u8::from(*bit) << (7 - at));
    section.extend(bits.chunks(8).map(byte));
    section
}

/// The lengths of the codes of a Huffman code, none longer than the reader takes.
fn lengths(uses: &[u64]) -> Vec<usize> {
    let mut uses: Vec<u64> = uses.iter().map(|uses| (*uses).max(1)).collect();
    loop {
        // Nodes: the leaves, then what joins two of them; each knows who joined it.
        let mut heap: BinaryHeap<_> = uses.iter().enumerate().map(|(node, uses)| Reverse((*uses, node))).collect();
        let mut parents = vec![0; uses.len()];
        while let (Some(Reverse((one, left))), Some(Reverse((two, right)))) = (heap.pop(), heap.pop()) {
            let parent = parents.len();
            parents.push(0);
            (parents[left], parents[right]) = (parent, parent);
            if heap.is_empty() {
                break;
            }
            heap.push(Reverse((one + two, parent)));
        }
        let root = parents.len() - 1;
        let mut depths = vec![0; parents.len()];
        for node in (0..root).rev() {
            depths[node] = depths[parents[node]] + 1;
        }
        depths.truncate(uses.len());
        if depths.iter().all(|depth| *depth <= LONGEST_CODE) {
            return depths.into_iter().map(|depth| depth.max(1)).collect();
        }
        uses.iter_mut().for_each(|uses| *uses = *uses / 2 + 1);
    }
}

/// The codes of these lengths: canonical, so that the reader needs the lengths alone.
fn codes(lengths: &[usize]) -> Vec<u32> {
    let mut codes = vec![0; lengths.len()];
    let mut code = 0;
    for length in 1..=LONGEST_CODE {
        for (symbol, _) in lengths.iter().enumerate().filter(|(_, other)| **other == length) {
            codes[symbol] = code;
            code += 1;
        }
        code <<= 1;
    }
    codes
}

/// Finds the pieces by joining the most frequent two neighbours until there are enough, and writes the names in them.
fn pieces(names: &[String]) -> (Vec<String>, Vec<Vec<u32>>) {
    let mut letters: Vec<char> = names.iter().flat_map(|name| name.chars()).collect();
    letters.sort_unstable();
    letters.dedup();
    let mut pieces: Vec<String> = letters.iter().map(char::to_string).collect();
    let number: HashMap<char, u32> =
        letters.iter().enumerate().map(|(index, letter)| (*letter, index as u32)).collect();
    let mut texts: Vec<Vec<u32>> =
        names.iter().map(|name| name.chars().map(|letter| number[&letter]).collect()).collect();

    let mut counts: HashMap<(u32, u32), i64> = HashMap::new();
    for two in texts.iter().flat_map(|text| text.windows(2)) {
        *counts.entry((two[0], two[1])).or_default() += 1;
    }
    // The most frequent first; of equals the smallest, so that every run finds the same.
    let mut heap: BinaryHeap<_> = counts.iter().map(|(two, count)| (*count, Reverse(*two))).collect();
    while pieces.len() < PIECES {
        let Some((count, Reverse(two))) = heap.pop() else { break };
        let current = counts.get(&two).copied().unwrap_or(0);
        if current != count {
            if current > 1 {
                heap.push((current, Reverse(two)));
            }
            continue;
        }
        let joined = pieces[two.0 as usize].clone() + &pieces[two.1 as usize];
        if count < 2 || joined.len() > 255 {
            counts.remove(&two);
            continue;
        }
        let piece = pieces.len() as u32;
        pieces.push(joined);
        let mut changed = Vec::new();
        for text in &mut texts {
            join(text, two, piece, |pair, by| {
                *counts.entry(pair).or_default() += by;
                changed.push(pair);
            });
        }
        changed.sort_unstable();
        changed.dedup();
        heap.extend(changed.into_iter().map(|pair| (counts[&pair], Reverse(pair))).filter(|(count, _)| *count > 1));
    }
    (pieces, texts)
}

/// Joins two neighbours wherever they stand, and tells what that does to the counts of neighbours.
fn join(text: &mut Vec<u32>, two: (u32, u32), piece: u32, mut count: impl FnMut((u32, u32), i64)) {
    let mut at = 0;
    while at + 1 < text.len() {
        if (text[at], text[at + 1]) != two {
            at += 1;
            continue;
        }
        count(two, -1);
        if at > 0 {
            count((text[at - 1], two.0), -1);
            count((text[at - 1], piece), 1);
        }
        if let Some(after) = text.get(at + 2).copied() {
            count((two.1, after), -1);
            count((piece, after), 1);
        }
        text[at] = piece;
        text.remove(at + 1);
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_said_as_people_say_them() {
        for (name, short) in [
            ("Cloudflare, Inc.", "Cloudflare"),
            ("DEUTSCHE TELEKOM AG", "Deutsche Telekom"),
            ("Telefonica de Espana S.A.U.", "Telefonica de Espana S.A.U."),
            ("M247 Europe SRL", "M247 Europe"),
            ("Hetzner Online GmbH", "Hetzner Online"),
            ("Atman Sp. z o.o.", "Atman"),
            ("KPN B.V.", "KPN"),
            ("AT&T", "AT&T"),
            ("OVH SAS", "OVH"),
            ("Co", "Co"),
        ] {
            assert_eq!(shorten(name), short, "{name}");
        }
    }

    #[test]
    fn what_is_packed_is_read() {
        let names: Vec<String> = (0..500)
            .map(|n| if n % 7 == 0 { String::new() } else { format!("Telecom Número {} 株", n % 90) })
            .collect();
        let section = pack(&names);
        let read = latchkey::network::names::Names::open(&section).unwrap();
        for (index, name) in names.iter().enumerate() {
            assert_eq!(read.get(index).as_ref(), Some(name));
        }
        assert_eq!(read.get(names.len()), None);
    }
}
