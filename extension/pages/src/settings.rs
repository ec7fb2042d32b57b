//! The settings: what happens on leaving, what the person tells of themselves, the diary of devices, what is remembered.
//!
//! The one screen that is not drawn by Leptos: it is long and changes seldom, and by hand it takes a fifth of the code.
//! What stands still stands in settings.html; here it gets its words, its lists and its ears.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use js_sys::{Date, JsString};
use latchkey::explain::{Arg, Message};
use latchkey::leave::Leaving;
use latchkey::protocol::{About, FromScreen, Reply, Told};
use latchkey::reading::place::codes;
use latchkey::risk::{Sensitivity, Settings};
use latchkey::state::AccountId;
use latchkey::view::{DiaryView, LeavingView, SettingsView};
use latchkey_browser::permissions::{self, Optional};
use latchkey_browser::{storage, tabs, words};
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
// Leptos's own wants a mounted view.
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, HtmlTemplateElement};

use crate::answer;
use crate::popup::tone_class;
use crate::sample::file;

/// The screen's state: what the background said last.
#[derive(Clone, Default)]
pub struct SettingsScreen(Rc<RefCell<Option<SettingsView>>>);

impl SettingsScreen {
    /// Shows it.
    pub async fn show() {
        let screen = Self::default();
        say_words(document().document_element());
        for place in all(None, "[data-rate]") {
            let rate = place.get_attribute("data-rate").unwrap_or_default();
            let numbers = rate.split(' ').filter_map(|number| number.parse().ok()).map(Arg::Count);
            set_text(
                Some(place),
                &words::render(&Message { args: numbers.collect(), ..Message::new("settings_rate") }),
            );
        }
        if let Some(list) = by_id("countries") {
            list.replace_children_with_node_0();
            codes().for_each(|code| option(&list, &words::country(code), ""));
        }
        screen.ask(FromScreen::Settings, "").await;
        for it in all(None, ".ghost") {
            it.remove();
        }
        for it in all(None, "#screen > [hidden]") {
            drop(it.remove_attribute("hidden"));
        }
        if let Some(root) = by_id("screen") {
            drop(root.remove_attribute("aria-busy"));
            // They live as long as the document.
            for (kind, hear) in [("click", Self::click as Hear), ("change", Self::change), ("submit", Self::submit)] {
                let screen = screen.clone();
                // A form that is sent would load the page anew.
                let options = gloo::events::EventListenerOptions::enable_prevent_default();
                EventListener::new_with_options(&root, kind, options, move |event| hear(&screen, event)).forget();
            }
        }
        EventListener::new(&window(), "focus", move |_| screen.say(FromScreen::Settings, "")).forget();
    }

    /// Says something to the background, and `done` to the person once it is noted.
    async fn ask(&self, what: FromScreen, done: &str) {
        let mut reply = answer::of_background(what).await;
        let mut said = done;
        if !matches!(reply, Some(Reply::Settings(_))) {
            if !matches!(reply, Some(Reply::Done)) && !done.is_empty() {
                said = "popup_not_done";
            }
            reply = answer::of_background(FromScreen::Settings).await;
        }
        let view = match reply {
            Some(Reply::Settings(view)) => *view,
            _ => return told("popup_silent_hint"),
        };
        let before = self.0.replace(Some(view.clone()));
        draw(&view, before.as_ref());
        if !said.is_empty() {
            told(said);
        }
    }

    fn say(&self, what: FromScreen, done: &'static str) {
        let screen = self.clone();
        spawn_local(async move { screen.ask(what, done).await });
    }

    fn tell(&self, what: Told) {
        self.say(FromScreen::Told(what), "settings_saved");
    }

    /// The countries of one of the two lists.
    fn countries(&self, vpn: bool) -> (About, Vec<String>) {
        let told = self.0.borrow().as_ref().map(|view| view.told.clone()).unwrap_or_default();
        if vpn { (About::VpnCountries, told.vpn_countries) } else { (About::UsualCountries, told.usual_countries) }
    }

    fn click(&self, event: &Event) {
        let target: Option<Element> = event.target().and_then(|it| it.dyn_into().ok());
        let Some(pressed) = target.and_then(|it| it.closest("[data-do]").ok().flatten()) else { return };
        let value = |name: &str| pressed.get_attribute(name);
        let account = value("data-account").map(AccountId);
        match value("data-do").unwrap_or_default().as_str() {
            "remove" => {
                let (about, mut words) = self.countries(value("data-list").as_deref() == Some("vpn"));
                words.retain(|code| Some(code) != value("data-code").as_ref());
                self.tell(Told { about, words, ..Told::default() });
            }
            "put-away" => {
                let words = value("data-device").into_iter().collect();
                self.tell(Told { about: About::PutAway, account, words, ..Told::default() });
            }
            "forget" => {
                if account.is_none() {
                    // What could not be read and was kept aside is remembered, too.
                    spawn_local(async { drop(storage::forget_aside().await) });
                }
                self.tell(Told { about: About::Forget, account, ..Told::default() });
            }
            "export" => spawn_local(async move {
                let export = Told { about: About::Export, account, ..Told::default() };
                match answer::of_background(FromScreen::Told(export)).await {
                    Some(Reply::Export(json)) if save(&json).is_some() => told("settings_exported"),
                    _ => told("popup_not_done"),
                }
            }),
            "open" => {
                event.prevent_default();
                let url = value("href").unwrap_or_default();
                spawn_local(async move { drop(tabs::open(&url).await) });
            }
            _ => {}
        }
    }

    fn change(&self, event: &Event) {
        let Some(field) = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok()) else { return };
        let (ticked, value) = (field.checked(), field.value());
        let leaving = |leaving| FromScreen::Leaving { exchange: value.clone(), leaving };
        match field.name().as_str() {
            "leaving" => {
                self.say(leaving(if ticked { Leaving::LogOut } else { Leaving::Stay }), "settings_saved");
            }
            "clean" if ticked => {
                // Asked within the click, as the browser demands.
                let asked = permissions::request_one(Optional::BrowsingData);
                let (screen, wanted) = (self.clone(), leaving(Leaving::Clean));
                spawn_local(async move {
                    if matches!(asked.await, Ok(true)) {
                        return screen.ask(wanted, "settings_saved").await;
                    }
                    field.set_checked(false);
                    told("popup_not_granted");
                });
            }
            "clean" => self.say(leaving(Leaving::LogOut), "settings_saved"),
            "sensitivity" => {
                let about = match value.as_str() {
                    "calm" => About::Calm,
                    "watchful" => About::Watchful,
                    _ => About::Balanced,
                };
                self.tell(Told { about, ..Told::default() });
            }
            list @ ("usual" | "vpn") => {
                let Some(code) = code_of(&value) else { return };
                field.set_value("");
                let (about, mut words) = self.countries(list == "vpn");
                if !words.iter().any(|it| it == code) {
                    words.push(code.to_owned());
                    self.tell(Told { about, words, ..Told::default() });
                }
            }
            _ => {}
        }
    }

    fn submit(&self, event: &Event) {
        event.prevent_default();
        let Some(form) = event.target().and_then(|it| it.dyn_into::<Element>().ok()) else { return };
        if form.id() == "lost" {
            return self.tell(Told { about: About::Lost, words: vec![take("diary_lost_device")], ..Told::default() });
        }
        // Until the end of that day, where the person is.
        let until = Date::parse(&[value_of("diary_until_day").as_str(), "T23:59:59"].concat());
        if until.is_nan() {
            return told("diary_incomplete");
        }
        let mut words = vec![take("diary_device")];
        words.extend(code_of(&take("diary_country")).map(str::to_owned));
        let account = Some(AccountId(value_of("diary_account")));
        self.tell(Told { about: About::Borrowed, account, words, until });
    }
}

type Hear = fn(&SettingsScreen, &Event);

/// Draws the parts that have changed.
fn draw(view: &SettingsView, before: Option<&SettingsView>) {
    let own = !view.computer.is_shared();
    hide("own", !own);
    hide("forgets", own);
    hide("borrowed", view.accounts.is_empty());
    hide("no-account", !view.accounts.is_empty());
    hide("nothing", !view.accounts.is_empty());
    if before.is_none_or(|it| it.leavings != view.leavings) {
        fill("leavings", |list| view.leavings.iter().for_each(|it| leaving(list, it)));
    }
    if before.is_none_or(|it| it.told != view.told) {
        let Settings { usual_countries, vpn_countries, sensitivity } = &view.told;
        for (name, codes) in [("usual", usual_countries), ("vpn", vpn_countries)] {
            fill(name, |list| codes.iter().for_each(|code| country(list, name, code)));
        }
        let value = match sensitivity {
            Sensitivity::Calm => "calm",
            Sensitivity::Balanced => "balanced",
            Sensitivity::Watchful => "watchful",
        };
        if let Some(radio) = input(&["[value=", value, "]"].concat()) {
            radio.set_checked(true);
        }
    }
    if before.is_none_or(|it| it.diary != view.diary) {
        fill("diary", |list| view.diary.iter().for_each(|it| entry(list, it)));
    }
    if before.is_none_or(|it| it.devices != view.devices) {
        fill("devices", |list| view.devices.iter().for_each(|name| option(list, name, "")));
    }
    if before.is_none_or(|it| it.accounts != view.accounts) {
        fill("accounts", |list| {
            for it in &view.accounts {
                let Some(copy) = copy("account", list) else { return };
                set_text(within(&copy, "bdi"), &it.name);
                let mut kept = Message::new("settings_rows").with(Arg::Count(it.rows.into()));
                kept.args.extend(it.since.map(Arg::Time));
                set_text(within(&copy, "p"), &words::render(&kept));
                for button in all(Some(&copy), "button") {
                    set(&button, "data-account", &it.id.0);
                }
            }
        });
        if let Some(list) = by_selector("[name=diary_account]") {
            list.replace_children_with_node_0();
            view.accounts.iter().for_each(|it| option(&list, &it.id.0, &it.name));
        }
    }
}

fn leaving(list: &Element, it: &LeavingView) {
    let Some(copy) = copy("leaving", list) else { return };
    let labels = all(Some(&copy), "label").into_iter();
    for (label, (key, ticked)) in
        labels.zip([("leaving_choice", it.leaving != Leaving::Stay), ("leaving_clean", it.leaving == Leaving::Clean)])
    {
        set_text(within(&label, "span"), &words::render(&Message::new(key).with_text(it.name.as_str())));
        if let Some(field) = within(&label, "input").and_then(|it| it.dyn_into::<HtmlInputElement>().ok()) {
            field.set_value(&it.exchange);
            field.set_checked(ticked);
        }
    }
}

fn country(list: &Element, name: &str, code: &str) {
    let Some(button) = copy("country", list).and_then(|copy| within(&copy, "button")) else { return };
    let country = words::country(code);
    set(&button, "aria-label", &words::render(&Message::new("settings_remove").with_text(country.as_str())));
    set(&button, "data-list", name);
    set(&button, "data-code", code);
    set_text(within(&button, "bdi"), &country);
}

fn entry(list: &Element, it: &DiaryView) {
    let Some(copied) = copy("entry", list) else { return };
    let key = if it.account.is_some() { "diary_borrowed" } else { "diary_lost" };
    set_text(within(&copied, "span"), &words::text(key));
    set_text(within(&copied, "bdi"), &it.device);
    if let Some(button) = within(&copied, "button") {
        set(&button, "data-device", &it.device);
        if let Some(account) = &it.account {
            set(&button, "data-account", &account.0);
        }
    }
    let Some(lines) = within(&copied, "ul") else { return };
    for line in &it.lines {
        let Some(copy) = copy("line", &lines) else { return };
        drop(copy.class_list().add_1(tone_class(line.tone)));
        set_text(within(&copy, "span"), &words::render(&line.message));
        let Some(link) = within(&copy, "a") else { return };
        match &line.page {
            Some(page) => {
                set(&link, "href", page);
                set(&link, "data-do", "open");
            }
            None => link.remove(),
        }
    }
}

/// The code of a country that the person has named, in whatever case.
fn code_of(name: &str) -> Option<&'static str> {
    let lower = |text: &str| JsString::from(text).to_lower_case();
    let name = lower(name.trim());
    codes().find(|code| lower(&words::country(code)) == name)
}

/// Offers a file to save.
fn save(json: &str) -> Option<()> {
    let link: HtmlElement = document().create_element("a").ok()?.dyn_into().ok()?;
    set(&link, "href", &file(json, "application/json")?);
    set(&link, "download", "latchkey.json");
    link.click();
    Some(())
}

/// Says what came of a change. What had the focus may be gone: then this has it.
fn told(key: &str) {
    let Some(said) = by_id("said") else { return };
    said.set_text_content(Some(&words::text(key)));
    if document().active_element().is_none_or(|it| it.tag_name() == "BODY") {
        drop(said.dyn_into().map(|said: HtmlElement| said.focus()));
    }
}

// --- the document -------------------------------------------------------------------------------------------------------

/// Says the words of everything that names its key.
fn say_words(root: Option<Element>) {
    for place in all(root.as_ref(), "[data-text]") {
        let key = place.get_attribute("data-text").unwrap_or_default();
        set_text(Some(place), &words::text(&key));
    }
}

fn all(root: Option<&Element>, selector: &str) -> Vec<Element> {
    let found = match root {
        Some(root) => root.query_selector_all(selector),
        None => document().query_selector_all(selector),
    };
    let Ok(found) = found else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}

fn by_selector(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok()?
}

fn by_id(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

fn within(root: &Element, selector: &str) -> Option<Element> {
    root.query_selector(selector).ok()?
}

fn set(element: &Element, name: &str, value: &str) {
    // Fails for names that are none only.
    drop(element.set_attribute(name, value));
}

fn set_text(element: Option<Element>, text: &str) {
    if let Some(element) = element {
        element.set_text_content(Some(text));
    }
}

fn hide(id: &str, hidden: bool) {
    if let Some(element) = by_id(id) {
        drop(element.toggle_attribute_with_force("hidden", hidden));
    }
}

fn fill(id: &str, with: impl FnOnce(&Element)) {
    if let Some(list) = by_id(id) {
        list.replace_children_with_node_0();
        with(&list);
    }
}

/// A copy of a template at the end of a list, with its words.
fn copy(template: &str, list: &Element) -> Option<Element> {
    let template: HtmlTemplateElement = by_selector(&["template#", template].concat())?.dyn_into().ok()?;
    let copy: Element = template.content().first_element_child()?.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
    list.append_child(&copy).ok()?;
    say_words(Some(copy.clone()));
    Some(copy)
}

fn option(list: &Element, value: &str, text: &str) {
    let Ok(option) = document().create_element("option") else { return };
    set(&option, "value", value);
    option.set_text_content(Some(text));
    drop(list.append_child(&option));
}

fn input(selector: &str) -> Option<HtmlInputElement> {
    by_selector(selector)?.dyn_into().ok()
}

fn value_of(name: &str) -> String {
    // A select has a value as an input has.
    let field = by_selector(&["[name=", name, "]"].concat());
    field.map(|it| it.unchecked_into::<HtmlInputElement>().value()).unwrap_or_default()
}

/// A field's value, which it gives away.
fn take(name: &str) -> String {
    let value = value_of(name);
    if let Some(field) = input(&["[name=", name, "]"].concat()) {
        field.set_value("");
    }
    value
}
