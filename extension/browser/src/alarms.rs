//! The one alarm: when the diary has something to ask.

use chrono::{DateTime, Utc};
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::error::BrowserError;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "alarms"], js_name = create)]
    fn create(details: &Object) -> Result<JsValue, JsValue>;
}

/// Wakes the background at this moment and at no other: an alarm takes the place of the one before it.
///
/// # Errors
/// Where the browser refuses.
pub fn set(at: DateTime<Utc>) -> Result<(), BrowserError> {
    let details = Object::new();
    Reflect::set(&details, &"when".into(), &(at.timestamp_millis() as f64).into())?;
    create(&details)?;
    Ok(())
}
