//! The settings, end to end: what is told is kept, what is forgotten is gone, what is deleted on leaving is deleted and
//! no log-out is claimed.

use anyhow::ensure;
use latchkey_e2e::{Browser, Extension, Kind, Person, Setup, axe, both, eventually};
use latchkey_exchange::{DEMO_USER, Language};
use serde_json::{Value, json};

use super::desk::{SKIN, exchange, on_the_device_page};

both!(
    what_is_told_is_kept_and_what_is_forgotten_is_gone,
    what_is_left_is_cleaned_and_no_log_out_is_claimed,
    the_settings_and_the_leave_page_are_accessible,
);

/// Opens the settings in the tab in front.
async fn open(browser: &Browser) -> anyhow::Result<()> {
    browser.driver.goto(browser.extension_url("settings.html")?).await?;
    Person::at(browser, "").find("#screen:not([aria-busy])").await?;
    Ok(())
}

async fn settings(extension: &Extension<'_>) -> anyhow::Result<Value> {
    Ok(extension.say(json!("settings")).await?["settings"].clone())
}

async fn what_is_told_is_kept_and_what_is_forgotten_is_gone(kind: Kind) -> anyhow::Result<()> {
    let exchange = exchange().await?;
    let browser = Browser::start(Setup::new(kind)).await?;
    let extension = Extension::of(&browser).await?;
    let tab = on_the_device_page(&browser, &extension, &exchange).await?;
    // From the popup.
    extension.open_popup(tab).await?;
    let links = browser.run("return [...document.querySelectorAll('.foot button')].map((it) => it.innerText)", vec![]);
    ensure!(links.await?.to_string().contains("Settings"), "the popup does not lead to the settings");
    open(&browser).await?;
    let person = Person::at(&browser, "");
    // As typed, and then the tab key.
    person.fill("[name=usual]", "portugal\u{e004}").await?;
    person.press("[name=sensitivity][value=watchful]").await?;
    person.press("[name=leaving][value=demo]").await?;
    eventually("all to be noted", 10, async || {
        let told = settings(&extension).await?;
        ensure!(told["told"]["usual_countries"] == json!(["PT"]), "{told}");
        ensure!(told["told"]["sensitivity"] == json!("watchful"), "{told}");
        ensure!(told["leavings"][0]["leaving"] == json!("log-out"), "{told}");
        Ok(Some(()))
    })
    .await?;
    extension.kill_background().await?;
    browser.driver.refresh().await?;
    person.find(".chosen button").await?;
    let chosen = browser.run("return document.querySelector('#usual').innerText", vec![]).await?;
    ensure!(chosen.as_str().is_some_and(|it| it.contains("Portugal")), "{chosen}");
    let ticked = "return [...document.querySelectorAll('input:checked')].map((it) => it.value)";
    let ticked = browser.run(ticked, vec![]).await?;
    ensure!(ticked == json!(["demo", "watchful"]), "{ticked}");
    person.press(".chosen button").await?;
    eventually("the country to go", 10, async || {
        Ok((settings(&extension).await?["told"]["usual_countries"] == json!([])).then_some(()))
    })
    .await?;
    // The keyboard is not lost with the button that it pressed.
    let focus = browser.run("return document.activeElement.id", vec![]).await?;
    ensure!(focus == json!("said"), "the focus is at {focus}");

    // What is remembered: how much, all of it, and nothing.
    let kept = settings(&extension).await?["accounts"].clone();
    ensure!(kept[0]["rows"].as_u64().is_some_and(|rows| rows > 3), "{kept}");
    let json = extension.say(json!({"told": {"about": "export", "account": kept[0]["id"]}})).await?;
    ensure!(json["export"].as_str().is_some_and(|json| json.contains("81.84.17.203")), "{json}");
    let page = extension.browser_page(exchange.url()).await?;
    let here = browser.driver.window().await?;
    browser.driver.switch_to_window(page).await?;
    browser.driver.close_window().await?;
    browser.driver.switch_to_window(here).await?;
    person.press(".entry details summary").await?;
    person.press("#accounts [data-do=forget]").await?;
    eventually("the account to be forgotten", 10, async || {
        Ok((settings(&extension).await?["accounts"] == json!([])).then_some(()))
    })
    .await?;
    person.press("[name=sensitivity][value=calm]").await?;
    person.press("#all summary").await?;
    person.press("#all [data-do=forget]").await?;
    eventually("all to be forgotten", 10, async || {
        Ok((settings(&extension).await?["told"].get("sensitivity").is_none()).then_some(()))
    })
    .await?;
    browser.close().await
}

async fn what_is_left_is_cleaned_and_no_log_out_is_claimed(kind: Kind) -> anyhow::Result<()> {
    let exchange = exchange().await?;
    let browser = Browser::start(Setup::new(kind)).await?;
    let extension = Extension::of(&browser).await?;
    let tab = on_the_device_page(&browser, &extension, &exchange).await?;
    let page = browser.driver.window().await?;
    let window = browser.driver.new_tab().await?;
    browser.driver.switch_to_window(window.clone()).await?;
    open(&browser).await?;
    // Off by default, and asked for by that one box.
    let granted = extension.call("chrome.permissions.getAll()").await?;
    ensure!(!granted.to_string().contains("browsingData"), "{granted}");
    Person::at(&browser, "").press("[name=clean][value=demo]").await?;
    eventually("the choice to be noted", 10, async || {
        let told = settings(&extension).await?;
        ensure!(told["leavings"][0]["leaving"] == json!("clean"), "{told}");
        Ok(Some(()))
    })
    .await?;
    browser.picture("settings-clean").await?;
    browser.driver.switch_to_window(page).await?;
    eventually("the bar", 15, async || Ok((!extension.overlay(tab).await?.bar.is_empty()).then_some(()))).await?;
    ensure!(exchange.sessions(DEMO_USER).len() > 1);
    let before = exchange.sessions(DEMO_USER).len();
    browser.driver.close_window().await?;
    browser.driver.switch_to_window(window).await?;
    let leave = browser.extension_url("leave.html")?;
    let shown = eventually("the page that says so", 20, async || Ok(extension.browser_page(&leave).await.ok())).await?;
    browser.driver.switch_to_window(shown).await?;
    Person::at(&browser, "").find(".cleaned").await?;
    let text = browser.run("return document.querySelector('main').innerText", vec![]).await?;
    ensure!(text.as_str().is_some_and(|it| it.contains("was not ended") && it.contains("30 days")), "{text}");
    browser.picture("leave-cleaned").await?;
    // Nobody is signed in here any more; at the exchange the session lives on.
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let person = Person::at(&browser, exchange.url());
    person.go(&SKIN.paths(Language::English).devices).await?;
    eventually("the log-in page", 15, async || {
        let url = browser.driver.current_url().await?;
        ensure!(url.path().ends_with("/login"), "{url}");
        Ok(Some(()))
    })
    .await?;
    ensure!(exchange.sessions(DEMO_USER).len() == before, "the session was ended at the exchange");
    // Its log-in page ends the reminder, and no green bar calls it a log-out.
    eventually("the reminder to end", 15, async || {
        let told = extension.say(json!("leave")).await?;
        Ok((told["leave"]["armed"] == json!([])).then_some(()))
    })
    .await?;
    let tab = extension.tab(exchange.url()).await?;
    ensure!(extension.overlay(tab).await?.bar.is_empty(), "a log-out is claimed");
    // The permission is withdrawn: nothing is said to be deleted any more.
    extension.call("chrome.permissions.remove({permissions: ['browsingData']})").await?;
    eventually("the choice to fall back", 10, async || {
        let told = settings(&extension).await?;
        ensure!(told["leavings"][0]["leaving"] == json!("log-out"), "{told}");
        Ok(Some(()))
    })
    .await?;
    browser.close().await
}

async fn the_settings_and_the_leave_page_are_accessible(kind: Kind) -> anyhow::Result<()> {
    let exchange = exchange().await?;
    let setups =
        [("light", Setup::new(kind)), ("dark", Setup::new(kind).dark()), ("arabic", Setup::new(kind).language("ar"))];
    for (name, setup) in setups {
        let browser = Browser::start(setup).await?;
        let extension = Extension::of(&browser).await?;
        on_the_device_page(&browser, &extension, &exchange).await?;
        extension.say(json!({"told": {"about": "lost", "words": ["iPhone 15 Pro"]}})).await?;
        extension.say(json!({"told": {"about": "usual-countries", "words": ["PT", "NL"]}})).await?;
        open(&browser).await?;
        let dir = browser.run("return document.documentElement.dir", vec![]).await?;
        ensure!(dir == if name == "arabic" { "rtl" } else { "ltr" }, "{name}: {dir}");
        browser.driver.set_window_rect(0, 0, 900, 2200).await?;
        axe::check(&browser, &format!("settings-{name}")).await?;
        // Narrow, as on a phone, and nothing runs out of the page.
        browser.driver.set_window_rect(0, 0, 500, 1000).await?;
        let over = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        let over = browser.run(over, vec![]).await?;
        ensure!(over == json!(0), "{name}: {over} pixels run out of a narrow page");
        browser.driver.set_window_rect(0, 0, 900, 1100).await?;
        // Nobody signed in, and then somebody who has left.
        browser.driver.goto(browser.extension_url("leave.html")?).await?;
        Person::at(&browser, "").find("main h1").await?;
        axe::check(&browser, &format!("leave-none-{name}")).await?;
        extension.say(json!({"leaving": {"exchange": "demo", "leaving": "log-out"}})).await?;
        let person = Person::at(&browser, exchange.url());
        person.go(&SKIN.paths(Language::English).devices).await?;
        let tab = extension.tab(exchange.url()).await?;
        eventually("the bar", 15, async || Ok((!extension.overlay(tab).await?.bar.is_empty()).then_some(()))).await?;
        browser.driver.goto(browser.extension_url("leave.html")?).await?;
        Person::at(&browser, "").find("a.primary").await?;
        axe::check(&browser, &format!("leave-{name}")).await?;
        extension.say(json!({"computer": {"whose": "not-mine"}})).await?;
        open(&browser).await?;
        axe::check(&browser, &format!("settings-shared-{name}")).await?;
        browser.close().await?;
    }
    Ok(())
}
