//! What Latchkey promises besides: nothing leaves, the page learns nothing, a lost state is said, a withdrawn host is
//! let go, everybody can use the screens.

use anyhow::{Context as _, ensure};
use latchkey_e2e::setup::Package;
use latchkey_e2e::{Browser, Extension, Kind, Request, Setup, axe, both, eventually};
use latchkey_exchange::{Exchange, Options, Skin};
use serde_json::json;

use super::desk::on_the_device_page;

both!(
    no_request_leaves_but_to_the_exchange,
    the_page_learns_nothing,
    a_withdrawn_host_is_let_go_at_once,
    a_damaged_state_is_kept_aside_and_said,
    a_newer_state_is_kept_aside_and_said,
    a_core_that_does_not_load_is_said_on_the_badge,
    the_screens_are_accessible,
    what_is_stored_is_sealed,
);

/// With strangers in the account.
async fn exchange() -> anyhow::Result<Exchange> {
    Exchange::start(Options { foreign: true, ..Options::skin(Skin::BinanceKit) }).await
}

async fn no_request_leaves_but_to_the_exchange(kind: Kind) -> anyhow::Result<()> {
    let exchange = exchange().await?;
    let browser = Browser::start(Setup::new(kind)).await?;
    let extension = Extension::of(&browser).await?;
    let tab = on_the_device_page(&browser, &extension, &exchange).await?;
    extension.open_popup(tab).await?;
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    for request in exchange.requests() {
        let host = request.host.clone();
        ensure!(host.starts_with("127.0.0.1"), "a request for {host}");
    }
    // The ear hears: a request that does leave is written down.
    let page = extension.browser_page(exchange.url()).await?;
    browser.driver.switch_to_window(page).await?;
    browser.run("setTimeout(() => location.href = 'http://outside.example/', 0)", vec![]).await?;
    eventually("the request to be heard", 10, async || {
        let knocks = browser.outside.knocks();
        Ok(knocks.iter().any(|knock| knock.contains("outside.example")).then_some(()))
    })
    .await?;
    let own = browser.extension_url("")?;
    let (planted, others): (Vec<Request>, Vec<Request>) =
        browser.close_and_tell().await?.into_iter().partition(|request| request.url == "http://outside.example/");
    ensure!(!planted.is_empty(), "the planted request was not written down");
    ensure!(others.iter().any(|request| request.url.starts_with(exchange.url())), "{others:?}");
    for request in others {
        let stays = request.url.starts_with(exchange.url()) || request.url.starts_with(&own);
        ensure!(stays || !request.url.starts_with("http"), "{request:?}");
    }
    Ok(())
}

async fn the_page_learns_nothing(kind: Kind) -> anyhow::Result<()> {
    let exchange = exchange().await?;
    let browser = Browser::start(Setup::new(kind)).await?;
    let extension = Extension::of(&browser).await?;
    let tab = on_the_device_page(&browser, &extension, &exchange).await?;
    eventually("the overlay", 10, async || Ok((!extension.overlay(tab).await?.chips.is_empty()).then_some(()))).await?;
    let seen = browser
        .run(
            "const strange = [...document.documentElement.children].filter((it) => it !== document.head && it !== document.body);\
             const marks = [...document.querySelectorAll('*')].flatMap((it) => [...it.attributes]).filter((it) => /latchkey/i.test(it.name + it.value));\
             return { hosts: strange.length, open: strange.filter((it) => it.shadowRoot).length, text: strange.map((it) => it.innerText + it.innerHTML).join(''),\
                      marks: marks.map((it) => it.name), globals: Object.keys(globalThis).filter((it) => /latchkey/i.test(it)) };",
            vec![],
        )
        .await?;
    ensure!(seen == json!({"hosts": 1, "open": 0, "text": "", "marks": [], "globals": []}), "the page sees {seen}");
    // A press that no person made does nothing, and a page that removes the overlay gets it back.
    browser.run("document.documentElement.lastElementChild.click()", vec![]).await?;
    browser.run("document.documentElement.lastElementChild.remove()", vec![]).await?;
    eventually("the overlay to come back", 10, async || {
        Ok((!extension.overlay(tab).await?.chips.is_empty()).then_some(()))
    })
    .await?;
    browser.close().await
}

async fn a_withdrawn_host_is_let_go_at_once(kind: Kind) -> anyhow::Result<()> {
    let exchange = exchange().await?;
    let browser = Browser::start(Setup::new(kind)).await?;
    let extension = Extension::of(&browser).await?;
    let tab = on_the_device_page(&browser, &extension, &exchange).await?;
    eventually("the badge", 10, async || Ok((!extension.badge(tab).await?.text.is_empty()).then_some(()))).await?;
    eventually("the overlay", 10, async || Ok((browser.run(STRANGE, vec![]).await? == json!(1)).then_some(()))).await?;
    extension.unwatch("http://127.0.0.1/*").await?;
    eventually("the overlay to go", 10, async || Ok((browser.run(STRANGE, vec![]).await? == json!(0)).then_some(())))
        .await?;
    eventually("the badge to go", 10, async || Ok(extension.badge(tab).await?.text.is_empty().then_some(()))).await?;
    browser.driver.refresh().await?;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    ensure!(browser.run(STRANGE, vec![]).await? == json!(0), "the overlay came back");
    browser.close().await
}

const STRANGE: &str = "return [...document.documentElement.children]\
    .filter((it) => it !== document.head && it !== document.body).length;";

async fn a_damaged_state_is_kept_aside_and_said(kind: Kind) -> anyhow::Result<()> {
    let browser = Browser::start(Setup::new(kind)).await?;
    let extension = Extension::of(&browser).await?;
    for damaged in [json!("{\"seal\":1,\"iv\":\"AAAA\",\"data\":\"trunc"), json!(42), json!({"version": 1})] {
        extension
            .call(&format!("chrome.storage.local.clear().then(() => chrome.storage.local.set({{state: {damaged}}}))"))
            .await?;
        extension.kill_background().await?;
        let notices = extension.say(json!("welcome")).await?;
        ensure!(notices["welcome"]["notices"][0]["key"] == "notice_state_damaged", "{damaged}: {notices}");
        let stored = extension.call("chrome.storage.local.get(null)").await?;
        let stored = stored.as_object().context("what is stored")?;
        let aside = stored.iter().find(|(key, _)| key.starts_with("state-aside")).context("a state kept aside")?;
        ensure!(*aside.1 == damaged, "{aside:?}");
    }
    browser.close().await
}

async fn a_newer_state_is_kept_aside_and_said(kind: Kind) -> anyhow::Result<()> {
    let browser = Browser::start(Setup::new(kind)).await?;
    let extension = Extension::of(&browser).await?;
    // Something is stored first, so that there is a key to seal with.
    extension.say(json!("dismiss-notices")).await?;
    extension.watch(&["demo"]).await?;
    let seal = r#"(async () => {
        const db = await new Promise((done, no) => { const r = indexedDB.open("latchkey"); r.onsuccess = () => done(r.result); r.onerror = () => no(r.error); });
        const key = await new Promise((done, no) => { const r = db.transaction("keys").objectStore("keys").get("state"); r.onsuccess = () => done(r.result); r.onerror = () => no(r.error); });
        db.close();
        const iv = crypto.getRandomValues(new Uint8Array(12));
        const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode('{"version":2,"later":true}'));
        const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
        await chrome.storage.local.set({ state: JSON.stringify({ seal: 1, iv: text(iv), data: text(data) }) });
    })()"#;
    let sealed = extension.call(seal).await?;
    ensure!(sealed.is_null(), "{sealed}");
    extension.kill_background().await?;
    let notices = extension.say(json!("welcome")).await?;
    ensure!(notices["welcome"]["notices"][0]["key"] == "notice_state_newer", "{notices}");
    let stored = extension.call("chrome.storage.local.get(null)").await?;
    let stored = stored.as_object().context("what is stored")?;
    ensure!(stored.keys().any(|key| key.starts_with("state-aside")), "{:?}", stored.keys());
    browser.close().await
}

async fn a_core_that_does_not_load_is_said_on_the_badge(kind: Kind) -> anyhow::Result<()> {
    let browser = Browser::start(Setup::new(kind).package(Package::WithDamagedCore)).await?;
    let extension = Extension::of(&browser).await?;
    let badge = eventually("the badge to say it", 15, async || {
        let badge = extension.call("Promise.all([chrome.action.getBadgeText({}), chrome.action.getTitle({})])").await?;
        Ok((badge[0] == "!").then_some(badge))
    })
    .await?;
    ensure!(badge[1].as_str().is_some_and(|title| title.contains("Latchkey")), "{badge}");
    browser.close().await
}

async fn the_screens_are_accessible(kind: Kind) -> anyhow::Result<()> {
    let exchange = exchange().await?;
    let setups =
        [("light", Setup::new(kind)), ("dark", Setup::new(kind).dark()), ("arabic", Setup::new(kind).language("ar"))];
    for (name, setup) in setups {
        let browser = Browser::start(setup).await?;
        let extension = Extension::of(&browser).await?;
        let tab = on_the_device_page(&browser, &extension, &exchange).await?;
        eventually("the overlay", 10, async || Ok((!extension.overlay(tab).await?.chips.is_empty()).then_some(())))
            .await?;
        browser.picture(&format!("device-page-{name}")).await?;
        extension.open_popup(tab).await?;
        let dir = browser.run("return document.documentElement.dir", vec![]).await?;
        ensure!(dir == if name == "arabic" { "rtl" } else { "ltr" }, "{name}: {dir}");
        browser.driver.set_window_rect(0, 0, 500, 1000).await?;
        axe::check(&browser, &format!("popup-{name}")).await?;
        browser.driver.goto(browser.extension_url("welcome.html")?).await?;
        eventually("the welcome page", 10, async || {
            let text = browser.run("return document.querySelector('main')?.innerText ?? ''", vec![]).await?;
            Ok(text.as_str().is_some_and(|text| text.contains("Binance")).then_some(()))
        })
        .await?;
        browser.driver.set_window_rect(0, 0, 1100, 1000).await?;
        axe::check(&browser, &format!("welcome-{name}")).await?;
        browser.driver.goto(browser.extension_url(&format!("sample.html?tab={tab}"))?).await?;
        eventually("the sample", 10, async || {
            Ok(browser
                .run("return document.querySelector('.preview') !== null", vec![])
                .await?
                .as_bool()
                .filter(|it| *it))
        })
        .await?;
        axe::check(&browser, &format!("sample-{name}")).await?;
        browser.driver.goto(browser.extension_url("about.html")?).await?;
        eventually("the page about Latchkey", 20, async || {
            let count = browser.run("return document.querySelectorAll('.sources li').length", vec![]).await?;
            Ok((count.as_u64() > Some(5)).then_some(()))
        })
        .await?;
        axe::check(&browser, &format!("about-{name}")).await?;
        browser.close().await?;
    }
    Ok(())
}

async fn what_is_stored_is_sealed(kind: Kind) -> anyhow::Result<()> {
    let exchange = exchange().await?;
    let browser = Browser::start(Setup::new(kind)).await?;
    let extension = Extension::of(&browser).await?;
    on_the_device_page(&browser, &extension, &exchange).await?;
    let stored = extension.call("chrome.storage.local.get(null)").await?.to_string();
    ensure!(stored.contains("seal"), "nothing is stored: {stored}");
    for secret in ["105.112.96.3", "Lagos", "example.org", "81.84.17.203"] {
        ensure!(!stored.contains(secret), "{secret} lies open in what is stored");
    }
    browser.close().await
}
