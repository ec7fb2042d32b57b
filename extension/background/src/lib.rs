//! What runs behind the service worker (Chromium) or event page (Firefox).
//!
//! `background.js` adds the listeners and hands every event to [`handle`], one at a time. An event is: load the state,
//! update it, save it, run the effects, answer. Nothing is held in memory between two events.

mod effects;
mod paint;

use latchkey::explain::Message;
use latchkey::protocol::{Event, FromBrowser, Installed, Reply};
use latchkey::reading::lexicon;
use latchkey::update::{Around, Outcome, update};
use latchkey_browser::runtime::{self, Speaker};
use latchkey_browser::{BrowserError, clock, data, permissions, storage, tabs, words};
use wasm_bindgen::prelude::*;

/// Sets the module up, once a life of the background.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    lexicon::name_countries_by(words::countries);
}

/// Handles one event of the browser and answers what `background.js` passes on to whoever waits.
///
/// `name` is the listener's, `args` are the listener's own arguments. Never throws: what goes wrong is an answer of the
/// kind `refused`, so that the queue of events goes on.
#[wasm_bindgen]
pub async fn handle(name: String, args: js_sys::Array) -> JsValue {
    let reply = match run(&name, &args).await {
        Ok(reply) => reply,
        Err(error) => Reply::Refused { why: error.to_string() },
    };
    paint::reply(&reply).unwrap_or(JsValue::UNDEFINED)
}

async fn run(name: &str, args: &js_sys::Array) -> Result<Reply, BrowserError> {
    let Some(event) = event(name, args).await? else { return Ok(Reply::Done) };
    let before = storage::load().await?;
    let mut after = before.clone();
    let (own, now) = (clock::own(), clock::now());
    let around = || Around { own: &own, world: data::world(), now };
    let mut woken = Vec::new();
    if !after.tabs.watch.awake {
        // Browsers do not tell in every case that they have started.
        let event = Event::Browser(FromBrowser::Woken(storage::policy().await));
        woken = update(&mut after, event, &around()).effects;
    }
    // Most events need no packaged data; one that does is handled again with it.
    let again = (!data::is_loaded()).then(|| (after.clone(), event.clone()));
    let mut outcome = update(&mut after, event, &around());
    if let Some((unchanged, event)) = again.filter(|_| outcome.judged) {
        let loaded = data::load().await;
        after = unchanged;
        match loaded {
            Ok(Some(_)) => after.kept.notices.push(Message::new("notice_data_refused")),
            Ok(None) => {}
            Err(error) => effects::log(&format!("Latchkey: {error}")),
        }
        outcome = update(&mut after, event, &around());
    }
    let Outcome { reply, effects, .. } = outcome;
    storage::save(&before, &after).await?;
    for effect in woken {
        effects::run(effect).await;
    }
    for effect in effects {
        effects::run(effect).await;
    }
    Ok(reply)
}

/// The browser's event as the core knows it; `None` where it means nothing to it.
async fn event(name: &str, args: &js_sys::Array) -> Result<Option<Event>, BrowserError> {
    let event = match name {
        "message" => match runtime::hear(args.get(0), args.get(1))? {
            Speaker::Screen(said) => Event::Screen(said),
            Speaker::Page(tab, said) => Event::Page(tab, said),
        },
        "installed" | "startup" => {
            let reason =
                js_sys::Reflect::get(&args.get(0), &"reason".into()).ok().and_then(|reason| reason.as_string());
            let installed = if reason.as_deref() == Some("install") { Installed::JustNow } else { Installed::Before };
            Event::Browser(FromBrowser::Started { installed, granted: permissions::granted().await? })
        }
        "permissions" => Event::Browser(FromBrowser::Granted(permissions::granted().await?)),
        "tab-loading" => Event::Browser(FromBrowser::TabNavigated(tabs::from_js(args.get(0))?)),
        "tab-closed" => match args.get(0).as_f64() {
            Some(tab) => Event::Browser(FromBrowser::TabClosed(tab as i32)),
            None => return Ok(None),
        },
        "managed" => match storage::policy().await {
            Some(policy) => Event::Browser(FromBrowser::Policy(policy)),
            None => return Ok(None),
        },
        "alarm" => Event::Browser(FromBrowser::Alarm),
        "data" => {
            data::unload();
            return Ok(None);
        }
        "presence" => Event::Browser(FromBrowser::Presence(serde_wasm_bindgen::from_value(args.get(0))?)),
        _ => return Ok(None),
    };
    Ok(Some(event))
}
