//! The hosts and permissions that the person has granted.

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

/// The match patterns and the permissions that are granted.
///
/// # Errors
/// Where the browser refuses to tell.
pub async fn granted() -> Result<Vec<String>, BrowserError> {
    let all = get_all().await?;
    let mut granted: Vec<String> = Vec::new();
    for kind in ["origins", "permissions"] {
        let names = Reflect::get(&all, &kind.into())?;
        if !names.is_undefined() {
            granted.extend(Array::from(&names).iter().filter_map(|name| name.as_string()));
        }
    }
    Ok(granted)
}

/// Asks the person for hosts. The browser is asked before this returns its future, as it demands within a click.
///
/// # Errors
/// Where the browser refuses to ask.
pub fn request(patterns: &[String]) -> impl Future<Output = Result<bool, BrowserError>> + use<> {
    let asked = origins(patterns).and_then(|origins| request_promise(&origins).map_err(BrowserError::from));
    async move { Ok(wasm_bindgen_futures::JsFuture::from(asked?).await?.is_truthy()) }
}

/// A permission that is asked for when it is first needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Optional {
    /// To say something in a notification.
    Notifications,
    /// To delete what the browser keeps of an exchange.
    BrowsingData,
}

/// Asks the person for a permission, as [`request`] asks for hosts.
///
/// # Errors
/// Where the browser refuses to ask.
pub fn request_one(which: Optional) -> impl Future<Output = Result<bool, BrowserError>> {
    let asked = one(which).and_then(|it| request_promise(&it).map_err(BrowserError::from));
    async move { Ok(wasm_bindgen_futures::JsFuture::from(asked?).await?.is_truthy()) }
}

/// Whether a permission is granted.
pub async fn has(which: Optional) -> bool {
    match one(which) {
        Ok(it) => contains(&it).await.is_ok_and(|answer| answer.is_truthy()),
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

fn one(which: Optional) -> Result<Object, BrowserError> {
    let name = match which {
        Optional::Notifications => "notifications",
        Optional::BrowsingData => "browsingData",
    };
    let permissions = Object::new();
    Reflect::set(&permissions, &"permissions".into(), &Array::of1(&name.into()))?;
    Ok(permissions)
}
