//! Messages in the person's language: texts from `_locales`, numbers, dates, countries and plurals by `Intl`.

use chrono::{DateTime, Utc};
use js_sys::{Array, Date, Intl, Object, Reflect};
use latchkey::explain::{Arg, Message};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "i18n"], js_name = getMessage)]
    fn get_message(key: &str, args: &Array) -> String;
    #[wasm_bindgen(js_namespace = ["chrome", "i18n"], js_name = getUILanguage)]
    fn get_ui_language() -> String;

    #[wasm_bindgen(js_namespace = Intl, js_name = DisplayNames)]
    type DisplayNames;
    #[wasm_bindgen(constructor, catch, js_namespace = Intl, js_class = "DisplayNames")]
    fn new(locales: &Array, options: &Object) -> Result<DisplayNames, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn of(this: &DisplayNames, code: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Intl, js_name = RelativeTimeFormat)]
    type RelativeTime;
    #[wasm_bindgen(constructor, catch, js_namespace = Intl, js_class = "RelativeTimeFormat")]
    fn new(locales: &Array, options: &Object) -> Result<RelativeTime, JsValue>;
    #[wasm_bindgen(method)]
    fn format(this: &RelativeTime, value: f64, unit: &str) -> String;
}

/// First-strong isolate and its end: a text of unknown direction cannot disturb the sentence around it.
const ISOLATE: (char, char) = ('\u{2068}', '\u{2069}');

/// A text without arguments; its key where there is none.
pub fn text(key: &str) -> String {
    let text = get_message(key, &Array::new());
    if text.is_empty() { key.to_owned() } else { text }
}

/// A message.
pub fn render(message: &Message) -> String {
    let args = Array::new();
    for arg in &message.args {
        args.push(&JsValue::from_str(&render_arg(arg)));
    }
    let count = message.args.iter().find_map(|arg| match arg {
        Arg::Count(count) => Some(*count),
        _ => None,
    });
    let Some(count) = count else {
        let text = get_message(&message.key, &args);
        return if text.is_empty() { message.key.clone().into_owned() } else { text };
    };
    let text = get_message(&format!("{}_{}", message.key, plural(count)), &args);
    if text.is_empty() { get_message(&format!("{}_other", message.key), &args) } else { text }
}

/// Sentences, one after the other.
pub fn all(messages: &[Message]) -> String {
    messages.iter().map(render).collect::<Vec<_>>().join(" ")
}

/// The language of the texts: the one that `_locales` was chosen by.
pub fn language() -> String {
    let language = text("language");
    if language == "language" { get_ui_language() } else { language }
}

/// "ltr" or "rtl", of the texts. The browser's own `@@bidi_dir` is that of its menus, which may be in another language.
pub fn direction() -> String {
    text("direction")
}

/// A moment in full.
pub fn date_time(time: DateTime<Utc>) -> String {
    formatted(time, &[("dateStyle", "medium"), ("timeStyle", "short")])
}

/// A day, by its beginning.
pub fn date(day: DateTime<Utc>) -> String {
    formatted(day, &[("dateStyle", "medium"), ("timeZone", "UTC")])
}

fn formatted(time: DateTime<Utc>, style: &[(&str, &str)]) -> String {
    let format = Intl::DateTimeFormat::new(&locales(), &options(style).unchecked_into()).format();
    let date = Date::new(&JsValue::from_f64(time.timestamp_millis() as f64));
    format.call1(&JsValue::UNDEFINED, &date).ok().and_then(|text| text.as_string()).unwrap_or_else(|| time.to_rfc3339())
}

/// A moment, counted from now.
pub fn relative(time: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (time - now).num_seconds();
    let (unit, length) =
        [("year", 31_556_952), ("month", 2_629_746), ("week", 604_800), ("day", 86_400), ("hour", 3_600)]
            .into_iter()
            .find(|(_, length)| seconds.abs() >= *length)
            .unwrap_or(("minute", 60));
    match RelativeTime::new(&locales(), &options(&[("numeric", "auto")])) {
        Ok(format) => format.format((seconds / length) as f64, unit),
        Err(_) => date_time(time),
    }
}

/// A country's name.
pub fn country(code: &str) -> String {
    DisplayNames::new(&locales(), &options(&[("type", "region")]))
        .and_then(|names| names.of(code))
        .ok()
        .and_then(|name| name.as_string())
        .unwrap_or_else(|| code.to_owned())
}

/// The names of countries in a language, long and short: for each code a line `name|name`.
pub fn countries(tag: &str, codes: &[&str]) -> String {
    let locales = Array::of1(&tag.into());
    let styles = ["long", "short"].map(|style| {
        DisplayNames::new(&locales, &options(&[("type", "region"), ("style", style), ("fallback", "none")]))
    });
    let mut lines = String::new();
    for code in codes {
        for names in styles.iter().flatten() {
            let name = names.of(code).ok().and_then(|name| name.as_string());
            lines.push_str(name.as_deref().unwrap_or_default());
            lines.push('|');
        }
        lines.push('\n');
    }
    lines
}

fn render_arg(arg: &Arg) -> String {
    match arg {
        Arg::Text(text) => format!("{}{}{}", ISOLATE.0, text.replace([ISOLATE.0, ISOLATE.1], ""), ISOLATE.1),
        Arg::Count(count) => number(*count),
        Arg::Time(time) => date_time(*time),
        Arg::Country(code) => country(code),
    }
}

fn number(count: u64) -> String {
    let format = Intl::NumberFormat::new(&locales(), &Object::new().unchecked_into()).format();
    format
        .call1(&JsValue::UNDEFINED, &JsValue::from_f64(count as f64))
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_else(|| count.to_string())
}

fn plural(count: u64) -> String {
    String::from(Intl::PluralRules::new(&locales(), &Object::new().unchecked_into()).select(count as f64))
}

fn locales<T: JsCast>() -> T {
    Array::of1(&JsValue::from_str(&language())).unchecked_into()
}

fn options(pairs: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (key, value) in pairs {
        // A plain object takes any property.
        drop(Reflect::set(&options, &JsValue::from_str(key), &JsValue::from_str(value)));
    }
    options
}
