//! Anything may happen at any time.

use chrono::TimeDelta;
use latchkey::leave::{Leaving, Policy, Presence, SiteId, Whose};
use latchkey::memory::Answer;
use latchkey::protocol::{About, Event, FromBrowser, FromPage, FromScreen, Told};
use latchkey::state::AccountId;
use proptest::prelude::*;

use super::*;

/// Events of every kind, on two tabs, with sense and without.
fn event() -> impl Strategy<Value = Event> {
    let tabs = (0..2_i32, prop_oneof![Just(DEVICES), Just("https://www.binance.com/en"), Just("x")], any::<bool>())
        .prop_map(|(id, url, hidden)| Tab {
            id,
            url: url.to_owned(),
            privacy: if hidden { Privacy::Private } else { Privacy::Ordinary },
            store: String::new(),
        });
    let captures = prop_oneof![
        Just(String::new()),
        Just(capture(&devices(STRANGER), DEVICES)),
        Just(capture(&devices(""), DEVICES)),
        Just(capture("<p>x", DEVICES)),
        Just(capture(INSIDE, DEVICES)),
        Just(capture(LOGIN, DEVICES)),
        "\\PC{0,40}",
    ];
    let grants = prop::collection::vec(prop_oneof![Just(PATTERN.to_owned()), "\\PC{0,12}"], 0..3);
    let account = Just(AccountId("binance||".to_owned()));
    let answer = prop_oneof![Just(None), Just(Some(Answer::Mine)), Just(Some(Answer::NotMine))];
    let whose = prop_oneof![Just(Whose::Mine), Just(Whose::NotMine), Just(Whose::NeverMine)];
    let presence = prop_oneof![Just(Presence::Active), Just(Presence::Idle), Just(Presence::Locked)];
    let about = prop::sample::select(vec![
        About::UsualCountries,
        About::VpnCountries,
        About::Calm,
        About::Balanced,
        About::Watchful,
        About::Borrowed,
        About::Lost,
        About::PutAway,
        About::Export,
        About::Forget,
    ]);
    let words = prop::collection::vec(
        prop_oneof![Just("Edge on Windows".to_owned()), Just("NG".to_owned()), "\\PC{0,90}"],
        0..3,
    );
    let until = prop_oneof![Just(f64::NAN), any::<f64>(), (0..4_000_000_000_000_i64).prop_map(|at| at as f64)];
    let told = (about, prop::option::of(account.clone()), words, until)
        .prop_map(|(about, account, words, until)| Told { about, account, words, until });
    let leaving = (
        prop_oneof![Just("binance".to_owned()), Just("none".to_owned())],
        prop_oneof![Just(Leaving::Stay), Just(Leaving::LogOut), Just(Leaving::Clean)],
    );
    prop_oneof![
        (tabs.clone(), prop::option::of(0..40_u32), prop_oneof![Just("Log out"), Just("Trade")]).prop_map(
            |(tab, node, words)| { Event::Page(tab, FromPage::Pressed { revision: 0, node, words: words.to_owned() }) }
        ),
        tabs.clone().prop_map(|tab| Event::Page(tab, FromPage::Here)),
        (tabs.clone(), captures.clone(), 0..40_u32, 0..40_u32, any::<bool>()).prop_map(
            |(tab, capture, row, address, save)| {
                let pointing = format!("sessions {row} address {address}");
                Event::Page(tab, FromPage::Lesson { capture, pointing, save })
            }
        ),
        tabs.clone().prop_map(|tab| Event::Screen(FromScreen::Teach { tab })),
        tabs.clone().prop_map(|tab| Event::Screen(FromScreen::Forget { tab })),
        any::<Option<bool>>()
            .prop_map(|shared| Event::Browser(FromBrowser::Woken(shared.map(|shared| Policy { shared })))),
        any::<bool>().prop_map(|shared| Event::Browser(FromBrowser::Policy(Policy { shared }))),
        presence.prop_map(|presence| Event::Browser(FromBrowser::Presence(presence))),
        whose.prop_map(|whose| Event::Screen(FromScreen::Computer { whose })),
        Just(Event::Screen(FromScreen::Leave)),
        Just(Event::Screen(FromScreen::Settings)),
        Just(Event::Browser(FromBrowser::Alarm)),
        told.prop_map(|told| Event::Screen(FromScreen::Told(told))),
        leaving.prop_map(|(exchange, leaving)| Event::Screen(FromScreen::Leaving { exchange, leaving })),
        captures.clone().prop_map(|capture| Event::Screen(FromScreen::Sample { capture })),
        Just(Event::Screen(FromScreen::DismissLeft { site: SiteId("binance|".to_owned()) })),
        (tabs.clone(), any::<u64>(), captures)
            .prop_map(|(tab, revision, capture)| Event::Page(tab, FromPage::Page { revision, capture })),
        grants.prop_map(|granted| Event::Browser(FromBrowser::Granted(granted))),
        tabs.clone().prop_map(|tab| Event::Browser(FromBrowser::TabNavigated(tab))),
        (0..2_i32).prop_map(|tab| Event::Browser(FromBrowser::TabClosed(tab))),
        tabs.prop_map(|tab| Event::Screen(FromScreen::Popup { tab })),
        Just(Event::Screen(FromScreen::Welcome)),
        Just(Event::Screen(FromScreen::DismissNotices)),
        (0..2_i32, account.clone(), "[0-9a-f]{0,3}", answer).prop_map(|(tab, account, row, answer)| {
            Event::Screen(FromScreen::Answer { tab, account, row: RowId(row), answer })
        }),
        (0..2_i32, account, "[0-9a-f]{0,3}", "\\PC{0,80}").prop_map(|(tab, account, row, name)| {
            Event::Screen(FromScreen::Name { tab, account, row: RowId(row), name })
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Total: every event in every state has an answer, and what is kept can be written and read back.
    #[test]
    fn every_event_in_every_state_has_an_answer(events in prop::collection::vec(event(), 1..12)) {
        let mut state = State::default();
        for (step, event) in events.into_iter().enumerate() {
            update(&mut state, event, &around(&Own::default(), now() + TimeDelta::seconds(step as i64)));
            let json = state.kept.to_json().unwrap();
            prop_assert_eq!(latchkey::state::Kept::from_json(&json).unwrap(), state.kept.clone());
            let json = state.tabs.to_json().unwrap();
            let again = latchkey::state::Tabs::from_json(&json);
            prop_assert_eq!(again.tabs.len(), state.tabs.tabs.len());
        }
    }
}
