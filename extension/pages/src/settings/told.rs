//! What the person tells of themselves: where they are, and how soon they want to be asked.

use latchkey::explain::{Arg, Message};
use latchkey::protocol::Told;
use latchkey::risk::{Sensitivity, Settings};
use latchkey_browser::words;
use leptos::prelude::*;

use super::{SettingsScreen, section};
use crate::icon::Icon;

/// All countries: of each its three letters and its two.
const COUNTRIES: &str = include_str!("../../../../src/reading/lexicon/countries.alpha3");

/// What docs/judgement.md has measured: in how many months a person is asked once too often, and how many of a hundred
/// break-ins are found at the first look.
fn rates(sensitivity: Sensitivity) -> Option<(u64, u64)> {
    match sensitivity {
        Sensitivity::Balanced => Some((23, 44)),
        Sensitivity::Calm | Sensitivity::Watchful => None,
    }
}

/// The two-letter codes of all countries.
pub fn codes() -> impl Iterator<Item = &'static str> {
    COUNTRIES.split_whitespace().filter_map(|it| it.get(3..))
}

/// The code of a country that the person has named, in whatever case.
pub fn code_of(name: &str) -> Option<&'static str> {
    let name = name.trim().to_lowercase();
    codes().find(|code| words::country(code).to_lowercase() == name)
}

/// Where the person usually is, and where their VPN comes out.
pub fn countries(screen: SettingsScreen) -> AnyView {
    let list = codes().map(|code| view! { <option value=words::country(code)></option> }).collect_view();
    section(
        "settings_countries",
        view! {
            <p class="hint">{words::text("settings_countries_hint")}</p>
            <datalist id="countries">{list}</datalist>
            {choice(screen, "settings_usual", |told| &mut told.usual_countries)}
            {choice(screen, "settings_vpn", |told| &mut told.vpn_countries)}
        }
        .into_any(),
    )
}

type Part = fn(&mut Settings) -> &mut Vec<String>;

/// One list of countries: typed in, and taken out by a press.
fn choice(screen: SettingsScreen, key: &'static str, part: Part) -> AnyView {
    let mut_of = move |mut told: Settings| std::mem::take(part(&mut told));
    let chosen = Memo::new(move |_| mut_of(screen.part(|it| it.told.clone())));
    let change = move |change: &dyn Fn(&mut Vec<String>)| {
        let mut told = untrack(|| screen.part(|it| it.told.clone()));
        change(part(&mut told));
        screen.tell(Told::Settings(told));
    };
    let list = move || {
        let item = |code: String| {
            let name = words::country(&code);
            let title = words::render(&Message::new("settings_remove").with_text(name.clone()));
            view! {
                <li>
                    <button
                        class="secondary"
                        type="button"
                        aria-label=title
                        on:click=move |_| change(&|list| list.retain(|it| *it != code))
                    >
                        {name}
                        {Icon::No.draw()}
                    </button>
                </li>
            }
        };
        chosen.get().into_iter().map(item).collect_view()
    };
    view! {
        <label class="field">
            <span>{words::text(key)}</span>
            <input
                type="text"
                name=key
                list="countries"
                autocomplete="off"
                on:change=move |event| {
                    if let Some(code) = code_of(&event_target_value(&event)) {
                        change(&|list| {
                            if !list.iter().any(|it| it == code) {
                                list.push(code.to_owned());
                            }
                        });
                        event_target::<web_sys::HtmlInputElement>(&event).set_value("");
                    }
                }
            />
        </label>
        <ul class="chosen">{list}</ul>
    }
    .into_any()
}

/// How soon the person wants to be asked.
pub fn sensitivity(screen: SettingsScreen) -> AnyView {
    let chosen = Memo::new(move |_| screen.part(|it| it.told.sensitivity));
    let option = |which: Sensitivity| {
        let key = match which {
            Sensitivity::Calm => "sensitivity_calm",
            Sensitivity::Balanced => "sensitivity_balanced",
            Sensitivity::Watchful => "sensitivity_watchful",
        };
        let measured = rates(which).map(|(months, found)| {
            let rate = Message::new("settings_rate").with(Arg::Count(months)).with(Arg::Count(found));
            view! { <span class="small">{words::render(&rate)}</span> }
        });
        view! {
            <label class="line">
                <input
                    type="radio"
                    name="sensitivity"
                    value=key
                    prop:checked=move || chosen.get() == which
                    on:change=move |_| {
                        let mut told = untrack(|| screen.part(|it| it.told.clone()));
                        told.sensitivity = which;
                        screen.tell(Told::Settings(told));
                    }
                />
                <span>{words::text(key)}{measured}</span>
            </label>
        }
    };
    let options = Sensitivity::ALL.map(option).into_iter().collect_view();
    section(
        "settings_sensitivity",
        view! {
            <p class="hint">{words::text("settings_sensitivity_hint")}</p>
            <div role="radiogroup" aria-labelledby="settings_sensitivity">{options}</div>
        }
        .into_any(),
    )
}
