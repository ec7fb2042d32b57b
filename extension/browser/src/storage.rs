//! What is kept: [`Kept`] sealed in `storage.local`, [`Tabs`] in `storage.session`.

use js_sys::{Array, Function, Object, Promise, Reflect};
use latchkey::leave::Policy;
use latchkey::state::{Kept, State, StateError, Tabs};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::clock;
use crate::error::BrowserError;
use crate::vault;

const KEPT: &str = "state";
const TABS: &str = "tabs";
/// The one thing that an administrator can say; see managed.json.
const SHARED: &str = "sharedComputer";
/// How long that is waited for, in milliseconds; `background.js` has the same.
const PATIENCE: i32 = 200;
/// Where a state goes that could not be read: never overwritten.
const ASIDE: &str = "state-aside";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "local"], js_name = get)]
    async fn local_get(key: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "local"], js_name = set)]
    async fn local_set(items: &Object) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "local"], js_name = get)]
    async fn local_all() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "local"], js_name = remove)]
    async fn local_remove(keys: &Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "session"], js_name = get)]
    async fn session_get(key: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "session"], js_name = set)]
    async fn session_set(items: &Object) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "managed"], js_name = get)]
    fn managed_get(key: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(done: &Function, milliseconds: i32) -> JsValue;
}

/// Loads the state.
///
/// A stored state that cannot be read is kept aside under a name of its own before anything else is written; the state
/// then begins anew with a notice that says so.
///
/// # Errors
/// Where the browser's storage itself fails: then nothing may be written either.
pub async fn load() -> Result<State, BrowserError> {
    let tabs = text_of(&session_get(TABS).await?, TABS)?.map(|json| Tabs::from_json(&json)).unwrap_or_default();
    let stored = Reflect::get(&local_get(KEPT).await?, &KEPT.into())?;
    if stored.is_undefined() || stored.is_null() {
        return Ok(State { kept: Kept::default(), tabs });
    }
    let error = match read(&stored).await {
        Ok(kept) => return Ok(State { kept, tabs }),
        Err(error) => error,
    };
    set_local(&format!("{ASIDE}-{}", clock::now().timestamp_millis()), &stored).await?;
    let kept = Kept::after(&error);
    save_kept(&kept).await?;
    Ok(State { kept, tabs })
}

/// What the machine's administrator says; `None` where it is not known yet. Without a policy Firefox throws; what is no
/// policy of ours is none. Chromium takes seconds to know, at times, or never answers
/// (github.com/ghostery/ghostery-extension/issues/3367): no event waits for it, `background.js` tells when it does.
pub async fn policy() -> Option<Policy> {
    let Ok(asked) = managed_get(SHARED) else { return Some(Policy::default()) };
    let late = Promise::new(&mut |done, _| drop(set_timeout(&done, PATIENCE)));
    match JsFuture::from(Promise::race(&Array::of2(&asked, &late))).await {
        Ok(items) if items.is_undefined() => None,
        answer => {
            let shared = answer.and_then(|items| Reflect::get(&items, &SHARED.into()));
            Some(Policy { shared: shared.is_ok_and(|shared| shared.as_bool() == Some(true)) })
        }
    }
}

/// Deletes the states that could not be read and were kept aside.
///
/// # Errors
/// Where the browser's storage fails.
pub async fn forget_aside() -> Result<(), BrowserError> {
    let names = Object::keys(&local_all().await?.unchecked_into::<Object>());
    let aside = |name: &JsValue| name.as_string().is_some_and(|name| name.starts_with(ASIDE));
    local_remove(&names.iter().filter(aside).collect()).await?;
    Ok(())
}

/// Saves what has changed between two states.
///
/// # Errors
/// Where the browser's storage fails; effects must not run then.
pub async fn save(before: &State, after: &State) -> Result<(), BrowserError> {
    if before.kept != after.kept {
        save_kept(&after.kept).await?;
    }
    if before.tabs != after.tabs {
        let items = Object::new();
        Reflect::set(&items, &TABS.into(), &after.tabs.to_json()?.into())?;
        session_set(&items).await?;
    }
    Ok(())
}

async fn read(stored: &JsValue) -> Result<Kept, StateError> {
    let damaged = |error: String| StateError::Damaged(error);
    let sealed = stored.as_string().ok_or_else(|| damaged("it is no text".to_owned()))?;
    let json = vault::open(&sealed).await.map_err(|error| damaged(error.to_string()))?;
    Kept::from_json(&json)
}

async fn save_kept(kept: &Kept) -> Result<(), BrowserError> {
    let sealed = vault::seal(&kept.to_json()?).await?;
    set_local(KEPT, &sealed.into()).await
}

async fn set_local(key: &str, value: &JsValue) -> Result<(), BrowserError> {
    let items = Object::new();
    Reflect::set(&items, &key.into(), value)?;
    local_set(&items).await?;
    Ok(())
}

fn text_of(items: &JsValue, key: &str) -> Result<Option<String>, BrowserError> {
    Ok(Reflect::get(items, &key.into())?.as_string())
}
