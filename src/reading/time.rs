//! Times as pages print them: absolute in the styles of twenty languages, ISO, relative.
//!
//! A text becomes a run of items (`time/items.rs`), a run becomes parts of a date and a clock, and those a moment. What
//! is garbage, or undecidable, is refused and never guessed.

use std::ops::Range;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::lexicon::{Concept, Languages, Lexicon, Marked, Sense, Unit, languages_of};
use crate::session::{Precision, Time, ZoneSource};
use crate::zone::Zone;

mod clocks;
mod dates;
mod items;
mod parts;
mod words;

use items::Item;

/// What a time is read by.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// The moment that relative times count from.
    pub now: DateTime<Utc>,
    /// The zone of times that state none.
    pub zone: &'a Zone,
    /// The page's languages.
    pub languages: Languages,
    /// Which of day and month goes first in "02/04/2026".
    pub order: Order,
    /// The same in "02/04" with no year, where the language parts the two.
    yearless: Order,
    /// The order of dates that are written as American ones are, beside an upper-case AM or PM.
    american: Order,
    /// Minutes east of UTC where the tag's country has one zone among those that share a short name ("IST").
    at_home: Option<i32>,
}

impl<'a> Context<'a> {
    /// The context of a page in a language (a BCP 47 tag).
    pub fn new(now: DateTime<Utc>, zone: &'a Zone, tag: Option<&str>) -> Self {
        let languages = tag.map_or(0, languages_of);
        let order = tag.map_or(Order::Unknown, Order::of_language);
        let yearless = tag.map_or(Order::Unknown, Order::without_year);
        // English of no country writes "4/14/26, 2:12 PM" in America alone.
        let american = if tag.is_some_and(|tag| tag.eq_ignore_ascii_case("en")) { Order::MonthFirst } else { order };
        Self { now, zone, languages, order, yearless, american, at_home: tag.and_then(at_home) }
    }
}

/// Which of day and month goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// "14/04/2026".
    DayFirst,
    /// "04/14/2026".
    MonthFirst,
    /// Neither the language nor another row decides.
    #[default]
    Unknown,
}

impl Order {
    /// The order that a language implies. English alone implies none: it is written both ways.
    pub fn of_language(tag: &str) -> Self {
        let (primary, region) = subtags(tag);
        match (primary.as_str(), region.as_deref()) {
            ("en", Some("us" | "ph")) | ("es", Some("pr" | "pa")) | ("fil", _) => Self::MonthFirst,
            ("zh", Some("hk" | "mo" | "sg")) => Self::DayFirst,
            ("en", None | Some("ca" | "za")) | ("fr", Some("ca")) => Self::Unknown,
            ("zh" | "ja" | "ko" | "hu" | "lt" | "mn" | "eu" | "", _) => Self::Unknown,
            _ => Self::DayFirst,
        }
    }

    /// The order that a language implies where no year is given: those that begin with the year go on with the month.
    fn without_year(tag: &str) -> Self {
        let (primary, region) = subtags(tag);
        match (primary.as_str(), region.as_deref()) {
            ("en", Some("za")) => Self::DayFirst,
            ("en", Some("ca")) | ("fr", Some("ca")) => Self::MonthFirst,
            ("zh" | "ja" | "ko" | "hu" | "lt" | "mn" | "eu", region) if !matches!(region, Some("hk" | "mo")) => {
                Self::MonthFirst
            }
            _ => Self::of_language(tag),
        }
    }

    /// The order that texts of one column decide together: by those in which one of the two numbers is no month.
    pub fn of_texts<'t>(texts: impl Iterator<Item = &'t Marked>) -> Self {
        let (mut day_first, mut month_first) = (false, false);
        for marked in texts {
            for (first, second) in items::short_dates(&items::tokens(marked, 0)) {
                day_first |= first > 12 && second <= 12;
                month_first |= second > 12 && first <= 12;
            }
        }
        match (day_first, month_first) {
            (true, false) => Self::DayFirst,
            (false, true) => Self::MonthFirst,
            _ => Self::Unknown,
        }
    }
}

/// The language and the region of a tag, in lower case.
fn subtags(tag: &str) -> (String, Option<String>) {
    let tag = tag.to_ascii_lowercase().replace('_', "-");
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default().to_owned();
    // An extension ("-u-nu-latn") has no region in it.
    let region = parts.take_while(|part| part.len() > 1).find(|part| matches!(part.len(), 2 | 3)).map(str::to_owned);
    (primary, region)
}

/// Minutes east of UTC by which a language's country means a short name that zones share.
fn at_home(tag: &str) -> Option<i32> {
    let (primary, region) = subtags(tag);
    match (primary.as_str(), region.as_deref()) {
        ("hi", _) | (_, Some("in")) => Some(330),
        ("zh", _) => Some(480),
        (_, Some("us" | "ca" | "mx")) => Some(-360),
        (_, Some("gb" | "ie")) => Some(60),
        (_, Some("il")) => Some(120),
        (_, Some("bd")) => Some(360),
        _ => None,
    }
}

/// A time found in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Where, in the folded text.
    pub range: Range<usize>,
    /// The time; `None` where the text is a date whose order cannot be decided.
    pub time: Option<Time>,
}

/// Reads a text that is a time and nothing else of weight.
///
/// ```
/// use latchkey::reading::time::{Context, read};
/// use latchkey::zone::Zone;
/// let zone = Zone::utc();
/// let now = "2026-04-14T15:30:00Z".parse().unwrap();
/// let time = read("vor 5 Std.", &Context::new(now, &zone, Some("de"))).unwrap();
/// assert_eq!(time.at.to_rfc3339(), "2026-04-14T10:30:00+00:00");
/// ```
pub fn read(text: &str, context: &Context<'_>) -> Option<Time> {
    let worded = || find(text, &Lexicon::get().mark(text), context).into_iter().find_map(|found| found.time);
    epoch(text, context).or_else(worded)
}

/// Unix time, in seconds or in milliseconds. A number is one only where it is the whole text and of the last years:
/// within a page it may as well be an order's.
fn epoch(text: &str, context: &Context<'_>) -> Option<Time> {
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = whole.parse().ok().filter(|_| digits(whole) && digits(fraction))?;
    let at = match whole.len() {
        10 => DateTime::from_timestamp(number, 0)?,
        13 if fraction.is_empty() => DateTime::from_timestamp(number / 1000, 0)?,
        _ => return None,
    };
    let age = context.now.signed_duration_since(at);
    (TimeDelta::days(-1)..TimeDelta::days(6 * 365)).contains(&age).then(|| Time {
        at,
        precision: Precision::Second,
        text: text.to_owned(),
        zone: ZoneSource::Stated,
    })
}

/// Finds the times of a text.
pub fn find(original: &str, marked: &Marked, context: &Context<'_>) -> Vec<Found> {
    let told = told(original, marked, context);
    let context = &told;
    let tokens = items::tokens(marked, context.languages);
    let text = marked.folded.text.as_str();
    let mut found = Vec::new();
    let mut start = 0;
    while start < tokens.len() {
        if matches!(tokens[start].item, Item::Other) {
            start += 1;
            continue;
        }
        let end = tokens[start..]
            .iter()
            .position(|token| matches!(token.item, Item::Other))
            .map_or(tokens.len(), |at| start + at);
        for parts in parts::parts(&tokens[start..end], text, context) {
            if !stands_free(text, &parts.range) {
                continue;
            }
            let whole = super::lexicon::core(text);
            let alone = parts.range.start <= whole.start && parts.range.end >= whole.end;
            match resolve(&parts, context, alone) {
                Resolved::Moment(at, precision, zone) => {
                    let verbatim = marked.folded.verbatim(original, parts.range.clone()).to_owned();
                    found.push(Found {
                        range: parts.range.clone(),
                        time: Some(Time { at, precision, text: verbatim, zone }),
                    });
                }
                Resolved::Undecided => found.push(Found { range: parts.range.clone(), time: None }),
                Resolved::No => {}
            }
        }
        start = end;
    }
    found
}

/// The context with what the text's own words and signs tell of its language.
fn told<'a>(original: &str, marked: &Marked, context: &Context<'a>) -> Context<'a> {
    let mut told = context.clone();
    if told.languages == 0 {
        told.languages = spoken(marked);
        let arabic = original.contains(|c| matches!(c, '\u{660}'..='\u{669}'));
        if told.order == Order::Unknown && (arabic || writes_day_first(told.languages)) {
            (told.order, told.yearless) = (Order::DayFirst, Order::DayFirst);
        }
    }
    if told.order == Order::Unknown && is_american(original) {
        (told.order, told.yearless) = (told.american, told.american);
    }
    told
}

/// The languages that all words of time in a text are of; none where they tell nothing.
fn spoken(marked: &Marked) -> Languages {
    let mut spoken = Languages::MAX;
    for hit in marked.hits.iter().filter(|hit| hit.range.len() > 2) {
        let timely = |sense| {
            let named = matches!(sense, Sense::Month(_) | Sense::Weekday(_) | Sense::Am | Sense::Pm);
            let passed = matches!(sense, Sense::Past(_) | Sense::Fixed(..));
            named || passed || matches!(sense, Sense::Word(Concept::Ago | Concept::Today | Concept::Yesterday))
        };
        let meanings = Lexicon::get().meanings(hit).iter().filter(|meaning| timely(meaning.sense));
        let languages = meanings.fold(0, |all, meaning| all | meaning.languages);
        if languages != 0 {
            spoken &= languages;
        }
    }
    if spoken == Languages::MAX { 0 } else { spoken }
}

/// Whether all of some languages write the day before the month.
fn writes_day_first(languages: Languages) -> bool {
    const OTHERS: [&str; 5] = ["en", "zh-CN", "zh-TW", "ja", "ko"];
    languages != 0 && OTHERS.iter().all(|tag| languages & languages_of(tag) == 0)
}

/// Whether a text writes a date as American English does and no other English: "4/5/2026, 2:12:05 PM", with no zeros
/// before its numbers and the half in capitals.
fn is_american(original: &str) -> bool {
    let Some((date, clock)) = original.split_once(", ") else { return false };
    let plain = |number: &str| {
        (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0')
    };
    let mut numbers = date.rsplit(' ').next().unwrap_or(date).split('/');
    let hour = clock.split(':').next().unwrap_or_default();
    let half = clock.trim_end().strip_suffix(['M']).and_then(|clock| clock.strip_suffix(['A', 'P']));
    let spaced = half.is_some_and(|clock| clock.ends_with([' ', '\u{a0}', '\u{202f}']));
    spaced && plain(hour) && numbers.next().is_some_and(plain) && numbers.next().is_some_and(plain)
}

/// The parts of one time.
#[derive(Debug, Clone, PartialEq, Default)]
struct Parts {
    range: Range<usize>,
    date: Option<Date>,
    clock: Option<Clock>,
    /// Seconds east of UTC, where the text states them.
    offset: Option<i32>,
    ago: Option<Ago>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Date {
    /// Year (where given), month, day.
    Full(Option<i32>, u32, u32),
    /// A month of a year.
    Month(i32, u32),
    /// Two numbers of which either may be the month; and the year.
    Either(Option<i32>, u32, u32),
    /// Three short numbers of which the first or the last may be the year.
    Open,
    /// Days before today.
    Before(u64),
    /// Monday 1.
    Weekday(u32),
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Clock {
    hour: u32,
    minute: Option<u32>,
    second: Option<u32>,
    /// After noon, before noon.
    half: Option<Half>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Am,
    Pm,
    /// From the evening into the small hours.
    Night,
    /// From before noon to after it.
    Midday,
}

/// A span before now: its units, largest first.
#[derive(Debug, Clone, PartialEq)]
struct Ago(Vec<(u64, Unit)>);

enum Resolved {
    Moment(DateTime<Utc>, Precision, ZoneSource),
    Undecided,
    No,
}

fn resolve(parts: &Parts, context: &Context<'_>, alone: bool) -> Resolved {
    let local_now = context.zone.to_local(context.now);
    if let Some(Ago(spans)) = &parts.ago {
        let mut at = context.now;
        for (count, unit) in spans {
            match back(at, *count, *unit) {
                Some(earlier) => at = earlier,
                None => return Resolved::No,
            }
        }
        let precision = spans.last().map_or(Precision::Minute, |(_, unit)| precision_of(*unit));
        return Resolved::Moment(at, precision, ZoneSource::Relative);
    }
    let clock = match parts.clock.map(clock_time) {
        Some(Some(clock)) => Some(clock),
        Some(None) => return Resolved::No,
        None => None,
    };
    let moment = |date: NaiveDate| moment(date, clock, parts.offset, context);
    let nearest_past = |year: Option<i32>, month: u32, day: u32| match year {
        Some(year) => NaiveDate::from_ymd_opt(year, month, day),
        None => (0..5)
            .filter_map(|back| NaiveDate::from_ymd_opt(local_now.year() - back, month, day))
            .find(|date| *date <= local_now.date() + Days::new(1)),
    };
    let date = match parts.date {
        Some(Date::Full(year, month, day)) => nearest_past(year, month, day),
        Some(Date::Month(year, month)) => {
            let Some(date) = NaiveDate::from_ymd_opt(year, month, 1) else { return Resolved::No };
            let (at, _, zone) = moment(date);
            return Resolved::Moment(at, Precision::Month, zone);
        }
        Some(Date::Either(year, first, second)) => {
            let order = match (first, second) {
                (13.., ..=12) => Order::DayFirst,
                (..=12, 13..) => Order::MonthFirst,
                (a, b) if a == b => Order::DayFirst,
                (13.., 13..) => return Resolved::No,
                _ => context.order,
            };
            match order {
                Order::DayFirst => nearest_past(year, second, first),
                Order::MonthFirst => nearest_past(year, first, second),
                Order::Unknown => return Resolved::Undecided,
            }
        }
        Some(Date::Open) => return Resolved::Undecided,
        Some(Date::Before(days)) => {
            let date = local_now.date().checked_sub_days(Days::new(days));
            if let (Some(date), None) = (date, clock) {
                let (at, precision, _) = moment(date);
                return Resolved::Moment(at, precision, ZoneSource::Relative);
            }
            date
        }
        Some(Date::Weekday(day)) => {
            if clock.is_none() && !alone {
                return Resolved::No;
            }
            let today = local_now.weekday().number_from_monday();
            let mut days = (today + 7 - day) % 7;
            if days == 0 && clock.is_none_or(|(time, _)| time > local_now.time()) {
                days = 7;
            }
            local_now.date().checked_sub_days(Days::new(u64::from(days)))
        }
        // A clock alone is of the last day on which it has struck, if it is all that the text says.
        None if clock.is_some() && alone => {
            let ahead = clock.is_some_and(|(time, _)| time > local_now.time() && parts.offset.is_none());
            local_now.date().checked_sub_days(Days::new(u64::from(ahead)))
        }
        None => return Resolved::No,
    };
    match date {
        Some(date) if (1990..=context.now.year() + 50).contains(&date.year()) => {
            let (at, precision, zone) = moment(date);
            Resolved::Moment(at, precision, zone)
        }
        _ => Resolved::No,
    }
}

fn moment(
    date: NaiveDate,
    clock: Option<(NaiveTime, Precision)>,
    offset: Option<i32>,
    context: &Context<'_>,
) -> (DateTime<Utc>, Precision, ZoneSource) {
    let (time, precision) = clock.unwrap_or((NaiveTime::MIN, Precision::Day));
    let local = NaiveDateTime::new(date, time);
    match offset {
        Some(offset) => ((local - TimeDelta::seconds(i64::from(offset))).and_utc(), precision, ZoneSource::Stated),
        None => (context.zone.to_utc(local), precision, ZoneSource::Assumed),
    }
}

fn clock_time(clock: Clock) -> Option<(NaiveTime, Precision)> {
    let hour = match (clock.half, clock.hour) {
        (Some(Half::Am | Half::Night), 12) => 0,
        (Some(Half::Pm), hour @ 0..12) | (Some(Half::Night), hour @ 6..12) | (Some(Half::Midday), hour @ 0..6) => {
            hour + 12
        }
        (None, 24) => 0,
        (_, hour) => hour,
    };
    let precision = match (clock.minute, clock.second) {
        (_, Some(_)) => Precision::Second,
        (Some(_), None) => Precision::Minute,
        (None, None) => Precision::Hour,
    };
    let time = NaiveTime::from_hms_opt(hour, clock.minute.unwrap_or(0), clock.second.unwrap_or(0))?;
    Some((time, precision))
}

fn back(at: DateTime<Utc>, count: u64, unit: Unit) -> Option<DateTime<Utc>> {
    let signed = i64::try_from(count).ok()?;
    match unit {
        Unit::Second => at.checked_sub_signed(TimeDelta::try_seconds(signed)?),
        Unit::Minute => at.checked_sub_signed(TimeDelta::try_minutes(signed)?),
        Unit::Hour => at.checked_sub_signed(TimeDelta::try_hours(signed)?),
        Unit::Day => at.checked_sub_signed(TimeDelta::try_days(signed)?),
        Unit::Week => at.checked_sub_signed(TimeDelta::try_weeks(signed)?),
        Unit::Month => at.checked_sub_months(Months::new(u32::try_from(count).ok()?)),
        Unit::Year => at.checked_sub_months(Months::new(u32::try_from(count.checked_mul(12)?).ok()?)),
    }
    .filter(|at| at.year() > 1970)
}

fn precision_of(unit: Unit) -> Precision {
    match unit {
        Unit::Second => Precision::Second,
        Unit::Minute => Precision::Minute,
        Unit::Hour => Precision::Hour,
        Unit::Day => Precision::Day,
        Unit::Week => Precision::Week,
        Unit::Month => Precision::Month,
        Unit::Year => Precision::Year,
    }
}

/// Whether nothing is glued to a time that would make it something else: a letter, or a sign with more behind it.
fn stands_free(text: &str, range: &Range<usize>) -> bool {
    let glued = |c: Option<char>, next: Option<char>| match c {
        None => false,
        Some(c) if super::text::is_unspaced(c) => false,
        Some(c) if c.is_alphanumeric() => true,
        // Money, and shares of a hundred.
        Some('$' | '£' | '¥' | '€' | '₩' | '₹' | '₽' | '₺' | '₴' | '₫' | '฿' | '₿' | '%') => true,
        Some('\'' | ':' | '/' | '.' | '-' | '+' | '_' | '#' | '*') => next.is_some_and(char::is_alphanumeric),
        Some(_) => false,
    };
    let mut before = text[..range.start].chars().rev();
    let mut after = text[range.end..].chars();
    let (b, bb) = (before.next(), before.next());
    let (a, aa) = (after.next(), after.next());
    // "IP:14:12" is a label and a time; "v1.2" is not.
    let colon = b == Some(':')
        && bb.is_some_and(char::is_alphabetic)
        && text[..range.start].chars().filter(|c| *c == ':').count() == 1
        && !text[..range.start].contains('/');
    (colon || !glued(b, bb)) && !glued(a, aa)
}

#[cfg(test)]
mod tests;
