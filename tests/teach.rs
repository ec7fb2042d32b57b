//! Teaching, from outside: what a person pointed at is remembered for its page, and read with from then on.

#![cfg(feature = "saved-pages")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use chrono::{DateTime, Utc};
use latchkey::leave::Whose;
use latchkey::page::Page;
use latchkey::protocol::{Effect, Event, FromBrowser, FromPage, FromScreen, Reply, Tab};
use latchkey::risk::Own;
use latchkey::state::{Kept, Privacy, State};
use latchkey::update::{Around, Outcome, update};
use latchkey::view::{LessonView, PopupView, Screen, Tone};
use latchkey::world::World;
use support::capture;

#[path = "support/capture.rs"]
mod support;

const PAGE: &str = include_str!("../src/reading/lesson/page.html");
const SITE: &str = "https://rahakott.example/konto/seadmed";
const EXCHANGE: &str = "https://www.kraken.com/konto/seadmed";

fn now() -> DateTime<Utc> {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn tab(url: &str) -> Tab {
    Tab { id: 7, url: url.to_owned(), privacy: Privacy::Ordinary, store: String::new() }
}

fn pointing() -> String {
    let page = Page::from_html(PAGE, SITE);
    let at = |words: &str| {
        let text = page.nodes().iter().position(|node| node.is_text() && node.text.contains(words)).unwrap();
        page.nodes()[text].parent.unwrap()
    };
    let up = |node: u32| page.nodes()[node as usize].parent.unwrap();
    let device = at("Chrome 143");
    let (row, address, time) = (up(up(device)), at("203.0.113.7"), at("2026-11-20"));
    let (place, control) = (at("Tartu"), at("Katkesta"));
    format!("sessions {row} address {address} device {device} time {time} place {place} control {control}")
}

#[derive(Default)]
struct House {
    state: State,
    revision: u64,
}

impl House {
    fn happens(&mut self, event: Event) -> Outcome {
        update(&mut self.state, event, &Around { own: &Own::default(), world: World::default(), now: now() })
    }

    fn sees(&mut self, tab: Tab, html: &str) -> Outcome {
        self.revision += 1;
        let capture = capture(html, &tab.url);
        self.happens(Event::Page(tab, FromPage::Page { revision: self.revision, capture }))
    }

    fn points(&mut self, tab: Tab, save: bool) -> (LessonView, Vec<Effect>) {
        let capture = capture(PAGE, &tab.url);
        let outcome = self.happens(Event::Page(tab, FromPage::Lesson { capture, pointing: pointing(), save }));
        match outcome.reply {
            Reply::Lesson(view) => (view, outcome.effects),
            other => panic!("{other:?}"),
        }
    }

    fn popup(&mut self, tab: Tab) -> PopupView {
        match self.happens(Event::Screen(FromScreen::Popup { tab })).reply {
            Reply::Popup(view) => view,
            other => panic!("{other:?}"),
        }
    }

    fn restarts(&mut self) {
        let stored = self.state.kept.to_json().unwrap();
        self.state = State { kept: Kept::from_json(&stored).unwrap(), ..State::default() };
    }
}

#[test]
fn pointing_shows_what_was_understood_and_remembers_nothing_until_it_is_confirmed() {
    let mut house = House::default();
    let (view, effects) = house.points(tab(SITE), false);
    assert_eq!((view.rows.len(), view.saved, effects.len()), (4, false, 0));
    assert!(house.state.kept.lessons.is_empty());
    assert_eq!(house.sees(tab(SITE), PAGE).reply, Reply::Stop);
    let (view, effects) = house.points(tab(SITE), true);
    assert!(view.saved && effects == [Effect::Read(7)]);
}

#[test]
fn a_site_that_is_no_exchange_is_read_and_judged_once_it_is_taught() {
    let mut house = House::default();
    assert!(matches!(house.popup(tab(SITE)).screen, Screen::Elsewhere { .. }));
    house.points(tab(SITE), true);
    house.restarts();
    // The scripts are put there where the person opens the popup.
    let popup = house.happens(Event::Screen(FromScreen::Popup { tab: tab(SITE) }));
    assert_eq!(popup.effects, [Effect::Read(7)]);
    assert!(matches!(house.sees(tab(SITE), PAGE).reply, Reply::Painting(_)));
    let Screen::Sessions(account) = house.popup(tab(SITE)).screen else { panic!("no sessions") };
    assert_eq!(account.exchange.name, "rahakott.example");
    assert_eq!(account.sessions.len(), 4);
    assert!(account.sessions.iter().all(|row| row.verdict.tone() != Tone::Good || row.current));
    assert!(house.state.kept.accounts.contains_key(&account.id));
    // Another page of the site is read by the reader alone.
    assert!(matches!(house.sees(tab("https://rahakott.example/"), PAGE).reply, Reply::Clear { .. }));
    assert_eq!(house.sees(tab("https://rahakott.example.org/konto/seadmed"), PAGE).reply, Reply::Stop);
}

#[test]
fn a_page_that_changed_is_said_to_be_unreadable_and_never_green() {
    let mut house = House::default();
    house.happens(Event::Browser(FromBrowser::Granted(vec!["https://www.kraken.com/*".to_owned()])));
    house.points(tab(EXCHANGE), true);
    house.sees(tab(EXCHANGE), PAGE);
    assert!(matches!(house.popup(tab(EXCHANGE)).screen, Screen::Sessions(_)));
    let outcome = house.sees(tab(EXCHANGE), &PAGE.replace("figure", "div"));
    let badge = outcome.effects.iter().find_map(|effect| match effect {
        Effect::Badge(_, badge) => badge.clone(),
        _ => None,
    });
    assert_eq!(badge.unwrap().text, "?");
    let popup = house.popup(tab(EXCHANGE));
    let Screen::Unreadable { problems, .. } = popup.screen else { panic!("{popup:?}") };
    assert_eq!(problems[0].key, "problem_lesson_out_of_date");
    assert!(popup.teach.can && popup.teach.taught);
}

#[test]
fn what_was_taught_can_be_saved_and_forgotten() {
    let mut house = House::default();
    assert!(house.popup(tab(SITE)).teach.can);
    house.points(tab(SITE), true);
    let teach = house.popup(tab(SITE)).teach;
    let file = teach.file.unwrap();
    assert!(teach.taught && file.contains("https://rahakott.example/konto/seadmed"), "{file}");
    assert!(!file.contains("203.0.113.7") && !file.contains("Tartu"), "{file}");
    house.sees(tab(SITE), PAGE);
    let outcome = house.happens(Event::Screen(FromScreen::Forget { tab: tab(SITE) }));
    assert!(outcome.effects.contains(&Effect::Stop(7)));
    assert_eq!(house.sees(tab(SITE), PAGE).reply, Reply::Stop);
    assert!(!house.popup(tab(SITE)).teach.taught);
    let again = house.happens(Event::Screen(FromScreen::Forget { tab: tab(SITE) }));
    assert!(matches!(again.reply, Reply::Refused { .. }));
}

#[test]
fn nothing_is_taught_in_a_private_window_or_on_a_computer_of_others() {
    let mut house = House::default();
    let (view, effects) = house.points(Tab { privacy: Privacy::Private, ..tab(SITE) }, true);
    assert!(!view.saved && effects.is_empty() && view.rows.len() == 4);
    assert_eq!(view.refused[0].1.key, "teach_not_kept");
    house.happens(Event::Screen(FromScreen::Computer { whose: Whose::NotMine }));
    assert!(!house.points(tab(SITE), true).0.saved);
    assert!(house.state.kept.lessons.is_empty());
}

#[test]
fn only_pages_that_may_be_read_can_be_taught() {
    let mut house = House::default();
    for url in [EXCHANGE, "http://wallet.example/", "about:blank", "chrome://settings", ""] {
        assert!(!house.popup(tab(url)).teach.can, "{url}");
        let outcome = house.happens(Event::Screen(FromScreen::Teach { tab: tab(url) }));
        assert!(matches!(outcome.reply, Reply::Refused { .. }) && outcome.effects.is_empty(), "{url}");
        let capture = capture(PAGE, url);
        let told = Event::Page(tab(url), FromPage::Lesson { capture, pointing: pointing(), save: true });
        assert!(matches!(house.happens(told).reply, Reply::Refused { .. }), "{url}");
    }
    let outcome = house.happens(Event::Screen(FromScreen::Teach { tab: tab(SITE) }));
    assert_eq!(outcome.effects, [Effect::Teach(7)]);
    // What a page says of another's address counts for nothing.
    let capture = capture(PAGE, EXCHANGE);
    let told = Event::Page(tab(SITE), FromPage::Lesson { capture, pointing: pointing(), save: true });
    assert!(matches!(house.happens(told).reply, Reply::Refused { .. }));
    assert!(house.state.kept.lessons.is_empty());
}

#[test]
fn a_grant_taken_back_elsewhere_leaves_a_taught_site_alone() {
    let mut house = House::default();
    house.happens(Event::Browser(FromBrowser::Granted(vec!["https://www.kraken.com/*".to_owned()])));
    house.points(tab(SITE), true);
    house.sees(tab(SITE), PAGE);
    let outcome = house.happens(Event::Browser(FromBrowser::Granted(Vec::new())));
    assert!(!outcome.effects.contains(&Effect::Stop(7)));
    assert!(matches!(house.popup(tab(SITE)).screen, Screen::Sessions(_)));
}
