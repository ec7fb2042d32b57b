//! The sample of a page: what would be attached to a report, shown before it is saved.

use js_sys::Array;
use latchkey::explain::{Arg, Message};
use latchkey::protocol::{FromScreen, Reply};
use latchkey::view::SampleView;
use latchkey_browser::{tabs, words};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag, Url};

use crate::answer;
use crate::icon::Icon;
use crate::popup::named_tab;

/// The screen's state.
pub struct SampleScreen {
    /// `None` where the tab's page cannot be had.
    sample: Option<SampleView>,
}

impl SampleScreen {
    /// Looks at the tab that the address names, and has the background take the values out.
    pub async fn open() -> Self {
        let Some(tab) = named_tab() else { return Self { sample: None } };
        let Ok(capture) = tabs::look(tab).await else { return Self { sample: None } };
        let sample = match answer::of_background(FromScreen::Sample { capture }).await {
            Some(Reply::Sample(sample)) => Some(sample),
            _ => None,
        };
        Self { sample }
    }

    /// Draws it.
    pub fn view(self) -> AnyView {
        let body = match self.sample {
            Some(sample) => shown(sample),
            None => view! {
                <div class="state">
                    <span class="state-icon tone-unknown">{Icon::Sheet.draw()}</span>
                    <div role="status"><h2>{words::text("sample_none")}</h2></div>
                    <p>{words::text("sample_none_hint")}</p>
                </div>
            }
            .into_any(),
        };
        view! {
            <header class="intro">
                <p class="brand"><span class="mark">{Icon::Key.draw()}</span>{words::text("extension_name")}</p>
                <h1>{words::text("sample_title")}</h1>
                <p class="privacy">{Icon::Lock.draw()}<span>{words::text("sample_privacy")}</span></p>
            </header>
            <main class="choice">{body}</main>
        }
        .into_any()
    }
}

fn shown(sample: SampleView) -> AnyView {
    let replaced = words::render(&Message::new("sample_replaced").with(Arg::Count(u64::from(sample.replaced))));
    let save = file(&sample.html, "text/html").map(|address| {
        view! {
            <a class="button primary" href=address download=sample.name.clone()>{words::text("sample_save")}</a>
        }
    });
    view! {
        <p class="hint">{words::text("sample_hint")}</p>
        <p class="hint">{replaced}</p>
        <p>{save}</p>
        <h2 id="preview">{words::text("sample_preview")}</h2>
        <pre class="preview" dir="ltr" tabindex="0" role="region" aria-labelledby="preview">{sample.html}</pre>
    }
    .into_any()
}

/// An address under which the file can be saved; it lives as long as the document.
pub fn file(text: &str, kind: &str) -> Option<String> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}
