//! The nouns: what a row of a session page says, and what is made of it.
//!
//! Every field is optional: a missing field is *unknown*, which is evidence neither for nor against.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The number of a node within its [`Page`](crate::page::Page).
pub type NodeId = u32;

/// One row of a list of sessions, logins or trusted devices, as the page shows it.
///
/// The serialised form is that of the shell's `read` and `assess`; fields that the page does not give are `null`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    /// The text that names the device, verbatim.
    pub device: Option<String>,
    /// Canonical browser name ("Chrome", "Samsung Internet").
    pub browser: Option<String>,
    /// The browser's version as printed.
    pub browser_version: Option<String>,
    /// Canonical system name ("Windows", "iPadOS").
    pub os: Option<String>,
    /// The system's version as printed; a marketing name is given as its number.
    pub os_version: Option<String>,
    /// The exchange's own app, where the device text names one.
    pub app: Option<String>,
    /// The app's version as printed.
    pub app_version: Option<String>,
    /// The device's model ("iPhone 15 Pro").
    pub model: Option<String>,
    /// What kind of machine it is.
    pub form: Form,
    /// Canonical address (RFC 5952 for IPv6), or a masked one verbatim.
    pub ip: Option<String>,
    /// Network operator as printed.
    pub isp: Option<String>,
    /// The text that names the place, verbatim.
    pub place: Option<String>,
    /// City as printed.
    pub city: Option<String>,
    /// ISO 3166-1 alpha-2 code.
    pub country: Option<String>,
    /// First login of a session; the attempt, in a history of logins.
    pub signed_in_at: Option<Time>,
    /// Last activity.
    pub last_active_at: Option<Time>,
    /// How a login ended.
    pub outcome: Option<Outcome>,
    /// What stood as the second factor.
    pub second_factor: Option<SecondFactor>,
    /// Whether the page says that the device is online.
    pub online: Option<bool>,
    /// Whether the page marks this row as the session in which it is read.
    pub current: bool,
    /// The control that ends this very session, or removes this device.
    pub log_out: Option<Control>,
    /// Where the row stands in the page it was read from; not part of what is stored or printed.
    #[serde(skip)]
    pub node: Option<NodeId>,
}

/// What kind of machine a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A desktop or laptop computer.
    Desktop,
    /// A phone.
    Phone,
    /// A tablet.
    Tablet,
    /// The page does not tell.
    #[default]
    Unknown,
}

/// How a login attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Somebody got in.
    Success,
    /// Somebody tried, and did not get in.
    Failed,
}

/// What stood as the second factor of a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactor {
    /// A code from an authenticator app.
    Authenticator,
    /// A code by text message.
    Sms,
    /// A code by mail.
    Email,
    /// A passkey.
    Passkey,
    /// A hardware key.
    SecurityKey,
    /// None: the password alone.
    PasswordOnly,
}

/// A moment as a page prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time {
    /// The moment meant, in UTC.
    pub at: DateTime<Utc>,
    /// How fine the text is.
    #[serde(default)]
    pub precision: Precision,
    /// The text, verbatim.
    #[serde(default)]
    pub text: String,
    /// Where its zone comes from.
    #[serde(default)]
    pub zone: ZoneSource,
}

/// The finest unit that a time's text gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// To the second.
    #[default]
    Second,
    /// To the minute.
    Minute,
    /// To the hour.
    Hour,
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

/// Where the zone of a time comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ZoneSource {
    /// The text says it ("UTC", "+08:00").
    Stated,
    /// The person's own zone was assumed.
    #[default]
    Assumed,
    /// The text counts from now ("2 hours ago").
    Relative,
}

/// A control of the page: a button, a link, or whatever the page uses for one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Control {
    /// Its words, or its icon's name.
    pub label: String,
    /// From `<html>`: the index among element children at each step, or a step into an open shadow root.
    pub path: Vec<Step>,
    /// Only of the control that ends all sessions: whether its own words say that this one is spared.
    #[serde(default)]
    pub spares_current: Option<bool>,
    /// Where it stands in the page it was read from.
    #[serde(skip)]
    pub node: Option<NodeId>,
}

/// One step of a path from `<html>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Into the n-th element child.
    Child(u32),
    /// Into the element's open shadow root; serialised as `"s"`.
    Shadow,
}

impl Serialize for Step {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Step::Child(index) => serializer.serialize_u32(*index),
            Step::Shadow => serializer.serialize_str("s"),
        }
    }
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Wire;
        impl serde::de::Visitor<'_> for Wire {
            type Value = Step;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an element's number or \"s\"")
            }

            fn visit_u64<E: serde::de::Error>(self, index: u64) -> Result<Step, E> {
                let out = |_| E::invalid_value(serde::de::Unexpected::Unsigned(index), &self);
                Ok(Step::Child(u32::try_from(index).map_err(out)?))
            }

            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<Step, E> {
                let other = || E::invalid_value(serde::de::Unexpected::Str(word), &self);
                (word == "s").then_some(Step::Shadow).ok_or_else(other)
            }
        }
        deserializer.deserialize_any(Wire)
    }
}

/// A key for programs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ApiKey {
    /// The name the person gave it.
    pub label: Option<String>,
    /// What it may do, as printed.
    pub permissions: Vec<String>,
    /// The addresses it may be used from; empty where none are named.
    pub ip_allowlist: Vec<String>,
    /// When it was made.
    pub created_at: Option<Time>,
    /// When it was last used.
    pub last_used_at: Option<Time>,
}

/// One call made with an API key.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ApiCall {
    /// The key, as printed.
    pub key: Option<String>,
    /// The caller's address, canonical.
    pub ip: Option<String>,
    /// What was called.
    pub action: Option<String>,
    /// When.
    pub at: Option<Time>,
}

/// An address of the withdrawal address book.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WithdrawalAddress {
    /// The coin, as printed.
    pub coin: Option<String>,
    /// The name the person gave it.
    pub label: Option<String>,
    /// The address, as printed.
    pub address: Option<String>,
    /// When it was added.
    pub added_at: Option<Time>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_as_numbers_and_s() {
        let path = vec![Step::Child(1), Step::Shadow, Step::Child(0)];
        let text = serde_json::to_string(&path).unwrap();
        assert_eq!(text, r#"[1,"s",0]"#);
        assert_eq!(serde_json::from_str::<Vec<Step>>(&text).unwrap(), path);
        assert!(serde_json::from_str::<Vec<Step>>(r#"["x"]"#).is_err());
    }

    #[test]
    fn a_row_of_nothing_can_be_read() {
        assert_eq!(serde_json::from_str::<Row>("{}").unwrap(), Row::default());
    }

    #[test]
    fn a_time_needs_only_its_moment() {
        let time: Time = serde_json::from_str(r#"{"at":"2026-04-14T12:00:00Z"}"#).unwrap();
        assert_eq!(time.precision, Precision::Second);
    }
}
