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
/// A city so many times larger than another that is near to its name is the one meant.
const LARGER: u64 = 20;

/// Letters, what they sound like, and who speaks them.
pub struct Sounds {
    /// The sound of each letter.
    pub letters: BTreeMap<char, char>,
    /// The Latin consonant near to each sound.
    latin: BTreeMap<char, char>,
    /// The script of each letter, by its place in `homes`.
    scripts: BTreeMap<char, usize>,
    /// The countries of each script, parted by spaces.
    homes: Vec<String>,
}

impl Sounds {
    /// Reads sounds.tsv.
    pub fn of(here: &Path) -> Result<Self> {
        // Those of Chinese characters are Latin letters.
        let latin = "bp ff dt gk hh ll mm nn ss zs".split(' ').filter_map(|pair| {
            let [one, other] = pair.chars().collect::<Vec<_>>()[..] else { return None };
            Some([(one, other), (one.to_ascii_uppercase(), other)])
        });
        let mut sounds = Self {
            letters: BTreeMap::new(),
            latin: latin.flatten().collect(),
            scripts: BTreeMap::new(),
            homes: Vec::new(),
        };
        for [script, home, groups] in lines(here, "sounds.tsv")? {
            for group in groups.split(' ') {
                let (latin, letters) = group.split_once(':').unwrap_or(("", group));
                let first = letters.chars().next().with_context(|| script.clone())?;
                sounds.latin.extend(latin.chars().next().map(|latin| (first, latin)));
                for letter in letters.trim_start_matches([VOWEL, NONE, SILENCER]).chars() {
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
        let script = *name.chars().flat_map(char::to_lowercase).find_map(|c| self.scripts.get(&syllable(c)))?;
        let is_foreign = !self.homes.get(script)?.split(' ').any(|home| home == country);
        let heard = words::sounds(name, |c| self.letters.get(&c).copied()).filter(|_| is_foreign)?;
        Some((script, heard))
    }

    /// The keys of a country's cities, given by their names in simplified characters and index: those that stand
    /// for one city, are long enough not to be met by chance among all, and are near to the first name of no other that
    /// may be meant. `first` are the first names of its larger cities, with their people, by index.
    pub fn keys(
        &self,
        country: &str,
        names: &[(String, u16)],
        first: &BTreeMap<u16, (String, u64)>,
    ) -> BTreeSet<(u32, u16)> {
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
        let mut near: BTreeMap<String, Vec<(u16, u64)>> = BTreeMap::new();
        for (city, (name, people)) in first {
            near.entry(bones(latin(name))).or_default().push((*city, *people));
        }
        let mut keys = BTreeSet::new();
        for ((script, heard), cities) in cities {
            let (Some(city), 1) = (cities.first(), cities.len()) else { continue };
            let people = first.get(city).map_or(0, |(_, people)| *people);
            let bones = bones(heard.chars().filter_map(|c| self.latin.get(&c).copied()));
            let is_another = |(other, others): &(u16, u64)| other != city && others * LARGER > people;
            if !near.get(&bones).into_iter().flatten().any(is_another) && is_sure(&script, &heard) {
                keys.insert((words::key(&heard), *city));
            }
        }
        keys
    }
}

/// The consonants of a Latin name, roughly as they are said, by the letters of sounds.tsv.
fn latin(name: &str) -> Vec<char> {
    let folded: Vec<char> = words::fold(name, |c| c).chars().collect();
    let consonant = |(at, c): (usize, &char)| {
        let next = folded.get(at + 1);
        Some(match c {
            'c' if matches!(next, Some('e' | 'i' | 'y' | 'h')) => 's',
            'c' | 'g' | 'k' | 'q' => 'k',
            'd' | 't' => 't',
            'b' | 'f' | 'p' | 'v' => 'p',
            'j' | 's' | 'x' | 'z' => 's',
            'l' | 'r' => 'l',
            'm' | 'n' => *c,
            _ => return None,
        })
    };
    folded.iter().enumerate().filter_map(consonant).collect()
}

/// Consonants without what spellings differ in: doubled ones, "ng" and "n", "ts" and "s", "h".
fn bones(consonants: impl IntoIterator<Item = char>) -> String {
    let mut bones = String::new();
    for c in consonants {
        match (bones.chars().next_back(), c) {
            (Some(last), _) if last == c => {}
            (Some('n'), 'k') | (_, 'h') => {}
            (Some('t'), 's') => {
                bones.pop();
                bones.push(c);
            }
            _ => bones.push(c),
        }
    }
    bones
}

/// The letter by which a Korean syllable's script is known; any other character.
fn syllable(c: char) -> char {
    if ('\u{ac00}'..='\u{d7a3}').contains(&c) { '\u{1100}' } else { c }
}
