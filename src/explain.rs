//! Words by key: a rule gives a message's key and its arguments, never prose.
//!
//! The texts lie in `extension/_locales`; a screen renders a [`Message`] there with the browser's `Intl`, the shell in
//! English with [`english`].

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A sentence: its key in `_locales/*/messages.json` and what stands at `$1`, `$2`, ….
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The key. Where an argument is a [`Arg::Count`], the text is that of `key_one`, `key_other`, … by the language's
    /// plural rule for the first such argument.
    pub key: Cow<'static, str>,
    /// The arguments, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<Arg>,
}

/// One argument of a message, still to be put into the reader's language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    /// A text that stays as it is (a page's own words); shown isolated from the text around it.
    Text(String),
    /// A number of things; chooses the plural.
    Count(u64),
    /// A moment.
    Time(DateTime<Utc>),
    /// ISO 3166-1 alpha-2 code of a country, shown by its name.
    Country(String),
}

impl Message {
    /// A sentence without arguments.
    pub const fn new(key: &'static str) -> Self {
        Self { key: Cow::Borrowed(key), args: Vec::new() }
    }

    /// The same with one more argument.
    #[must_use]
    pub fn with(mut self, arg: Arg) -> Self {
        self.args.push(arg);
        self
    }

    /// The same with one more argument that is shown as it is.
    #[must_use]
    pub fn with_text(self, text: impl Into<String>) -> Self {
        self.with(Arg::Text(text.into()))
    }
}

/// The sentence in English, for the shell and for logs. A key without a text is shown as the key.
#[cfg(feature = "shell")]
pub fn english(message: &Message) -> String {
    let plural = message.args.iter().find_map(|arg| match arg {
        Arg::Count(1) => Some("_one"),
        Arg::Count(_) => Some("_other"),
        _ => None,
    });
    let texts = english_texts();
    let key = format!("{}{}", message.key, plural.unwrap_or_default());
    let Some(text) = texts.get(&key).and_then(|entry| entry.get("message")).and_then(|text| text.as_str()) else {
        return key;
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.chars().next().and_then(|digit| digit.to_digit(10)) {
            Some(place) if place > 0 => {
                rest = &rest[1..];
                if let Some(arg) = message.args.get(place as usize - 1) {
                    out.push_str(&english_arg(arg));
                }
            }
            _ => {
                out.push('$');
                rest = rest.strip_prefix('$').unwrap_or(rest);
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(feature = "shell")]
fn english_arg(arg: &Arg) -> String {
    match arg {
        Arg::Text(text) | Arg::Country(text) => text.clone(),
        Arg::Count(count) => count.to_string(),
        Arg::Time(time) => time.format("%-d %B %Y, %H:%M UTC").to_string(),
    }
}

#[cfg(feature = "shell")]
fn english_texts() -> &'static serde_json::Map<String, serde_json::Value> {
    static TEXTS: std::sync::OnceLock<serde_json::Map<String, serde_json::Value>> = std::sync::OnceLock::new();
    TEXTS.get_or_init(|| {
        serde_json::from_str(include_str!("../extension/_locales/en/messages.json")).unwrap_or_default()
    })
}

#[cfg(all(test, feature = "shell"))]
mod tests {
    use super::*;

    #[test]
    fn a_key_without_a_text_is_shown_as_the_key() {
        assert_eq!(english(&Message::new("no_such_key")), "no_such_key");
    }

    #[test]
    fn a_message_crosses_a_boundary_and_stays_the_same() {
        let message = Message::new("k").with_text("x").with(Arg::Count(3)).with(Arg::Country("NL".into()));
        let wire = serde_json::to_string(&message).unwrap();
        assert_eq!(serde_json::from_str::<Message>(&wire).unwrap(), message);
    }
}
