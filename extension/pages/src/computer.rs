//! Whose computer this is: said with one click, and taken back with one.

use latchkey::explain::Message;
use latchkey::leave::{Computer, Leaving, Whose};
use latchkey::protocol::FromScreen;
use latchkey::view::LeavingView;
use latchkey_browser::words;
use leptos::prelude::*;

use crate::icon::Icon;

/// Whose computer this is, and the buttons that say otherwise.
pub fn computer(
    whose: Signal<Computer>,
    asks: Signal<Option<Message>>,
    say: impl Fn(FromScreen) + Copy + Send + Sync + 'static,
) -> AnyView {
    let button = move |class: &'static str, key: &str, whose: Whose| {
        view! {
            <button class=class type="button" on:click=move |_| say(FromScreen::Computer { whose })>
                {words::text(key)}
            </button>
        }
    };
    let mine = move || button("quiet", "computer_mine", Whose::Mine);
    let always = move || button("secondary", "computer_every_visit", Whose::NeverMine);
    let stands = |key: &str| {
        view! {
            <p class="stands"><strong>{words::text(key)}</strong></p>
            <p class="small">{words::text("computer_hint")}</p>
        }
    };
    let inside = move || match whose.get() {
        Computer::Own => view! {
            {move || asks.get().map(|asks| view! { <p class="asks">{words::render(&asks)}</p> })}
            {button("secondary", "computer_own", Whose::NotMine)}
        }
        .into_any(),
        Computer::Visit => view! { {stands("computer_visit")} <p class="buttons">{always()}{mine()}</p> }.into_any(),
        Computer::Always => view! { {stands("computer_always")} <p class="buttons">{mine()}</p> }.into_any(),
        Computer::Managed => stands("computer_managed").into_any(),
    };
    view! {
        <section class="computer" class:shared=move || whose.get().is_shared()>
            {Icon::Lock.draw()}
            <div role="status">{inside}</div>
        </section>
    }
    .into_any()
}

/// The choice to be reminded when an exchange is left, on the person's own computer.
pub fn leaving(it: LeavingView, say: impl Fn(FromScreen) + Copy + Send + Sync + 'static) -> AnyView {
    let LeavingView { exchange, name, leaving } = it;
    view! {
        <label class="leaving">
            <input
                type="checkbox"
                name="leaving"
                value=exchange.clone()
                prop:checked=leaving != Leaving::Stay
                on:change=move |change| {
                    let leaving = if event_target_checked(&change) { Leaving::LogOut } else { Leaving::Stay };
                    say(FromScreen::Leaving { exchange: exchange.clone(), leaving });
                }
            />
            <span>{words::render(&Message::new("leaving_choice").with_text(name))}</span>
        </label>
    }
    .into_any()
}
