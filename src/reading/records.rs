//! Finds repeated records: table rows, list items, cards, definition lists, rows of siblings, and lists of one.
//!
//! A list is an element whose children repeat the same kinds of facts (an address, a device, a time), each child, or
//! each run of children, holding at least two kinds. Class names play no part. Every node is looked at a fixed number
//! of times.

mod groups;

use std::collections::{HashMap, HashSet};

use super::leaves::{Leaves, Source, facts};
use super::lexicon::Concept;
use super::shared;
use crate::order;
use crate::page::{NodeId, Page};

/// A record: the elements that it consists of, neighbours under one parent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// Its elements, in order; never empty.
    pub nodes: Vec<NodeId>,
    /// Elements outside of it that speak for it too: a cell that spans rows, the heading of its group.
    pub shared: Vec<NodeId>,
    /// How many columns its first cell stands further on, because earlier cells span it.
    pub shift: u32,
}

/// A list of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Records {
    /// The element that holds them; of a list of one, the record's own.
    pub container: NodeId,
    /// The records, in order.
    pub rows: Vec<Record>,
    /// Whether it is a record that stands alone.
    pub single: bool,
}

impl Record {
    /// The record's first element.
    pub fn node(&self) -> NodeId {
        self.nodes.first().copied().unwrap_or_default()
    }

    /// Whether a node belongs to it.
    pub fn holds(&self, page: &Page, node: NodeId) -> bool {
        self.nodes.iter().any(|part| page.subtree(*part).contains(&node))
    }
}

/// Finds the lists of a page, in document order.
pub fn find(page: &Page, leaves: &Leaves) -> Vec<Records> {
    let count = page.nodes().len();
    // The kinds of facts below each node that no list inside it has claimed.
    let mut below = vec![0_u8; count];
    let mut claimed = vec![false; count];
    for leaf in &leaves.all {
        below[leaf.node as usize] |= leaf.facts();
    }
    let mut lists: Vec<Records> = Vec::new();
    // What the elements that were taken for lists of few, unlike rows hold, and which list that was: they, or what they
    // stand in, may prove to be rows themselves.
    let mut doubtful: HashMap<NodeId, (u8, NodeId)> = HashMap::new();
    for id in (0..count as NodeId).rev() {
        let node = &page.nodes()[id as usize];
        if !node.is_text() {
            let children: Vec<NodeId> = page.children(id).collect();
            for child in &children {
                below[id as usize] |= below[*child as usize];
                claimed[id as usize] |= claimed[*child as usize];
            }
            if children.len() > 1 {
                reclaim(page, &children, &mut below, &mut claimed, &mut doubtful, &mut lists);
                let masks: Vec<(NodeId, u8)> = children
                    .iter()
                    .map(|child| (*child, if claimed[*child as usize] { 0 } else { below[*child as usize] }))
                    .collect();
                if let Some(rows) = segment(page, leaves, &masks).or_else(|| granted(page, leaves, id, &masks)) {
                    if rows.len() <= 3 && (likeness(page, leaves, &rows) < 0.5 || complement(page, leaves, &rows)) {
                        doubtful.insert(id, (below[id as usize], id));
                    }
                    below[id as usize] = 0;
                    claimed[id as usize] = true;
                    lists.push(Records { container: id, rows, single: false });
                    continue;
                }
            }
            // What holds but one such list, and adds to it.
            let mut held = children.iter().filter(|child| claimed[**child as usize]);
            if let (Some(child), None) = (held.next(), held.next())
                && let Some((mask, list)) = doubtful.get(child)
            {
                doubtful.insert(id, (mask | below[id as usize], *list));
            }
        }
    }
    for list in lists.iter_mut().take(50) {
        groups::join(page, leaves, &claimed, list);
    }
    let alone = singles(page, leaves, &below, &claimed, &lists);
    lists.extend(alone);
    order::by_key(&mut lists, |list| list.rows.first().map_or(0, Record::node));
    shared::find(page, leaves, &mut lists);
    lists
}

/// An element that was taken for a list of unlike rows is a row, where its neighbours of the same tag are rows.
fn reclaim(
    page: &Page,
    children: &[NodeId],
    below: &mut [u8],
    claimed: &mut [bool],
    doubtful: &mut HashMap<NodeId, (u8, NodeId)>,
    lists: &mut Vec<Records>,
) {
    if doubtful.is_empty() {
        return;
    }
    for child in children {
        let Some((mask, list)) = doubtful.get(child).copied() else { continue };
        let tag = &page.nodes()[*child as usize].tag;
        let like = children
            .iter()
            .filter(|other| *other != child && page.nodes()[**other as usize].tag == *tag)
            .filter(|other| {
                doubtful.contains_key(other) || (!claimed[**other as usize] && count(below[**other as usize]) >= 2)
            })
            .count();
        if like >= 1 {
            lists.retain(|known| known.container != list);
            below[*child as usize] = mask;
            claimed[*child as usize] = false;
        }
    }
    for child in children {
        if !claimed[*child as usize] {
            doubtful.remove(child);
        }
    }
}

/// Whether two rows may be the halves of one: each has a kind of fact that the other lacks, and neither an address.
fn complement(page: &Page, leaves: &Leaves, rows: &[Record]) -> bool {
    let [first, second] = rows else { return false };
    let mask = |row: &Record| {
        let leaves = row.nodes.iter().flat_map(|part| leaves.below(page, *part));
        leaves.fold(0, |all, leaf| all | leaf.facts())
    };
    let (one, other) = (mask(first), mask(second));
    (one | other) & facts::ADDRESS == 0 && one & !other != 0 && other & !one != 0
}

/// How alike the rows of a list are built: the share of their pieces that stand in the same places, 0 to 1. What is
/// there to be pressed is left out: each row may have its own kind of it.
fn likeness(page: &Page, leaves: &Leaves, rows: &[Record]) -> f32 {
    let places = |row: &Record| -> HashMap<Vec<&str>, usize> {
        let mut places = HashMap::new();
        for part in &row.nodes {
            'leaves: for leaf in leaves.below(page, *part).iter().take(60) {
                let mut tags = Vec::new();
                let mut at = leaf.node;
                while at != *part && tags.len() < 24 {
                    let Some(node) = page.node(at) else { break };
                    if matches!(node.tag.as_str(), "button" | "input") || node.attribute("role") == Some("button") {
                        continue 'leaves;
                    }
                    tags.push(node.tag.as_str());
                    let Some(parent) = node.parent else { break };
                    at = parent;
                }
                *places.entry(tags).or_default() += 1;
            }
        }
        places
    };
    let Some((first, rest)) = rows.split_first() else { return 1.0 };
    let first = places(first);
    let likeness = rest.iter().map(|row| {
        let other = places(row);
        let (mut common, mut all) = (0, 0);
        for (place, count) in &first {
            let beside = other.get(place).copied().unwrap_or(0);
            common += beside.min(*count);
            all += beside.max(*count);
        }
        all += other.iter().filter(|(place, _)| !first.contains_key(*place)).map(|(_, count)| count).sum::<usize>();
        common as f32 / all.max(1) as f32
    });
    likeness.fold(1.0, f32::min)
}

/// How many kinds of facts there are: a place counts only beside what it is the place of.
fn count(mask: u8) -> u32 {
    let weak = if mask & STRONG == 0 { facts::PLACE } else { 0 } | if mask & STRONG == mask { facts::GRANT } else { 0 };
    (mask & !weak).count_ones()
}

const STRONG: u8 = facts::ADDRESS | facts::DEVICE | facts::WALLET;

/// Cuts the children of an element into records; `None` where they are none.
fn segment(page: &Page, leaves: &Leaves, children: &[(NodeId, u8)]) -> Option<Vec<Record>> {
    // A row of labels alone is the head of the others.
    let marked: Vec<(usize, u8)> = children
        .iter()
        .enumerate()
        .filter(|(_, (_, mask))| mask & !facts::GRANT != 0)
        .map(|(at, (_, mask))| (at, *mask))
        .collect();
    if marked.len() < 2 {
        return None;
    }
    let with = |kind: u8| marked.iter().filter(|(_, mask)| mask & kind != 0).count();
    if [facts::ADDRESS, facts::DEVICE, facts::TIME, facts::WALLET].iter().all(|kind| with(*kind) < 2) {
        return None;
    }
    let full = marked.iter().filter(|(_, mask)| count(*mask) >= 2).count();
    let both = marked.iter().filter(|(_, mask)| mask & facts::DEVICE != 0 && mask & facts::ADDRESS != 0).count();
    let apart = with(facts::DEVICE) >= 2 && with(facts::ADDRESS) >= 2 && both == 0;
    // Rows of a table, or items of a list, that have as many cells.
    let alike = marked.len() >= 3
        && marked.iter().all(|(at, _)| shape(page, children[*at].0) == shape(page, children[marked[0].0].0))
        && is_item(page, children[marked[0].0].0);
    let most = full * 10 >= marked.len() * 6;
    if alike && !most {
        return None;
    }
    let single_children = full >= 2 && most && !apart;
    if let Some(rows) = grouped(page, leaves, children, &marked) {
        return Some(rows);
    }
    let starts: Vec<usize> =
        if single_children { marked.iter().map(|(at, _)| *at).collect() } else { alternate(&marked) };
    let mut rows: Vec<(Record, u8)> = Vec::new();
    // A record goes on to the next one's beginning; the last as far as the longest before it.
    let reach = starts.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(1);
    for (place, start) in starts.iter().enumerate() {
        let end = starts.get(place + 1).copied().unwrap_or((start + reach).min(children.len()));
        let parts = &children[*start..end];
        let mask = parts.iter().fold(0, |all, (_, mask)| all | mask);
        // Where every child is a record, what stands between them is none of theirs.
        let length = if reach == 1 || single_children { 1 } else { parts.len() };
        let nodes =
            parts[..length].iter().map(|(node, _)| *node).filter(|node| !page.nodes()[*node as usize].is_text());
        rows.push((Record { nodes: nodes.collect(), ..Record::default() }, mask));
    }
    rows.retain(|(record, _)| !record.nodes.is_empty());
    let complete = rows.iter().filter(|(_, mask)| count(*mask) >= 2).count();
    let strong = rows.iter().filter(|(_, mask)| mask & (STRONG | facts::GRANT) != 0).count();
    if complete < 2 || complete * 10 < rows.len() * 6 || strong < 1 {
        return None;
    }
    // Two parts of one record: only one of them has an address, or both have the same.
    if let [(first, one), (second, other)] = rows.as_slice() {
        let addresses = |row: &Record| -> Vec<&str> {
            let leaves = row.nodes.iter().flat_map(|part| leaves.below(page, *part));
            leaves.flat_map(|leaf| &leaf.addresses).map(|address| address.text.as_str()).collect()
        };
        let unlike = one ^ other;
        let parts = unlike & facts::ADDRESS != 0 || (!single_children && unlike.count_ones() >= 2);
        let same = one & other & facts::ADDRESS != 0 && addresses(first) == addresses(second);
        let alike = likeness(page, leaves, &[first.clone(), second.clone()]);
        if (parts && (alike < 0.8 || !single_children)) || (same && alike < 0.5) {
            return None;
        }
    }
    let mut rows: Vec<Record> = rows.into_iter().map(|(record, _)| record).collect();
    adopt(page, children, &mut rows);
    Some(rows)
}

/// Rows of a table whose head names what keys for programs may do, or devices and times: they may hold nothing else that
/// is known.
fn granted(page: &Page, leaves: &Leaves, table: NodeId, children: &[(NodeId, u8)]) -> Option<Vec<Record>> {
    let rows: Vec<NodeId> =
        children.iter().filter(|(_, mask)| mask & facts::TIME != 0).map(|(node, _)| *node).collect();
    let tag = |node: NodeId| page.nodes()[node as usize].tag.as_str();
    if rows.is_empty() || rows.iter().any(|row| tag(*row) != "tr") {
        return None;
    }
    // The head stands before the rows, under the same table, and has as many cells.
    let width = |row: NodeId| page.children(row).filter(|cell| !page.nodes()[*cell as usize].is_text()).count();
    let parent = page.nodes()[table as usize].parent.filter(|_| tag(table) == "tbody").unwrap_or(table);
    let row_of = |node: NodeId| {
        let up = std::iter::successors(Some(node), |id| page.node(*id).and_then(|node| node.parent));
        up.take(6).find(|id| tag(*id) == "tr")
    };
    let head = leaves.below(page, parent).iter().take_while(|leaf| leaf.node < rows[0]);
    let spans = |head: NodeId, least| width(head) >= least && rows.iter().all(|row| width(*row) == width(head));
    let devised = children.iter().filter(|(_, mask)| mask & facts::DEVICE != 0).count() * 2 >= rows.len();
    let mut named: Option<NodeId> = None;
    let granted = head.filter(|leaf| leaf.source == Source::Text).any(|leaf| {
        let labels = super::topics::labels(&leaf.marked);
        let Some(head) = row_of(leaf.node) else { return false };
        if labels.iter().any(|label| matches!(label, Concept::Device | Concept::Browser | Concept::UserAgent)) {
            named = Some(head);
        }
        let active = labels.contains(&Concept::LastActive);
        let timed = (active || labels.contains(&Concept::LoginTime)) && named == Some(head) || active && devised;
        leaf.facts() == facts::GRANT && spans(head, 3) || timed && spans(head, 2)
    });
    granted.then(|| rows.into_iter().map(|row| Record { nodes: vec![row], ..Record::default() }).collect())
}

/// Rows under the heads of their groups, all neighbours: devices between their sessions, days between their logins.
///
/// A head holds a device or a day alone; what follows it are rows of their own, at least two of them under one head.
fn grouped(page: &Page, leaves: &Leaves, children: &[(NodeId, u8)], marked: &[(usize, u8)]) -> Option<Vec<Record>> {
    let tag = |at: usize| page.nodes()[children[at].0 as usize].tag.as_str();
    let (first, lead) = *marked.first()?;
    let day = |at: usize| {
        leaves.below(page, children[at].0).iter().any(|leaf| leaf.source == Source::Text && shared::is_day(leaf))
    };
    let head = |at: usize, mask: u8| match mask {
        facts::DEVICE => lead == facts::DEVICE,
        facts::TIME => day(at),
        _ => false,
    };
    if !head(first, lead) {
        return None;
    }
    let mut rows: Vec<Record> = Vec::new();
    let mut group: Option<NodeId> = None;
    let (mut run, mut longest, mut heads) = (0, 0, 0);
    let mut row_tag = None;
    for (at, mask) in marked {
        if head(*at, *mask) {
            group = Some(children[*at].0);
            run = 0;
            heads += 1;
            continue;
        }
        // Under a device stand its sessions, under a day any row.
        let whole = if lead == facts::DEVICE {
            mask & facts::ADDRESS != 0 && mask & facts::DEVICE == 0
        } else {
            mask & (facts::ADDRESS | facts::DEVICE) != 0 && count(*mask) >= 2
        };
        let same = *row_tag.get_or_insert(tag(*at)) == tag(*at);
        if !whole || !same {
            return None;
        }
        run += 1;
        longest = longest.max(run);
        rows.push(Record { nodes: vec![children[*at].0], shared: group.into_iter().collect(), ..Record::default() });
    }
    (longest >= 2 && heads >= 1 && rows.len() > heads).then_some(rows)
}

/// Where records begin when single children hold too few facts: at each child that repeats a kind of the first, once
/// the record has come to other kinds.
fn alternate(marked: &[(usize, u8)]) -> Vec<usize> {
    let Some((first, lead)) = marked.first().copied() else { return Vec::new() };
    let mut starts = vec![first];
    let mut gone_on = false;
    for (at, mask) in &marked[1..] {
        if mask & lead != 0 && gone_on {
            starts.push(*at);
            gone_on = false;
        } else if mask & !lead != 0 {
            gone_on = true;
        }
    }
    starts
}

/// An element's tag and how many elements it holds.
fn shape(page: &Page, node: NodeId) -> (&str, usize) {
    let cells = page.children(node).filter(|child| !page.nodes()[*child as usize].is_text()).count();
    (page.nodes()[node as usize].tag.as_str(), cells)
}

/// Whether an element is a row or an item by its own word.
fn is_item(page: &Page, node: NodeId) -> bool {
    let element = &page.nodes()[node as usize];
    matches!(element.tag.as_str(), "tr" | "article") || matches!(element.attribute("role"), Some("row" | "listitem"))
}

/// Takes in children that have the shape of the records but no facts: a row of unknowns.
fn adopt(page: &Page, children: &[(NodeId, u8)], rows: &mut Vec<Record>) {
    if rows.iter().any(|row| row.nodes.len() != 1) {
        return;
    }
    let shape = |node: NodeId| shape(page, node);
    let Some(first) = rows.first().map(Record::node) else { return };
    let mut shapes: HashMap<(&str, usize), usize> = HashMap::new();
    for row in rows.iter() {
        *shapes.entry(shape(row.node())).or_default() += 1;
    }
    let Some((common, _)) = shapes.into_iter().max_by_key(|(_, count)| *count) else { return };
    if common.1 < 3 {
        return;
    }
    for (node, mask) in children {
        let known = rows.iter().any(|row| row.node() == *node);
        if *mask == 0 && !known && *node > first && shape(*node) == common && !page.text_of(*node).is_empty() {
            rows.push(Record { nodes: vec![*node], ..Record::default() });
        }
    }
    order::by_key(rows, Record::node);
}

/// Records that stand alone: the lowest elements with a device and another fact, outside all lists, grown as far as
/// they go on speaking of one device.
fn singles(page: &Page, leaves: &Leaves, below: &[u8], claimed: &[bool], lists: &[Records]) -> Vec<Records> {
    let containers: HashSet<NodeId> = lists.iter().map(|list| list.container).collect();
    let enough = |mask: u8| mask & facts::DEVICE != 0 && mask & (facts::ADDRESS | facts::TIME) != 0;
    let mut found: Vec<Records> = Vec::new();
    let mut id = 0;
    while (id as usize) < page.nodes().len() {
        let node = &page.nodes()[id as usize];
        if containers.contains(&id) {
            id = node.end;
            continue;
        }
        let lowest = !node.is_text()
            && !claimed[id as usize]
            && enough(below[id as usize])
            && !page.children(id).any(|child| enough(below[child as usize]));
        if !lowest {
            id += 1;
            continue;
        }
        let mut top = id;
        while let Some(parent) = page.nodes()[top as usize].parent {
            if claimed[parent as usize] || !grows(page, leaves, top, parent) {
                break;
            }
            top = parent;
        }
        id = page.nodes()[top as usize].end;
        // One of many rows of a table is none that stands alone.
        let alike =
            |other: &NodeId| *other != top && below[*other as usize] != 0 && shape(page, *other) == shape(page, top);
        let parent = page.nodes()[top as usize].parent.filter(|_| is_item(page, top));
        if parent.is_some_and(|parent| page.children(parent).filter(alike).take(2).count() == 2) {
            continue;
        }
        found.push(Records {
            container: top,
            rows: vec![Record { nodes: vec![top], ..Record::default() }],
            single: true,
        });
    }
    found
}

/// Whether a lone record's parent still speaks of it alone: no new address, no heading that names a list.
fn grows(page: &Page, leaves: &Leaves, node: NodeId, parent: NodeId) -> bool {
    if matches!(page.nodes()[parent as usize].tag.as_str(), "body" | "html" | "main" | "form") {
        return false;
    }
    let inside = leaves.below(page, node);
    let known: Vec<&str> =
        inside.iter().flat_map(|leaf| &leaf.addresses).map(|address| address.text.as_str()).collect();
    let all = leaves.below(page, parent);
    if all.len() > inside.len() + 40 {
        return false;
    }
    let range = page.subtree(node);
    all.iter().filter(|leaf| !range.contains(&leaf.node)).all(|leaf| {
        let same = if known.is_empty() {
            leaf.facts() & facts::DEVICE == 0
        } else {
            leaf.addresses.iter().all(|address| known.contains(&address.text.as_str()))
        };
        let headed = leaf.marked.is(Concept::CurrentSession) && super::topics::in_heading(page, leaf.node);
        same && !leaf.prose && !headed && !super::topics::names_a_list(&leaf.marked)
    })
}
