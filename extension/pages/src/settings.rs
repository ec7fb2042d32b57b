//! The settings: what happens on leaving, what the person tells of themselves, the diary of devices, what is remembered.

mod diary;
mod told;

use gloo::events::EventListener;
use latchkey::explain::{Arg, Message};
use latchkey::leave::Leaving;
use latchkey::protocol::{FromScreen, Reply, Told};
use latchkey::state::AccountId;
use latchkey::view::{KeptView, LeavingView, SettingsView};
use latchkey_browser::permissions::{self, Optional};
use latchkey_browser::{storage, tabs, words};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use crate::answer;
use crate::icon::Icon;
use crate::sample::file;

/// The screen's state.
#[derive(Clone, Copy)]
pub struct SettingsScreen {
    /// What the background said last; `None` where it does not answer.
    view: RwSignal<Option<SettingsView>>,
    /// What came of the last change: the key of its words.
    said: RwSignal<&'static str>,
}

impl SettingsScreen {
    /// Asks the background.
    pub async fn open() -> Self {
        let view = of(answer::of_background(FromScreen::Settings).await);
        Self { view: RwSignal::new(view), said: RwSignal::new("") }
    }

    /// Draws it.
    pub fn view(self) -> AnyView {
        let focus = EventListener::new(&window(), "focus", move |_| self.ask(FromScreen::Settings, ""));
        let focus = StoredValue::new_local(focus);
        on_cleanup(move || focus.dispose());
        let own = Memo::new(move |_| self.part(|it| !it.computer.is_shared()));
        let answered = Memo::new(move |_| self.view.with(Option::is_some));
        let said = move || {
            let said = self.said.get();
            (!said.is_empty()).then(|| words::text(said))
        };
        let body = move || {
            if !answered.get() {
                return view! { <h2>{words::text("popup_silent")}</h2> <p>{words::text("popup_silent_hint")}</p> }
                    .into_any();
            }
            let of_the_person = move || {
                if own.get() {
                    view! { {told::countries(self)}{told::sensitivity(self)}{diary::diary(self)} }.into_any()
                } else {
                    view! { <p class="hint">{words::text("computer_forgets")}</p> }.into_any()
                }
            };
            view! { {self.leaving()}{of_the_person}{self.remembered()} }.into_any()
        };
        view! {
            <header class="intro">
                <p class="brand"><span class="mark">{Icon::Key.draw()}</span>{words::text("extension_name")}</p>
                <h1>{words::text("settings_title")}</h1>
            </header>
            <main class="choice">
                {body}
                <p class="saved" role="status" id="said" tabindex="-1">{said}</p>
            </main>
        }
        .into_any()
    }

    /// A part of what the background said.
    fn part<T: Default>(self, part: impl Fn(&SettingsView) -> T) -> T {
        self.view.with(|view| view.as_ref().map(&part).unwrap_or_default())
    }

    /// Says something to the background, and `done` to the person once it is noted.
    fn ask(self, what: FromScreen, done: &'static str) {
        spawn_local(async move {
            let reply = answer::of_background(what).await;
            let refused = !matches!(reply, Some(Reply::Settings(_) | Reply::Done));
            let view = match reply {
                Some(Reply::Done | Reply::Refused { .. }) => answer::of_background(FromScreen::Settings).await,
                other => other,
            };
            self.said.set(if refused && !done.is_empty() { "popup_not_done" } else { done });
            let view = of(view);
            if self.view.with_untracked(|before| *before != view) {
                self.view.set(view);
            }
            if !done.is_empty() {
                request_animation_frame(keep_focus);
            }
        });
    }

    fn tell(self, told: Told) {
        self.ask(FromScreen::Told(told), "settings_saved");
    }

    /// What happens when each exchange is left.
    fn leaving(self) -> AnyView {
        let leavings = Memo::new(move |_| self.part(|it| it.leavings.clone()));
        let list = move || leavings.get().into_iter().map(|it| self.exchange(it)).collect_view();
        let none = move || leavings.with(Vec::is_empty);
        section(
            "settings_leaving",
            view! {
                <ul>{list}</ul>
                <Show when=none>
                    <p><a href="welcome.html">{words::text("popup_choose")}</a></p>
                </Show>
                <p class="hint">{words::text("settings_clean_hint")}</p>
            }
            .into_any(),
        )
    }

    fn exchange(self, it: LeavingView) -> AnyView {
        let LeavingView { exchange, name, leaving } = it;
        let choose = move |exchange: &str, leaving| {
            self.ask(FromScreen::Leaving { exchange: exchange.to_owned(), leaving }, "settings_saved");
        };
        let id = StoredValue::new(exchange);
        let remind = move |ticked: bool| {
            id.with_value(|id| choose(id, if ticked { Leaving::LogOut } else { Leaving::Stay }));
        };
        let clean = move |ticked: bool| {
            if !ticked {
                return id.with_value(|id| choose(id, Leaving::LogOut));
            }
            // Asked within the click, as the browser demands.
            let asked = permissions::request_one(Optional::BrowsingData);
            spawn_local(async move {
                match asked.await {
                    Ok(true) => id.with_value(|id| choose(id, Leaving::Clean)),
                    _ => self.ask(FromScreen::Settings, "popup_not_granted"),
                }
            });
        };
        let tick = move |kind: &'static str, checked: bool, words: String, change: Box<dyn Fn(bool)>| {
            view! {
                <label class="line">
                    <input
                        type="checkbox"
                        name=kind
                        value=id.get_value()
                        prop:checked=checked
                        on:change=move |event| change(event_target_checked(&event))
                    />
                    <span>{words}</span>
                </label>
            }
            .into_any()
        };
        let words = |key| words::render(&Message::new(key).with_text(name.clone()));
        view! {
            <li>
                {tick("leaving", leaving != Leaving::Stay, words("leaving_choice"), Box::new(remind))}
                {tick("clean", leaving == Leaving::Clean, words("leaving_clean"), Box::new(clean))}
            </li>
        }
        .into_any()
    }

    /// What is remembered, and how to be rid of it.
    fn remembered(self) -> AnyView {
        let accounts = Memo::new(move |_| self.part(|it| it.accounts.clone()));
        let list = move || accounts.get().into_iter().map(|it| self.account(it)).collect_view();
        let hint = move || {
            words::text(if accounts.with(Vec::is_empty) { "settings_nothing" } else { "settings_remembered_hint" })
        };
        section(
            "settings_remembered",
            view! {
                <p class="hint">{hint}</p>
                <ul>{list}</ul>
                {self.forget(None, "settings_forget_all", "settings_forget_all_hint")}
            }
            .into_any(),
        )
    }

    fn account(self, it: KeptView) -> AnyView {
        let KeptView { id, name, rows, since } = it;
        let mut kept = Message::new("settings_rows").with(Arg::Count(rows.into()));
        if let Some(since) = since {
            kept = kept.with(Arg::Time(since));
        }
        let export = id.clone();
        view! {
            <li class="entry">
                <strong><bdi>{name}</bdi></strong>
                <p class="small">{words::render(&kept)}</p>
                <button class="secondary export" type="button" on:click=move |_| self.export(export.clone())>
                    {words::text("settings_export")}
                </button>
                {self.forget(Some(id), "settings_forget", "settings_forget_hint")}
            </li>
        }
        .into_any()
    }

    /// A button that is reached in two steps: what it does cannot be taken back.
    fn forget(self, account: Option<AccountId>, key: &'static str, hint: &'static str) -> AnyView {
        view! {
            <details>
                <summary>{words::text(key)}</summary>
                <p class="small">{words::text(hint)}</p>
                <button class="secondary forget" type="button" on:click=move |_| self.forget_now(account.clone())>
                    {words::text(key)}
                </button>
            </details>
        }
        .into_any()
    }

    fn forget_now(self, account: Option<AccountId>) {
        if account.is_none() {
            // What could not be read and was kept aside is remembered, too.
            spawn_local(async { drop(storage::forget_aside().await) });
        }
        self.tell(Told::Forget(account));
    }

    fn export(self, account: AccountId) {
        spawn_local(async move {
            let told = Told::Export(account);
            let saved = match answer::of_background(FromScreen::Told(told)).await {
                Some(Reply::Export(json)) => save(&json),
                _ => None,
            };
            self.said.set(if saved.is_some() { "settings_exported" } else { "popup_not_done" });
        });
    }
}

fn of(reply: Option<Reply>) -> Option<SettingsView> {
    match reply {
        Some(Reply::Settings(view)) => Some(*view),
        _ => None,
    }
}

/// A part of the page under its heading.
fn section(key: &'static str, body: AnyView) -> AnyView {
    view! {
        <section aria-labelledby=key>
            <h2 id=key>{words::text(key)}</h2>
            {body}
        </section>
    }
    .into_any()
}

/// A link to an exchange's page, in a tab of its own.
fn link(url: String) -> AnyView {
    let go = url.clone();
    view! {
        <a
            href=url
            on:click=move |click| {
                click.prevent_default();
                let go = go.clone();
                spawn_local(async move { drop(tabs::open(&go).await) });
            }
        >
            {words::text("popup_open_device_page")}
        </a>
    }
    .into_any()
}

/// Offers a file to save.
fn save(json: &str) -> Option<()> {
    let link: web_sys::HtmlElement = document().create_element("a").ok()?.dyn_into().ok()?;
    link.set_attribute("href", &file(json, "application/json")?).ok()?;
    link.set_attribute("download", "latchkey.json").ok()?;
    link.click();
    Some(())
}

/// What had the focus may be gone: then what was said has it.
fn keep_focus() {
    let lost = document().active_element().is_none_or(|it| it.tag_name() == "BODY");
    let said = document().get_element_by_id("said").filter(|_| lost);
    if let Some(Ok(said)) = said.map(|it| it.dyn_into::<web_sys::HtmlElement>()) {
        drop(said.focus());
    }
}
