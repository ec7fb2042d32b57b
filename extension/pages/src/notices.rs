//! What the person must be told besides, until they say that they have read it.

use latchkey::explain::Message;
use latchkey_browser::words;
use leptos::prelude::*;

use crate::icon::Icon;

/// The notices with the button that takes them away; nothing where there are none.
pub fn notices(notices: Signal<Vec<Message>>, dismiss: impl Fn() + Copy + Send + Sync + 'static) -> AnyView {
    let list =
        move || notices.with(|all| all.iter().map(|notice| view! { <li>{words::render(notice)}</li> }).collect_view());
    view! {
        <Show when=move || notices.with(|all| !all.is_empty())>
            <section class="notices" role="alert">
                {Icon::Warning.draw()}
                <ul>{list}</ul>
                <button class="quiet" on:click=move |_| dismiss()>{words::text("popup_dismiss")}</button>
            </section>
        </Show>
    }
    .into_any()
}
