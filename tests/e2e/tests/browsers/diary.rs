//! The diary, end to end: devices that are not the person's, or no longer, and what becomes of their sessions.

use anyhow::{Context as _, ensure};
use latchkey::view::AccountView;
use latchkey_e2e::{Browser, Extension, Kind, Person, Setup, both, eventually};
use latchkey_exchange::{DEMO_USER, Exchange, Language, Paths};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use super::desk::{SKIN, exchange, on_the_device_page};

both!(
    a_borrowed_device_is_noted_and_asked_about_on_its_day,
    a_lost_device_is_marked_and_said_to_be_gone_once_its_session_is,
);

/// A person on their own computer, whose account Latchkey has read.
struct Home<'b> {
    browser: &'b Browser,
    extension: Extension<'b>,
    exchange: &'b Exchange,
    paths: Paths,
    tab: i64,
}

impl<'b> Home<'b> {
    async fn at(browser: &'b Browser, exchange: &'b Exchange) -> anyhow::Result<Self> {
        let extension = Extension::of(browser).await?;
        let tab = on_the_device_page(browser, &extension, exchange).await?;
        Ok(Self { browser, extension, exchange, paths: SKIN.paths(Language::English), tab })
    }

    /// Opens the settings in a tab of their own, in front.
    async fn opens_settings(&self) -> anyhow::Result<WindowHandle> {
        let window = self.browser.driver.new_tab().await?;
        self.browser.driver.switch_to_window(window.clone()).await?;
        self.browser.driver.goto(self.browser.extension_url("settings.html")?).await?;
        Person::at(self.browser, "").find("#screen:not([aria-busy])").await?;
        Ok(window)
    }

    /// The words of the diary's part of the settings, once they hold what is wanted.
    async fn diary(&self, wanted: &str) -> anyhow::Result<String> {
        eventually(wanted, 15, async || {
            let text = self.browser.run("return document.querySelector('.diary')?.innerText ?? ''", vec![]).await?;
            let text = text.as_str().unwrap_or_default().to_owned();
            ensure!(text.contains(wanted), "the diary says: {text}");
            Ok(Some(text))
        })
        .await
    }

    async fn account(&self) -> anyhow::Result<AccountView> {
        self.extension.account(self.tab).await
    }

    async fn kept(&self) -> anyhow::Result<Value> {
        self.extension.call("chrome.storage.local.get('state')").await
    }
}

async fn a_borrowed_device_is_noted_and_asked_about_on_its_day(kind: Kind) -> anyhow::Result<()> {
    let exchange = exchange().await?;
    let browser = Browser::start(Setup::new(kind)).await?;
    let home = Home::at(&browser, &exchange).await?;
    let page = browser.driver.window().await?;
    home.opens_settings().await?;
    let person = Person::at(&browser, "");
    person.fill("[name=diary_device]", "hotel PC, Edge on Windows").await?;
    // As a driver types a day, each browser and language has its own order; the field's own form is one.
    let friday = "const field = document.querySelector('[name=diary_until_day]'); field.value = '2099-01-02';\
                  field.dispatchEvent(new Event('input', { bubbles: true }));";
    browser.run(friday, vec![]).await?;
    browser.picture("settings-diary-form").await?;
    person.find("[name=diary_device]").await?.send_keys(Key::Enter + "").await?;
    let text = home.diary("expected until").await?;
    ensure!(text.contains("hotel PC") && text.contains("Demo exchange") && text.contains("2099"), "{text}");
    let alarms = home.extension.call("chrome.alarms.getAll()").await?;
    ensure!(alarms.as_array().is_some_and(|all| all.len() == 1), "{alarms}");
    // A killed background has not forgotten it.
    home.extension.kill_background().await?;
    browser.driver.refresh().await?;
    home.diary("hotel PC").await?;

    // One whose day is now: the alarm alone wakes Latchkey, and nobody says a word meanwhile.
    let account = home.account().await?.id;
    let soon = browser.run("return Date.now() + 5000", vec![]).await?;
    let told = json!({"about": "borrowed", "account": account, "words": ["a friend's phone"], "until": soon});
    let told = home.extension.say(json!({"told": told})).await?;
    ensure!(told["settings"]["diary"].as_array().is_some_and(|all| all.len() == 2), "{told}");
    let before = home.kept().await?;
    eventually("the alarm", 60, async || Ok((home.kept().await? != before).then_some(()))).await?;
    let notices = home.extension.view(home.tab).await?.notices;
    ensure!(notices.iter().any(|notice| notice.key == "diary_due"), "{notices:?}");
    browser.driver.refresh().await?;
    home.diary("a friend's phone").await?;
    home.diary("not looked at yet").await?;
    // The review: the popup says it, and at the next look at the device page nothing of it is there.
    browser.driver.switch_to_window(page).await?;
    browser.driver.refresh().await?;
    eventually("the look at the list", 15, async || {
        let account = home.account().await?;
        Ok(account.account.iter().any(|it| it.message.key == "parted_none").then_some(()))
    })
    .await?;
    home.extension.open_popup(home.tab).await?;
    let text = browser.run("return document.body.innerText", vec![]).await?;
    ensure!(text.as_str().is_some_and(|text| text.contains("The day has come")), "{text}");
    browser.picture("popup-diary-due").await?;
    browser.close().await
}

async fn a_lost_device_is_marked_and_said_to_be_gone_once_its_session_is(kind: Kind) -> anyhow::Result<()> {
    let exchange = exchange().await?;
    let browser = Browser::start(Setup::new(kind)).await?;
    let home = Home::at(&browser, &exchange).await?;
    let page = browser.driver.window().await?;
    let sessions = exchange.sessions(DEMO_USER);
    let phone = sessions.iter().find(|session| session.device.model.contains("iPhone")).context("a phone")?;

    // Named on the settings page, with the keyboard, from what Latchkey has seen.
    let settings = home.opens_settings().await?;
    let known = "return [...document.querySelectorAll('#devices option')].map((it) => it.value)";
    let known = browser.run(known, vec![]).await?;
    let known: Vec<String> = serde_json::from_value(known)?;
    let name = known.iter().find(|name| name.contains("iphone")).with_context(|| format!("{known:?}"))?;
    let person = Person::at(&browser, "");
    person.fill("[name=diary_lost_device]", name).await?;
    person.find("[name=diary_lost_device]").await?.send_keys(Key::Enter + "").await?;
    home.diary("not looked at yet").await?;
    browser.picture("settings-lost").await?;

    // Marked in the page that is open, and on the next visit, and no other row is.
    browser.driver.switch_to_window(page.clone()).await?;
    let marked = eventually("the mark", 20, async || {
        let overlay = home.extension.overlay(home.tab).await?;
        // Where there is room for a sign alone, its words are in the card.
        let marked = overlay.chips.iter().filter(|chip| chip.tone == "act").count();
        ensure!(marked == 1 && overlay.chips.len() == sessions.len(), "{overlay:?}");
        Ok(Some(overlay))
    })
    .await?;
    println!("{}: {marked:?}", kind.name());
    Person::at(&browser, exchange.url()).go(&home.paths.devices).await?;
    eventually("the mark on the next visit", 20, async || {
        let account = home.account().await?;
        let marked = account.sessions.iter().filter(|row| row.mark.is_some());
        let devices: Vec<_> = marked.map(|row| row.device.clone().unwrap_or_default()).collect();
        ensure!(devices.len() == 1 && devices[0].contains("iPhone"), "{devices:?}");
        Ok(Some(()))
    })
    .await?;
    browser.picture("device-page-lost").await?;
    home.extension.open_popup(home.tab).await?;
    let text = browser.run("return document.body.innerText", vec![]).await?;
    let text = text.as_str().unwrap_or_default();
    ensure!(text.contains("No longer yours") && text.contains("own button"), "{text}");
    browser.driver.set_window_rect(0, 0, 420, 900).await?;
    browser.picture("popup-lost").await?;
    browser.driver.set_window_rect(0, 0, 1280, 900).await?;
    browser.driver.close_window().await?;
    browser.driver.switch_to_window(settings.clone()).await?;
    browser.driver.refresh().await?;
    home.diary("still there").await?;

    // Ended at the exchange: the next look says that it is gone.
    ensure!(home.exchange.end(DEMO_USER, phone.id), "the phone's session was not there");
    browser.driver.switch_to_window(page).await?;
    browser.driver.refresh().await?;
    eventually("the word that it is gone", 20, async || {
        let account = home.account().await?;
        Ok(account.account.iter().any(|it| it.message.key == "parted_gone").then_some(()))
    })
    .await?;
    browser.driver.switch_to_window(settings).await?;
    browser.driver.refresh().await?;
    home.diary("gone from the list").await?;
    browser.picture("settings-gone").await?;
    // Put away: nothing is left of it.
    Person::at(&browser, "").press("[data-do=put-away]").await?;
    eventually("the diary to be empty", 10, async || {
        let text = browser.run("return document.querySelector('.diary').innerText", vec![]).await?;
        Ok(text.as_str().is_some_and(str::is_empty).then_some(()))
    })
    .await?;
    browser.close().await
}
