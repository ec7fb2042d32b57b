use chrono::TimeZone;

use super::*;
use crate::memory::{RowId, Settings};
use crate::protocol::{About, Event, FromBrowser, FromScreen, Reply, Told};
use crate::risk::{Own, Stage};
use crate::session::{Precision, Time, ZoneSource};
use crate::state::{SeenRow, Shows, State, TabState};
use crate::tab::Privacy;
use crate::update::{Around, Outcome, update};
use crate::view::SettingsView;
use crate::world::World;

fn day(day: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 4, 1, 12, 0, 0).unwrap() + TimeDelta::days(day)
}

fn account() -> AccountId {
    AccountId("demo||a***e@example.org".to_owned())
}

/// What the person says.
mod say {
    use super::*;

    fn of(about: About, account: Option<AccountId>, words: &[&str], until: DateTime<Utc>) -> Told {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Told { about, account, words, until: until.timestamp_millis() as f64 }
    }

    pub fn borrowed(account: AccountId, device: &str, until: DateTime<Utc>) -> Told {
        of(About::Borrowed, Some(account), &[device], until)
    }

    pub fn lost(device: &str) -> Told {
        of(About::Lost, None, &[device], day(0))
    }

    pub fn put_away(account: Option<AccountId>, device: &str) -> Told {
        of(About::PutAway, account, &[device], day(0))
    }

    pub fn forget(account: Option<AccountId>) -> Told {
        of(About::Forget, account, &[], day(0))
    }

    pub fn usual(code: &str) -> Told {
        of(About::UsualCountries, None, &[code], day(0))
    }

    pub fn export(account: AccountId) -> Told {
        of(About::Export, Some(account), &[], day(0))
    }
}

fn row(device: &str) -> Row {
    let named = device::read(device);
    Row {
        device: Some(device.to_owned()),
        os: named.os,
        browser: named.browser,
        model: named.model,
        app: named.app,
        ..Row::default()
    }
}

fn signed_in(row: Row, at: DateTime<Utc>) -> Row {
    let time = Time { at, precision: Precision::Minute, text: String::new(), zone: ZoneSource::Stated };
    Row { signed_in_at: Some(time), ..row }
}

/// A person's own computer, on which one account is known.
struct Home {
    state: State,
}

impl Home {
    fn new() -> Self {
        let mut state = State::default();
        state.kept.accounts.insert(account(), Account { exchange: "demo".to_owned(), ..Account::default() });
        Self { state }
    }

    fn happens(&mut self, event: Event, now: DateTime<Utc>) -> Outcome {
        update(&mut self.state, event, &Around { own: &Own::default(), world: World::default(), now })
    }

    fn says(&mut self, told: Told, now: DateTime<Utc>) -> SettingsView {
        match self.happens(Event::Screen(FromScreen::Told(told)), now).reply {
            Reply::Settings(view) => *view,
            other => panic!("{other:?}"),
        }
    }

    /// A look at the device page; which rows are marked.
    fn sees(&mut self, rows: &[Row], verdict: Verdict, now: DateTime<Utc>) -> Vec<usize> {
        let sessions: Vec<SeenRow> = rows
            .iter()
            .enumerate()
            .map(|(at, row)| SeenRow {
                id: RowId(at.to_string()),
                node: None,
                row: row.clone(),
                near: Vec::new(),
                network: Vec::new(),
            })
            .collect();
        let judged = |seen: &SeenRow| Judged {
            list: ListName::Sessions,
            id: seen.id.clone(),
            verdict,
            nats: 0.0,
            evidence: Vec::new(),
        };
        let rows = sessions.iter().map(judged).collect();
        let mut judgement = Judgement {
            account: account(),
            label: None,
            assessment: Assessment { stage: Stage::Settled, rows, account: Vec::new() },
            sessions,
            logins: Vec::new(),
            books: Vec::new(),
            data: None,
            problems: Vec::new(),
            whole: true,
            private: None,
        };
        fall_due(&mut self.state.kept, now);
        let memory = self.state.kept.accounts[&account()].memory.clone();
        let mut assessment = judgement.assessment.clone();
        mark(&mut assessment, &judgement, &memory, &self.state.kept);
        judgement.assessment = assessment;
        note(&mut self.state.kept, &judgement, now);
        let marked = |judged: &Judged| judged.evidence.iter().any(|it| it.signal == SIGNAL);
        let rows = judgement.assessment.rows.iter().enumerate();
        let found = rows.filter(|(_, judged)| marked(judged)).map(|(at, _)| at).collect();
        let shows = Shows::Sessions(Box::new(judgement));
        let tab = TabState {
            exchange: "demo".to_owned(),
            revision: 1,
            read_at: now,
            privacy: Privacy::Ordinary,
            shows,
            exit: crate::state::Exit::default(),
        };
        self.state.tabs.tabs.insert(7, tab);
        found
    }

    fn line(&mut self, now: DateTime<Utc>) -> String {
        let view = match self.happens(Event::Screen(FromScreen::Settings), now).reply {
            Reply::Settings(view) => *view,
            other => panic!("{other:?}"),
        };
        view.diary[0].lines[0].message.key.to_string()
    }
}

#[test]
fn what_is_borrowed_is_expected_until_its_day_and_asked_about_afterwards() {
    let mut home = Home::new();
    let outcome = home.happens(Event::Screen(FromScreen::Told(say::borrowed(account(), "hotel PC", day(3)))), day(0));
    assert!(outcome.effects.contains(&Effect::Alarm(day(3))), "{:?}", outcome.effects);
    assert_eq!(home.state.kept.accounts[&account()].memory.expected.len(), 1);
    assert_eq!(home.line(day(1)), "diary_until");
    assert!(home.state.kept.notices.is_empty());
    // The alarm, or whatever comes first after it.
    let outcome = home.happens(Event::Browser(FromBrowser::Alarm), day(3));
    assert!(outcome.effects.iter().any(|it| matches!(it, Effect::Notify(said) if said[0].key == "diary_due")));
    assert_eq!(home.state.kept.notices.len(), 1);
    assert_eq!(home.line(day(3)), "parted_unseen");
    // Asked once.
    assert_eq!(home.happens(Event::Browser(FromBrowser::Alarm), day(4)).effects, []);
}

#[test]
fn a_borrowed_device_is_found_said_to_be_left_and_then_to_be_gone() {
    let mut home = Home::new();
    home.says(say::borrowed(account(), "hotel PC, Edge", day(3)), day(0));
    let own = row("Chrome 126 on macOS");
    let theirs = signed_in(row("Edge 124 on Windows"), day(0));
    assert_eq!(home.sees(&[own.clone(), theirs.clone()], Verdict::Known, day(2)), [0; 0]);
    assert_eq!(home.sees(&[own.clone(), theirs], Verdict::Check, day(4)), [1]);
    assert_eq!(home.line(day(4)), "parted_left");
    home.sees(&[own], Verdict::Known, day(5));
    assert_eq!(home.line(day(5)), "parted_gone_at");
    home.says(say::put_away(Some(account()), "hotel PC, Edge"), day(5));
    // Put away for good, while the login's own row still has its explanation.
    home.happens(Event::Browser(FromBrowser::Alarm), day(6));
    assert!(view(&home.state.kept, day(6)).is_empty());
    assert_eq!(home.state.kept.accounts[&account()].memory.expected.len(), 1);
    home.happens(Event::Browser(FromBrowser::Alarm), day(200));
    assert!(home.state.kept.accounts[&account()].memory.expected.is_empty() && home.state.kept.parted.is_empty());
}

#[test]
fn words_that_name_no_device_find_only_what_nothing_else_explains() {
    let mut home = Home::new();
    home.says(say::borrowed(account(), "the hotel", day(3)), day(0));
    let late = signed_in(row("Edge 124 on Windows"), day(20));
    let then = signed_in(row("Edge 124 on Windows"), day(0));
    assert_eq!(home.sees(&[then.clone(), late.clone()], Verdict::Known, day(21)), [0; 0]);
    assert_eq!(home.sees(&[then, late], Verdict::Check, day(21)), [0]);
}

#[test]
fn a_lost_device_is_found_by_what_it_is_and_never_by_what_it_is_not() {
    let mut home = Home::new();
    let rows = [row("iPhone 15 Pro"), row("iPhone 13"), row("Chrome 126 on Windows"), row("Unknown device")];
    home.says(say::lost("iPhone 13"), day(0));
    assert_eq!(home.sees(&rows, Verdict::Known, day(1)), [1]);
    assert_eq!(home.sees(&rows[..1], Verdict::Known, day(2)), [0; 0]);
    assert_eq!(home.line(day(2)), "parted_gone_at");
    // Found again: put away, nothing is marked any more.
    home.says(say::put_away(None, "iPhone 13"), day(3));
    assert_eq!(home.sees(&rows, Verdict::Known, day(3)), [0; 0]);
}

#[test]
fn the_present_session_is_never_the_lost_one() {
    let mut home = Home::new();
    home.says(say::lost("iPhone 13"), day(0));
    let rows = [Row { current: true, ..row("iPhone 13") }];
    assert_eq!(home.sees(&rows, Verdict::Known, day(1)), [0; 0]);
}

#[test]
fn a_device_that_was_never_listed_is_not_said_to_be_gone() {
    let mut home = Home::new();
    home.says(say::lost("my old phone"), day(0));
    assert_eq!(home.line(day(0)), "parted_unseen");
    home.sees(&[row("Chrome 126 on Windows")], Verdict::Check, day(1));
    assert_eq!(home.line(day(1)), "parted_none_at");
}

#[test]
fn a_list_that_was_not_read_to_its_end_proves_nothing() {
    let mut home = Home::new();
    home.says(say::lost("iPhone 13"), day(0));
    home.sees(&[row("iPhone 13")], Verdict::Known, day(1));
    let Some(Shows::Sessions(judgement)) = home.state.tabs.tabs.get(&7).map(|tab| tab.shows.clone()) else { panic!() };
    let mut judgement = *judgement;
    judgement.assessment.rows.clear();
    judgement.whole = false;
    note(&mut home.state.kept, &judgement, day(2));
    assert_eq!(home.line(day(2)), "parted_left");
}

#[test]
fn on_a_computer_of_others_nothing_is_told_and_all_can_be_forgotten() {
    let mut home = Home::new();
    home.says(say::lost("iPhone 13"), day(0));
    home.happens(Event::Screen(FromScreen::Computer { whose: crate::leave::Whose::NeverMine }), day(0));
    let refused = home.happens(Event::Screen(FromScreen::Told(say::lost("a"))), day(0));
    assert!(matches!(refused.reply, Reply::Refused { .. }));
    home.says(say::forget(None), day(0));
    assert!(home.state.kept.accounts.is_empty() && home.state.kept.parted.is_empty());
    assert!(home.state.kept.watch.shared);
}

#[test]
fn what_is_forgotten_is_gone_and_what_is_exported_is_all_there_is() {
    let mut home = Home::new();
    home.says(say::borrowed(account(), "hotel PC", day(3)), day(0));
    home.says(say::usual("PT"), day(0));
    let told = say::export(account());
    let Reply::Export(json) = home.happens(Event::Screen(FromScreen::Told(told)), day(0)).reply else { panic!() };
    assert!(json.contains("hotel PC") && json.contains(r#""exchange":"demo""#), "{json}");
    let view = home.says(say::forget(Some(account())), day(5));
    assert!(view.accounts.is_empty() && view.diary.is_empty());
    assert_eq!(view.told.usual_countries, ["PT"]);
    home.says(say::forget(None), day(5));
    assert_eq!(home.state.kept.told, Settings::default());
}

#[test]
fn odd_entries_are_refused_and_odd_times_harm_nothing() {
    let mut home = Home::new();
    let refused = |home: &mut Home, told: Told| {
        let reply = home.happens(Event::Screen(FromScreen::Told(told)), day(0)).reply;
        assert!(matches!(reply, Reply::Refused { .. }), "{reply:?}");
    };
    refused(&mut home, say::lost("  "));
    refused(&mut home, say::borrowed(account(), "", day(3)));
    refused(&mut home, say::borrowed(account(), "back in time", day(-3)));
    refused(&mut home, say::borrowed(AccountId("no such".to_owned()), "a", day(3)));
    for until in [f64::INFINITY, f64::NAN, -1e300] {
        refused(&mut home, Told { until, ..say::borrowed(account(), "ever", day(1)) });
    }
    home.says(say::borrowed(account(), "ever", DateTime::<Utc>::MAX_UTC), day(0));
    home.sees(&[signed_in(row("Edge on Windows"), day(90_000))], Verdict::Check, day(1));
    home.says(say::lost(&"x".repeat(10_000)), day(0));
    assert!(home.state.kept.parted.iter().all(|it| it.device().chars().count() <= NAME_LENGTH));
}
