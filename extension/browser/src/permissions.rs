//! The hosts that the person has granted.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::error::BrowserError;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "permissions"], js_name = getAll)]
    async fn get_all() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "permissions"], js_name = contains)]
    async fn contains(permissions: &Object) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "permissions"], js_name = request)]
    fn request_promise(permissions: &Object) -> Result<js_sys::Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "permissions"], js_name = remove)]
    async fn remove_promise(permissions: &Object) -> Result<JsValue, JsValue>;
}

/// The match patterns that are granted.
///
/// # Errors
/// Where the browser refuses to tell.
pub async fn granted() -> Result<Vec<String>, BrowserError> {
    let origins = Reflect::get(&get_all().await?, &"origins".into())?;
    if origins.is_undefined() {
        return Ok(Vec::new());
    }
    Ok(serde_wasm_bindgen::from_value(origins)?)
}

/// Asks the person for hosts. The browser is asked before this returns its future, as it demands within a click.
///
/// # Errors
/// Where the browser refuses to ask.
pub fn request(patterns: &[String]) -> impl Future<Output = Result<bool, BrowserError>> + use<> {
    let asked = origins(patterns).and_then(|origins| request_promise(&origins).map_err(BrowserError::from));
    async move { Ok(wasm_bindgen_futures::JsFuture::from(asked?).await?.is_truthy()) }
}

/// Asks the person for notifications, as [`request`] asks for hosts.
///
/// # Errors
/// Where the browser refuses to ask.
pub fn request_notifications() -> impl Future<Output = Result<bool, BrowserError>> {
    let asked = notifications().and_then(|them| request_promise(&them).map_err(BrowserError::from));
    async move { Ok(wasm_bindgen_futures::JsFuture::from(asked?).await?.is_truthy()) }
}

/// Whether notifications are allowed.
pub async fn may_notify() -> bool {
    match notifications() {
        Ok(them) => contains(&them).await.is_ok_and(|answer| answer.is_truthy()),
        Err(_) => false,
    }
}

/// Gives hosts back.
///
/// # Errors
/// Where the browser refuses.
pub async fn remove(patterns: &[String]) -> Result<bool, BrowserError> {
    Ok(remove_promise(&origins(patterns)?).await?.is_truthy())
}

fn origins(patterns: &[String]) -> Result<Object, BrowserError> {
    let origins: Array = patterns.iter().map(|pattern| JsValue::from_str(pattern)).collect();
    let permissions = Object::new();
    Reflect::set(&permissions, &"origins".into(), &origins)?;
    Ok(permissions)
}

fn notifications() -> Result<Object, BrowserError> {
    let permissions = Object::new();
    Reflect::set(&permissions, &"permissions".into(), &Array::of1(&"notifications".into()))?;
    Ok(permissions)
}
