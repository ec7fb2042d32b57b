//! A page that comes in parts, and an account of which one page tells this and the next one that.

use latchkey::risk::Verdict;

use super::*;

const HISTORY: &str = "https://www.binance.com/en/my/security/login-history";
const LAGOS: &str = "105.112.96.3";

/// The account's logins, the newest first: the stranger's is among the newest.
fn logins() -> Vec<String> {
    let own = |day: i64| {
        let at = now() - TimeDelta::days(day) - TimeDelta::minutes(7 * day);
        let (device, ip) = match day % 3 {
            0 => ("iPhone 15 Pro · iOS 17.4", "176.79.44.118"),
            _ => ("Chrome V126.0.0.0 (Windows 10)", "81.84.17.203"),
        };
        (at, device, ip, "Lisbon, Portugal")
    };
    let mut logins: Vec<_> = (0..45).map(own).collect();
    logins.insert(1, (signed_in(), "Edge V123.0.2420.97 (Windows 11)", LAGOS, "Lagos, Nigeria"));
    let row = |(at, device, ip, place): (DateTime<Utc>, &str, &str, &str)| {
        let at = at.format("%Y-%m-%d %H:%M:%S");
        format!("<tr><td>{at}</td><td>{device}</td><td>{ip}</td><td>{place}</td><td>Success</td></tr>")
    };
    logins.into_iter().map(row).collect()
}

/// When the stranger signed in.
fn signed_in() -> DateTime<Utc> {
    now() - TimeDelta::seconds(32_907)
}

fn history(logins: &[String]) -> String {
    format!(
        "<html lang=en><header><span>m***a@example.org</span><button>Log out</button></header><h1>Login history</h1>\
         <table><tr><th>Time<th>Device<th>IP Address<th>Location<th>Status</tr>{}</table>",
        logins.concat()
    )
}

/// The account's devices, with how they signed in.
fn sessions() -> String {
    let row = |device: &str, ip: &str, place: &str, at: DateTime<Utc>| {
        let at = at.format("%Y-%m-%d %H:%M:%S");
        format!("<tr><td>{device}<td>{place}<td>{ip}<td>{at}<td><button>Log out</button></tr>")
    };
    let at = |hours: i64| now() - TimeDelta::hours(hours);
    format!(
        "<html lang=en><header><span>m***a@example.org</span><button>Log out</button></header><h1>Device Management</h1>\
         <p>Devices that are signed in to your account now.</p>\
         <table><tr><th>Device<th>Location<th>IP Address<th>Signed in<th>Action</tr>{}{}{}</table>",
        row("Chrome V126.0.0.0 (Windows 10) <b>Current device</b>", "81.84.17.203", "Lisbon, Portugal", at(0)),
        row("iPhone 15 Pro · iOS 17.4", "176.79.44.118", "Lisbon, Portugal", at(700)),
        row("Edge V123.0.2420.97 (Windows 11)", LAGOS, "Lagos, Nigeria", signed_in()),
    )
}

fn strangers(house: &mut House) -> Vec<String> {
    let account = house.account();
    let flagged = account.sessions.iter().filter(|row| row.verdict.is_finding());
    flagged.filter_map(|row| row.ip.clone()).collect()
}

/// What a slow page shows first: a few rows of its list, the stranger's among them.
#[test]
fn a_stranger_on_a_page_that_came_in_parts_is_none_of_the_persons() {
    for first in 1..logins().len() {
        let mut house = House::watching();
        let later = |seconds| now() + TimeDelta::seconds(seconds);
        house.sees(tab(HISTORY), &history(&logins()[..first]), now());
        house.sees(tab(HISTORY), &history(&logins()), later(2));
        house.happens(Event::Browser(FromBrowser::TabNavigated(tab(DEVICES))), later(4));
        house.sees(tab(DEVICES), &sessions(), later(5));
        assert_eq!(strangers(&mut house), [LAGOS], "{first} rows came first");
    }
}

/// A card on the way to the pages shows the same sessions, without their beginnings and with little beside them.
#[test]
fn a_card_on_the_dashboard_does_not_vouch_for_the_strangers_of_the_device_page() {
    let card = |place: &str, ip: &str, hours: i64| {
        let at = (now() - TimeDelta::hours(hours)).format("%Y-%m-%d %H:%M:%S");
        format!("<tr><td>Web</td><td>{place}</td><td>{ip}</td><td>{at}</td></tr>")
    };
    let [own, lagos] = [card("Lisbon, Portugal", "81.84.17.203", 0), card("Lagos, Nigeria", LAGOS, 1)];
    for (rows, days) in [(lagos.clone(), 0), (own.clone() + &lagos, 0), (lagos.clone() + &own, 3), (lagos, 3)] {
        let page = format!(
            "<html lang=en><header><span>m***a@example.org</span><button>Log out</button></header><h1>Overview</h1>\
             <h2>Recent activity</h2><table><tr><th>Source<th>Location<th>IP Address<th>Last active</tr>{rows}</table>"
        );
        let mut house = House::watching();
        house.sees(tab(HOME), &page, now());
        let later = |minutes| now() + TimeDelta::days(days) + TimeDelta::minutes(minutes);
        for (minutes, url, html) in [(1, HISTORY, history(&logins())), (2, DEVICES, sessions())] {
            house.happens(Event::Browser(FromBrowser::TabNavigated(tab(url))), later(minutes));
            house.sees(tab(url), &html, later(minutes));
        }
        assert_eq!(strangers(&mut house), [LAGOS], "{rows}");
    }
}

/// The same account in another tab is the same visit.
#[test]
fn a_page_opened_twice_does_not_vouch_for_itself() {
    let mut house = House::watching();
    let few = history(&logins()[..3]);
    house.sees(Tab { id: 8, ..tab(HISTORY) }, &few, now());
    house.sees(tab(HISTORY), &few, now() + TimeDelta::minutes(3));
    house.sees(tab(DEVICES), &sessions(), now() + TimeDelta::minutes(6));
    let account = house.account();
    let stranger = account.sessions.iter().find(|row| row.ip.as_deref() == Some(LAGOS)).unwrap();
    assert_ne!(stranger.verdict, Verdict::Known, "{stranger:#?}");
}

/// Most exchanges show a list of few devices and no history beside it: one's own are never asked about.
#[test]
fn a_short_list_of_ones_own_devices_is_never_flagged() {
    let row = |device: &str, place: &str, ip: &str, signed_in: &str| {
        format!("<tr><td>{device}<td>{place}<td>{ip}<td>{signed_in}<td><button>Log out</button></tr>")
    };
    let laptop = "Chrome V126.0.0.0 (Windows 10) <b>Current device</b>";
    let laptop = row(laptop, "Lisbon, Portugal", "81.84.17.203", "2026-04-12 09:02:11");
    let others = [
        row("iPhone 15 Pro · iOS 17.4", "Lisbon, Portugal", "176.79.44.118", "2026-03-02 20:31:05"),
        row("iPhone 15 Pro · iOS 17.4", "Porto, Portugal", "95.94.12.7", "2026-03-02 03:31:05"),
        row("Safari V17.4 (iPadOS 17.4)", "Lisbon, Portugal", "81.84.17.203", "2026-02-14 11:15:40"),
    ];
    for shown in 1..8_usize {
        let rows = others.iter().enumerate().filter(|(index, _)| shown >> index & 1 == 1).map(|(_, row)| row.as_str());
        let page = format!(
            "<html lang=en><header><span>m***a@example.org</span><button>Log out</button></header><h1>Devices</h1>\
             <p>Devices that are signed in to your account now.</p>\
             <table><tr><th>Device<th>Location<th>IP Address<th>Signed in<th>Action</tr>{laptop}{}</table>",
            rows.collect::<String>()
        );
        let mut house = House::watching();
        for days in [0, 1, 4, 9, 15, 20, 40] {
            let then = now() + TimeDelta::days(days);
            house.happens(Event::Browser(FromBrowser::TabNavigated(tab(DEVICES))), then);
            house.sees(tab(DEVICES), &page, then);
            let rows = 1 + shown.count_ones() as usize;
            assert_eq!(house.account().sessions.len(), rows, "{shown:03b} on day {days}");
            assert_eq!(strangers(&mut house), [""; 0], "{shown:03b} on day {days}");
        }
    }
}
