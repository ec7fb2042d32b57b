//! The watch, end to end: nobody walks away from a computer that is not theirs while still signed in, and what
//! Latchkey does about it in each way of leaving.

use anyhow::{Context as _, ensure};
use latchkey_e2e::{Browser, Extension, Kind, Person, Setup, both, eventually};
use latchkey_exchange::{CLEAN_USER, DEMO_USER, Exchange, Language, Options, Skin};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use super::desk::{Desk, SKIN, armed, exchange, leave_page, log_out, open_pages};

both!(
    one_click_arms_a_signed_in_page_and_it_gets_a_bar,
    leaving_is_asked_about_after_use_and_not_before,
    leaving_in_the_last_tab_opens_the_page_that_says_so,
    a_log_out_disarms_and_a_cancelled_one_does_not,
    a_killed_browser_reminds_at_its_next_start,
    an_empty_chair_counts_down_a_key_begins_anew_and_then_the_page_is_covered,
    two_exchanges_and_two_accounts_are_watched_at_once,
    a_private_window_stores_nothing,
    an_administrators_policy_arms,
    a_background_killed_in_every_state_changes_nothing,
);

async fn one_click_arms_a_signed_in_page_and_it_gets_a_bar(kind: Kind) -> anyhow::Result<()> {
    let exchange = exchange().await?;
    let browser = Browser::start(Setup::new(kind)).await?;
    let desk = Desk::at(&browser, &exchange).await?;
    let tab = desk.tab().await?;
    // On the person's own computer nothing nags.
    eventually("the page to be read", 15, async || {
        let screen = desk.extension.view(tab).await?.screen;
        Ok((!matches!(screen, latchkey::view::Screen::NotRead { .. })).then_some(()))
    })
    .await?;
    ensure!(desk.armed().await? == 0 && desk.extension.overlay(tab).await?.bar.is_empty());

    let page = browser.driver.window().await?;
    desk.extension.open_popup(tab).await?;
    browser.picture("popup-own-computer").await?;
    Person::at(&browser, "").press(".computer button").await?;
    eventually("the popup to say so", 10, async || {
        let text = browser.run("return document.querySelector('.computer').innerText", vec![]).await?;
        Ok(text.as_str().is_some_and(|text| text.contains("Not your computer")).then_some(()))
    })
    .await?;
    browser.driver.set_window_rect(0, 0, 420, 900).await?;
    browser.picture("popup-not-my-computer").await?;
    browser.driver.set_window_rect(0, 0, 1280, 900).await?;
    browser.driver.close_window().await?;
    browser.driver.switch_to_window(page).await?;

    let overlay = desk.barred().await?;
    ensure!(overlay.bar.contains("30 days"), "{overlay:?}");
    ensure!(desk.armed().await? == 1);
    let badge = desk.extension.badge(tab).await?;
    ensure!(badge.text == "!" && badge.title.contains("Demo exchange"), "{badge:?}");
    browser.picture("bar").await?;
    // The bar leads to the account's menu, and once that is open to the log-out itself.
    ensure!(overlay.bar.contains("account menu"), "{overlay:?}");
    desk.person().press("header button[aria-haspopup=menu]").await?;
    desk.overlay("the way to the log-out", async |overlay| overlay.bar.contains("log-out button"), tab).await?;
    browser.picture("bar-menu").await?;
    // On every page of the exchange, beside what else is drawn.
    desk.person().go(&desk.paths.devices).await?;
    desk.overlay("bar and chips", async |overlay| !overlay.bar.is_empty() && !overlay.chips.is_empty(), tab).await?;
    browser.picture("bar-devices").await?;
    browser.close().await
}

/// Whether the browser's own question stands open within some seconds.
async fn is_asked(browser: &Browser) -> bool {
    let text = async || Ok(Some(browser.driver.get_alert_text().await?));
    eventually("the browser's question", 4, text).await.is_ok()
}

async fn leaving_is_asked_about_after_use_and_not_before(kind: Kind) -> anyhow::Result<()> {
    let exchange = exchange().await?;
    let browser = Browser::start(Setup::new(kind).asking()).await?;
    let desk = Desk::at(&browser, &exchange).await?;
    desk.says_not_mine().await?;
    // A tab of its own, in which nobody has done anything yet: no browser asks then.
    let unused = browser.driver.new_tab().await?;
    browser.driver.close_window().await?;
    browser.driver.switch_to_window(unused).await?;
    desk.person().go(&desk.paths.trade).await?;
    desk.barred().await?;
    let away = "setTimeout(() => { location.href = 'about:blank' }, 50)";
    // By the browser itself, for a driver's script counts as use in Chromium; there its other doings may, too.
    let tab = desk.tab().await?;
    let used = format!(
        "chrome.scripting.executeScript({{target: {{tabId: {tab}}}, func: () => navigator.userActivation.hasBeenActive}})\
         .then(([it]) => it.result)"
    );
    let used = desk.extension.call(&used).await? == json!(true);
    println!("{}: the page counts as used: {used}", kind.name());
    if !used {
        desk.extension.call(&format!("chrome.tabs.update({tab}, {{url: 'http://outside.example/'}})")).await?;
        ensure!(!is_asked(&browser).await, "asked although nobody had used the page");
        desk.person().go(&desk.paths.trade).await?;
        desk.barred().await?;
    }

    // Used: going elsewhere asks…
    desk.person().press("main").await?;
    browser.run("setTimeout(() => { location.href = 'http://outside.example/' }, 50)", vec![]).await?;
    ensure!(is_asked(&browser).await, "not asked on going elsewhere");
    browser.driver.dismiss_alert().await?;
    let still = browser.driver.current_url().await?;
    ensure!(still.as_str().starts_with(exchange.url()), "{still}");
    // …to another page of the exchange does not…
    desk.person().press("main").await?;
    let to = format!("setTimeout(() => {{ location.href = '{}' }}, 50)", desk.paths.devices);
    browser.run(&to, vec![]).await?;
    ensure!(!is_asked(&browser).await, "asked on the way to a page of the same exchange");
    desk.barred().await?;
    // …and closing the tab does.
    desk.person().press("main").await?;
    let tab = desk.tab().await?;
    let page = browser.driver.window().await?;
    desk.extension
        .at_desk(async || browser.run(&format!("chrome.tabs.remove({tab}); return null"), vec![]).await.map(drop))
        .await?;
    browser.driver.switch_to_window(page).await?;
    ensure!(is_asked(&browser).await, "not asked on closing the tab");
    browser.driver.dismiss_alert().await?;
    ensure!(desk.armed().await? == 1);

    // Logged out, nothing is asked.
    desk.logs_out().await?;
    eventually("the log-out to be proven", 15, async || Ok((desk.armed().await? == 0).then_some(()))).await?;
    desk.person().press("main").await?;
    browser.run(away, vec![]).await?;
    ensure!(!is_asked(&browser).await, "asked after the log-out");
    browser.close().await
}

async fn leaving_in_the_last_tab_opens_the_page_that_says_so(kind: Kind) -> anyhow::Result<()> {
    let exchange = exchange().await?;
    let browser = Browser::start(Setup::new(kind)).await?;
    let desk = Desk::at(&browser, &exchange).await?;
    desk.says_not_mine().await?;
    desk.barred().await?;
    let first = browser.driver.window().await?;
    let second = browser.driver.new_tab().await?;
    browser.driver.switch_to_window(second).await?;
    desk.person().go(&desk.paths.devices).await?;
    desk.barred().await?;
    browser.driver.close_window().await?;
    browser.driver.switch_to_window(first.clone()).await?;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let leave = browser.extension_url("leave.html")?;
    ensure!(!open_pages(&browser).await?.contains(&leave), "warned although another tab was open");

    // The last one goes elsewhere.
    drop(browser.driver.goto("http://outside.example/").await);
    let text = leave_page(&browser).await?;
    ensure!(text.contains("You are still signed in") && text.contains("Demo exchange"), "{text}");
    ensure!(text.contains("30 days") && text.contains(exchange.url()), "{text}");
    browser.picture("leave").await?;
    // Back, and closed: said again, in the same tab.
    Person::at(&browser, "").press("a.primary").await?;
    let back =
        eventually("the way back", 15, async || Ok(desk.extension.browser_page(exchange.url()).await.ok())).await?;
    browser.driver.switch_to_window(back).await?;
    desk.barred().await?;
    browser.driver.close_window().await?;
    browser.driver.switch_to_window(first).await?;
    leave_page(&browser).await?;
    let pages = open_pages(&browser).await?;
    ensure!(pages.iter().filter(|page| **page == leave).count() == 1, "{pages:?}");
    // "I know": nothing nags any more.
    Person::at(&browser, "").press("details summary").await?;
    Person::at(&browser, "").press("button.know").await?;
    eventually("the page to be content", 10, async || Ok((desk.armed().await? == 0).then_some(()))).await?;
    browser.close().await
}

async fn a_log_out_disarms_and_a_cancelled_one_does_not(kind: Kind) -> anyhow::Result<()> {
    let exchange = exchange().await?;
    let browser = Browser::start(Setup::new(kind)).await?;
    let desk = Desk::at(&browser, &exchange).await?;
    desk.says_not_mine().await?;
    desk.person().go(&desk.paths.devices).await?;
    let tab = desk.tab().await?;
    desk.barred().await?;
    // "Log out all devices" asks first.
    desk.presses("Log out all devices").await?;
    desk.presses("Cancel").await?;
    desk.overlay("the pending log-out", async |overlay| overlay.bar.contains("Not logged out"), tab).await?;
    browser.picture("bar-pending").await?;
    // Nothing has ended: on the next page the person is signed in as before.
    desk.person().go(&desk.paths.dashboard).await?;
    desk.barred().await?;
    ensure!(desk.armed().await? == 1);

    desk.logs_out().await?;
    eventually("the log-out to be proven", 15, async || Ok((desk.armed().await? == 0).then_some(()))).await?;
    let overlay = desk.overlay("the word that it is over", async |it| it.bar.contains("logged out"), tab).await?;
    ensure!(overlay.bar.contains("Demo exchange"), "{overlay:?}");
    browser.picture("bar-over").await?;
    ensure!(desk.extension.badge(tab).await?.text.is_empty());
    drop(browser.driver.goto("http://outside.example/").await);
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let leave = browser.extension_url("leave.html")?;
    ensure!(!open_pages(&browser).await?.contains(&leave), "warned after the log-out");
    browser.close().await
}

async fn a_killed_browser_reminds_at_its_next_start(kind: Kind) -> anyhow::Result<()> {
    let exchange = exchange().await?;
    let mut browser = Browser::start(Setup::new(kind)).await?;
    {
        let desk = Desk::at(&browser, &exchange).await?;
        desk.says_not_mine().await?;
        desk.barred().await?;
    }
    browser = browser.kill_and_start().await?;
    let text = leave_page(&browser).await?;
    ensure!(text.contains("You are still signed in") && text.contains("Demo exchange"), "{text}");
    browser.picture("reminder").await?;
    {
        let extension = Extension::of(&browser).await?;
        ensure!(armed(&extension).await? == 1);
        extension.watch_again(&["demo"]).await?;
        // The log-in form at the exchange proves that this browser holds no key any more.
        let paths = SKIN.paths(Language::English);
        let person = Person::at(&browser, exchange.url());
        browser.driver.delete_all_cookies().await.ok();
        person.go(&paths.dashboard).await?;
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        let here = browser.driver.current_url().await?;
        if !here.path().ends_with("/login") {
            // Kept signed in over the kill, as the exchange's "keep me signed in" does.
            log_out(&browser).await?;
        }
        // Each question goes by another tab; the page is read while it is looked at.
        tokio::time::sleep(std::time::Duration::from_secs(4)).await;
        let proven = async || Ok((armed(&extension).await? == 0).then_some(()));
        if let Err(error) = eventually("the proof", 15, proven).await {
            browser.picture("no-proof").await?;
            let granted = extension.call("chrome.permissions.getAll()").await?;
            return Err(error.context(format!("at {}, {granted}", browser.driver.current_url().await?)));
        }
    }
    browser = browser.kill_and_start().await?;
    Extension::of(&browser).await?;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let leave = browser.extension_url("leave.html")?;
    ensure!(!open_pages(&browser).await?.contains(&leave), "reminded of what is over");
    browser.close().await
}

async fn an_empty_chair_counts_down_a_key_begins_anew_and_then_the_page_is_covered(kind: Kind) -> anyhow::Result<()> {
    let exchange = exchange().await?;
    let browser = Browser::start(Setup::new(kind).waiting()).await?;
    let desk = Desk::at(&browser, &exchange).await?;
    desk.says_not_mine().await?;
    desk.barred().await?;
    let tab = desk.tab().await?;
    for _ in 0..2 {
        desk.extension.sits("idle").await?;
        desk.overlay("the countdown", async |overlay| overlay.countdown.contains("still there"), tab).await?;
        browser.picture("countdown").await?;
        // Any key, anywhere in the page.
        browser.driver.action_chain().send_keys("x").perform().await?;
        desk.overlay("the countdown to end", async |overlay| overlay.countdown.is_empty(), tab).await?;
        desk.extension.sits("active").await?;
    }
    desk.extension.sits("idle").await?;
    eventually("the cover, after the whole countdown", 75, async || {
        let overlay = desk.extension.overlay(tab).await?;
        Ok((!overlay.cover.is_empty()).then_some(()))
    })
    .await?;
    let overlay = desk.extension.overlay(tab).await?;
    ensure!(overlay.cover.contains("still signed in") && overlay.countdown.is_empty(), "{overlay:?}");
    browser.picture("cover").await?;
    // A page that loads itself anew is covered too, and whoever only moves is not the person.
    browser.driver.refresh().await?;
    desk.overlay("the cover over a fresh page", async |overlay| !overlay.cover.is_empty(), tab).await?;
    desk.extension.sits("active").await?;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    ensure!(!desk.extension.overlay(tab).await?.cover.is_empty(), "uncovered without a press");
    browser.driver.action_chain().send_keys(Key::Enter + "").perform().await?;
    desk.overlay("the press to lift the cover", async |overlay| overlay.cover.is_empty(), tab).await?;
    desk.barred().await?;
    browser.close().await
}

async fn two_exchanges_and_two_accounts_are_watched_at_once(kind: Kind) -> anyhow::Result<()> {
    let exchange = Exchange::start(Options { tls: true, ..Options::skin(SKIN) }).await?;
    let hosts = ["www.binance.com", "www.kucoin.com"];
    let browser = Browser::start(Setup::new(kind).hosts(hosts.map(str::to_owned).to_vec())).await?;
    let extension = Extension::of(&browser).await?;
    extension.watch(&["binance", "kucoin"]).await?;
    extension.say(json!({"computer": {"whose": "never-mine"}})).await?;
    let mut pages = Vec::new();
    for (host, skin, user) in [(hosts[0], SKIN, DEMO_USER), (hosts[1], Skin::Kucoin, CLEAN_USER)] {
        let origin = format!("https://{host}:{}", exchange.port());
        let window = browser.driver.new_tab().await?;
        browser.driver.switch_to_window(window.clone()).await?;
        Person::at(&browser, &origin).sign_in(&skin.paths(Language::English).login, user).await?;
        pages.push((window, origin));
        eventually("the log-in to be armed", 15, async || Ok((armed(&extension).await? == pages.len()).then_some(())))
            .await?;
    }
    // One account is logged out: the other stays armed, and leaving it is said.
    let (window, origin) = &pages[0];
    browser.driver.switch_to_window(window.clone()).await?;
    let person = Person::at(&browser, origin);
    log_out(&browser).await?;
    eventually("the first log-out", 15, async || Ok((armed(&extension).await? == 1).then_some(()))).await?;
    // Another account of the same exchange, in the same tab.
    person.sign_in(&SKIN.paths(Language::English).login, CLEAN_USER).await?;
    eventually("the second account", 15, async || Ok((armed(&extension).await? == 2).then_some(()))).await?;
    let (window, _) = &pages[1];
    browser.driver.switch_to_window(window.clone()).await?;
    browser.driver.close_window().await?;
    browser.driver.switch_to_window(pages[0].0.clone()).await?;
    let text = leave_page(&browser).await?;
    let (kucoin, binance) = (text.find("KuCoin").context("KuCoin")?, text.find("Binance").context("Binance")?);
    ensure!(kucoin < binance, "what was left comes first: {text}");
    browser.picture("leave-two").await?;
    browser.close().await
}

async fn a_private_window_stores_nothing(kind: Kind) -> anyhow::Result<()> {
    let exchange = Exchange::start(Options { foreign: true, ..Options::skin(SKIN) }).await?;
    let browser = Browser::start(Setup::new(kind).seeing_private_windows()).await?;
    let extension = Extension::of(&browser).await?;
    extension.watch(&["demo"]).await?;
    extension.say(json!({"computer": {"whose": "not-mine"}})).await?;
    let kept_before = extension.call("chrome.storage.local.get()").await?;
    let before = browser.driver.windows().await?;
    extension.call("chrome.windows.create({incognito: true}).then(() => null)").await?;
    let private = eventually("the private window", 15, async || {
        let windows = browser.driver.windows().await?;
        Ok(windows.into_iter().find(|window| !before.contains(window)))
    })
    .await?;
    browser.driver.switch_to_window(private.clone()).await?;
    let paths = SKIN.paths(Language::English);
    let person = Person::at(&browser, exchange.url());
    person.sign_in(&paths.login, DEMO_USER).await?;
    person.go(&paths.devices).await?;
    eventually("the private log-in to be armed", 15, async || Ok((armed(&extension).await? == 1).then_some(())))
        .await?;
    let tab = extension.tab(exchange.url()).await?;
    extension.account(tab).await?;
    let kept = extension.call("chrome.storage.local.get()").await?;
    // The seal's contents differ at each write: not one byte was written.
    ensure!(kept == kept_before, "something was written of a private window");
    browser.driver.close_window().await?;
    browser.driver.switch_to_window(before[0].clone()).await?;
    let text = leave_page(&browser).await?;
    ensure!(text.contains("Demo exchange"), "{text}");
    // Ended as a person does, so that all that is written is written.
    let profile = browser.profile().context("a profile")?.to_path_buf();
    let browser = browser.restart().await?;
    let needles: Vec<&str> = vec![DEMO_USER, "81.84.17.203", "105.112.96.3", "a***e@example.org"];
    let found = search(&profile, &needles)?;
    ensure!(found.is_empty(), "{found:?}");
    // The search finds what is there: the extension's own id, which each browser writes into its profile.
    let id = match kind {
        Kind::Chromium => "LATCHKEY_CHROMIUM_ID",
        Kind::Firefox => "LATCHKEY_FIREFOX_ID",
    };
    let id = latchkey_e2e::environment::text(id)?;
    ensure!(!search(&profile, &[&id])?.is_empty(), "the search is blind");
    browser.close().await
}

/// The files below a folder that hold one of these texts, as UTF-8 or UTF-16.
fn search(folder: &std::path::Path, needles: &[&str]) -> anyhow::Result<Vec<String>> {
    let forms: Vec<Vec<u8>> = needles
        .iter()
        .flat_map(|text| [text.as_bytes().to_vec(), text.encode_utf16().flat_map(u16::to_le_bytes).collect()])
        .collect();
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)?.flatten() {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(path),
                Ok(kind) if kind.is_file() => {
                    let bytes = std::fs::read(&path).unwrap_or_default();
                    let holds = |form: &Vec<u8>| bytes.windows(form.len()).any(|window| window == form.as_slice());
                    if forms.iter().any(holds) {
                        found.push(path.display().to_string());
                    }
                }
                _ => {}
            }
        }
    }
    Ok(found)
}

async fn an_administrators_policy_arms(kind: Kind) -> anyhow::Result<()> {
    let exchange = exchange().await?;
    let browser = Browser::start(Setup::new(kind).managed()).await?;
    let desk = Desk::at(&browser, &exchange).await?;
    desk.barred().await?;
    let told = desk.extension.say(json!("leave")).await?;
    ensure!(told["leave"]["computer"] == json!("managed"), "{told}");
    // The person cannot take it back.
    desk.extension.say(json!({"computer": {"whose": "mine"}})).await?;
    ensure!(desk.armed().await? == 1);
    browser.close().await
}

async fn a_background_killed_in_every_state_changes_nothing(kind: Kind) -> anyhow::Result<()> {
    let exchange = exchange().await?;
    let browser = Browser::start(Setup::new(kind).waiting()).await?;
    let desk = Desk::at(&browser, &exchange).await?;
    let kill = async || desk.extension.kill_background().await;
    kill().await?;
    desk.says_not_mine().await?;
    kill().await?;
    desk.barred().await?;
    // Signed in.
    kill().await?;
    ensure!(desk.armed().await? == 1);
    // Counting down, and covered.
    let tab = desk.tab().await?;
    // Where no screen can be locked, the countdown runs to its end.
    desk.extension.sits("locked").await?;
    eventually("the cover", 75, async || Ok((!desk.extension.overlay(tab).await?.cover.is_empty()).then_some(())))
        .await?;
    kill().await?;
    browser.driver.refresh().await?;
    desk.overlay("the cover again", async |overlay| !overlay.cover.is_empty(), tab).await?;
    kill().await?;
    desk.extension.sits("active").await?;
    browser.driver.action_chain().send_keys(Key::Enter + "").perform().await?;
    desk.overlay("the cover to be lifted", async |overlay| overlay.cover.is_empty(), tab).await?;
    // Logging out.
    desk.person().go(&desk.paths.devices).await?;
    desk.barred().await?;
    kill().await?;
    desk.presses("Log out all devices").await?;
    kill().await?;
    desk.presses("Cancel").await?;
    desk.overlay("the pending log-out", async |overlay| overlay.bar.contains("Not logged out"), tab).await?;
    desk.person().go(&desk.paths.dashboard).await?;
    desk.barred().await?;
    // Away.
    kill().await?;
    drop(browser.driver.goto("http://outside.example/").await);
    let page = browser.driver.window().await?;
    leave_page(&browser).await?;
    kill().await?;
    ensure!(desk.armed().await? == 1);
    // And out.
    browser.driver.switch_to_window(page).await?;
    desk.person().go(&desk.paths.dashboard).await?;
    desk.barred().await?;
    // Asleep, it is woken by the press itself, though the page has gone by then.
    kill().await?;
    desk.logs_out().await?;
    let is_out = async || {
        let all: Value = desk.extension.say(json!("leave")).await?;
        ensure!(all["leave"]["armed"] == json!([]), "{all} at {}", browser.driver.current_url().await?);
        Ok(Some(()))
    };
    eventually("the proof", 20, is_out).await?;
    kill().await?;
    eventually("the proof to hold", 5, is_out).await?;
    browser.close().await
}
