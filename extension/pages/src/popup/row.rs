//! One session or login: what it is, what is made of it and why, and what the person says.

use chrono::{DateTime, Utc};
use latchkey::explain::Message;
use latchkey::memory::{Answer, ListName};
use latchkey::protocol::FromScreen;
use latchkey::risk::Verdict;
use latchkey::view::{RowView, Tone};
use latchkey_browser::{clock, words};
use leptos::prelude::*;

use super::{Popup, close, name, reasons};
use crate::icon::Icon;
use crate::quote::{code, quote, quote_in_full};

/// A row of the view; `None` only where the view has lost it and it is about to go.
pub type Row = Memo<Option<RowView>>;

/// The class that gives an element the colours of a tone.
pub fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "tone-good",
        Tone::Unknown => "tone-unknown",
        Tone::Check => "tone-check",
        Tone::Act => "tone-act",
    }
}

/// What a row is called: by the person, else by the page.
pub fn title(row: &RowView) -> AnyView {
    match row.nickname.as_deref().or(row.device.as_deref()) {
        Some(name) => quote(name),
        None => view! { <span>{words::text("popup_unnamed")}</span> }.into_any(),
    }
}

/// Draws a row.
pub fn row(popup: Popup, id: String, row: Row) -> AnyView {
    let verdict = Memo::new(move |_| row.with(|it| it.as_ref().map_or(Verdict::Learning, |it| it.verdict)));
    let label = Memo::new(move |_| row.with(|it| it.as_ref().map(RowView::label)));
    let heading = format!("{id}-name");
    let labelled_by = heading.clone();
    view! {
        <li>
            <article
                id=id
                tabindex="-1"
                class=move || format!("row {}", tone_class(verdict.get().tone()))
                aria-labelledby=labelled_by
            >
                <div class="row-head">
                    {name::name(popup, heading, row)}
                    {move || label.get().map(|label| chip(verdict.get(), &label))}
                </div>
                {move || row.with(|it| it.as_ref().map(facts))}
                {move || row.with(|it| it.as_ref().map(reasons::strongest))}
                {answers(popup, row)}
                <details>
                    <summary>{words::text("popup_details")}</summary>
                    {move || row.with(|it| it.as_ref().map(details))}
                    {move || row.with(|it| it.as_ref().map(reasons::all))}
                </details>
            </article>
        </li>
    }
    .into_any()
}

fn chip(verdict: Verdict, label: &Message) -> AnyView {
    view! {
        <span class="chip">{Icon::of(verdict.tone()).draw()}<span>{words::render(label)}</span></span>
    }
    .into_any()
}

/// Where and when, in one or two lines.
fn facts(row: &RowView) -> AnyView {
    let now = row.current.then(|| view! { <span class="now">{words::text("chip_current")}</span> });
    let place = row.place.as_deref().map(|place| view! { <span>{quote(place)}</span> });
    let near = row.near.iter().map(|near| view! { <span>{words::render(near)}</span> }).collect_view();
    let ip = row.ip.as_deref().map(|ip| view! { <span>{code(ip)}</span> });
    let when = match row.list {
        ListName::Sessions => row.last_active_at.map(|at| ("popup_last_active", at)),
        ListName::Logins => None,
    };
    let when = when.or(row.signed_in_at.map(|at| ("popup_signed_in", at)));
    let when = when.map(|(key, at)| view! { <span>{moment(key, at)}</span> });
    view! { <p class="facts">{now}{place}{near}{ip}{when}</p> }.into_any()
}

fn moment(key: &'static str, at: DateTime<Utc>) -> AnyView {
    let relative = words::relative(at, clock::now());
    view! {
        <time datetime=at.to_rfc3339() title=words::date_time(at)>
            {words::render(&Message::new(key).with_text(relative))}
        </time>
    }
    .into_any()
}

/// Everything the page says of the row, in full.
fn details(row: &RowView) -> AnyView {
    let line = |key: &'static str, value: Option<AnyView>| {
        value.map(|value| view! { <div><dt>{words::text(key)}</dt><dd>{value}</dd></div> })
    };
    let time = |at: Option<DateTime<Utc>>| at.map(|at| words::date_time(at).into_any());
    view! {
        <dl>
            {line("popup_device", row.device.as_deref().map(quote_in_full))}
            {line("popup_place", row.place.as_deref().map(quote_in_full))}
            {line("popup_address", row.ip.as_deref().map(code))}
            {line("popup_network", (!row.network.is_empty()).then(|| network(&row.network)))}
            {line("popup_signed_in_at", time(row.signed_in_at))}
            {line("popup_last_active_at", time(row.last_active_at))}
        </dl>
    }
    .into_any()
}

fn network(told: &[Message]) -> AnyView {
    told.iter().map(words::render).collect::<Vec<_>>().join(" · ").into_any()
}

/// What the person can say: whose it is. Of the session in which they look there is nothing to ask, unless it is
/// doubted.
fn answers(popup: Popup, row: Row) -> AnyView {
    let asked = Memo::new(move |_| {
        row.with(|it| it.as_ref().is_some_and(|it| !it.current || it.answer.is_some() || it.verdict.is_finding()))
    });
    let told = Memo::new(move |_| row.with(|it| it.as_ref().and_then(|it| it.answer)));
    let parted = Memo::new(move |_| row.with(|it| it.as_ref().is_some_and(|it| it.mark.is_some())));
    let node = Memo::new(move |_| row.with(|it| it.as_ref().and_then(|it| it.node)));
    let button = move |answer: Answer, icon: Icon, key: &'static str| {
        let pressed = move || told.get() == Some(answer);
        view! {
            <button
                class=if answer == Answer::Mine { "answer mine" } else { "answer not-mine" }
                aria-pressed=move || if pressed() { "true" } else { "false" }
                on:click=move |_| say(popup, row, (!pressed()).then_some(answer))
            >
                {icon.draw()}
                <span>{words::text(key)}</span>
            </button>
        }
        .into_any()
    };
    view! {
        <div class="actions" class:lone=move || !asked.get()>
            <Show when=move || asked.get()>
                {button(Answer::Mine, Icon::Yes, "popup_this_is_me")}
                {button(Answer::NotMine, Icon::No, "popup_not_me")}
            </Show>
            <Show when=move || node.get().is_some()>
                <button
                    class="quiet show"
                    on:click=move |_| {
                        if let Some(node) = node.get_untracked() {
                            popup.send(FromScreen::Show { tab: popup.tab_id(), node });
                            close();
                        }
                    }
                >
                    {Icon::Target.draw()}
                    <span>{words::text("popup_show")}</span>
                </button>
            </Show>
        </div>
        <Show when=move || told.get() == Some(Answer::NotMine)>
            <p class="advice">{words::text("popup_not_me_hint")}</p>
        </Show>
        <Show when=move || parted.get()>
            <p class="advice">{words::text("parted_hint")}</p>
        </Show>
    }
    .into_any()
}

fn say(popup: Popup, row: Row, answer: Option<Answer>) {
    let Some((account, row)) = ids(popup, row) else { return };
    popup.send(FromScreen::Answer { tab: popup.tab_id(), account, row, answer });
}

/// What an answer about a row must name.
pub fn ids(popup: Popup, row: Row) -> Option<(latchkey::state::AccountId, latchkey::memory::RowId)> {
    let account = untrack(|| popup.account())?.id;
    Some((account, row.with_untracked(|it| it.as_ref().map(|it| it.id.clone()))?))
}
