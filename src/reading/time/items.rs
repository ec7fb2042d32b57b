//! The items that times are made of, and the runs of them that make one.

use std::ops::Range;

use super::super::lexicon::{Concept, Languages, Lexicon, Marked, Sense, Unit};
use super::{Ago, Clock, Context, Date, Half, Parts};

/// What a stretch of text is, as far as times go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Item {
    /// A number and how many digits it has.
    Number(u64, usize),
    Month(u32),
    Weekday(u32),
    Half(Half),
    /// Days before today.
    Before(u64),
    /// A span before now that needs no number.
    Fixed(u64, Unit),
    Unit(Unit),
    Past(Unit),
    Ago,
    /// "about", "one": says nothing, or one, before a unit.
    Approx,
    One,
    /// Noon or midnight.
    Struck(u32),
    /// A stated zone, seconds east of UTC.
    Zone(i32),
    /// Of 年 月 日 時 分 秒 and their like, which follow their number.
    Mark(Unit),
    /// An era's first year, less one.
    Era(i32),
    /// A sign.
    Sign(char),
    Space,
    /// A word that only joins: "um", "de", "г.".
    Joint,
    /// Anything else.
    Other,
}

/// An item and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    pub item: Item,
    pub range: Range<usize>,
}

/// Words that only join the parts of a time.
const JOINTS: &[&str] = &[
    "at",
    "on",
    "of",
    "the",
    "um",
    "uhr",
    "den",
    "à",
    "le",
    "de",
    "del",
    "a las",
    "a la",
    "las",
    "el",
    "às",
    "as",
    "do",
    "da",
    "h",
    "hs",
    "hrs",
    "alle ore",
    "alle",
    "ore",
    "il",
    "в",
    "г",
    "г.",
    "года",
    "году",
    "о",
    "об",
    "р",
    "р.",
    "року",
    "pukul",
    "jam",
    "tanggal",
    "lúc",
    "ngày",
    "năm",
    "เวลา",
    "น",
    "น.",
    "ที่",
    "พ.ศ.",
    "ค.ศ.",
    "को",
    "बजे",
    "की",
    "के",
    "في",
    "الساعة",
    "عند",
    "om",
    "op",
    "o",
    "godz",
    "godz.",
    "roku",
    "r",
    "r.",
    "saat",
    "saati",
    "st",
    "nd",
    "rd",
    "th",
    "er",
    "º",
    "ª",
    "kl",
    "kl.",
    "klokken",
    "日",
    "号",
    "號",
    "dia",
    "día",
    "jour",
    "ce",
    "ad",
    "since",
    "last",
    "past",
    "letzten",
    "am",
    "vom",
    "seit",
    "date",
    "time",
    "o'clock",
    "sat",
    "의",
    "에",
    "요일",
    "曜日",
    "de la",
];

/// Parts of the day that CLDR's 12-hour clocks do not give but pages print.
const HALVES: &[(&str, Half)] = &[
    ("a.m", Half::Am),
    ("a. m", Half::Am),
    ("오전", Half::Am),
    ("上午", Half::Am),
    ("凌晨", Half::Am),
    ("清晨", Half::Am),
    ("早上", Half::Am),
    ("午前", Half::Am),
    ("sáng", Half::Am),
    ("öö", Half::Am),
    ("صباحا", Half::Am),
    ("पूर्वाह्न", Half::Am),
    ("सुबह", Half::Am),
    ("дп", Half::Am),
    ("утра", Half::Am),
    ("p.m", Half::Pm),
    ("p. m", Half::Pm),
    ("오후", Half::Pm),
    ("下午", Half::Pm),
    ("中午", Half::Pm),
    ("晚上", Half::Pm),
    ("午後", Half::Pm),
    ("傍晚", Half::Pm),
    ("chiều", Half::Pm),
    ("tối", Half::Pm),
    ("ös", Half::Pm),
    ("مساء", Half::Pm),
    ("अपराह्न", Half::Pm),
    ("दोपहर", Half::Pm),
    ("शाम", Half::Pm),
    ("пп", Half::Pm),
    ("вечера", Half::Pm),
    ("дня", Half::Pm),
];

/// Zones by name, where the name means one offset: hours east.
const ZONES: &[(&str, f32)] = &[
    ("utc", 0.0),
    ("gmt", 0.0),
    ("协调世界时", 0.0),
    ("世界標準時間", 0.0),
    ("協定世界時", 0.0),
    ("협정 세계시", 0.0),
    ("coordinated universal time", 0.0),
    ("tiempo universal coordinado", 0.0),
    ("horário universal coordenado", 0.0),
    ("temps universel coordonné", 0.0),
    ("koordinierte weltzeit", 0.0),
    ("tempo coordinato universale", 0.0),
    ("всемирное координированное время", 0.0),
    ("eş güdümlü evrensel zaman", 0.0),
    ("التوقيت العالمي المنسق", 0.0),
    ("समन्वित वैश्विक समय", 0.0),
    ("waktu universal terkoordinasi", 0.0),
    ("giờ phối hợp quốc tế", 0.0),
    ("за всесвітнім координованим часом", 0.0),
    ("uniwersalny czas koordynowany", 0.0),
    ("gecoördineerde wereldtijd", 0.0),
    ("เวลาสากลเชิงพิกัด", 0.0),
    ("гринвич", 0.0),
    ("غرينتش", 0.0),
    ("msk", 3.0),
    ("мск", 3.0),
    ("jst", 9.0),
    ("kst", 9.0),
    ("hkt", 8.0),
    ("sgt", 8.0),
    ("wib", 7.0),
    ("cet", 1.0),
    ("cest", 2.0),
    ("mez", 1.0),
    ("mesz", 2.0),
    ("eet", 2.0),
    ("eest", 3.0),
    ("est", -5.0),
    ("edt", -4.0),
    ("cdt", -5.0),
    ("mst", -7.0),
    ("mdt", -6.0),
    ("pst", -8.0),
    ("pdt", -7.0),
    ("trt", 3.0),
    ("wita", 8.0),
    ("wit", 9.0),
    ("brt", -3.0),
    ("aest", 10.0),
    ("aedt", 11.0),
];

/// Cuts a text into items.
pub fn tokens(marked: &Marked, languages: Languages) -> Vec<Token> {
    let text = marked.folded.text.as_str();
    let bytes = text.as_bytes();
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    let mut hit = 0;
    while at < text.len() {
        let push = |tokens: &mut Vec<Token>, item, end| tokens.push(Token { item, range: at..end });
        if bytes[at].is_ascii_digit() {
            let end = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            let number = text[at..end].parse().unwrap_or(u64::MAX);
            push(&mut tokens, if end - at <= 6 { Item::Number(number, end - at) } else { Item::Other }, end);
            at = end;
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        if c == ' ' {
            push(&mut tokens, Item::Space, at + 1);
            at += 1;
            continue;
        }
        while marked.hits.get(hit).is_some_and(|known| known.range.start < at) {
            hit += 1;
        }
        let after_number = tokens
            .iter()
            .rev()
            .find(|token| token.item != Item::Space)
            .is_some_and(|token| matches!(token.item, Item::Number(..) | Item::One));
        if let Some((item, end)) = word(marked, hit, at, languages, after_number) {
            push(&mut tokens, item, end);
            at = end;
            continue;
        }
        if c.is_alphanumeric() || crate::reading::text::is_combining_mark(c) {
            let end = if super::super::text::is_unspaced(c) {
                at + c.len_utf8()
            } else {
                at + text[at..]
                    .char_indices()
                    .find(|(_, c)| !(c.is_alphabetic() || *c == '\'' || crate::reading::text::is_combining_mark(*c)))
                    .map_or(text.len() - at, |(end, _)| end)
                    .max(c.len_utf8())
            };
            push(&mut tokens, Item::Other, end);
            at = end;
            continue;
        }
        push(&mut tokens, Item::Sign(c), at + c.len_utf8());
        at += c.len_utf8();
    }
    tokens
}

/// The longest word of times at a place.
fn word(marked: &Marked, first: usize, at: usize, languages: Languages, after_number: bool) -> Option<(Item, usize)> {
    let text = marked.folded.text.as_str();
    let rest = &text[at..];
    let bounded = |word: &str| {
        super::super::text::is_boundary(word.chars().next_back(), rest[word.len()..].chars().next())
            && super::super::text::is_boundary(text[..at].chars().next_back(), word.chars().next())
    };
    let mut best: Option<(u32, usize, Item)> = None;
    let mut offer = |weight: u32, length: usize, item: Item| {
        if best.is_none_or(|(known, long, _)| (length, weight) > (long, known)) {
            best = Some((weight, length, item));
        }
    };
    for hit in marked.hits[first.min(marked.hits.len())..].iter().take_while(|hit| hit.range.start == at) {
        for meaning in Lexicon::get().meanings(hit) {
            let mut weight = if languages != 0 && meaning.languages & languages != 0 { 10 } else { 0 };
            let item = match meaning.sense {
                Sense::Month(month) => Item::Month(u32::from(month)),
                Sense::Weekday(day) => Item::Weekday(u32::from(day)),
                Sense::Am => Item::Half(Half::Am),
                Sense::Pm => Item::Half(Half::Pm),
                Sense::Unit(unit) if after_number => {
                    weight += 3;
                    Item::Unit(unit)
                }
                Sense::Past(unit) if after_number => {
                    weight += 20;
                    Item::Past(unit)
                }
                Sense::Fixed(Unit::Day, days) => Item::Before(u64::from(days)),
                Sense::Fixed(unit, count) => {
                    weight += 2;
                    Item::Fixed(u64::from(count), unit)
                }
                Sense::Word(Concept::JustNow) => Item::Fixed(0, Unit::Minute),
                Sense::Word(Concept::Today) => Item::Before(0),
                Sense::Word(Concept::Yesterday) => Item::Before(1),
                Sense::Word(Concept::Ago) => {
                    weight += 1;
                    Item::Ago
                }
                Sense::Word(Concept::Approx) => Item::Approx,
                Sense::Word(Concept::One) => Item::One,
                _ => continue,
            };
            offer(weight, hit.range.len(), item);
        }
    }
    for (name, half) in HALVES {
        if rest.starts_with(name) && bounded(name) {
            offer(5, name.len(), Item::Half(*half));
        }
    }
    for (name, hours) in ZONES {
        if rest.starts_with(name) && bounded(name) {
            let (offset, length) = offset(&rest[name.len()..]).map_or((0, 0), |(offset, length)| (offset, length));
            offer(6, name.len() + length, Item::Zone((hours * 3600.0) as i32 + offset));
        }
    }
    for (name, hour) in [("midnight", 0), ("noon", 12), ("minuit", 0), ("midi", 12), ("mitternacht", 0), ("mittag", 12)]
    {
        if rest.starts_with(name) && bounded(name) {
            offer(5, name.len(), Item::Struck(hour));
        }
    }
    for (name, year) in [("令和", 2018), ("平成", 1988)] {
        if rest.starts_with(name) {
            offer(5, name.len(), Item::Era(year));
        }
    }
    if after_number {
        for (mark, unit) in [
            ("年", Unit::Year),
            ("년", Unit::Year),
            ("月", Unit::Month),
            ("월", Unit::Month),
            ("日", Unit::Day),
            ("일", Unit::Day),
            ("号", Unit::Day),
            ("號", Unit::Day),
            ("時", Unit::Hour),
            ("时", Unit::Hour),
            ("點", Unit::Hour),
            ("点", Unit::Hour),
            ("시", Unit::Hour),
            ("นาฬิกา", Unit::Hour),
            ("分", Unit::Minute),
            ("분", Unit::Minute),
            ("秒", Unit::Second),
            ("초", Unit::Second),
        ] {
            if rest.starts_with(mark) {
                offer(15, mark.len(), Item::Mark(unit));
            }
        }
        // "14T10:22", "41Z".
        if rest.starts_with('t') && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
            offer(30, 1, Item::Joint);
        }
        if rest.starts_with('z') && bounded("z")
            || (rest.starts_with('z') && !rest[1..].starts_with(char::is_alphanumeric))
        {
            offer(30, 1, Item::Zone(0));
        }
    }
    for joint in JOINTS {
        if rest.starts_with(joint)
            && bounded(joint)
            && best.is_none_or(|(_, long, item)| {
                joint.len() > long || (joint.len() == long && matches!(item, Item::One | Item::Approx))
            })
        {
            best = Some((0, joint.len(), Item::Joint));
        }
    }
    best.map(|(_, length, item)| (item, at + length))
}

/// "+8", "+08:00", "-0330" at the start of a text: seconds, and how long it is.
fn offset(text: &str) -> Option<(i32, usize)> {
    let rest = text.trim_start_matches(' ');
    let skipped = text.len() - rest.len();
    let sign = match rest.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits = rest[1..].bytes().take_while(u8::is_ascii_digit).count();
    let mut length = skipped + 1 + digits;
    let number: i32 = rest[1..=digits].parse().ok()?;
    let (hours, mut minutes) = match digits {
        1 | 2 => (number, 0),
        3 | 4 => (number / 100, number % 100),
        _ => return None,
    };
    if digits <= 2 {
        let more = &text[length..];
        let two = more.bytes().skip(1).take_while(u8::is_ascii_digit).count();
        if more.starts_with(':') && two == 2 {
            minutes = more[1..3].parse().ok()?;
            length += 3;
        }
    }
    (hours <= 14 && minutes < 60).then_some((sign * (hours * 3600 + minutes * 60), length))
}

/// The two first numbers of dates such as "14/4/26".
pub fn short_dates(tokens: &[Token]) -> Vec<(u64, u64)> {
    let mut dates = Vec::new();
    for window in tokens.windows(5) {
        let [a, s, b, t, c] = window else { continue };
        if let (
            Item::Number(first, 1 | 2),
            Item::Sign(sign),
            Item::Number(second, 1 | 2),
            Item::Sign(other),
            Item::Number(_, 2 | 4),
        ) = (a.item, s.item, b.item, t.item, c.item)
        {
            if sign == other && matches!(sign, '/' | '-') {
                dates.push((first, second));
            }
        }
    }
    dates
}

/// The times of a run of items.
pub fn parts(tokens: &[Token], text: &str, context: &Context<'_>) -> Vec<Parts> {
    let mut reader = Reader { tokens, text, context, at: 0, found: Vec::new(), open: None };
    while reader.at < tokens.len() {
        if !reader.step() {
            reader.at += 1;
        }
    }
    reader.close();
    reader.found
}

struct Reader<'a, 'b> {
    tokens: &'a [Token],
    text: &'a str,
    context: &'a Context<'b>,
    at: usize,
    found: Vec<Parts>,
    open: Option<Parts>,
}

impl Reader<'_, '_> {
    fn item(&self, ahead: usize) -> Option<Item> {
        self.tokens.get(self.at + ahead).map(|token| token.item)
    }

    /// The index of the next token from `from` that is no space (nor, where `joints`, a joint, comma or full stop).
    fn next(&self, from: usize, joints: bool) -> Option<usize> {
        (from..self.tokens.len()).find(|at| match self.tokens[*at].item {
            Item::Space => false,
            Item::Joint => !joints,
            Item::Sign(',' | '.' | '،' | '、') => !joints,
            _ => true,
        })
    }

    /// Takes what stands at the place, if it is part of a time.
    fn step(&mut self) -> bool {
        match self.tokens[self.at].item {
            Item::Number(value, digits) => {
                self.ago(self.at)
                    || self.marked()
                    || self.numeric_date(value, digits)
                    || self.clock(value, digits)
                    || self.written_date(value, digits)
            }
            Item::Era(year) => {
                let Some(at) = self.next(self.at + 1, false) else { return false };
                let (Item::Number(value, _), start) = (self.tokens[at].item, self.at) else { return false };
                self.at = at;
                let year = year + i32::try_from(value).unwrap_or(0);
                if !self.marked() {
                    self.at = start;
                    return false;
                }
                if let Some(Parts { date: Some(Date::Full(known, ..)), range, .. }) = &mut self.open {
                    *known = Some(year);
                    range.start = self.tokens[start].range.start;
                }
                true
            }
            Item::Ago | Item::Approx | Item::One => self.ago(self.at),
            Item::Month(month) => self.month_first(month),
            Item::Before(days) => self.set_date(Date::Before(days), self.at, self.at + 1),
            Item::Weekday(day) => {
                // A weekday beside a date says nothing new.
                let has_date = self.open.as_ref().is_some_and(|open| open.date.is_some());
                if has_date {
                    self.extend(self.at + 1)
                } else {
                    self.set_date(Date::Weekday(day), self.at, self.at + 1)
                }
            }
            Item::Fixed(count, unit) => {
                let (start, end) = (self.at, self.at + 1);
                self.take(start, end, |parts| {
                    parts.ago = Some(Ago(vec![(count, unit)]));
                })
            }
            Item::Struck(hour) => {
                let clock = Clock { hour, minute: Some(0), second: None, half: None };
                self.set_clock(clock, self.at, self.at + 1)
            }
            Item::Half(half) => {
                // "下午11:12": the half goes before its clock.
                let Some(next) = self.next(self.at + 1, false) else { return false };
                let Item::Number(value, digits) = self.tokens[next].item else { return false };
                let start = self.at;
                self.at = next;
                let marked = self.marked();
                if !(marked || self.clock(value, digits)) {
                    self.at = start;
                    return false;
                }
                if let Some(open) = &mut self.open {
                    if let Some(clock) = &mut open.clock {
                        clock.half.get_or_insert(half);
                    }
                    open.range.start = open.range.start.min(self.tokens[start].range.start);
                }
                true
            }
            Item::Zone(offset) => {
                let Some(open) = &mut self.open else { return false };
                if open.clock.is_none() || open.offset.is_some() {
                    return false;
                }
                open.offset = Some(offset);
                self.extend(self.at + 1)
            }
            _ => false,
        }
    }

    /// "5 minutes ago", "vor 1 Woche", "3 hours 5 minutes ago", "an hour ago", "5h".
    fn ago(&mut self, from: usize) -> bool {
        let mut at = from;
        // "-5 min": the narrowest way to say that it has passed.
        let minus = from > 0 && self.tokens[from - 1].item == Item::Sign('-') && self.tokens[from - 1].range.start == 0;
        let mut before = minus;
        let mut spans: Vec<(u64, Unit)> = Vec::new();
        let mut passed = false;
        let mut end = from;
        let mut narrow = true;
        while at < self.tokens.len() {
            match self.tokens[at].item {
                Item::Space => {}
                Item::Ago if spans.is_empty() => before = true,
                Item::Ago => {
                    passed = true;
                    end = at + 1;
                    at += 1;
                    break;
                }
                Item::Approx => {}
                Item::Joint | Item::Sign(',') if !spans.is_empty() => {}
                Item::Sign('-') if spans.is_empty() && at == from => {}
                Item::Number(_, _) | Item::One => {
                    let count = match self.tokens[at].item {
                        Item::Number(count, _) => count,
                        _ => 1,
                    };
                    let Some(next) = self.next(at + 1, false) else { break };
                    match self.tokens[next].item {
                        Item::Unit(unit) => {
                            narrow &= next == at + 1;
                            spans.push((count, unit));
                        }
                        Item::Mark(unit) => spans.push((count, unit)),
                        Item::Past(unit) => {
                            spans.push((count, unit));
                            passed = true;
                        }
                        _ => break,
                    }
                    at = next;
                    end = next + 1;
                    if passed {
                        at += 1;
                        break;
                    }
                }
                // A unit's point: "5 Std."
                Item::Sign('.') if !spans.is_empty() => {}
                _ => break,
            }
            at += 1;
        }
        let _ = at;
        // Units run from large to small.
        let ordered = spans.windows(2).all(|pair| pair[0].1 > pair[1].1);
        // "5h" alone is short for "5h ago"; "30 days" is a length.
        let whole = self.tokens.iter().filter(|token| !matches!(token.item, Item::Space)).count();
        let alone = narrow && spans.len() == 1 && whole == 2 && end == self.tokens.len() && self.text.len() <= 6;
        if spans.is_empty() || !ordered || !(before || passed || alone) {
            return false;
        }
        self.take(from, end, |parts| parts.ago = Some(Ago(spans)));
        // A point that ends the unit belongs to it.
        if self.item(0) == Some(Item::Sign('.')) {
            self.extend(self.at + 1);
        }
        self.close();
        true
    }

    /// "2026年4月14日", "14時12分", "4월 14일".
    fn marked(&mut self) -> bool {
        let start = self.at;
        let mut at = start;
        let (mut year, mut month, mut day) = (None, None, None);
        let mut clock: Option<Clock> = None;
        let mut end = start;
        while let Some(Token { item: Item::Number(value, _), .. }) = self.tokens.get(at) {
            let Some(next) = self.next(at + 1, false) else { break };
            let value32 = u32::try_from(*value).unwrap_or(u32::MAX);
            match self.tokens[next].item {
                Item::Mark(Unit::Year) if clock.is_none() => year = i32::try_from(*value).ok(),
                Item::Mark(Unit::Month) if clock.is_none() => month = Some(value32),
                // The lexicon's months bear their number: "4月".
                Item::Month(_) if clock.is_none() => month = Some(value32),
                Item::Mark(Unit::Day) if clock.is_none() => day = Some(value32),
                Item::Mark(Unit::Hour) => clock = Some(Clock { hour: value32, minute: None, second: None, half: None }),
                Item::Mark(Unit::Minute) | Item::Unit(Unit::Minute) => {
                    let Some(clock) = &mut clock else { break };
                    clock.minute = Some(value32);
                }
                Item::Mark(Unit::Second) | Item::Unit(Unit::Second) => {
                    let Some(clock) = &mut clock else { break };
                    clock.second = Some(value32);
                }
                _ => break,
            }
            end = next + 1;
            let Some(following) = self.next(end, false) else { break };
            if clock.is_none() && !matches!(self.tokens[following].item, Item::Number(..)) {
                break;
            }
            at = following;
        }
        let date = match (year, month, day) {
            (year, Some(month), Some(day)) => Some(Date::Full(year.map(|year| self.year(year, 4)), month, day)),
            (Some(year), Some(month), None) => Some(Date::Month(self.year(year, 4), month)),
            _ => None,
        };
        if date.is_none() && clock.is_none() {
            return false;
        }
        if let Some(date) = date {
            self.set_date(date, start, end);
        }
        if let Some(clock) = clock {
            self.set_clock(clock, start, end);
        }
        true
    }

    /// "2026-04-14", "14.04.26", "2026. 4. 14.", "14/4".
    fn numeric_date(&mut self, first: u64, digits: usize) -> bool {
        let Some(Item::Sign(sign @ ('-' | '/' | '.'))) = self.item(1) else { return false };
        let spaced = usize::from(self.item(2) == Some(Item::Space));
        let Some(Item::Number(second, length)) = self.item(2 + spaced) else { return false };
        if length > 2 || (spaced == 1 && sign != '.') {
            return false;
        }
        let third = match (self.item(3 + spaced), self.item(4 + spaced), self.item(5 + spaced)) {
            (Some(Item::Sign(again)), Some(Item::Number(third, length)), _) if again == sign && spaced == 0 => {
                Some((third, length, 5))
            }
            (Some(Item::Sign('.')), Some(Item::Space), Some(Item::Number(third, length))) if spaced == 1 => {
                Some((third, length, 7))
            }
            _ => None,
        };
        let (first32, second32) = (first as u32, second as u32);
        let start = self.at;
        // "14.12.05" after a date is a clock with points.
        let dated = self.open.as_ref().is_some_and(|open| {
            open.date.is_some_and(|date| !matches!(date, Date::Weekday(_))) && open.clock.is_none()
        });
        if sign == '.' && spaced == 0 && digits == 2 && length == 2 && dated && first < 25 && second < 60 {
            return false;
        }
        match third {
            Some((third, long, width)) => {
                let end = start + width;
                // The day of "2026. 4. 14." has its point too.
                let end = end
                    + usize::from(
                        spaced == 1 && self.tokens.get(end).is_some_and(|token| token.item == Item::Sign('.')),
                    );
                let year_first = digits == 4 || (spaced == 1 && digits == 2 && long <= 2);
                let date = if year_first {
                    if long > 2 {
                        return false;
                    }
                    Date::Full(Some(self.year(first as i32, digits)), second32, third as u32)
                } else if sign == '.' && long == 2 && !(digits == 2 && length == 2) {
                    // "1.11.60" is a version: a short year goes with two digits of day and month.
                    return false;
                } else if digits <= 2 && matches!(long, 2 | 4) {
                    let year = Some(self.year(third as i32, long));
                    if sign == '.' {
                        Date::Full(year, second32, first32)
                    } else {
                        Date::Either(year, first32, second32)
                    }
                } else {
                    return false;
                };
                self.set_date(date, start, end)
            }
            // Without a year only beside a clock, so that "1/2" of something is no date.
            None if digits <= 2 && sign != '.' => {
                let Some(next) = self.next(start + 3, true) else { return false };
                let clocked = self.open.as_ref().is_some_and(|open| open.clock.is_some() && open.date.is_none());
                if !(clocked || self.is_clock(next) || matches!(self.tokens[next].item, Item::Half(_)))
                    || self.item(3) == Some(Item::Sign(sign))
                {
                    return false;
                }
                let east_asian = self.text.chars().any(super::super::text::is_unspaced)
                    || self.context.languages
                        & (super::languages_of("zh-CN")
                            | super::languages_of("zh-TW")
                            | super::languages_of("ja")
                            | super::languages_of("ko"))
                        != 0;
                let date = if east_asian {
                    Date::Full(None, first32, second32)
                } else {
                    Date::Either(None, first32, second32)
                };
                self.set_date(date, start, start + 3)
            }
            // "14.04. 21:12".
            None if digits <= 2 && sign == '.' && spaced == 0 && self.item(3) == Some(Item::Sign('.')) => {
                match self.next(start + 4, true) {
                    Some(next) if self.is_clock(next) => {
                        self.set_date(Date::Full(None, second32, first32), start, start + 4)
                    }
                    _ => false,
                }
            }
            None => false,
        }
    }

    fn is_clock(&self, at: usize) -> bool {
        matches!(
            (
                self.tokens.get(at).map(|t| t.item),
                self.tokens.get(at + 1).map(|t| t.item),
                self.tokens.get(at + 2).map(|t| t.item)
            ),
            (Some(Item::Number(0..=24, 1 | 2)), Some(Item::Sign(':')), Some(Item::Number(0..=59, 2)))
        )
    }

    /// "14:12:05", "2:12 PM", "14h12", "14.12" where a language writes so, "8 a.m.".
    fn clock(&mut self, hour: u64, digits: usize) -> bool {
        if digits > 2 || hour > 24 {
            return false;
        }
        let start = self.at;
        let mut clock = Clock { hour: hour as u32, minute: None, second: None, half: None };
        let mut end = start + 1;
        let sign = match self.item(1) {
            Some(Item::Sign(':')) => Some(':'),
            Some(Item::Sign('.')) if digits == 2 && self.writes_points() => Some('.'),
            // "14h12": the unit's letter stands where the colon would.
            Some(Item::Unit(Unit::Hour) | Item::Joint)
                if self.text.get(self.tokens[start + 1].range.clone()) == Some("h") =>
            {
                Some('h')
            }
            _ => None,
        };
        if let (Some(sign), Some(Item::Number(minute @ 0..=59, 2))) = (sign, self.item(2)) {
            clock.minute = Some(minute as u32);
            end = start + 3;
            if let (Some(Item::Sign(again)), Some(Item::Number(second @ 0..=60, 2))) = (self.item(3), self.item(4)) {
                if again == sign || (sign == ':' && again == '.') {
                    clock.second = Some((second as u32).min(59));
                    end = start + 5;
                    // Fractions of a second.
                    if let (Some(Item::Sign('.' | ',')), Some(Item::Number(_, 1..=6))) =
                        (self.tokens.get(end).map(|t| t.item), self.tokens.get(end + 1).map(|t| t.item))
                    {
                        end += 2;
                    }
                }
            }
        }
        // "06.49.20. PM": the point that ends a clock of points.
        let pointed = sign == Some('.') && self.tokens.get(end).is_some_and(|token| token.item == Item::Sign('.'));
        if let Some(next) = self.next(end + usize::from(pointed), false) {
            if let Item::Half(half) = self.tokens[next].item {
                // Before a next clock it is that one's.
                let ahead = self.next(next + 1, false).is_some_and(|at| self.is_clock(at));
                if !ahead {
                    clock.half = Some(half);
                    end = next + 1;
                    if self.tokens.get(end).is_some_and(|token| token.item == Item::Sign('.')) {
                        end += 1;
                    }
                }
            }
        }
        if clock.minute.is_none() && clock.half.is_none() {
            return false;
        }
        // An hour of twelve with nothing but a half: "8 a.m.".
        if clock.minute.is_none() && !(1..=12).contains(&clock.hour) {
            return false;
        }
        self.set_clock(clock, start, end);
        // "+08:00", "-0300" glued to the clock, or after a space.
        let place = self.tokens.get(end - 1).map_or(0, |token| token.range.end);
        if clock.minute.is_some() {
            if let Some((offset, length)) =
                offset(&self.text[place..]).filter(|(_, length)| *length >= 3 || self.text[place..].starts_with('+'))
            {
                let until = place + length;
                let glued = !self.text[place..].starts_with(" -") || self.text[place..until].contains(':');
                if glued {
                    if let Some(open) = &mut self.open {
                        open.offset = Some(offset);
                        open.range.end = until;
                    }
                    while self.tokens.get(self.at).is_some_and(|token| token.range.start < until) {
                        self.at += 1;
                    }
                }
            }
        }
        true
    }

    /// Whether clocks are written with points: in Indonesian, or after a word that says so.
    fn writes_points(&self) -> bool {
        let dated = self.open.as_ref().is_some_and(|open| open.date.is_some());
        dated || self.context.languages & (super::languages_of("id") | super::languages_of("it")) != 0
    }

    /// "14 Apr 2026", "14. April", "14 de abril de 2026".
    fn written_date(&mut self, day: u64, digits: usize) -> bool {
        if digits > 2 || !(1..=31).contains(&day) {
            // "2026 Apr 14".
            if digits == 4 {
                let Some(month_at) = self.next(self.at + 1, true) else { return false };
                let Item::Month(month) = self.tokens[month_at].item else { return false };
                if let Some(day_at) = self.next(month_at + 1, true) {
                    if let Item::Number(day @ 1..=31, 1 | 2) = self.tokens[day_at].item {
                        let year = self.year(i32::try_from(self.number(self.at)).unwrap_or(0), 4);
                        return self.set_date(Date::Full(Some(year), month, day as u32), self.at, day_at + 1);
                    }
                }
            }
            return false;
        }
        let Some(month_at) = self.next(self.at + 1, true) else { return false };
        let Item::Month(month) = self.tokens[month_at].item else { return false };
        let mut end = month_at + 1;
        let mut year = None;
        if let Some(year_at) = self.next(end, true) {
            if let Some(value) = self.year_at(year_at) {
                year = Some(value);
                end = year_at + 1;
            }
        }
        self.set_date(Date::Full(year, month, day as u32), self.at, end)
    }

    /// "Apr 14, 2026", "April 2026".
    fn month_first(&mut self, month: u32) -> bool {
        let Some(day_at) = self.next(self.at + 1, true) else { return false };
        let Item::Number(value, digits) = self.tokens[day_at].item else { return false };
        if digits == 4 {
            let year = self.year(value as i32, 4);
            return self.set_date(Date::Month(year, month), self.at, day_at + 1);
        }
        // "mar 31 mar": a weekday that is called like a month.
        if self.next(day_at + 1, true).is_some_and(|at| matches!(self.tokens[at].item, Item::Month(_))) {
            return false;
        }
        // "April 14:12" would be a clock after a month.
        if !(1..=31).contains(&value) || digits > 2 || self.is_clock(day_at) {
            return false;
        }
        let mut end = day_at + 1;
        let mut year = None;
        if let Some(year_at) = self.next(end, true) {
            if let Some(value) = self.year_at(year_at) {
                year = Some(value);
                end = year_at + 1;
            }
        }
        self.set_date(Date::Full(year, month, value as u32), self.at, end)
    }

    fn number(&self, at: usize) -> u64 {
        match self.tokens[at].item {
            Item::Number(value, _) => value,
            _ => 0,
        }
    }

    /// A year at a place: of four digits, or of two after an apostrophe or where no clock begins.
    fn year_at(&self, at: usize) -> Option<i32> {
        let Item::Number(value, digits) = self.tokens[at].item else { return None };
        let next = self.tokens.get(at + 1).map(|token| token.item);
        let clock = matches!(next, Some(Item::Sign(':')))
            || matches!(next, Some(Item::Sign('.')))
                && matches!(self.tokens.get(at + 2).map(|token| token.item), Some(Item::Number(_, 2)));
        (matches!(digits, 2 | 4) && !clock && !(digits == 2 && value < 20)).then(|| self.year(value as i32, digits))
    }

    /// The year meant: of two digits the one of this century, Buddhist years as such.
    fn year(&self, value: i32, digits: usize) -> i32 {
        use chrono::Datelike;
        if digits <= 2 {
            let thai = self.context.languages & super::languages_of("th") != 0;
            let year = 2000 + value;
            return if thai && year > self.context.now.year() + 1 { year + 500 - 543 } else { year };
        }
        if (2440..2643).contains(&value) { value - 543 } else { value }
    }

    fn set_date(&mut self, date: Date, start: usize, end: usize) -> bool {
        if self.open.as_ref().is_some_and(|open| open.date.is_some_and(|known| !matches!(known, Date::Weekday(_)))) {
            self.close();
        }
        self.take(start, end, |parts| parts.date = Some(date))
    }

    fn set_clock(&mut self, clock: Clock, start: usize, end: usize) -> bool {
        if self.open.as_ref().is_some_and(|open| open.clock.is_some()) {
            self.close();
        }
        self.take(start, end, |parts| parts.clock = Some(clock))
    }

    /// Adds to the time at hand, or begins one; goes on after `end`.
    fn take(&mut self, start: usize, end: usize, set: impl FnOnce(&mut Parts)) -> bool {
        let range = self.tokens[start].range.start..self.tokens[end - 1].range.end;
        if self.open.as_ref().is_some_and(|open| open.ago.is_some() || !self.joins(open.range.end, range.start)) {
            self.close();
        }
        let parts = self.open.get_or_insert_with(|| Parts { range: range.clone(), ..Parts::default() });
        parts.range = parts.range.start.min(range.start)..parts.range.end.max(range.end);
        set(parts);
        self.at = end;
        true
    }

    /// Whether what stands between two parts may join them into one time.
    fn joins(&self, end: usize, start: usize) -> bool {
        let between = self.text.get(end..start).unwrap_or_default();
        // A weekday may stand in brackets between them.
        let bracket = between.contains(['(', ')', '[']) && between.chars().count() > 3;
        between.chars().count() <= 16 && !bracket && !between.contains(['|', ';', '•', '·', '/'])
    }

    fn extend(&mut self, end: usize) -> bool {
        if let Some(open) = &mut self.open {
            open.range.end = open.range.end.max(self.tokens[end - 1].range.end);
        }
        self.at = end;
        true
    }

    fn close(&mut self) {
        if let Some(parts) = self.open.take() {
            if parts.ago.is_some() || parts.date.is_some() || parts.clock.is_some() {
                self.found.push(parts);
            }
        }
    }
}
