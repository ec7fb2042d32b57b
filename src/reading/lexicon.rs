//! Words of session pages in twenty languages, found in one pass.
//!
//! The words lie in `lexicon/<tag>.words` (a concept, a word, the sources that ship it; `!` before a word that is a
//! shipped mistake and weighs less, `*` after one that stands for all its endings), months, units and countries in
//! `lexicon/<tag>.cldr`, derived from the Unicode CLDR by `lexicon/derive.mjs` (Unicode License v3). The sources'
//! codes are spelt out in `lexicon/SOURCES.md`. `build/lexicon.rs` packs them. A language is added by its two files.

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Input, MatchKind};

use super::device::{BROWSERS, SYSTEMS};
use super::text::{Folded, is_boundary};
use words::Words;

mod words;

// `LANGUAGES`, and `WORDS` and `CLDR` by `WORD_KEYS` and `CLDR_KEYS`.
include!(concat!(env!("OUT_DIR"), "/lexicon.rs"));

/// English names of countries that CLDR does not use, and short or older names of other languages.
const COUNTRY_ALIASES: &str = include_str!("lexicon/countries.aliases");

/// Spans and months as people write them and CLDR does not.
const TIME_ALIASES: &str = include_str!("lexicon/times.aliases");

/// What gives the names of countries in a language, by its BCP 47 tag: for each code of two letters a line
/// `name|name`, empty where there is none.
pub type CountryNames = fn(tag: &str, codes: &[&str]) -> String;

static COUNTRY_NAMES: OnceLock<CountryNames> = OnceLock::new();

/// Has countries named by what is at hand. A browser has the same names from the same source (CLDR), and the extension
/// need not carry them: there the feature `countries` is off, and without this call no country is known by its name.
///
/// To be called before anything is read; later calls change nothing.
pub fn name_countries_by(names: CountryNames) {
    COUNTRY_NAMES.get_or_init(|| names);
}

macro_rules! concepts {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// What a word of a session page means.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "each is named after what it means")]
        pub enum Concept { $($variant),+ }

        /// The name of each concept in the word files.
        const CONCEPTS: &[(&str, Concept)] = &[$(($name, Concept::$variant)),+];
    };
}
concepts! {
    Action = "action",
    ActiveSessions = "active_sessions",
    Ago = "ago",
    All = "all",
    Api = "api",
    ApiKey = "api_key",
    ApiLog = "api_log",
    Approx = "approx",
    Apps = "apps",
    Browser = "browser",
    Clients = "clients",
    Coin = "coin",
    CurrentSession = "current_session",
    Date = "date",
    Desktop = "desktop",
    Device = "device",
    DeviceModel = "device_model",
    Empty = "empty",
    End = "end",
    Endpoint = "endpoint",
    Event = "event",
    Expires = "expires",
    Authenticator = "f_authenticator",
    EmailFactor = "f_email",
    PasskeyFactor = "f_passkey",
    PasswordFactor = "f_password",
    SecurityKeyFactor = "f_security_key",
    SmsFactor = "f_sms",
    Failed = "failed",
    Inactive = "inactive",
    IpAddress = "ip_address",
    IpAllow = "ip_allow",
    Isp = "isp",
    JustNow = "just_now",
    Label = "label",
    LastActive = "last_active",
    Location = "location",
    LogIn = "log_in",
    LogOut = "log_out",
    LogOutAll = "log_out_all_devices",
    LogOutOthers = "log_out_all_other",
    LoginHistory = "login_history",
    LoginTime = "login_time",
    Menu = "menu",
    NegAction = "neg_action",
    NegObject = "neg_object",
    Never = "never",
    NounDevice = "noun_device",
    NounSession = "noun_session",
    Offline = "offline",
    One = "one",
    Online = "online",
    Orders = "orders",
    Os = "operating_system",
    Other = "other",
    OtherSessions = "other_sessions",
    Permissions = "permissions",
    Phone = "phone",
    Remove = "remove",
    Revoke = "revoke",
    Status = "status",
    Success = "success",
    Tablet = "tablet",
    Today = "today",
    Trusted = "trusted",
    TwoFactor = "two_factor",
    TwoFactorMethod = "two_factor_method",
    Unknown = "unknown",
    UserAgent = "user_agent",
    Wallet = "wallet",
    WithdrawalBook = "withdrawal_book",
    Yesterday = "yesterday",
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "units")]
pub enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// One meaning of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// A word of the page's own matter.
    Word(Concept),
    /// A month, 1 to 12.
    Month(u8),
    /// A day of the week, Monday 1.
    Weekday(u8),
    /// Before noon.
    Am,
    /// After noon.
    Pm,
    /// A unit of time: "hours".
    Unit(Unit),
    /// A unit that has passed: "hours ago".
    Past(Unit),
    /// A span before now, without a number: "yesterday".
    Fixed(Unit, u8),
    /// A country, as its ISO 3166-1 alpha-2 code.
    Country([u8; 2]),
    /// A browser: its place in [`BROWSERS`].
    Browser(u8),
    /// A system: its place in [`SYSTEMS`].
    System(u8),
    /// A line of products: its place among the models.
    Product(u8),
}

/// A set of languages, a bit each in the order of the files; names are in all.
pub type Languages = u32;

/// A meaning and where it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// What it means.
    pub sense: Sense,
    /// In which languages.
    pub languages: Languages,
    /// Whether it is only a shipped mistake.
    pub mistaken: bool,
}

/// A word found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Where, in the folded text.
    pub range: Range<usize>,
    entry: u32,
}

/// A text and the words found in it.
#[derive(Debug, Clone, Default)]
pub struct Marked {
    /// The text, folded.
    pub folded: Folded,
    /// The words, by their start, the longest first; they may overlap.
    pub hits: Vec<Hit>,
    /// The text without punctuation and marks at its ends.
    core: Range<usize>,
}

/// All words, ready to be found.
pub struct Lexicon {
    automaton: Option<NFA>,
    entries: Vec<Vec<Meaning>>,
    /// Of each entry: whether it stands for all its endings.
    stems: Vec<bool>,
}

impl Lexicon {
    /// The one lexicon; built at first use.
    pub fn get() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(Self::build)
    }

    /// Finds the words of a text.
    pub fn mark(&self, text: &str) -> Marked {
        let folded = Folded::new(text);
        let mut hits = Vec::new();
        let found =
            self.automaton.as_ref().and_then(|all| all.try_find_overlapping_iter(Input::new(&folded.text)).ok());
        for found in found.into_iter().flatten() {
            let entry = found.pattern().as_usize();
            let before = folded.text[..found.start()].chars().next_back();
            let first = folded.text[found.start()..].chars().next();
            if !is_boundary(before, first) {
                continue;
            }
            let last = folded.text[..found.end()].chars().next_back();
            let after = folded.text[found.end()..].chars().next();
            if !self.stems[entry] && !is_boundary(last, after) {
                continue;
            }
            hits.push(Hit { range: found.start()..found.end(), entry: entry as u32 });
        }
        crate::order::by_key(&mut hits, |hit| (hit.range.start, std::cmp::Reverse(hit.range.end)));
        let core = core(&folded.text);
        Marked { folded, hits, core }
    }

    /// The meanings of a word found.
    pub fn meanings(&self, hit: &Hit) -> &[Meaning] {
        self.entries.get(hit.entry as usize).map_or(&[], Vec::as_slice)
    }

    fn build() -> Self {
        let mut words = Words::default();
        for (place, lists) in WORDS.split('\0').enumerate() {
            for (name, list) in WORD_KEYS.split('\n').zip(lists.split('\n')) {
                let Some((_, concept)) = CONCEPTS.iter().find(|(known, _)| *known == canonical(name)) else { continue };
                let sense = Sense::Word(*concept);
                for word in list.split('|') {
                    let mistaken = word.starts_with('!');
                    words.add(word.trim_start_matches('!'), Meaning { sense, languages: 1 << place, mistaken });
                }
            }
        }
        for (place, lists) in CLDR.split('\0').enumerate() {
            for (key, list) in CLDR_KEYS.split('\n').zip(lists.split('\n')) {
                words.add_cldr(key, list, 1 << place);
            }
        }
        if let Some(names) = COUNTRY_NAMES.get() {
            let codes: Vec<&str> = super::place::codes().collect();
            for (place, tag) in LANGUAGES.iter().enumerate() {
                for (code, list) in codes.iter().zip(names(tag, &codes).split('\n')) {
                    words.add_cldr(&["country ", code].concat(), list, 1 << place);
                }
            }
        }
        for line in COUNTRY_ALIASES.lines().chain(TIME_ALIASES.lines()) {
            let (key, list) = line.split_once('\t').unwrap_or_default();
            words.add_cldr(key, list, Languages::MAX);
        }
        for (place, (_, names)) in BROWSERS.iter().enumerate() {
            for name in *names {
                words.add_everywhere(name, Sense::Browser(place as u8));
            }
        }
        for (place, (_, names)) in SYSTEMS.iter().enumerate() {
            for name in *names {
                words.add_everywhere(name, Sense::System(place as u8));
            }
        }
        for (place, name) in super::device::product_names().enumerate() {
            words.add_everywhere(name, Sense::Product(place as u8));
        }
        let mut patterns = Vec::with_capacity(words.entries.len());
        let mut entries = Vec::with_capacity(words.entries.len());
        let mut stems = Vec::with_capacity(words.entries.len());
        let mut all: Vec<_> = words.entries.into_iter().collect();
        crate::order::by(&mut all, |a, b| a.0.cmp(&b.0));
        for ((word, stem), meanings) in all {
            patterns.push(word);
            stems.push(stem);
            entries.push(meanings);
        }
        // Only a lexicon of more than 2^31 states could not be built; without one no word is found, and a page that
        // needs words cannot be read.
        let automaton = NFA::builder().match_kind(MatchKind::Standard).prefilter(false).build(&patterns).ok();
        Self { automaton, entries, stems }
    }
}

/// Concepts that the sources part and the reader does not.
fn canonical(name: &str) -> &str {
    match name {
        "sign_out" => "log_out",
        "NEG_cancel"
        | "NEG_delete_account"
        | "NEG_delete_api_key"
        | "NEG_disable_account"
        | "change_password"
        | "confirm" => "neg_action",
        "status_active" => "online",
        "time" => "date",
        "unknown_os" => "unknown",
        "today_at" => "today",
        "yesterday_at" => "yesterday",
        name => name,
    }
}

/// The set of languages that a BCP 47 tag stands for; empty of one that the lexicon has no words of.
pub fn languages_of(tag: &str) -> Languages {
    let tag = tag.to_ascii_lowercase().replace('_', "-");
    let primary = tag.split('-').next().unwrap_or_default();
    let name = match primary {
        "zh" if tag.contains("hant") || tag.ends_with("-tw") || tag.ends_with("-hk") || tag.ends_with("-mo") => "zh-TW",
        "zh" => "zh-CN",
        "in" => "id",
        other => other,
    };
    LANGUAGES.iter().position(|known| *known == name).map_or(0, |place| 1 << place)
}

impl Marked {
    /// The words that mean a concept.
    pub fn find(&self, concept: Concept) -> Option<Range<usize>> {
        self.hits
            .iter()
            .find(|hit| Lexicon::get().meanings(hit).iter().any(|meaning| meaning.sense == Sense::Word(concept)))
            .map(|hit| hit.range.clone())
    }

    /// Whether some word means the concept.
    pub fn has(&self, concept: Concept) -> bool {
        self.find(concept).is_some()
    }

    /// Whether the whole text, punctuation and marks aside, is a word of the concept.
    pub fn is(&self, concept: Concept) -> bool {
        self.whole().any(|meaning| meaning.sense == Sense::Word(concept))
    }

    /// The meanings of the text as a whole, punctuation and marks aside.
    pub fn whole(&self) -> impl Iterator<Item = &'static Meaning> + '_ {
        self.hits
            .iter()
            .take_while(|hit| hit.range.start <= self.core.start)
            .filter(|hit| hit.range.end >= self.core.end)
            .flat_map(|hit| Lexicon::get().meanings(hit))
    }

    /// The concepts of the text as a whole.
    pub fn concepts(&self) -> impl Iterator<Item = Concept> + '_ {
        self.whole().filter_map(|meaning| match meaning.sense {
            Sense::Word(concept) => Some(concept),
            _ => None,
        })
    }
}

/// The range of a text without punctuation and marks at its ends.
pub fn core(text: &str) -> Range<usize> {
    let mark = |c: char| !c.is_alphanumeric() && !crate::reading::text::is_combining_mark(c);
    let start = text.len() - text.trim_start_matches(mark).len();
    let end = text.trim_end_matches(mark).len();
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(text: &str) -> Marked {
        Lexicon::get().mark(text)
    }

    #[test]
    fn every_line_of_the_files_is_understood() {
        for name in WORD_KEYS.split('\n') {
            assert!(CONCEPTS.iter().any(|(known, _)| *known == canonical(name)), "{name}");
        }
        assert_eq!(WORDS.split('\0').count(), LANGUAGES.len());
        for (tag, lists) in LANGUAGES.iter().zip(CLDR.split('\0')) {
            let countries = CLDR_KEYS.split('\n').zip(lists.split('\n'));
            assert!(
                countries.filter(|(key, list)| key.starts_with("country ") && !list.is_empty()).count() > 240,
                "{tag}"
            );
            assert_eq!(languages_of(tag).count_ones(), 1, "{tag}");
        }
    }

    #[test]
    fn every_concept_has_words_in_most_languages() {
        for (name, concept) in CONCEPTS {
            let languages = Lexicon::get().entries.iter().flatten().fold(0, |all, meaning| {
                if meaning.sense == Sense::Word(*concept) { all | meaning.languages } else { all }
            });
            assert!(languages.count_ones() >= 12, "{name}: {}", languages.count_ones());
        }
    }

    #[test]
    fn words_are_found_whole() {
        assert!(mark("Log out of all devices").is(Concept::LogOutAll));
        assert!(mark("Entfernen").is(Concept::Remove));
        assert!(mark("退出所有设备").is(Concept::LogOutAll));
        assert!(mark(" (Current session) ").is(Concept::CurrentSession));
        assert!(!mark("Entfernung").has(Concept::Remove));
        assert!(mark("все сеансы").has(Concept::NounSession), "a stem stands for its endings");
    }

    #[test]
    fn countries_are_known_in_twenty_languages() {
        for (text, code) in [("Deutschland", b"DE"), ("ألمانيا", b"DE"), ("日本", b"JP"), ("Russian Federation", b"RU")]
        {
            assert!(mark(text).whole().any(|meaning| meaning.sense == Sense::Country(*code)), "{text}");
        }
    }
}
