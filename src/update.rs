//! The one update: an event changes the state, and says what to answer and what the browser shall do.
//!
//! Total: every event in every state has an answer. The caller saves the state before it runs the effects, so that a
//! background that is killed between the two loses nothing but a picture, which the next look at the page draws again.

use chrono::{DateTime, Utc};

use crate::exchange::{self, Exchange};
use crate::explain::{Arg, Message};
use crate::leave::{self, OpenPage};
use crate::memory::{self, ListName, Memory, RowId};
use crate::page::Page;
use crate::protocol::{Effect, Event, FromBrowser, FromPage, FromScreen, Installed, Privacy, Reply, Tab, TabId};
use crate::reading::{self, Hints, Problem, Reading, SignedIn};
use crate::risk::{self, Assessment, Own, Snapshot, Verdict};
use crate::sample::{self, Sample};
use crate::session::Row;
use crate::state::{Account, AccountId, Exit, Judgement, SeenRow, Shows, State, TabState, Visit};
use crate::view::{
    AccountView, Badge, Banner, Chip, ExchangeView, FindingView, Painting, PopupView, Reason, RowView, SampleView,
    Screen, Speaks, Tone, WelcomeView,
};
use crate::world::World;

mod watch;

/// How many minutes a visit may pause: readings closer together are one visit, and are learned once.
const VISIT_MINUTES: i64 = 30;

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
            let there = exchange::of_url(&tab.url).map(|exchange| exchange.id);
            // Another page of the same exchange is no leaving.
            let mut pages = state.tabs.watch.pages.iter();
            if pages.any(|page| page.tab == tab.id && there != Some(page.exchange.as_str())) {
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
    if state.kept.watched.iter().any(|pattern| !watched.contains(pattern)) {
        let left: Vec<TabId> = state
            .tabs
            .tabs
            .iter()
            .filter(|(_, tab)| {
                exchange::by_id(&tab.exchange).is_none_or(|it| !it.patterns().any(|pattern| watched.contains(&pattern)))
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
    let Some(exchange) = exchange::of_url(&tab.url).filter(|_| exchange::is_within(&tab.url, &state.kept.watched))
    else {
        state.tabs.tabs.remove(&tab.id);
        return Outcome { reply: Reply::Stop, effects: vec![Effect::Badge(tab.id, None)], judged: false };
    };
    let before = state.tabs.tabs.get(&tab.id).and_then(|before| visit_of(before, exchange, now)).cloned();
    let mut there = tab.clone();
    let (mut shows, signed_in, exit) = match Page::from_capture(capture) {
        Ok(page) => {
            let reading = reading_of(&page, exchange, around);
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
        true
    } else {
        false
    };
    let seen = TabState { exchange: exchange.id.to_owned(), revision, read_at: now, privacy: tab.privacy, shows, exit };
    state.tabs.tabs.insert(tab.id, seen);
    let was_armed = watch::is_armed(tab.id, state);
    let mut effects = watch::step(state, leave::Event::PageSeen(OpenPage::new(exchange.id, &there, signed_in)), now);
    // This page hears of it by the reply.
    effects.retain(|effect| !matches!(effect, Effect::Paint(id, _) | Effect::Badge(id, _) if *id == tab.id));
    let Some(seen) = state.tabs.tabs.get(&tab.id) else { return Outcome::default() };
    effects.extend([Effect::Badge(tab.id, badge(tab.id, seen, exchange, state)), Effect::Changed(tab.id)]);
    let mut painting = painting(tab.id, seen, state);
    if was_armed && signed_in == SignedIn::No && !watch::is_armed(tab.id, state) {
        painting.get_or_insert_with(|| Painting::blank(revision)).bar = Some(watch::over(exchange));
    }
    let reply = painting.map_or(Reply::Clear { revision }, Reply::Painting);
    Outcome { reply, effects, judged }
}

fn reading_of(page: &Page, exchange: &Exchange, around: &Around<'_>) -> Reading {
    let hints = Hints { lang: None, brand: exchange.brand.iter().map(|name| (*name).to_owned()).collect() };
    reading::read(page, &hints, around.now, &around.own.zone)
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
    if sessions.is_empty() {
        sessions = reading.trusted_devices().cloned().collect();
    }
    let logins: Vec<Row> = reading.logins().cloned().collect();
    if sessions.is_empty() && logins.is_empty() {
        let expected =
            exchange.is_device_page(&tab.url) && reading.lists.is_empty() && reading.signed_in != SignedIn::No;
        return if expected { Shows::Unreadable { problems: reading.problems } } else { Shows::NoList };
    }
    let label = reading::account_label(page);
    let account = account_id(state, exchange, tab, label.as_deref());
    let before = before.filter(|before| before.account == account);
    let lasts = tab.privacy == Privacy::Ordinary && !watch::is_shared(state);
    let private = (!lasts)
        .then(|| before.and_then(|before| before.private.clone()).unwrap_or_else(|| kept_memory(state, &account)));
    let readings = || private.as_ref().map_or_else(|| kept_memory(state, &account).readings, |memory| memory.readings);
    let mut judgement = Judgement {
        visit: before.map_or_else(|| Visit { readings: readings() }, |before| before.visit),
        account,
        label,
        sessions: named(sessions),
        logins: named(logins),
        assessment: Assessment { stage: risk::Stage::Learning, rows: Vec::new(), account: Vec::new() },
        problems: reading.problems,
        private,
    };
    judgement.assessment = judge(&judgement, state, around);
    Shows::Sessions(Box::new(judgement))
}

fn named(rows: Vec<Row>) -> Vec<SeenRow> {
    let ids = memory::row_ids(&rows);
    ids.into_iter().zip(rows).map(|(id, row)| SeenRow { id, node: row.node, row }).collect()
}

fn snapshot_of(judgement: &Judgement, state: &State) -> Snapshot {
    let rows = |seen: &[SeenRow]| seen.iter().map(|seen| (seen.id.clone(), seen.row.clone())).collect();
    Snapshot {
        sessions: rows(&judgement.sessions),
        logins: rows(&judgement.logins),
        settings: state.kept.accounts.get(&judgement.account).map(|it| it.settings.clone()).unwrap_or_default(),
        strangers: {
            let others = state.kept.accounts.iter().filter(|(id, _)| **id != judgement.account);
            others.flat_map(|(_, account)| account.memory.disowned()).cloned().collect()
        },
    }
}

/// Judges rows against what was known when the visit began, and what the person has said since.
fn judge(judgement: &Judgement, state: &State, around: &Around<'_>) -> Assessment {
    let mut memory = memory_of(judgement, state).cloned().unwrap_or_default();
    memory.readings = memory.readings.min(judgement.visit.readings);
    risk::assess(&memory, &snapshot_of(judgement, state), around.own, &around.world, around.now)
}

/// What is remembered of a page's account.
fn memory_of<'it>(judgement: &'it Judgement, state: &'it State) -> Option<&'it Memory> {
    judgement.private.as_ref().or_else(|| state.kept.accounts.get(&judgement.account).map(|account| &account.memory))
}

fn kept_memory(state: &State, account: &AccountId) -> Memory {
    state.kept.accounts.get(account).map(|known| known.memory.clone()).unwrap_or_default()
}

/// The last look at a tab's page, where the next one is part of the same visit.
fn visit_of<'it>(before: &'it TabState, exchange: &Exchange, now: DateTime<Utc>) -> Option<&'it Judgement> {
    match &before.shows {
        Shows::Sessions(judgement)
            if before.exchange == exchange.id && (now - before.read_at).num_minutes() < VISIT_MINUTES =>
        {
            Some(judgement)
        }
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
    let account = state
        .kept
        .accounts
        .entry(judgement.account.clone())
        .or_insert_with(|| Account { exchange: exchange.id.to_owned(), ..Account::default() });
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
        FromScreen::Popup { tab } => Outcome::reply(Reply::Popup(popup(state, &tab))),
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
    let mut effects = Vec::new();
    let tabs: Vec<TabId> = state.tabs.tabs.keys().copied().collect();
    for id in tabs {
        let Some(mut it) = state.tabs.tabs.remove(&id) else { continue };
        if let Shows::Sessions(judgement) = &mut it.shows
            && judgement.account == *account
        {
            judgement.assessment = judge(judgement, state, around);
            if let Some(exchange) = exchange::by_id(&it.exchange) {
                effects.push(Effect::Badge(id, badge(id, &it, exchange, state)));
            }
            effects.extend(painting(id, &it, state).map(|painting| Effect::Paint(id, Box::new(painting))));
        }
        state.tabs.tabs.insert(id, it);
    }
    let view = popup_of(state, &watch::tab(tab, state));
    Outcome { reply: Reply::Popup(view), effects, judged: true }
}

fn exchange_view(exchange: &Exchange, state: &State) -> ExchangeView {
    let patterns: Vec<String> = exchange.patterns().collect();
    ExchangeView {
        id: exchange.id.to_owned(),
        name: exchange.name.to_owned(),
        hosts: exchange.origins.iter().filter_map(|origin| Some(origin.split_once("://")?.1.to_owned())).collect(),
        watched: patterns.iter().all(|pattern| state.kept.watched.contains(pattern)),
        patterns,
        device_page: exchange.device_page.map(str::to_owned),
    }
}

fn welcome(state: &State) -> WelcomeView {
    WelcomeView {
        exchanges: exchange::EXCHANGES.iter().map(|exchange| exchange_view(exchange, state)).collect(),
        notices: state.kept.notices.clone(),
    }
}

fn popup(state: &State, tab: &Tab) -> PopupView {
    if state.tabs.tabs.contains_key(&tab.id) {
        return popup_of(state, tab);
    }
    let screen = match exchange::of_url(&tab.url) {
        Some(exchange) if exchange::is_within(&tab.url, &state.kept.watched) => {
            Screen::NotRead { exchange: exchange_view(exchange, state) }
        }
        Some(exchange) => Screen::NotWatched { exchange: exchange_view(exchange, state) },
        None => elsewhere(state),
    };
    PopupView { screen, notices: state.kept.notices.clone(), watch: watch::popup(state, tab) }
}

fn elsewhere(state: &State) -> Screen {
    Screen::Elsewhere {
        watched: exchange::EXCHANGES
            .iter()
            .map(|exchange| exchange_view(exchange, state))
            .filter(|exchange| exchange.watched)
            .collect(),
    }
}

fn popup_of(state: &State, tab: &Tab) -> PopupView {
    let screen = state.tabs.tabs.get(&tab.id).and_then(|it| {
        let exchange = exchange_view(exchange::by_id(&it.exchange)?, state);
        Some(match &it.shows {
            Shows::NoList => Screen::NoList { exchange },
            Shows::Unreadable { problems } => Screen::Unreadable { exchange, problems: problem_messages(problems) },
            Shows::Sessions(judgement) => Screen::Sessions(Box::new(account_view(it, judgement, exchange, state))),
        })
    });
    PopupView {
        screen: screen.unwrap_or_else(|| elsewhere(state)),
        notices: state.kept.notices.clone(),
        watch: watch::popup(state, tab),
    }
}

fn account_view(tab: &TabState, judgement: &Judgement, exchange: ExchangeView, state: &State) -> AccountView {
    let kept = state.kept.accounts.get(&judgement.account);
    let memory = memory_of(judgement, state);
    let rows = |list, seen: &[SeenRow]| -> Vec<RowView> {
        seen.iter().filter_map(|seen| row_view(list, seen, judgement, memory)).collect()
    };
    let mut logins = rows(ListName::Logins, &judgement.logins);
    logins.retain(|row| row.verdict.is_finding() && !tells_of_a_session(&row.id, judgement));
    AccountView {
        id: judgement.account.clone(),
        exchange,
        label: judgement.label.clone().or_else(|| kept.and_then(|account| account.label.clone())),
        read_at: tab.read_at,
        stage: judgement.assessment.stage,
        findings: findings(judgement),
        sessions: rows(ListName::Sessions, &judgement.sessions),
        logins,
        account: judgement
            .assessment
            .account
            .iter()
            .map(|finding| FindingView { message: finding.message.clone(), verdict: finding.verdict })
            .collect(),
        problems: problem_messages(&judgement.problems),
        remembers: judgement.private.is_none(),
    }
}

fn row_view(list: ListName, seen: &SeenRow, judgement: &Judgement, memory: Option<&Memory>) -> Option<RowView> {
    let judged = judgement.assessment.rows.iter().find(|judged| judged.list == list && judged.id == seen.id)?;
    Some(RowView {
        id: seen.id.clone(),
        list,
        device: device_words(&seen.row),
        nickname: memory.and_then(|memory| memory.nickname(list, &seen.id, &seen.row)).map(str::to_owned),
        place: seen.row.place.clone(),
        ip: seen.row.ip.clone(),
        signed_in_at: seen.row.signed_in_at.as_ref().map(|time| time.at),
        last_active_at: seen.row.last_active_at.as_ref().map(|time| time.at),
        current: seen.row.current,
        verdict: judged.verdict,
        answer: memory.and_then(|memory| memory.answered(list, &seen.id)),
        reasons: reasons(&judged.evidence),
        node: seen.node,
    })
}

/// The device as the page names it, or as it was understood where its words stand in several cells.
fn device_words(row: &Row) -> Option<String> {
    row.device.clone().or_else(|| {
        let words: Vec<&str> =
            [&row.app, &row.browser, &row.model, &row.os].into_iter().filter_map(|word| word.as_deref()).collect();
        (!words.is_empty()).then(|| words.join(" · "))
    })
}

/// The evidence that has words, strongest first.
fn reasons(evidence: &[risk::Evidence]) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = evidence
        .iter()
        .filter(|evidence| evidence.signal != "prior" && evidence.nats != 0.0)
        .map(|evidence| Reason {
            message: evidence.message.clone(),
            speaks: if evidence.nats > 0.0 { Speaks::Against } else { Speaks::For },
            nats: evidence.nats,
        })
        .collect();
    crate::order::by(&mut reasons, |a, b| b.nats.abs().total_cmp(&a.nats.abs()));
    reasons
}

/// Of what the reader says could not be read, what a person needs to know, each once.
fn problem_messages(problems: &[Problem]) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    for problem in problems {
        let message = match problem.code.as_str() {
            "cut-off" => Message::new("problem_cut_off"),
            "capture" => Message::new("problem_capture"),
            "control-behind-a-menu" => Message::new("problem_control_behind_a_menu"),
            "ambiguous-date" => Message::new("problem_ambiguous_date"),
            _ => continue,
        };
        if !messages.contains(&message) {
            messages.push(message);
        }
    }
    messages
}

/// Whether a login is how a session that is a finding itself began: a person looks at the two as one.
fn tells_of_a_session(login: &RowId, judgement: &Judgement) -> bool {
    let Some(login) = judgement.logins.iter().find(|seen| seen.id == *login) else { return false };
    let same = |session: &Row| {
        session.ip.is_some()
            && session.ip == login.row.ip
            && (&session.browser, &session.os, &session.app) == (&login.row.browser, &login.row.os, &login.row.app)
    };
    judgement.assessment.rows.iter().any(|judged| {
        judged.list == ListName::Sessions
            && judged.verdict.is_finding()
            && judgement.sessions.iter().any(|seen| seen.id == judged.id && same(&seen.row))
    })
}

fn findings(judgement: &Judgement) -> u32 {
    let rows = session_verdicts(judgement).filter(|verdict| verdict.is_finding()).count();
    let logins = judgement
        .assessment
        .rows
        .iter()
        .filter(|judged| judged.list == ListName::Logins && judged.verdict.is_finding())
        .filter(|judged| !tells_of_a_session(&judged.id, judgement))
        .count();
    (rows + logins + judgement.assessment.account.len()) as u32
}

fn session_verdicts(judgement: &Judgement) -> impl Iterator<Item = Verdict> + '_ {
    judgement.assessment.rows.iter().filter(|judged| judged.list == ListName::Sessions).map(|judged| judged.verdict)
}

fn worst(judgement: &Judgement) -> Verdict {
    let rows = judgement.assessment.rows.iter().map(|judged| judged.verdict);
    let account = judgement.assessment.account.iter().map(|finding| finding.verdict);
    rows.chain(account).max().unwrap_or(Verdict::Known)
}

fn badge(id: TabId, tab: &TabState, exchange: &Exchange, state: &State) -> Option<Badge> {
    if watch::is_armed(id, state) {
        return Some(watch::armed_badge(Some(exchange)));
    }
    match &tab.shows {
        Shows::NoList => None,
        Shows::Unreadable { .. } => Some(Badge {
            text: "?".to_owned(),
            tone: Tone::Unknown,
            title: Message::new("badge_unreadable").with_text(exchange.name),
        }),
        Shows::Sessions(judgement) => {
            let count = findings(judgement);
            (count > 0).then(|| Badge {
                text: count.to_string(),
                tone: worst(judgement).tone(),
                title: Message::new("badge_findings").with(Arg::Count(u64::from(count))).with_text(exchange.name),
            })
        }
    }
}

fn painting(id: TabId, tab: &TabState, state: &State) -> Option<Painting> {
    let (chips, banner) = match &tab.shows {
        Shows::Sessions(judgement) => (chips(judgement, state), banner(judgement, state)),
        _ => (Vec::new(), None),
    };
    let (guard, bar) = (watch::guard(id, state), watch::bar(id, tab, state));
    let any = matches!(tab.shows, Shows::Sessions(_)) || guard.is_some();
    any.then_some(Painting { revision: tab.revision, chips, banner, guard, bar })
}

fn session_views(judgement: &Judgement, state: &State) -> Vec<RowView> {
    let memory = memory_of(judgement, state);
    judgement.sessions.iter().filter_map(|seen| row_view(ListName::Sessions, seen, judgement, memory)).collect()
}

fn chips(judgement: &Judgement, state: &State) -> Vec<Chip> {
    session_views(judgement, state)
        .iter()
        .filter_map(|row| {
            Some(Chip {
                node: row.node?,
                tone: row.verdict.tone(),
                label: if row.current && !row.verdict.is_finding() {
                    Message::new("chip_current")
                } else {
                    row.verdict.label()
                },
                reasons: row.reasons.iter().take(4).map(|reason| reason.message.clone()).collect(),
            })
        })
        .collect()
}

fn banner(judgement: &Judgement, state: &State) -> Option<Banner> {
    let count = findings(judgement);
    let rows = session_views(judgement, state);
    let first = rows.iter().filter(|row| row.verdict.is_finding()).max_by(|a, b| {
        // The gravest, and of equals the first in the page.
        a.verdict.cmp(&b.verdict).then(b.node.cmp(&a.node))
    });
    (count > 0).then(|| Banner {
        tone: worst(judgement).tone(),
        text: Message::new("banner_findings").with(Arg::Count(u64::from(count))),
        first: first.and_then(|row| row.node),
    })
}
