//! An account's other books: its keys for programs, who calls with them, and its withdrawal addresses.
//!
//! What a book shows when it is first opened is only noted. What is there later and was not before is new, for a week
//! or until the person says whose it is. An entry that tells that it was made before the last look is not: a book may
//! have several pages.
//!
//! Of a key and of a withdrawal address a number is kept that its words give, and not the words.

use chrono::{DateTime, TimeDelta, Utc};

use super::ids::{Fnv, lasting};
use super::{Memory, Remembered, RowId, Standing, Traits};
use crate::reading::List;
use crate::session::{Row, Time};

/// One of the books. Its entries are kept as rows: what each is called in `device`, when it was made (or called) in
/// `signed_in_at`, and from where in `ip`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Book {
    /// Keys for programs.
    Keys,
    /// The networks from which calls were made with them, each once a day.
    Callers,
    /// The withdrawal addresses.
    Addresses,
}

/// Entries closer to the first look than this are part of it: pages load bit by bit, and have further pages.
const FIRST_LOOK: TimeDelta = TimeDelta::hours(1);
/// How long an entry is new.
const NEW: TimeDelta = TimeDelta::days(7);
/// By how much a page's date may be coarser than the last look's moment.
const COARSE: TimeDelta = TimeDelta::days(1);
/// How many entries of a page's book are looked at.
const LOOKED_AT: usize = 120;
/// How many entries of a book are kept.
const KEPT: usize = 200;
/// How long the words of an entry may be.
const LONGEST: usize = 80;

impl Book {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Keys, "key-"), (Self::Callers, "call-"), (Self::Addresses, "wallet-")];

    /// The book that an entry is named by.
    pub fn of(id: &RowId) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, prefix)| id.0.starts_with(prefix)).map(|(book, _)| book)
    }

    fn name(self, words: [&str; 2]) -> RowId {
        let mut hash = Fnv::default();
        words.into_iter().for_each(|word| hash.field(word));
        let prefix = Self::ALL.into_iter().find(|(book, _)| *book == self).map_or("", |(_, prefix)| prefix);
        RowId(format!("{prefix}{:016x}", hash.0))
    }
}

/// The entries of a page's books, named, each once. One that says nothing by which it could be known again is left out.
pub fn entries(lists: &[List]) -> Vec<(RowId, Row)> {
    let mut found: Vec<(RowId, Row)> = Vec::new();
    for list in lists {
        let mut count = 0;
        let mut add = |book: Book, words: [Option<&str>; 2], row: Row| {
            let [Some(first), second] = words else { return };
            let id = book.name([first, second.unwrap_or_default()]);
            let same = |other: &(RowId, Row)| other.0 == id && (book != Book::Callers || day(&other.1) == day(&row));
            if count < LOOKED_AT && !found.iter().any(same) {
                count += 1;
                found.push((id, row));
            }
        };
        let entry = |name: &Option<String>, at: &Option<Time>| Row {
            device: name.as_ref().map(|name| name.chars().take(LONGEST).collect()),
            signed_in_at: at.clone(),
            ..Row::default()
        };
        match list {
            List::ApiKeys(keys) => keys.iter().for_each(|key| {
                let made = key.created_at.as_ref().and_then(lasting).map(|(moment, _)| moment);
                let words = [key.label.as_deref().or(made.as_deref()), made.as_deref()];
                add(Book::Keys, words, entry(&key.label, &key.created_at));
            }),
            List::ApiCalls(calls) => calls.iter().for_each(|call| {
                let row = Row { ip: call.ip.clone(), ..entry(&call.key, &call.at) };
                let traits = Traits::of(&row);
                let network = traits.network.as_deref().or(traits.block.as_deref());
                add(Book::Callers, [network, None], row);
            }),
            List::WithdrawalAddresses(wallets) => wallets.iter().for_each(|wallet| {
                let name = if wallet.address.is_some() { &wallet.address } else { &wallet.label };
                add(Book::Addresses, [name.as_deref(), wallet.coin.as_deref()], entry(name, &wallet.added_at));
            }),
            List::Sessions(_) | List::Logins(_) | List::TrustedDevices(_) => {}
        }
    }
    found
}

fn day(row: &Row) -> Option<i64> {
    row.signed_in_at.as_ref().map(|time| day_of(time.at))
}

fn day_of(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(86_400)
}

impl Memory {
    /// What is remembered of a book's entry.
    pub fn entry(&self, id: &RowId) -> Option<&Remembered> {
        self.books.get(id)
    }

    /// The entries of a book that are remembered.
    pub fn book(&self, book: Book) -> impl Iterator<Item = &Remembered> {
        self.books.iter().filter(move |(id, _)| Book::of(id) == Some(book)).map(|(_, entry)| entry)
    }

    /// Whether a book was opened before the visit of this moment.
    pub fn has_opened(&self, book: Book, now: DateTime<Utc>) -> bool {
        self.book(book).any(|entry| entry.at.is_some_and(|first| now - first >= FIRST_LOOK))
    }

    /// Whether an entry is there that was not before, and is so no longer than a week.
    pub fn is_new_entry(&self, book: Book, id: &RowId, row: &Row, now: DateTime<Utc>) -> bool {
        if let Some(entry) = self.books.get(id) {
            return entry.is_new(now);
        }
        let last = self.book(book).map(|entry| entry.seen).max();
        let made = row.signed_in_at.as_ref().map(|time| time.at);
        let is_older = made.zip(last).is_some_and(|(made, last)| book != Book::Callers && last - made > COARSE);
        self.has_opened(book, now) && !is_older
    }

    /// Remembers a page's entries, each with how it was judged. What was new stays so for its time.
    pub fn note(&mut self, entries: Vec<(&RowId, &Row, Traits, Standing)>, now: DateTime<Utc>) {
        for (id, row, traits, standing) in &entries {
            let former = self.books.get_mut(*id);
            match former {
                Some(entry) => {
                    let called = row.signed_in_at.as_ref().map_or(now, |time| time.at);
                    let later = entry.seen == now || day_of(called) > day_of(entry.seen);
                    entry.days = entry.days.saturating_add(u32::from(later));
                }
                None => {
                    let (traits, standing) = (traits.clone(), *standing);
                    let entry = Remembered {
                        traits,
                        at: Some(now),
                        seen: now,
                        first_reading: 0,
                        standing,
                        answer: None,
                        days: 1,
                    };
                    self.books.insert((*id).clone(), entry);
                }
            }
        }
        for (id, ..) in entries {
            if let Some(entry) = self.books.get_mut(id) {
                entry.seen = now;
            }
        }
        for (book, _) in Book::ALL {
            while self.book(book).count() > KEPT {
                let of_book = self.books.iter().filter(|(id, _)| Book::of(id) == Some(book));
                let oldest = of_book.min_by_key(|(_, entry)| (entry.answer.is_some(), entry.seen));
                let Some(oldest) = oldest.map(|(id, _)| id.clone()) else { break };
                self.books.remove(&oldest);
            }
        }
    }
}

impl Remembered {
    /// Whether this entry of a book was new when it was first seen, a week ago at most.
    pub fn is_new(&self, now: DateTime<Utc>) -> bool {
        self.standing == Standing::Flagged && self.answer.is_none() && self.at.is_some_and(|first| now - first < NEW)
    }
}
