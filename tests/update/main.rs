//! The one update, from outside: events in, replies and effects out.

#![cfg(feature = "saved-pages")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use latchkey::memory::{Answer, RowId};
use latchkey::protocol::{Effect, Event, FromBrowser, FromPage, FromScreen, Installed, Reply, Tab};
use latchkey::risk::Own;
use latchkey::state::{AccountId, Privacy, State};
use latchkey::update::{Around, Outcome, update};
use latchkey::view::{AccountView, Screen, Tone};
use latchkey::world::World;
use support::capture;

mod any;
mod books;
mod parts;
#[path = "../support/capture.rs"]
mod support;
mod watch;

const DEVICES: &str = "https://www.binance.com/en/my/security/account-activity";
const PATTERN: &str = "https://www.binance.com/*";

/// A page that shows that the person is signed in, with the log-out in its header.
const INSIDE: &str = "<html lang=en><header><nav><a href=/en/trade>Trade</a></nav><span>m***a@example.org</span>\
                      <button>Log out</button></header><main><h1>Overview</h1></main>";
const LOGIN: &str = "<html lang=en><header><a href=/en/login>Log in</a></header><main><h1>Log in</h1><form>\
                     <input type=email><button type=submit>Log in</button></form></main>";
const HOME: &str = "https://www.binance.com/en/my/dashboard";

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 4, 14, 15, 30, 0).unwrap()
}

fn around(own: &Own, now: DateTime<Utc>) -> Around<'_> {
    Around { own, world: World::default(), now }
}

fn tab(url: &str) -> Tab {
    Tab { id: 7, url: url.to_owned(), privacy: Privacy::Ordinary, store: String::new() }
}

fn private(url: &str) -> Tab {
    Tab { privacy: Privacy::Private, ..tab(url) }
}

/// A device page: the person's laptop and phone in Portugal, and whatever rows come besides.
fn devices(more: &str) -> String {
    let row = |device: &str, mark: &str, place: &str, time: &str, ip: &str| {
        format!(
            "<tr><td>{device}{mark}</td><td>{place}</td><td>{time}</td><td>{ip}</td><td><button>Delete</button></td></tr>"
        )
    };
    let logins: String = (1..=12)
        .map(|week| {
            let day = now() - TimeDelta::weeks(week);
            format!(
                "<tr><td>{}</td><td>Chrome V126.0.0.0 (Windows 10)</td><td>Lisbon, Portugal</td><td>81.84.17.203</td><td>Success</td></tr>",
                day.format("%Y-%m-%d 09:12:44")
            )
        })
        .collect();
    format!(
        "<html lang=en><body><h1>Device Management</h1><p>Devices that are signed in to your account now.</p>\
         <table><tr><th>Device<th>Location<th>Latest Time of Activity<th>IP Address<th>Action</tr>{}{}{more}</table>\
         <h2>Login History</h2><table><tr><th>Time<th>Device<th>Location<th>IP Address<th>Status</tr>{logins}</table>",
        row(
            "Chrome V126.0.0.0 (Windows 10)",
            "<b>Current device</b>",
            "Lisbon, Portugal",
            "2026-04-14 15:24:40",
            "81.84.17.203"
        ),
        row("iPhone 15 Pro · iOS 17.4", "", "Lisbon, Portugal", "2026-04-13 07:01:13", "81.84.17.203"),
    )
}

const STRANGER: &str = "<tr><td>Firefox V125.0 (Ubuntu)</td><td>Lagos, Nigeria</td><td>2026-04-14 03:30:00</td>\
                        <td>105.112.96.3</td><td><button>Delete</button></td></tr>";

struct House {
    state: State,
    revision: u64,
}

impl House {
    fn watching() -> Self {
        let mut house = Self { state: State::default(), revision: 0 };
        house.happens(Event::Browser(FromBrowser::Granted(vec![PATTERN.to_owned()])), now());
        house
    }

    fn happens(&mut self, event: Event, now: DateTime<Utc>) -> Outcome {
        update(&mut self.state, event, &around(&Own::default(), now))
    }

    fn sees(&mut self, tab: Tab, html: &str, now: DateTime<Utc>) -> Outcome {
        self.revision += 1;
        let capture = capture(html, &tab.url);
        self.happens(Event::Page(tab, FromPage::Page { revision: self.revision, capture }), now)
    }

    fn screen(&mut self, tab: Tab) -> Screen {
        match self.happens(Event::Screen(FromScreen::Popup { tab }), now()).reply {
            Reply::Popup(view) => view.screen,
            other => panic!("{other:?}"),
        }
    }

    fn account(&mut self) -> AccountView {
        match self.screen(tab(DEVICES)) {
            Screen::Sessions(account) => *account,
            other => panic!("{other:?}"),
        }
    }

    fn answers(&mut self, account: AccountId, row: RowId, answer: Option<Answer>) -> Outcome {
        self.happens(Event::Screen(FromScreen::Answer { tab: 7, account, row, answer }), now())
    }
}

fn badge(outcome: &Outcome) -> Option<(String, Tone)> {
    outcome.effects.iter().find_map(|effect| match effect {
        Effect::Badge(_, badge) => Some(badge.as_ref().map(|badge| (badge.text.clone(), badge.tone))),
        _ => None,
    })?
}

#[test]
fn a_stranger_is_counted_painted_and_shown() {
    let mut house = House::watching();
    let outcome = house.sees(tab(DEVICES), &devices(STRANGER), now());
    let Reply::Painting(painting) = &outcome.reply else { panic!("{outcome:?}") };
    assert_eq!(painting.chips.len(), 3);
    assert!(painting.banner.as_ref().is_some_and(|banner| banner.first == Some(painting.chips[2].node)));
    let account = house.account();
    assert_eq!(badge(&outcome).map(|(text, _)| text), Some(account.findings.to_string()));
    assert!(account.sessions[2].verdict.is_finding());
    assert!(!account.sessions[0].verdict.is_finding() && !account.sessions[1].verdict.is_finding());
}

#[test]
fn a_stranger_and_how_it_signed_in_are_one_finding() {
    let login = "<tr><td>2026-04-14 03:29:00</td><td>Firefox V125.0 (Ubuntu)</td><td>Lagos, Nigeria</td>\
                 <td>105.112.96.3</td><td>Success</td></tr></table>";
    let page = devices(STRANGER);
    let page = format!("{}{login}", page.strip_suffix("</table>").unwrap());
    let mut house = House::watching();
    house.sees(tab(DEVICES), &page, now());
    let account = house.account();
    assert_eq!((account.findings, account.logins.len()), (1, 0), "{account:#?}");
}

#[test]
fn this_is_me_clears_a_row_and_can_be_taken_back() {
    let mut house = House::watching();
    house.sees(tab(DEVICES), &devices(STRANGER), now());
    let before = house.account();
    let row = before.sessions[2].id.clone();
    let outcome = house.answers(before.id.clone(), row.clone(), Some(Answer::Mine));
    assert!(outcome.effects.iter().any(|effect| matches!(effect, Effect::Paint(7, _))), "{outcome:?}");
    let after = house.account();
    assert!(!after.sessions[2].verdict.is_finding(), "{:#?}", after.sessions[2]);
    assert_eq!(after.sessions[2].answer, Some(Answer::Mine));
    // A later visit, and the browser was ended between.
    house.state.tabs = Default::default();
    house.sees(tab(DEVICES), &devices(STRANGER), now() + TimeDelta::days(3));
    assert!(!house.account().sessions[2].verdict.is_finding());
    house.answers(after.id, row, None);
    assert!(house.account().sessions[2].verdict.is_finding());
}

#[test]
fn a_page_that_renders_itself_anew_does_not_vouch_for_itself() {
    let mut house = House::watching();
    house.sees(tab(DEVICES), &devices(STRANGER), now());
    let first = house.account();
    for look in 1..=20 {
        house.sees(tab(DEVICES), &devices(STRANGER), now() + TimeDelta::seconds(5 * look));
        let again = house.account();
        assert_eq!(again.stage, first.stage);
        let verdicts = |account: &AccountView| account.sessions.iter().map(|row| row.verdict).collect::<Vec<_>>();
        assert_eq!(verdicts(&again), verdicts(&first), "look {look}");
    }
}

/// A page of few rows and no history, seen before there is enough to tell, must not make its strangers usual.
#[test]
fn a_stranger_seen_before_anything_was_known_does_not_become_usual() {
    let mut house = House::watching();
    let few = devices(STRANGER).split("<h2>").next().unwrap().replace("<b>Current device</b>", "");
    for visit in 0..3 {
        house.sees(tab("https://www.binance.com/en/my/dashboard"), &few, now() + TimeDelta::hours(visit));
    }
    house.sees(tab(DEVICES), &devices(STRANGER), now() + TimeDelta::hours(4));
    let account = house.account();
    assert!(account.sessions[2].verdict.is_finding(), "{:#?}", account.sessions[2]);
}

#[test]
fn a_private_window_leaves_nothing_behind() {
    let mut house = House::watching();
    let kept = house.state.kept.clone();
    house.sees(private(DEVICES), &devices(STRANGER), now());
    let Screen::Sessions(account) = house.screen(private(DEVICES)) else { panic!() };
    assert!(!account.remembers);
    let outcome = house.answers(account.id.clone(), account.sessions[2].id.clone(), Some(Answer::Mine));
    assert!(matches!(outcome.reply, Reply::Popup(_)), "{outcome:?}");
    let Screen::Sessions(after) = house.screen(private(DEVICES)) else { panic!() };
    assert!(!after.sessions[2].verdict.is_finding());
    assert_eq!(house.state.kept, kept);
}

#[test]
fn a_host_that_is_not_watched_is_told_to_stop() {
    for url in ["https://www.binance.com.example.org/en/my/security", "https://www.kraken.com/u/security", ""] {
        let mut house = House::watching();
        let outcome = house.sees(tab(url), &devices(STRANGER), now());
        assert_eq!(outcome.reply, Reply::Stop, "{url}");
        assert!(house.state.kept.accounts.is_empty());
    }
}

#[test]
fn a_withdrawn_host_is_let_go_in_its_open_tabs() {
    let mut house = House::watching();
    house.sees(tab(DEVICES), &devices(STRANGER), now());
    let outcome = house.happens(Event::Browser(FromBrowser::Granted(Vec::new())), now());
    assert!(outcome.effects.contains(&Effect::Stop(7)), "{outcome:?}");
    assert!(outcome.effects.contains(&Effect::Badge(7, None)), "{outcome:?}");
    assert!(outcome.effects.contains(&Effect::Watch(Vec::new())), "{outcome:?}");
    assert!(matches!(house.screen(tab(DEVICES)), Screen::NotWatched { .. }));
}

#[test]
fn a_grant_for_a_host_that_is_no_exchange_watches_nothing() {
    let mut house = House::watching();
    let granted = vec!["https://example.org/*".to_owned(), "<all_urls>".to_owned(), PATTERN.to_owned()];
    let outcome = house.happens(Event::Browser(FromBrowser::Granted(granted)), now());
    assert_eq!(outcome.effects, [Effect::Watch(vec![PATTERN.to_owned()])]);
}

#[test]
fn a_device_page_without_a_list_is_unreadable_and_grey() {
    let mut house = House::watching();
    let outcome = house.sees(tab(DEVICES), "<html lang=en><h1>Device Management</h1><canvas></canvas>", now());
    assert_eq!(badge(&outcome), Some(("?".to_owned(), Tone::Unknown)));
    assert!(matches!(outcome.reply, Reply::Clear { .. }));
    assert!(matches!(house.screen(tab(DEVICES)), Screen::Unreadable { .. }));
}

#[test]
fn an_ordinary_page_of_the_exchange_gets_nothing() {
    let mut house = House::watching();
    let url = "https://www.binance.com/en/trade/BTC_USDT";
    let html = "<html lang=en><h1>BTC/USDT</h1><table><tr><td>2026-04-14 12:00:00<td>Buy<td>0.2<td><button>Cancel</button></table>";
    let outcome = house.sees(tab(url), html, now());
    assert_eq!(badge(&outcome), None);
    assert!(matches!(house.screen(tab(url)), Screen::NoList { .. }));
}

#[test]
fn a_capture_that_is_none_is_unreadable() {
    for capture in ["", "{", "{\"version\":9}", "[1,2]"] {
        let mut house = House::watching();
        let event = FromPage::Page { revision: 1, capture: capture.to_owned() };
        let outcome = house.happens(Event::Page(tab(DEVICES), event), now());
        assert_eq!(badge(&outcome), Some(("?".to_owned(), Tone::Unknown)), "{capture}");
    }
}

#[test]
fn the_first_install_opens_the_welcome_page_and_a_later_start_does_not() {
    let mut house = House { state: State::default(), revision: 0 };
    let started = |installed| Event::Browser(FromBrowser::Started { installed, granted: Vec::new() });
    assert!(house.happens(started(Installed::JustNow), now()).effects.contains(&Effect::OpenWelcome));
    assert!(!house.happens(started(Installed::Before), now()).effects.contains(&Effect::OpenWelcome));
}

#[test]
fn an_answer_about_another_page_is_refused() {
    let mut house = House::watching();
    let answer = |house: &mut House, account: &str, row: &str| {
        house.answers(AccountId(account.into()), RowId(row.into()), Some(Answer::Mine)).reply
    };
    assert!(matches!(answer(&mut house, "a", "r"), Reply::Refused { .. }));
    house.sees(tab(DEVICES), &devices(STRANGER), now());
    let account = house.account();
    assert!(matches!(answer(&mut house, "somebody else", &account.sessions[0].id.0), Reply::Refused { .. }));
    assert!(matches!(answer(&mut house, &account.id.0, "no such row"), Reply::Refused { .. }));
}

#[test]
fn a_nickname_follows_its_device_and_an_empty_one_is_none() {
    let mut house = House::watching();
    house.sees(tab(DEVICES), &devices(""), now());
    let account = house.account();
    let name = |name: &str| {
        Event::Screen(FromScreen::Name {
            tab: 7,
            account: account.id.clone(),
            row: account.sessions[0].id.clone(),
            name: name.to_owned(),
        })
    };
    house.happens(name("  Desk  "), now());
    assert_eq!(house.account().sessions[0].nickname.as_deref(), Some("Desk"));
    let grown = devices("").replace("V126.0.0.0", "V127.0.0.0");
    house.sees(tab(DEVICES), &grown, now() + TimeDelta::days(20));
    assert_eq!(house.account().sessions[0].nickname.as_deref(), Some("Desk"));
    house.happens(name(" "), now());
    assert_eq!(house.account().sessions[0].nickname, None);
}
