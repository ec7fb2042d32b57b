//! An account's sessions: how it stands, what to look at, and every row.

use chrono::{DateTime, Utc};
use latchkey::explain::{Arg, Message};
use latchkey::memory::{Answer, ListName, RowId};
use latchkey::protocol::FromScreen;
use latchkey::view::{AccountView, RowView};
use latchkey_browser::{clock, words};
use leptos::prelude::*;

use super::{Popup, plain, row};
use crate::icon::Icon;
use crate::quote::quote;
use crate::summary::{Summary, account_findings, findings, summary};

/// Where the licence of DB-IP's data wants a link to.
const DB_IP: &str = "https://db-ip.com";

/// Which row of a view: its list, its place in it, its name.
type RowKey = (ListName, usize, RowId);

/// Draws the account. Its parts follow the view one by one, so that an answer leaves focus and scroll where they are.
pub fn account(popup: Popup) -> AnyView {
    // Only the parts below follow the view: were it followed here, each answer would draw everything anew.
    let Some(first) = untrack(|| popup.account()) else { return ().into_any() };
    let account = Memo::new(move |before: Option<&AccountView>| {
        popup.account().or_else(|| before.cloned()).unwrap_or_else(|| first.clone())
    });
    let head = move || {
        account.with(|it| {
            let label = it.label.as_deref().map(|label| view! { <span class="account">{quote(label)}</span> });
            plain::head(&it.exchange, popup.host(&it.exchange), label.into_any())
        })
    };
    view! {
        {head}
        <main class="body">
            {standing(popup, account)}
            {plain::trouble(popup)}
            {remarks(popup, account)}
            {rows(popup, account, ListName::Logins, "popup_logins")}
            {rows(popup, account, ListName::Sessions, "popup_sessions")}
            <p class="small end">
                {move || {
                    let read = account.with(|it| words::relative(it.read_at, clock::now()));
                    words::render(&Message::new("popup_read_at").with_text(read))
                }}
            </p>
            {move || account.with(|it| it.data).map(data)}
        </main>
        {plain::foot(popup)}
    }
    .into_any()
}

/// What the rows were looked up in, as its licence wants it said where answers are shown.
fn data(date: DateTime<Utc>) -> AnyView {
    view! {
        <p class="small end">
            <span>{words::render(&Message::new("popup_data").with_text(words::date(date)))}</span>
            " "
            <a href=DB_IP target="_blank" rel="noreferrer">{words::text("about_db_ip")}</a>
        </p>
    }
    .into_any()
}

/// The name of a row's element.
fn anchor(list: ListName, index: usize) -> String {
    match list {
        ListName::Sessions => format!("session-{index}"),
        ListName::Logins => format!("login-{index}"),
    }
}

/// The line that says how the account stands, and the way to each finding.
fn standing(popup: Popup, account: Memo<AccountView>) -> AnyView {
    let line = Memo::new(move |_| account.with(summary));
    let found = move || {
        account.with(|it| {
            let of_account = account_findings(it)
                .map(|finding| {
                    view! {
                        <li class=row::tone_class(finding.verdict.tone())>
                            {Icon::of(finding.verdict.tone()).draw()}
                            <div>
                                <span>{words::render(&finding.message)}</span>
                                {finding.entry.clone().map(|entry| whose(popup, entry, &finding.message))}
                            </div>
                        </li>
                    }
                })
                .collect_view();
            let of_rows = finding_links(it);
            view! { {of_account}{of_rows} }
        })
    };
    let any = move || account.with(|it| account_findings(it).next().is_some() || findings(it).next().is_some());
    view! {
        <section class=move || format!("standing {}", row::tone_class(line.with(|it| it.tone)))>
            <div role="status"><h2>
                {move || line.with(|Summary { tone, text }| view! { {Icon::of(*tone).draw()}<span>{words::render(text)}</span> })}
            </h2></div>
            <Show when=any>
                <ul class="found">{found}</ul>
            </Show>
        </section>
    }
    .into_any()
}

/// What the person can say of a key, a caller or a withdrawal address.
fn whose(popup: Popup, entry: RowId, finding: &Message) -> AnyView {
    let button = |answer: Answer, key: &'static str| {
        let (entry, words) = (entry.clone(), words::text(key));
        let name = [&words, ": ", &words::render(finding)].concat();
        let say = move |_| {
            if let Some(account) = untrack(|| popup.account()) {
                let (tab, row) = (popup.tab_id(), entry.clone());
                popup.send(FromScreen::Answer { tab, account: account.id, row, answer: Some(answer) });
            }
        };
        view! { <button class="quiet" aria-label=name on:click=say>{words}</button> }.into_any()
    };
    view! { <div class="whose">{button(Answer::Mine, "popup_mine")}{button(Answer::NotMine, "popup_not_mine")}</div> }
        .into_any()
}

fn finding_links(account: &AccountView) -> AnyView {
    let list = |rows: &[RowView]| {
        rows.iter()
            .enumerate()
            .filter(|(_, row)| row.verdict.is_finding())
            .map(|(index, row)| {
                let tone = row.verdict.tone();
                let id = anchor(row.list, index);
                let target = id.clone();
                view! {
                    <li class=row::tone_class(tone)>
                        {Icon::of(tone).draw()}
                        <a
                            href=format!("#{id}")
                            on:click=move |click| {
                                click.prevent_default();
                                show(&target);
                            }
                        >
                            {row::title(row)}
                            {row.place.as_deref().map(|place| view! { <span class="faint">{quote(place)}</span> })}
                        </a>
                    </li>
                }
            })
            .collect_view()
    };
    view! { {list(&account.logins)}{list(&account.sessions)} }.into_any()
}

/// Scrolls to a row and takes the keyboard there.
fn show(id: &str) {
    if let Some(row) = document().get_element_by_id(id) {
        row.scroll_into_view();
        if let Ok(row) = wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(row) {
            drop(row.focus());
        }
    }
}

/// What else there is to know of the page: what could not be read, and that nothing is kept.
fn remarks(popup: Popup, account: Memo<AccountView>) -> AnyView {
    let problems = move || {
        account.with(|it| it.problems.iter().map(|problem| view! { <li>{words::render(problem)}</li> }).collect_view())
    };
    view! {
        <Show when=move || account.with(|it| !it.problems.is_empty())>
            <ul class="problems">{problems}</ul>
        </Show>
        <Show when=move || account.with(|it| !it.remembers)>
            <p class="private">{Icon::Lock.draw()}<span>{popup.forgets()}</span></p>
        </Show>
    }
    .into_any()
}

fn rows_of(account: &AccountView, list: ListName) -> &[RowView] {
    match list {
        ListName::Sessions => &account.sessions,
        ListName::Logins => &account.logins,
    }
}

fn rows(popup: Popup, account: Memo<AccountView>, list: ListName, title: &'static str) -> AnyView {
    let keys = move || -> Vec<RowKey> {
        account
            .with(|it| rows_of(it, list).iter().enumerate().map(|(index, row)| (list, index, row.id.clone())).collect())
    };
    let count = Memo::new(move |_| account.with(|it| rows_of(it, list).len()));
    let child = move |(list, index, _): RowKey| {
        let current = Memo::new(move |before: Option<&Option<RowView>>| {
            account.with(|it| rows_of(it, list).get(index).cloned()).or_else(|| before.cloned().flatten())
        });
        row::row(popup, anchor(list, index), current)
    };
    view! {
        <Show when=move || count.get() != 0>
            <section class="rows" aria-labelledby=title>
                <h2 class="label" id=title>
                    {move || words::render(&Message::new(title).with(Arg::Count(count.get() as u64)))}
                </h2>
                <ul>
                    <For each=keys key=Clone::clone children=child />
                </ul>
            </section>
        </Show>
    }
    .into_any()
}
