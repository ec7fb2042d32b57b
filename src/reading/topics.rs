//! What a list is about: told by the headings and sentences above it, and by what its rows hold.

use super::leaves::{Leaf, Leaves, Source, facts};
use super::lexicon::{Concept, Lexicon, Marked};
use super::records::Records;
use crate::page::{NodeId, Page};

/// What a stretch of a page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Sessions that are alive, devices that are signed in.
    Sessions,
    /// The session in which the page is read.
    Current,
    /// All but that one.
    Others,
    /// Devices that may sign in or skip a step.
    Trusted,
    /// A history of sign-ins.
    Logins,
    /// Keys for programs.
    ApiKeys,
    /// Calls made with them.
    ApiCalls,
    /// The withdrawal address book.
    Withdrawals,
    /// Something whose rows end no session: applications, passkeys, orders.
    Else,
}

/// A topic of a list, how strongly it is named, and how near.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mention {
    /// Which.
    pub topic: Topic,
    /// How much it weighs.
    pub weight: f32,
    /// Whether it stands between the list and its nearest heading, that heading included.
    pub near: bool,
}

const TOPICS: [(Concept, Topic); 13] = [
    (Concept::Trusted, Topic::Trusted),
    (Concept::CurrentSession, Topic::Current),
    (Concept::OtherSessions, Topic::Others),
    (Concept::LoginHistory, Topic::Logins),
    (Concept::ApiLog, Topic::ApiCalls),
    (Concept::ApiKey, Topic::ApiKeys),
    (Concept::Api, Topic::ApiKeys),
    (Concept::WithdrawalBook, Topic::Withdrawals),
    (Concept::Apps, Topic::Else),
    (Concept::IpAllow, Topic::Else),
    (Concept::Orders, Topic::Else),
    (Concept::PasskeyFactor, Topic::Else),
    (Concept::SecurityKeyFactor, Topic::Else),
];

/// Whether a piece is a heading, or a short text of its own, that names what follows it.
pub fn names_a_list(marked: &Marked) -> bool {
    marked.concepts().any(|concept| {
        matches!(
            concept,
            Concept::ActiveSessions
                | Concept::OtherSessions
                | Concept::Trusted
                | Concept::LoginHistory
                | Concept::Apps
                | Concept::WithdrawalBook
                | Concept::ApiLog
                | Concept::ApiKey
                | Concept::PasskeyFactor
                | Concept::SecurityKeyFactor
                | Concept::IpAllow
        )
    })
}

/// Whether a node stands in a heading.
pub fn in_heading(page: &Page, node: NodeId) -> bool {
    let mut at = Some(node);
    for _ in 0..4 {
        let Some(id) = at else { return false };
        let Some(element) = page.node(id) else { return false };
        if matches!(element.tag.as_str(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "legend" | "caption")
            || element.attribute("role") == Some("heading")
        {
            return true;
        }
        at = element.parent;
    }
    false
}

/// Whether a node stands in something to press or in navigation: its words name other places.
fn in_navigation(page: &Page, node: NodeId) -> bool {
    let mut at = Some(node);
    for _ in 0..8 {
        let Some(element) = at.and_then(|id| page.node(id)) else { return false };
        let role = element.attribute("role").unwrap_or_default();
        if matches!(element.tag.as_str(), "a" | "button" | "nav" | "aside" | "footer" | "li" | "option" | "summary")
            || matches!(role, "tab" | "navigation" | "menu" | "menuitem" | "button" | "link")
        {
            return true;
        }
        at = element.parent;
    }
    false
}

/// Whether a node stands in the head of a column.
fn in_head(page: &Page, node: NodeId) -> bool {
    let head = |id: NodeId| {
        page.node(id).is_some_and(|node| {
            matches!(node.tag.as_str(), "th" | "thead") || node.attribute("role") == Some("columnheader")
        })
    };
    std::iter::successors(Some(node), |id| page.node(*id).and_then(|node| node.parent)).take(6).any(head)
}

/// Whether a node stands in a cell of a table.
fn in_table(page: &Page, node: NodeId) -> bool {
    let cell = |id: NodeId| {
        page.node(id).is_some_and(|node| {
            matches!(node.tag.as_str(), "th" | "td" | "tr")
                || matches!(node.attribute("role"), Some("columnheader" | "cell" | "gridcell" | "row"))
        })
    };
    std::iter::successors(Some(node), |id| page.node(*id).and_then(|node| node.parent)).take(6).any(cell)
}

/// The topics named above a list, the nearest first.
pub fn above(page: &Page, leaves: &Leaves, lists: &[Records], list: &Records) -> Vec<Mention> {
    let first = list.rows.first().map_or(list.container, super::records::Record::node);
    let mut mentions = Vec::new();
    let mut headings = 0;
    let mut crossed = false;
    let end = leaves.all.partition_point(|leaf| leaf.node < first);
    let mut looked = 0;
    for leaf in leaves.all[..end].iter().rev() {
        if leaf.source != Source::Text || looked > 400 || headings >= 4 {
            if looked > 400 || headings >= 4 {
                break;
            }
            continue;
        }
        looked += 1;
        // What ends something may stand in a heading, and names nothing.
        if super::controls::is_all(&leaf.marked).is_some() {
            continue;
        }
        let heading = in_heading(page, leaf.node);
        if headings > 0 && !heading {
            continue;
        }
        // The day or the device at the head of a group names no list.
        let fact = leaf.facts() & (facts::DEVICE | facts::TIME) != 0 && !leaf.marked.is(Concept::CurrentSession);
        if heading && fact && !names_a_list(&leaf.marked) {
            continue;
        }
        // A heading above another list is that one's first.
        if lists
            .iter()
            .any(|other| other.container != list.container && page.subtree(other.container).contains(&leaf.node))
        {
            crossed = true;
            continue;
        }
        // "This device" right above a row is its title too.
        let own = looked == 1
            && leaf.marked.is(Concept::CurrentSession)
            && !in_navigation(page, leaf.node)
            && !in_table(page, leaf.node);
        // What names the columns of a table names no list.
        let column = !heading && in_head(page, leaf.node);
        let titled = heading || own || (!column && names_a_list(&leaf.marked) && !in_navigation(page, leaf.node));
        if !titled && in_navigation(page, leaf.node) {
            continue;
        }
        let near = headings == 0 && !crossed;
        let base = match (titled, headings) {
            (true, 0) if crossed => 1.5,
            (true, 0) => 3.0,
            (false, _) => 1.2,
            (true, 1) => 1.0,
            _ => 0.7,
        };
        mention(leaf, titled, base, near, &mut mentions);
        if titled {
            headings += 1;
        }
    }
    mention_url(&page.url, &mut mentions);
    mentions
}

fn mention(leaf: &Leaf, titled: bool, base: f32, near: bool, mentions: &mut Vec<Mention>) {
    let marked = &leaf.marked;
    let whole: Vec<Concept> = marked.concepts().collect();
    let mut add = |topic, weight| mentions.push(Mention { topic, weight, near });
    for (concept, topic) in TOPICS {
        let is = whole.contains(&concept);
        if !is && !marked.has(concept) {
            continue;
        }
        // In a sentence only what lists are called counts, not what orders and keys are.
        let loose = matches!(
            concept,
            Concept::Orders
                | Concept::IpAllow
                | Concept::Api
                | Concept::ApiKey
                | Concept::PasskeyFactor
                | Concept::SecurityKeyFactor
                | Concept::CurrentSession
        );
        if loose && !titled {
            continue;
        }
        if matches!(concept, Concept::CurrentSession) && !is {
            continue;
        }
        add(topic, if is { base } else { base * 0.8 });
    }
    // "Saved cards", "Bank accounts": a heading of things that are no sessions.
    let session = marked.has(Concept::NounSession) || marked.has(Concept::NounDevice) || marked.has(Concept::LogIn);
    // The name of the exchange's own app is a device's.
    let app = || super::device::read(&leaf.text).app.is_some();
    if titled && marked.has(Concept::NegObject) && !session && !app() {
        add(Topic::Else, base * 0.8);
    }
    if whole.contains(&Concept::ActiveSessions) {
        add(Topic::Sessions, base);
    } else if marked.has(Concept::ActiveSessions)
        || (titled && (marked.has(Concept::NounSession) || marked.has(Concept::NounDevice)))
    {
        add(Topic::Sessions, base * 0.7);
    } else if titled && (marked.has(Concept::NounSession) || marked.has(Concept::NounDevice)) {
        add(Topic::Sessions, base * 0.5);
    }
}

fn mention_url(url: &str, mentions: &mut Vec<Mention>) {
    let path =
        url.split("://").nth(1).and_then(|rest| rest.split_once('/')).map_or("", |(_, path)| path).to_ascii_lowercase();
    for (words, topic) in [
        (&["session", "device"][..], Topic::Sessions),
        (&["login-history", "loginhistory", "login_history", "login-log", "signin-history"][..], Topic::Logins),
        (&["trusted"][..], Topic::Trusted),
        (&["address-book", "withdraw-address", "addressbook", "whitelist"][..], Topic::Withdrawals),
        (&["api"][..], Topic::ApiKeys),
        (&["oauth", "connections", "passkey", "orders", "notifications"][..], Topic::Else),
    ] {
        if words.iter().any(|word| path.contains(word)) {
            mentions.push(Mention { topic, weight: 0.6, near: false });
        }
    }
}

/// Whether an address, in small letters, is of a page to read about things, and not to do them.
pub fn is_article(address: &str) -> bool {
    ["help", "support", "blog", "faq", "article", "learn", "docs", "news"]
        .iter()
        .any(|word| address.split('/').any(|segment| segment.starts_with(word)))
}

/// The weight of a topic among mentions.
pub fn weight(mentions: &[Mention], topic: Topic) -> f32 {
    mentions.iter().filter(|mention| mention.topic == topic).map(|mention| mention.weight).fold(0.0, f32::max)
}

/// The weight of a topic near the list.
pub fn near(mentions: &[Mention], topic: Topic) -> f32 {
    mentions
        .iter()
        .filter(|mention| mention.near && mention.topic == topic)
        .map(|mention| mention.weight)
        .fold(0.0, f32::max)
}

/// What the words of a folded text, taken together, are labels of.
pub fn labels(marked: &Marked) -> Vec<Concept> {
    let whole: Vec<Concept> = marked.concepts().filter(|concept| is_label(*concept)).collect();
    if !whole.is_empty() {
        return whole;
    }
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let all = letters(&marked.folded.text);
    if all > 50 {
        return Vec::new();
    }
    let mut covered = 0;
    // "Location and IP", "Device / Gerät": each of the longest words.
    let mut found: Vec<Concept> = Vec::new();
    let mut end = 0;
    for hit in &marked.hits {
        if hit.range.start < end {
            continue;
        }
        let concepts: Vec<Concept> = Lexicon::get()
            .meanings(hit)
            .iter()
            .filter_map(|meaning| match meaning.sense {
                super::lexicon::Sense::Word(concept) if is_label(concept) => Some(concept),
                _ => None,
            })
            .collect();
        if !concepts.is_empty() {
            end = hit.range.end;
            covered += letters(&marked.folded.text[hit.range.clone()]);
            found.extend(concepts);
        }
    }
    // Words of which half are something else are no head.
    if covered * 2 >= all { found } else { Vec::new() }
}

/// Whether a concept names a field.
pub fn is_label(concept: Concept) -> bool {
    use Concept::*;
    matches!(
        concept,
        Action
            | ApiKey
            | Api
            | Browser
            | Clients
            | Coin
            | CurrentSession
            | Date
            | Device
            | DeviceModel
            | Endpoint
            | Event
            | Expires
            | IpAddress
            | IpAllow
            | Isp
            | Label
            | LastActive
            | Location
            | LoginTime
            | Os
            | Permissions
            | Status
            | TwoFactorMethod
            | TwoFactor
            | UserAgent
            | Wallet
            | Inactive
    )
}
