//! The extension, as a person meets it: its pages, its badge, what it draws over a page.

use anyhow::Context as _;
use latchkey::protocol::Reply;
use latchkey::view::{AccountView, PopupView, Screen};
use serde::Deserialize;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::browser::Browser;
use crate::environment;
use crate::eventually;
use crate::launch::Context;
use crate::setup::Kind;

/// The extension in a browser, with a window of its own in which it can be asked things.
#[derive(Debug)]
pub struct Extension<'b> {
    browser: &'b Browser,
    /// An extension page to call `chrome.*` from, in a window of its own: in a tab beside the page it would hide that,
    /// and Latchkey rests while nobody sees a page. Of the kind in which browsers open no further tabs.
    desk: WindowHandle,
}

/// What is drawn over a page.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Overlay {
    /// The chips, in the order of the page.
    pub chips: Vec<DrawnChip>,
    /// The banner's words; empty where there is none.
    pub banner: String,
    /// The words of the watch's bar; empty where there is none.
    pub bar: String,
    /// The words of the countdown; empty where there is none.
    pub countdown: String,
    /// The words of the cover; empty where there is none.
    pub cover: String,
}

/// How long captures of a page took.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Captures {
    /// Of how many nodes.
    pub nodes: usize,
    /// The shortest, in milliseconds.
    pub best: f64,
    /// The one in the middle.
    pub middle: f64,
}

/// A chip beside a row.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct DrawnChip {
    /// Its words.
    pub text: String,
    /// Its tone ("good", "check", "act", "unknown").
    pub tone: String,
    /// Where its middle is, in the viewport's pixels from the top.
    pub middle: f64,
}

/// The toolbar's badge over a tab.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct ShownBadge {
    /// Its characters.
    pub text: String,
    /// Its title.
    pub title: String,
}

impl<'b> Extension<'b> {
    /// Opens a page of the extension in a window of its own.
    ///
    /// # Errors
    /// Where the extension is not there.
    pub async fn of(browser: &'b Browser) -> anyhow::Result<Self> {
        let driver = &browser.driver;
        let back = driver.window().await?;
        driver.switch_to_window(driver.new_tab().await?).await?;
        driver.goto(browser.extension_url("welcome.html")?).await?;
        let here = || async {
            let id = browser.run("return globalThis.chrome?.runtime?.id ?? null", vec![]).await?;
            Ok(id.as_str().map(str::to_owned))
        };
        eventually("the extension's page", 20, here).await?;
        let before = driver.windows().await?;
        let window = "chrome.windows.create({ url: location.href, type: 'popup', focused: false }).then(() => null)";
        browser.run_async(&call(window), vec![]).await?;
        let desk = eventually("the extension's window", 20, async || {
            Ok(driver.windows().await?.into_iter().find(|window| !before.contains(window)))
        })
        .await?;
        driver.close_window().await?;
        driver.switch_to_window(desk.clone()).await?;
        eventually("the extension's page in it", 20, here).await?;
        driver.switch_to_window(back).await?;
        Ok(Self { browser, desk })
    }

    /// The same after a new start. Chromium writes grants to the disk some seconds later: ended at once, it has forgotten
    /// the hosts.
    ///
    /// # Errors
    /// Where the welcome page does not take the choice.
    pub async fn watch_again(&self, exchanges: &[&str]) -> anyhow::Result<()> {
        let granted = self.call("chrome.permissions.getAll()").await?;
        if granted["origins"].as_array().is_none_or(Vec::is_empty) {
            self.watch(exchanges).await?;
        }
        Ok(())
    }

    /// Grants hosts as a person does: the chosen exchanges' boxes on the welcome page, then the button.
    ///
    /// # Errors
    /// Where the browser does not grant them.
    pub async fn watch(&self, exchanges: &[&str]) -> anyhow::Result<()> {
        if self.browser.setup.kind == Kind::Chromium {
            self.allow_grants(exchanges).await?;
        }
        self.at_desk(async || {
            let driver = &self.browser.driver;
            driver.goto(self.browser.extension_url("welcome.html")?).await?;
            for exchange in exchanges {
                let found = async || {
                    let selector = format!("input[type=checkbox][value='{exchange}']");
                    Ok(driver.find_all(By::Css(selector.as_str())).await?.into_iter().next())
                };
                let choice = eventually(&format!("the choice of {exchange}"), 20, found).await?;
                if !choice.is_selected().await? {
                    choice.scroll_into_view().await?;
                    choice.click().await?;
                }
            }
            let button = driver.find(By::Css("form button.primary")).await?;
            button.scroll_into_view().await?;
            button.click().await?;
            let granted = async || {
                let all = self.browser.run_async(&call("chrome.permissions.getAll()"), vec![]).await?;
                let origins = all["origins"].as_array().map_or(0, Vec::len);
                Ok((origins >= exchanges.len()).then_some(()))
            };
            eventually("the hosts to be granted", 20, granted).await
        })
        .await?;
        let registered = async || {
            let scripts = self.call("chrome.scripting.getRegisteredContentScripts()").await?;
            Ok(scripts.as_array().is_some_and(|scripts| !scripts.is_empty()).then_some(()))
        };
        eventually("the page scripts to be registered", 20, registered).await
    }

    /// Chromium's own question cannot be answered by a driver; it is not asked of what its settings page has allowed.
    async fn allow_grants(&self, exchanges: &[&str]) -> anyhow::Result<()> {
        let id = environment::text("LATCHKEY_CHROMIUM_ID")?;
        let back = self.browser.driver.window().await?;
        let tab = self.browser.driver.new_tab().await?;
        self.browser.driver.switch_to_window(tab).await?;
        self.browser.driver.goto("chrome://extensions").await?;
        for exchange in exchanges {
            let exchange = latchkey::exchange::by_id(exchange).with_context(|| format!("no exchange {exchange}"))?;
            for pattern in exchange.patterns() {
                let script = "const [id, pattern, done] = arguments; \
                    chrome.developerPrivate.addHostPermission(id, pattern).then(() => done(null), e => done(String(e)));";
                let refused = self.browser.run_async(script, vec![json!(id), json!(pattern)]).await?;
                anyhow::ensure!(refused.is_null(), "{pattern}: {refused}");
            }
        }
        self.browser.driver.close_window().await?;
        self.browser.driver.switch_to_window(back).await?;
        Ok(())
    }

    /// Takes hosts back.
    ///
    /// # Errors
    /// Where the browser refuses.
    pub async fn unwatch(&self, pattern: &str) -> anyhow::Result<()> {
        let removed = self.call(&format!("chrome.permissions.remove({{origins: [{pattern:?}]}})")).await?;
        anyhow::ensure!(removed == json!(true), "the host was not given back: {removed}");
        Ok(())
    }

    /// Calls one of the browser's extension functions from the extension's own page.
    ///
    /// # Errors
    /// Where it throws.
    pub async fn call(&self, expression: &str) -> anyhow::Result<Value> {
        self.at_desk(async || self.browser.run_async(&call(expression), vec![]).await).await
    }

    /// Does something in the extension's own window, and comes back.
    ///
    /// # Errors
    /// Those of what is done.
    pub async fn at_desk<T>(&self, work: impl AsyncFn() -> anyhow::Result<T>) -> anyhow::Result<T> {
        let back = self.browser.driver.window().await?;
        self.browser.driver.switch_to_window(self.desk.clone()).await?;
        let done = work().await;
        self.browser.driver.switch_to_window(back).await?;
        done
    }

    /// The number of the tab that shows an address beginning so.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn tab(&self, url: &str) -> anyhow::Result<i64> {
        let tabs = self.call("chrome.tabs.query({})").await?;
        let tabs = tabs.as_array().cloned().unwrap_or_default();
        tabs.iter()
            .find(|tab| tab["url"].as_str().is_some_and(|it| it.starts_with(url)))
            .and_then(|tab| tab["id"].as_i64())
            .with_context(|| format!("no tab at {url}: {tabs:?}"))
    }

    /// The driver's handle of the tab that shows an address beginning so.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn browser_page(&self, url: &str) -> anyhow::Result<WindowHandle> {
        let back = self.browser.driver.window().await?;
        let mut found = None;
        for window in self.browser.driver.windows().await? {
            self.browser.driver.switch_to_window(window.clone()).await?;
            if self.browser.driver.current_url().await?.as_str().starts_with(url) {
                found = Some(window);
            }
        }
        self.browser.driver.switch_to_window(back).await?;
        found.with_context(|| format!("no tab at {url}"))
    }

    /// What is drawn over a tab's page.
    ///
    /// # Errors
    /// Where the page's scripts cannot be asked.
    pub async fn overlay(&self, tab: i64) -> anyhow::Result<Overlay> {
        Ok(serde_json::from_value(self.beside_page(tab, OVERLAY).await?)?)
    }

    /// How long captures of a tab's page take in the extension's own world, which in Firefox is not as near to the page as
    /// the page's scripts are.
    ///
    /// # Errors
    /// Where the page's scripts cannot be asked.
    pub async fn captures(&self, tab: i64) -> anyhow::Result<Captures> {
        Ok(serde_json::from_value(self.beside_page(tab, CAPTURES).await?)?)
    }

    /// What a function returns that runs beside a tab's page, where the content scripts do.
    async fn beside_page(&self, tab: i64, function: &str) -> anyhow::Result<Value> {
        let script = format!(
            "chrome.scripting.executeScript({{target: {{tabId: {tab}}}, func: {function}}}).then(r => r[0].result)"
        );
        self.call(&script).await
    }

    /// The badge over a tab.
    ///
    /// # Errors
    /// Where the tab has gone.
    pub async fn badge(&self, tab: i64) -> anyhow::Result<ShownBadge> {
        let script = format!(
            "Promise.all([chrome.action.getBadgeText({{tabId: {tab}}}), chrome.action.getTitle({{tabId: {tab}}})])\
             .then(([text, title]) => ({{text, title}}))"
        );
        Ok(serde_json::from_value(self.call(&script).await?)?)
    }

    /// What the popup would show over a tab.
    ///
    /// # Errors
    /// Where the background does not answer.
    pub async fn view(&self, tab: i64) -> anyhow::Result<PopupView> {
        let script = format!(
            "chrome.tabs.get({tab}).then(it => chrome.runtime.sendMessage({{to: 'background', screen: {{popup: {{\
             tab: {{id: {tab}, url: it.url ?? ''}}}}}}}}))"
        );
        match serde_json::from_value(self.call(&script).await?)? {
            Reply::Popup(view) => Ok(view),
            other => anyhow::bail!("the background answered {other:?}"),
        }
    }

    /// The account in a tab, once its page has been read.
    ///
    /// # Errors
    /// Where it is not read within some seconds.
    pub async fn account(&self, tab: i64) -> anyhow::Result<AccountView> {
        let read = async || match self.view(tab).await?.screen {
            Screen::Sessions(account) => Ok(Some(*account)),
            other => anyhow::bail!("the popup shows {other:?}"),
        };
        eventually("the page to be read", 20, read).await
    }

    /// Opens the popup over a tab, as a page of its own, in front.
    ///
    /// # Errors
    /// Where it does not open.
    pub async fn open_popup(&self, tab: i64) -> anyhow::Result<WindowHandle> {
        let window = self.browser.driver.new_tab().await?;
        self.browser.driver.switch_to_window(window.clone()).await?;
        self.browser.driver.goto(self.browser.extension_url(&format!("popup.html?tab={tab}"))?).await?;
        let painted = async || {
            let text = self.browser.run("return document.querySelector('main')?.innerText ?? ''", vec![]).await?;
            Ok(text.as_str().is_some_and(|text| !text.trim().is_empty()).then_some(()))
        };
        eventually("the popup", 20, painted).await?;
        Ok(window)
    }

    /// Says something to the background as one of the extension's screens does.
    ///
    /// # Errors
    /// Where it does not answer.
    pub async fn say(&self, screen: Value) -> anyhow::Result<Value> {
        let message = json!({"to": "background", "screen": screen});
        self.call(&format!("chrome.runtime.sendMessage({message})")).await
    }

    /// Forgets all that was learned, with nothing open of which to learn it again.
    ///
    /// # Errors
    /// Where the background refuses.
    pub async fn forget_all(&self) -> anyhow::Result<()> {
        self.browser.driver.goto("about:blank").await?;
        // Until the background has heard that the page is gone, it judges and learns it anew.
        eventually("all to be forgotten", 10, async || {
            self.say(json!({"told": {"about": "forget"}})).await?;
            let left = self.say(json!("settings")).await?["settings"]["accounts"].clone();
            Ok((left == json!([])).then_some(()))
        })
        .await
    }

    /// Lets the person leave the chair, or come back. Firefox: the browser's own idle service is told how long ago
    /// somebody last typed, and all that follows is real. Chromium, which is never idle without a display: the event
    /// of its idle API is fired in the background, and all that follows is real.
    ///
    /// # Errors
    /// Where the browser cannot be told.
    pub async fn sits(&self, presence: &str) -> anyhow::Result<()> {
        match self.browser.setup.kind {
            Kind::Chromium => {
                self.call("chrome.storage.session.get()").await?;
                let tools = self.browser.driver.cdp();
                let worker = async || {
                    self.say(json!("leave")).await?;
                    let targets = tools.send_raw("Target.getTargets", json!({})).await?;
                    let targets = targets["targetInfos"].as_array().cloned().unwrap_or_default();
                    let worker = targets.iter().find(|it| it["type"] == "service_worker").cloned();
                    Ok(worker.and_then(|it| it["targetId"].as_str().map(str::to_owned)))
                };
                let target = eventually("the service worker", 10, worker).await?;
                let attached =
                    tools.send_raw("Target.attachToTarget", json!({"targetId": target, "flatten": false})).await?;
                let expression = format!("chrome.idle.onStateChanged.dispatch({presence:?})");
                let message = json!({"id": 1, "method": "Runtime.evaluate", "params": {"expression": expression}});
                tools
                    .send_raw(
                        "Target.sendMessageToTarget",
                        json!({"sessionId": attached["sessionId"], "message": message.to_string()}),
                    )
                    .await?;
            }
            Kind::Firefox => {
                let handle = self.browser.driver.handle();
                handle.cmd(Context("chrome")).await?;
                let script = "Cc['@mozilla.org/widget/useridleservice;1'].getService(Ci.nsIUserIdleServiceInternal)\
                    .resetIdleTimeOut(arguments[0]);";
                let ago = if presence == "active" { 0 } else { 1_000_000 };
                let told = self.browser.run(script, vec![json!(ago)]).await;
                handle.cmd(Context("content")).await?;
                told?;
            }
        }
        Ok(())
    }

    /// Presses Latchkey's button in the toolbar, over the tab in front: that opens the tab to it. Firefox only; no
    /// driver of Chromium can press there.
    ///
    /// # Errors
    /// Where there is no such button.
    pub async fn press_toolbar_button(&self) -> anyhow::Result<()> {
        let handle = self.browser.driver.handle();
        handle.cmd(Context("chrome")).await?;
        let script = "const { ExtensionParent } = ChromeUtils.importESModule('resource://gre/modules/ExtensionParent.sys.mjs'); \
            const { extension } = WebExtensionPolicy.getByID(arguments[0]); \
            const done = arguments[arguments.length - 1]; \
            const action = ExtensionParent.apiManager.global.browserActionFor(extension); \
            Promise.resolve(action.triggerAction(Services.wm.getMostRecentWindow('navigator:browser')))\
                .then(() => done(null), (error) => done(String(error)));";
        let pressed = self.browser.run_async(script, vec![json!(environment::text("LATCHKEY_FIREFOX_ID")?)]).await;
        handle.cmd(Context("content")).await?;
        let pressed = pressed?;
        anyhow::ensure!(pressed.is_null(), "the button was not pressed: {pressed}");
        Ok(())
    }

    /// Ends the background as the browser does when it is idle, or harder.
    ///
    /// # Errors
    /// Where it cannot be ended.
    pub async fn kill_background(&self) -> anyhow::Result<()> {
        match self.browser.setup.kind {
            Kind::Chromium => {
                let tools = self.browser.driver.cdp();
                tools.send_raw("ServiceWorker.enable", json!({})).await?;
                tools.send_raw("ServiceWorker.stopAllWorkers", json!({})).await?;
            }
            Kind::Firefox => {
                let handle = self.browser.driver.handle();
                handle.cmd(Context("chrome")).await?;
                let script = "const policy = WebExtensionPolicy.getByID(arguments[0]); \
                    const done = arguments[arguments.length - 1]; \
                    policy.extension.terminateBackground().then(() => done(null), e => done(String(e)));";
                let ended =
                    self.browser.run_async(script, vec![json!(environment::text("LATCHKEY_FIREFOX_ID")?)]).await;
                handle.cmd(Context("content")).await?;
                anyhow::ensure!(ended?.is_null(), "Firefox did not end the background");
            }
        }
        Ok(())
    }
}

/// A script that answers with what a promise gives.
fn call(expression: &str) -> String {
    format!(
        "const done = arguments[arguments.length - 1]; \
         Promise.resolve().then(() => {expression}).then(it => done(it ?? null), e => done({{error: String(e)}}));"
    )
}

/// Takes captures, and says how long they took.
const CAPTURES: &str = "() => {
    const taken = () => { const from = performance.now(); const it = latchkey.capture(document); return [performance.now() - from, it.elements.length]; };
    const all = Array.from({ length: 40 }, taken);
    const times = all.map(([time]) => time).sort((a, b) => a - b);
    return { nodes: all[0][1], best: times[0], middle: times[times.length / 2] };
}";

/// Looks into the overlay's closed root, as only an extension can.
const OVERLAY: &str = "function () {
    const open = (element) => element.openOrClosedShadowRoot ?? globalThis.chrome?.dom?.openOrClosedShadowRoot?.(element) ?? null;
    const roots = [...document.documentElement.children]
        .filter((element) => element !== document.body && element !== document.head)
        .map(open).filter(Boolean);
    const seen = (element) => element.checkVisibility?.() !== false && element.getClientRects().length > 0;
    const chips = roots.flatMap((root) => [...root.querySelectorAll('[data-tone].chip')]).filter(seen).map((chip) => {
        const box = chip.getBoundingClientRect();
        return { text: chip.innerText.trim(), tone: chip.dataset.tone, middle: (box.top + box.bottom) / 2 };
    });
    chips.sort((a, b) => a.middle - b.middle);
    const words = (selector) => roots.map((root) => root.querySelector(selector)).filter(Boolean).filter(seen).map((it) => it.innerText).join(' ');
    return { chips, banner: words('.banner'), bar: words('.bar'), countdown: words('.count'), cover: words('dialog.cover:modal') };
}";
