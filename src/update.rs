//! The one update: an event changes the state, and says what to answer and what the browser shall do.
//!
//! Total: every event in every state has an answer. The caller saves the state before it runs the effects, so that a
//! background that is killed between the two loses nothing but a picture, which the next look at the page draws again.

use chrono::{DateTime, NaiveTime, Utc};

use crate::exchange::{self, Exchange};
use crate::leave::{self, OpenPage};
use crate::memory::{self, ListName, Memory};
use crate::page::Page;
use crate::protocol::{Effect, Event, FromBrowser, FromPage, FromScreen, Installed, Privacy, Reply, Tab, TabId};
use crate::reading::{self, Problem, Reading, SignedIn};
use crate::risk::{self, Assessment, Own, Settings, Snapshot};
use crate::sample::{self, Sample};
use crate::session::Row;
use crate::state::{AccountId, Exit, Judgement, SeenRow, Shows, State, TabState};
use crate::view::{Painting, SampleView};
use crate::whereabouts;
use crate::world::World;

mod diary;
mod show;
mod teach;
mod told;
mod watch;

use show::{badge, painting, popup, popup_of, settings, welcome};

/// The permission without which nothing is deleted, and nothing is said to be.
const CLEANING: &str = "browsingData";

/// What an event led to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// To whoever caused it.
    pub reply: Reply,
    /// To the browser, in this order, after the state is saved.
    pub effects: Vec<Effect>,
    /// Whether rows were judged: better done with the packaged data at hand.
    pub judged: bool,
}

/// What holds around an event.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// This browser: its user agent and the person's zone.
    pub own: &'a Own,
    /// The packaged data, as far as it is loaded.
    pub world: World<'a>,
    /// The moment.
    pub now: DateTime<Utc>,
}

/// Handles one event.
pub fn update(state: &mut State, event: Event, around: &Around<'_>) -> Outcome {
    let due = diary::fall_due(&mut state.kept, around.now);
    let mut outcome = handle(state, event, around);
    outcome.effects.extend(due);
    outcome
}

fn handle(state: &mut State, event: Event, around: &Around<'_>) -> Outcome {
    let now = around.now;
    match event {
        Event::Browser(event) => from_browser(state, event, now),
        Event::Page(tab, FromPage::Page { revision, capture }) => page_seen(state, &tab, revision, &capture, around),
        Event::Page(tab, FromPage::Pressed { revision, node, words }) => {
            let ends = watch::ends_session(state, &tab, revision, node, &words);
            let effects = if ends { watch::step(state, leave::Event::ControlUsed(tab.id), now) } else { Vec::new() };
            Outcome { reply: Reply::Done, effects, judged: false }
        }
        Event::Page(_, FromPage::Here) => watched(state, leave::Event::Here, now),
        Event::Page(tab, FromPage::Lesson { capture, pointing, save }) => {
            teach::taught(state, &tab, &capture, &pointing, save, around)
        }
        Event::Screen(event) => from_screen(state, event, around),
    }
}

impl Outcome {
    fn reply(reply: Reply) -> Self {
        Self { reply, effects: Vec::new(), judged: false }
    }

    fn refused(why: &str) -> Self {
        Self::reply(Reply::Refused { why: why.to_owned() })
    }
}

/// Lets something happen to the watch, and has nothing else to say.
fn watched(state: &mut State, event: leave::Event, now: DateTime<Utc>) -> Outcome {
    Outcome { reply: Reply::Done, effects: watch::step(state, event, now), judged: false }
}

fn from_browser(state: &mut State, event: FromBrowser, now: DateTime<Utc>) -> Outcome {
    match event {
        FromBrowser::Started { installed, granted } => {
            let mut outcome = hosts_granted(state, granted);
            outcome.effects.extend(diary::alarm(&state.kept, now));
            if installed == Installed::JustNow {
                state.tabs.watch.fresh = true;
                outcome.effects.push(Effect::OpenWelcome);
            }
            outcome
        }
        FromBrowser::Granted(granted) => {
            let before = state.kept.watched.clone();
            let mut outcome = hosts_granted(state, granted);
            // The person's own word, unlike hosts that are missing at a start.
            for exchange in exchange::EXCHANGES {
                let among = |hosts: &[String]| exchange.patterns().any(|pattern| hosts.contains(&pattern));
                if among(&before) && !among(&state.kept.watched) {
                    outcome.effects.extend(watch::step(state, leave::Event::Unwatched(exchange.id.to_owned()), now));
                }
            }
            outcome
        }
        FromBrowser::TabNavigated(tab) => {
            let known = state.tabs.tabs.remove(&tab.id).is_some();
            let mut effects = if known { vec![Effect::Badge(tab.id, None)] } else { Vec::new() };
            // Another page of the same exchange is no leaving.
            let mut pages = state.tabs.watch.pages.iter();
            let same = |id: &str| exchange::by_id(id).is_some_and(|exchange| exchange.has(&tab.url));
            if pages.any(|page| page.tab == tab.id && !same(&page.exchange)) {
                effects.extend(watch::step(state, leave::Event::TabLeft(tab.id), now));
            }
            Outcome { reply: Reply::Done, effects, judged: false }
        }
        FromBrowser::TabClosed(tab) => {
            state.tabs.tabs.remove(&tab);
            watched(state, leave::Event::TabLeft(tab), now)
        }
        FromBrowser::Woken(policy) => watched(state, leave::Event::Woken(policy), now),
        FromBrowser::Policy(policy) => watched(state, leave::Event::Policy(policy), now),
        FromBrowser::Alarm => {
            Outcome { effects: diary::alarm(&state.kept, now).into_iter().collect(), ..Outcome::default() }
        }
        FromBrowser::Presence(presence) => watched(state, leave::Event::Presence(presence), now),
    }
}

/// The person's grants are the truth of what is watched; only exchanges that are known count.
fn hosts_granted(state: &mut State, granted: Vec<String>) -> Outcome {
    let mut watched: Vec<String> = exchange::EXCHANGES
        .iter()
        .flat_map(Exchange::patterns)
        .filter(|pattern| granted.iter().any(|grant| grant == pattern))
        .collect();
    crate::order::by(&mut watched, Ord::cmp);
    let mut effects = Vec::new();
    if !granted.iter().any(|grant| grant == CLEANING) {
        state.kept.watch.cleaned.clear();
    }
    if state.kept.watched.iter().any(|pattern| !watched.contains(pattern)) {
        let left: Vec<TabId> = state
            .tabs
            .tabs
            .iter()
            .filter(|(_, tab)| {
                exchange::by_id(&tab.exchange)
                    .is_none_or(|it| !it.is_site() && !it.patterns().any(|pattern| watched.contains(&pattern)))
            })
            .map(|(id, _)| *id)
            .collect();
        for tab in left {
            state.tabs.tabs.remove(&tab);
            effects.extend([Effect::Stop(tab), Effect::Badge(tab, None), Effect::Changed(tab)]);
        }
    }
    effects.push(Effect::Watch(watched.clone()));
    state.kept.watched = watched;
    Outcome { reply: Reply::Done, effects, judged: false }
}

fn page_seen(state: &mut State, tab: &Tab, revision: u64, capture: &str, around: &Around<'_>) -> Outcome {
    let now = around.now;
    let Some(exchange) = teach::site_of(state, &tab.url) else {
        state.tabs.tabs.remove(&tab.id);
        return Outcome { reply: Reply::Stop, effects: vec![Effect::Badge(tab.id, None)], judged: false };
    };
    let before = state.tabs.tabs.get(&tab.id).and_then(|before| judgement_of(before, exchange)).cloned();
    let mut there = tab.clone();
    let (mut shows, signed_in, exit) = match Page::from_capture(capture) {
        Ok(page) => {
            let reading = teach::reading_of(state, &page, exchange, around);
            let (signed_in, exit) = (reading.signed_in, watch::exit(&page, &reading));
            // Browsers vouch for the address with which the document began; within its origin a page may have moved on.
            if exchange::is_within(&page.url, std::slice::from_ref(&tab.url)) {
                there.url.clone_from(&page.url);
            }
            (look(state, exchange, &page, reading, &there, before.as_ref(), around), signed_in, exit)
        }
        Err(error) => {
            let problems = vec![Problem { code: "capture".to_owned(), detail: error.to_string() }];
            (Shows::Unreadable { problems }, SignedIn::Unknown, Exit::default())
        }
    };
    let judged = if let Shows::Sessions(judgement) = &mut shows {
        learn(state, exchange, judgement, around);
        diary::note(&mut state.kept, judgement, now);
        let is_list = !judgement.assessment.rows.is_empty() || !judgement.assessment.account.is_empty();
        if !is_list {
            shows = Shows::NoList; // books in which nothing is new
        }
        true
    } else {
        false
    };
    let seen = TabState { exchange: exchange.id.to_owned(), revision, read_at: now, privacy: tab.privacy, shows, exit };
    state.tabs.tabs.insert(tab.id, seen);
    // Deleted here, a log-in may live on at the exchange.
    let may_end = watch::is_armed(tab.id, state) && !watch::is_cleaned(tab.id, state);
    let mut effects = watch::step(state, leave::Event::PageSeen(OpenPage::new(exchange.id, &there, signed_in)), now);
    // This page hears of it by the reply.
    effects.retain(|effect| !matches!(effect, Effect::Paint(id, _) | Effect::Badge(id, _) if *id == tab.id));
    let Some(seen) = state.tabs.tabs.get(&tab.id) else { return Outcome::default() };
    effects.extend([Effect::Badge(tab.id, badge(tab.id, seen, exchange, state)), Effect::Changed(tab.id)]);
    let mut painting = painting(tab.id, seen, state);
    if may_end && signed_in == SignedIn::No && !watch::is_armed(tab.id, state) {
        painting.get_or_insert_with(|| Painting::blank(revision)).bar = Some(watch::over(exchange));
    }
    let reply = painting.map_or(Reply::Clear { revision }, Reply::Painting);
    Outcome { reply, effects, judged }
}

/// Judges a page that was read.
fn look(
    state: &State,
    exchange: &Exchange,
    page: &Page,
    reading: Reading,
    tab: &Tab,
    before: Option<&Judgement>,
    around: &Around<'_>,
) -> Shows {
    // A list of devices that may sign in is a list of keys too, where the page has no better one.
    let mut sessions: Vec<Row> = reading.sessions().cloned().collect();
    let harmless = ["control-behind-a-menu", "ambiguous-date"];
    let whole = !sessions.is_empty() && reading.problems.iter().all(|it| harmless.contains(&it.code.as_str()));
    if sessions.is_empty() {
        sessions = reading.trusted_devices().cloned().collect();
    }
    let logins: Vec<Row> = reading.logins().cloned().collect();
    let books = memory::entries(&reading.lists);
    if sessions.is_empty() && logins.is_empty() && (books.is_empty() || teach::is_out_of_date(&reading)) {
        let expected = exchange.is_device_page(&tab.url) && reading.lists.is_empty() || teach::is_out_of_date(&reading);
        return if expected && reading.signed_in != SignedIn::No {
            Shows::Unreadable { problems: reading.problems }
        } else {
            Shows::NoList
        };
    }
    let label = reading::account_label(page);
    let account = account_id(state, exchange, tab, label.as_deref());
    let before = before.filter(|before| before.account == account);
    let lasts = tab.privacy == Privacy::Ordinary && !watch::is_shared(state);
    let private = (!lasts)
        .then(|| before.and_then(|before| before.private.clone()).unwrap_or_else(|| kept_memory(state, &account)));
    let mut judgement = Judgement {
        account,
        label,
        sessions: named(sessions, &around.world),
        logins: named(logins, &around.world),
        books: books
            .into_iter()
            .map(|(id, row)| SeenRow { id, node: None, near: Vec::new(), network: Vec::new(), row })
            .collect(),
        data: around.world.network.map(|it| it.date().and_time(NaiveTime::MIN).and_utc()),
        assessment: Assessment { stage: risk::Stage::Learning, rows: Vec::new(), account: Vec::new() },
        problems: reading.problems,
        whole,
        private,
    };
    judgement.assessment = judge(&judgement, state, around);
    Shows::Sessions(Box::new(judgement))
}

fn named(rows: Vec<Row>, world: &World<'_>) -> Vec<SeenRow> {
    let ids = memory::row_ids(&rows);
    let seen = ids.into_iter().zip(rows);
    seen.map(|(id, row)| {
        let whereabouts::Origin { near, network } = whereabouts::origin(&row, world);
        SeenRow { id, node: row.node, near: near.into_iter().collect(), network, row }
    })
    .collect()
}

fn snapshot_of(judgement: &Judgement, state: &State) -> Snapshot {
    let rows = |seen: &[SeenRow]| seen.iter().map(|seen| (seen.id.clone(), seen.row.clone())).collect();
    let accounts = &state.kept.accounts;
    let others = || accounts.iter().filter(|(id, _)| **id != judgement.account).map(|(_, account)| &account.memory);
    Snapshot {
        sessions: rows(&judgement.sessions),
        logins: rows(&judgement.logins),
        books: rows(&judgement.books),
        settings: state
            .kept
            .accounts
            .get(&judgement.account)
            .map(|it| &it.settings)
            .filter(|it| **it != Settings::default())
            .unwrap_or(&state.kept.told)
            .clone(),
        strangers: others().flat_map(Memory::disowned).cloned().collect(),
        suspects: others().flat_map(Memory::suspects).cloned().collect(),
    }
}

/// Judges rows against what is remembered.
fn judge(judgement: &Judgement, state: &State, around: &Around<'_>) -> Assessment {
    let nothing = Memory::default();
    let memory = memory_of(judgement, state).unwrap_or(&nothing);
    let mut assessment = risk::assess(memory, &snapshot_of(judgement, state), around.own, &around.world, around.now);
    diary::mark(&mut assessment, judgement, memory, &state.kept);
    assessment
}

/// What is remembered of a page's account.
fn memory_of<'it>(judgement: &'it Judgement, state: &'it State) -> Option<&'it Memory> {
    judgement.private.as_ref().or_else(|| state.kept.accounts.get(&judgement.account).map(|account| &account.memory))
}

fn kept_memory(state: &State, account: &AccountId) -> Memory {
    state.kept.accounts.get(account).map(|known| known.memory.clone()).unwrap_or_default()
}

/// What a tab showed of an exchange.
fn judgement_of<'it>(before: &'it TabState, exchange: &Exchange) -> Option<&'it Judgement> {
    match &before.shows {
        Shows::Sessions(judgement) if before.exchange == exchange.id => Some(judgement),
        _ => None,
    }
}

fn learn(state: &mut State, exchange: &Exchange, judgement: &mut Judgement, around: &Around<'_>) {
    let now = around.now;
    let snapshot = snapshot_of(judgement, state);
    if let Some(memory) = &mut judgement.private {
        memory.learn(&snapshot, &judgement.assessment, &around.world, around.now);
        return;
    }
    let account = state.kept.accounts.or_default(judgement.account.clone());
    exchange.id.clone_into(&mut account.exchange);
    account.memory.learn(&snapshot, &judgement.assessment, &around.world, around.now);
    account.read_at = Some(now);
    account.label.clone_from(&judgement.label);
}

/// The account a page shows. A page that does not name it is taken for the one that was last read in that store.
fn account_id(state: &State, exchange: &Exchange, tab: &Tab, label: Option<&str>) -> AccountId {
    let store = format!("{}|{}|", exchange.id, tab.store);
    match label {
        Some(label) => AccountId(format!("{store}{label}")),
        None => state
            .kept
            .accounts
            .iter()
            .filter(|(id, _)| id.0.starts_with(&store))
            .max_by_key(|(_, account)| account.read_at)
            .map_or_else(|| AccountId(store.clone()), |(id, _)| id.clone()),
    }
}

fn from_screen(state: &mut State, event: FromScreen, around: &Around<'_>) -> Outcome {
    let now = around.now;
    match event {
        FromScreen::Popup { tab } => popup(state, &tab),
        FromScreen::Welcome => Outcome::reply(Reply::Welcome(welcome(state))),
        FromScreen::Answer { tab, account, row, answer } => {
            change_memory(state, tab, &account, around, |memory, list| memory.answer(list, &row, answer))
        }
        FromScreen::Name { tab, account, row, name } => change_memory(state, tab, &account, around, |memory, list| {
            let known = memory.row(list, &row).is_some();
            if known {
                memory.name(list, &row, Some(name.clone()));
            }
            known
        }),
        FromScreen::Sample { capture } => Outcome::reply(sample_of(&capture)),
        FromScreen::Teach { tab } => teach::begin(state, &tab),
        FromScreen::Forget { tab } => teach::forget(state, &tab),
        FromScreen::Show { tab, node } => {
            Outcome { reply: Reply::Done, effects: vec![Effect::Show(tab, node)], judged: false }
        }
        FromScreen::DismissNotices => {
            state.kept.notices.clear();
            Outcome::default()
        }
        FromScreen::Leave => Outcome::reply(Reply::Leave(watch::leave(state))),
        FromScreen::Computer { whose } => watched(state, leave::Event::Said(whose), now),
        FromScreen::Leaving { exchange, leaving } => {
            if exchange::by_id(&exchange).is_none() {
                return Outcome::refused("no such exchange");
            }
            watched(state, leave::Event::Chosen(exchange, leaving), now)
        }
        FromScreen::Settings => Outcome::reply(Reply::Settings(Box::new(settings(state, now)))),
        FromScreen::Told(told) => told::told(state, told, around),
        FromScreen::DismissLeft { site } => watched(state, leave::Event::Dismissed(site), now),
    }
}

/// A page without its values. Nothing of it is kept.
fn sample_of(capture: &str) -> Reply {
    match Page::from_capture(capture) {
        Ok(page) => {
            let exchange = exchange::of_url(&page.url).map_or("page", |exchange| exchange.id);
            let Sample { html, replaced } = sample::of(&page);
            Reply::Sample(SampleView { name: format!("latchkey-sample-{exchange}.html"), html, replaced })
        }
        Err(error) => Reply::Refused { why: error.to_string() },
    }
}

/// Changes what is remembered of the account that a tab shows, judges every tab of that account again, and answers
/// with the popup.
fn change_memory(
    state: &mut State,
    tab: TabId,
    account: &AccountId,
    around: &Around<'_>,
    change: impl Fn(&mut Memory, ListName) -> bool,
) -> Outcome {
    let Some(TabState { shows: Shows::Sessions(shown), .. }) = state.tabs.tabs.get_mut(&tab) else {
        return Outcome::refused("the tab shows no sessions any more");
    };
    if shown.account != *account {
        return Outcome::refused("the tab shows another account now");
    }
    let Some(memory) =
        shown.private.as_mut().or_else(|| state.kept.accounts.get_mut(account).map(|account| &mut account.memory))
    else {
        return Outcome::refused("nothing is remembered of the account");
    };
    // A session and its login may share a name; the person means both.
    let changed = [ListName::Sessions, ListName::Logins].map(|list| change(memory, list));
    if !changed.contains(&true) {
        return Outcome::refused("the page shows no such row any more");
    }
    let effects = judge_again(state, Some(account), around);
    let view = popup_of(state, &watch::tab(tab, state));
    Outcome { reply: Reply::Popup(view), effects, judged: true }
}

/// Judges the open tabs of an account, or of all, again: the person has said something.
fn judge_again(state: &mut State, account: Option<&AccountId>, around: &Around<'_>) -> Vec<Effect> {
    let mut effects = Vec::new();
    let tabs: Vec<TabId> = state.tabs.tabs.keys().copied().collect();
    for id in tabs {
        let Some(mut it) = state.tabs.tabs.remove(&id) else { continue };
        if let Shows::Sessions(judgement) = &mut it.shows
            && account.is_none_or(|account| judgement.account == *account)
        {
            judgement.assessment = judge(judgement, state, around);
            if let Some(exchange) = exchange::by_id(&it.exchange) {
                effects.push(Effect::Badge(id, badge(id, &it, exchange, state)));
            }
            effects.extend(painting(id, &it, state).map(|painting| Effect::Paint(id, Box::new(painting))));
        }
        state.tabs.tabs.insert(id, it);
    }
    effects
}
