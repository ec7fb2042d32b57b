//! The page that opens when the person has left an exchange while signed in, and at the next start.

use gloo::events::EventListener;
use latchkey::explain::Message;
use latchkey::protocol::{FromScreen, Reply};
use latchkey::view::{ArmedView, LeaveView};
use latchkey_browser::permissions::Optional;
use latchkey_browser::{ChangeListener, clock, permissions, tabs, words};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::answer;
use crate::computer::computer;
use crate::icon::Icon;
use crate::quote::code;

/// The page's state.
#[derive(Clone, Copy)]
pub struct Leave {
    /// What the background said last; `None` where it does not answer.
    view: RwSignal<Option<LeaveView>>,
    /// Whether the person has allowed notifications.
    notifies: RwSignal<bool>,
}

impl Leave {
    /// Asks the background.
    pub async fn open() -> Self {
        Self {
            view: RwSignal::new(ask().await),
            notifies: RwSignal::new(permissions::has(Optional::Notifications).await),
        }
    }

    /// Draws it.
    pub fn view(self) -> AnyView {
        let changes = StoredValue::new_local(ChangeListener::new(move |_| spawn_local(self.load())));
        let focus = EventListener::new(&window(), "focus", move |_| spawn_local(self.load()));
        let focus = StoredValue::new_local(focus);
        on_cleanup(move || {
            changes.dispose();
            focus.dispose();
        });
        let whose =
            Signal::derive(move || self.view.with(|view| view.as_ref().map(|it| it.computer).unwrap_or_default()));
        let body = move || match self.view.get() {
            None => {
                view! { <h1>{words::text("popup_silent")}</h1> <p>{words::text("popup_silent_hint")}</p> }.into_any()
            }
            Some(LeaveView { armed, .. }) if armed.is_empty() => view! {
                <h1 class="tone-good">{Icon::Tick.draw()}<span>{words::text("leave_none")}</span></h1>
                <p>{words::text("leave_none_hint")}</p>
            }
            .into_any(),
            Some(LeaveView { armed, .. }) => view! {
                <h1 class="tone-act">{Icon::Warning.draw()}<span>{words::text("leave_title")}</span></h1>
                <ul class="left">{armed.into_iter().map(|it| self.site(it)).collect_view()}</ul>
                <p class="small">{words::text("leave_other_device")}</p>
            }
            .into_any(),
        };
        view! {
            <header class="intro">
                <p class="brand"><span class="mark">{Icon::Key.draw()}</span>{words::text("extension_name")}</p>
            </header>
            <main class="leave">
                <div role="status">{body}</div>
                <Show when=move || !self.notifies.get()>
                    <p class="buttons">
                        <button class="quiet notify" type="button" on:click=move |_| self.allow_notifications()>
                            {words::text("leave_notify")}
                        </button>
                    </p>
                </Show>
                {computer(whose, Signal::derive(|| None), move |said| self.say(said))}
            </main>
        }
        .into_any()
    }

    fn site(self, it: ArmedView) -> AnyView {
        let ArmedView { site, name, left, since, back, lives, cleaned } = it;
        let when = if left {
            words::render(&Message::new("leave_left").with_text(words::relative(since, clock::now())))
        } else {
            words::text("leave_open")
        };
        let go = back.clone();
        view! {
            <li>
                <h2>{words::render(&Message::new("leave_at").with_text(name))}</h2>
                <p>{when}</p>
                {cleaned.then(|| view! { <p class="cleaned">{words::text("leave_cleaned")}</p> })}
                <p>{words::render(&lives)}</p>
                <p class="buttons">
                    <a
                        class="button primary large"
                        href=back.clone()
                        on:click=move |click| {
                            click.prevent_default();
                            let go = go.clone();
                            spawn_local(async move { drop(tabs::open(&go).await) });
                        }
                    >
                        {words::text("leave_back")}
                        {Icon::Outward.draw()}
                    </a>
                    {code(&back)}
                </p>
                <details>
                    <summary>{words::text("leave_know")}</summary>
                    <p class="small">{words::text("leave_know_hint")}</p>
                    <button
                        class="quiet know"
                        type="button"
                        on:click=move |_| self.say(FromScreen::DismissLeft { site: site.clone() })
                    >
                        {words::text("leave_know")}
                    </button>
                </details>
            </li>
        }
        .into_any()
    }

    /// Asks the browser, within the click.
    fn allow_notifications(self) {
        let asked = permissions::request_one(Optional::Notifications);
        spawn_local(async move { self.notifies.set(matches!(asked.await, Ok(true))) });
    }

    fn say(self, what: FromScreen) {
        spawn_local(async move {
            answer::of_background(what).await;
            self.load().await;
        });
    }

    async fn load(self) {
        let view = ask().await;
        if self.view.with_untracked(|before| *before != view) {
            self.view.set(view);
        }
    }
}

async fn ask() -> Option<LeaveView> {
    match answer::of_background(FromScreen::Leave).await {
        Some(Reply::Leave(view)) => Some(view),
        _ => None,
    }
}
