//! An account at the exchange: its sessions, its logins, its second factors.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::device::{Device, Line, Place};

/// Names one session of one exchange; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub u64);

/// A session: somebody who is, or was, signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Session {
    /// Its name in requests.
    pub id: SessionId,
    /// On what machine.
    pub device: Device,
    /// From where.
    pub line: Line,
    /// When it began.
    pub first_login: DateTime<Utc>,
    /// When it last asked for something.
    pub last_activity: DateTime<Utc>,
    /// When it was ended; `None` while it lives.
    pub ended: Option<DateTime<Utc>>,
}

/// A session that a demonstration puts beside the person's own.
///
/// Times are given as spans before the exchange's present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlantedSession {
    /// On what machine.
    pub device: Device,
    /// From where.
    pub line: Line,
    /// How long ago it began.
    pub first_login: TimeDelta,
    /// How long ago it was last active.
    pub last_activity: TimeDelta,
}

/// One attempt to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Login {
    /// When.
    pub at: DateTime<Utc>,
    /// On what machine.
    pub device: Device,
    /// From where.
    pub line: Line,
    /// How it ended.
    pub outcome: Outcome,
    /// What stood as the second factor.
    pub factor: Factor,
}

/// How an attempt to sign in ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Somebody got in.
    Success,
    /// Somebody did not.
    Failed,
}

/// What stood as the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Factor {
    /// A code from an app.
    Authenticator,
    /// A passkey.
    Passkey,
    /// The attempt ended at the password.
    Password,
}

/// Who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The mail address, which is the name.
    pub mail: String,
    /// The password.
    pub password: String,
    /// Whether `foreign` puts somebody else's sessions into this account.
    pub targeted: bool,
}

/// An account's state on the server.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) user: User,
    pub(crate) sessions: Vec<Session>,
    pub(crate) logins: Vec<LoginRecord>,
    /// What the person removed on the security pages ("phone", "api-key-1").
    pub(crate) removed: BTreeSet<String>,
    /// The browser of the first sign-in: the history was written with it.
    pub(crate) own_browser: Option<Device>,
}

/// An attempt as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct LoginRecord {
    pub(crate) at: DateTime<Utc>,
    pub(crate) machine: Machine,
    pub(crate) line: Line,
    pub(crate) outcome: Outcome,
    pub(crate) factor: Factor,
}

/// The machine of a stored attempt.
#[derive(Debug, Clone)]
pub(crate) enum Machine {
    /// The browser that the person uses, this many versions ago: which one is known only when they first sign in.
    Own(u32),
    /// A known device.
    Known(Device),
}

impl PlantedSession {
    /// A session that began some time ago and was last active some time ago.
    #[must_use]
    pub fn new(device: Device, line: Line, first_login: TimeDelta, last_activity: TimeDelta) -> Self {
        Self { device, line, first_login, last_activity }
    }

    /// The sessions of somebody else: two far countries, machines and systems that the accounts of the
    /// demonstration have never used.
    #[must_use]
    pub fn foreign() -> Vec<Self> {
        vec![
            Self::new(
                Device::desktop("Edge", "123.0.2420.97", "Windows", "11"),
                Line::new("105.112.96.3", Place::new("Lagos", "Nigeria", "NG"), "Airtel Networks"),
                TimeDelta::seconds(32_907),
                TimeDelta::seconds(2_851),
            ),
            Self::new(
                Device::desktop("Opera", "109.0.5097.68", "Windows", "11"),
                Line::new("113.161.72.14", Place::new("Ho Chi Minh City", "Vietnam", "VN"), "VNPT Corp"),
                TimeDelta::seconds(175_213),
                TimeDelta::seconds(72_066),
            ),
        ]
    }
}

impl User {
    /// The name as a page shows it: `a***e@example.org`.
    #[must_use]
    pub fn masked_mail(&self) -> String {
        let (name, host) = self.mail.split_once('@').unwrap_or((&self.mail, ""));
        let ends: String = name.chars().take(1).chain("***".chars()).chain(name.chars().last()).collect();
        format!("{ends}@{host}")
    }
}

impl Account {
    /// The stored attempts as the exchange shows them, newest first.
    pub(crate) fn history(&self) -> Vec<Login> {
        let unknown = Device::desktop("Chrome", "126.0.0.0", "Windows", "10");
        let own = self.own_browser.as_ref().unwrap_or(&unknown);
        let mut logins: Vec<Login> = self
            .logins
            .iter()
            .map(|record| Login {
                at: record.at,
                device: match &record.machine {
                    Machine::Own(versions) => own.aged(*versions),
                    Machine::Known(device) => device.clone(),
                },
                line: record.line.clone(),
                outcome: record.outcome,
                factor: record.factor,
            })
            .collect();
        logins.sort_by_key(|login| std::cmp::Reverse(login.at));
        logins
    }

    /// The sessions that live, the most recently active first.
    pub(crate) fn living(&self) -> Vec<Session> {
        let mut sessions: Vec<Session> = self.sessions.iter().filter(|s| s.ended.is_none()).cloned().collect();
        sessions.sort_by_key(|session| std::cmp::Reverse((session.last_activity, session.id)));
        sessions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_address_is_shown_by_its_ends() {
        let user = |mail: &str| User { mail: mail.into(), password: String::new(), targeted: false };
        assert_eq!(user("account-one@example.org").masked_mail(), "a***e@example.org");
        assert_eq!(user("nobody").masked_mail(), "n***y@");
        assert_eq!(user("").masked_mail(), "***@");
    }
}
