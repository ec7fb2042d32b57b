//! Which exchange the server looks like, and where each page of it lies.

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::device::{Device, Form};

/// The look of one exchange: its paths, markup, words and the way in which it prints a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Skin {
    /// Binance's plain table: no mark on the current session, "Delete" in every row.
    BinanceOld,
    /// Binance's newer kit: hidden measure rows, bin icons, a second copy for phones, a history below.
    BinanceKit,
    /// KuCoin: cards with relative times and one button for all devices.
    Kucoin,
    /// Cryptonow: label and value rows, with a dangerous "Remove" above them.
    Cryptonow,
    /// "Active sessions": an English list inside an Arabic document.
    ActiveSessionsRtl,
}

/// The language of a page; only Cryptonow's pages are also written in German.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
}

/// Which sessions the "all" button of an exchange ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Every session, the one in which the button is pressed too.
    Everywhere,
    /// Every session but that one.
    Others,
}

/// Where the pages of an exchange lie. Each begins with a slash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paths {
    /// The page a stranger sees.
    pub home: String,
    /// Name and password.
    pub login: String,
    /// The second factor.
    pub second_factor: String,
    /// What one sees after signing in.
    pub dashboard: String,
    /// Phone, mail, passkey, password; where the device page lies elsewhere.
    pub security: String,
    /// The device-management page.
    pub devices: String,
    /// The history of logins.
    pub history: String,
    /// API keys, each with a button that deletes it.
    pub api_keys: String,
    /// A trading page with a table of open orders: rows, times and "Cancel" buttons, and no device.
    pub trade: String,
}

impl Skin {
    /// Every skin, in the order of the command line's help.
    pub const ALL: [Self; 5] =
        [Self::BinanceOld, Self::BinanceKit, Self::Kucoin, Self::Cryptonow, Self::ActiveSessionsRtl];

    /// The name on the command line and in requests ("binance-kit").
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::BinanceOld => "binance-old",
            Self::BinanceKit => "binance-kit",
            Self::Kucoin => "kucoin",
            Self::Cryptonow => "cryptonow",
            Self::ActiveSessionsRtl => "active-sessions-rtl",
        }
    }

    /// The skin of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|skin| skin.name() == name)
    }

    /// The host under which the real exchange shows its device page.
    #[must_use]
    pub fn host(self) -> &'static str {
        match self {
            Self::BinanceOld | Self::BinanceKit => "www.binance.com",
            Self::Kucoin => "www.kucoin.com",
            Self::Cryptonow => "www.cryptonow.net",
            Self::ActiveSessionsRtl => "play.example",
        }
    }

    /// Where the pages lie.
    #[must_use]
    pub fn paths(self, language: Language) -> Paths {
        let paths = |list: [&str; 9]| {
            let [home, login, second_factor, dashboard, security, devices, history, api_keys, trade] =
                list.map(str::to_owned);
            Paths { home, login, second_factor, dashboard, security, devices, history, api_keys, trade }
        };
        match (self, language) {
            (Self::BinanceOld, _) => paths([
                "/en",
                "/en/login",
                "/en/login/verify",
                "/en/my/dashboard",
                "/en/my/security",
                "/en/my/security/device-management",
                "/en/my/security/account-activity",
                "/en/my/settings/api-management",
                "/en/trade/BTC_USDT",
            ]),
            (Self::BinanceKit, _) => paths([
                "/en",
                "/en/login",
                "/en/login/verify",
                "/en/my/dashboard",
                "/en/my/security",
                "/en/my/security/account-activity",
                "/en/my/security/login-history",
                "/en/my/settings/api-management",
                "/en/trade/BTC_USDT",
            ]),
            (Self::Kucoin, _) => paths([
                "/",
                "/ucenter/signin",
                "/ucenter/signin/verify",
                "/account",
                "/account/security",
                "/account/security/devices",
                "/account/security/login-history",
                "/account/api",
                "/trade/BTC-USDT",
            ]),
            (Self::Cryptonow, Language::English) => paths([
                "/",
                "/login",
                "/login/verify",
                "/dashboard",
                "/settings/security",
                "/settings/security",
                "/settings/security/history",
                "/settings/api",
                "/trade/BTC-USDT",
            ]),
            (Self::Cryptonow, Language::German) => paths([
                "/de",
                "/de/login",
                "/de/login/verify",
                "/de/dashboard",
                "/de/settings/security",
                "/de/settings/security",
                "/de/settings/security/history",
                "/de/settings/api",
                "/de/trade/BTC-USDT",
            ]),
            (Self::ActiveSessionsRtl, _) => paths([
                "/ar",
                "/ar/login",
                "/ar/login/verify",
                "/ar/profile",
                "/ar/profile/security",
                "/ar/profile/security/active-sessions",
                "/ar/profile/security/login-history",
                "/ar/profile/api",
                "/ar/trade/BTC-USDT",
            ]),
        }
    }

    /// What the exchange's button for all sessions ends; `None` where it has no such button.
    #[must_use]
    pub fn log_out_all(self) -> Option<Scope> {
        match self {
            Self::BinanceOld | Self::BinanceKit | Self::Kucoin => Some(Scope::Everywhere),
            Self::Cryptonow => None,
            Self::ActiveSessionsRtl => Some(Scope::Others),
        }
    }

    /// Whether ending one session asks for the second factor again.
    #[must_use]
    pub fn demands_code(self) -> bool {
        self == Self::BinanceOld
    }

    /// A device as this exchange prints it.
    ///
    /// ```
    /// use latchkey_exchange::{Device, Language, Skin};
    /// let device = Device::from_user_agent(
    ///     "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    /// );
    /// assert_eq!(Skin::BinanceKit.device_text(&device, Language::English), "Chrome V126.0.0.0 (Windows 10)");
    /// assert_eq!(Skin::Cryptonow.device_text(&device, Language::German), "Desktop – Chrome unter Windows");
    /// ```
    #[must_use]
    pub fn device_text(self, device: &Device, language: Language) -> String {
        if let Some(text) = &device.text {
            return text.clone();
        }
        let Device { browser, version, os, os_version, model, app, form, .. } = device;
        let major = version.split('.').next().unwrap_or_default();
        let os_long = join(os, os_version);
        let machine = if model.is_empty() { &os_long } else { model };
        match self {
            Self::BinanceOld | Self::BinanceKit if !app.is_empty() => {
                let within = if model.is_empty() { os_long } else { format!("{model} · {os_long}") };
                if self == Self::BinanceKit { within } else { format!("Binance App V{app} ({within})") }
            }
            Self::BinanceOld => format!("{browser} V{version} ({})", if os == "macOS" { "Mac OS" } else { os }),
            Self::BinanceKit => {
                let os = if os == "macOS" { join("Mac OS X", os_version) } else { os_long };
                format!("{browser} V{version} ({os})")
            }
            Self::Kucoin if !app.is_empty() => format!("KuCoin App {app} · {machine}"),
            Self::Kucoin => format!("{browser} {major} · {os_long}"),
            Self::Cryptonow => {
                let os = if *form == Form::Desktop { os } else { &os_long };
                match language {
                    Language::English => format!("{} – {browser} on {os}", form.english()),
                    Language::German => format!("{} – {browser} unter {os}", form.german()),
                }
            }
            Self::ActiveSessionsRtl => format!("{browser} {major} on {machine}"),
        }
    }
}

impl fmt::Display for Skin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// "Windows" and "10" as "Windows 10"; just the first where the second is not known.
fn join(name: &str, version: &str) -> String {
    if version.is_empty() { name.to_owned() } else { format!("{name} {version}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_skin_is_found_by_its_name() {
        for skin in Skin::ALL {
            assert_eq!(Skin::from_name(skin.name()), Some(skin));
            assert_eq!(serde_json::json!(skin), serde_json::json!(skin.name()));
        }
    }

    #[test]
    fn each_skin_prints_a_phone_in_its_own_way() {
        let phone = Device::phone_app("iPhone 15 Pro", "iOS", "17.4", "2.81.3");
        let texts = Skin::ALL.map(|skin| skin.device_text(&phone, Language::English));
        assert_eq!(
            texts,
            [
                "Binance App V2.81.3 (iPhone 15 Pro · iOS 17.4)",
                "iPhone 15 Pro · iOS 17.4",
                "KuCoin App 2.81.3 · iPhone 15 Pro",
                "Mobile phone – Safari on iOS 17.4",
                "Safari 17 on iPhone 15 Pro",
            ]
        );
    }
}
