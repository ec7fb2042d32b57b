//! The watch on a computer of others, through the one update.

use chrono::TimeDelta;
use latchkey::leave::{Policy, Whose};
use latchkey::protocol::{Effect, Event, FromBrowser, FromPage, FromScreen, Reply};
use latchkey::update::Outcome;
use latchkey::view::{Painting, Tone};

use super::*;

impl House {
    pub(super) fn says(&mut self, whose: Whose) -> Outcome {
        self.happens(Event::Screen(FromScreen::Computer { whose }), now())
    }

    /// The browser ends, with a word or without, and starts again.
    fn starts_again(&mut self) -> Outcome {
        self.state.tabs = Default::default();
        self.happens(Event::Browser(FromBrowser::Woken(Some(Policy::default()))), now())
    }
}

fn painting(outcome: &Outcome) -> &Painting {
    let Reply::Painting(painting) = &outcome.reply else { panic!("{outcome:?}") };
    painting
}

#[test]
fn a_computer_of_others_gets_a_bar_with_the_way_to_the_log_out_and_a_red_badge() {
    let mut house = House::watching();
    assert!(matches!(house.sees(tab(HOME), INSIDE, now()).reply, Reply::Clear { .. }));
    house.says(Whose::NotMine);
    let outcome = house.sees(tab(HOME), INSIDE, now());
    let bar = painting(&outcome).bar.clone().expect("a bar");
    assert_eq!(bar.tone, Tone::Act);
    assert_eq!(bar.action.map(|action| action.key), Some("leave_show_log_out".into()));
    assert!(bar.target.is_some());
    assert!(painting(&outcome).guard.as_ref().is_some_and(|guard| guard.hosts.contains(&"www.binance.com".to_owned())));
    assert_eq!(badge(&outcome), Some(("!".to_owned(), Tone::Act)));
}

#[test]
fn saying_so_repaints_the_page_that_is_open() {
    let mut house = House::watching();
    house.sees(tab(HOME), INSIDE, now());
    let outcome = house.says(Whose::NotMine);
    let painted = |outcome: &Outcome| {
        outcome.effects.iter().any(|it| matches!(it, Effect::Paint(7, painting) if painting.bar.is_some()))
    };
    assert!(painted(&outcome), "{outcome:?}");
    assert!(outcome.effects.iter().any(|it| matches!(it, Effect::BadgeElsewhere(Some(_)))), "{outcome:?}");
    let outcome = house.says(Whose::Mine);
    assert!(!painted(&outcome));
    assert!(outcome.effects.contains(&Effect::BadgeElsewhere(None)), "{outcome:?}");
}

#[test]
fn a_log_out_that_is_pressed_in_a_menu_just_opened_is_understood_by_its_words() {
    let mut house = House::watching();
    house.says(Whose::NotMine);
    house.sees(tab(HOME), INSIDE, now());
    let pressed =
        |words: &str| Event::Page(tab(HOME), FromPage::Pressed { revision: 0, node: None, words: words.to_owned() });
    house.happens(pressed("Trade"), now());
    house.sees(tab("https://www.binance.com/en"), LOGIN, now());
    let armed = |house: &House| house.state.kept.watch.sites.len();
    assert_eq!(armed(&house), 1, "another button proves nothing");
    house.happens(pressed("Log out"), now());
    let outcome = house.sees(tab("https://www.binance.com/en"), LOGIN, now());
    assert_eq!(armed(&house), 0);
    assert_eq!(painting(&outcome).bar.as_ref().map(|bar| bar.tone), Some(Tone::Good));
}

#[test]
fn the_control_of_another_session_is_no_log_out_of_this_one() {
    let mut house = House::watching();
    house.says(Whose::NotMine);
    let html = devices(STRANGER).replace("<button>Delete</button>", "<button>Log out</button>");
    let outcome = house.sees(tab(DEVICES), &html, now());
    let node = house.state.tabs.tabs[&7].exit.others[0];
    let pressed =
        FromPage::Pressed { revision: painting(&outcome).revision, node: Some(node), words: "Log out".into() };
    house.happens(Event::Page(tab(DEVICES), pressed), now());
    house.sees(tab("https://www.binance.com/en"), LOGIN, now());
    assert_eq!(house.state.kept.watch.sites.len(), 1);
}

#[test]
fn on_a_computer_of_others_nothing_of_the_account_is_kept() {
    let mut house = House::watching();
    house.sees(tab(DEVICES), &devices(STRANGER), now());
    assert!(!house.state.kept.accounts.is_empty());
    // What was read an hour ago was this visitor's.
    house.says(Whose::NotMine);
    assert!(house.state.kept.accounts.is_empty());
    house.sees(tab(DEVICES), &devices(STRANGER), now() + TimeDelta::minutes(1));
    let account = house.account();
    assert!(!account.remembers);
    house.answers(account.id, account.sessions[2].id.clone(), Some(Answer::Mine));
    let kept = house.state.kept.to_json().unwrap();
    for word in ["Lisbon", "Lagos", "81.84", "105.112", "Chrome"] {
        assert!(!kept.contains(word), "{kept}");
    }
}

#[test]
fn what_was_learned_long_ago_is_the_computers_own() {
    let mut house = House::watching();
    house.sees(tab(DEVICES), &devices(""), now() - TimeDelta::days(3));
    house.says(Whose::NotMine);
    assert_eq!(house.state.kept.accounts.len(), 1);
}

#[test]
fn leaving_in_the_last_tab_and_the_next_start_open_the_page_that_says_so() {
    let mut house = House::watching();
    house.says(Whose::NotMine);
    house.sees(tab(HOME), INSIDE, now());
    let inside = house.happens(Event::Browser(FromBrowser::TabNavigated(tab(DEVICES))), now());
    assert!(!inside.effects.contains(&Effect::OpenLeave), "another page of the same exchange");
    let outcome = house.happens(Event::Browser(FromBrowser::TabNavigated(tab(""))), now());
    assert!(outcome.effects.contains(&Effect::OpenLeave), "{outcome:?}");
    assert!(outcome.effects.iter().any(|it| matches!(it, Effect::Notify(_))), "{outcome:?}");
    let outcome = house.starts_again();
    assert!(outcome.effects.contains(&Effect::OpenLeave), "{outcome:?}");
}

#[test]
fn of_a_private_window_the_watch_keeps_nothing() {
    let mut house = House::watching();
    house.says(Whose::NeverMine);
    let before = house.state.kept.clone();
    house.sees(private(HOME), INSIDE, now());
    house.sees(private(DEVICES), &devices(STRANGER), now());
    assert_eq!(house.state.kept, before);
    assert!(!house.starts_again().effects.contains(&Effect::OpenLeave));
}
