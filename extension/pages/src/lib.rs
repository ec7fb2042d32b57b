//! The screens: the popup over a tab, the welcome page, the settings, the sample of a page for a report, what Latchkey is
//! and knows, and the page that says that the person left while signed in.
//!
//! They show what the background answers and send it what the person does; every judgement is made in the core. The
//! texts of a page are hostile: they reach the document as text nodes only, each isolated from the text around it and
//! clamped to a few lines.

mod about;
mod answer;
mod computer;
mod icon;
mod leave;
mod notices;
mod popup;
mod quote;
mod sample;
mod settings;
mod summary;
mod welcome;

use leptos::prelude::{AnyView, document};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;

/// Where a screen is drawn.
const ROOT: &str = "screen";

/// Sets the module up, once a document.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// Shows the popup. What the document holds until then (the shape of a screen without its words) gives way at once.
#[wasm_bindgen]
pub async fn popup() {
    let screen = popup::Popup::open().await;
    show(move || screen.view());
}

/// Shows the welcome page.
#[wasm_bindgen]
pub async fn welcome() {
    let screen = welcome::Welcome::open().await;
    show(move || screen.view());
}

/// Shows the sample of a tab's page.
#[wasm_bindgen]
pub async fn sample() {
    let screen = sample::SampleScreen::open().await;
    show(move || screen.view());
}

/// Shows what Latchkey is and what it knows.
#[wasm_bindgen]
pub async fn about() {
    let screen = about::About::open().await;
    show(move || screen.view());
}

/// Shows the page that says that the person left while signed in.
#[wasm_bindgen]
pub async fn leave() {
    let screen = leave::Leave::open().await;
    show(move || screen.view());
}

/// Shows the settings.
#[wasm_bindgen]
pub async fn settings() {
    settings::SettingsScreen::show().await;
}

fn show(view: impl FnOnce() -> AnyView + 'static) {
    let Some(root) = document().get_element_by_id(ROOT).and_then(|root| root.dyn_into().ok()) else { return };
    let root: web_sys::HtmlElement = root;
    root.replace_children_with_node_0();
    drop(root.remove_attribute("aria-busy"));
    // A screen lives as long as its document.
    leptos::mount::mount_to(root, view).forget();
}
