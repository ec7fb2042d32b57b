//! Tabs.

use js_sys::{Array, Object, Reflect};
use latchkey::protocol::{Privacy, Tab, TabId};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::error::BrowserError;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = query)]
    async fn query(filter: &Object) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = get)]
    async fn get_tab(id: TabId) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = create)]
    async fn create(properties: &Object) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = reload)]
    async fn reload_tab(id: TabId) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = update)]
    async fn update(id: TabId, properties: &Object) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = sendMessage)]
    async fn send_message(id: TabId, message: &JsValue) -> Result<JsValue, JsValue>;
}

/// A tab as the browser describes it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct BrowserTab {
    id: Option<TabId>,
    url: Option<String>,
    incognito: bool,
    cookie_store_id: Option<String>,
}

/// A tab from the browser's own description of it.
///
/// # Errors
/// Where it has no number.
pub fn from_js(tab: JsValue) -> Result<Tab, BrowserError> {
    let tab: BrowserTab = serde_wasm_bindgen::from_value(tab)?;
    Ok(Tab {
        id: tab.id.ok_or_else(|| BrowserError::Unexpected("a tab without a number".to_owned()))?,
        url: tab.url.unwrap_or_default(),
        privacy: if tab.incognito { Privacy::Private } else { Privacy::Ordinary },
        store: tab.cookie_store_id.unwrap_or_default(),
    })
}

/// The tab in front of the person.
///
/// # Errors
/// Where there is none.
pub async fn active() -> Result<Tab, BrowserError> {
    let filter = Object::new();
    Reflect::set(&filter, &"active".into(), &true.into())?;
    Reflect::set(&filter, &"currentWindow".into(), &true.into())?;
    from_js(Array::from(&query(&filter).await?).get(0))
}

/// A tab by its number.
///
/// # Errors
/// Where there is no such tab.
pub async fn get(id: TabId) -> Result<Tab, BrowserError> {
    from_js(get_tab(id).await?)
}

/// The numbers of the open tabs on some match patterns.
///
/// # Errors
/// Where the browser refuses to tell.
pub async fn on(patterns: &[String]) -> Result<Vec<TabId>, BrowserError> {
    let url: Array = patterns.iter().map(|pattern| JsValue::from_str(pattern)).collect();
    let filter = Object::new();
    Reflect::set(&filter, &"url".into(), &url)?;
    Ok(Array::from(&query(&filter).await?).iter().filter_map(|tab| from_js(tab).ok()).map(|tab| tab.id).collect())
}

/// Opens an address in a new tab; a relative one is a page of the extension.
///
/// # Errors
/// Where the browser refuses.
pub async fn open(url: &str) -> Result<(), BrowserError> {
    let properties = Object::new();
    Reflect::set(&properties, &"url".into(), &url.into())?;
    create(&properties).await?;
    Ok(())
}

/// Loads a tab's page anew.
///
/// # Errors
/// Where there is no such tab.
pub async fn reload(id: TabId) -> Result<(), BrowserError> {
    reload_tab(id).await?;
    Ok(())
}

/// Brings a page of the extension to the front of its window: the tab that shows it, or else a new one.
///
/// # Errors
/// Where the browser refuses.
pub async fn bring(page: &str) -> Result<(), BrowserError> {
    let url = crate::runtime::url(page);
    let tabs = Array::from(&query(&Object::new()).await?);
    let Some(tab) = tabs.iter().filter_map(|tab| from_js(tab).ok()).find(|tab| tab.url == url) else {
        return open(page).await;
    };
    let properties = Object::new();
    Reflect::set(&properties, &"active".into(), &true.into())?;
    update(tab.id, &properties).await?;
    Ok(())
}

/// Sends a message to the scripts of a tab.
///
/// # Errors
/// Where nobody there listens.
pub async fn send(id: TabId, message: &JsValue) -> Result<(), BrowserError> {
    send_message(id, message).await?;
    Ok(())
}

/// What a tab's page shows now, as its script captures it: the JSON of a [`latchkey::page::Capture`].
///
/// # Errors
/// Where no script of ours runs there.
pub async fn look(id: TabId) -> Result<String, BrowserError> {
    let message = Object::new();
    Reflect::set(&message, &"kind".into(), &"look".into())?;
    let capture = send_message(id, &message).await?;
    capture.as_string().ok_or_else(|| BrowserError::Unexpected("no capture".to_owned()))
}
