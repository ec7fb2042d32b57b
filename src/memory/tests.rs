#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use chrono::{TimeDelta, TimeZone};

use super::*;

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 1, 12, 0, 0).unwrap()
}

fn id(n: usize) -> RowId {
    RowId(n.to_string())
}

fn chrome(version: &str) -> Row {
    Row {
        device: Some(format!("Chrome {version} (Windows)")),
        browser: Some("Chrome".into()),
        browser_version: Some(version.into()),
        country: Some("PT".into()),
        ip: Some("203.0.113.9".into()),
        ..Row::default()
    }
}

fn seen(standing: Standing, days: i64) -> Sighting {
    Sighting { at: Some(now()), standing, now: now() + TimeDelta::days(days) }
}

#[test]
fn a_nickname_follows_its_device_as_it_grows() {
    let mut memory = Memory::default();
    memory.remember(ListName::Sessions, &id(1), Traits::of(&chrome("143")), seen(Standing::Own, 0));
    memory.name(ListName::Sessions, &id(1), Some("  Desk ".into()));
    assert_eq!(memory.nickname(ListName::Sessions, &id(1), &chrome("143")), Some("Desk"));
    assert_eq!(memory.nickname(ListName::Logins, &id(7), &chrome("150")), Some("Desk"));
    assert_eq!(memory.nickname(ListName::Logins, &id(7), &Row::default()), None);
    memory.name(ListName::Sessions, &id(1), Some("Study".into()));
    assert_eq!(memory.nickname(ListName::Sessions, &id(1), &chrome("143")), Some("Study"));
    memory.name(ListName::Sessions, &id(1), None);
    assert_eq!(memory.nickname(ListName::Sessions, &id(1), &chrome("143")), None);
}

#[test]
fn a_flagged_row_stays_flagged_until_the_person_speaks() {
    let mut memory = Memory::default();
    let traits = Traits::of(&chrome("143"));
    memory.remember(ListName::Sessions, &id(1), traits.clone(), seen(Standing::Flagged, 0));
    memory.remember(ListName::Sessions, &id(1), traits, seen(Standing::Own, 1));
    assert_eq!(memory.row(ListName::Sessions, &id(1)).unwrap().weight(), 0.0);
    memory.answer(ListName::Sessions, &id(1), Some(Answer::Mine));
    assert!(memory.row(ListName::Sessions, &id(1)).unwrap().weight() > 1.0);
    memory.answer(ListName::Sessions, &id(1), None);
    assert_eq!(memory.row(ListName::Sessions, &id(1)).unwrap().weight(), 0.0);
}

#[test]
fn rows_that_passed_on_the_strength_of_an_answer_fall_with_it() {
    let mut memory = Memory::default();
    let traits = Traits::of(&chrome("143"));
    memory.remember(ListName::Sessions, &id(1), traits.clone(), seen(Standing::Flagged, 0));
    memory.answer(ListName::Sessions, &id(1), Some(Answer::Mine));
    memory.remember(ListName::Logins, &id(2), traits.clone(), seen(Standing::Own, 1));
    memory.readings += 1;
    memory.remember(ListName::Logins, &id(3), traits, seen(Standing::Own, 1));
    memory.answer(ListName::Sessions, &id(1), None);
    assert_eq!(memory.row(ListName::Logins, &id(2)).unwrap().weight(), 1.0, "it was there before the answer");
    assert_eq!(memory.row(ListName::Logins, &id(3)).unwrap().weight(), 0.0);
}

#[test]
fn an_answer_about_an_unknown_row_is_refused() {
    assert!(!Memory::default().answer(ListName::Sessions, &id(1), Some(Answer::Mine)));
}

#[test]
fn a_session_that_moved_keeps_where_it_was_as_a_habit() {
    let mut memory = Memory::default();
    memory.remember(ListName::Sessions, &id(1), Traits::of(&chrome("143")), seen(Standing::Own, 0));
    let elsewhere = Row { ip: Some("198.51.100.1".into()), ..chrome("143") };
    memory.remember(ListName::Sessions, &id(1), Traits::of(&elsewhere), seen(Standing::Own, 1));
    let mut tally = Tally::default();
    tally.add_habits(memory.habits());
    assert_eq!(tally.seen(Fact::Block, "203.0", &[]).count, 1.0);
}

#[test]
fn memory_is_bounded_and_small_and_answers_stay_longest() {
    let mut memory = Memory::default();
    for n in 0..5_000 {
        let row = Row { ip: Some(format!("10.{}.{}.7", n % 250, n % 199)), ..chrome("143") };
        memory.remember(ListName::Logins, &id(n), Traits::of(&row), seen(Standing::Own, n as i64));
        if n == 0 {
            memory.answer(ListName::Logins, &id(0), Some(Answer::NotMine));
        }
        memory.trim();
    }
    assert_eq!(memory.rows().count(), ROWS_KEPT);
    assert_eq!(memory.answered(ListName::Logins, &id(0)), Some(Answer::NotMine));
    assert!(serde_json::to_string(&memory).unwrap().len() < 100_000);
}

#[test]
fn a_field_of_a_newer_version_survives() {
    let text = r#"{"version":1,"readings":2,"diary":[{"until":"2026-12-01"}]}"#;
    let memory: Memory = serde_json::from_str(text).unwrap();
    assert_eq!(memory.readings, 2);
    let again: Memory = serde_json::from_str(&serde_json::to_string(&memory).unwrap()).unwrap();
    assert_eq!(again.unknown["diary"][0]["until"], "2026-12-01");
}

#[test]
fn a_memory_survives_being_stored() {
    let mut memory = Memory::default();
    memory.remember(ListName::Sessions, &id(1), Traits::of(&chrome("143")), seen(Standing::Own, 0));
    memory.remember(ListName::Logins, &id(2), Traits::default(), seen(Standing::Failed, 0));
    memory.answer(ListName::Sessions, &id(1), Some(Answer::Mine));
    memory.name(ListName::Sessions, &id(1), Some("Desk".into()));
    let text = serde_json::to_string(&memory).unwrap();
    assert_eq!(serde_json::from_str::<Memory>(&text).unwrap(), memory);
}

#[test]
fn a_memory_of_version_one_can_be_read() {
    let text = r#"{"version":1,"first_seen":"2026-10-01T08:00:00Z","last_seen":"2026-11-01T08:00:00Z","readings":3,
        "sessions":{"a":{"c":"PT","a":"203.0.113.9","n":"203.0.113","w":"203.0","o":"home telecom","t":"lisbon",
            "d":"chrome windows","k":"windows desktop","b":"chrome","f":"sms","at":"2026-10-01T08:00:00Z",
            "seen":"2026-11-01T08:00:00Z","first":1,"standing":"flagged",
            "answer":{"answer":"mine","reading":2,"block":"203.0","country":"PT"}}},
        "logins":{"b":{"c":"NG","seen":"2026-11-01T08:00:00Z","first":2,"standing":"failed"}},
        "habits":{"counts":{"country":{"PT":4}},"hours":[0,0,0,0,0,0,0,0,4,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]},
        "names":[{"list":"sessions","id":"a","device":"chrome windows","name":"Desk"}]}"#;
    let memory: Memory = serde_json::from_str(text).unwrap();
    let session = memory.row(ListName::Sessions, &RowId("a".into())).unwrap();
    assert_eq!(session.traits.browser.as_deref(), Some("chrome"));
    assert_eq!(session.standing, Standing::Flagged);
    assert_eq!(memory.answered(ListName::Sessions, &RowId("a".into())), Some(Answer::Mine));
    assert_eq!(memory.row(ListName::Logins, &RowId("b".into())).unwrap().standing, Standing::Failed);
    assert_eq!(memory.habits().hours().nth(8), Some((8, 4)));
    assert_eq!(memory.nickname(ListName::Sessions, &RowId("a".into()), &chrome("143")), Some("Desk"));
    let again: serde_json::Value = serde_json::to_value(&memory).unwrap();
    assert_eq!(again, serde_json::from_str::<serde_json::Value>(text).unwrap());
}

#[test]
fn what_the_person_told_needs_no_field_but_those_they_told() {
    let told: Settings = serde_json::from_str(r#"{"vpn_countries":["NL"]}"#).unwrap();
    assert_eq!(told, Settings { vpn_countries: vec!["NL".into()], ..Settings::default() });
    assert_eq!(serde_json::from_str::<Settings>(r#"{"sensitivity":"calm"}"#).unwrap().sensitivity, Sensitivity::Calm);
    let diary = r#"{"expected":[{"device":"hotel PC","from":"2026-10-01T08:00:00Z","until":"2026-10-04T08:00:00Z"}]}"#;
    let memory: Memory = serde_json::from_str(diary).unwrap();
    assert_eq!(memory.expected[0].country, None);
}
