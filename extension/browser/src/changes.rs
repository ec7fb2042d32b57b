//! Word from the background that what a screen shows has changed.

use js_sys::Reflect;
use latchkey::protocol::TabId;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "runtime", "onMessage"], js_name = addListener)]
    fn add_listener(listener: &JsValue);
    #[wasm_bindgen(js_namespace = ["chrome", "runtime", "onMessage"], js_name = removeListener)]
    fn remove_listener(listener: &JsValue);
}

/// Listens until it is dropped.
pub struct ChangeListener(Closure<dyn FnMut(JsValue)>);

impl ChangeListener {
    /// Calls `changed` with the number of each tab whose reading has changed.
    ///
    /// What is said to the background passes by here too and is left unanswered.
    pub fn new(mut changed: impl FnMut(TabId) + 'static) -> Self {
        let listener = Closure::new(move |message: JsValue| {
            let field = |name: &str| Reflect::get(&message, &name.into()).unwrap_or_default();
            if field("to").as_string().as_deref() == Some("screens")
                && let Some(tab) = field("changed").as_f64()
            {
                changed(tab as TabId);
            }
        });
        add_listener(listener.as_ref());
        Self(listener)
    }
}

impl Drop for ChangeListener {
    fn drop(&mut self) {
        remove_listener(self.0.as_ref());
    }
}
