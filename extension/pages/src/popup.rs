//! The popup: what the tab in front of the person is, and whose its sessions are.

mod account;
mod name;
mod plain;
mod reasons;
mod row;

use std::time::Duration;

use gloo_timers::future::sleep;
use latchkey::explain::Message;
use latchkey::protocol::{FromScreen, Privacy, Reply, Tab, TabId};
use latchkey::view::{AccountView, ExchangeView, PopupView, Screen};
use latchkey_browser::{ChangeListener, permissions, tabs, words};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::icon::Icon;
use crate::notices::notices;
use crate::{answer, computer};

/// How long a busy background may take to read a page before the popup asks again, in milliseconds.
const ASK_AGAIN: u64 = 600;

/// The popup's state, shared by its parts.
#[derive(Clone, Copy)]
pub struct Popup {
    tab: StoredValue<Tab>,
    /// What the background said last; `None` where it does not answer.
    view: RwSignal<Option<PopupView>>,
    /// What has just failed.
    trouble: RwSignal<Option<Message>>,
}

/// Which of the popup's layouts a view needs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Silent,
    Sessions,
    Plain,
}

impl Popup {
    /// Finds the tab and asks the background about it.
    pub async fn open() -> Self {
        let tab = this_tab().await;
        let view = ask_for(&tab).await;
        Self { tab: StoredValue::new(tab), view: RwSignal::new(view), trouble: RwSignal::new(None) }
    }

    /// Draws it.
    pub fn view(self) -> AnyView {
        let listener = ChangeListener::new(move |tab| {
            if tab == self.tab_id() {
                self.reload();
            }
        });
        let listener = StoredValue::new_local(listener);
        on_cleanup(move || listener.dispose());
        self.ask_until_read();
        let layout = Memo::new(move |_| {
            self.view.with(|view| match view {
                None => Layout::Silent,
                Some(PopupView { screen: Screen::Sessions(_), .. }) => Layout::Sessions,
                Some(_) => Layout::Plain,
            })
        });
        let told = Signal::derive(move || {
            self.view.with(|view| view.as_ref().map(|it| it.notices.clone()).unwrap_or_default())
        });
        // What presses stands above the sessions, what can wait below them: a question, too.
        let presses = Memo::new(move |_| {
            self.view.with(|view| {
                view.as_ref().is_some_and(|it| it.watch.computer.is_shared() || !it.watch.armed.is_empty())
            })
        });
        view! {
            {notices(told, move || self.send(FromScreen::DismissNotices))}
            <Show when=move || presses.get() && layout.get() != Layout::Silent>{self.watch_panel()}</Show>
            {move || match layout.get() {
                Layout::Silent => plain::silent(self),
                Layout::Sessions => account::account(self),
                Layout::Plain => view! { {move || self.screen().map(|screen| plain::plain(self, screen))} }.into_any(),
            }}
            <Show when=move || !presses.get() && layout.get() != Layout::Silent>{self.watch_panel()}</Show>
        }
        .into_any()
    }

    /// Whose computer this is, and what happens when the exchange is left.
    fn watch_panel(self) -> AnyView {
        let watch =
            Memo::new(move |_| self.view.with(|view| view.as_ref().map(|it| it.watch.clone())).unwrap_or_default());
        let say = move |said| self.send(said);
        let leaving = Memo::new(move |_| watch.with(|it| it.leaving.clone()));
        let asks = Memo::new(move |_| watch.with(|it| it.asks.clone()));
        let whose = Memo::new(move |_| watch.with(|it| it.computer));
        let armed = Memo::new(move |_| watch.with(|it| !it.armed.is_empty()));
        view! {
            <aside>
                <Show when=move || armed.get()>
                    <button class="armed" on:click=move |_| self.go("leave.html".to_owned())>
                        {Icon::Warning.draw()}
                        {words::text("leave_title")}
                    </button>
                </Show>
                {move || leaving.get().map(|it| computer::leaving(it, say))}
                {computer::computer(whose.into(), asks.into(), say)}
            </aside>
        }
        .into_any()
    }

    fn tab_id(self) -> TabId {
        self.tab.with_value(|tab| tab.id)
    }

    fn screen(self) -> Option<Screen> {
        self.view.with(|view| view.as_ref().map(|it| it.screen.clone()))
    }

    fn account(self) -> Option<AccountView> {
        match self.screen() {
            Some(Screen::Sessions(account)) => Some(*account),
            _ => None,
        }
    }

    /// Why nothing that is said here is kept.
    fn forgets(self) -> String {
        let shared = self.view.with(|view| view.as_ref().is_some_and(|it| it.watch.computer.is_shared()));
        words::text(if shared { "computer_forgets" } else { "popup_private" })
    }

    /// The host that the tab shows, where it is one of the exchange's; else the exchange's first.
    fn host(self, exchange: &ExchangeView) -> Option<String> {
        let url = self.tab.with_value(|tab| web_sys::Url::new(&tab.url).ok());
        url.filter(|url| exchange.hosts.contains(&url.hostname()))
            .map(|url| url.host())
            .or_else(|| exchange.hosts.first().cloned())
    }

    /// Says something to the background and shows what it answers.
    fn send(self, what: FromScreen) {
        spawn_local(async move {
            match answer::of_background(what).await {
                Some(Reply::Popup(view)) => {
                    self.trouble.set(None);
                    self.view.set(Some(view));
                }
                Some(Reply::Done) => {
                    self.trouble.set(None);
                    self.load().await;
                }
                _ => {
                    self.trouble.set(Some(Message::new("popup_not_done")));
                    self.load().await;
                }
            }
        });
    }

    /// Asks the background for the view again.
    fn reload(self) {
        spawn_local(self.load());
    }

    async fn load(self) {
        let tab = self.tab.get_value();
        let view = ask_for(&tab).await;
        if self.view.with_untracked(|before| *before != view) {
            self.view.set(view);
        }
    }

    /// A page that was opened a moment ago is read a moment later.
    fn ask_until_read(self) {
        spawn_local(async move {
            for _ in 0..10 {
                if !matches!(self.view.get_untracked(), Some(PopupView { screen: Screen::NotRead { .. }, .. })) {
                    return;
                }
                sleep(Duration::from_millis(ASK_AGAIN)).await;
                self.load().await;
            }
        });
    }

    /// Asks the browser for an exchange's hosts. To be called within the click: the browser demands it.
    fn watch(self, exchange: &ExchangeView) {
        let asked = permissions::request(&exchange.patterns);
        spawn_local(async move {
            match asked.await {
                Ok(true) => {
                    self.trouble.set(None);
                    for look in answer::looks() {
                        self.load().await;
                        if !matches!(
                            self.view.get_untracked(),
                            Some(PopupView { screen: Screen::NotWatched { .. }, .. })
                        ) {
                            break;
                        }
                        look.await;
                    }
                    self.ask_until_read();
                }
                _ => self.trouble.set(Some(Message::new("popup_not_granted"))),
            }
        });
    }

    /// Loads the tab's page anew, and asks until it has been read.
    fn reload_page(self) {
        spawn_local(async move {
            match tabs::reload(self.tab_id()).await {
                Ok(()) => self.ask_until_read(),
                Err(_) => self.trouble.set(Some(Message::new("popup_not_done"))),
            }
        });
    }

    /// Opens an address in a new tab, which stands before the popup.
    fn go(self, url: String) {
        spawn_local(async move {
            if tabs::open(&url).await.is_ok() {
                close();
            }
        });
    }
}

async fn ask_for(tab: &Tab) -> Option<PopupView> {
    match answer::of_background(FromScreen::Popup { tab: tab.clone() }).await {
        Some(Reply::Popup(view)) => Some(view),
        _ => None,
    }
}

/// The tab that the address of the popup names (`popup.html?tab=7`), else the one in front.
async fn this_tab() -> Tab {
    let tab = match named_tab() {
        Some(id) => tabs::get(id).await,
        None => tabs::active().await,
    };
    let nowhere =
        || Tab { id: named_tab().unwrap_or(-1), url: String::new(), privacy: Privacy::Ordinary, store: String::new() };
    tab.unwrap_or_else(|_| nowhere())
}

/// The tab that the address of a screen names.
pub fn named_tab() -> Option<TabId> {
    let search = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get("tab")?.parse().ok()
}

/// Closes the popup, so that what was opened or scrolled to is seen. A popup that stands in a tab stays.
fn close() {
    if named_tab().is_none() {
        drop(window().close());
    }
}
