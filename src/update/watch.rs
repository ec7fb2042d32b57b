//! The watch within the one update: events to [`leave::step`], its effects and views out of it.

use chrono::{DateTime, Utc};

use super::show::{badge, painting};
use super::teach::site_of;
use crate::exchange::{self, Exchange};
use crate::explain::{Arg, Message};
use crate::leave::{self, Computer, Event, Leaving, Phase, Standing, Watch};
use crate::page::{NodeId, Page};
use crate::protocol::{Effect, Tab};
use crate::reading::{self, Reading};
use crate::state::{AccountId, Exit, Shows, State, TabState};
use crate::tab::{Privacy, TabId};
use crate::view::{ArmedView, Badge, Bar, Guard, LeaveView, LeavingView, Painting, Tone, WatchView};

/// What was first read so few hours ago belongs to whoever says now that the computer is not theirs.
const VISITORS_HOURS: i64 = 12;

/// Lets something happen to the watch.
pub fn step(state: &mut State, event: Event, now: DateTime<Utc>) -> Vec<Effect> {
    let before = armed(state);
    let computer = watch(state).computer();
    let (after, effects) = leave::step(take(state), event, now);
    put(state, after);
    if computer == Computer::Own && watch(state).computer().is_shared() {
        forget_visitors(state, now);
    }
    let mut carried: Vec<Effect> = effects.into_iter().flat_map(|effect| carry(state, effect)).collect();
    if before != armed(state) {
        carried.push(Effect::BadgeElsewhere(armed(state).then(|| armed_badge(None))));
    }
    carried
}

/// Whether nothing of what is read may be written to the disk.
pub fn is_shared(state: &State) -> bool {
    watch(state).computer().is_shared()
}

/// Where a page has the controls that end its own session.
pub fn exit(page: &Page, reading: &Reading) -> Exit {
    let node = |control: &crate::session::Control| control.node;
    let log_out = reading.log_out_self.as_ref().and_then(node);
    let all = reading.log_out_all.as_ref().filter(|all| all.spares_current != Some(true)).and_then(node);
    let ends = |current: bool| {
        let rows = reading.sessions().filter(move |row| row.current == current);
        rows.filter_map(move |row| row.log_out.as_ref().and_then(node))
    };
    Exit {
        log_out,
        menu: if log_out.is_none() { account_menu(page) } else { None },
        controls: log_out.into_iter().chain(all).chain(ends(true)).collect(),
        others: ends(false).collect(),
    }
}

/// The button of the menu that bears the account's own name.
fn account_menu(page: &Page) -> Option<NodeId> {
    let label = reading::account_label(page)?;
    page.nodes()
        .iter()
        .enumerate()
        .filter(|(_, node)| node.attribute("aria-haspopup").is_some_and(|kind| kind != "false" && kind != "dialog"))
        .map(|(id, _)| id as NodeId)
        .find(|id| page.text_of(*id).contains(&label))
}

/// The person pressed something on a page: whether it ends the page's own session.
pub fn ends_session(state: &State, tab: &Tab, revision: u64, node: Option<NodeId>, words: &str) -> bool {
    let exit = state.tabs.tabs.get(&tab.id).filter(|it| it.revision == revision).map(|it| &it.exit);
    match exit.zip(node) {
        Some((exit, node)) if exit.controls.contains(&node) => true,
        Some((exit, node)) if exit.others.contains(&node) => false,
        // Pressed before the page was looked at again: a menu that has just opened.
        _ => reading::offers_log_out(words),
    }
}

/// What stands guard over a tab's page.
pub fn guard(id: TabId, state: &State) -> Option<Guard> {
    let watch = watch(state);
    let exchange = exchange::by_id(&watch.standing_of(id).filter(|it| it.phase.is_armed())?.exchange)?;
    Some(Guard {
        hosts: exchange.hosts().map(str::to_owned).collect(),
        covered_from: watch.passing.covered_from,
        name: exchange.name.to_owned(),
        lives: lives(exchange),
    })
}

/// The slim line over a tab's page.
pub fn bar(id: TabId, tab: &TabState, state: &State) -> Option<Bar> {
    let watch = watch(state);
    let standing = watch.standing_of(id).filter(|it| it.phase.is_armed())?;
    let exchange = exchange::by_id(&standing.exchange)?;
    let key = match standing.phase {
        Phase::LoggingOut => "leave_bar_pending",
        _ if watch.computer().is_shared() || !watch.watches(exchange.id) => "leave_bar_shared",
        _ => "leave_bar_own",
    };
    let way = match (tab.exit.log_out, tab.exit.menu) {
        (Some(node), _) => Some(("leave_show_log_out", node)),
        (None, Some(node)) => Some(("leave_show_menu", node)),
        (None, None) => None,
    };
    Some(Bar {
        tone: Tone::Act,
        text: Message::new(key).with_text(exchange.name),
        detail: lives(exchange),
        action: way.map(|(key, _)| Message::new(key)),
        target: way.map(|(_, node)| node),
    })
}

/// The line that says that a log-out is proven.
pub fn over(exchange: &Exchange) -> Bar {
    Bar {
        tone: Tone::Good,
        text: Message::new("leave_bar_over").with_text(exchange.name),
        detail: Message::new("leave_bar_over_detail").with_text(exchange.name),
        action: None,
        target: None,
    }
}

/// The toolbar's badge while the person is to be warned.
pub fn armed_badge(exchange: Option<&Exchange>) -> Badge {
    let title = match exchange {
        Some(exchange) => Message::new("badge_armed_at").with_text(exchange.name),
        None => Message::new("badge_armed"),
    };
    Badge { text: "!".to_owned(), tone: Tone::Act, title }
}

/// Whether the browser's data of a tab's log-in were deleted: its log-in page proves no log-out then.
pub fn is_cleaned(id: TabId, state: &State) -> bool {
    watch(state).standing_of(id).is_some_and(|standing| standing.cleaned)
}

/// What happens when each of the watched exchanges is left.
pub fn leavings(state: &State) -> Vec<LeavingView> {
    let watch = watch(state);
    let watched = exchange::EXCHANGES
        .iter()
        .filter(|exchange| exchange.patterns().all(|pattern| state.kept.watched.contains(&pattern)));
    watched.map(|exchange| leaving_view(exchange, &watch)).collect()
}

/// Whose computer this is.
pub fn computer(state: &State) -> Computer {
    watch(state).computer()
}

/// Whether a tab shows a log-in that the person is to be warned of.
pub fn is_armed(id: TabId, state: &State) -> bool {
    watch(state).is_armed(id)
}

/// How long a log-in stays alive that is only closed.
fn lives(exchange: &Exchange) -> Message {
    match exchange.alive_minutes.map(|minutes| u64::from(minutes) / 60) {
        Some(hours) if hours >= 48 => Message::new("leave_lives_days").with(Arg::Count(hours / 24)),
        Some(hours) if hours > 0 => Message::new("leave_lives_hours").with(Arg::Count(hours)),
        _ => Message::new("leave_lives_general"),
    }
}

/// The popup's part.
pub fn popup(state: &State, tab: &Tab) -> WatchView {
    let watch = watch(state);
    let computer = watch.computer();
    let asks = match (computer, tab.privacy, watch.passing.fresh) {
        (Computer::Own, Privacy::Private, _) => Some(Message::new("leave_ask_private")),
        (Computer::Own, _, true) => Some(Message::new("leave_ask_new")),
        _ => None,
    };
    let own = site_of(state, &tab.url).filter(|_| !computer.is_shared());
    WatchView {
        computer,
        asks,
        leaving: own.map(|exchange| leaving_view(exchange, &watch)),
        armed: armed_views(&watch),
    }
}

/// A tab by its number, as far as its page has told.
pub fn tab(id: TabId, state: &State) -> Tab {
    let page = state.tabs.watch.pages.iter().find(|page| page.tab == id);
    let privacy = page.map_or(Privacy::Ordinary, |page| page.privacy);
    Tab { id, url: page.map(|page| page.url.clone()).unwrap_or_default(), privacy, store: String::new() }
}

/// The page that says that the person left while signed in.
pub fn leave(state: &State) -> LeaveView {
    let watch = watch(state);
    LeaveView { computer: watch.computer(), armed: armed_views(&watch) }
}

fn leaving_view(exchange: &Exchange, watch: &Watch) -> LeavingView {
    LeavingView {
        exchange: exchange.id.to_owned(),
        name: exchange.name.to_owned(),
        leaving: if watch.lasting.cleaned.iter().any(|id| id == exchange.id) {
            Leaving::Clean
        } else if watch.watches(exchange.id) {
            Leaving::LogOut
        } else {
            Leaving::Stay
        },
    }
}

fn armed_views(watch: &Watch) -> Vec<ArmedView> {
    let (mut left, open): (Vec<ArmedView>, Vec<ArmedView>) =
        watch.armed().filter_map(armed_view).partition(|it| it.left);
    left.extend(open);
    left
}

fn armed_view(standing: &Standing) -> Option<ArmedView> {
    let exchange = exchange::by_id(&standing.exchange)?;
    let origin = standing.origins.first().map(String::as_str).or_else(|| exchange.origins.first().copied())?;
    Some(ArmedView {
        site: standing.site.clone(),
        name: exchange.name.to_owned(),
        left: standing.phase == Phase::Away,
        since: standing.since,
        back: [origin, "/"].concat(),
        lives: lives(exchange),
        cleaned: standing.cleaned,
    })
}

fn watch(state: &State) -> Watch {
    Watch { lasting: state.kept.watch.clone(), passing: state.tabs.watch.clone() }
}

fn take(state: &mut State) -> Watch {
    Watch { lasting: std::mem::take(&mut state.kept.watch), passing: std::mem::take(&mut state.tabs.watch) }
}

fn put(state: &mut State, watch: Watch) {
    state.kept.watch = watch.lasting;
    state.tabs.watch = watch.passing;
}

fn armed(state: &State) -> bool {
    watch(state).armed().next().is_some()
}

fn carry(state: &mut State, effect: leave::Effect) -> Vec<Effect> {
    match effect {
        leave::Effect::Repaint(id) => {
            let Some(tab) = state.tabs.tabs.get(&id) else { return Vec::new() };
            let painting = painting(id, tab, state).unwrap_or_else(|| Painting::blank(tab.revision));
            let badge = exchange::by_id(&tab.exchange).and_then(|exchange| badge(id, tab, exchange, state));
            vec![Effect::Badge(id, badge), Effect::Paint(id, Box::new(painting)), Effect::Changed(id)]
        }
        leave::Effect::Warn => {
            let last = armed_views(&watch(state)).into_iter().filter(|it| it.left).max_by_key(|it| it.since);
            let said = last.map(|it| Effect::Notify(vec![Message::new("leave_notice").with_text(it.name), it.lives]));
            std::iter::once(Effect::OpenLeave).chain(said).collect()
        }
        leave::Effect::Remind => vec![Effect::OpenLeave],
        leave::Effect::Clean(sites, store) => vec![Effect::Clean(sites, store)],
        leave::Effect::Over(site, privacy) => {
            let tabs = &mut state.tabs;
            for (id, tab) in tabs.tabs.iter_mut() {
                let shows =
                    tabs.watch.pages.iter().any(|page| page.tab == *id && page.site == site && page.privacy == privacy);
                if shows && matches!(&tab.shows, Shows::Sessions(judgement) if judgement.private.is_some()) {
                    tab.shows = Shows::NoList;
                }
            }
            Vec::new()
        }
    }
}

/// What was learned lately on a computer that turns out not to be the person's goes from the disk to the tabs.
fn forget_visitors(state: &mut State, now: DateTime<Utc>) {
    let State { kept, tabs } = state;
    for tab in tabs.tabs.values_mut() {
        if let Shows::Sessions(judgement) = &mut tab.shows
            && judgement.private.is_none()
        {
            let known = kept.accounts.get(&judgement.account);
            judgement.private = Some(known.map(|account| account.memory.clone()).unwrap_or_default());
        }
    }
    let late = |seen: DateTime<Utc>| (now - seen).num_hours() < VISITORS_HOURS;
    let visitors = kept.accounts.iter().filter(|(_, account)| account.memory.first_seen.is_some_and(late));
    let visitors: Vec<AccountId> = visitors.map(|(id, _)| id.clone()).collect();
    for visitor in visitors {
        kept.accounts.remove(&visitor);
    }
}
