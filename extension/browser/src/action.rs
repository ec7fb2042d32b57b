//! The toolbar's badge.

use js_sys::{Object, Reflect};
use latchkey::protocol::TabId;
use latchkey::view::{Badge, Tone};
use wasm_bindgen::prelude::*;

use crate::error::BrowserError;
use crate::words;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setBadgeText)]
    async fn set_badge_text(details: &Object) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setBadgeBackgroundColor)]
    async fn set_badge_background_color(details: &Object) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setBadgeTextColor)]
    async fn set_badge_text_color(details: &Object) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setTitle)]
    async fn set_title(details: &Object) -> Result<JsValue, JsValue>;
}

/// Shows a badge for a tab, or with `None` for all tabs that have none of their own; or takes it away.
///
/// # Errors
/// Where the tab has gone meanwhile.
pub async fn set_badge(tab: Option<TabId>, badge: Option<&Badge>) -> Result<(), BrowserError> {
    let (text, title) = match badge {
        Some(badge) => (JsValue::from_str(&badge.text), words::render(&badge.title)),
        // Of a tab, null lets the badge for all tabs be seen again.
        None if tab.is_some() => (JsValue::NULL, words::text("extension_name")),
        None => (JsValue::from_str(""), words::text("extension_name")),
    };
    set_badge_text(&details(tab, "text", &text)?).await?;
    set_title(&details(tab, "title", &title.into())?).await?;
    if let Some(badge) = badge {
        set_badge_background_color(&details(tab, "color", &colour(badge.tone).into())?).await?;
        set_badge_text_color(&details(tab, "color", &"#ffffff".into())?).await?;
    }
    Ok(())
}

fn colour(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "#1a7f4b",
        Tone::Unknown => "#5f6670",
        Tone::Check => "#9a5b00",
        Tone::Act => "#b3261e",
    }
}

fn details(tab: Option<TabId>, key: &str, value: &JsValue) -> Result<Object, BrowserError> {
    let details = Object::new();
    if let Some(tab) = tab {
        Reflect::set(&details, &"tabId".into(), &tab.into())?;
    }
    Reflect::set(&details, &key.into(), value)?;
    Ok(details)
}
