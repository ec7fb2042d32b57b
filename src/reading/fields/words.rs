//! The address of a row, and what single words of it say: outcome, second factor, operator, being online.

use super::votes::{Votes, votes};
use super::{Facts, Piece, View};
use crate::reading::leaves::Source;
use crate::reading::lexicon::{Concept, Marked};
use crate::reading::place;
use crate::reading::text::clean;
use crate::session::{Outcome, SecondFactor};

pub(super) fn address(view: &View<'_>, tally: &Votes, facts: &mut Facts) {
    let mut best: Option<(usize, String)> = None;
    for piece in view.pieces.iter().filter(|piece| !piece.is_label && !piece.labels.contains(&Concept::IpAllow)) {
        for address in &piece.leaf.addresses {
            let named = piece.labels.contains(&Concept::IpAddress) || piece.leaf.marked.has(Concept::IpAddress);
            let text = usize::from(piece.leaf.source == Source::Text);
            let score =
                votes(&tally.address, piece) * 4 + usize::from(named) * 100 + text * 2 - usize::from(piece.heading);
            if best.as_ref().is_none_or(|(known, _)| score > *known) {
                let printed = if address.masked {
                    clean(piece.leaf.marked.folded.verbatim(&piece.leaf.text, address.range.clone()))
                } else {
                    address.text.clone()
                };
                best = Some((score, printed));
            }
        }
    }
    facts.row.ip = best.map(|(_, text)| text);
}

/// Outcomes, factors, being online, the operator: words that are a whole piece.
pub(super) fn words(view: &View<'_>, facts: &mut Facts) {
    let asked = view.pieces.iter().any(|piece| !piece.is_label && is_method(piece));
    for piece in view.pieces.iter().filter(|piece| !piece.is_label) {
        let marked = &piece.leaf.marked;
        // "active now".
        if piece.leaf.source == Source::Text
            && marked.is(Concept::JustNow)
            && (marked.has(Concept::Online) || marked.has(Concept::LastActive))
        {
            facts.online = facts.online.or(Some(true));
        }
        if piece.marker.is_some() {
            continue;
        }
        let status = piece.labels.contains(&Concept::Status);
        // "Successful login", "Failed: wrong password": a short text among whose words is the outcome.
        let short = piece.leaf.source == Source::Text && piece.leaf.facts() == 0 && text_is_short(marked);
        if short && facts.outcome.is_none() {
            facts.outcome = if marked.has(Concept::Failed) {
                Some(Outcome::Failed)
            } else {
                marked.has(Concept::Success).then_some(Outcome::Success)
            };
        }
        for concept in marked.concepts() {
            match concept {
                Concept::Success => facts.outcome = facts.outcome.or(Some(Outcome::Success)),
                Concept::Failed => facts.outcome = facts.outcome.or(Some(Outcome::Failed)),
                Concept::Online if piece.leaf.source == Source::Text || status => {
                    facts.online = facts.online.or(Some(true))
                }
                Concept::Offline => facts.online = facts.online.or(Some(false)),
                _ => {}
            }
        }
        let method = is_method(piece);
        // Where a column is of second factors, no other word counts; a password beside another is the first one.
        let other = facts.second_factor.filter(|known| *known != SecondFactor::PasswordOnly);
        if other.is_none() && (method || (piece.labels.is_empty() && !asked)) {
            facts.second_factor = factor(marked, method).or(facts.second_factor);
        }
        if piece.labels.contains(&Concept::Isp)
            && facts.row.isp.is_none()
            && !place::is_nothing(marked)
            && piece.leaf.source == Source::Text
            && piece.leaf.addresses.is_empty()
        {
            let folded = &piece.leaf.marked.folded;
            facts.row.isp = Some(clean(folded.verbatim(&piece.leaf.text, piece.value..folded.text.len())));
        }
    }
}

/// Whether a piece stands where second factors are named.
pub(super) fn is_method(piece: &Piece<'_>) -> bool {
    piece.labels.contains(&Concept::TwoFactorMethod) || piece.labels.contains(&Concept::TwoFactor)
}

/// Whether a text is a word or a few, and no sentence.
pub(super) fn text_is_short(marked: &Marked) -> bool {
    let text = marked.folded.text.as_str();
    text.len() <= 60 && text.split_whitespace().count() <= 5
}

pub(super) fn factor(marked: &Marked, method: bool) -> Option<SecondFactor> {
    // "Code by SMS": an address of mail and a password may be spoken of for other reasons.
    let within = |concept| {
        method || (text_is_short(marked) && !matches!(concept, Concept::EmailFactor | Concept::PasswordFactor))
    };
    let is = |concept| marked.is(concept) || (within(concept) && marked.has(concept));
    [
        (Concept::SecurityKeyFactor, SecondFactor::SecurityKey),
        (Concept::PasskeyFactor, SecondFactor::Passkey),
        (Concept::Authenticator, SecondFactor::Authenticator),
        (Concept::SmsFactor, SecondFactor::Sms),
        (Concept::EmailFactor, SecondFactor::Email),
        (Concept::PasswordFactor, SecondFactor::PasswordOnly),
    ]
    .into_iter()
    .find(|(concept, _)| is(*concept))
    .map(|(_, factor)| factor)
}
