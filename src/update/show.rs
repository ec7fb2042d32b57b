//! What screens, pages and the toolbar show of a state.

use chrono::{DateTime, Utc};

use super::{Outcome, diary, memory_of, teach, watch};
use crate::exchange::{self, Exchange};
use crate::explain::{Arg, Message};
use crate::memory::{ListName, Memory, RowId};
use crate::protocol::{Effect, Reply, Tab, TabId};
use crate::reading::{Problem, lesson};
use crate::risk::{self, Verdict};
use crate::session::Row;
use crate::state::{Judgement, SeenRow, Shows, State, TabState};
use crate::view::{
    AccountView, Badge, Banner, Chip, ExchangeView, FindingView, KeptView, Painting, PopupView, Reason, RowView,
    Screen, SettingsView, Speaks, Tone, WelcomeView,
};

fn exchange_view(exchange: &Exchange, state: &State) -> ExchangeView {
    let patterns: Vec<String> = exchange.patterns().collect();
    ExchangeView {
        id: exchange.id.to_owned(),
        name: exchange.name.to_owned(),
        hosts: exchange.origins.iter().filter_map(|origin| Some(origin.split_once("://")?.1.to_owned())).collect(),
        watched: exchange.is_site() || patterns.iter().all(|pattern| state.kept.watched.contains(pattern)),
        patterns,
        device_page: exchange.device_page.map(str::to_owned),
    }
}

/// The welcome page.
pub fn welcome(state: &State) -> WelcomeView {
    WelcomeView {
        exchanges: exchange::EXCHANGES.iter().map(|exchange| exchange_view(exchange, state)).collect(),
        notices: state.kept.notices.clone(),
    }
}

/// The settings.
pub fn settings(state: &State, now: DateTime<Utc>) -> SettingsView {
    let kept = &state.kept;
    let mut devices: Vec<String> = Vec::new();
    let accounts = kept.accounts.iter().map(|(id, account)| {
        for name in account.memory.device_names() {
            if !devices.iter().any(|known| known == name) {
                devices.push(name.to_owned());
            }
        }
        KeptView {
            id: id.clone(),
            name: diary::name_of(id, &account.exchange),
            rows: account.memory.rows().count() as u32,
            since: account.memory.first_seen,
        }
    });
    SettingsView {
        accounts: accounts.collect(),
        computer: watch::computer(state),
        leavings: watch::leavings(state),
        told: kept.told.clone(),
        diary: diary::view(kept, now),
        devices,
    }
}

/// The popup over a tab.
pub fn popup(state: &State, tab: &Tab) -> Outcome {
    if state.tabs.tabs.contains_key(&tab.id) {
        return Outcome::reply(Reply::Popup(popup_of(state, tab)));
    }
    let site = teach::site_of(state, &tab.url);
    let screen = match (site, exchange::of_url(&tab.url)) {
        (Some(site), _) => Screen::NotRead { exchange: exchange_view(site, state) },
        (None, Some(exchange)) => Screen::NotWatched { exchange: exchange_view(exchange, state) },
        (None, None) => elsewhere(state),
    };
    // The browser lets a site that is none of the exchanges be read where the person opened the popup, and only then.
    let effects = site.filter(|site| site.is_site()).map(|_| Effect::Read(tab.id)).into_iter().collect();
    Outcome { reply: Reply::Popup(popup_with(screen, state, tab)), effects, judged: false }
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

/// The popup over a tab as far as its page was read.
pub fn popup_of(state: &State, tab: &Tab) -> PopupView {
    let screen = state.tabs.tabs.get(&tab.id).and_then(|it| {
        let exchange = exchange_view(exchange::by_id(&it.exchange)?, state);
        Some(match &it.shows {
            Shows::NoList => Screen::NoList { exchange },
            Shows::Unreadable { problems } => Screen::Unreadable { exchange, problems: problem_messages(problems) },
            Shows::Sessions(judgement) => Screen::Sessions(Box::new(account_view(it, judgement, exchange, state))),
        })
    });
    popup_with(screen.unwrap_or_else(|| elsewhere(state)), state, tab)
}

fn popup_with(screen: Screen, state: &State, tab: &Tab) -> PopupView {
    PopupView {
        screen,
        notices: state.kept.notices.clone(),
        watch: watch::popup(state, tab),
        teach: teach::view(state, tab),
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
            .map(|finding| FindingView {
                message: finding.message.clone(),
                verdict: finding.verdict,
                entry: finding.entry.clone(),
            })
            .chain(diary::findings(judgement, &state.kept))
            .collect(),
        problems: problem_messages(&judgement.problems),
        data: judgement.data,
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
        near: seen.near.clone(),
        network: seen.network.clone(),
        signed_in_at: seen.row.signed_in_at.as_ref().map(|time| time.at),
        last_active_at: seen.row.last_active_at.as_ref().map(|time| time.at),
        current: seen.row.current,
        verdict: judged.verdict,
        mark: judged.evidence.iter().any(|it| it.signal == diary::SIGNAL).then(|| Message::new("verdict_parted")),
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
            "no-list" => Message::new("problem_no_list"),
            lesson::OUT_OF_DATE => Message::new("problem_lesson_out_of_date"),
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

/// The toolbar's badge over a tab.
pub fn badge(id: TabId, tab: &TabState, exchange: &Exchange, state: &State) -> Option<Badge> {
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

/// What is drawn over a tab's page.
pub fn painting(id: TabId, tab: &TabState, state: &State) -> Option<Painting> {
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
                    row.label()
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
