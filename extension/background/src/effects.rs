//! Carries effects out. One that fails is logged and stops no other: the tab it was for has usually gone.

use latchkey::protocol::Effect;
use latchkey_browser::scripts::{self, Scripts};
use latchkey_browser::{BrowserError, action, alarms, cleaning, notifications, runtime, tabs};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::paint;

#[wasm_bindgen]
extern "C" {
    /// Says something in the extension's own console.
    #[wasm_bindgen(js_namespace = console, js_name = debug)]
    pub fn log(what: &str);
}

/// What the scripts of a page are told.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum ToPage {
    Stop,
    Show { node: u32 },
    Capture,
}

/// Carries one effect out.
pub async fn run(effect: Effect) {
    if let Err(error) = try_run(effect).await {
        log(&format!("Latchkey: {error}"));
    }
}

async fn try_run(effect: Effect) -> Result<(), BrowserError> {
    match effect {
        Effect::Badge(tab, badge) => action::set_badge(Some(tab), badge.as_ref()).await,
        Effect::BadgeElsewhere(badge) => action::set_badge(None, badge.as_ref()).await,
        Effect::Paint(tab, painting) => tabs::send(tab, &paint::painting(&painting)?).await,
        Effect::Show(tab, node) => tabs::send(tab, &runtime::plain(&ToPage::Show { node })?).await,
        Effect::Stop(tab) => tabs::send(tab, &runtime::plain(&ToPage::Stop)?).await,
        Effect::Watch(patterns) => scripts::watch(&patterns).await,
        Effect::Read(tab) => {
            scripts::run(tab, Scripts::Reading).await?;
            tabs::send(tab, &runtime::plain(&ToPage::Capture)?).await
        }
        Effect::Teach(tab) => scripts::run(tab, Scripts::Teaching).await,
        Effect::Changed(tab) => {
            runtime::tell_screens(tab).await;
            Ok(())
        }
        Effect::OpenWelcome => tabs::open("welcome.html").await,
        Effect::OpenLeave => tabs::bring("leave.html").await,
        Effect::Notify(messages) => notifications::say(&messages).await,
        Effect::Alarm(at) => alarms::set(at),
        Effect::Clean(sites, store) => cleaning::clean(&sites, &store).await,
    }
}
