//! Rows that are not of devices: keys for programs, calls made with them, withdrawal addresses.

use super::fields::{Piece, View};
use super::leaves::{Source, is_wallet};
use super::lexicon::Concept;
use super::place;
use super::text::clean;
use crate::session::{ApiCall, ApiKey, Time, WithdrawalAddress};

fn values<'a>(view: &'a View<'_>) -> impl Iterator<Item = &'a Piece<'a>> {
    view.pieces.iter().filter(|piece| !piece.is_label && piece.leaf.source == Source::Text)
}

fn first_time(piece: &Piece<'_>) -> Option<Time> {
    piece.leaf.times.iter().find_map(|found| found.time.clone())
}

fn is(piece: &Piece<'_>, concept: Concept) -> bool {
    piece.labels.contains(&concept)
}

/// A key for programs.
pub fn api_key(view: &View<'_>) -> ApiKey {
    let mut key = ApiKey::default();
    for piece in values(view) {
        let text = clean(&piece.leaf.text);
        if let Some(time) = first_time(piece) {
            let used = is(piece, Concept::LastActive) || piece.leaf.marked.has(Concept::LastActive);
            let slot = if used { &mut key.last_used_at } else { &mut key.created_at };
            if slot.is_none() && !is(piece, Concept::Expires) {
                *slot = Some(time);
            }
        } else if !piece.leaf.addresses.is_empty() {
            key.ip_allowlist.extend(piece.leaf.addresses.iter().map(|address| address.text.clone()));
        } else if is(piece, Concept::Permissions) && !place::is_nothing(&piece.leaf.marked) {
            key.permissions.extend(
                text.split([',', '、', '،', ';']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned),
            );
        } else if key.label.is_none()
            && (is(piece, Concept::Label) || piece.heading || piece.labels.is_empty())
            && !place::is_nothing(&piece.leaf.marked)
            && !is_wallet(&text)
        {
            key.label = Some(text);
        }
    }
    key
}

/// One call.
pub fn api_call(view: &View<'_>) -> ApiCall {
    let mut call = ApiCall::default();
    for piece in values(view) {
        let text = clean(&piece.leaf.text);
        if let Some(address) = piece.leaf.addresses.first() {
            call.ip.get_or_insert_with(|| address.text.clone());
        } else if let Some(time) = first_time(piece) {
            call.at.get_or_insert(time);
        } else if is(piece, Concept::Endpoint)
            || is_request(&text)
            || (is(piece, Concept::Action) && call.action.is_none())
        {
            call.action.get_or_insert(text);
        } else if is(piece, Concept::ApiKey) || is(piece, Concept::Api) || is(piece, Concept::Label) {
            call.key.get_or_insert(text);
        }
    }
    call
}

/// "GET /api/v3/account".
pub fn is_request(text: &str) -> bool {
    let Some((method, path)) = text.split_once(' ') else { return text.starts_with("/api/") || text.starts_with("/v") };
    matches!(method, "GET" | "POST" | "PUT" | "DELETE" | "PATCH") && path.starts_with('/')
}

/// An address of the withdrawal address book.
pub fn withdrawal_address(view: &View<'_>) -> WithdrawalAddress {
    let mut row = WithdrawalAddress::default();
    for piece in values(view) {
        let text = clean(&piece.leaf.text);
        if row.address.is_none() && is_wallet(&text) {
            row.address = Some(text);
        } else if let Some(time) = first_time(piece) {
            row.added_at.get_or_insert(time);
        } else if is(piece, Concept::Coin) {
            row.coin.get_or_insert(text);
        } else if is(piece, Concept::Label) {
            row.label.get_or_insert(text);
        } else if piece.labels.is_empty() && !place::is_nothing(&piece.leaf.marked) {
            if row.coin.is_none()
                && text.len() <= 16
                && text.split([' ', '(']).next().is_some_and(|word| {
                    (2..=6).contains(&word.len())
                        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
                })
            {
                row.coin = Some(text);
            } else {
                row.label.get_or_insert(text);
            }
        }
    }
    row
}
