//! Devices that are not the person's, or no longer: their diary, and what is found of them on the exchanges' pages.
//!
//! What was borrowed is expected until its day ([`crate::memory::Expected`]). From then on it is looked for like a
//! device that was lost: its sessions are shown, and said to be gone once a whole list no longer has them.

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};

use crate::characters::lower;
use crate::exchange;
use crate::explain::{Arg, Message};
use crate::memory::{Expected, ListName, Memory, NAME_LENGTH, Traits};
use crate::protocol::Effect;
use crate::reading::device;
use crate::risk::{Assessment, Evidence, Judged, Verdict};
use crate::session::Row;
use crate::state::{Account, AccountId, Judgement, Kept, Parted};
use crate::view::{DiaryLine, DiaryView, FindingView, Tone};

/// The signal of a row on a device that the person has parted with.
pub const SIGNAL: &str = "parted";
/// What the person's word weighs, in nats.
const WEIGHT: f64 = 5.0;
/// How many devices that the person has parted with are looked for.
const KEPT: usize = 64;
/// How long the diary explains a login on a borrowed device: beyond the longest history of an exchange.
const EXPLAINS: TimeDelta = TimeDelta::days(180);
/// A sign-in may have been somewhat before the day that the person tells, or after it.
const SLACK: TimeDelta = TimeDelta::days(2);

/// Looks for what is due: borrowed devices whose day has passed are asked about from now on.
pub fn fall_due(kept: &mut Kept, now: DateTime<Utc>) -> Vec<Effect> {
    let mut effects = Vec::new();
    for (id, account) in kept.accounts.iter_mut() {
        account.memory.expected.retain(|entry| now - entry.until < EXPLAINS);
        for entry in account.memory.expected.iter().filter(|entry| entry.until <= now) {
            if kept.parted.iter().any(|parted| parted.entry == *entry && parted.account.as_ref() == Some(id)) {
                continue;
            }
            let message =
                Message::new("diary_due").with_text(entry.device.as_str()).with_text(name_of(id, &account.exchange));
            kept.notices.push(message.clone());
            effects.push(Effect::Notify(vec![message]));
            kept.parted.push(Parted {
                entry: entry.clone(),
                account: Some(id.clone()),
                looks: Vec::new(),
                done: false,
            });
        }
    }
    kept.parted.retain(|parted| !(parted.done && now - parted.entry.until >= EXPLAINS));
    effects
}

/// Wakes the background when the next entry falls due.
pub fn alarm(kept: &Kept, now: DateTime<Utc>) -> Option<Effect> {
    let entries = kept.accounts.values().flat_map(|account| &account.memory.expected);
    entries.map(|entry| entry.until).filter(|until| *until > now).min().map(Effect::Alarm)
}

/// The person has lost, sold or lent a device. Whether that can be noted.
pub fn part(kept: &mut Kept, device: &str, now: DateTime<Utc>) -> bool {
    let device: String = device.trim().chars().take(NAME_LENGTH).collect();
    kept.parted.retain(|parted| parted.account.is_some() || parted.device() != device);
    let may = !device.is_empty() && kept.parted.len() < KEPT;
    if may {
        let entry = Expected { device, country: None, from: now, until: now };
        kept.parted.push(Parted { entry, account: None, looks: Vec::new(), done: false });
    }
    may
}

/// Puts away what the diary has of a device: of an account's borrowed one, or of one that was lost.
pub fn put_away(kept: &mut Kept, account: Option<&AccountId>, device: &str, now: DateTime<Utc>) {
    if let Some(account) = account.and_then(|id| kept.accounts.get_mut(id)) {
        account.memory.expected.retain(|entry| entry.device != device || entry.until <= now);
    }
    for parted in &mut kept.parted {
        parted.done |= parted.device() == device && parted.account.as_ref() == account;
    }
    kept.parted.retain(|parted| !parted.done || parted.account.is_some());
}

/// Marks the sessions on devices that the person has parted with. The present one is theirs.
pub fn mark(assessment: &mut Assessment, judgement: &Judgement, memory: &Memory, kept: &Kept) {
    for parted in kept.parted.iter().filter(|parted| parted.concerns(&judgement.account)) {
        let search = Search::of(parted, memory);
        for judged in assessment.rows.iter_mut().filter(|judged| judged.list == ListName::Sessions) {
            let Some(seen) = judgement.sessions.iter().find(|seen| seen.id == judged.id) else { continue };
            let nickname = memory.nickname(ListName::Sessions, &seen.id, &seen.row);
            if !seen.row.current && search.finds(&seen.row, nickname, judged.verdict) {
                judged.verdict = Verdict::Act;
                judged.nats += WEIGHT;
                judged.evidence.push(Evidence { signal: Cow::Borrowed(SIGNAL), nats: WEIGHT, message: said(parted) });
            }
        }
    }
}

/// Notes what a look at a whole list of sessions found.
pub fn note(kept: &mut Kept, judgement: &Judgement, now: DateTime<Utc>) {
    if !judgement.whole || judgement.private.is_some() {
        return;
    }
    let account = &judgement.account;
    for parted in kept.parted.iter_mut().filter(|parted| parted.concerns(account)) {
        let left = judgement.assessment.rows.iter().filter(|judged| is_of(parted, judged)).count() as u32;
        let had = left > 0 || parted.look(account).is_some_and(|look| look.3);
        parted.looks.retain(|look| look.0 != *account);
        parted.looks.push((account.clone(), now, left, had));
    }
}

/// What the popup says of an account's list: which devices have no session in it any more.
pub fn findings(judgement: &Judgement, kept: &Kept) -> Vec<FindingView> {
    let mut findings = Vec::new();
    for parted in kept.parted.iter().filter(|parted| judgement.whole && parted.concerns(&judgement.account)) {
        if let Some((_, _, 0, had)) = parted.look(&judgement.account) {
            let message = Message::new(if *had { "parted_gone" } else { "parted_none" }).with_text(parted.device());
            findings.push(FindingView { message, verdict: Verdict::Known, entry: None });
        }
    }
    findings
}

/// The diary, as the settings show it.
pub fn view(kept: &Kept, now: DateTime<Utc>) -> Vec<DiaryView> {
    let mut entries = Vec::new();
    for (id, account) in kept.accounts.iter() {
        for entry in account.memory.expected.iter().filter(|entry| entry.until > now) {
            let until =
                Message::new("diary_until").with_text(name_of(id, &account.exchange)).with(Arg::Time(entry.until));
            let line = DiaryLine { message: until, tone: Tone::Unknown, page: None };
            entries.push(DiaryView { account: Some(id.clone()), device: entry.device.clone(), lines: vec![line] });
        }
    }
    for parted in kept.parted.iter().filter(|parted| !parted.done) {
        let accounts = kept.accounts.iter().filter(|(id, _)| parted.concerns(id));
        let lines = accounts.map(|(id, account)| line(parted, id, account)).collect();
        entries.push(DiaryView { account: parted.account.clone(), device: parted.device().to_owned(), lines });
    }
    entries
}

/// How it stands with a device's sessions at one account.
fn line(parted: &Parted, id: &AccountId, account: &Account) -> DiaryLine {
    let look = parted.look(id);
    let (key, tone) = match look {
        None => ("parted_unseen", Tone::Check),
        Some((_, _, 0, true)) => ("parted_gone_at", Tone::Good),
        Some((_, _, 0, false)) => ("parted_none_at", Tone::Unknown),
        Some(_) => ("parted_left", Tone::Act),
    };
    let mut message = Message::new(key).with_text(name_of(id, &account.exchange));
    if let Some((_, at, ..)) = look {
        message = message.with(Arg::Time(*at));
    }
    let page = exchange::by_id(&account.exchange).and_then(|it| it.device_page).filter(|_| tone != Tone::Good);
    DiaryLine { message, tone, page: page.map(str::to_owned) }
}

/// What an account is called: its exchange, and its own name where there is one.
pub fn name_of(id: &AccountId, exchange: &str) -> String {
    let name = exchange::by_id(exchange).map_or(exchange, |it| it.name);
    match id.0.splitn(3, '|').nth(2) {
        Some(label) if !label.is_empty() => [name, label].join(", "),
        _ => name.to_owned(),
    }
}

fn said(parted: &Parted) -> Message {
    Message::new("evidence_parted").with_text(parted.device())
}

fn is_of(parted: &Parted, judged: &Judged) -> bool {
    judged.evidence.iter().any(|evidence| evidence.signal == SIGNAL && evidence.message == said(parted))
}

/// What to look for.
struct Search<'a> {
    parted: &'a Parted,
    /// What the words name.
    named: device::Device,
    /// The words in the form in which devices are compared.
    words: String,
    /// Whether a device of just this name is known: then it is no other.
    is_known: bool,
}

impl<'a> Search<'a> {
    fn of(parted: &'a Parted, memory: &Memory) -> Self {
        let words = lower(parted.device());
        let is_known = memory.device_names().any(|name| lower(name) == words);
        Self { parted, named: device::read(parted.device()), words, is_known }
    }

    fn finds(&self, row: &Row, nickname: Option<&str>, verdict: Verdict) -> bool {
        let is_named = |name: Option<&str>| name.is_some_and(|name| lower(name) == self.words);
        if is_named(nickname) || is_named(Traits::of(row).device.as_deref()) {
            return true;
        }
        if self.is_known || self.is_borrowed() && !self.happened(row) {
            return false;
        }
        let named = &self.named;
        let mut fits = 0;
        for (named, shown) in
            [(&named.os, &row.os), (&named.browser, &row.browser), (&named.app, &row.app), (&named.model, &row.model)]
        {
            match (named, shown) {
                (Some(named), Some(shown)) if named.eq_ignore_ascii_case(shown) => fits += 1,
                // What it names and the row denies is another device.
                (Some(_), Some(_)) => return false,
                _ => {}
            }
        }
        // "Hotel PC" names nothing that a list would show: then it is what nothing else explains.
        fits > 0 || (self.is_borrowed() && !named.is_some() && verdict.is_finding())
    }

    fn is_borrowed(&self) -> bool {
        self.parted.account.is_some()
    }

    /// Whether a row may be the one sign-in that the person told of.
    fn happened(&self, row: &Row) -> bool {
        let told = &self.parted.entry;
        let country = told.country.as_ref().zip(row.country.as_ref());
        let time = row.signed_in_at.as_ref().map(|time| time.at);
        country.is_none_or(|(told, shown)| told.eq_ignore_ascii_case(shown))
            && time.is_none_or(|at| at - told.from >= -SLACK && at - told.until <= SLACK)
    }
}

#[cfg(test)]
mod tests;
