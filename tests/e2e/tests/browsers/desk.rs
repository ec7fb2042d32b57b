//! What several claims begin with: a person who is signed in at a demo exchange, and what they do there.

use anyhow::{Context as _, ensure};
use latchkey_e2e::extension::Overlay;
use latchkey_e2e::{Browser, Extension, Person, eventually};
use latchkey_exchange::{DEMO_USER, Exchange, Language, Options, Paths, Skin};
use serde_json::json;
use thirtyfour::prelude::*;

pub const SKIN: Skin = Skin::BinanceKit;

/// A person at a demo exchange, on a computer that is not theirs.
pub struct Desk<'b> {
    pub browser: &'b Browser,
    pub extension: Extension<'b>,
    pub exchange: &'b Exchange,
    pub paths: Paths,
}

impl<'b> Desk<'b> {
    /// Signed in, with the dashboard before them.
    pub async fn at(browser: &'b Browser, exchange: &'b Exchange) -> anyhow::Result<Self> {
        let extension = Extension::of(browser).await?;
        extension.watch(&["demo"]).await?;
        let desk = Self { browser, extension, exchange, paths: SKIN.paths(Language::English) };
        desk.person().sign_in(&desk.paths.login, DEMO_USER).await?;
        Ok(desk)
    }

    pub fn person(&self) -> Person<'b> {
        Person::at(self.browser, self.exchange.url())
    }

    pub async fn tab(&self) -> anyhow::Result<i64> {
        self.extension.tab(self.exchange.url()).await
    }

    /// "This is not my computer."
    pub async fn says_not_mine(&self) -> anyhow::Result<()> {
        self.extension.say(json!({"computer": {"whose": "not-mine"}})).await?;
        Ok(())
    }

    /// Waits until the bar says that the person is signed in.
    pub async fn barred(&self) -> anyhow::Result<Overlay> {
        let tab = self.tab().await?;
        self.overlay("the bar", async |overlay| overlay.bar.contains("Signed in"), tab).await
    }

    pub async fn overlay(
        &self,
        what: &str,
        wanted: impl AsyncFn(&Overlay) -> bool,
        tab: i64,
    ) -> anyhow::Result<Overlay> {
        eventually(what, 15, async || {
            let overlay = self.extension.overlay(tab).await?;
            ensure!(wanted(&overlay).await, "{overlay:?}");
            Ok(Some(overlay))
        })
        .await
    }

    /// How many log-ins the person is warned of.
    pub async fn armed(&self) -> anyhow::Result<usize> {
        armed(&self.extension).await
    }

    /// Presses the button with these words.
    pub async fn presses(&self, words: &str) -> anyhow::Result<()> {
        let path = format!("//button[normalize-space()='{words}']");
        // The page renders itself anew, and an element found may be gone when it is pressed.
        eventually(words, 20, async || {
            Ok(Some(self.browser.driver.find(By::XPath(path.as_str())).await?.click().await?))
        })
        .await
    }

    /// Opens the account's menu and presses "Log out".
    pub async fn logs_out(&self) -> anyhow::Result<()> {
        log_out(self.browser).await
    }
}

/// Opens the account's menu and presses "Log out". The page renders itself anew every few seconds: tried again then.
pub async fn log_out(browser: &Browser) -> anyhow::Result<()> {
    eventually("the log-out in the menu", 20, async || {
        let item = browser.driver.find_all(By::Css("[role=menu]:not([hidden]) button[role=menuitem]")).await?;
        match item.into_iter().next() {
            Some(item) => Ok(Some(item.click().await?)),
            None => {
                browser.driver.find(By::Css("header button[aria-haspopup=menu]")).await?.click().await?;
                Ok(None)
            }
        }
    })
    .await
}

pub async fn armed(extension: &Extension<'_>) -> anyhow::Result<usize> {
    let told = extension.say(json!("leave")).await?;
    Ok(told["leave"]["armed"].as_array().with_context(|| told.to_string())?.len())
}

/// A demo exchange, without strangers in the account.
pub async fn exchange() -> anyhow::Result<Exchange> {
    Exchange::start(Options::skin(SKIN)).await
}

/// Signs in and opens the device page; the tab, once it is read.
pub async fn on_the_device_page(
    browser: &Browser,
    extension: &Extension<'_>,
    exchange: &Exchange,
) -> anyhow::Result<i64> {
    extension.watch(&["demo"]).await?;
    let paths = SKIN.paths(Language::English);
    let person = Person::at(browser, exchange.url());
    person.sign_in(&paths.login, DEMO_USER).await?;
    person.go(&paths.devices).await?;
    let tab = extension.tab(exchange.url()).await?;
    extension.account(tab).await?;
    Ok(tab)
}

/// The addresses of all open tabs.
pub async fn open_pages(browser: &Browser) -> anyhow::Result<Vec<String>> {
    let back = browser.driver.window().await?;
    let mut pages = Vec::new();
    for window in browser.driver.windows().await? {
        browser.driver.switch_to_window(window).await?;
        pages.push(browser.driver.current_url().await?.to_string());
    }
    browser.driver.switch_to_window(back).await?;
    Ok(pages)
}

/// Waits for the page that says that the person left, goes there and gives its words.
pub async fn leave_page(browser: &Browser) -> anyhow::Result<String> {
    let back = browser.driver.window().await.ok();
    let url = browser.extension_url("leave.html")?;
    let found = eventually("the page that says so", 20, async || {
        for window in browser.driver.windows().await? {
            browser.driver.switch_to_window(window).await?;
            if browser.driver.current_url().await?.as_str() == url {
                let text = browser.run("return document.querySelector('main')?.innerText ?? ''", vec![]).await?;
                let text = text.as_str().unwrap_or_default().to_owned();
                return Ok((!text.trim().is_empty()).then_some(text));
            }
        }
        if let Some(back) = &back {
            drop(browser.driver.switch_to_window(back.clone()).await);
        }
        Ok(None)
    })
    .await;
    match found {
        Ok(text) => Ok(text),
        Err(error) => Err(error.context(format!("open are {:?}", open_pages(browser).await))),
    }
}
