//! What holds of every page, whatever its markup.

#![cfg(feature = "saved-pages")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use latchkey::page::{Capture, Page};
use latchkey::reading::{self, Hints, List, Reading};
use latchkey::zone::Zone;
use proptest::prelude::*;

fn read(page: &Page) -> Reading {
    reading::read(page, &Hints::default(), "2026-04-14T15:30:00Z".parse().unwrap(), &Zone::utc())
}

fn html(body: &str) -> Reading {
    read(&Page::from_html(
        &format!("<!doctype html><html lang=en><body>{body}</body></html>"),
        "https://exchange.example/security",
    ))
}

/// Pieces of session pages, whole and broken, in any order.
fn soup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "<div>",
        "</div>",
        "<table>",
        "<tr>",
        "<td>",
        "</td>",
        "</tr>",
        "</table>",
        "<ul>",
        "<li>",
        "</li>",
        "</ul>",
        "<dl><dt>IP</dt><dd>",
        "</dd></dl>",
        "<section><h2>Active sessions</h2>",
        "<h2>API keys</h2>",
        "<h2>Passkeys</h2>",
        "<h3>Login history</h3>",
        "<h1>Trusted devices</h1>",
        "<h2>Authorized applications</h2>",
        "Chrome 126 on Windows 10",
        "iPhone 15 Pro · iOS 17.4",
        "203.0.113.7",
        "2001:db8::7",
        "2026-04-14 14:12:05",
        "2 hours ago",
        "Paris, France",
        "Current session",
        "<button>Log out</button>",
        "<button>Delete</button>",
        "<a href=#>Remove</a>",
        "<span>Revoke</span>",
        "<button>Log out all devices</button>",
        "<button aria-label=Delete></button>",
        "<button>Cancel</button>",
        "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh",
        "<template shadowrootmode=open>",
        "</template>",
        "<th>Device</th><th>Date</th>",
        "\u{202e}",
        "١٤‏/٠٤",
        "昨日",
        "&nbsp;",
    ]);
    let anything = prop_oneof![4 => pieces.prop_map(str::to_owned), 1 => ".{0,24}"];
    prop::collection::vec(anything, 0..60).prop_map(|pieces| pieces.concat())
}

/// The nodes of rows that may hold a control, and of all that do.
fn offered(reading: &Reading) -> usize {
    reading
        .lists
        .iter()
        .map(|list| match list {
            List::Sessions(rows) | List::TrustedDevices(rows) | List::Logins(rows) => {
                rows.iter().filter(|row| row.log_out.is_some()).count()
            }
            _ => 0,
        })
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_html_makes_it_panic_or_point_outside_the_page(body in soup()) {
        let page = Page::from_html(&body, "https://exchange.example/");
        let reading = read(&page);
        let count = page.nodes().len() as u32;
        let controls = reading.log_out_all.iter().chain(&reading.log_out_self);
        for control in controls {
            prop_assert!(control.node.is_some_and(|node| node < count));
        }
        for list in &reading.lists {
            if let List::Sessions(rows) | List::Logins(rows) | List::TrustedDevices(rows) = list {
                for row in rows {
                    prop_assert!(row.node.is_some_and(|node| node < count));
                    if let Some(control) = &row.log_out {
                        prop_assert!(control.node.is_some_and(|node| node < count && page.path(node) == control.path));
                    }
                }
            }
        }
    }

    #[test]
    fn a_control_is_offered_only_in_sessions_and_trusted_devices(body in soup()) {
        let reading = html(&body);
        for list in &reading.lists {
            if let List::Logins(rows) = list {
                prop_assert!(rows.iter().all(|row| row.log_out.is_none() && !row.current));
            }
        }
        let allowed = reading.lists.iter().any(|list| matches!(list, List::Sessions(_) | List::TrustedDevices(_)));
        prop_assert!(allowed || offered(&reading) == 0);
        let listed = reading.lists.iter().any(|list| matches!(list, List::Sessions(_) | List::Logins(_)));
        prop_assert!(listed || reading.log_out_all.is_none());
    }

    #[test]
    fn at_most_one_session_of_a_list_is_current(body in soup()) {
        for list in html(&body).lists {
            if let List::Sessions(rows) | List::TrustedDevices(rows) = list {
                prop_assert!(rows.iter().filter(|row| row.current).count() <= 1);
            }
        }
    }

    #[test]
    fn no_capture_makes_it_panic(
        shape in prop::collection::vec((0_u32..6, 0_u16..8, any::<u8>(), ".{0,30}"), 1..80),
        attributes in prop::collection::vec((0_u32..90, 0_u8..15, ".{0,20}"), 0..30),
    ) {
        let mut capture = Capture {
            version: Capture::VERSION,
            tags: ["html", "div", "td", "button", "#text", "#shadow", "h2", "a"].map(str::to_owned).to_vec(),
            ..Capture::default()
        };
        let mut open: Vec<i32> = Vec::new();
        for (at, (up, tag, index, text)) in shape.into_iter().enumerate() {
            for _ in 0..up {
                if open.len() > 1 {
                    open.pop();
                }
            }
            capture.parent.push(open.last().copied().unwrap_or(-1));
            let tag = if at == 0 { 0 } else { tag };
            capture.tag.push(tag);
            capture.index.push(u32::from(index));
            capture.text.push(if tag == 4 { text } else { String::new() });
            if tag != 4 {
                open.push(at as i32);
            }
        }
        capture.attributes = attributes;
        if let Ok(page) = Page::try_from(capture) {
            let _ = read(&page);
        }
    }

    #[test]
    fn no_line_makes_the_filters_panic(line in ".{0,80}") {
        let zone = Zone::utc();
        let now = "2026-04-14T15:30:00Z".parse().unwrap();
        let _ = reading::time::read(&line, &reading::time::Context::new(now, &zone, Some("th")));
        let _ = reading::device::read(&line);
        let _ = reading::place::read(&line, &reading::lexicon::Lexicon::get().mark(&line), 0);
        let _ = reading::address::canonical(&line);
    }
}

#[test]
fn a_page_deeper_than_any_stack_is_read() {
    let depth = 20_000;
    let body =
        format!("{}<h1>Sessions</h1><p>Chrome 126 on Linux</p>{}", "<div>".repeat(depth), "</div>".repeat(depth));
    let _ = html(&body);
}

#[test]
fn three_hundred_sessions_under_three_thousand_wrappers_are_read_with_their_controls() {
    let rows: String = (0..300)
        .map(|at| {
            format!(
                "<li><b>Firefox 125 on Linux</b><i>198.51.{}.{}</i><time>2026-04-{:02} 08:00</time>{}\
                 <button>Log out</button></li>",
                at / 200,
                at % 200 + 1,
                at % 14 + 1,
                "<span></span>".repeat(80),
            )
        })
        .collect();
    let body = format!("<h1>Active sessions</h1>{}<ul>{rows}</ul>{}", "<div>".repeat(3_000), "</div>".repeat(3_000));
    let reading = html(&body);
    let sessions: Vec<_> = reading.sessions().collect();
    assert!(sessions.len() >= 295, "{} sessions of a page at the budget", sessions.len());
    let mut controls: Vec<_> = sessions.iter().filter_map(|row| row.log_out.as_ref()?.node).collect();
    assert_eq!(controls.len(), sessions.len());
    controls.dedup();
    assert_eq!(controls.len(), sessions.len(), "each has its own");
}

fn problems(body: &str) -> Vec<String> {
    html(body).problems.into_iter().map(|problem| problem.code).collect()
}

#[test]
fn a_promised_list_that_cannot_be_read_is_said_to_be_missing() {
    let skeleton = "<h1>Active sessions</h1><div aria-busy=true><div></div><div></div></div>";
    assert_eq!(problems(skeleton), ["no-list"]);
    let opaque = "<h1>Login history</h1><canvas></canvas>";
    assert_eq!(problems(opaque), ["no-list"]);
}

#[test]
fn a_list_that_is_empty_or_not_promised_is_not_missing() {
    for body in [
        "<h1>Active sessions</h1><p>No other sessions</p>",
        "<h1>Order history</h1><p>You have no orders.</p>",
        "<h1>Log in</h1><form><input type=password><button>Log in</button></form><h2>Active sessions</h2>",
        "<a href=/login>Log in</a><h1>Active sessions</h1><p>What they are, and how to end them.</p>",
        "<h1>Active sessions</h1><ul><li>Chrome on Windows 203.0.113.7 2 hours ago <button>Log out</button></li>\
         <li>Firefox on Linux 203.0.113.8 3 days ago <button>Log out</button></li></ul>",
    ] {
        assert!(!problems(body).contains(&"no-list".to_owned()), "{body}");
    }
}

#[test]
fn a_cell_that_spans_rows_belongs_to_each_of_them() {
    let reading = html(
        "<h1>Active sessions</h1><table>\
         <tr><td rowspan=2>Chrome on Windows</td><td>203.0.113.7</td><td>2 hours ago</td></tr>\
         <tr><td>198.51.100.9</td><td>3 days ago</td></tr></table>",
    );
    let devices: Vec<_> = reading.sessions().map(|row| row.device.as_deref()).collect();
    assert_eq!(devices, [Some("Chrome on Windows"); 2]);
}

#[test]
fn a_clock_is_of_the_day_above_it() {
    let reading = html(
        "<h1>Login history</h1>\
         <h3>April 14, 2026</h3><ul><li><b>09:05</b><i>Chrome on Windows</i><i>203.0.113.7</i></li>\
         <li><b>08:00</b><i>Safari on iPhone</i><i>203.0.113.9</i></li></ul>\
         <h3>April 11, 2026</h3><ul><li><b>22:10</b><i>Chrome on Windows</i><i>203.0.113.7</i></li>\
         <li><b>21:00</b><i>Safari on iPhone</i><i>203.0.113.9</i></li></ul>",
    );
    let times: Vec<_> =
        reading.logins().filter_map(|row| row.signed_in_at.as_ref()).map(|time| time.at.to_rfc3339()).collect();
    assert_eq!(
        times,
        [
            "2026-04-14T09:05:00+00:00",
            "2026-04-14T08:00:00+00:00",
            "2026-04-11T22:10:00+00:00",
            "2026-04-11T21:00:00+00:00"
        ]
    );
}

#[test]
fn a_group_of_one_joins_its_neighbours_and_a_telephone_number_does_not() {
    let group = |title: &str, rows: &str| format!("<section><h3>{title}</h3><ul>{rows}</ul></section>");
    let row = |device: &str, place: &str| {
        format!("<li><p>{device}</p><p>{place}</p><p>2 hours ago</p><button>Remove</button></li>")
    };
    let reading = html(&format!(
        "<h1>Active sessions</h1><div>{}{}{}</div>",
        group("2 sessions on Windows", &(row("Windows", "Lyon, France") + &row("Windows", "Paris, France"))),
        group("1 session on iPhone", &row("iPhone of Anna", "Lyon, France")),
        group("Phone number", &row("+33 6 12 34", "Lyon, France")),
    ));
    let rows: Vec<_> = reading.sessions().collect();
    assert_eq!(rows.len(), 3, "{rows:#?}");
    assert_eq!(rows[2].device.as_deref(), Some("iPhone of Anna"));
}

#[test]
fn a_code_that_is_a_states_and_a_countrys_is_settled_by_the_other_rows() {
    let page = |other: &str| {
        html(&format!(
            "<h1>Active sessions</h1><table><tr><th>Device<th>IP<th>Location</tr>\
             <tr><td>Chrome on Windows<td>203.0.113.7<td>Springfield, CA</tr>\
             <tr><td>Safari on macOS<td>203.0.113.8<td>{other}</tr></table>"
        ))
    };
    let country = |reading: &Reading| reading.sessions().next().and_then(|row| row.country.clone());
    assert_eq!(country(&page("Austin, TX")).as_deref(), Some("US"));
    assert_eq!(country(&page("Paris, FR")).as_deref(), Some("CA"));
}

#[test]
fn a_question_is_offered_only_where_nothing_plainer_is() {
    let row = |at: u8| {
        format!(
            "<li><h3>Chrome on Windows</h3><p>203.0.113.{at}</p><p>{at} hours ago</p><a href=/help>Not you?</a>\
             <button>End session</button></li>"
        )
    };
    let reading = html(&format!("<h1>Active sessions</h1><ul>{}{}</ul>", row(2), row(3)));
    let labels: Vec<_> = reading.sessions().filter_map(|row| Some(row.log_out.as_ref()?.label.as_str())).collect();
    assert_eq!(labels, ["End session", "End session"]);
}
