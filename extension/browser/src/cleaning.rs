//! Deleting what the browser keeps of an exchange, where the person has allowed it.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::error::BrowserError;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_namespace = chrome, js_name = browsingData)]
    static BROWSING_DATA: JsValue;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "browsingData"], js_name = remove)]
    async fn remove(options: &Object, kinds: &Object) -> Result<JsValue, JsValue>;
}

/// What both browsers can delete of single sites, and Firefox of a single cookie store.
const KINDS: [&str; 3] = ["cookies", "indexedDB", "localStorage"];

/// Deletes what the browser keeps of these sites; nothing where it is not allowed. Firefox goes by host names and cookie
/// stores, Chromium, whose tabs name no store, by origins.
///
/// # Errors
/// Where the browser refuses.
pub async fn clean(sites: &[String], store: &str) -> Result<(), BrowserError> {
    if !BROWSING_DATA.with(JsValue::is_object) {
        return Ok(());
    }
    let list: Array = sites.iter().map(|site| JsValue::from_str(site)).collect();
    let options = Object::new();
    if store.is_empty() {
        Reflect::set(&options, &"origins".into(), &list)?;
    } else {
        Reflect::set(&options, &"hostnames".into(), &list)?;
        Reflect::set(&options, &"cookieStoreId".into(), &store.into())?;
    }
    let kinds = Object::new();
    for kind in KINDS {
        Reflect::set(&kinds, &kind.into(), &true.into())?;
    }
    remove(&options, &kinds).await?;
    Ok(())
}
