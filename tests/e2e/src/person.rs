//! A person at the demo exchange.

use latchkey_exchange::{DEMO_CODE, DEMO_PASSWORD};
use thirtyfour::prelude::*;

use crate::browser::Browser;
use crate::eventually;

/// A person with a browser, at one exchange.
#[derive(Debug)]
pub struct Person<'b> {
    browser: &'b Browser,
    origin: String,
}

impl<'b> Person<'b> {
    /// Somebody at an exchange under this scheme, host and port.
    pub fn at(browser: &'b Browser, origin: &str) -> Self {
        Self { browser, origin: origin.trim_end_matches('/').to_owned() }
    }

    /// Signs in: name, password, second factor.
    ///
    /// # Errors
    /// Where the exchange does not let the person in.
    pub async fn sign_in(&self, login_path: &str, user: &str) -> anyhow::Result<()> {
        let driver = &self.browser.driver;
        self.go(login_path).await?;
        self.fill("input[autocomplete=username]", user).await?;
        self.fill("input[type=password]", DEMO_PASSWORD).await?;
        self.press("form button[type=submit]").await?;
        self.fill("input[autocomplete=one-time-code]", DEMO_CODE).await?;
        self.press("form button[type=submit]").await?;
        let inside = async || {
            let url = driver.current_url().await?;
            Ok((!url.path().contains("verify") && !url.path().ends_with(login_path)).then_some(()))
        };
        eventually("the exchange to let the person in", 20, inside).await
    }

    /// Goes to a page of the exchange.
    ///
    /// # Errors
    /// Where it does not load.
    pub async fn go(&self, path: &str) -> anyhow::Result<()> {
        Ok(self.browser.driver.goto(format!("{}{path}", self.origin)).await?)
    }

    /// Fills a field once it is there. A page may render itself anew meanwhile: tried again then.
    ///
    /// # Errors
    /// Where it does not come.
    pub async fn fill(&self, selector: &str, text: &str) -> anyhow::Result<()> {
        let filled = async || {
            let field = self.find(selector).await?;
            field.clear().await?;
            Ok(Some(field.send_keys(text).await?))
        };
        eventually(selector, 20, filled).await
    }

    /// Presses something once it is there, likewise.
    ///
    /// # Errors
    /// Where it does not come.
    pub async fn press(&self, selector: &str) -> anyhow::Result<()> {
        eventually(selector, 20, async || Ok(Some(self.find(selector).await?.click().await?))).await
    }

    /// Something, once it is there.
    ///
    /// # Errors
    /// Where it does not come.
    pub async fn find(&self, selector: &str) -> anyhow::Result<WebElement> {
        let found = async || Ok(self.browser.driver.find_all(By::Css(selector)).await?.into_iter().next());
        eventually(selector, 20, found).await
    }
}
