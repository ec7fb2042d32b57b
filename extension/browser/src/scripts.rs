//! The page scripts: where they run.

use js_sys::{Array, Object, Reflect};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::error::BrowserError;
use crate::tabs;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "scripting"], js_name = getRegisteredContentScripts)]
    async fn get_registered() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "scripting"], js_name = registerContentScripts)]
    async fn register(scripts: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "scripting"], js_name = unregisterContentScripts)]
    async fn unregister(filter: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "scripting"], js_name = executeScript)]
    async fn execute(injection: &Object) -> Result<JsValue, JsValue>;
}

/// The shield must stand before the page's own listeners.
const EARLY: [&str; 1] = ["content/guard.js"];
/// The rest waits until the page is there.
const LATE: [&str; 5] =
    ["content/capture.js", "content/spots.js", "content/paint.js", "content/leave.js", "content/watch.js"];

/// Only where the person wants to point at things.
const TEACH: &str = "content/teach.js";

/// Which scripts are run in a tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    /// Those that read it.
    Reading,
    /// Those, and the one that lets the person point at things.
    Teaching,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Script {
    id: String,
    js: Vec<String>,
    matches: Vec<String>,
    run_at: String,
}

/// Runs the page scripts on exactly these match patterns from now on: in pages to come by registration, in open tabs
/// by injection (which does nothing where they run already).
///
/// # Errors
/// Where the browser refuses the registration.
pub async fn watch(patterns: &[String]) -> Result<(), BrowserError> {
    let wanted = scripts(patterns);
    let registered: Vec<Script> = serde_wasm_bindgen::from_value(get_registered().await?)?;
    let paths = |scripts: &[Script]| -> Vec<(String, Vec<String>)> {
        scripts.iter().map(|script| (script.id.clone(), script.matches.clone())).collect()
    };
    if paths(&registered) != paths(&wanted) {
        if !registered.is_empty() {
            unregister(&JsValue::UNDEFINED).await?;
        }
        if !wanted.is_empty() {
            register(&serde_wasm_bindgen::to_value(&wanted)?).await?;
        }
    }
    if !patterns.is_empty() {
        for tab in tabs::on(patterns).await? {
            // A tab may close or go elsewhere meanwhile; its next page has the registered scripts.
            drop(run(tab, Scripts::Reading).await);
        }
    }
    Ok(())
}

fn scripts(patterns: &[String]) -> Vec<Script> {
    if patterns.is_empty() {
        return Vec::new();
    }
    let script = |id: &str, js: &[&str], run_at: &str| Script {
        id: id.to_owned(),
        js: js.iter().map(|file| (*file).to_owned()).collect(),
        matches: patterns.to_vec(),
        run_at: run_at.to_owned(),
    };
    vec![script("guard", &EARLY, "document_start"), script("watch", &LATE, "document_idle")]
}

/// Runs the page scripts in a tab; those that run there already do nothing.
///
/// # Errors
/// Where the browser does not let us into the tab.
pub async fn run(tab: i32, scripts: Scripts) -> Result<(), BrowserError> {
    let target = Object::new();
    Reflect::set(&target, &"tabId".into(), &tab.into())?;
    let more = [TEACH];
    let more = if scripts == Scripts::Teaching { more.as_slice() } else { &[] };
    let files: Array = EARLY.iter().chain(&LATE).chain(more).map(|file| JsValue::from_str(file)).collect();
    let injection = Object::new();
    Reflect::set(&injection, &"target".into(), &target)?;
    Reflect::set(&injection, &"files".into(), &files)?;
    execute(&injection).await?;
    Ok(())
}
