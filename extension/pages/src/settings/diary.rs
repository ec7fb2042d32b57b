//! The diary: devices that are not the person's, or no longer.

use chrono::DateTime;
use js_sys::Date;
use latchkey::memory::Expected;
use latchkey::protocol::Told;
use latchkey::state::AccountId;
use latchkey::view::{DiaryLine, DiaryView, Tone};
use latchkey_browser::{clock, words};
use leptos::prelude::*;

use super::told::code_of;
use super::{SettingsScreen, link, section};
use crate::icon::Icon;
use crate::popup::tone_class;

/// What is in the diary, and the two ways to add to it.
pub fn diary(screen: SettingsScreen) -> AnyView {
    let entries = Memo::new(move |_| screen.part(|it| it.diary.clone()));
    let list = move || entries.get().into_iter().map(|it| entry(screen, it)).collect_view();
    section(
        "settings_diary",
        view! {
            <p class="hint">{words::text("settings_diary_hint")}</p>
            <ul class="diary">{list}</ul>
            {borrowed(screen)}
            {lost(screen)}
        }
        .into_any(),
    )
}

fn entry(screen: SettingsScreen, it: DiaryView) -> AnyView {
    let DiaryView { account, device, lines } = it;
    let title = words::text(if account.is_some() { "diary_borrowed" } else { "diary_lost" });
    let shown = device.clone();
    let lines = lines.into_iter().map(line).collect_view();
    view! {
        <li class="entry">
            <strong>{title}" "<bdi>{shown}</bdi></strong>
            <ul>{lines}</ul>
            <button
                class="secondary away"
                type="button"
                on:click=move |_| screen.tell(Told::PutAway(account.clone(), device.clone()))
            >
                {words::text("diary_put_away")}
            </button>
        </li>
    }
    .into_any()
}

fn line(it: DiaryLine) -> AnyView {
    let DiaryLine { message, tone, page } = it;
    let icon = if tone == Tone::Check { Icon::Target } else { Icon::of(tone) };
    view! {
        <li class=["look ", tone_class(tone)].concat()>
            {icon.draw()}
            <span>{words::render(&message)}" "{page.map(link)}</span>
        </li>
    }
    .into_any()
}

/// A field of a form.
fn field(key: &'static str, kind: &'static str, list: &'static str, value: RwSignal<String>) -> AnyView {
    view! {
        <label class="field">
            <span>{words::text(key)}</span>
            <input
                type=kind
                name=key
                list=list
                autocomplete="off"
                maxlength="80"
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
        </label>
    }
    .into_any()
}

fn form(title: &'static str, fields: AnyView, submit: impl Fn() + 'static) -> AnyView {
    view! {
        <form
            aria-label=words::text(title)
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <h3>{words::text(title)}</h3>
            {fields}
            <button class="primary" type="submit">{words::text("diary_add")}</button>
        </form>
    }
    .into_any()
}

fn borrowed(screen: SettingsScreen) -> AnyView {
    let [device, country, until, account] = [(); 4].map(|()| RwSignal::new(String::new()));
    let accounts = Memo::new(move |_| screen.part(|it| it.accounts.clone()));
    let options = move || {
        let options = accounts.get().into_iter().map(|it| view! { <option value=it.id.0>{it.name}</option> });
        options.collect_view()
    };
    let submit = move || {
        // Until the end of that day, where the person is.
        let end = Date::parse(&[until.get_untracked().as_str(), "T23:59:59"].concat());
        let until = DateTime::from_timestamp_millis(end as i64).filter(|_| end.is_finite());
        let first = accounts.with_untracked(|all| all.first().map(|it| it.id.clone()));
        let account = Some(AccountId(account.get_untracked())).filter(|it| !it.0.is_empty()).or(first);
        let (Some(until), Some(account)) = (until, account) else {
            return screen.said.set("diary_incomplete");
        };
        let country = code_of(&country.get_untracked()).map(str::to_owned);
        let entry = Expected { device: device.get_untracked(), country, from: clock::now(), until };
        screen.tell(Told::Borrowed(account, entry));
        device.set(String::new());
    };
    let fields = view! {
        {field("diary_device", "text", "", device)}
        <label class="field">
            <span>{words::text("diary_account")}</span>
            <select name="diary_account" on:change=move |event| account.set(event_target_value(&event))>{options}</select>
        </label>
        {field("diary_country", "text", "countries", country)}
        {field("diary_until_day", "date", "", until)}
    };
    let known = move || accounts.with(|all| !all.is_empty());
    let shown = form("diary_borrowed_title", fields.into_any(), submit);
    view! {
        <div hidden=move || !known()>{shown}</div>
        <p class="hint" hidden=known>{words::text("diary_no_account")}</p>
    }
    .into_any()
}

fn lost(screen: SettingsScreen) -> AnyView {
    let device = RwSignal::new(String::new());
    let devices = Memo::new(move |_| screen.part(|it| it.devices.clone()));
    let options = move || devices.get().into_iter().map(|name| view! { <option value=name></option> }).collect_view();
    let submit = move || {
        screen.tell(Told::Lost(device.get_untracked()));
        device.set(String::new());
    };
    let fields = view! {
        <p class="hint">{words::text("diary_lost_hint")}</p>
        <datalist id="devices">{options}</datalist>
        {field("diary_lost_device", "text", "devices", device)}
    };
    form("diary_lost_title", fields.into_any(), submit)
}
