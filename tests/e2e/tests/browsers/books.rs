//! Keys, end to end: a call by whom the person called foreign is said, and what they say of it holds.

use anyhow::{Context as _, ensure};
use latchkey::risk::Verdict;
use latchkey::view::{FindingView, Screen};
use latchkey_e2e::{Browser, Extension, Kind, Person, Setup, axe, both, eventually};
use latchkey_exchange::{DEMO_USER, Exchange, Language, Options};
use serde_json::json;
use thirtyfour::prelude::*;

use super::desk::{SKIN, on_the_device_page};

both!(a_key_in_the_hands_of_a_known_stranger_is_said_and_the_answer_holds);

async fn a_key_in_the_hands_of_a_known_stranger_is_said_and_the_answer_holds(kind: Kind) -> anyhow::Result<()> {
    let exchange = Exchange::start(Options { foreign: true, ..Options::skin(SKIN) }).await?;
    let browser = Browser::start(Setup::new(kind)).await?;
    let extension = Extension::of(&browser).await?;
    let tab = on_the_device_page(&browser, &extension, &exchange).await?;
    let keys = SKIN.paths(Language::English).api_keys;
    let person = Person::at(&browser, exchange.url());
    // Who calls with the keys is only noted at the first visit.
    person.go(&keys).await?;
    eventually("the calls to be noted", 15, async || {
        Ok(matches!(extension.view(tab).await?.screen, Screen::NoList { .. }).then_some(()))
    })
    .await?;
    ensure!(extension.badge(tab).await?.text.is_empty());

    person.go(&SKIN.paths(Language::English).devices).await?;
    let account = extension.account(tab).await?;
    let strangers = exchange.sessions(DEMO_USER).into_iter().filter(|it| it.line.place.code == "NG");
    let address = strangers.map(|it| it.line.address).next().context("a session in Lagos")?;
    let row = account.sessions.iter().find(|row| row.ip.as_deref() == Some(&address)).context("its row")?;
    let answer = json!({"tab": tab, "account": account.id, "row": row.id, "answer": "not_mine"});
    extension.say(json!({ "answer": answer })).await?;

    person.go(&keys).await?;
    let found = eventually("the stranger's call", 15, async || of_caller(&extension, tab).await).await?;
    ensure!(found.verdict == Verdict::Act && found.entry.is_some(), "{found:?}");
    ensure!(extension.badge(tab).await?.text == "1");
    extension.open_popup(tab).await?;
    browser.driver.set_window_rect(0, 0, 420, 700).await?;
    axe::check(&browser, "popup-key").await?;
    let path = "//div[@class='whose']/button[normalize-space()='Mine']";
    eventually("the button", 10, async || Ok(Some(browser.driver.find(By::XPath(path)).await?.click().await?))).await?;
    eventually("the answer to hold", 10, async || Ok(of_caller(&extension, tab).await?.is_none().then_some(())))
        .await?;
    browser.close().await
}

/// What is said of a caller.
async fn of_caller(extension: &Extension<'_>, tab: i64) -> anyhow::Result<Option<FindingView>> {
    let Screen::Sessions(account) = extension.view(tab).await?.screen else { return Ok(None) };
    Ok(account.account.into_iter().find(|finding| finding.message.key == "finding_caller_intruder"))
}
