//! What is found in the account's other books: a key or a withdrawal address that was not there before, and a call from
//! a network that no program of the person's called from.
//!
//! Programs move less than people: what counts for a network is on how many days it called, and that the person signs
//! in from it. While few days are known, nothing is said.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::surprise::{Shape, surprise};
use super::{Finding, PRIOR, Snapshot, Verdict, shift};
use crate::explain::Message;
use crate::memory::{Answer, Book, Fact, Memory, RowId, Tally, Traits};
use crate::session::Row;
use crate::world::World;

const NETWORK: Shape = Shape { share: 0.03, openness: 0.5, spread: 1.0, floor: 0.0, cap: 3.2 };
const COUNTRY: Shape = Shape { cap: 1.0, ..NETWORK };
/// From which sum on a caller is unfamiliar.
const UNFAMILIAR: f64 = 1.7;
/// How many findings of each kind are told.
const TOLD: usize = 3;

/// What is found of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    verdict: Verdict,
    signal: &'static str,
    key: &'static str,
}

/// Everything there is to find, a few of each kind.
pub(super) fn find(memory: &Memory, snapshot: &Snapshot, world: &World<'_>, now: DateTime<Utc>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for ((id, row), found) in snapshot.books.iter().zip(judge(memory, snapshot, world, now)) {
        let Some(Found { verdict, signal, key }) = found else { continue };
        let name = row.ip.as_deref().or(row.device.as_deref()).unwrap_or("?");
        let message = Message::new(key).with_text(name);
        let of_kind = findings.iter().filter(|other| other.message.key == key).count();
        if of_kind < TOLD && !findings.iter().any(|other| other.message == message) {
            findings.push(Finding { signal: Cow::Borrowed(signal), verdict, message, entry: Some(id.clone()) });
        }
    }
    findings
}

/// What is found of each entry.
pub(super) fn judge(memory: &Memory, snapshot: &Snapshot, world: &World<'_>, now: DateTime<Utc>) -> Vec<Option<Found>> {
    let known = if snapshot.books.is_empty() { None } else { Some(Known::of(memory, snapshot, now)) };
    let judge = |(id, row): &(RowId, Row)| {
        let (known, book) = (known.as_ref()?, Book::of(id)?);
        let found = |verdict, signal, key| Some(Found { verdict, signal, key });
        match memory.entry(id).and_then(|entry| entry.answer.as_ref()).map(|answered| answered.answer) {
            Some(Answer::Mine) => return None,
            Some(Answer::NotMine) => return found(Verdict::Act, "entry-disowned", "finding_entry_disowned"),
            None => {}
        }
        let is_new = memory.is_new_entry(book, id, row, now);
        match book {
            Book::Keys if is_new => found(Verdict::Check, "api-key-new", "finding_key_new"),
            Book::Addresses if is_new => found(Verdict::Check, "withdrawal-address-new", "finding_wallet_new"),
            Book::Callers => {
                let traits = Traits::within(row, world);
                if known.is_intruders(&traits) {
                    found(Verdict::Act, "api-caller", "finding_caller_intruder")
                } else if is_new && known.nats(&traits) >= UNFAMILIAR + shift(snapshot.settings.sensitivity) {
                    found(Verdict::Check, "api-caller", "finding_caller_new")
                } else {
                    None
                }
            }
            Book::Keys | Book::Addresses => None,
        }
    };
    snapshot.books.iter().map(judge).collect()
}

/// What callers are weighed against.
struct Known<'a> {
    /// The person's own rows.
    own: Tally<'a>,
    /// Those who called before, each as often as it called on another day.
    callers: Tally<'a>,
    /// Whom the person called foreign.
    intruders: Vec<&'a Traits>,
}

impl<'a> Known<'a> {
    fn of(memory: &'a Memory, snapshot: &'a Snapshot, now: DateTime<Utc>) -> Self {
        let (mut own, mut callers) = (Tally::default(), Tally::default());
        own.add_habits(memory.habits());
        memory.rows().filter(|row| row.weight() > 0.0).for_each(|row| own.add(&row.traits, row.weight()));
        for entry in memory.book(Book::Callers) {
            let is_foreign = matches!(&entry.answer, Some(answered) if answered.answer == Answer::NotMine);
            // What was new has been told for its time, and is known by then.
            if !is_foreign && !entry.is_new(now) {
                callers.add(&entry.traits, f64::from(entry.days));
            }
        }
        Self { own, callers, intruders: memory.disowned().chain(&snapshot.strangers).collect() }
    }

    /// The evidence that a caller is none of the person's.
    fn nats(&self, traits: &Traits) -> f64 {
        let of = |fact: Fact, shape: Shape| {
            let Some(value) = traits.get(fact) else { return 0.0 };
            let is_own = self.own.seen(fact, value, &[]).count > 0.0;
            if is_own { 0.0 } else { surprise(self.callers.seen(fact, value, &[]), shape) }
        };
        let network = if traits.carrier.is_some() { Fact::Carrier } else { Fact::Block };
        match of(network, NETWORK) {
            known if known <= 0.0 => PRIOR,
            nats => PRIOR + nats + of(Fact::Registered, COUNTRY),
        }
    }

    /// Whether somebody whom the person called foreign came from the same network, and the person never did.
    fn is_intruders(&self, traits: &Traits) -> bool {
        let Some(network) = traits.get(Fact::Network) else { return false };
        let is_own = self.own.seen(Fact::Network, network, &[]).count > 0.0;
        !is_own && self.intruders.iter().any(|intruder| intruder.get(Fact::Network) == Some(network))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::super::testing::*;
    use super::*;
    use crate::memory::{ListName, entries};
    use crate::reading::List;
    use crate::session::{ApiCall, ApiKey, Time, WithdrawalAddress};

    /// When the weeks of a story begin.
    fn week(n: i64) -> DateTime<Utc> {
        now() + TimeDelta::weeks(n)
    }

    fn at(at: DateTime<Utc>) -> Option<Time> {
        hours_ago(0).map(|time| Time { at, ..time })
    }

    fn key(label: &str, created_at: Option<Time>) -> ApiKey {
        ApiKey { label: Some(label.into()), created_at, ..ApiKey::default() }
    }

    fn wallet(address: &str) -> WithdrawalAddress {
        WithdrawalAddress { address: Some(address.into()), ..WithdrawalAddress::default() }
    }

    /// Calls from an address, one a day for the days before a moment.
    fn calls(ip: &str, until: DateTime<Utc>, days: i64) -> Vec<ApiCall> {
        let call = |day| ApiCall { ip: Some(ip.into()), at: at(until - TimeDelta::days(day)), ..ApiCall::default() };
        (0..days).map(call).collect()
    }

    fn page(lists: &[List]) -> Snapshot {
        Snapshot { books: entries(lists), ..Snapshot::default() }
    }

    /// What is found of a page, and what is remembered after it.
    fn visit(memory: &mut Memory, now: DateTime<Utc>, lists: &[List]) -> Vec<&'static str> {
        let snapshot = page(lists);
        let found = judge(memory, &snapshot, world(), now);
        let assessment = super::super::assess(memory, &snapshot, &Default::default(), world(), now);
        memory.learn(&snapshot, &assessment, world(), now);
        found.into_iter().flatten().map(|found| found.key).collect()
    }

    #[test]
    fn the_first_visit_only_lists_and_a_later_one_compares() {
        let mut memory = Memory::default();
        let keys = |names: &[&str]| [List::ApiKeys(names.iter().map(|name| key(name, None)).collect())];
        assert!(visit(&mut memory, week(0), &keys(&["bot", "tax"])).is_empty());
        assert!(visit(&mut memory, week(0) + TimeDelta::minutes(5), &keys(&["tax", "old"])).is_empty(), "page two");
        assert!(visit(&mut memory, week(1), &keys(&["tax", "bot"])).is_empty());
        assert_eq!(visit(&mut memory, week(2), &keys(&["tax", "thief"])), ["finding_key_new"]);
        assert_eq!(visit(&mut memory, week(2) + TimeDelta::days(1), &keys(&["thief"])), ["finding_key_new"]);
        assert!(visit(&mut memory, week(3), &keys(&["thief"])).is_empty(), "told for a week");
        assert_eq!(memory.readings, 0, "the account's rows are another matter");
    }

    #[test]
    fn a_withdrawal_address_is_new_once_others_are_known() {
        let mut memory = Memory::default();
        let book = |names: &[&str]| [List::WithdrawalAddresses(names.iter().copied().map(wallet).collect())];
        assert!(visit(&mut memory, week(0), &book(&["bc1qown"])).is_empty());
        assert!(visit(&mut memory, week(1), &[List::ApiKeys(vec![key("bot", None)])]).is_empty(), "another book");
        assert_eq!(visit(&mut memory, week(1), &book(&["bc1qown", "bc1qthief"])), ["finding_wallet_new"]);
    }

    #[test]
    fn what_was_made_before_the_last_look_was_only_on_another_page() {
        let mut memory = Memory::default();
        visit(&mut memory, week(0), &[List::ApiKeys(vec![key("bot", None)])]);
        let older = key("old", at(week(-9)));
        assert!(visit(&mut memory, week(1), &[List::ApiKeys(vec![older])]).is_empty());
        let newer = key("new", at(week(1) - TimeDelta::days(1)));
        assert_eq!(visit(&mut memory, week(1), &[List::ApiKeys(vec![newer])]), ["finding_key_new"]);
    }

    #[test]
    fn the_persons_word_decides() {
        let mut memory = Memory::default();
        let book = [List::ApiKeys(vec![key("bot", None), key("other", None)])];
        visit(&mut memory, week(0), &[List::ApiKeys(vec![key("bot", None)])]);
        assert_eq!(visit(&mut memory, week(1), &book).len(), 1);
        let id = page(&book).books[1].0.clone();
        assert!(memory.answer(ListName::Sessions, &id, Some(Answer::Mine)));
        assert!(visit(&mut memory, week(1), &book).is_empty());
        memory.answer(ListName::Sessions, &id, Some(Answer::NotMine));
        assert_eq!(visit(&mut memory, week(9), &book), ["finding_entry_disowned"]);
        let was = memory.clone();
        memory.answer(ListName::Sessions, &id, Some(Answer::Mine));
        memory.answer(ListName::Sessions, &id, Some(Answer::NotMine));
        assert_eq!(memory, was);
    }

    #[test]
    fn a_server_that_is_known_is_quiet_and_another_is_told_of() {
        let mut memory = Memory::default();
        let log = |ip: &str, n| [List::ApiCalls(calls(ip, week(n), 14))];
        assert!(visit(&mut memory, week(0), &log(DATA_CENTRE, 0)).is_empty());
        assert!(visit(&mut memory, week(1), &log(DATA_CENTRE, 1)).is_empty());
        assert!(visit(&mut memory, week(2), &log("8.8.4.4", 2)).is_empty(), "another machine of the same house");
        assert_eq!(visit(&mut memory, week(3), &log(ABROAD, 3))[0], "finding_caller_new");
    }

    #[test]
    fn while_few_days_of_calls_are_known_nothing_is_said() {
        let mut memory = Memory::default();
        visit(&mut memory, week(0), &[List::ApiCalls(calls(DATA_CENTRE, week(0), 1))]);
        assert!(visit(&mut memory, week(1), &[List::ApiCalls(calls(ABROAD, week(1), 1))]).is_empty());
    }

    #[test]
    fn a_program_at_home_is_the_persons_own() {
        let mut memory = memory_in(world(), &[HOME]);
        visit(&mut memory, week(0), &[List::ApiCalls(calls(DATA_CENTRE, week(0), 30))]);
        assert!(visit(&mut memory, week(1), &[List::ApiCalls(calls(HOME, week(1), 1))]).is_empty());
    }

    #[test]
    fn who_was_called_foreign_is_so_with_a_key_too() {
        let mut memory = answered(foreign_login(), Answer::NotMine);
        let log = [List::ApiCalls(calls("192.0.2.7", week(0), 1))];
        assert_eq!(visit(&mut memory, week(0), &log), ["finding_caller_intruder"]);
    }

    #[test]
    fn what_is_remembered_of_books_does_not_grow_without_end() {
        let mut memory = Memory::default();
        for n in 0..30 {
            let log = (0..100).flat_map(|k| calls(&format!("198.{n}.{k}.1"), week(n), 2)).collect();
            visit(&mut memory, week(n), &[List::ApiCalls(log)]);
        }
        assert!(memory.book(Book::Callers).count() <= 200);
        assert!(serde_json::to_string(&memory).unwrap().len() < 60_000);
    }

    #[test]
    fn the_order_of_entries_does_not_matter() {
        let mut memory = Memory::default();
        visit(&mut memory, week(0), &[List::ApiCalls(calls(DATA_CENTRE, week(0), 14))]);
        let mut log = [calls(ABROAD, week(1), 3), calls(ANOTHER_LINE, week(1), 3)].concat();
        let there = find(&memory, &page(&[List::ApiCalls(log.clone())]), world(), week(1));
        log.reverse();
        let back = find(&memory, &page(&[List::ApiCalls(log)]), world(), week(1));
        assert!(there.len() == back.len() && there.iter().all(|finding| back.contains(finding)));
    }
}
