//! The popup's screens that have no sessions to show.

use latchkey::explain::Message;
use latchkey::protocol::FromScreen;
use latchkey::view::{ExchangeView, Screen, TeachView, Tone};
use latchkey_browser::words;
use leptos::prelude::*;

use super::Popup;
use crate::icon::Icon;
use crate::quote::code;
use crate::sample;

/// Nothing answers.
pub fn silent(popup: Popup) -> AnyView {
    let again = view! {
        <button class="primary" on:click=move |_| popup.reload()>{words::text("popup_try_again")}</button>
    };
    page(
        popup,
        None,
        state(Icon::Unplugged, words::text("popup_silent"), words::text("popup_silent_hint"), again.into_any()),
    )
}

/// All others but the sessions.
pub fn plain(popup: Popup, screen: Screen) -> AnyView {
    match screen {
        Screen::Elsewhere { watched } => elsewhere(popup, watched),
        Screen::NotWatched { exchange } => not_watched(popup, exchange),
        Screen::NotRead { exchange } => {
            let title = words::text("popup_not_read");
            let hint = words::text("popup_not_read_hint");
            let again = view! {
                <button class="primary" on:click=move |_| popup.reload_page()>{words::text("popup_reload_page")}</button>
            };
            page(popup, Some(&exchange), state(Icon::Sheet, title, hint, again.into_any()))
        }
        Screen::NoList { exchange } => {
            let hint = words::render(&Message::new("popup_no_list_hint").with_text(exchange.name.clone()));
            let link = device_page(popup, &exchange);
            page(popup, Some(&exchange), state(Icon::Sheet, words::text("popup_no_list"), hint, link))
        }
        Screen::Unreadable { exchange, problems } => unreadable(popup, exchange, problems),
        Screen::Sessions(_) => ().into_any(),
    }
}

/// The head of the popup: whose page this is.
pub fn head(exchange: &ExchangeView, host: Option<String>, label: AnyView) -> AnyView {
    view! {
        <header class="head">
            <span class="mark">{Icon::Key.draw()}</span>
            <div class="who">
                <h1><bdi>{exchange.name.clone()}</bdi></h1>
                <p class="where">{host.map(|host| code(&host))}{label}</p>
            </div>
        </header>
    }
    .into_any()
}

/// The way to the exchanges that are watched.
pub fn foot(popup: Popup) -> AnyView {
    view! {
        <footer class="foot">
            <button class="quiet" on:click=move |_| popup.go("welcome.html".to_owned())>
                {words::text("popup_choose")}
            </button>
            <button class="quiet" on:click=move |_| popup.go("settings.html".to_owned())>
                {words::text("settings_title")}
            </button>
            <button class="quiet" on:click=move |_| popup.go(format!("sample.html?tab={}", popup.tab_id()))>
                {words::text("popup_report")}
            </button>
            {move || taught(popup)}
            <button class="quiet" on:click=move |_| popup.go("about.html".to_owned())>
                {words::text("about")}
            </button>
        </footer>
    }
    .into_any()
}

/// What can be taught of the page, and what was.
fn taught(popup: Popup) -> AnyView {
    let TeachView { can, taught, file } =
        popup.view.with(|view| view.as_ref().map(|it| it.teach.clone())).unwrap_or_default();
    let teach = can.then(|| {
        let words = words::text(if taught { "popup_teach_again" } else { "popup_teach" });
        view! { <button class="quiet" on:click=move |_| popup.teach()>{words}</button> }
    });
    let forget = taught.then(|| {
        let forget = move |_| popup.send(FromScreen::Forget { tab: popup.tab.get_value() });
        view! { <button class="quiet" on:click=forget>{words::text("popup_forget")}</button> }
    });
    let save = file.and_then(|file| sample::file(&file, "application/json")).map(|address| {
        view! { <a class="button quiet" href=address download="latchkey-lessons.json">{words::text("popup_lessons")}</a> }
    });
    (teach, forget, save).into_any()
}

/// What has just failed, said where it is heard.
pub fn trouble(popup: Popup) -> AnyView {
    view! {
        <p class="trouble" role="alert">{move || popup.trouble.get().map(|trouble| words::render(&trouble))}</p>
    }
    .into_any()
}

fn page(popup: Popup, of: Option<&ExchangeView>, body: AnyView) -> AnyView {
    match of {
        Some(exchange) => view! {
            {head(exchange, popup.host(exchange), ().into_any())}
            <main class="body">{trouble(popup)}{body}</main>
            {foot(popup)}
        }
        .into_any(),
        None => view! {
            <header class="head">
                <span class="mark">{Icon::Key.draw()}</span>
                <div class="who"><h1>{words::text("extension_name")}</h1></div>
            </header>
            <main class="body">{trouble(popup)}{body}</main>
            <footer class="foot">{move || taught(popup)}</footer>
        }
        .into_any(),
    }
}

fn state(icon: Icon, title: String, hint: String, more: AnyView) -> AnyView {
    view! {
        <div class="state">
            <span class="state-icon tone-unknown">{icon.draw()}</span>
            <div role="status"><h2>{title}</h2></div>
            <p>{hint}</p>
            {more}
        </div>
    }
    .into_any()
}

fn elsewhere(popup: Popup, watched: Vec<ExchangeView>) -> AnyView {
    let none = watched.is_empty();
    let choose = view! {
        <button
            class=if none { "primary" } else { "secondary" }
            on:click=move |_| popup.go("welcome.html".to_owned())
        >
            {words::text("popup_choose")}
        </button>
    };
    let hint = words::text(if none { "popup_elsewhere_none" } else { "popup_elsewhere_hint" });
    let list = watched.into_iter().map(|exchange| watched_exchange(popup, exchange)).collect_view();
    let more = view! {
        <Show when=move || !none>
            <h3 class="label">{words::text("popup_watched")}</h3>
        </Show>
        <ul class="exchanges">{list}</ul>
        {choose}
    };
    page(popup, None, state(Icon::Key, words::text("popup_elsewhere"), hint, more.into_any()))
}

fn watched_exchange(popup: Popup, exchange: ExchangeView) -> AnyView {
    let host = exchange.hosts.first().map(|host| code(host));
    let inner = view! { <strong><bdi>{exchange.name}</bdi></strong>{host} };
    match exchange.device_page {
        Some(url) => {
            let go = url.clone();
            view! {
                <li>
                    <a
                        href=url
                        target="_blank"
                        rel="noreferrer"
                        on:click=move |click| {
                            click.prevent_default();
                            popup.go(go.clone());
                        }
                    >
                        {inner}
                        {Icon::Outward.draw()}
                    </a>
                </li>
            }
            .into_any()
        }
        None => view! { <li><span>{inner}</span></li> }.into_any(),
    }
}

fn not_watched(popup: Popup, exchange: ExchangeView) -> AnyView {
    let named = |key| words::render(&Message::new(key).with_text(exchange.name.clone()));
    let hosts = exchange.hosts.iter().map(|host| view! { <li>{code(host)}</li> }).collect_view();
    let asked = exchange.clone();
    let more = view! {
        <ul class="hosts">{hosts}</ul>
        <button class="primary" on:click=move |_| popup.watch(&asked)>{named("popup_watch")}</button>
    };
    let body = state(Icon::Eye, named("popup_not_watched"), words::text("popup_not_watched_hint"), more.into_any());
    page(popup, Some(&exchange), body)
}

fn unreadable(popup: Popup, exchange: ExchangeView, problems: Vec<Message>) -> AnyView {
    let problems = problems.iter().map(|problem| view! { <li>{words::render(problem)}</li> }).collect_view();
    let more = view! { <ul class="problems">{problems}</ul> };
    let hint = words::text("popup_unreadable_hint");
    let body = state(Icon::of(Tone::Unknown), words::text("popup_unreadable"), hint, more.into_any());
    page(popup, Some(&exchange), body)
}

fn device_page(popup: Popup, exchange: &ExchangeView) -> AnyView {
    let Some(url) = exchange.device_page.clone() else { return ().into_any() };
    let go = url.clone();
    view! {
        <a
            class="button primary"
            href=url.clone()
            target="_blank"
            rel="noreferrer"
            on:click=move |click| {
                click.prevent_default();
                popup.go(go.clone());
            }
        >
            {words::text("popup_open_device_page")}
            {Icon::Outward.draw()}
        </a>
        <p class="small">{code(&url)}</p>
        <p class="small">{words::text("popup_device_page_unverified")}</p>
    }
    .into_any()
}
