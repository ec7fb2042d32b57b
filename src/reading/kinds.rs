//! Of what kind a list is, or whether it is none of ours.

use super::book;
use super::controls::{self, Ends};
use super::fields::{Facts, Heads, View};
use super::leaves::{Source, facts};
use super::lexicon::Concept;
use super::topics::{self, Mention, Topic};

/// The kinds of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Sessions that are alive.
    Sessions,
    /// A history of sign-ins.
    Logins,
    /// Devices that may sign in or skip a step.
    TrustedDevices,
    /// Keys for programs.
    ApiKeys,
    /// Calls made with them.
    ApiCalls,
    /// The withdrawal address book.
    WithdrawalAddresses,
}

/// The least weight of evidence for a list to be of a kind.
const ENOUGH: f32 = 1.5;

/// Decides the kind of a list; `None` where it is nothing that ends or shows a session.
pub fn decide(mentions: &[Mention], heads: &Heads, views: &[View<'_>], rows: &[Facts], single: bool) -> Option<Kind> {
    let count = views.len() as f32;
    let share = |test: &dyn Fn(&View<'_>) -> bool| views.iter().filter(|view| test(view)).count() as f32 / count;
    let has_fact = |kind: u8| share(&|view: &View<'_>| view.pieces.iter().any(|piece| piece.leaf.facts() & kind != 0));
    let labelled = |concept: Concept| {
        heads.values().any(|called| called.contains(&concept))
            || share(&|view: &View<'_>| {
                view.pieces.iter().any(|piece| piece.labelled && piece.labels.contains(&concept))
            }) >= 0.5
            || share(&|view: &View<'_>| view.pieces.iter().any(|piece| piece.is_label && piece.leaf.marked.is(concept)))
                >= 0.5
    };

    let outcomes = rows.iter().filter(|row| row.outcome.is_some()).count() as f32 / count;
    // Books of other things, by what they alone have.
    if has_fact(facts::WALLET) >= 0.5
        && (topics::weight(mentions, Topic::Withdrawals) > 0.0 || labelled(Concept::Wallet) || labelled(Concept::Coin))
        && has_fact(facts::ADDRESS) < 0.5
    {
        // What has come out well or badly was sent.
        return (outcomes < 0.5).then_some(Kind::WithdrawalAddresses);
    }
    let requests = share(&|view: &View<'_>| {
        view.pieces.iter().any(|piece| piece.leaf.source == Source::Text && book::is_request(&piece.leaf.text))
    });
    if (requests >= 0.5 || labelled(Concept::Endpoint))
        && (topics::weight(mentions, Topic::ApiCalls) > 0.0
            || topics::weight(mentions, Topic::ApiKeys) > 0.0
            || labelled(Concept::ApiKey))
    {
        return Some(Kind::ApiCalls);
    }
    if topics::near(mentions, Topic::ApiCalls) >= 2.0 && has_fact(facts::ADDRESS) >= 0.5 {
        return Some(Kind::ApiCalls);
    }
    let keyed = labelled(Concept::Permissions)
        || labelled(Concept::IpAllow)
        || (labelled(Concept::ApiKey) && has_fact(facts::DEVICE) < 0.5);
    if keyed && (topics::weight(mentions, Topic::ApiKeys) > 0.0 || labelled(Concept::ApiKey)) && !single {
        return Some(Kind::ApiKeys);
    }

    let near = |topic| topics::near(mentions, topic);
    let weight = |topic| topics::weight(mentions, topic);
    let sessions_near = near(Topic::Sessions).max(near(Topic::Current)).max(near(Topic::Others));
    // What the nearest heading says of something else is meant.
    let elsewhere = near(Topic::Else).max(near(Topic::ApiKeys)).max(near(Topic::Withdrawals));
    if elsewhere > 0.0 && elsewhere >= sessions_near.max(near(Topic::Logins)).max(near(Topic::Trusted)) {
        return None;
    }
    let addressed = has_fact(facts::ADDRESS);
    let devised = has_fact(facts::DEVICE);
    let timed = has_fact(facts::TIME);
    if addressed + devised < 0.5 {
        return None;
    }

    let ends = |least: Ends| {
        share(&|view: &View<'_>| view.buttons.iter().any(|button| controls::ends(&button.marked) >= least))
    };
    let mut sessions =
        sessions_near.max(weight(Topic::Sessions)).max(weight(Topic::Others)).max(weight(Topic::Current));
    let mut logins = near(Topic::Logins).max(weight(Topic::Logins));
    let trusted = near(Topic::Trusted).max(weight(Topic::Trusted) * 0.8);
    let signs_out = share(&|view: &View<'_>| {
        // "Not you?" stands in histories too.
        let plain = |button: &controls::Button| controls::ends(&button.marked) == Ends::LoggedOut;
        view.buttons.iter().any(|button| plain(button) && !button.label.ends_with('?'))
    }) > 0.0;
    if signs_out {
        sessions += 1.5;
    } else if ends(Ends::Removed) > 0.0 {
        sessions += 0.6;
    }
    let marked = share(&|view: &View<'_>| view.current_cell || view.pieces.iter().any(|piece| piece.marker.is_some()));
    // Words that every row has mark none.
    if marked > 0.0 && (marked < 1.0 || count < 2.0) {
        sessions += if single && addressed > 0.0 && devised > 0.0 { 2.0 } else { 1.2 };
    }
    let active = labelled(Concept::LastActive) || rows.iter().any(|row| row.last_active_at.is_some());
    if active {
        sessions += 0.8;
    }
    if outcomes >= 0.5 {
        logins += 2.5;
    }
    if rows.iter().filter(|row| row.second_factor.is_some()).count() as f32 >= count / 2.0 {
        logins += 0.8;
    }
    if addressed > 0.5 && timed > 0.5 && ends(Ends::Crossed) == 0.0 && !active {
        logins += 0.4;
    }
    // Rows of devices with their addresses and times, under a title that speaks of neither: what else would they be?
    let full = share(&|view: &View<'_>| {
        let kinds = view.pieces.iter().fold(0, |all, piece| all | piece.leaf.facts());
        [facts::ADDRESS, facts::DEVICE, facts::TIME].iter().all(|kind| kinds & kind != 0)
    });
    if full >= 0.8 && !single && sessions.max(logins) > 0.0 && (devised >= 0.8 || addressed >= 0.8) {
        sessions += 0.6;
        logins += 0.6;
    }
    // A list named twice over by what it is of: devices that have signed in.
    let best = sessions.max(logins).max(trusted);
    if best < ENOUGH || (single && best < 2.5) {
        return None;
    }
    // Under no heading that names devices or sessions, or without a device, only plain rows are taken for them.
    let named = labelled(Concept::Device) || labelled(Concept::Browser) || labelled(Concept::UserAgent);
    let plain = addressed >= 0.5 && (devised >= 0.5 || named);
    if logins <= sessions.max(trusted)
        && !signs_out
        && ((sessions_near.max(near(Topic::Trusted)) == 0.0 && !plain) || (devised < 0.3 && !named))
    {
        return None;
    }
    if trusted >= ENOUGH * 0.6 && near(Topic::Trusted) > 0.0 && logins < trusted + 1.0 && !signs_out {
        return Some(Kind::TrustedDevices);
    }
    // A history of all that was done, and not of logging in: "Password changed", "API key created".
    let done = share(&|view: &View<'_>| {
        let says = |concepts: &[Concept]| {
            view.pieces.iter().any(|piece| concepts.iter().any(|concept| piece.leaf.marked.has(*concept)))
        };
        use Concept::*;
        says(&[NegAction, NegObject, ApiKey, Api, WithdrawalBook]) && !says(&[LogIn, Success, Failed, TwoFactor])
    });
    if logins > sessions && devised < 0.5 && done >= 0.5 {
        return None;
    }
    if logins > sessions && !(signs_out && (near(Topic::Logins) < 1.0 || outcomes == 0.0)) {
        return Some(Kind::Logins);
    }
    Some(if trusted > sessions { Kind::TrustedDevices } else { Kind::Sessions })
}
