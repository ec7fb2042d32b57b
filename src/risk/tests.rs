#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use chrono::TimeDelta;
use proptest::prelude::*;

use super::testing::*;
use super::*;
use crate::memory::Answer;
use crate::session::{Form, Outcome, SecondFactor};

/// One of a few values, or unknown.
fn one_of(values: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    proptest::option::weighted(0.8, proptest::sample::select(values).prop_map(str::to_owned))
}

prop_compose! {
    fn any_row()(
        country in one_of(&["PT", "ES", "NG"]),
        ip in one_of(&["203.0.113.9", "203.0.7.1", "198.51.100.3", "2001:db8::7", "192.0.2.*", HOME, ANOTHER_LINE, DATA_CENTRE]),
        isp in one_of(&["Home Telecom", "Mobile Telecom"]),
        city in one_of(&["Lisbon", "Porto"]),
        os in one_of(&["Windows", "Android", "Linux"]),
        browser in one_of(&["Chrome", "Firefox"]),
        model in one_of(&["Pixel 9"]),
        hours in 1..2000_i64,
        active in proptest::option::of(0..900_i64),
        outcome in proptest::option::of(proptest::sample::select(&[Outcome::Success, Outcome::Success, Outcome::Failed][..])),
        factor in proptest::option::of(proptest::sample::select(&[SecondFactor::Sms, SecondFactor::Email][..])),
        timed in any::<bool>(),
    ) -> Row {
        Row {
            device: browser.clone().or(model.clone()),
            form: if model.is_some() { Form::Phone } else { Form::Desktop },
            country, ip, isp, city, os, browser, model, outcome,
            second_factor: factor,
            signed_in_at: if timed { hours_ago(hours) } else { None },
            last_active_at: active.and_then(hours_ago),
            ..Row::default()
        }
    }
}

fn page(sessions: &[Row], logins: &[Row], visit: usize) -> Snapshot {
    let named =
        |rows: &[Row]| rows.iter().enumerate().map(|(i, row)| (RowId(format!("{visit} {i}")), row.clone())).collect();
    Snapshot { sessions: named(sessions), logins: named(logins), ..Snapshot::default() }
}

/// What is remembered after these pages, two weeks apart.
fn after(pages: &[(Vec<Row>, Vec<Row>)]) -> Memory {
    after_in(world(), now(), pages)
}

fn after_in(world: &World<'_>, now: DateTime<Utc>, pages: &[(Vec<Row>, Vec<Row>)]) -> Memory {
    let mut memory = Memory::default();
    for (i, (sessions, logins)) in pages.iter().enumerate() {
        let before = now - TimeDelta::days(14 * (pages.len() - i) as i64);
        let snapshot = page(sessions, logins, i);
        let assessment = assess(&memory, &snapshot, &Own::default(), world, before);
        memory.learn(&snapshot, &assessment, world, before);
    }
    memory
}

/// The same pages with every row changed.
fn each(pages: &[(Vec<Row>, Vec<Row>)], change: impl Fn(&mut Row)) -> Vec<(Vec<Row>, Vec<Row>)> {
    let mut pages = pages.to_vec();
    pages.iter_mut().flat_map(|(sessions, logins)| sessions.iter_mut().chain(logins)).for_each(change);
    pages
}

/// Two judgements of the same rows are the same, but for what their words name.
fn alike(one: &Assessment, other: &Assessment) -> bool {
    let rows = |it: &Assessment| -> Vec<_> {
        it.rows
            .iter()
            .map(|row| {
                (row.verdict, row.evidence.iter().map(|piece| (piece.signal.clone(), piece.nats)).collect::<Vec<_>>())
            })
            .collect()
    };
    one.stage == other.stage && rows(one) == rows(other) && one.account.len() == other.account.len()
}

fn any_page() -> impl Strategy<Value = (Vec<Row>, Vec<Row>)> {
    (proptest::collection::vec(any_row(), 0..5), proptest::collection::vec(any_row(), 0..9))
}

fn any_past() -> impl Strategy<Value = Vec<(Vec<Row>, Vec<Row>)>> {
    proptest::collection::vec(any_page(), 0..4)
}

/// Every way to put a fact into a row that no row here ever had.
fn unseen_facts() -> Vec<fn(&mut Row)> {
    vec![
        |row| row.country = Some("IS".into()),
        |row| row.ip = Some("93.95.227.41".into()),
        |row| row.ip = Some("2a01:8280::1".into()),
        |row| row.isp = Some("Never Heard Of".into()),
        |row| row.city = Some("Akureyri".into()),
        |row| row.os = Some("HarmonyOS".into()),
        |row| row.browser = Some("Vivaldi".into()),
        |row| row.model = Some("Fairphone 5".into()),
        |row| row.second_factor = Some(SecondFactor::SecurityKey),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_fact_never_seen_never_lowers_the_sum(past in any_past(), (sessions, logins) in any_page(), row in any_row(), known in any::<bool>()) {
        let mut past = past;
        if known && let Some(last) = past.last_mut() {
            // The row was there before: it is the last page's first session too.
            last.0.insert(0, row.clone());
        }
        let memory = after(&past);
        let visit = past.len().saturating_sub(1);
        let with = |row: Row| {
            let mut sessions = sessions.clone();
            sessions.insert(0, row);
            assess(&memory, &page(&sessions, &logins, visit), &Own::default(), world(), now()).rows[0].nats
        };
        let before = with(row.clone());
        for unseen in unseen_facts() {
            let mut changed = row.clone();
            unseen(&mut changed);
            let nats = with(changed.clone());
            prop_assert!(nats >= before - 1e-9, "{before} became {nats} with {changed:?}");
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(past in any_past(), (sessions, logins) in any_page()) {
        let memory = after(&past);
        let there = page(&sessions, &logins, 9);
        let mut back = there.clone();
        back.sessions.reverse();
        back.logins.reverse();
        let (there, back) = (assess(&memory, &there, &Own::default(), world(), now()), assess(&memory, &back, &Own::default(), world(), now()));
        for row in &there.rows {
            let same = back.rows.iter().find(|other| other.list == row.list && other.id == row.id).unwrap();
            prop_assert!((row.nats - same.nats).abs() < 0.01, "{} and {}", row.nats, same.nats);
        }
        prop_assert_eq!(there.account.len(), back.account.len());
    }

    #[test]
    fn the_evidence_sums_to_the_nats_and_names_what_speaks_against(past in any_past(), (sessions, logins) in any_page()) {
        let assessment = assess(&after(&past), &page(&sessions, &logins, 9), &Own::default(), world(), now());
        prop_assert_eq!(assessment.rows.len(), sessions.len() + logins.len());
        for row in &assessment.rows {
            let sum: f64 = row.evidence.iter().map(|piece| piece.nats).sum();
            prop_assert!((sum - row.nats).abs() < 1e-9);
            prop_assert!(row.verdict < Verdict::Check || row.evidence.iter().any(|piece| piece.nats > 0.0));
        }
    }

    #[test]
    fn no_country_weighs_more_by_its_name(past in any_past(), there in any_page()) {
        let rename = |row: &mut Row| {
            let other = |code: &str| match code { "PT" => "KP", "ES" => "PT", "NG" => "US", other => other }.to_owned();
            row.country = row.country.as_deref().map(other);
        };
        // Without the packaged addresses, which stay where they are.
        let world = World::default();
        let judge = |past: &[(Vec<Row>, Vec<Row>)], (sessions, logins): &(Vec<Row>, Vec<Row>)| {
            assess(&after_in(&world, now(), past), &page(sessions, logins, 9), &Own::default(), &world, now())
        };
        let renamed = each(std::slice::from_ref(&there), rename);
        prop_assert!(alike(&judge(&past, &there), &judge(&each(&past, rename), &renamed[0])));
    }

    #[test]
    fn the_day_does_not_matter(past in any_past(), there in any_page(), weeks in 1..200_i64) {
        let later = TimeDelta::weeks(weeks);
        let shift = |row: &mut Row| {
            for time in [&mut row.signed_in_at, &mut row.last_active_at].into_iter().flatten() {
                time.at += later;
            }
        };
        let judge = |now, past: &[(Vec<Row>, Vec<Row>)], (sessions, logins): &(Vec<Row>, Vec<Row>)| {
            assess(&after_in(world(), now, past), &page(sessions, logins, 9), &Own::default(), world(), now)
        };
        let shifted = each(std::slice::from_ref(&there), shift);
        prop_assert!(alike(&judge(now(), &past, &there), &judge(now() + later, &each(&past, shift), &shifted[0])));
    }

    #[test]
    fn an_unknown_fact_says_nothing(past in any_past(), row in any_row()) {
        let row = Row { country: None, ip: None, isp: None, city: None, second_factor: None, ..row };
        let assessment = assess(&after(&past), &page(&[row], &[], 9), &Own::default(), world(), now());
        let silent = ["country", "network", "operator", "city", "second-factor", "moved"];
        prop_assert!(assessment.rows[0].evidence.iter().all(|piece| !silent.contains(&&*piece.signal)));
    }

    #[test]
    fn an_answer_taken_back_leaves_no_trace(past in any_past(), (sessions, logins) in any_page(), row in any_row(), mine in any::<bool>()) {
        let sessions = [vec![row], sessions].concat();
        let mut never = after(&past);
        let snapshot = page(&sessions, &logins, 9);
        let learn = |memory: &mut Memory| {
            let assessment = assess(memory, &snapshot, &Own::default(), world(), now());
            memory.learn(&snapshot, &assessment, world(), now());
        };
        learn(&mut never);
        let mut taken_back = never.clone();
        let id = &snapshot.sessions[0].0;
        taken_back.answer(ListName::Sessions, id, Some(if mine { Answer::Mine } else { Answer::NotMine }));
        taken_back.answer(ListName::Sessions, id, None);
        prop_assert_eq!(never, taken_back);
    }

    #[test]
    fn the_session_in_use_is_never_acted_on(past in any_past(), (sessions, logins) in any_page(), row in any_row()) {
        let mut sessions = sessions;
        sessions.push(Row { current: true, ..row });
        let last = sessions.len() - 1;
        let assessment = assess(&after(&past), &page(&sessions, &logins, 9), &Own::default(), world(), now());
        prop_assert!(assessment.rows[last].verdict < Verdict::Act);
    }

    #[test]
    fn one_family_alone_never_says_act(past in any_past(), row in any_row()) {
        let assessment = assess(&after(&past), &page(&[], &[row], 9), &Own::default(), world(), now());
        let row = &assessment.rows[0];
        let against = |family| {
            let names: Vec<&str> = SIGNALS.iter().filter(|signal| signal.family == family).map(|signal| signal.name).collect();
            row.evidence.iter().filter(|piece| names.contains(&&*piece.signal)).map(|piece| piece.nats).sum::<f64>() >= SPEAKS
        };
        let families = [Family::Place, Family::Device, Family::Time, Family::Conduct, Family::Word];
        prop_assert!(row.verdict < Verdict::Act || families.into_iter().filter(|family| against(*family)).count() >= 2);
    }
}

#[test]
fn a_foreign_login_is_acted_on_and_an_own_one_is_known() {
    let rows = judged(&memory(), vec![foreign_login(), Row { signed_in_at: hours_ago(40), ..own_login() }]);
    assert_eq!(rows[0].verdict, Verdict::Act);
    assert_eq!(rows[1].verdict, Verdict::Known);
}

#[test]
fn a_vpn_alone_is_not_an_alarm() {
    let row = Row { country: Some("NL".into()), ip: Some("192.0.2.9".into()), city: None, isp: None, ..own_login() };
    assert_eq!(judged(&memory(), vec![row])[0].verdict, Verdict::Known);
}

#[test]
fn a_failed_attempt_is_never_acted_on() {
    let row = Row { outcome: Some(Outcome::Failed), ..foreign_login() };
    assert!(judged(&memory(), vec![row])[0].verdict < Verdict::Act);
}

#[test]
fn a_flagged_row_does_not_vouch_for_the_next_one() {
    let mut memory = memory();
    for visit in 0..5 {
        let logins = [Row { signed_in_at: hours_ago(50 - visit), ..foreign_login() }];
        let snapshot = page(&[], &logins, usize::try_from(visit).unwrap());
        let assessment = assess(&memory, &snapshot, &Own::default(), world(), now());
        assert!(assessment.rows[0].nats >= CHECK + CALM, "visit {visit}");
        memory.learn(&snapshot, &assessment, world(), now());
    }
}

#[test]
fn every_sentence_has_its_words() {
    let texts: serde_json::Value =
        serde_json::from_str(include_str!("../../extension/_locales/en/messages.json")).unwrap();
    let sources = [
        include_str!("../risk.rs"),
        include_str!("account.rs"),
        include_str!("acquaintance.rs"),
        include_str!("answer.rs"),
        include_str!("books.rs"),
        include_str!("both.rs"),
        include_str!("browser.rs"),
        include_str!("burst.rs"),
        include_str!("city.rs"),
        include_str!("country.rs"),
        include_str!("current.rs"),
        include_str!("device.rs"),
        include_str!("expected.rs"),
        include_str!("failed.rs"),
        include_str!("hour.rs"),
        include_str!("intruder.rs"),
        include_str!("kind.rs"),
        include_str!("moved.rs"),
        include_str!("network.rs"),
        include_str!("operator.rs"),
        include_str!("own_browser.rs"),
        include_str!("second_factor.rs"),
        include_str!("travel.rs"),
    ];
    let keys: Vec<&str> = sources
        .iter()
        .flat_map(|source| source.split('"'))
        .filter(|text| text.starts_with("evidence_") || text.starts_with("finding_"))
        .collect();
    assert!(keys.len() > 30);
    for key in keys {
        assert!(texts.get(key).is_some() || texts.get(format!("{key}_other")).is_some(), "{key}");
    }
}

#[test]
fn a_page_of_twenty_thousand_rows_is_judged() {
    let row = Row { signed_in_at: hours_ago(5), ..foreign_login() };
    let rows = vec![row; 20_000];
    let snapshot = page(&rows, &[], 0);
    let mut memory = memory();
    let assessment = assess(&memory, &snapshot, &Own::default(), world(), now());
    assert_eq!(assessment.rows.len(), 20_000);
    memory.learn(&snapshot, &assessment, world(), now());
    assert!(serde_json::to_string(&memory).unwrap().len() < 200_000);
}

#[test]
fn the_calm_are_asked_less_and_the_watchful_more() {
    let with = |row: &Row, sensitivity| {
        let settings = Settings { sensitivity, ..Settings::default() };
        let snapshot = Snapshot { settings, ..page(&[], std::slice::from_ref(row), 9) };
        assess(&memory(), &snapshot, &Own::default(), &World::default(), now()).rows.remove(0)
    };
    let levels =
        [(Sensitivity::Calm, CHECK + CALM), (Sensitivity::Balanced, CHECK), (Sensitivity::Watchful, CHECK + WATCHFUL)];
    let rows = [foreign_login(), own_login(), Row { country: Some("ES".into()), ..own_login() }];
    for (row, (sensitivity, level)) in rows.iter().flat_map(|row| levels.map(|level| (row, level))) {
        let judged = with(row, sensitivity);
        assert_eq!(judged.verdict >= Verdict::Check, judged.nats >= level, "{sensitivity:?} {}", judged.nats);
    }
}

/// A person who opens the history first and the sessions then: their tablet at home signed in weeks ago, at night.
#[test]
fn a_tablet_at_home_is_no_alarm_when_the_sessions_are_first_seen() {
    let memory = memory();
    let tablet = |hours: i64| Row {
        device: Some("Safari 17.4 on iPadOS 17.4".into()),
        browser: Some("Safari".into()),
        os: Some("iPadOS".into()),
        form: Form::Tablet,
        signed_in_at: hours_ago(463 + hours),
        last_active_at: hours_ago(26),
        ..own_login()
    };
    for hours in 0..24 {
        let here = Row { current: true, signed_in_at: hours_ago(1), ..own_login() };
        let sessions = [here, tablet(hours)];
        let assessment = assess(&memory, &page(&sessions, &[], 9), &Own::default(), world(), now());
        assert!(assessment.rows[1].verdict < Verdict::Check, "{hours}: {:#?}", assessment.rows[1]);
    }
}

#[test]
fn what_is_remembered_does_not_grow_with_the_history() {
    let mut memory = Memory::default();
    let size_after = |memory: &mut Memory, visits: std::ops::Range<usize>| {
        for visit in visits {
            let row = |n: i64| {
                let ip = Some(format!("198.51.{}.{n}", visit % 200));
                Row { ip, signed_in_at: hours_ago(20_000 - 24 * visit as i64 - n), ..own_login() }
            };
            let snapshot = page(&[], &(0..20).map(row).collect::<Vec<_>>(), visit);
            let assessment = assess(memory, &snapshot, &Own::default(), world(), now());
            memory.learn(&snapshot, &assessment, world(), now());
        }
        serde_json::to_string(memory).unwrap().len()
    };
    let before = size_after(&mut memory, 0..30);
    assert!(size_after(&mut memory, 30..300) < before + before / 4);
}

#[test]
fn the_first_and_the_last_moment_there_are_stop_nothing() {
    for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        let time = hours_ago(0).map(|time| crate::session::Time { at, ..time });
        let row = Row { signed_in_at: time.clone(), last_active_at: time, ..foreign_login() };
        let failed = Row { outcome: Some(Outcome::Failed), ..row.clone() };
        let logins = [vec![failed; 7], vec![row.clone()]].concat();
        for now in [now(), at] {
            let mut memory = memory();
            let snapshot = page(std::slice::from_ref(&row), &logins, 9);
            let assessment = assess(&memory, &snapshot, &Own::default(), world(), now);
            memory.learn(&snapshot, &assessment, world(), now);
            assert_eq!(assess(&memory, &snapshot, &Own::default(), world(), now).rows.len(), 9);
        }
    }
}
