//! The reader behind the real door: what the extension's own script captures in a real browser.

use std::path::Path;

use anyhow::{Context as _, ensure};
use latchkey::page::Page;
use latchkey::reading::{self, Hints};
use latchkey::zone::Zone;
use latchkey_e2e::saved::SavedPages;
use latchkey_e2e::{Browser, Extension, Kind, Person, Setup, both, eventually};
use latchkey_exchange::{DEMO_USER, Exchange, Language, Options, Skin};
use serde_json::{Value, json};

both!(the_corpus_is_read_in_the_browser_as_it_is_from_files, a_sample_holds_nothing_of_the_account,);

/// A browser flattens what is nested deeper than 512 elements; a parser of files does not.
const DEEPER_THAN_A_BROWSER_GOES: &str = "42-hostile-deep-nesting-en";

fn read(page: &Page, truth: &Value) -> anyhow::Result<Value> {
    let hints = Hints { lang: truth["args"]["lang"].as_str().map(str::to_owned), ..Hints::default() };
    let now = truth["args"]["now"].as_str().context("a page says when it was saved")?.parse()?;
    Ok(serde_json::to_value(reading::read(page, &hints, now, &Zone::utc()))?)
}

async fn the_corpus_is_read_in_the_browser_as_it_is_from_files(kind: Kind) -> anyhow::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    let pages = SavedPages::serve(&folder).await?;
    let browser = Browser::start(Setup::new(kind)).await?;
    let extension = Extension::of(&browser).await?;
    extension.watch(&["demo"]).await?;
    let names = pages.names()?;
    let mut differ = Vec::new();
    for name in &names {
        let truth: Value = serde_json::from_str(&std::fs::read_to_string(folder.join(format!("{name}.json")))?)?;
        let url = pages.url(name);
        browser.driver.goto(&url).await?;
        let tab = extension.tab(&url).await?;
        let capture = eventually("the page to be captured", 20, async || {
            let answer = extension.call(&format!("chrome.tabs.sendMessage({tab}, {{kind: 'look'}})")).await?;
            Ok(answer.as_str().map(str::to_owned))
        })
        .await
        .with_context(|| name.clone())?;
        let live = Page::from_capture(&capture)?;
        let saved = Page::from_html(&pages.html(name)?, &live.url);
        if read(&live, &truth)? != read(&saved, &truth)? && name != DEEPER_THAN_A_BROWSER_GOES {
            differ.push(name.clone());
        }
    }
    println!("{}: {} pages", kind.name(), names.len());
    ensure!(names.len() >= 44 && differ.is_empty(), "{differ:?} of {} are read otherwise", names.len());
    browser.close().await
}

async fn a_sample_holds_nothing_of_the_account(kind: Kind) -> anyhow::Result<()> {
    let exchange = Exchange::start(Options { foreign: true, ..Options::skin(Skin::BinanceKit) }).await?;
    let browser = Browser::start(Setup::new(kind)).await?;
    let extension = Extension::of(&browser).await?;
    extension.watch(&["demo"]).await?;
    let paths = Skin::BinanceKit.paths(Language::English);
    let person = Person::at(&browser, exchange.url());
    person.sign_in(&paths.login, DEMO_USER).await?;
    person.go(&paths.devices).await?;
    let tab = extension.tab(exchange.url()).await?;
    extension.account(tab).await?;
    let screen = browser.driver.new_tab().await?;
    browser.driver.switch_to_window(screen).await?;
    browser.driver.goto(browser.extension_url(&format!("sample.html?tab={tab}"))?).await?;
    let shown = eventually("the sample", 20, async || {
        let script = "return document.querySelector('.preview')?.textContent ?? null";
        Ok(browser.run(script, vec![]).await?.as_str().map(str::to_owned))
    })
    .await?;
    browser.picture("sample").await?;
    for value in ["105.112.96.3", "Lagos", "Nigeria", "Edge", "Opera", "a***e@example.org", "Demo Exchange"] {
        ensure!(!shown.contains(value), "{value} is in the sample");
    }
    for kept in ["Device", "Location", "IP Address", "Log out all devices"] {
        ensure!(shown.contains(kept), "{kept} is not in the sample");
    }
    let saved = browser
        .run("const link = document.querySelector('a[download]'); return [link.download, link.protocol]", vec![]);
    ensure!(saved.await? == json!(["latchkey-sample-demo.html", "blob:"]), "the file cannot be saved");
    // It reads as the page did.
    let page = Page::from_html(&shown, exchange.url());
    let reading = read(&page, &json!({"args": {"now": "2026-11-21T12:00:00Z"}}))?;
    let rows = reading["lists"][0]["rows"].as_array().map_or(0, Vec::len);
    ensure!(rows == exchange.sessions(DEMO_USER).len(), "{reading}");
    browser.close().await
}
