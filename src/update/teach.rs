//! Teaching within the one update: what a person pointed at becomes a lesson, and lessons are read with.

use super::{Around, Outcome, watch};
use crate::exchange::{self, Exchange};
use crate::explain::Message;
use crate::page::Page;
use crate::protocol::{Effect, Reply, Tab};
use crate::reading::lesson::{self, Learned, Lesson, OUT_OF_DATE, Part, Pointing, Refusal};
use crate::reading::{self, Hints, Reading};
use crate::session::Row;
use crate::state::State;
use crate::tab::Privacy;
use crate::view::{LessonView, TeachView};

/// The exchange of an address, where the person watches it; or a site of which they taught a page.
pub fn site_of(state: &State, url: &str) -> Option<&'static Exchange> {
    match exchange::of_url(url) {
        Some(exchange) => Some(exchange).filter(|_| exchange::is_within(url, &state.kept.watched)),
        None => {
            let is_taught =
                state.kept.lessons.iter().any(|kept| exchange::is_within(url, &[page_and_text(kept).0.to_owned()]));
            if is_taught { exchange::site(url) } else { None }
        }
    }
}

/// A stored lesson's page, and its text.
fn page_and_text(kept: &str) -> (&str, &str) {
    kept.split_once('\n').unwrap_or((kept, ""))
}

fn kept<'it>(state: &'it State, page: &str) -> Option<&'it String> {
    state.kept.lessons.iter().find(|kept| page_and_text(kept).0 == page)
}

fn drop_lesson(state: &mut State, page: &str) {
    state.kept.lessons.retain(|kept| page_and_text(kept).0 != page);
}

/// Reads a page, with what was taught of it where something was.
pub fn reading_of(state: &State, page: &Page, exchange: &Exchange, around: &Around<'_>) -> Reading {
    let hints = hints(Some(exchange));
    match exchange::page_of(&page.url).and_then(|name| kept(state, &name)) {
        // What cannot be understood fits nothing.
        Some(text) => lesson::read(
            page,
            &Lesson::parse(page_and_text(text).1).unwrap_or_default(),
            &hints,
            around.now,
            &around.own.zone,
        ),
        None => reading::read(page, &hints, around.now, &around.own.zone),
    }
}

fn hints(exchange: Option<&Exchange>) -> Hints {
    let brand = exchange.into_iter().flat_map(|exchange| exchange.brand);
    Hints { lang: None, brand: brand.map(|name| (*name).to_owned()).collect() }
}

/// Whether what was taught of a page does not fit it any more.
pub fn is_out_of_date(reading: &Reading) -> bool {
    reading.problems.iter().any(|problem| problem.code == OUT_OF_DATE)
}

/// The popup's part.
pub fn view(state: &State, tab: &Tab) -> TeachView {
    let taught = exchange::page_of(&tab.url).is_some_and(|page| kept(state, &page).is_some());
    TeachView { can: can_be_taught(state, tab), taught, file: file(state) }
}

/// All lessons as a file; `None` where there are none.
fn file(state: &State) -> Option<String> {
    let lessons = Some(&state.kept.lessons).filter(|lessons| !lessons.is_empty())?;
    crate::json::text(lessons).ok()
}

/// A known exchange that is not watched is to be granted first; other sites are open where the person opens the popup.
fn can_be_taught(state: &State, tab: &Tab) -> bool {
    site_of(state, &tab.url).is_some() || (exchange::of_url(&tab.url).is_none() && tab.url.starts_with("https://"))
}

/// Lets the person point.
pub fn begin(state: &State, tab: &Tab) -> Outcome {
    if !can_be_taught(state, tab) {
        return Outcome::refused("no page that can be taught");
    }
    Outcome { reply: Reply::Done, effects: vec![Effect::Teach(tab.id)], judged: false }
}

/// Forgets what was taught of a tab's page.
pub fn forget(state: &mut State, tab: &Tab) -> Outcome {
    let before = state.kept.lessons.len();
    if let Some(page) = exchange::page_of(&tab.url) {
        drop_lesson(state, &page);
    }
    if state.kept.lessons.len() == before {
        return Outcome::refused("nothing was taught of this page");
    }
    state.tabs.tabs.remove(&tab.id);
    let next = if site_of(state, &tab.url).is_some() { Effect::Read(tab.id) } else { Effect::Stop(tab.id) };
    Outcome { reply: Reply::Done, effects: vec![Effect::Badge(tab.id, None), next], judged: false }
}

/// The person pointed at something: what is understood of it, and whether it is remembered.
pub fn taught(state: &mut State, tab: &Tab, capture: &str, pointing: &str, save: bool, around: &Around<'_>) -> Outcome {
    let page = match Page::from_capture(capture) {
        Ok(page) => page,
        Err(error) => return Outcome::refused(&error.to_string()),
    };
    let name = exchange::page_of(&page.url)
        .filter(|_| exchange::is_within(&page.url, std::slice::from_ref(&tab.url)) && can_be_taught(state, tab));
    let (Some(name), Some(pointing)) = (name, Pointing::parse(pointing)) else {
        return Outcome::refused("no page that can be taught");
    };
    let hints = hints(exchange::of_url(&tab.url));
    let Learned { lesson, rows, refused } = lesson::learn(&page, &pointing, &hints, around.now, &around.own.zone);
    let mut view = LessonView {
        rows: rows.into_iter().map(row_view).collect(),
        refused: refused
            .into_iter()
            .map(|(part, refusal)| (part.map_or("", Part::name), words(part, refusal)))
            .collect(),
        saved: false,
    };
    let mut effects = Vec::new();
    if let Some(lesson) = lesson.filter(|_| save) {
        if tab.privacy == Privacy::Private || watch::is_shared(state) {
            view.refused.push(("", Message::new("teach_not_kept")));
        } else {
            drop_lesson(state, &name);
            state.kept.lessons.push([&name, "\n", &lesson.text()].concat());
            view.saved = true;
            effects.push(Effect::Read(tab.id));
        }
    }
    Outcome { reply: Reply::Lesson(view), effects, judged: false }
}

fn row_view(row: Row) -> [String; 5] {
    let time = row.last_active_at.or(row.signed_in_at).map(|time| time.at.timestamp_millis().to_string());
    [row.ip, row.device, time, row.place, row.log_out.map(|control| control.label)].map(Option::unwrap_or_default)
}

fn words(part: Option<Part>, refusal: Refusal) -> Message {
    Message::new(match (refusal, part) {
        (Refusal::NoRow, _) => "teach_no_row",
        (Refusal::OtherList, _) => "teach_other_list",
        (Refusal::TooLittle, _) => "teach_too_little",
        (Refusal::Outside, _) => "teach_outside",
        (Refusal::NoValue, Some(Part::Address)) => "teach_no_address",
        (Refusal::NoValue, Some(Part::Time)) => "teach_no_time",
        (Refusal::NoValue, _) => "teach_no_value",
        (Refusal::NoControl, _) => "teach_no_control",
        (Refusal::OpensMenu, _) => "teach_opens_menu",
        (Refusal::WrongControl, _) => "teach_wrong_control",
    })
}
