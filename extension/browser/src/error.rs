//! What can go wrong at the browser's side.

use wasm_bindgen::{JsCast, JsValue};

/// A call to the browser that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrowserError {
    /// The browser threw; its words.
    #[error("the browser refused: {0}")]
    Refused(String),
    /// What the browser answered was not of the expected shape.
    #[error("the browser answered with something unexpected: {0}")]
    Unexpected(String),
}

impl From<JsValue> for BrowserError {
    fn from(thrown: JsValue) -> Self {
        let words = match thrown.dyn_ref::<js_sys::Error>() {
            Some(error) => String::from(error.message()),
            None => thrown.as_string().unwrap_or_else(|| format!("{thrown:?}")),
        };
        Self::Refused(words)
    }
}

impl From<serde_wasm_bindgen::Error> for BrowserError {
    fn from(error: serde_wasm_bindgen::Error) -> Self {
        Self::Unexpected(error.to_string())
    }
}

impl From<serde_json::Error> for BrowserError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unexpected(error.to_string())
    }
}

impl From<idb::Error> for BrowserError {
    fn from(_: idb::Error) -> Self {
        // Its own words, in all their kinds, would weigh more than all else that is done with the database.
        Self::Refused("IndexedDB".to_owned())
    }
}
