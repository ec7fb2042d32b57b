//! The welcome page: what Latchkey does, and which exchanges it may watch.

use std::collections::BTreeSet;

use gloo::events::EventListener;
use latchkey::explain::{Arg, Message};
use latchkey::protocol::{FromScreen, Reply};
use latchkey::view::{ExchangeView, WelcomeView};
use latchkey_browser::{permissions, words};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::answer;
use crate::icon::Icon;
use crate::notices::notices;
use crate::quote::code;

/// The exchange that comes with Latchkey.
const DEMO: &str = "demo";

/// The welcome page's state.
#[derive(Clone, Copy)]
pub struct Welcome {
    /// What the background said last; `None` where it does not answer.
    view: RwSignal<Option<WelcomeView>>,
    /// The ids of the exchanges whose boxes are ticked.
    chosen: RwSignal<BTreeSet<String>>,
    outcome: RwSignal<Outcome>,
}

/// What came of the last click.
#[derive(Clone, PartialEq)]
enum Outcome {
    Nothing,
    NothingChosen,
    Granted,
    Refused,
    Stopped,
}

impl Welcome {
    /// Asks the background.
    pub async fn open() -> Self {
        Self {
            view: RwSignal::new(ask().await),
            chosen: RwSignal::new(BTreeSet::new()),
            outcome: RwSignal::new(Outcome::Nothing),
        }
    }

    /// Draws it.
    pub fn view(self) -> AnyView {
        let told = Signal::derive(move || {
            self.view.with(|view| view.as_ref().map(|it| it.notices.clone()).unwrap_or_default())
        });
        // Hosts can be granted and withdrawn in the browser's own settings meanwhile.
        let focus = EventListener::new(&window(), "focus", move |_| spawn_local(self.load()));
        let focus = StoredValue::new_local(focus);
        on_cleanup(move || focus.dispose());
        let answered = Memo::new(move |_| self.view.with(Option::is_some));
        view! {
            <header class="intro">
                <p class="brand"><span class="mark">{Icon::Key.draw()}</span>{words::text("extension_name")}</p>
                <h1>{words::text("welcome_title")}</h1>
                <ol class="what">
                    <li>{Icon::Sheet.draw()}<span>{words::text("welcome_what_reads")}</span></li>
                    <li>{Icon::Eye.draw()}<span>{words::text("welcome_what_marks")}</span></li>
                    <li>{Icon::Key.draw()}<span>{words::text("welcome_what_leaves")}</span></li>
                </ol>
                <p class="privacy">{Icon::Lock.draw()}<span>{words::text("welcome_privacy")}</span></p>
            </header>
            <main class="choice">
                {notices(told, move || spawn_local(async move {
                    answer::of_background(FromScreen::DismissNotices).await;
                    self.load().await;
                }))}
                {move || if answered.get() { self.choice() } else { self.silent() }}
            </main>
            <footer class="foot">
                <p class="small">{words::text("welcome_affiliation")}</p>
                <p class="small"><a href="about.html">{words::text("about_title")}</a></p>
            </footer>
        }
        .into_any()
    }

    fn choice(self) -> AnyView {
        let exchanges = Memo::new(move |before: Option<&Vec<ExchangeView>>| {
            let mut exchanges = self
                .view
                .with(|view| view.as_ref().map(|it| it.exchanges.clone()))
                .unwrap_or_else(|| before.cloned().unwrap_or_default());
            exchanges.sort_by_cached_key(|it| it.name.to_lowercase());
            exchanges
        });
        let list = move |demo: bool| {
            let ids = move || -> Vec<String> {
                exchanges.with(|all| all.iter().map(|it| it.id.clone()).filter(|id| (id == DEMO) == demo).collect())
            };
            let child = move |id: String| {
                let exchange = Memo::new(move |_| exchanges.with(|all| all.iter().find(|it| it.id == id).cloned()));
                self.exchange(exchange)
            };
            view! { <ul class="exchanges"><For each=ids key=Clone::clone children=child /></ul> }
        };
        view! {
            <form on:submit=move |submit| {
                submit.prevent_default();
                self.watch();
            }>
                <section aria-labelledby="choose">
                    <h2 id="choose">{words::text("welcome_choose")}</h2>
                    <p class="hint">{words::text("welcome_choose_hint")}</p>
                    {list(false)}
                </section>
                <section class="try" aria-labelledby="try">
                    <h2 id="try">{words::text("welcome_try")}</h2>
                    <p class="hint">{words::text("welcome_try_hint")}</p>
                    {list(true)}
                </section>
                <div class="bar">
                    {self.said()}
                    <button class="primary large" type="submit">
                        {move || match self.chosen.with(BTreeSet::len) {
                            0 => words::text("welcome_watch"),
                            count => words::render(&Message::new("welcome_watch_chosen").with(Arg::Count(count as u64))),
                        }}
                    </button>
                </div>
            </form>
        }
        .into_any()
    }

    /// What came of the last click, said aloud too.
    fn said(self) -> AnyView {
        let line = |tone: &'static str, icon: Icon, key: &str| {
            view! { <p class=format!("said {tone}")>{icon.draw()}<span>{words::text(key)}</span></p> }.into_any()
        };
        let said = move || match self.outcome.get() {
            Outcome::Nothing => ().into_any(),
            Outcome::NothingChosen => line("tone-unknown", Icon::Question, "welcome_nothing_chosen"),
            Outcome::Refused => line("tone-unknown", Icon::Question, "welcome_refused"),
            Outcome::Stopped => line("tone-unknown", Icon::Tick, "welcome_stopped"),
            Outcome::Granted => next_steps(),
        };
        view! { <div role="status" id="outcome" class="outcome">{said}</div> }.into_any()
    }

    fn silent(self) -> AnyView {
        view! {
            <div class="state">
                <span class="state-icon tone-unknown">{Icon::Unplugged.draw()}</span>
                <div role="status"><h2>{words::text("popup_silent")}</h2></div>
                <p>{words::text("popup_silent_hint")}</p>
                <button class="primary" on:click=move |_| spawn_local(self.load())>
                    {words::text("popup_try_again")}
                </button>
            </div>
        }
        .into_any()
    }

    fn exchange(self, exchange: Memo<Option<ExchangeView>>) -> AnyView {
        let Some(ExchangeView { id, name, hosts, .. }) = exchange.get_untracked() else { return ().into_any() };
        let watched = Memo::new(move |_| exchange.with(|it| it.as_ref().is_some_and(|it| it.watched)));
        let name = StoredValue::new(name);
        let hosts = StoredValue::new(hosts);
        let names = move || {
            let hosts = hosts.with_value(|hosts| hosts.iter().map(|host| code(host)).collect_view());
            view! {
                <span class="names">
                    <strong><bdi>{name.get_value()}</bdi></strong>
                    <span class="hosts">{hosts}</span>
                </span>
            }
        };
        let box_id = StoredValue::new(id.clone());
        let chosen = move || box_id.with_value(|id| self.chosen.with(|chosen| chosen.contains(id)));
        view! {
            <li class:watched=move || watched.get()>
                {move || if watched.get() {
                    let stop = words::render(&Message::new("welcome_stop_watching").with_text(name.get_value()));
                    view! {
                        <div class="exchange">
                            <span class="tick tone-good">{Icon::Tick.draw()}</span>
                            {names()}
                            <span class="watching">
                                <span class="label">{words::text("welcome_watched")}</span>
                                <button class="quiet" type="button" aria-label=stop on:click=move |_| self.stop(exchange)>
                                    {words::text("welcome_stop")}
                                </button>
                            </span>
                        </div>
                    }.into_any()
                } else {
                    view! {
                        <label class="exchange">
                            <input
                                type="checkbox"
                                name="exchange"
                                value=box_id.get_value()
                                prop:checked=chosen
                                on:change=move |change| {
                                    let ticked = event_target_checked(&change);
                                    self.choose(box_id.get_value(), ticked);
                                }
                            />
                            {names()}
                        </label>
                    }.into_any()
                }}
            </li>
        }
        .into_any()
    }

    fn choose(self, id: String, ticked: bool) {
        self.outcome.set(Outcome::Nothing);
        self.chosen.update(|chosen| {
            if ticked {
                chosen.insert(id);
            } else {
                chosen.remove(&id);
            }
        });
    }

    /// Asks the browser for the hosts of the exchanges that are ticked, within the click.
    fn watch(self) {
        let chosen = self.chosen.get_untracked();
        let patterns = self.patterns_of(&chosen);
        if patterns.is_empty() {
            self.outcome.set(Outcome::NothingChosen);
            return;
        }
        let asked = permissions::request(&patterns);
        spawn_local(async move {
            if !matches!(asked.await, Ok(true)) {
                self.outcome.set(Outcome::Refused);
                return;
            }
            self.load_until(move |exchange| exchange.watched || !chosen.contains(&exchange.id)).await;
            self.chosen.set(BTreeSet::new());
            self.outcome.set(Outcome::Granted);
            request_animation_frame(show_outcome);
        });
    }

    fn stop(self, exchange: Memo<Option<ExchangeView>>) {
        let Some(ExchangeView { id, patterns, .. }) = exchange.get_untracked() else { return };
        spawn_local(async move {
            if matches!(permissions::remove(&patterns).await, Ok(true)) {
                self.load_until(move |exchange| !exchange.watched || exchange.id != id).await;
                self.outcome.set(Outcome::Stopped);
            } else {
                // What an administrator requires cannot be given back.
                self.outcome.set(Outcome::Refused);
            }
        });
    }

    fn patterns_of(self, ids: &BTreeSet<String>) -> Vec<String> {
        self.view.with_untracked(|view| {
            let exchanges = view.iter().flat_map(|it| &it.exchanges);
            exchanges.filter(|it| ids.contains(&it.id)).flat_map(|it| it.patterns.clone()).collect()
        })
    }

    async fn load(self) {
        let view = ask().await;
        if self.view.with_untracked(|before| *before != view) {
            self.view.set(view);
        }
    }

    /// Loads until the background has heard of the change.
    async fn load_until(self, settled: impl Fn(&ExchangeView) -> bool) {
        for look in answer::looks() {
            self.load().await;
            if self.view.with_untracked(|view| view.as_ref().is_some_and(|it| it.exchanges.iter().all(&settled))) {
                return;
            }
            look.await;
        }
    }
}

/// What to do once hosts are granted.
fn next_steps() -> AnyView {
    view! {
        <div class="next tone-good">
            <h2>{Icon::Tick.draw()}<span>{words::text("welcome_granted")}</span></h2>
            <ol>
                <li>{words::text("welcome_next_open")}</li>
                <li>{words::text("welcome_next_look")}</li>
                <li>{words::text("welcome_next_answer")}</li>
            </ol>
        </div>
    }
    .into_any()
}

/// Scrolls to what came of the click: it may stand below the screen's edge.
fn show_outcome() {
    if let Some(outcome) = document().get_element_by_id("outcome") {
        outcome.scroll_into_view();
    }
}

async fn ask() -> Option<WelcomeView> {
    match answer::of_background(FromScreen::Welcome).await {
        Some(Reply::Welcome(view)) => Some(view),
        _ => None,
    }
}
