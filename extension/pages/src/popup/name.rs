//! A row's name, and the small form that changes it.

use latchkey::protocol::FromScreen;
use latchkey_browser::words;
use leptos::html;
use leptos::prelude::*;

use super::Popup;
use super::row::{Row, ids, title};
use crate::icon::Icon;
use crate::quote::quote;

/// The longest name, in UTF-16 units; the background keeps no longer one.
const LONGEST: &str = "60";

/// Draws the name with the button that opens the form: Enter or "Save" keeps, Escape or "Cancel" leaves it.
pub fn name(popup: Popup, heading: String, row: Row) -> AnyView {
    let editing = RwSignal::new(false);
    let opener = NodeRef::<html::Button>::new();
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |was: Option<bool>| {
        let now = editing.get();
        // The keyboard follows: into the form, and back to where it was opened.
        if now && let Some(input) = input.get() {
            drop(input.focus());
            input.select();
        } else if !now
            && was == Some(true)
            && let Some(opener) = opener.get()
        {
            drop(opener.focus());
        }
        now
    });
    let named = Memo::new(move |_| row.with(|it| it.as_ref().is_some_and(|it| it.nickname.is_some())));
    let original = move || {
        row.with(|it| {
            let it = it.as_ref().filter(|it| it.nickname.is_some())?;
            it.device.as_deref().map(|device| view! { <p class="original">{quote(device)}</p> })
        })
    };
    let form = move || form(popup, row, editing, input);
    view! {
        <div class="name">
            <h3 id=heading>{move || row.with(|it| it.as_ref().map(title))}</h3>
            {move || {
                let label = words::text(if named.get() { "popup_rename" } else { "popup_name" });
                view! {
                    <button
                        class="quiet pencil"
                        node_ref=opener
                        aria-label=label.clone()
                        title=label
                        aria-expanded=move || if editing.get() { "true" } else { "false" }
                        on:click=move |_| editing.update(|it| *it = !*it)
                    >
                        {Icon::Pencil.draw()}
                    </button>
                }
            }}
            {original}
            <Show when=move || editing.get()>{form()}</Show>
        </div>
    }
    .into_any()
}

fn form(popup: Popup, row: Row, editing: RwSignal<bool>, input: NodeRef<html::Input>) -> AnyView {
    let before = row.with_untracked(|it| it.as_ref().and_then(|it| it.nickname.clone())).unwrap_or_default();
    let save = move |submit: web_sys::SubmitEvent| {
        submit.prevent_default();
        let Some((input, (account, row))) = input.get_untracked().zip(ids(popup, row)) else { return };
        popup.send(FromScreen::Name { tab: popup.tab_id(), account, row, name: input.value() });
        editing.set(false);
    };
    let leave = move |key: web_sys::KeyboardEvent| {
        if key.key() == "Escape" {
            // Else the browser closes the whole popup.
            key.prevent_default();
            key.stop_propagation();
            editing.set(false);
        }
    };
    view! {
        <form class="rename" on:submit=save on:keydown=leave>
            <label>
                <span>{words::text("popup_name_label")}</span>
                <input node_ref=input type="text" maxlength=LONGEST autocomplete="off" dir="auto" value=before />
            </label>
            <button class="primary" type="submit">{words::text("popup_save")}</button>
            <button class="quiet" type="button" on:click=move |_| editing.set(false)>
                {words::text("popup_cancel")}
            </button>
        </form>
    }
    .into_any()
}
