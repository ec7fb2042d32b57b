//! A page that the reader cannot read is taught: by the pointer, by the keyboard alone, and on a site that is none of
//! the exchanges. What was taught outlives the browser, and a page that changes is never shown as safe.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use latchkey::view::Screen;
use latchkey_e2e::saved::SavedPages;
use latchkey_e2e::{Browser, Extension, Kind, Person, Setup, axe, both, eventually};
use latchkey_exchange::{DEMO_USER, Exchange, Language, Options, Skin};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

both!(a_page_is_taught_with_the_pointer, a_page_is_taught_with_the_keyboard_alone);

/// In a language that the reader does not know, and in a shape of its own.
const PAGE: &str = include_str!("../../../../src/reading/lesson/page.html");
/// What the page does when its own things are pressed, which must not happen while it is taught.
const TELLTALE: &str = "<script>for (const type of ['pointerdown', 'mousedown', 'click', 'keydown', 'focusin'])
    window.addEventListener(type, (event) => { document.title += '!' + type; }, true);</script>";

/// Where what lies in the closed root is shown to axe, which cannot look inside.
const BLANK: &str = "<!doctype html><html lang=en><title>Panel</title><main></main>";

/// The pages of a folder of this test's own.
struct Pages {
    folder: PathBuf,
    served: SavedPages,
}

impl Pages {
    async fn serve(name: &str, kind: Kind) -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("latchkey-{name}-{}-{}", kind.name(), std::process::id()));
        std::fs::create_dir_all(&folder)?;
        write(&folder, PAGE)?;
        std::fs::write(folder.join("blank.html"), BLANK)?;
        Ok(Self { served: SavedPages::serve(&folder).await?, folder })
    }

    fn url(&self) -> String {
        self.served.url("seadmed")
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn write(folder: &Path, html: &str) -> anyhow::Result<()> {
    Ok(std::fs::write(folder.join("seadmed.html"), html.replace("</body>", &format!("{TELLTALE}</body>")))?)
}

/// Looks into the closed root of what lies over the page while it is taught, as only an extension can: the words of
/// the panel, and where its buttons are.
const PANEL: &str = "function () {
    const open = (element) => element.openOrClosedShadowRoot ?? globalThis.chrome?.dom?.openOrClosedShadowRoot?.(element) ?? null;
    const root = [...document.documentElement.children].map(open).find((root) => root?.querySelector('.panel'));
    if (!root) return null;
    const buttons = [...root.querySelectorAll('button')].map((button) => {
        const box = button.getBoundingClientRect();
        return { words: button.innerText, x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2), focused: root.activeElement === button };
    });
    return { words: root.querySelector('.panel').innerText, at: root.querySelector('.at')?.innerText ?? '', buttons, rows: root.querySelectorAll('tbody tr').length };
}";

/// What lies in that root, as markup.
const MARKUP: &str = "function () {
    const open = (element) => element.openOrClosedShadowRoot ?? globalThis.chrome?.dom?.openOrClosedShadowRoot?.(element) ?? null;
    return [...document.documentElement.children].map(open).find((root) => root?.querySelector('.panel')).innerHTML;
}";

/// A person who teaches the page in front of them.
struct Teacher<'b> {
    browser: &'b Browser,
    extension: &'b Extension<'b>,
    tab: i64,
}

impl Teacher<'_> {
    /// Asks for it in the popup.
    async fn begin(&self) -> anyhow::Result<()> {
        let page = self.browser.driver.window().await?;
        self.extension.open_popup(self.tab).await?;
        let button = eventually("the popup's button", 10, async || {
            let found = self.browser.driver.find_all(By::XPath("//button[starts-with(., 'Teach')]")).await?;
            Ok(found.into_iter().next())
        })
        .await?;
        button.scroll_into_view().await?;
        self.browser.picture("teach-popup").await?;
        button.click().await?;
        self.panel("one whole row").await?;
        self.browser.driver.close_window().await?;
        self.browser.driver.switch_to_window(page).await?;
        Ok(())
    }

    /// The panel, once it says something.
    async fn panel(&self, words: &str) -> anyhow::Result<Value> {
        let script = format!(
            "chrome.scripting.executeScript({{target: {{tabId: {}}}, func: {PANEL}}}).then(r => r[0].result)",
            self.tab
        );
        eventually(&format!("the panel to say {words:?}"), 10, async || {
            let panel = self.extension.call(&script).await?;
            let says = panel["words"].as_str().unwrap_or_default().contains(words);
            ensure!(says || panel.is_null(), "{panel}");
            Ok(says.then_some(panel))
        })
        .await
    }

    async fn is_over(&self) -> anyhow::Result<()> {
        let script = format!(
            "chrome.scripting.executeScript({{target: {{tabId: {}}}, func: {PANEL}}}).then(r => r[0].result)",
            self.tab
        );
        eventually("the panel to go", 10, async || Ok(self.extension.call(&script).await?.is_null().then_some(())))
            .await
    }

    /// Presses where something of the page is seen.
    async fn point(&self, selector: &str) -> anyhow::Result<()> {
        let script = "const box = document.querySelector(arguments[0]).getBoundingClientRect(); \
            return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];";
        let place = self.browser.run(script, vec![json!(selector)]).await?;
        self.press_at(&place[0], &place[1]).await
    }

    /// Presses a button of the panel.
    async fn press(&self, panel: &Value, words: &str) -> anyhow::Result<()> {
        let buttons = panel["buttons"].as_array().cloned().unwrap_or_default();
        let named = |button: &&Value| button["words"].as_str().is_some_and(|it| it.starts_with(words));
        let button = buttons.iter().find(named).with_context(|| format!("no button {words}: {panel}"))?;
        self.press_at(&button["x"], &button["y"]).await
    }

    async fn press_at(&self, x: &Value, y: &Value) -> anyhow::Result<()> {
        let at = |value: &Value| value.as_i64().context("a place");
        let actions = self.browser.driver.action_chain();
        actions.move_to(at(x)?, at(y)?).click().perform().await?;
        Ok(())
    }

    async fn keys(&self, keys: &[Key]) -> anyhow::Result<()> {
        for key in keys {
            self.browser.driver.action_chain().send_keys(key.clone()).perform().await?;
        }
        Ok(())
    }

    /// What the keyboard has led to.
    async fn stands_at(&self, words: &str) -> anyhow::Result<()> {
        let panel = self.panel(words).await?;
        ensure!(panel["at"].as_str().is_some_and(|at| at.contains(words)), "{panel}");
        Ok(())
    }

    /// What the panel shows now is for everybody.
    async fn is_accessible(&self, pages: &Pages, name: &str) -> anyhow::Result<()> {
        let script = format!(
            "chrome.scripting.executeScript({{target: {{tabId: {}}}, func: {MARKUP}}}).then(r => r[0].result)",
            self.tab
        );
        let markup = self.extension.call(&script).await?;
        let driver = &self.browser.driver;
        let back = driver.window().await?;
        driver.switch_to_window(driver.new_tab().await?).await?;
        driver.goto(pages.served.url("blank")).await?;
        let shown = "document.querySelector('main').innerHTML = arguments[0];";
        self.browser.run(shown, vec![markup]).await?;
        let held = axe::holds(self.browser, name, axe::WCAG).await;
        driver.close_window().await?;
        driver.switch_to_window(back).await?;
        held
    }

    /// The page noticed nothing but that an element was added.
    async fn is_unnoticed(&self) -> anyhow::Result<()> {
        let title = self.browser.driver.title().await?;
        ensure!(title == "Rahakott", "the page saw {title}");
        Ok(())
    }
}

async fn unreadable(extension: &Extension<'_>, tab: i64) -> anyhow::Result<Vec<String>> {
    eventually("the page to be called unreadable", 15, async || match extension.view(tab).await?.screen {
        Screen::Unreadable { problems, .. } => Ok(Some(problems.into_iter().map(|it| it.key.into_owned()).collect())),
        other => anyhow::bail!("{other:?}"),
    })
    .await
}

async fn a_page_is_taught_with_the_pointer(kind: Kind) -> anyhow::Result<()> {
    let pages = Pages::serve("pointer", kind).await?;
    let browser = Browser::start(Setup::new(kind)).await?;
    let extension = Extension::of(&browser).await?;
    extension.watch(&["demo"]).await?;
    browser.driver.goto(pages.url()).await?;
    let tab = extension.tab(&pages.url()).await?;
    let unread = eventually("the page to be looked at", 15, async || match extension.view(tab).await?.screen {
        Screen::NotRead { .. } => Ok(None),
        other => Ok(Some(other)),
    })
    .await?;
    ensure!(!matches!(unread, Screen::Sessions(_)), "the reader needs no lesson here: {unread:?}");

    let teacher = Teacher { browser: &browser, extension: &extension, tab };
    teacher.begin().await?;
    browser.picture("teach-row").await?;
    teacher.is_accessible(&pages, "the panel").await?;
    teacher.point("figure:nth-of-type(2) p").await?;
    teacher.panel("choose the address").await?;
    // What holds no address is not taken for one.
    teacher.point("figure:nth-of-type(2) em").await?;
    teacher.panel("No address can be read there").await?;
    browser.picture("teach-refused").await?;
    teacher.point("figure:nth-of-type(2) code").await?;
    teacher.panel("name of the device").await?;
    teacher.point("figure:nth-of-type(2) b").await?;
    teacher.panel("choose the time").await?;
    teacher.point("figure:nth-of-type(2) i").await?;
    let panel = teacher.panel("choose the place").await?;
    teacher.press(&panel, "Skip").await?;
    teacher.panel("logs this device out").await?;
    teacher.point("figure:nth-of-type(2) button").await?;
    let panel = teacher.panel("Is it right?").await?;
    ensure!(panel["rows"] == json!(4), "{panel}");
    for words in ["203.0.113.7", "iPhone 15 Pro", "2001:db8::7", "Katkesta"] {
        ensure!(panel["words"].as_str().is_some_and(|it| it.contains(words)), "no {words} in {panel}");
    }
    browser.picture("teach-confirm").await?;
    teacher.is_accessible(&pages, "the confirmation").await?;
    teacher.is_unnoticed().await?;
    teacher.press(&panel, "Yes").await?;
    teacher.is_over().await?;
    let account = extension.account(tab).await?;
    ensure!(account.sessions.len() == 4, "{account:?}");
    eventually("the chips", 15, async || Ok((extension.overlay(tab).await?.chips.len() == 4).then_some(()))).await?;
    browser.picture("teach-taught").await?;

    let browser = browser.restart().await?;
    let extension = Extension::of(&browser).await?;
    browser.driver.goto(pages.url()).await?;
    let tab = extension.tab(&pages.url()).await?;
    let account = extension.account(tab).await?;
    ensure!(account.sessions.len() == 4, "after a restart: {account:?}");

    // The exchange changes its page.
    write(&pages.folder, &PAGE.replace("figure", "article"))?;
    browser.driver.refresh().await?;
    let problems = unreadable(&extension, tab).await?;
    ensure!(problems == ["problem_lesson_out_of_date"], "{problems:?}");
    let badge = extension.badge(tab).await?;
    ensure!(badge.text == "?", "{badge:?}");
    let overlay = extension.overlay(tab).await?;
    ensure!(overlay.chips.is_empty(), "{overlay:?}");
    extension.open_popup(tab).await?;
    browser.picture("teach-out-of-date").await?;
    browser.close().await
}

async fn a_page_is_taught_with_the_keyboard_alone(kind: Kind) -> anyhow::Result<()> {
    let pages = Pages::serve("keyboard", kind).await?;
    let browser = Browser::start(Setup::new(kind)).await?;
    let extension = Extension::of(&browser).await?;
    extension.watch(&["demo"]).await?;
    browser.driver.goto(pages.url()).await?;
    let tab = extension.tab(&pages.url()).await?;
    let teacher = Teacher { browser: &browser, extension: &extension, tab };
    teacher.begin().await?;
    // Escape ends it, and it can be asked for again.
    teacher.keys(&[Key::Escape]).await?;
    teacher.is_over().await?;
    teacher.begin().await?;
    // The rows themselves are where the keys begin.
    teacher.stands_at("Chrome 143").await?;
    teacher.keys(&[Key::Right]).await?;
    teacher.stands_at("Firefox 145").await?;
    teacher.keys(&[Key::Enter]).await?;
    teacher.panel("choose the address").await?;
    teacher.keys(&[Key::Right, Key::Down]).await?;
    teacher.stands_at("198.51.100.23").await?;
    teacher.keys(&[Key::Enter]).await?;
    teacher.panel("name of the device").await?;
    teacher.keys(&[Key::Down]).await?;
    teacher.stands_at("Firefox 145").await?;
    teacher.keys(&[Key::Enter]).await?;
    teacher.panel("choose the time").await?;
    teacher.keys(&[Key::Right, Key::Down, Key::Right]).await?;
    teacher.stands_at("2026-11-19").await?;
    teacher.keys(&[Key::Enter]).await?;
    teacher.panel("choose the place").await?;
    teacher.keys(&[Key::Down, Key::Right]).await?;
    teacher.stands_at("Latvija").await?;
    teacher.keys(&[Key::Enter]).await?;
    teacher.panel("logs this device out").await?;
    // Out of the row the keys do not lead.
    teacher.keys(&[Key::Up, Key::Up, Key::Up, Key::Down]).await?;
    teacher.keys(&[Key::Right, Key::Right]).await?;
    teacher.stands_at("Katkesta").await?;
    teacher.keys(&[Key::Enter]).await?;
    let panel = teacher.panel("Is it right?").await?;
    ensure!(panel["rows"] == json!(4), "{panel}");
    teacher.keys(&[Key::Enter]).await?;
    teacher.is_over().await?;
    teacher.is_unnoticed().await?;
    let account = extension.account(tab).await?;
    ensure!(account.sessions.len() == 4, "{account:?}");
    ensure!(account.sessions.iter().any(|row| row.place.as_deref() == Some("Lagos, NG")), "{account:?}");

    // What was taught is forgotten on demand.
    extension.open_popup(tab).await?;
    let found = browser.driver.find(By::XPath("//a[@download='latchkey-lessons.json']")).await?;
    ensure!(found.attr("href").await?.is_some_and(|href| href.starts_with("blob:")), "no file to save");
    browser.driver.find(By::XPath("//button[starts-with(., 'Forget')]")).await?.click().await?;
    eventually("it to be forgotten", 15, async || {
        let view = extension.view(tab).await?;
        Ok((!view.teach.taught && !matches!(view.screen, Screen::Sessions(_))).then_some(()))
    })
    .await?;
    browser.close().await
}

/// Chromium's driver cannot press the toolbar's button, which alone opens such a tab to the extension.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_that_is_no_exchange_is_taught_in_firefox() -> anyhow::Result<()> {
    const HOST: &str = "wallet.example";
    const ROW: &str = "main > div:last-of-type > div";
    let options = Options { tls: true, hosts: vec![(HOST.to_owned(), Skin::Kucoin)], ..Options::skin(Skin::Kucoin) };
    let exchange = Exchange::start(options).await?;
    let origin = format!("https://{HOST}:{}", exchange.port());
    let browser = Browser::start(Setup::new(Kind::Firefox).hosts(vec![HOST.to_owned()])).await?;
    let extension = Extension::of(&browser).await?;
    let person = Person::at(&browser, &origin);
    let paths = Skin::Kucoin.paths(Language::English);
    person.sign_in(&paths.login, DEMO_USER).await?;
    person.go(&paths.devices).await?;
    person.find(ROW).await?;
    extension.press_toolbar_button().await?;
    let tab =
        eventually("the tab to be open to the extension", 10, async || Ok(extension.tab(&origin).await.ok())).await?;
    let view = extension.view(tab).await?;
    ensure!(matches!(view.screen, Screen::Elsewhere { .. }) && view.teach.can, "{view:?}");

    let teacher = Teacher { browser: &browser, extension: &extension, tab };
    teacher.begin().await?;
    teacher.point(&format!("{ROW} > div:last-child")).await?;
    for (words, part) in [
        ("choose the address", "div:last-child > span:nth-of-type(1)"),
        ("name of the device", "div:first-child > div span"),
        ("choose the time", "div:last-child > span:nth-of-type(3)"),
        ("choose the place", "div:last-child > span:nth-of-type(2)"),
    ] {
        teacher.panel(words).await?;
        teacher.point(&format!("{ROW} > {part}")).await?;
    }
    teacher.panel("logs this device out").await?;
    teacher.point(&format!("{ROW} > div:first-child > button")).await?;
    let panel = teacher.panel("Is it right?").await?;
    teacher.press(&panel, "Yes").await?;
    teacher.is_over().await?;
    let account = extension.account(tab).await?;
    ensure!(account.exchange.name == HOST, "{account:?}");
    ensure!(account.sessions.len() == exchange.sessions(DEMO_USER).len(), "{account:?}");
    browser.picture("teach-site").await?;

    // A fresh load closes the tab to the extension, until the button is pressed again (which may first close the popup).
    browser.driver.refresh().await?;
    person.find(ROW).await?;
    let account = eventually("the page to be read again", 20, async || {
        extension.press_toolbar_button().await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        match extension.view(tab).await?.screen {
            Screen::Sessions(account) => Ok(Some(account)),
            other => anyhow::bail!("{other:?}"),
        }
    })
    .await?;
    ensure!(account.sessions.len() == exchange.sessions(DEMO_USER).len(), "{account:?}");
    browser.close().await
}
