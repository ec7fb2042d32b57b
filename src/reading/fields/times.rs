//! The times of a row, and which of them is its beginning and which its last activity.

use std::ops::Range;

use super::{Facts, Piece, View};
use crate::page::Page;
use crate::reading::leaves::Source;
use crate::reading::lexicon::{Concept, Lexicon, Marked, Sense};
use crate::reading::shared;
use crate::reading::time::{self, Context};
use crate::session::{Precision, Time, ZoneSource};

pub(super) fn times(page: &Page, view: &View<'_>, context: &Context<'_>, facts: &mut Facts) {
    let day = view.pieces.iter().find(|piece| piece.shared && shared::is_day(piece.leaf));
    // The day that waits for its clock on the line below, or the clock that has gone before its day.
    let mut joined: Option<&Piece<'_>> = None;
    for (at, piece) in view.pieces.iter().enumerate() {
        if piece.is_label || day.is_some_and(|day| std::ptr::eq(day, piece)) {
            continue;
        }
        if joined.take().is_some_and(|done| std::ptr::eq(done, piece)) {
            continue;
        }
        let next = view.pieces.get(at + 1).filter(|next| {
            day.is_none() && next.leaf.source == Source::Text && !next.is_label && next.labels == piece.labels
        });
        let whole = next.and_then(|next| {
            let (day, clock) = if shared::is_day(piece.leaf) { (piece, next) } else { (next, piece) };
            let one = |piece: &Piece<'_>| match piece.leaf.times.as_slice() {
                [found] => found.time.clone().filter(|_| is_alone(&piece.leaf.marked, &found.range)),
                _ => None,
            };
            let clock = one(clock).filter(|_| shared::is_day(day.leaf) && one(day).is_some())?;
            on_day(day, &clock, context)
        });
        for found in &piece.leaf.times {
            let text = &piece.leaf.marked.folded.text;
            // "The device you are using right now" is no time.
            let now = &text[found.range.clone()];
            if Lexicon::get().mark(now).is(Concept::JustNow)
                && (piece.marker.is_some() || !says_when(piece, &found.range))
            {
                continue;
            }
            let Some(time) = &found.time else {
                if piece.leaf.source == Source::Text {
                    facts.undecided.push(text[found.range.clone()].to_owned());
                }
                continue;
            };
            // An attribute's time stands for the text that it explains; alone it is read where a label calls for it.
            if piece.leaf.source != Source::Text {
                let explains = view.pieces.iter().any(|other| {
                    other.leaf.source == Source::Text
                        && page.subtree(piece.leaf.node).contains(&other.leaf.node)
                        && (!other.leaf.times.is_empty() || other.leaf.marked.has(Concept::JustNow))
                });
                if explains || piece.labels.is_empty() {
                    continue;
                }
            }
            let label = time_label(piece, &found.range);
            if label == Some(Concept::Expires) {
                continue;
            }
            let full = explained(page, view, at).or_else(|| on_day(day?, time, context));
            if let Some(whole) = &whole {
                joined = next;
                file(label, whole.clone(), facts);
                continue;
            }
            let time = full.map_or_else(|| time.clone(), |full| Time { text: time.text.clone(), ..full });
            file(label, time, facts);
        }
    }
}

/// Puts a time where its label says that it belongs.
fn file(label: Option<Concept>, time: Time, facts: &mut Facts) {
    match label {
        Some(Concept::LastActive) if facts.last_active_at.is_none() => facts.last_active_at = Some(time),
        Some(Concept::LoginTime | Concept::Date) if facts.signed_in_at.is_none() => facts.signed_in_at = Some(time),
        Some(_) => {}
        None => facts.bare.push(time),
    }
}

/// Whether "now" is a time among a text's other words: alone, or beside words for being active.
fn says_when(piece: &Piece<'_>, now: &Range<usize>) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let text = piece.leaf.marked.folded.text.as_str();
    let known = piece.leaf.marked.hits.iter().any(|hit| {
        let own = now.start <= hit.range.start && hit.range.end <= now.end;
        let about = |sense| matches!(sense, Sense::Word(Concept::LastActive | Concept::Online | Concept::LoginTime));
        !own && Lexicon::get().meanings(hit).iter().any(|meaning| about(meaning.sense))
    });
    let sign = |c: char| matches!(c, '·' | '•' | '|' | '-' | ',' | '(' | ')' | ':');
    let before = text[..now.start].rsplit(sign).next().unwrap_or_default();
    let after = text[now.end..].split(sign).next().unwrap_or_default();
    known || letters(&text[now.clone()]) > letters(before) + letters(after)
}

/// A clock's time on the day that stands above its row.
pub(super) fn on_day(day: &Piece<'_>, clock: &Time, context: &Context<'_>) -> Option<Time> {
    let numbers = clock.text.split(|c: char| !c.is_numeric()).filter(|part| !part.is_empty()).count();
    let bare = (2..=3).contains(&numbers) && clock.text.contains([':', '：', '.', '時', '点', '시']);
    if !bare || clock.precision > Precision::Minute || clock.zone == ZoneSource::Relative {
        return None;
    }
    let date = day.leaf.times.first()?.time.as_ref()?;
    let whole = time::read(&format!("{} {}", date.text, clock.text), context)?;
    (whole.precision == clock.precision).then_some(whole)
}

/// What a time is: by the words around it in its own text, by its label, by its column.
pub(super) fn time_label(piece: &Piece<'_>, range: &Range<usize>) -> Option<Concept> {
    use Concept::*;
    let mut own: Option<(usize, usize, Concept)> = None;
    for hit in &piece.leaf.marked.hits {
        if hit.range.start < range.end && range.start < hit.range.end {
            continue;
        }
        let distance =
            if hit.range.end <= range.start { range.start - hit.range.end } else { 1000 + hit.range.start - range.end };
        for meaning in Lexicon::get().meanings(hit) {
            if let Sense::Word(concept @ (LastActive | LoginTime | Expires)) = meaning.sense {
                // The nearest word, the longest of several there.
                if own.is_none_or(|(known, length, _)| {
                    distance < known || (distance == known && hit.range.len() > length)
                }) {
                    own = Some((distance, hit.range.len(), concept));
                }
            }
        }
    }
    if let Some((_, _, concept)) = own {
        return Some(concept);
    }
    // "Log-in 3 days ago".
    let before = piece.leaf.marked.folded.text[..range.start].trim();
    if !before.is_empty() && piece.labels.is_empty() && Lexicon::get().mark(before).is(LogIn) {
        return Some(LoginTime);
    }
    [Expires, LastActive, LoginTime, Date]
        .into_iter()
        .find(|concept| piece.labels.contains(concept))
        .or_else(|| piece.labels.contains(&Inactive).then_some(LastActive))
}

/// The full time that an element explains its words with, where those are relative.
pub(super) fn explained(page: &Page, view: &View<'_>, at: usize) -> Option<Time> {
    let piece = &view.pieces[at];
    if piece.leaf.source != Source::Text {
        return None;
    }
    let mut best: Option<(u8, &Time)> = None;
    for other in &view.pieces {
        if other.leaf.source == Source::Text || !page.subtree(other.leaf.node).contains(&piece.leaf.node) {
            continue;
        }
        // Only an attribute of the words' own element, or one close around.
        let depth = page.node(piece.leaf.node).map_or(0, |node| node.depth)
            - page.node(other.leaf.node).map_or(0, |node| node.depth);
        let Some(time) = other.leaf.times.iter().find_map(|found| found.time.as_ref()) else { continue };
        if depth > 3 || time.zone == ZoneSource::Relative {
            continue;
        }
        let rank = u8::from(other.leaf.source == Source::Datetime) * 2 + u8::from(time.zone == ZoneSource::Stated);
        if best.is_none_or(|(known, _)| rank > known) {
            best = Some((rank, time));
        }
    }
    best.map(|(_, time)| time.clone())
}

/// Whether nothing but signs, or a letter that ends a year ("2026 г."), stands around a part of a text.
fn is_alone(marked: &Marked, range: &Range<usize>) -> bool {
    let text = marked.folded.text.as_str();
    let rest = text[..range.start].chars().chain(text[range.end..].chars());
    rest.filter(|c| c.is_alphanumeric()).count() <= 1
}
