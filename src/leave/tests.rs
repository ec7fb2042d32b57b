use std::collections::BTreeSet;

use chrono::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::tab::Tab;

const WWW: &str = "https://www.binance.com";
const ACCOUNTS: &str = "https://accounts.binance.com";

fn at(second: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 4, 14, 15, 30, 0).unwrap() + TimeDelta::seconds(second)
}

fn tab(id: TabId, url: &str) -> Tab {
    Tab { id, url: url.to_owned(), privacy: Privacy::Ordinary, store: String::new() }
}

fn seen(id: TabId, url: &str, signed_in: SignedIn) -> Event {
    Event::PageSeen(OpenPage::new("binance", &tab(id, url), signed_in))
}

fn inside(id: TabId) -> Event {
    seen(id, &format!("{WWW}/en/my/dashboard"), SignedIn::Yes)
}

/// A browser that has begun, at a computer that is not the person's.
struct Desk {
    watch: Watch,
    second: i64,
}

impl Desk {
    fn of(whose: Whose) -> Self {
        let mut desk = Self { watch: Watch::default(), second: 0 };
        desk.happens(Event::Woken(Some(Policy::default())));
        desk.happens(Event::Said(whose));
        desk
    }

    fn happens(&mut self, event: Event) -> Vec<Effect> {
        self.second += 1;
        let (watch, effects) = step(std::mem::take(&mut self.watch), event, at(self.second));
        self.watch = watch;
        effects
    }

    fn armed(&self) -> usize {
        self.watch.armed().count()
    }

    /// The browser is killed and started again: only what lasts is left.
    fn restarts(&mut self) -> Vec<Effect> {
        self.watch.passing = Passing::default();
        self.happens(Event::Woken(Some(Policy::default())))
    }
}

#[test]
fn on_the_persons_own_computer_nothing_is_tracked_and_nothing_nags() {
    let mut desk = Desk::of(Whose::Mine);
    desk.happens(inside(1));
    assert_eq!(desk.armed(), 0);
    assert!(desk.watch.lasting.sites.is_empty());
    assert_eq!(desk.happens(Event::TabLeft(1)), []);
    assert_eq!(desk.happens(Event::Presence(Presence::Idle)), []);
}

#[test]
fn a_page_that_is_open_already_is_armed_when_the_person_says_that_it_is_not_their_computer() {
    let mut desk = Desk::of(Whose::Mine);
    desk.happens(inside(1));
    assert!(desk.happens(Event::Said(Whose::NotMine)).contains(&Effect::Repaint(1)));
    assert!(desk.watch.is_armed(1));
    desk.happens(Event::Said(Whose::Mine));
    assert!(!desk.watch.is_armed(1));
    assert!(desk.watch.lasting.sites.is_empty());
}

#[test]
fn the_administrators_word_cannot_be_taken_back_by_the_person() {
    let mut desk = Desk::of(Whose::Mine);
    desk.happens(inside(1));
    desk.happens(Event::Policy(Policy { shared: true }));
    assert!(desk.watch.is_armed(1));
    desk.happens(Event::Said(Whose::Mine));
    assert_eq!(desk.watch.computer(), Computer::Managed);
    assert!(desk.watch.is_armed(1));
    desk.happens(Event::Policy(Policy { shared: false }));
    assert!(!desk.watch.is_armed(1));
}

#[test]
fn until_the_administrator_speaks_their_last_word_holds() {
    let mut desk = Desk::of(Whose::Mine);
    desk.happens(Event::Policy(Policy { shared: true }));
    desk.happens(Event::Woken(None));
    assert_eq!(desk.watch.computer(), Computer::Managed);
    desk.happens(Event::Woken(Some(Policy { shared: false })));
    desk.happens(Event::Woken(None));
    assert_eq!(desk.watch.computer(), Computer::Own);
}

#[test]
fn log_out_when_i_leave_is_the_same_watch_on_ones_own_computer_for_one_exchange() {
    let mut desk = Desk::of(Whose::Mine);
    desk.happens(Event::Chosen("binance".to_owned(), Leaving::LogOut));
    desk.happens(inside(1));
    desk.happens(Event::PageSeen(OpenPage::new("kraken", &tab(2, "https://www.kraken.com/u"), SignedIn::Yes)));
    assert!(desk.watch.is_armed(1) && !desk.watch.is_armed(2));
    assert!(desk.happens(Event::TabLeft(1)).contains(&Effect::Warn));
    // The chair is not watched at home.
    assert_eq!(desk.happens(Event::Presence(Presence::Locked)), []);
    desk.happens(Event::Chosen("binance".to_owned(), Leaving::Stay));
    assert_eq!(desk.armed(), 0);
}

#[test]
fn only_the_last_page_of_a_log_in_warns() {
    let mut desk = Desk::of(Whose::NotMine);
    desk.happens(inside(1));
    desk.happens(inside(2));
    assert_eq!(desk.happens(Event::TabLeft(1)), []);
    assert!(desk.happens(Event::TabLeft(2)).contains(&Effect::Warn));
    assert_eq!(desk.watch.armed().next().unwrap().phase, Phase::Away);
    desk.happens(inside(3));
    assert_eq!(desk.watch.armed().next().unwrap().phase, Phase::SignedIn);
}

#[test]
fn a_tab_that_goes_to_another_exchange_has_left_the_first() {
    let mut desk = Desk::of(Whose::NotMine);
    desk.happens(inside(1));
    let other = Event::PageSeen(OpenPage::new("kraken", &tab(1, "https://www.kraken.com/u"), SignedIn::Yes));
    assert!(desk.happens(other).contains(&Effect::Warn));
    assert_eq!(desk.armed(), 2);
}

#[test]
fn the_log_out_disarms_once_a_page_proves_it() {
    let mut desk = Desk::of(Whose::NotMine);
    desk.happens(inside(1));
    desk.happens(Event::ControlUsed(1));
    assert_eq!(desk.armed(), 1);
    // The question "Log out?" stands open on the same page.
    desk.happens(inside(1));
    let effects = desk.happens(seen(1, &format!("{WWW}/en"), SignedIn::No));
    assert!(effects.contains(&Effect::Over(SiteId("binance|".to_owned()), Privacy::Ordinary)), "{effects:?}");
    assert!(desk.watch.lasting.sites.is_empty());
    assert_eq!(desk.happens(Event::TabLeft(1)), []);
}

#[test]
fn a_cancelled_log_out_does_not_disarm() {
    let mut desk = Desk::of(Whose::NotMine);
    desk.happens(inside(1));
    desk.happens(Event::ControlUsed(1));
    desk.happens(inside(1));
    desk.happens(seen(1, &format!("{WWW}/en/trade"), SignedIn::Yes));
    desk.happens(seen(1, &format!("{WWW}/en"), SignedIn::No));
    assert_eq!(desk.armed(), 1);
}

#[test]
fn a_log_in_page_on_another_host_proves_a_log_out_only_after_the_control() {
    let login = || seen(1, &format!("{ACCOUNTS}/en/login"), SignedIn::No);
    let mut desk = Desk::of(Whose::NotMine);
    desk.happens(inside(1));
    desk.happens(login());
    assert_eq!(desk.armed(), 1);
    desk.happens(inside(1));
    desk.happens(Event::ControlUsed(1));
    desk.happens(login());
    assert_eq!(desk.armed(), 0);
}

#[test]
fn a_session_that_the_exchange_ended_itself_is_proven_by_its_log_in_page() {
    let mut desk = Desk::of(Whose::NotMine);
    desk.happens(inside(1));
    desk.happens(seen(1, &format!("{WWW}/en/login"), SignedIn::No));
    assert_eq!(desk.armed(), 0);
}

#[test]
fn a_killed_browser_reminds_at_the_next_start_until_there_is_proof() {
    let mut desk = Desk::of(Whose::NotMine);
    desk.happens(inside(1));
    assert!(desk.restarts().contains(&Effect::Remind));
    // "Only this visit" is over, and the log-in of that visit is not.
    assert_eq!(desk.watch.computer(), Computer::Own);
    assert!(desk.restarts().contains(&Effect::Remind));
    desk.happens(inside(4));
    assert!(desk.watch.is_armed(4));
    desk.happens(seen(4, &format!("{WWW}/en/login"), SignedIn::No));
    assert!(!desk.restarts().contains(&Effect::Remind));
}

#[test]
fn what_the_person_says_they_know_nags_no_more_and_is_not_forgotten() {
    let mut desk = Desk::of(Whose::NotMine);
    desk.happens(inside(1));
    desk.happens(Event::TabLeft(1));
    desk.happens(Event::Dismissed(SiteId("binance|".to_owned())));
    assert_eq!(desk.armed(), 0);
    assert!(!desk.restarts().contains(&Effect::Remind));
    assert_eq!(desk.watch.lasting.sites.len(), 1);
    desk.happens(inside(1));
    assert_eq!(desk.armed(), 1);
}

#[test]
fn a_private_window_and_an_ordinary_one_are_two_log_ins_and_only_one_lasts() {
    let mut desk = Desk::of(Whose::NotMine);
    let private = Tab { privacy: Privacy::Private, ..tab(2, &format!("{WWW}/en/my")) };
    desk.happens(Event::PageSeen(OpenPage::new("binance", &private, SignedIn::Yes)));
    assert!(desk.watch.is_armed(2));
    assert!(desk.watch.lasting.sites.is_empty());
    desk.happens(inside(1));
    desk.happens(Event::ControlUsed(2));
    let out = Tab { url: format!("{WWW}/en"), ..private };
    desk.happens(Event::PageSeen(OpenPage::new("binance", &out, SignedIn::No)));
    assert!(desk.watch.is_armed(1) && !desk.watch.is_armed(2));
}

#[test]
fn an_empty_chair_covers_after_the_countdown_and_a_locked_screen_at_once() {
    let mut desk = Desk::of(Whose::NotMine);
    desk.happens(inside(1));
    desk.happens(Event::Presence(Presence::Idle));
    let covered = desk.watch.passing.covered_from.unwrap();
    assert_eq!(covered, at(desk.second) + TimeDelta::seconds(COUNTDOWN_SECONDS));
    // Any key makes the browser say that somebody is there: as often as they like.
    for _ in 0..12 {
        desk.happens(Event::Presence(Presence::Active));
        assert_eq!(desk.watch.passing.covered_from, None);
        desk.happens(Event::Presence(Presence::Idle));
        assert!(desk.watch.passing.covered_from.is_some());
    }
    desk.happens(Event::Presence(Presence::Locked));
    assert_eq!(desk.watch.passing.covered_from, Some(at(desk.second)));
    // Whoever moves the mouse now may be somebody else.
    desk.happens(Event::Presence(Presence::Active));
    assert!(desk.watch.passing.covered_from.is_some());
    desk.happens(Event::Here);
    assert_eq!(desk.watch.passing.covered_from, None);
}

#[test]
fn a_chair_without_a_log_in_is_nobodys_business() {
    let mut desk = Desk::of(Whose::NotMine);
    desk.happens(seen(1, &format!("{WWW}/en"), SignedIn::No));
    assert_eq!(desk.happens(Event::Presence(Presence::Locked)), []);
    assert_eq!(desk.watch.passing.covered_from, None);
}

#[test]
fn what_is_left_is_cleaned_where_the_person_wants_it_and_is_still_no_log_out() {
    let cleans = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Clean(..)));
    let mut desk = Desk::of(Whose::NotMine);
    desk.happens(inside(1));
    assert!(!cleans(&desk.happens(Event::TabLeft(1))));
    desk.happens(Event::Chosen("binance".to_owned(), Leaving::Clean));
    desk.happens(inside(1));
    desk.happens(inside(2));
    assert!(!cleans(&desk.happens(Event::TabLeft(1))));
    let effects = desk.happens(Event::TabLeft(2));
    assert!(cleans(&effects) && effects.contains(&Effect::Warn), "{effects:?}");
    let left = desk.watch.armed().next().unwrap();
    assert!(left.cleaned && left.phase == Phase::Away);
    // At the next start, too; and signed in again, nothing is clean any more.
    assert!(cleans(&desk.restarts()));
    desk.happens(inside(3));
    assert!(!desk.watch.armed().next().unwrap().cleaned);
    // The reminder alone takes it back.
    desk.happens(Event::Chosen("binance".to_owned(), Leaving::LogOut));
    assert!(!cleans(&desk.happens(Event::TabLeft(3))));
}

#[test]
fn a_private_log_in_is_not_cleaned_for_an_ordinary_one_nor_the_other_way_round() {
    let mut desk = Desk::of(Whose::NotMine);
    desk.happens(Event::Chosen("binance".to_owned(), Leaving::Clean));
    let private = Tab { privacy: Privacy::Private, ..tab(2, &format!("{WWW}/en/my")) };
    desk.happens(inside(1));
    desk.happens(Event::PageSeen(OpenPage::new("binance", &private, SignedIn::Yes)));
    assert_eq!(desk.happens(Event::TabLeft(1)), [Effect::Warn]);
    assert_eq!(desk.happens(Event::TabLeft(2)), [Effect::Warn]);
}

#[test]
fn withdrawn_hosts_are_let_go() {
    let mut desk = Desk::of(Whose::NotMine);
    desk.happens(inside(1));
    desk.happens(Event::Unwatched("binance".to_owned()));
    assert_eq!(desk.armed(), 0);
    assert_eq!(desk.happens(Event::TabLeft(1)), []);
}

fn event() -> impl Strategy<Value = Event> {
    let paths = prop_oneof![Just("/en"), Just("/en/my/dashboard"), Just("/en/login"), Just("/en/trade?x#y")];
    let hosts = prop_oneof![Just(WWW), Just(ACCOUNTS), Just("https://www.kraken.com"), Just("https://example.org")];
    let signed = prop_oneof![Just(SignedIn::Yes), Just(SignedIn::No), Just(SignedIn::Unknown)];
    let exchange = prop_oneof![Just("binance"), Just("kraken"), Just("nobody")];
    let page = (0..3_i32, hosts, paths, signed, exchange, any::<bool>()).prop_map(
        |(id, host, path, signed_in, exchange, hidden)| {
            let privacy = if hidden { Privacy::Private } else { Privacy::Ordinary };
            Event::PageSeen(OpenPage::new(exchange, &Tab { privacy, ..tab(id, &format!("{host}{path}")) }, signed_in))
        },
    );
    prop_oneof![
        6 => page,
        3 => (0..3_i32).prop_map(Event::ControlUsed),
        3 => (0..3_i32).prop_map(Event::TabLeft),
        1 => any::<Option<bool>>().prop_map(|shared| Event::Woken(shared.map(|shared| Policy { shared }))),
        1 => any::<bool>().prop_map(|shared| Event::Policy(Policy { shared })),
        2 => prop_oneof![Just(Whose::Mine), Just(Whose::NotMine), Just(Whose::NeverMine)].prop_map(Event::Said),
        1 => prop_oneof![Just(Leaving::Stay), Just(Leaving::LogOut)]
            .prop_map(|leaving| Event::Chosen("binance".to_owned(), leaving)),
        1 => Just(Event::Dismissed(SiteId("binance|".to_owned()))),
        2 => prop_oneof![Just(Presence::Active), Just(Presence::Idle), Just(Presence::Locked)]
            .prop_map(Event::Presence),
        1 => Just(Event::Here),
        1 => Just(Event::Chosen("kraken".to_owned(), Leaving::Clean)),
        1 => Just(Event::Unwatched("kraken".to_owned())),
    ]
}

/// All log-ins that are watched.
fn watched(watch: &Watch) -> BTreeSet<(SiteId, bool)> {
    let ordinary = watch.lasting.sites.iter().map(|it| (it.site.clone(), false));
    ordinary.chain(watch.passing.sites.iter().map(|it| (it.site.clone(), true))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// From no state does any sequence of events lead to "signed out" without proof: a log-in that is watched stays
    /// watched unless a signed-out page was seen, and that on a log-in page or after the control was used, or the
    /// person (or the administrator) says that the computer or the exchange is not to be watched.
    #[test]
    fn nothing_is_signed_out_without_proof(events in prop::collection::vec(event(), 1..40)) {
        let mut desk = Desk { watch: Watch::default(), second: 0 };
        // Kept apart from the machine: on which log-ins the control was used since they were last seen signed in.
        let mut asked: BTreeSet<(SiteId, bool)> = BTreeSet::new();
        for event in events {
            let before = desk.watch.clone();
            if let Event::ControlUsed(tab) = &event
                && let Some(page) = before.page(*tab)
            {
                asked.insert((page.site.clone(), page.privacy == Privacy::Private));
            }
            let effects = desk.happens(event.clone());
            for gone in watched(&before).difference(&watched(&desk.watch)) {
                match &event {
                    Event::PageSeen(page) => {
                        prop_assert_eq!(&page.site, &gone.0);
                        prop_assert_eq!(page.signed_in, SignedIn::No);
                        prop_assert!(page.url.ends_with("/login") || asked.contains(gone), "{:?}", page);
                        let over = |effect: &Effect| matches!(effect, Effect::Over(site, _) if *site == gone.0);
                        prop_assert!(effects.iter().any(over));
                    }
                    // Private windows end with the browser; what is not to be watched is let go.
                    Event::Woken(_) => prop_assert!(gone.1),
                    Event::Said(_) | Event::Policy(_) | Event::Chosen(..) => {
                        prop_assert!(!desk.watch.computer().is_shared());
                    }
                    Event::Unwatched(_) => {}
                    other => prop_assert!(false, "{other:?} ended {gone:?}"),
                }
                asked.remove(gone);
            }
            let phases = desk.watch.lasting.sites.iter().chain(&desk.watch.passing.sites);
            for standing in phases {
                prop_assert!(standing.phase != Phase::Out);
            }
        }
    }
}
