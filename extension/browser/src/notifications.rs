//! Notifications, where the person has allowed them.

use js_sys::{Object, Reflect};
use latchkey::explain::Message;
use wasm_bindgen::prelude::*;

use crate::error::BrowserError;
use crate::words;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_namespace = chrome, js_name = notifications)]
    static NOTIFICATIONS: JsValue;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "notifications"], js_name = create)]
    async fn create(options: &Object) -> Result<JsValue, JsValue>;
}

/// Says something in a notification; nothing where they are not allowed. Without buttons: Firefox throws at them.
///
/// # Errors
/// Where the browser refuses.
pub async fn say(messages: &[Message]) -> Result<(), BrowserError> {
    if !NOTIFICATIONS.with(JsValue::is_object) {
        return Ok(());
    }
    let options = Object::new();
    let text = words::all(messages);
    let name = words::text("extension_name");
    for (key, value) in [("type", "basic"), ("iconUrl", "icons/128.png"), ("title", &name), ("message", &text)] {
        Reflect::set(&options, &key.into(), &value.into())?;
    }
    create(&options).await?;
    Ok(())
}
