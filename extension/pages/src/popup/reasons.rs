//! Why a row is judged as it is.

use latchkey::risk::Verdict;
use latchkey::view::{Reason, RowView, Speaks};
use latchkey_browser::words;
use leptos::prelude::*;

use crate::icon::Icon;

/// How many reasons of each side are shown before "details".
const SHOWN: usize = 2;
/// The weight that fills the bar, in nats: odds of a thousand to one.
const FULL: f64 = 6.9;

/// The strongest reasons of each side. A row that is the person's own needs none at first sight.
pub fn strongest(row: &RowView) -> AnyView {
    if row.verdict == Verdict::Known || row.reasons.is_empty() {
        return ().into_any();
    }
    let shown = |speaks| of(row, speaks).take(SHOWN).map(|reason| line(reason, ().into_any())).collect_view();
    view! { <ul class="reasons">{shown(Speaks::Against)}{shown(Speaks::For)}</ul> }.into_any()
}

/// All reasons with their weights, strongest first.
pub fn all(row: &RowView) -> AnyView {
    let list = |title: &'static str, speaks| {
        let reasons: Vec<_> = of(row, speaks).map(|reason| line(reason, weight(reason))).collect();
        (!reasons.is_empty()).then(|| {
            view! { <h4 class="label">{words::text(title)}</h4><ul class="reasons weighed">{reasons}</ul> }
        })
    };
    view! { {list("popup_against", Speaks::Against)}{list("popup_for", Speaks::For)} }.into_any()
}

fn of(row: &RowView, speaks: Speaks) -> impl Iterator<Item = &Reason> {
    row.reasons.iter().filter(move |reason| reason.speaks == speaks)
}

fn line(reason: &Reason, weight: AnyView) -> AnyView {
    let (class, icon, side) = match reason.speaks {
        Speaks::Against => ("against", Icon::Warning, "popup_against"),
        Speaks::For => ("for", Icon::Yes, "popup_for"),
    };
    view! {
        <li class=class>
            {icon.draw()}
            <span><span class="unseen">{words::text(side)}": "</span>{words::render(&reason.message)}</span>
            {weight}
        </li>
    }
    .into_any()
}

/// How much a reason weighs: a bar, and the figure.
fn weight(reason: &Reason) -> AnyView {
    let figure = figure(reason.nats.abs());
    let title = words::text("popup_weight");
    let spoken = title.clone();
    view! {
        <span class="weight" title=title>
            <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <rect class="track" width="100" height="6" rx="3" />
                <rect class="fill" width=bar(reason.nats) height="6" rx="3" />
            </svg>
            <span class="unseen">{spoken}" "</span>
            <span>{figure}</span>
        </span>
    }
    .into_any()
}

/// The bar's length, of 100.
fn bar(nats: f64) -> String {
    format!("{:.0}", (nats.abs() / FULL * 100.0).clamp(4.0, 100.0))
}

/// To a tenth, as the person's language writes it.
fn figure(value: f64) -> String {
    let tenths = (value * 10.0).round() / 10.0;
    js_sys::Number::from(tenths).to_locale_string(&words::language()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_seen_however_small_and_never_overflows() {
        assert_eq!(bar(0.0), "4");
        assert_eq!(bar(-3.45), "50");
        assert_eq!(bar(40.0), "100");
        assert_eq!(bar(f64::INFINITY), "100");
    }
}
