use super::*;

fn at(text: &str, tag: &str) -> Option<String> {
    let zone = Zone::utc();
    let now = "2026-04-14T15:30:00Z".parse().unwrap();
    read(text, &Context::new(now, &zone, Some(tag))).map(|time| time.at.format("%Y-%m-%dT%H:%M:%S").to_string())
}

#[track_caller]
fn check(text: &str, tag: &str, expected: &str) {
    assert_eq!(at(text, tag).as_deref(), Some(expected), "{text} ({tag})");
}

#[test]
fn the_styles_of_cldr_are_read() {
    for (text, tag) in [
        ("Apr 14, 2026, 2:12 PM", "en"),
        ("April 14, 2026 at 2:12\u{202f}PM", "en"),
        ("2026年4月14日 14:12", "zh-CN"),
        ("2026/4/14 14:12", "zh-CN"),
        ("2026年4月14日 下午2:12", "zh-TW"),
        ("2026/04/14 14:12", "ja"),
        ("2026. 4. 14. PM 2:12", "ko"),
        ("2026. 4. 14. 오후 2:12", "ko"),
        ("2026년 4월 14일 오후 2시 12분", "ko"),
        ("14 abr 2026, 14:12", "es"),
        ("14 de abril de 2026 a las 14:12", "es"),
        ("14 de abr. de 2026, 14:12", "pt-BR"),
        ("14 avr. 2026, 14:12", "fr"),
        ("14 avril 2026 à 14h12", "fr"),
        ("14.04.2026, 14:12", "de"),
        ("14. April 2026 um 14:12", "de"),
        ("14 aprile 2026 alle ore 14:12", "it"),
        ("14 апр. 2026 г., 14:12", "ru"),
        ("14 апреля 2026 г. в 14:12", "ru"),
        ("14 Nis 2026 14:12", "tr"),
        ("14\u{200f}/04\u{200f}/2026، 2:12 م", "ar"),
        ("١٤‏/٠٤‏/٢٠٢٦، ٢:١٢ م", "ar"),
        ("14 أبريل 2026 في 2:12 م", "ar"),
        ("14 अप्रैल 2026 को 2:12 pm बजे", "hi"),
        ("14 Apr 2026, 14.12", "id"),
        ("14 April 2026 pukul 14.12", "id"),
        ("14:12 14 thg 4, 2026", "vi"),
        ("lúc 14:12 14 tháng 4, 2026", "vi"),
        ("14:12 14/4/26", "vi"),
        ("14 квіт. 2026 р., 14:12", "uk"),
        ("14 квітня 2026 р. о 14:12", "uk"),
        ("14 kwi 2026, 14:12", "pl"),
        ("14 april 2026 om 14:12", "nl"),
        ("14-04-2026, 14:12", "nl"),
        ("14 เม.ย. 2569 14:12", "th"),
        ("14 เมษายน 2569 เวลา 14:12", "th"),
        ("14/4/69 14:12", "th"),
        ("4/14/26, 2:12 PM", "en"),
        ("Tuesday, April 14, 2026 at 2:12 PM", "en"),
        ("Dienstag, 14. April 2026 um 14:12", "de"),
    ] {
        check(text, tag, "2026-04-14T14:12:00");
    }
}

#[test]
fn iso_and_the_styles_of_exchanges_are_read() {
    for text in [
        "2026-04-14 14:12:05",
        "2026/04/14 14:12:05",
        "14-04-2026 14:12:05",
        "2026-04-14T14:12:05Z",
        "2026-04-14T14:12:05.123Z",
        "2026-04-14 14:12:05(UTC)",
        "2026-04-14 14:12:05 UTC",
        "2026-04-14 22:12:05 (UTC+8)",
        "2026-04-14T19:42:05+05:30",
        "2026-04-14 22:12:05 GMT+08:00",
        "04/14/2026- 2:12:05 PM",
        "令和8年4月14日 14:12:05",
    ] {
        check(text, "en", "2026-04-14T14:12:05");
    }
    check("April 14, 2026, 10:02 a.m.", "en", "2026-04-14T10:02:00");
    check("April 6, 2026, midnight", "en", "2026-04-06T00:00:00");
    check("April 8, 2026, noon", "en", "2026-04-08T12:00:00");
    check("March 23, 2026, 8 a.m.", "en", "2026-03-23T08:00:00");
}

#[test]
fn relative_times_are_read() {
    for (text, tag) in [
        ("5 hours ago", "en"),
        ("about 5 hours ago", "en"),
        ("5h ago", "en"),
        ("5h", "en"),
        ("5小时前", "zh-CN"),
        ("5 小時前", "zh-TW"),
        ("5 時間前", "ja"),
        ("5시간 전", "ko"),
        ("hace 5 horas", "es"),
        ("há 5 horas", "pt"),
        ("il y a 5 heures", "fr"),
        ("vor 5 Std.", "de"),
        ("5 ore fa", "it"),
        ("5 часов назад", "ru"),
        ("5 saat önce", "tr"),
        ("قبل 5 ساعات", "ar"),
        ("منذ 5 ساعات", "ar"),
        ("5 घंटे पहले", "hi"),
        ("5 jam yang lalu", "id"),
        ("5 giờ trước", "vi"),
        ("5 годин тому", "uk"),
        ("5 godzin temu", "pl"),
        ("5 uur geleden", "nl"),
        ("5 ชั่วโมงที่ผ่านมา", "th"),
    ] {
        check(text, tag, "2026-04-14T10:30:00");
    }
    check("an hour ago", "en", "2026-04-14T14:30:00");
    check("vor einer Stunde", "de", "2026-04-14T14:30:00");
    check("قبل ساعتين", "ar", "2026-04-14T13:30:00");
    check("1 hour 5 minutes ago", "en", "2026-04-14T14:25:00");
    check("1 jam 5 menit yang lalu", "id", "2026-04-14T14:25:00");
    check("just now", "en", "2026-04-14T15:30:00");
    check("gerade eben", "de", "2026-04-14T15:30:00");
    check("刚刚", "zh-CN", "2026-04-14T15:30:00");
    check("2 months ago", "en", "2026-02-14T15:30:00");
    check("2 माह पहले", "hi", "2026-02-14T15:30:00");
}

#[test]
fn days_are_named() {
    check("Yesterday at 14:12", "en", "2026-04-13T14:12:00");
    check("hier à 18:40", "fr", "2026-04-13T18:40:00");
    check("วันนี้ เวลา 12:12 น.", "th", "2026-04-14T12:12:00");
    check("เมื่อวานนี้ เวลา 09:03 น.", "th", "2026-04-13T09:03:00");
    check("Today at 2:12 PM", "en", "2026-04-14T14:12:00");
    check("Sun 20:15", "en", "2026-04-12T20:15:00");
    check("الأحد", "ar", "2026-04-12T00:00:00");
    check("2:12 م", "ar", "2026-04-14T14:12:00");
}

#[test]
fn a_year_not_given_is_the_nearest_past_one() {
    check("14 Apr 14:12", "en", "2026-04-14T14:12:00");
    check("20 Nov 18:09", "en", "2025-11-20T18:09:00");
    check("Apr 2", "en", "2026-04-02T00:00:00");
    check("04-13 21:12", "zh-CN", "2026-04-13T21:12:00");
}

#[test]
fn an_order_that_nothing_decides_is_left_open() {
    assert_eq!(at("02/04/2026 10:15", "en"), None);
    check("02/04/2026 10:15", "en-GB", "2026-04-02T10:15:00");
    check("02/04/2026 10:15", "en-US", "2026-02-04T10:15:00");
    check("02/04/2026 10:15", "fr", "2026-04-02T10:15:00");
    check("14/04/2026 10:15", "en", "2026-04-14T10:15:00");
    let lexicon = Lexicon::get();
    let order = Order::of_texts([lexicon.mark("4/5/26, 9:40 PM"), lexicon.mark("4/14/26, 1:00 AM")].iter());
    assert_eq!(order, Order::MonthFirst);
}

#[test]
fn english_of_no_country_writes_its_months_first_only_beside_a_clock_of_america() {
    check("4/5/2026, 2:12:05 PM", "en", "2026-04-05T14:12:05");
    assert_eq!(at("4/5/2026, 2:12:05 pm", "en"), None);
    assert_eq!(at("04/05/2026, 02:12 PM", "en"), None);
    assert_eq!(at("4/5/2026, 2:12:05 PM", "en-CA"), None);
    check("4/5/2026, 2:12:05 PM", "en-AU", "2026-05-04T14:12:05");
}

#[test]
fn languages_that_begin_with_the_year_do_so_in_two_digits() {
    check("26/2/14 14:12", "ja", "2026-02-14T14:12:00");
    check("25-12-01 13 h 20", "fr-CA", "2025-12-01T13:20:00");
    assert_eq!(at("26/02/14 14:12", "en"), None, "the year may come first or last");
    check("31/5/69 23:59", "th", "2026-05-31T23:59:00");
    assert_eq!(at("31/5/69 23:59", "de"), None, "a short year is no far one");
}

#[test]
fn a_zone_that_several_share_is_stated_only_where_it_is_the_readers_own() {
    let now = "2026-04-14T15:30:00Z".parse().unwrap();
    let source = |text: &str, zone: &Zone| read(text, &Context::new(now, zone, None)).map(|time| time.zone);
    let kolkata = Zone::fixed("Asia/Kolkata", 19_800);
    assert_eq!(source("2026-04-14 14:12 IST", &kolkata), Some(ZoneSource::Stated));
    assert_eq!(source("2026-04-14 14:12 IST", &Zone::utc()), Some(ZoneSource::Assumed));
    assert_eq!(source("2026-04-14 14:12 PDT", &Zone::utc()), Some(ZoneSource::Stated));
}

#[test]
fn words_decide_an_order_where_no_language_is_given() {
    let now = "2026-04-14T15:30:00Z".parse().unwrap();
    let zone = Zone::utc();
    let at = |text| read(text, &Context::new(now, &zone, None)).map(|time| time.at.to_string());
    assert_eq!(at("lunes, 5/1/2026").as_deref(), Some("2026-01-05 00:00:00 UTC"));
    assert_eq!(at("٥‏/١‏/٢٠٢٦").as_deref(), Some("2026-01-05 00:00:00 UTC"));
    assert_eq!(at("5/1/2569").as_deref(), Some("2026-01-05 00:00:00 UTC"));
    assert_eq!(at("Monday, 5/1/2026"), None, "English is written both ways");
    assert_eq!(at("5/1/2026 Anno Domini"), None, "Anno is a word of Italian too");
    assert_eq!(at("5/1/2026"), None);
}

#[test]
fn zones_are_read_by_their_long_names() {
    check("14 April 2026 at 14:12:05 Central European Summer Time", "en-GB", "2026-04-14T12:12:05");
    check("14. April 2026 um 14:12:05 Mitteleuropäische Sommerzeit", "de", "2026-04-14T12:12:05");
    check("2026年4月14日星期二 中国标准时间 14:12:05", "zh-CN", "2026-04-14T06:12:05");
    check("2026年4月14日 下午2:12 [UTC]", "zh-TW", "2026-04-14T14:12:00");
}

#[test]
fn parts_of_the_day_say_which_half_is_meant() {
    check("14 April 2026, 2:12 in the afternoon", "en", "2026-04-14T14:12:00");
    check("2026年4月14日 凌晨1:20", "zh-CN", "2026-04-14T01:20:00");
    check("14 апреля 2026 г., 1:20 дня", "ru", "2026-04-14T13:20:00");
    check("14 de abril de 2026, 11:20 de la noche", "es", "2026-04-14T23:20:00");
    check("14/4/2026 12:30 noon", "en-GB", "2026-04-14T12:30:00");
}

#[test]
fn a_number_alone_is_a_unix_time_where_it_is_of_the_last_years() {
    check("1776175925", "en", "2026-04-14T14:12:05");
    check("1776175925123", "en", "2026-04-14T14:12:05");
    for text in ["9876543210", "1203948123", "Order 1776175925", "1776175925 USDT", "17761759251"] {
        assert_eq!(at(text, "en"), None, "{text}");
    }
}

#[test]
fn what_lies_ahead_is_no_time_of_a_session() {
    for (text, tag) in [
        ("in 5 hours", "en"),
        ("in 1s", "en"),
        ("tomorrow", "en"),
        ("in 5 Stunden", "de"),
        ("через 5 часов", "ru"),
        ("خلال 3 ثوانٍ", "ar"),
        ("5 小时后", "zh-CN"),
        ("आने वाला कल", "hi"),
    ] {
        assert_eq!(at(text, tag), None, "{text}");
    }
}

#[test]
fn garbage_is_refused() {
    for text in [
        "2026/PMPM/01 SS:01:22",
        "99:99",
        "2026-13-40",
        "31.02.2026",
        "30 days",
        "Session length 30 days",
        "Chrome 126.0.0.0",
        "203.0.113.5",
        "Windows 10",
        "0.04821930 BTC",
        "+351 *****4471",
        "48213377",
        "",
        ":::",
        "Page 1 of 2",
        "v1.2.3",
        "iPhone 15 Pro",
        "BTC/USDT",
        "1/2",
        "99999999 hours ago ago",
        "18446744073709551615 years ago",
        "may",
        "Mar",
        "am",
    ] {
        assert_eq!(at(text, "en"), None, "{text}");
    }
}

#[test]
fn a_time_is_found_within_other_words() {
    let lexicon = Lexicon::get();
    let zone = Zone::utc();
    let context = Context::new("2026-04-14T15:30:00Z".parse().unwrap(), &zone, Some("en"));
    for (text, expected) in [
        ("2026-04-14 13:17:28(81.84.17.203) from Lisbon", "2026-04-14 13:17:28"),
        ("Last activity Tue 20:15", "Tue 20:15"),
        ("Last accessed on 14 Apr 14:12", "14 Apr 14:12"),
        ("Inactive for 90+ days (Nov 20, 2025)", "Nov 20, 2025"),
    ] {
        let found = find(text, &lexicon.mark(text), &context);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!(found[0].time.as_ref().unwrap().text, expected);
    }
}

#[test]
fn a_span_of_one_needs_no_number() {
    check("miesiąc temu", "pl", "2026-03-14T15:30:00");
    check("неделю назад", "ru", "2026-04-07T15:30:00");
    check("годину тому", "uk", "2026-04-14T14:30:00");
    check("a month ago", "en", "2026-03-14T15:30:00");
    check("half an hour ago", "en", "2026-04-14T15:00:00");
    check("há um mês", "pt", "2026-03-14T15:30:00");
    assert_eq!(at("months ago", "en"), None);
}

#[test]
fn a_short_year_stands_before_a_half_and_its_clock() {
    check("14 Şub 26 ÖS 2:12", "tr", "2026-02-14T14:12:00");
    check("31.3.26 Sal 23:59", "tr", "2026-03-31T23:59:00");
}

#[test]
fn noon_is_the_hour_nought_of_the_second_half() {
    check("7 apr 2026, 0 p.m.", "nl", "2026-04-07T12:00:00");
    check("14 Apr 2026, 18:12 GST", "en-GB", "2026-04-14T14:12:00");
}
