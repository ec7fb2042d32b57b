//! Messages between the extension's own parts.

use js_sys::{Object, Reflect};
use latchkey::protocol::{FromPage, FromScreen, Reply, Tab, TabId};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::error::BrowserError;
use crate::tabs;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "runtime"], js_name = sendMessage)]
    async fn send_message(message: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = getURL)]
    fn get_url(path: &str) -> String;
    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = getManifest)]
    fn get_manifest() -> JsValue;
    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "runtime"], js_name = id)]
    static ID: String;
}

/// Where a message comes from, as the browser vouches for it.
#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Sender {
    id: Option<String>,
    url: Option<String>,
    #[serde(rename = "frameId")]
    frame_id: Option<i32>,
}

/// Who speaks.
#[derive(Debug, Clone, PartialEq)]
pub enum Speaker {
    /// One of the extension's own screens.
    Screen(FromScreen),
    /// A page's script, in this tab.
    Page(Tab, FromPage),
}

/// Asks the background; once more where it died meanwhile (Chromium: an error; Firefox: no answer).
///
/// # Errors
/// Where it does not answer, or not with a [`Reply`].
pub async fn ask(what: FromScreen) -> Result<Reply, BrowserError> {
    let message = Object::new();
    Reflect::set(&message, &"to".into(), &"background".into())?;
    Reflect::set(&message, &"screen".into(), &plain(&what)?)?;
    let answer = match send_message(&message).await {
        Ok(answer) if !answer.is_undefined() => answer,
        _ => send_message(&message).await?,
    };
    Ok(serde_wasm_bindgen::from_value(answer)?)
}

/// Tells open screens that what they show of a tab has changed. None may be open.
pub async fn tell_screens(tab: TabId) {
    let message = Object::new();
    let told = Reflect::set(&message, &"to".into(), &"screens".into())
        .and_then(|_| Reflect::set(&message, &"changed".into(), &tab.into()));
    if told.is_ok() {
        drop(send_message(&message).await);
    }
}

/// Tells the background that other data is in use now. One that does not answer unpacks it in its next life.
pub async fn tell_data_changed() {
    let message = Object::new();
    if Reflect::set(&message, &"to".into(), &"data".into()).is_ok() {
        drop(send_message(&message).await);
    }
}

/// Who sent a message, and what it says. Whoever is neither a screen of this extension nor one of its scripts in the
/// top frame of a tab is nobody.
///
/// # Errors
/// Where the sender is nobody, or the message is none of ours.
pub fn hear(message: JsValue, sender: JsValue) -> Result<Speaker, BrowserError> {
    let stranger = |what: &str| BrowserError::Unexpected(what.to_owned());
    let tab = Reflect::get(&sender, &"tab".into())?;
    let from: Sender = serde_wasm_bindgen::from_value(sender)?;
    if from.id.as_deref() != Some(ID.with(Clone::clone).as_str()) {
        return Err(stranger("a message of another extension"));
    }
    let url = from.url.unwrap_or_default();
    if url.starts_with(&get_url("")) {
        let said = Reflect::get(&message, &"screen".into())?;
        return Ok(Speaker::Screen(serde_wasm_bindgen::from_value(said)?));
    }
    if tab.is_undefined() || from.frame_id.is_some_and(|frame| frame != 0) {
        return Err(stranger("a message from no tab's page"));
    }
    // The frame's own address: the tab's is hidden where its host is not granted.
    Ok(Speaker::Page(Tab { url, ..tabs::from_js(tab)? }, serde_wasm_bindgen::from_value(message)?))
}

/// The address of a file of the package.
pub fn url(path: &str) -> String {
    get_url(path)
}

/// Latchkey's version.
pub fn version() -> String {
    Reflect::get(&get_manifest(), &"version".into()).ok().and_then(|it| it.as_string()).unwrap_or_default()
}

/// A value as plain JavaScript objects.
///
/// # Errors
/// None is known for plain data.
pub fn plain<T: serde::Serialize>(value: &T) -> Result<JsValue, BrowserError> {
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}
