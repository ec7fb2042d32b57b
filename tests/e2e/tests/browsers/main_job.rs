//! The main job, end to end: a person signed in at an exchange opens its device page and is shown which sessions are
//! not theirs, and why.

use std::time::Instant;

use anyhow::{Context as _, ensure};
use latchkey::risk::Verdict;
use latchkey::view::{Screen, Speaks};
use latchkey_e2e::{Browser, Extension, Kind, Person, Setup, both, eventually};
use latchkey_exchange::{CLEAN_USER, DEMO_USER, Exchange, Language, Options, Paths, Skin};
use thirtyfour::prelude::*;

both!(
    a_foreign_session_is_flagged_on_page_badge_and_popup,
    every_skin_is_read_and_its_strangers_flagged,
    this_is_me_clears_a_finding_and_it_stays_cleared_after_a_restart,
    nothing_is_flagged_for_a_clean_account,
    a_page_that_lists_no_sessions_gets_nothing,
    the_overlay_follows_a_re_render_and_a_scroll,
    a_killed_background_changes_nothing_that_a_person_sees,
);

/// An exchange under its real name, over TLS.
struct Binance {
    exchange: Exchange,
    origin: String,
    paths: Paths,
}

const HOST: &str = "www.binance.com";

impl Binance {
    async fn start(foreign: bool) -> anyhow::Result<Self> {
        let skin = Skin::BinanceKit;
        let exchange = Exchange::start(Options { tls: true, foreign, ..Options::skin(skin) }).await?;
        let origin = format!("https://{HOST}:{}", exchange.port());
        Ok(Self { exchange, origin, paths: skin.paths(Language::English) })
    }

    async fn browser(kind: Kind) -> anyhow::Result<Browser> {
        Browser::start(Setup::new(kind).hosts(vec![HOST.to_owned()])).await
    }

    /// Signs in, opens the device page and waits until it has been read.
    async fn open(&self, browser: &Browser, extension: &Extension<'_>, user: &str) -> anyhow::Result<i64> {
        let person = Person::at(browser, &self.origin);
        person.sign_in(&self.paths.login, user).await?;
        person.go(&self.paths.devices).await?;
        let tab = extension.tab(&self.origin).await?;
        extension.account(tab).await?;
        Ok(tab)
    }
}

/// Waits until as many chips are drawn as sessions are listed.
async fn wait_for_chips(
    extension: &Extension<'_>,
    tab: i64,
    count: usize,
) -> anyhow::Result<latchkey_e2e::extension::Overlay> {
    eventually(&format!("{count} chips"), 15, async || {
        let overlay = extension.overlay(tab).await?;
        ensure!(overlay.chips.len() == count, "{overlay:?}");
        Ok(Some(overlay))
    })
    .await
}

async fn a_foreign_session_is_flagged_on_page_badge_and_popup(kind: Kind) -> anyhow::Result<()> {
    let binance = Binance::start(true).await?;
    let browser = Binance::browser(kind).await?;
    let extension = Extension::of(&browser).await?;
    extension.watch(&["binance"]).await?;
    let tab = binance.open(&browser, &extension, DEMO_USER).await?;

    let account = extension.account(tab).await?;
    let sessions = binance.exchange.sessions(DEMO_USER).len();
    ensure!(account.sessions.len() == sessions, "{} of {sessions} sessions were read", account.sessions.len());
    for row in &account.sessions {
        let place = row.place.clone().unwrap_or_default();
        let foreign = place.contains("Nigeria") || place.contains("Vietnam");
        ensure!(row.verdict.is_finding() == foreign, "{row:#?}");
        if foreign {
            let against = row.reasons.iter().filter(|reason| reason.speaks == Speaks::Against).count();
            ensure!(against >= 2, "{row:#?}");
        }
    }
    let overlay = wait_for_chips(&extension, tab, sessions).await?;
    let flagged = overlay.chips.iter().filter(|chip| ["check", "act"].contains(&chip.tone.as_str())).count();
    ensure!(flagged == 2, "{overlay:?}");
    ensure!(!overlay.banner.is_empty(), "no banner: {overlay:?}");
    browser.picture("device-page").await?;

    let badge = extension.badge(tab).await?;
    ensure!(badge.text == account.findings.to_string(), "{badge:?}, {} findings", account.findings);
    ensure!(badge.title.contains("Binance"), "{badge:?}");

    let page = browser.driver.window().await?;
    extension.open_popup(tab).await?;
    let text = popup_text(&browser).await?;
    for wanted in ["Binance", "Lagos", "105.112.96.3", "Edge"] {
        ensure!(text.contains(wanted), "the popup does not say {wanted}: {text}");
    }
    browser.driver.set_window_rect(0, 0, 420, 900).await?;
    browser.picture("popup").await?;
    browser.driver.set_window_rect(0, 0, 1280, 900).await?;
    browser.driver.close_window().await?;
    browser.driver.switch_to_window(page).await?;

    // From a fresh load of the page to the chips, as a person waits for it.
    let start = Instant::now();
    browser.driver.refresh().await?;
    let loaded = start.elapsed();
    wait_for_chips(&extension, tab, sessions).await?;
    println!("{}: page loaded after {loaded:?}, chips after {:?}", kind.name(), start.elapsed());
    browser.close().await
}

async fn popup_text(browser: &Browser) -> anyhow::Result<String> {
    let text = browser.run("return document.body.innerText", vec![]).await?;
    text.as_str().map(str::to_owned).context("the popup has a text")
}

async fn every_skin_is_read_and_its_strangers_flagged(kind: Kind) -> anyhow::Result<()> {
    let browser = Browser::start(Setup::new(kind)).await?;
    let extension = Extension::of(&browser).await?;
    extension.watch(&["demo"]).await?;
    for skin in Skin::ALL {
        let exchange = Exchange::start(Options { foreign: true, ..Options::skin(skin) }).await?;
        let paths = skin.paths(Language::English);
        let person = Person::at(&browser, exchange.url());
        person.sign_in(&paths.login, DEMO_USER).await?;
        let tab = extension.tab(exchange.url()).await?;
        // Not every exchange shows its history beside its devices; a person who looks at both tells Latchkey more.
        person.go(&paths.history).await?;
        extension.account(tab).await.with_context(|| format!("{skin}: {}", paths.history))?;
        person.go(&paths.devices).await?;
        let account = eventually("the sessions to be read", 15, async || {
            let account = extension.account(tab).await?;
            Ok((!account.sessions.is_empty()).then_some(account))
        })
        .await
        .with_context(|| skin.to_string())?;
        let truth = exchange.sessions(DEMO_USER);
        ensure!(account.sessions.len() == truth.len(), "{skin}: {} of {}", account.sessions.len(), truth.len());
        for session in &truth {
            let row = account
                .sessions
                .iter()
                .find(|row| row.ip.as_deref() == Some(session.line.address.as_str()))
                .with_context(|| format!("{skin}: no row of {}: {:#?}", session.line.address, account.sessions))?;
            let foreign = session.line.place.code != "PT";
            ensure!(row.verdict.is_finding() == foreign, "{skin}: {row:#?}");
        }
        wait_for_chips(&extension, tab, truth.len()).await.with_context(|| skin.to_string())?;
        browser.picture(&format!("skin-{skin}")).await?;
        exchange.stop().await;
        // To Latchkey all skins are one exchange, which would name every device otherwise from now on.
        extension.forget_all().await?;
    }
    browser.close().await
}

async fn this_is_me_clears_a_finding_and_it_stays_cleared_after_a_restart(kind: Kind) -> anyhow::Result<()> {
    let binance = Binance::start(true).await?;
    let mut browser = Binance::browser(kind).await?;
    {
        let extension = Extension::of(&browser).await?;
        extension.watch(&["binance"]).await?;
        let tab = binance.open(&browser, &extension, DEMO_USER).await?;
        let before = extension.account(tab).await?.findings;
        ensure!(before >= 2, "{before} findings");
        extension.open_popup(tab).await?;
        let row = eventually("the row of Lagos", 10, async || {
            let rows = browser.driver.find_all(By::Css("article")).await?;
            for row in rows {
                if row.text().await?.contains("Lagos") {
                    return Ok(Some(row));
                }
            }
            Ok(None)
        })
        .await?;
        let mine = row.find(By::Css("button.answer.mine")).await?;
        mine.scroll_into_view().await?;
        mine.click().await?;
        eventually("the finding to be cleared", 10, async || {
            let account = extension.account(tab).await?;
            Ok((account.findings < before).then_some(()))
        })
        .await?;
        browser.picture("popup-answered").await?;
    }
    browser = browser.restart().await?;
    let extension = Extension::of(&browser).await?;
    let tab = binance.open(&browser, &extension, DEMO_USER).await?;
    let account = extension.account(tab).await?;
    for row in &account.sessions {
        let place = row.place.clone().unwrap_or_default();
        ensure!(!place.contains("Nigeria") || row.verdict == Verdict::Known, "{row:#?}");
        ensure!(!place.contains("Vietnam") || row.verdict.is_finding(), "{row:#?}");
    }
    browser.close().await
}

async fn nothing_is_flagged_for_a_clean_account(kind: Kind) -> anyhow::Result<()> {
    let binance = Binance::start(true).await?;
    let browser = Binance::browser(kind).await?;
    let extension = Extension::of(&browser).await?;
    extension.watch(&["binance"]).await?;
    let tab = binance.open(&browser, &extension, CLEAN_USER).await?;
    let account = extension.account(tab).await?;
    ensure!(account.findings == 0, "{account:#?}");
    let overlay = wait_for_chips(&extension, tab, account.sessions.len()).await?;
    ensure!(overlay.banner.is_empty(), "{overlay:?}");
    let badge = extension.badge(tab).await?;
    ensure!(badge.text.is_empty(), "{badge:?}");
    browser.picture("clean").await?;
    browser.close().await
}

async fn a_page_that_lists_no_sessions_gets_nothing(kind: Kind) -> anyhow::Result<()> {
    let binance = Binance::start(true).await?;
    let browser = Binance::browser(kind).await?;
    let extension = Extension::of(&browser).await?;
    extension.watch(&["binance"]).await?;
    let person = Person::at(&browser, &binance.origin);
    person.sign_in(&binance.paths.login, DEMO_USER).await?;
    for path in [&binance.paths.trade, &binance.paths.security, &binance.paths.api_keys] {
        person.go(path).await?;
        let tab = extension.tab(&binance.origin).await?;
        eventually("the page to be read", 15, async || {
            let screen = extension.view(tab).await?.screen;
            Ok(matches!(screen, Screen::NoList { .. }).then_some(()))
        })
        .await
        .with_context(|| path.clone())?;
        let overlay = extension.overlay(tab).await?;
        ensure!(overlay.chips.is_empty() && overlay.banner.is_empty(), "{path}: {overlay:?}");
        let badge = extension.badge(tab).await?;
        ensure!(badge.text.is_empty(), "{path}: {badge:?}");
    }
    person.go(&binance.paths.trade).await?;
    takes_no_longer_than_the_page_is_long(kind.name(), &browser, &extension, extension.tab(&binance.origin).await?)
        .await?;
    browser.close().await
}

/// Lengthens the page, and looks whether its captures take longer than it grew.
async fn takes_no_longer_than_the_page_is_long(
    kind: &str,
    browser: &Browser,
    extension: &Extension<'_>,
    tab: i64,
) -> anyhow::Result<()> {
    let mut all = vec![extension.captures(tab).await?];
    for _ in 0..2 {
        browser.run(LENGTHEN, vec![]).await?;
        all.push(extension.captures(tab).await?);
    }
    println!("{kind}: captures: {all:?}");
    let [_, one, two] = all[..] else { anyhow::bail!("{all:?}") };
    ensure!(two.nodes > one.nodes + 9_000, "{all:?}");
    // Browsers round their clocks; a busy machine is given another third.
    ensure!(two.best < 3.0 * one.best.max(2.0), "{all:?}");
    Ok(())
}

/// Ten thousand nodes more, of which some are hidden and none is new.
const LENGTHEN: &str = "const row = '<tr class=\"r-1 kit\"><td><svg width=16 height=16><path d=\"M3 12h18\"/></svg><span>BTC/USDT</span></td>\
    <td title=\"2026-11-20 10:00:00\">2 hours ago</td><td><div class=c><b>Limit</b>, <a href=\"/x\">buy</a></div></td><td hidden>no</td>\
    <td>0.203</td><td><div style=\"height:0;overflow:hidden\"><p>no</p></div><button type=button>Cancel</button></td></tr>';\
    document.body.insertAdjacentHTML('beforeend', '<table><tbody>' + row.repeat(510) + '</tbody></table>');";

/// The middles of the rows with an address in them, from the top of the viewport.
const ROWS: &str = "return [...document.querySelectorAll('tr[role=row], tbody tr')].filter((row) => \
    row.getClientRects().length > 0 && row.getAttribute('aria-hidden') !== 'true' && !row.closest('[data-history]'))\
    .map((row) => { const box = row.getBoundingClientRect(); return { top: box.top, bottom: box.bottom, text: row.innerText }; });";

async fn the_overlay_follows_a_re_render_and_a_scroll(kind: Kind) -> anyhow::Result<()> {
    let binance = Binance::start(true).await?;
    let browser = Binance::browser(kind).await?;
    let extension = Extension::of(&browser).await?;
    extension.watch(&["binance"]).await?;
    let tab = binance.open(&browser, &extension, DEMO_USER).await?;
    let count = binance.exchange.sessions(DEMO_USER).len();
    wait_for_chips(&extension, tab, count).await?;
    let beside = async || {
        let rows = browser.run(ROWS, vec![]).await?;
        let rows = rows.as_array().cloned().unwrap_or_default();
        let overlay = extension.overlay(tab).await?;
        let strangers = overlay.chips.iter().filter(|chip| ["check", "act"].contains(&chip.tone.as_str()));
        for chip in strangers {
            // A chip stands beside its row, or straddles its upper edge.
            let near = rows.iter().any(|row| {
                let edge = |side: &str| row[side].as_f64().unwrap_or(f64::NAN);
                let foreign = row["text"].as_str().is_some_and(|it| it.contains("Nigeria") || it.contains("Vietnam"));
                foreign && chip.middle > edge("top") - 14.0 && chip.middle < edge("bottom") + 14.0
            });
            ensure!(near, "{chip:?} stands beside none of {rows:#?}");
        }
        Ok(Some(()))
    };
    eventually("the chips to stand beside their rows", 10, beside).await?;
    let rows = async || anyhow::Ok(browser.run(ROWS, vec![]).await?.as_array().map_or(0, Vec::len));
    let shown = rows().await?;
    // The session of a third stranger comes to be, and the page renders itself anew with it.
    binance.exchange.plant_foreign(DEMO_USER);
    let more = binance.exchange.sessions(DEMO_USER).len();
    ensure!(more > count, "nobody was planted");
    // Asked of the page itself, which does nothing while another tab is in front.
    eventually("the page to show them", 30, async || {
        let now = rows().await?;
        ensure!(now > shown, "{now} rows are shown, {shown} before");
        Ok(Some(()))
    })
    .await?;
    wait_for_chips(&extension, tab, more).await?;
    eventually("the chips to follow the re-render", 10, beside).await?;
    browser.driver.set_window_rect(0, 0, 1100, 420).await?;
    browser.run("window.scrollTo(0, 160)", vec![]).await?;
    eventually("the chips to follow the scroll", 10, beside).await?;
    browser.picture("scrolled").await?;
    browser.close().await
}

async fn a_killed_background_changes_nothing_that_a_person_sees(kind: Kind) -> anyhow::Result<()> {
    let binance = Binance::start(true).await?;
    let browser = Binance::browser(kind).await?;
    let extension = Extension::of(&browser).await?;
    extension.watch(&["binance"]).await?;
    extension.kill_background().await?;
    let tab = binance.open(&browser, &extension, DEMO_USER).await?;
    let before = extension.account(tab).await?;
    extension.kill_background().await?;
    let after = extension.account(tab).await?;
    ensure!(before.findings == after.findings && before.sessions.len() == after.sessions.len(), "{after:#?}");
    let stranger = after.sessions.iter().find(|row| row.verdict.is_finding()).context("a finding")?;
    extension.kill_background().await?;
    let answer = serde_json::json!({
        "to": "background",
        "screen": {"answer": {"tab": tab, "account": after.id, "row": stranger.id, "answer": "mine"}},
    });
    extension.call(&format!("chrome.runtime.sendMessage({answer})")).await?;
    extension.kill_background().await?;
    let cleared = extension.account(tab).await?;
    ensure!(cleared.findings < after.findings, "{} then {}", after.findings, cleared.findings);
    extension.kill_background().await?;
    browser.driver.refresh().await?;
    eventually("the reading of a fresh load", 15, async || {
        let again = extension.account(tab).await?;
        let row = again.sessions.iter().find(|row| row.id == stranger.id).context("the row that was answered")?;
        ensure!(!row.verdict.is_finding(), "{row:#?}");
        ensure!(again.sessions.iter().any(|row| row.verdict.is_finding()), "{again:#?}");
        Ok(Some(()))
    })
    .await?;
    browser.close().await
}
