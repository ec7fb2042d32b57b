//! Paintings for the page's script: all words said, so that it has nothing left to decide.

use latchkey::explain::Message;
use latchkey::protocol::Reply;
use latchkey::view::{Guard, LessonView, Painting, Tone};
use latchkey_browser::{BrowserError, runtime, words};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// What `paint.js` draws.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Drawing {
    revision: u64,
    dir: String,
    lang: String,
    chips: Vec<DrawnChip>,
    banner: Option<DrawnBanner>,
    guard: Option<DrawnGuard>,
    bar: Option<DrawnBar>,
    words: Words,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DrawnGuard {
    hosts: Vec<String>,
    covered_from: Option<f64>,
    words: GuardWords,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GuardWords {
    countdown: String,
    countdown_detail: String,
    stay: String,
    cover: String,
    cover_detail: String,
}

#[derive(Serialize)]
struct DrawnBar {
    tone: Tone,
    text: String,
    detail: String,
    action: Option<String>,
    target: Option<u32>,
}

#[derive(Serialize)]
struct DrawnChip {
    node: u32,
    tone: Tone,
    label: String,
    reasons: Vec<String>,
    title: String,
}

#[derive(Serialize)]
struct DrawnBanner {
    tone: Tone,
    text: String,
    detail: String,
    action: String,
    first: Option<u32>,
}

#[derive(Serialize)]
struct Words {
    close: String,
    why: String,
}

/// What the page's script is told.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum ToPage<'a> {
    Paint { revision: u64, painting: Box<Drawing> },
    Clear { revision: u64 },
    Stop,
    Lesson { rows: &'a [[String; 5]], refused: Vec<(&'a str, String)>, saved: bool },
    Refused { why: &'a str },
}

/// A painting as a message to the page's script.
pub fn painting(painting: &Painting) -> Result<JsValue, BrowserError> {
    runtime::plain(&ToPage::Paint { revision: painting.revision, painting: Box::new(draw(painting)) })
}

/// A reply as a message. Screens read a [`Reply`] itself; a page's script is told what to do by its `kind`, and the
/// words of its painting with it.
pub fn reply(reply: &Reply) -> Result<JsValue, BrowserError> {
    match reply {
        Reply::Painting(it) => painting(it),
        Reply::Clear { revision } => runtime::plain(&ToPage::Clear { revision: *revision }),
        Reply::Lesson(LessonView { rows, refused, saved }) => {
            let refused = refused.iter().map(|(part, why)| (*part, words::render(why))).collect();
            runtime::plain(&ToPage::Lesson { rows, refused, saved: *saved })
        }
        Reply::Stop => runtime::plain(&ToPage::Stop),
        Reply::Refused { why } => runtime::plain(&ToPage::Refused { why }),
        other => runtime::plain(other),
    }
}

fn draw(painting: &Painting) -> Drawing {
    Drawing {
        revision: painting.revision,
        dir: words::direction(),
        lang: words::language(),
        chips: painting
            .chips
            .iter()
            .map(|chip| DrawnChip {
                node: chip.node,
                tone: chip.tone,
                label: words::render(&chip.label),
                reasons: chip.reasons.iter().map(words::render).collect(),
                title: words::text("extension_name"),
            })
            .collect(),
        banner: painting.banner.as_ref().map(|banner| DrawnBanner {
            tone: banner.tone,
            text: words::render(&banner.text),
            detail: words::text("banner_detail"),
            action: words::text("overlay_show_me"),
            first: banner.first,
        }),
        guard: painting.guard.as_ref().map(guard),
        bar: painting.bar.as_ref().map(|bar| DrawnBar {
            tone: bar.tone,
            text: words::render(&bar.text),
            detail: words::render(&bar.detail),
            action: bar.action.as_ref().map(words::render),
            target: bar.target,
        }),
        words: Words { close: words::text("overlay_close"), why: words::text("overlay_why") },
    }
}

fn guard(guard: &Guard) -> DrawnGuard {
    let named = |key| Message::new(key).with_text(guard.name.clone());
    DrawnGuard {
        hosts: guard.hosts.clone(),
        covered_from: guard.covered_from.map(|at| at.timestamp_millis() as f64),
        words: GuardWords {
            countdown: words::text("leave_countdown"),
            countdown_detail: words::all(&[named("leave_countdown_detail"), guard.lives.clone()]),
            stay: words::text("leave_stay"),
            cover: words::render(&named("leave_cover")),
            cover_detail: words::all(&[Message::new("leave_cover_detail"), guard.lives.clone()]),
        },
    }
}
