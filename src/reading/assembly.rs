//! Puts a reading together: lists, their kinds and rows, and the controls around them.

use chrono::{DateTime, Utc};

use super::controls::{self, Button, Ends};
use super::fields::{self, Facts, View, Votes};
use super::kinds::{self, Kind};
use super::leaves::{Leaves, Source};
use super::lexicon::{Concept, Lexicon, languages_of};
use super::records::{self, Records};
use super::time::{Context, Order};
use super::topics::{self, Mention, Topic};
use super::{Hints, List, Problem, Reading, SignedIn, account_label, book, current, missing};
use crate::page::{NodeId, Page};
use crate::session::{Control, Row};
use crate::zone::Zone;

/// A list that was understood.
struct Read<'a> {
    records: &'a Records,
    kind: Kind,
    views: Vec<View<'a>>,
    tally: Votes,
    rows: Vec<Facts>,
    mentions: Vec<Mention>,
}

/// Reads a page.
pub fn read(page: &Page, hints: &Hints, now: DateTime<Utc>, zone: &Zone) -> Reading {
    let tag = hints.lang.as_deref().or(page.lang.as_deref());
    let mut context = Context::new(now, zone, tag);
    let languages = tag.map_or(0, languages_of);
    let mut leaves = Leaves::of(page, &context);
    let mut reading = Reading::default();
    if page.cut_off {
        reading.problem("cut-off", "the page is larger than what is read of it");
    }
    let lists = records::find(page, &leaves);
    if context.order == Order::Unknown {
        // What the language leaves open another row may decide.
        let rows = lists.iter().flat_map(|list| &list.rows).flat_map(|row| &row.nodes);
        let dated = rows.flat_map(|node| leaves.below(page, *node)).filter(|leaf| !leaf.times.is_empty());
        let order = Order::of_texts(dated.map(|leaf| &leaf.marked));
        if order != Order::Unknown {
            context.order = order;
            leaves = Leaves::of(page, &context);
        }
    }
    let buttons = controls::find(page, &leaves);
    let mut understood: Vec<Read<'_>> = Vec::new();
    for records in &lists {
        let heads = fields::heads(page, &leaves, records);
        let mentions = topics::above(page, &leaves, &lists, records);
        let views: Vec<View<'_>> =
            records.rows.iter().map(|row| fields::view(page, &leaves, &buttons, &heads, row)).collect();
        let tally = Votes::count(&views, languages);
        let rows: Vec<Facts> = views.iter().map(|view| fields::read(page, view, &tally, &context)).collect();
        if let Some(kind) = kinds::decide(&mentions, &heads, &views, &rows, records.single) {
            understood.push(Read { records, kind, views, tally, rows, mentions });
        }
    }
    // A list of trusted devices is the list of sessions where there is no other and its rows say when they were active.
    let only = !understood.iter().any(|list| list.kind == Kind::Sessions);
    for list in &mut understood {
        let active = list.rows.iter().any(|row| row.last_active_at.is_some());
        if only && list.kind == Kind::TrustedDevices && active {
            list.kind = Kind::Sessions;
        }
    }
    let around = Around { page, buttons: &buttons, lists: &lists };
    reading.log_out_all = around.log_out_all(&understood);
    reading.log_out_self = around.log_out_self();
    reading.signed_in = around.signed_in(&understood, reading.log_out_self.is_some());
    let devices = |list: &Read<'_>| matches!(list.kind, Kind::Sessions | Kind::Logins | Kind::TrustedDevices);
    if reading.signed_in != SignedIn::No
        && !understood.iter().any(devices)
        && let Some(words) = missing::promised(page, &leaves)
    {
        reading.problem("no-list", &words);
    }
    for list in understood {
        reading.add(page, &leaves, &buttons, list);
    }
    reading
}

impl Reading {
    fn problem(&mut self, code: &str, detail: &str) {
        if !self.problems.iter().any(|known| known.code == code && known.detail == detail) {
            self.problems.push(Problem { code: code.to_owned(), detail: detail.to_owned() });
        }
    }

    fn add(&mut self, page: &Page, leaves: &Leaves, buttons: &[Button], list: Read<'_>) {
        let list = match list.kind {
            Kind::ApiKeys => List::ApiKeys(list.views.iter().map(book::api_key).collect()),
            Kind::ApiCalls => List::ApiCalls(list.views.iter().map(book::api_call).collect()),
            Kind::WithdrawalAddresses => {
                List::WithdrawalAddresses(list.views.iter().map(book::withdrawal_address).collect())
            }
            kind @ (Kind::Sessions | Kind::Logins | Kind::TrustedDevices) => {
                let rows = self.device_rows(page, leaves, buttons, list);
                match kind {
                    Kind::Sessions => List::Sessions(rows),
                    Kind::Logins => List::Logins(rows),
                    _ => List::TrustedDevices(rows),
                }
            }
        };
        self.lists.push(list);
    }

    fn device_rows(&mut self, page: &Page, leaves: &Leaves, buttons: &[Button], list: Read<'_>) -> Vec<Row> {
        let kind = list.kind;
        let mut current = current::marked(&list.views, &list.tally.filled);
        let headed = topics::near(&list.mentions, Topic::Current) >= 2.0;
        if headed && list.views.len() == 1 {
            current = vec![true];
        }
        if !current.contains(&true)
            && let Some(at) = current::titled(page, leaves, list.records)
        {
            current[at] = true;
        }
        let controls: Vec<Option<&Button>> = if kind == Kind::Logins {
            vec![None; list.views.len()]
        } else {
            list.views.iter().map(|view| row_control(view)).collect()
        };
        let mut rows = Vec::with_capacity(list.views.len());
        for (at, facts) in list.rows.into_iter().enumerate() {
            let mut row = facts.row;
            row.signed_in_at = facts.signed_in_at;
            row.last_active_at = facts.last_active_at;
            // A time with no label is the last activity of a session, and the attempt of a login.
            let mut bare = facts.bare;
            // Of two that nothing labels, the earlier is the beginning.
            if kind == Kind::Sessions && row.last_active_at.is_none() && row.signed_in_at.is_none() {
                bare.truncate(2);
                crate::order::by_key(&mut bare, |time| std::cmp::Reverse(time.at));
            }
            let mut bare = bare.into_iter();
            if kind == Kind::Sessions {
                if row.last_active_at.is_none() {
                    row.last_active_at = bare.next();
                }
                if row.signed_in_at.is_none() {
                    row.signed_in_at = bare.next();
                }
            } else if row.signed_in_at.is_none() {
                row.signed_in_at = bare.next();
            }
            if kind == Kind::Logins {
                if row.signed_in_at.is_none() {
                    row.signed_in_at = row.last_active_at.take();
                }
                row.outcome = facts.outcome;
                row.second_factor = facts.second_factor;
            } else {
                row.online = facts.online;
            }
            for text in facts.undecided {
                self.problem("ambiguous-date", &text);
            }
            let view = &list.views[at];
            row.node = Some(view.record.node());
            row.current = kind != Kind::Logins && current[at];
            row.log_out = controls[at].map(|button| control(page, button));
            if kind != Kind::Logins
                && row.log_out.is_none()
                && view.buttons.iter().any(|button| button.menu && button.native)
            {
                self.problem("control-behind-a-menu", "a menu in the row has to be opened first");
            }
            rows.push(row);
        }
        if kind == Kind::Logins {
            return rows;
        }
        self.take_from_open_menu(page, buttons, &list.views, &mut rows);
        let missing: Vec<bool> = rows
            .iter()
            .zip(&list.views)
            .map(|(row, view)| row.log_out.is_some() || view.buttons.iter().any(|button| button.menu))
            .collect();
        if !rows.iter().any(|row| row.current)
            && kind == Kind::Sessions
            && let Some(at) = current::without_control(&missing).or_else(|| current::worded(&list.views, &missing))
        {
            rows[at].current = true;
        }
        if rows.iter().all(|row| row.log_out.is_none()) && has_checkboxes(page, list.records) {
            self.problem(
                "control-behind-a-menu",
                "rows are chosen by a checkbox and ended by a button for all that are chosen",
            );
        }
        rows
    }

    /// A menu that stands open elsewhere in the document belongs to the one row whose menu button is expanded.
    fn take_from_open_menu(&mut self, page: &Page, buttons: &[Button], views: &[View<'_>], rows: &mut [Row]) {
        let mut expanded = views
            .iter()
            .enumerate()
            .filter(|(_, view)| view.buttons.iter().any(|button| button.menu && button.expanded));
        let (Some((at, _)), None) = (expanded.next(), expanded.next()) else { return };
        if rows[at].log_out.is_some() {
            return;
        }
        let inside = |button: &Button| views.iter().any(|view| view.record.holds(page, button.node));
        let items = buttons
            .iter()
            .filter(|button| button.item && !inside(button) && controls::is_all(&button.marked).is_none());
        let best = items
            .filter(|button| controls::ends(&button.marked) >= Ends::Removed)
            .max_by_key(|button| controls::ends(&button.marked));
        rows[at].log_out = best.map(|button| control(page, button));
    }
}

/// The control that ends a row: the one whose words say so most plainly, and only if no other says so as plainly.
fn row_control<'a>(view: &View<'a>) -> Option<&'a Button> {
    let mut best: Option<(Ends, &Button)> = None;
    let mut tied = false;
    for button in &view.buttons {
        let ends = match controls::ends(&button.marked) {
            Ends::Nothing => ends_named(view, button),
            // "Not you?" leads to where it is asked again.
            ends if button.label.ends_with(['?', '؟', '？']) => ends.min(Ends::Crossed),
            ends => ends,
        };
        // Words in a name that somebody gave are no control.
        let bare_name =
            !button.native && view.pieces.iter().any(|piece| piece.heading && piece.leaf.node == button.node + 1);
        if ends == Ends::Nothing
            || bare_name
            || (button.menu && !button.item)
            || (button.disabled && ends < Ends::Removed)
        {
            continue;
        }
        match best {
            Some((known, other)) if ends == known => tied |= button.native == other.native,
            Some((known, _)) if ends < known => {}
            _ => {
                best = Some((ends, button));
                tied = false;
            }
        }
    }
    best.filter(|(_, button)| !tied && !button.disabled).map(|(_, button)| button)
}

/// What a button would end whose words name its row too: "Remove iPhone 15", "Log out Chrome on Windows".
fn ends_named(view: &View<'_>, button: &Button) -> Ends {
    let words = button.marked.folded.text.as_str();
    let names = view.pieces.iter().filter(|piece| {
        let marked = &piece.leaf.marked;
        piece.leaf.source == Source::Text
            && !piece.is_label
            && !marked.has(Concept::NegObject)
            && !marked.is(Concept::Other)
    });
    let named = names
        .map(|piece| piece.leaf.marked.folded.text.trim())
        .find(|name| name.chars().count() >= 4 && name.len() < words.len() && words.contains(name));
    named.map_or(Ends::Nothing, |name| controls::ends(&Lexicon::get().mark(&words.replacen(name, " ", 1))))
}

fn control(page: &Page, button: &Button) -> Control {
    Control { label: button.label.clone(), path: page.path(button.node), spares_current: None, node: Some(button.node) }
}

fn has_checkboxes(page: &Page, records: &Records) -> bool {
    records
        .rows
        .iter()
        .filter(|row| page.subtree(row.node()).any(|id| page.attribute(id, "type") == Some("checkbox")))
        .count()
        * 2
        > records.rows.len()
}

/// What stands around the lists.
struct Around<'a> {
    page: &'a Page,
    buttons: &'a [Button],
    lists: &'a [Records],
}

impl Around<'_> {
    fn in_a_row(&self, node: NodeId) -> bool {
        self.lists.iter().flat_map(|list| &list.rows).any(|row| row.holds(self.page, node))
    }

    /// The control that ends all sessions: outside all rows, belonging to a list of sessions (or to the history, where
    /// the page shows no sessions).
    fn log_out_all(&self, understood: &[Read<'_>]) -> Option<Control> {
        let sessions = understood.iter().any(|list| list.kind == Kind::Sessions);
        if !understood.iter().any(|list| matches!(list.kind, Kind::Sessions | Kind::Logins)) {
            return None;
        }
        let mut best: Option<(i32, &Button, Option<bool>)> = None;
        for button in self.buttons {
            let Some(spares) = controls::is_all(&button.marked) else { continue };
            if button.disabled || !button.native || self.in_a_row(button.node) || self.leads_away(button) {
                continue;
            }
            let Some(kind) = self.nearest_list(button.node, understood) else { continue };
            let mut score = match kind {
                Kind::Sessions => 10,
                Kind::Logins if !sessions => 5,
                _ => continue,
            };
            if button.marked.has(Concept::LogOutAll) || button.marked.has(Concept::LogOutOthers) {
                score += 3;
            }
            if button.marked.has(Concept::NounSession) {
                score += 1;
            }
            if best.as_ref().is_none_or(|(known, ..)| score > *known) {
                best = Some((score, button, spares));
            }
        }
        best.map(|(_, button, spares)| Control { spares_current: spares, ..control(self.page, button) })
    }

    /// A link to another page, and not an action: an article about it.
    fn leads_away(&self, button: &Button) -> bool {
        button.href.as_ref().is_some_and(|href| topics::is_article(&href.to_ascii_lowercase()))
    }

    /// The kind of the list that shares the smallest element with a node, the following one first.
    fn nearest_list(&self, node: NodeId, understood: &[Read<'_>]) -> Option<Kind> {
        let mut best: Option<(u32, bool, NodeId, Kind)> = None;
        for list in understood {
            let first = list.records.rows.first().map_or(list.records.container, records::Record::node);
            let shared = self.common_depth(node, first);
            let after = first > node;
            let distance = first.abs_diff(node);
            let better = best.is_none_or(|(depth, was_after, far, _)| {
                (shared, after, std::cmp::Reverse(distance)) > (depth, was_after, std::cmp::Reverse(far))
            });
            if better {
                best = Some((shared, after, distance, list.kind));
            }
        }
        best.map(|(.., kind)| kind)
    }

    fn common_depth(&self, a: NodeId, b: NodeId) -> u32 {
        let mut at = a;
        while !self.page.subtree(at).contains(&b) {
            let Some(parent) = self.page.node(at).and_then(|node| node.parent) else { return 0 };
            at = parent;
        }
        self.page.node(at).map_or(0, |node| node.depth)
    }

    /// The ordinary log-out: its words are exactly that, and it stands in no row and in no menu of a row.
    fn log_out_self(&self) -> Option<Control> {
        let mut found: Vec<(i32, &Button)> = Vec::new();
        for button in self.buttons {
            if !button.native
                || button.disabled
                || !controls::is_log_out(&button.marked)
                || self.in_a_row(button.node)
                || button.menu
            {
                continue;
            }
            let href = button.href.as_deref().unwrap_or_default().to_ascii_lowercase();
            let told = ["logout", "log-out", "log_out", "signout", "sign-out", "sign_out", "logoff", "invalidation"]
                .iter()
                .any(|word| href.contains(word));
            let around = self.stands_around(button.node);
            if told || around {
                found.push((i32::from(told) * 2 + i32::from(around), button));
            }
        }
        found.into_iter().rev().max_by_key(|(score, _)| *score).map(|(_, button)| control(self.page, button))
    }

    /// Whether a node stands in a header, a bar or a menu: not among the content.
    fn stands_around(&self, node: NodeId) -> bool {
        let mut at = Some(node);
        while let Some(element) = at.and_then(|id| self.page.node(id)) {
            let role = element.attribute("role").unwrap_or_default();
            if matches!(element.tag.as_str(), "main" | "article" | "section" | "table") {
                return false;
            }
            if matches!(element.tag.as_str(), "header" | "nav" | "aside")
                || matches!(role, "banner" | "navigation" | "menu")
            {
                return true;
            }
            at = element.parent;
        }
        // In no part that has a name: a bar at the top stands before the first heading of the page.
        !(0..node).any(|id| matches!(self.page.nodes()[id as usize].tag.as_str(), "h1" | "h2"))
    }

    fn signed_in(&self, understood: &[Read<'_>], can_log_out: bool) -> SignedIn {
        if can_log_out || !understood.is_empty() || account_label(self.page).is_some() {
            return SignedIn::Yes;
        }
        let offers = self
            .buttons
            .iter()
            .any(|button| button.native && button.marked.is(Concept::LogIn) && !button.marked.is(Concept::LogOut));
        if offers { SignedIn::No } else { SignedIn::Unknown }
    }
}
