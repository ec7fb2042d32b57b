use super::*;
use crate::reading::{List, SignedIn};
use proptest::prelude::*;

/// A page in a language that the reader does not know, and in a shape of its own.
const PAGE: &str = include_str!("page.html");

fn page(html: &str) -> Page {
    Page::from_html(html, "https://rahakott.example/konto/seadmed")
}

fn now() -> DateTime<Utc> {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

/// The element of the first text that holds these words.
fn at(page: &Page, words: &str) -> NodeId {
    let text = page.nodes().iter().position(|node| node.is_text() && node.text.contains(words)).unwrap();
    page.nodes()[text].parent.unwrap()
}

fn up(page: &Page, node: NodeId, levels: usize) -> NodeId {
    (0..levels).fold(node, |at, _| page.nodes()[at as usize].parent.unwrap())
}

/// What a person points at in [`PAGE`].
fn pointing(page: &Page) -> Pointing {
    let device = at(page, "Chrome 143");
    Pointing {
        row: up(page, device, 2),
        parts: vec![
            (Part::Address, at(page, "203.0.113.7")),
            (Part::Device, device),
            (Part::Time, at(page, "2026-11-20 09:14")),
            (Part::Place, at(page, "Tartu")),
            (Part::Control, at(page, "Katkesta")),
        ],
        list: Listed::Sessions,
    }
}

fn learned(page: &Page, pointing: &Pointing) -> Learned {
    learn(page, pointing, &Hints::default(), now(), &Zone::utc())
}

fn lesson() -> Lesson {
    let page = page(PAGE);
    learned(&page, &pointing(&page)).lesson.unwrap()
}

fn reading(html: &str, lesson: &Lesson) -> Reading {
    read(&page(html), lesson, &Hints::default(), now(), &Zone::utc())
}

fn is_out_of_date(reading: &Reading) -> bool {
    let says = reading.problems.iter().any(|problem| problem.code == OUT_OF_DATE);
    assert!(!says || reading.sessions().chain(reading.logins()).chain(reading.trusted_devices()).next().is_none());
    says
}

#[test]
fn the_reader_alone_cannot_read_the_page() {
    let reading = super::super::read(&page(PAGE), &Hints::default(), now(), &Zone::utc());
    assert_eq!(reading.sessions().count(), 0, "{reading:#?}");
}

#[test]
fn one_row_teaches_all_rows() {
    let page = page(PAGE);
    let Learned { lesson, rows, refused } = learned(&page, &pointing(&page));
    assert_eq!(refused, []);
    let of = |field: fn(&Row) -> Option<&String>| -> Vec<&str> {
        rows.iter().map(|row| field(row).map_or("", String::as_str)).collect()
    };
    assert_eq!(of(|row| row.ip.as_ref()), ["203.0.113.7", "198.51.100.23", "2001:db8::7", ""]);
    assert_eq!(
        of(|row| row.device.as_ref()),
        ["Chrome 143, Windows 11", "Firefox 145, Ubuntu", "iPhone 15 Pro", "Safari, macOS"]
    );
    assert_eq!(of(|row| row.os.as_ref()), ["Windows", "Linux", "iOS", "macOS"]);
    assert_eq!(of(|row| row.place.as_ref()), ["Tartu, Eesti", "Rīga, Latvija", "Lagos, NG", "Tallinn, Eesti"]);
    assert_eq!(of(|row| row.country.as_ref())[2], "NG");
    assert_eq!(of(|row| row.log_out.as_ref().map(|it| &it.label)), ["Katkesta", "Katkesta", "Katkesta", ""]);
    let times: Vec<String> = rows.iter().map(|row| row.last_active_at.as_ref().unwrap().at.to_rfc3339()).collect();
    assert_eq!(times[1], "2026-11-19T22:40:00+00:00");
    let current: Vec<bool> = rows.iter().map(|row| row.current).collect();
    assert_eq!(current, [false, false, false, true], "the one row without the control");
    assert_eq!(lesson.unwrap().words, "katkesta");
}

#[test]
fn a_lesson_is_stored_and_reads_the_page_again() {
    let stored = lesson().text();
    assert_eq!(stored, include_str!("lesson-1.txt").trim_end());
    let again = Lesson::parse(&stored).unwrap();
    assert_eq!(again, lesson());
    let reading = reading(PAGE, &again);
    assert_eq!(reading.sessions().count(), 4);
    assert_eq!(reading.signed_in, SignedIn::Yes);
}

#[test]
fn a_lesson_of_a_later_form_is_read_and_one_of_a_later_version_is_not() {
    let stored = lesson().text();
    assert_eq!(Lesson::parse(&(stored.clone() + "\nisp unknown p:0:0\n")), Some(lesson()));
    for odd in
        [stored.replace("lesson 1", "lesson 2"), stored.replace("b:0:0", "b:0:x"), String::new(), "{}".to_owned()]
    {
        assert_eq!(Lesson::parse(&odd), None, "{odd}");
    }
}

#[test]
fn what_a_script_says_is_read_or_refused() {
    let parts = vec![(Part::Address, 20), (Part::Control, 31)];
    let said = Pointing { row: 17, parts, list: Listed::Logins };
    assert_eq!(Pointing::parse("logins 17 address 20 control 31"), Some(said));
    for odd in ["", "logins", "all 17", "logins 17 address", "logins 17 isp 3", "logins -1", "logins 17 address x"] {
        assert_eq!(Pointing::parse(odd), None, "{odd}");
    }
}

#[test]
fn small_changes_of_the_page_are_borne() {
    let lesson = lesson();
    // A banner above, a wrapper's neighbour, a row more, a badge before a device, a count in the heading.
    let changed = PAGE
        .replace("<main>", "<div>Uus!</div><main>")
        .replace("Sinu seadmed", "Sinu seadmed (5)")
        .replace("<b>Firefox 145, Ubuntu</b>", "<b>Uus</b><b>Firefox 145, Ubuntu</b>");
    let reading = reading(&changed, &lesson);
    let rows: Vec<&Row> = reading.sessions().collect();
    assert_eq!(rows.len(), 4, "{reading:#?}");
    assert_eq!(rows[1].browser.as_deref(), Some("Firefox"));
}

#[test]
fn a_page_that_changed_its_shape_is_not_read() {
    let lesson = lesson();
    for changed in [
        PAGE.replace("figure", "div"),
        PAGE.replace("Sinu seadmed", "Tellimused"),
        PAGE.replace("<b>", "<u><b>").replace("</b>", "</b></u>").replace("<i>", "<u><i>").replace("</i>", "</i></u>"),
        String::new(),
        "<html><body><p>Laen…</p></body></html>".to_owned(),
    ] {
        assert!(is_out_of_date(&reading(&changed, &lesson)), "{changed}");
    }
    assert!(!is_out_of_date(&reading(PAGE, &lesson)));
}

#[test]
fn of_two_lists_alike_only_the_one_in_its_place_is_read() {
    let lesson = lesson();
    let list = &PAGE[PAGE.find("<section>").unwrap()..PAGE.find("</section>").unwrap() + "</section>".len()];
    let other = list.replace("203.0.113.7", "192.0.2.1");
    let twice = PAGE.replace("</main>", &format!("{other}</main>"));
    let rows: Vec<String> = reading(&twice, &lesson).sessions().filter_map(|row| row.ip.clone()).collect();
    assert_eq!(rows.first().map(String::as_str), Some("203.0.113.7"));
    // Under a heading of its own it is another list, wherever it stands.
    let first = PAGE.replace("<main>", &format!("<main>{}", other.replace("Sinu seadmed", "Ajalugu")));
    let rows: Vec<String> = reading(&first, &lesson).sessions().filter_map(|row| row.ip.clone()).collect();
    assert_eq!(rows.first().map(String::as_str), Some("203.0.113.7"));
    assert_eq!(rows.len(), 3);
}

#[test]
fn what_holds_no_such_value_is_refused_and_stays_unknown() {
    let page = page(PAGE);
    let mut wrong = pointing(&page);
    wrong.parts[0].1 = at(&page, "Tartu");
    wrong.parts[2].1 = at(&page, "Tartu");
    let Learned { lesson, rows, refused } = learned(&page, &wrong);
    assert_eq!(refused, [(Some(Part::Address), Refusal::NoValue), (Some(Part::Time), Refusal::NoValue)]);
    assert!(lesson.is_some() && rows.iter().all(|row| row.ip.is_none() && row.last_active_at.is_none()));
    // Rows that cannot be told from anything are no rows.
    wrong.parts.retain(|(part, _)| *part != Part::Device);
    let Learned { lesson, refused, .. } = learned(&page, &wrong);
    assert!(lesson.is_none() && refused.contains(&(None, Refusal::TooLittle)), "{refused:?}");
}

#[test]
fn what_stands_outside_the_row_is_refused() {
    let page = page(PAGE);
    let mut wrong = pointing(&page);
    wrong.parts[0].1 = at(&page, "198.51.100.23");
    assert_eq!(learned(&page, &wrong).refused, [(Some(Part::Address), Refusal::Outside)]);
    for row in [0, at(&page, "Rahakott"), u32::MAX] {
        let whole = Pointing { row, ..pointing(&page) };
        assert!(learned(&page, &whole).lesson.is_none(), "{row}");
    }
}

/// The page with other words on the control, taught anew.
fn with_control(words: &str) -> Learned {
    let page = page(&PAGE.replace(">Katkesta<", &format!(">{words}<")));
    let control = up(&page, at(&page, words), 0);
    let mut pointing = pointing(&self::page(PAGE));
    pointing.parts[4].1 = control;
    learned(&page, &pointing)
}

#[test]
fn a_control_that_ends_something_else_is_refused() {
    for words in ["Cancel", "Delete API key", "Remove phone number", "Log out all devices", "Edit", "Log in", "Details"]
    {
        let learned = with_control(words);
        assert_eq!(learned.refused, [(Some(Part::Control), Refusal::WrongControl)], "{words}");
        assert!(learned.rows.iter().all(|row| row.log_out.is_none()), "{words}");
    }
    for words in ["Log out", "Katkesta", "×", "Remove device"] {
        let learned = with_control(words);
        assert_eq!(learned.refused, [], "{words}");
        assert_eq!(learned.rows[0].log_out.as_ref().map(|it| it.label.as_str()), Some(words));
    }
}

#[test]
fn only_what_says_the_same_as_the_taught_control_is_offered() {
    let lesson = lesson();
    let changed = PAGE.replacen(">Katkesta<", ">Muuda nime<", 1);
    let reading = reading(&changed, &lesson);
    let rows: Vec<bool> = reading.sessions().map(|row| row.log_out.is_some()).collect();
    assert_eq!(rows, [false, true, true, false]);
}

#[test]
fn a_list_of_something_else_is_not_learned() {
    for heading in ["API keys", "Open orders", "Connected apps", "Passkeys"] {
        let page = page(&PAGE.replace("Sinu seadmed", heading));
        let learned = learned(&page, &pointing(&page));
        assert_eq!(learned.refused, [(None, Refusal::OtherList)], "{heading}");
    }
}

#[test]
fn a_history_offers_no_control() {
    let page = page(PAGE);
    let learned = learned(&page, &Pointing { list: Listed::Logins, ..pointing(&page) });
    assert!(learned.rows.iter().all(|row| row.log_out.is_none() && !row.current && row.signed_in_at.is_some()));
    let reading = reading(PAGE, &learned.lesson.unwrap());
    assert!(matches!(reading.lists.as_slice(), [List::Logins(rows)] if rows.len() == 4));
}

#[test]
fn a_row_of_one_text_is_taken_apart() {
    let html = "<main><h2>Seadmed</h2><ul>\
        <li>Chrome 143, Windows · 203.0.113.7 · 2026-11-20 09:14 · Tartu</li>\
        <li>Safari, macOS · 198.51.100.23 · 2026-11-19 22:40 · Tallinn</li></ul></main>";
    let page = page(html);
    let row = at(&page, "Chrome 143");
    let parts = [Part::Address, Part::Device, Part::Time, Part::Place].map(|part| (part, row)).to_vec();
    let Learned { rows, refused, .. } = learned(&page, &Pointing { row, parts, list: Listed::Sessions });
    assert_eq!(refused, []);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1].device.as_deref(), Some("Safari, macOS"));
    assert_eq!(rows[1].ip.as_deref(), Some("198.51.100.23"));
    assert_eq!(rows[1].place.as_deref(), Some("Tallinn"));
}

#[test]
fn a_table_with_a_head_is_learned_without_it() {
    let row = |device: &str, ip: &str| format!("<tr><td>{device}</td><td>{ip}</td><td><a>Katkesta</a></td></tr>");
    let html = format!(
        "<h2>Seadmed</h2><table><tr><td>Seade</td><td>Aadress</td><td></td></tr>{}{}{}</table>",
        row("Chrome, Windows", "203.0.113.7"),
        row("Tundmatu", ""),
        row("Edge, Windows", "192.0.2.1"),
    );
    let page = page(&html);
    let device = at(&page, "Chrome");
    let parts = vec![(Part::Device, device), (Part::Address, at(&page, "203.0.113.7"))];
    let learned = learned(&page, &Pointing { row: up(&page, device, 1), parts, list: Listed::Sessions });
    let rows: Vec<Option<&str>> = learned.rows.iter().map(|row| row.ip.as_deref()).collect();
    assert_eq!(rows, [Some("203.0.113.7"), None, Some("192.0.2.1")], "no row is hidden for what it does not say");
}

fn soup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "<div>",
        "</div>",
        "<ul>",
        "<li>",
        "</li>",
        "<table>",
        "<tr>",
        "<td>",
        "</td>",
        "</tr>",
        "<h2>Seadmed</h2>",
        "203.0.113.7",
        "Chrome 143, Windows",
        "2026-11-20 09:14",
        "<button>Katkesta</button>",
        "<b>",
        "</b>",
        "<button>Log out</button>",
        "<button>Cancel order</button>",
        "<a href=/x>Delete API key</a>",
        "Tartu",
        "<p>",
    ]);
    prop::collection::vec(pieces, 0..80).prop_map(|pieces| pieces.concat())
}

fn any_way() -> impl Strategy<Value = Vec<Step>> {
    let tag = prop::sample::select(vec!["div", "li", "td", "button", "b", "p", "#text", ""]);
    prop::collection::vec((tag, 0_u32..4, 0_u32..4).prop_map(|(tag, a, b)| Step(tag.to_owned(), a, b)), 0..4)
}

fn any_part() -> impl Strategy<Value = Part> {
    prop::sample::select(vec![Part::Address, Part::Device, Part::Time, Part::Place, Part::Control])
}

fn any_lesson() -> impl Strategy<Value = Lesson> {
    let part = (any_part(), any_way(), any::<bool>()).prop_map(|(part, way, sure)| Taught { part, way, sure });
    let heading = prop::sample::select(vec!["seadmed", ""]);
    let words = prop::sample::select(vec!["katkesta", "log out", "cancel order", "delete api key", ""]);
    (any_way(), prop::collection::vec(part, 0..6), heading, words, prop::sample::select(vec!["tr", "li", "div", "td"]))
        .prop_map(|(above, parts, heading, words, row)| Lesson {
            above,
            parts,
            heading: heading.to_owned(),
            words: words.to_owned(),
            row: row.to_owned(),
            ..Lesson::default()
        })
}

fn check(page: &Page, rows: &[Row]) -> Result<(), TestCaseError> {
    prop_assert!(rows.iter().filter(|row| row.current).count() <= 1);
    for row in rows {
        let record = page.subtree(row.node.unwrap());
        if let Some(control) = &row.log_out {
            let node = control.node.unwrap();
            prop_assert!(record.contains(&node) && record.start != node, "a control outside its record");
            prop_assert!(may_end(&control.label), "{}", control.label);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_lesson_offers_a_control_outside_its_records_or_of_a_refused_kind(body in soup(), lesson in any_lesson()) {
        let page = page(&body);
        let reading = read(&page, &lesson, &Hints::default(), now(), &Zone::utc());
        is_out_of_date(&reading);
        for list in &reading.lists {
            if let List::Sessions(rows) = list {
                check(&page, rows)?;
            }
        }
    }

    #[test]
    fn no_pointing_makes_it_panic(
        body in soup(), row in 0_u32..60, parts in prop::collection::vec((any_part(), 0_u32..80), 0..7),
    ) {
        let page = page(&body);
        let learned = learned(&page, &Pointing { row, parts, list: Listed::Sessions });
        check(&page, &learned.rows)?;
        if let Some(lesson) = learned.lesson {
            let reading = read(&page, &lesson, &Hints::default(), now(), &Zone::utc());
            prop_assert!(reading.sessions().eq(learned.rows.iter()));
        }
    }
}

#[test]
fn time_grows_with_the_page_and_no_faster() {
    let lesson = lesson();
    let deep = |depth: usize| format!("<main>{}{}</main>", "<figure><b>".repeat(depth), "x".repeat(3));
    let wide = |rows: usize| {
        let start = PAGE.find("<figure>").unwrap();
        let end = PAGE.find("</figure>").unwrap() + "</figure>".len();
        PAGE.replacen("<figure>", &format!("{}<figure>", PAGE[start..end].repeat(rows)), 1)
    };
    let took = |html: String| {
        let page = page(&html);
        let start = std::time::Instant::now();
        let zone = Zone::utc();
        let class = Class::of(&page, &Hints::default(), now(), &zone);
        let made = start.elapsed();
        drop(class.rows(&lesson));
        (start.elapsed() - made, page.nodes().len())
    };
    for (less, more) in [(took(deep(200)), took(deep(800))), (took(wide(250)), took(wide(1000)))] {
        let (times, nodes) = (more.0.as_secs_f64() / less.0.as_secs_f64(), more.1 as f64 / less.1 as f64);
        assert!(times < 4.0 * nodes || more.0.as_millis() < 20, "{less:?} {more:?}");
    }
}
