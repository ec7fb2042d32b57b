//! Single values as pages print them: what is read, and what holds of any text.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use chrono::{DateTime, Utc};
use latchkey::reading::lexicon::Lexicon;
use latchkey::reading::text::fold;
use latchkey::reading::time::Context;
use latchkey::reading::{address, device, place, time};
use latchkey::session::Time;
use latchkey::zone::Zone;
use proptest::prelude::*;

fn now() -> DateTime<Utc> {
    "2026-11-20T15:30:00Z".parse().unwrap()
}

fn read_time(text: &str, language: Option<&str>) -> Option<Time> {
    time::read(text, &Context::new(now(), &Zone::utc(), language))
}

#[test]
fn what_the_browser_prints_in_twenty_languages_is_read_back() {
    let mut wrong = Vec::new();
    for line in include_str!("values/times.tsv").lines() {
        let [language, text, at, precision, zone] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("five columns: {line}");
        };
        let read = read_time(text, Some(language)).map(|time| serde_json::to_value(time).unwrap());
        let expected = serde_json::json!({"at": at, "precision": precision, "zone": zone});
        if !["at", "precision", "zone"].iter().all(|key| read.as_ref().is_some_and(|read| read[key] == expected[key])) {
            wrong.push(format!("{line}\n  {read:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn prices_versions_numbers_and_counts_are_no_times() {
    for language in [None, Some("en"), Some("de"), Some("fr"), Some("zh-CN"), Some("ja"), Some("vi"), Some("ru")] {
        for text in include_str!("values/no-times.txt").lines() {
            assert_eq!(read_time(text, language), None, "{text} ({language:?})");
        }
    }
}

#[test]
fn devices_are_told_from_agents_and_from_what_people_are_shown() {
    for line in include_str!("values/devices.tsv").lines() {
        let [text, browser, version, os, form] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("five columns: {line}");
        };
        let device = device::read(text);
        let printed = |value: Option<String>| value.unwrap_or_default();
        if form == "bot" {
            assert!(device.bot, "{text}");
            continue;
        }
        assert!(!device.bot, "{text}");
        assert_eq!(
            [printed(device.browser), printed(device.browser_version), printed(device.os)],
            [browser, version, os],
            "{text}"
        );
        assert_eq!(serde_json::to_value(device.form).unwrap(), form, "{text}");
    }
}

/// Texts made of what times, devices, places and addresses are made of.
fn values() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "14",
        "04",
        "2026",
        "4",
        "12",
        "05",
        "0",
        ":",
        "/",
        ".",
        "-",
        ",",
        " ",
        "T",
        "Z",
        "年",
        "月",
        "日",
        "h",
        "min",
        "Apr",
        "mar",
        "vor",
        "ago",
        "5",
        "Std.",
        "PM",
        "下午",
        "UTC",
        "+08:00",
        "GMT-3",
        "昨天",
        "Chrome",
        "126.0",
        "Windows",
        "(",
        ")",
        "Mozilla/5.0",
        "iPhone",
        "15,2",
        "SM-",
        "G991B",
        "OPR/",
        "·",
        "Paris",
        "France",
        "DE",
        "CA",
        "🇨🇦",
        "東京",
        "省",
        "203",
        "113",
        "::",
        "2001:db8",
        "*",
        "x",
        "%",
        "fe80",
        "\u{200f}",
        "\u{301}",
        "İ",
        "ß",
        "١٤",
        "เม.ย.",
        "2569",
        "พ.ศ.",
        "\"",
        ";v=",
        "@",
        "app",
        "V",
        "令和",
    ]);
    prop::collection::vec(pieces, 0..14).prop_map(|pieces| pieces.concat())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![values(), "\\PC{0,60}", any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_panic(text in any_text(), language in prop::option::of(prop::sample::select(vec!["en", "fr-CA", "th", "ja", "ar", "vi", "id"]))) {
        if let Some(time) = read_time(&text, language) {
            prop_assert!(text.contains(&time.text), "{time:?}");
        }
        let device = device::read(&text);
        prop_assert!((0.0..=1.0).contains(&device.share));
        let marked = Lexicon::get().mark(&text);
        let place = place::read(&text, &marked, 0);
        prop_assert!(place.country.is_none_or(place::is_country));
    }

    #[test]
    fn an_address_found_is_found_again_in_its_own_form(text in any_text()) {
        for found in address::find(&fold(&text)) {
            if !found.masked {
                prop_assert_eq!(address::canonical(&found.text), Some(found.text.clone()));
            }
        }
    }

    #[test]
    fn every_address_is_read_in_every_way_of_writing_it(number in any::<u128>(), short in any::<u32>()) {
        let v6 = std::net::Ipv6Addr::from(number);
        let groups: Vec<_> = v6.segments().iter().map(|group| format!("{group:04X}")).collect();
        prop_assume!(v6.segments().iter().filter(|group| **group > 0).count() > 2);
        let canonical = Some(v6.to_string());
        prop_assert_eq!(address::canonical(&groups.join(":")), canonical.clone());
        prop_assert_eq!(address::find(&format!("[{v6}]:443")).first().map(|it| it.text.clone()), canonical);
        let v4 = std::net::Ipv4Addr::from(short);
        prop_assume!(!v4.to_string().ends_with(".0.0.0"));
        prop_assert_eq!(address::canonical(&v4.to_string()), Some(v4.to_string()));
    }

    #[test]
    fn a_time_in_iso_form_is_the_moment_that_it_says(seconds in 1_000_000_000_i64..1_900_000_000, offset in -14_i32..=14) {
        let at = DateTime::from_timestamp(seconds, 0).unwrap();
        let east = chrono::FixedOffset::east_opt(offset * 3600).unwrap();
        for text in [at.to_rfc3339(), at.with_timezone(&east).to_rfc3339(), at.with_timezone(&east).to_rfc2822()] {
            prop_assert_eq!(read_time(&text, None).map(|time| time.at), Some(at), "{}", text);
        }
    }
}
