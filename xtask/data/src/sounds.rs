//! What names of foreign places sound like: the table of letters, and the keys that are sure enough.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use latchkey::atlas::words::{self, NONE, SILENCER, VOWEL};
use pinyin::ToPinyin;

use crate::atlas::lines;

/// Countries that speak Chinese, or write their own names in its characters.
const CHINESE: &str = "CN HK JP KP KR MO SG TW VN";
/// Cities of fewer people are rarely written in scripts that their countries do not speak.
pub const PEOPLE: u64 = 100_000;
/// Of so many names that could be heard in a country, at most one may be there by chance.
const CHANCE: usize = 100;

/// Letters, what they sound like, and who speaks them.
pub struct Sounds {
    /// The sound of each letter.
    pub letters: BTreeMap<char, char>,
    /// The script of each letter, by its place in `homes`.
    scripts: BTreeMap<char, usize>,
    /// The countries of each script, parted by spaces.
    homes: Vec<String>,
}

impl Sounds {
    /// Reads sounds.tsv.
    pub fn of(here: &Path) -> Result<Self> {
        let mut sounds = Self { letters: BTreeMap::new(), scripts: BTreeMap::new(), homes: Vec::new() };
        for [script, home, groups] in lines(here, "sounds.tsv")? {
            for group in groups.split(' ') {
                let first = group.chars().next().with_context(|| script.clone())?;
                let letters = group.trim_start_matches([VOWEL, NONE, SILENCER]);
                for letter in letters.chars() {
                    sounds.letters.insert(letter, first);
                    sounds.scripts.insert(letter, sounds.homes.len());
                }
            }
            sounds.homes.push(home);
        }
        sounds.homes.push(CHINESE.to_owned());
        Ok(sounds)
    }

    /// Adds the Chinese characters of a name, by how Mandarin says them: the consonant before, and whether one of the
    /// nose comes after.
    pub fn add(&mut self, name: &str, country: &str) {
        if CHINESE.contains(country) {
            return;
        }
        for c in name.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)) {
            let Some(syllable) = c.to_pinyin() else { continue };
            let syllable = syllable.plain();
            let sound = match syllable.chars().next() {
                Some('b' | 'p') => 'b',
                Some('d' | 't') => 'd',
                Some('g' | 'k') => 'g',
                Some('l' | 'r') => 'l',
                Some('j' | 'q' | 'c' | 'z') => 'z',
                Some('s' | 'x') => 's',
                Some(first @ ('m' | 'n' | 'f' | 'h')) => first,
                _ => VOWEL,
            };
            let is_nasal = syllable.ends_with('n') || syllable.ends_with("ng");
            self.letters.insert(c, if is_nasal { sound.to_ascii_uppercase() } else { sound });
            self.scripts.insert(c, self.homes.len() - 1);
        }
    }

    /// What a name sounds like in a country that does not speak its script, with that script.
    fn heard(&self, name: &str, country: &str) -> Option<(usize, String)> {
        let script = *name.chars().find_map(|c| self.scripts.get(&syllable(c)))?;
        let is_foreign = !self.homes.get(script)?.split(' ').any(|home| home == country);
        let heard = words::sounds(name, |c| self.letters.get(&c).copied()).filter(|_| is_foreign)?;
        Some((script, heard))
    }

    /// The keys of a country's cities, given by their names in simplified characters and index: those that stand
    /// for one city, and are long enough not to be met by chance among all.
    pub fn keys(&self, country: &str, names: &[(String, u16)]) -> BTreeSet<(u32, u16)> {
        let mut cities: BTreeMap<(usize, String), BTreeSet<u16>> = BTreeMap::new();
        for (name, city) in names {
            if let Some(heard) = self.heard(name, country) {
                cities.entry(heard).or_default().insert(*city);
            }
        }
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for (script, _) in cities.keys() {
            *counts.entry(*script).or_default() += 1;
        }
        let is_sure = |script: &usize, heard: &str| {
            // A dozen consonants can stand at each place.
            let others = 12_usize.saturating_pow(heard.chars().count() as u32 - 1);
            counts.get(script).is_some_and(|count| count * CHANCE <= others)
        };
        let sure = cities.into_iter().filter(|((script, heard), cities)| cities.len() == 1 && is_sure(script, heard));
        sure.flat_map(|((_, heard), cities)| cities.into_iter().map(move |city| (words::key(&heard), city))).collect()
    }
}

/// The letter by which a Korean syllable's script is known; any other character.
fn syllable(c: char) -> char {
    if ('\u{ac00}'..='\u{d7a3}').contains(&c) { '\u{1100}' } else { c }
}
