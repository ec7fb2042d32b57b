//! The watch: nobody walks away from a computer that is not theirs while still signed in.
//!
//! A state machine over what the browser and the pages tell. It warns early and in layers, since no browser lets an
//! extension act surely at the moment of closing: a log-in is armed when a page shows it, and disarmed by proof alone
//! ([`phase`]). What must outlive the browser ([`Lasting`]) holds an exchange's id and times and nothing of the
//! account; what belongs to a private window lives in [`Passing`] only.
//!
//! ```
//! use chrono::{DateTime, Utc};
//! use latchkey::leave::{Effect, Event, Policy, Watch, Whose, step};
//! use latchkey::tab::{Privacy, Tab};
//! use latchkey::{leave::Sight, reading::SignedIn};
//! let now = DateTime::<Utc>::UNIX_EPOCH;
//! let url = "https://www.kraken.com/u/trade";
//! let tab = Tab { id: 1, url: url.into(), privacy: Privacy::Ordinary, store: String::new() };
//! let (watch, _) = step(Watch::default(), Event::Woken(Policy::default()), now);
//! let (watch, _) = step(watch, Event::Said(Whose::NotMine), now);
//! let (watch, _) = step(watch, Event::PageSeen(Sight::new("kraken", &tab, SignedIn::Yes)), now);
//! let (_, effects) = step(watch, Event::TabLeft(1), now);
//! assert!(effects.contains(&Effect::Warn));
//! ```

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::exchange;
use crate::reading::SignedIn;
use crate::tab::{Privacy, Tab, TabId};

pub mod phase;

pub use phase::{Happening, Phase, proves};

/// How long the countdown runs before the pages are covered, in seconds. WCAG 2.2.1 asks for 20 at least; any key
/// begins it anew, as often as the person likes.
pub const COUNTDOWN_SECONDS: i64 = 60;

/// Whose computer this is, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Computer {
    /// The person's own.
    #[default]
    Own,
    /// Not the person's, until the browser ends.
    Visit,
    /// Not the person's, until they say otherwise.
    Always,
    /// Not the person's: its administrator says so.
    Managed,
}

/// What the person says of the computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Whose {
    /// "This is my computer."
    Mine,
    /// "This is not my computer", for this visit.
    NotMine,
    /// "This is never my computer."
    NeverMine,
}

/// What the person wants on their own computer when they leave an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Leaving {
    /// Stay signed in: nothing is watched.
    Stay,
    /// Log out: the same watch as on a computer of others.
    LogOut,
}

/// What the machine's administrator says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Whether many people use this computer.
    pub shared: bool,
}

/// One exchange in one cookie store: two stores hold two log-ins.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SiteId(pub String);

/// How a log-in stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The exchange's id.
    pub exchange: String,
    /// In which phase it is; never [`Phase::Out`].
    pub phase: Phase,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The origins on which it was seen signed in.
    #[serde(default)]
    pub origins: BTreeSet<String>,
    /// The page on which the log-out control was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_on: Option<String>,
}

/// All that the watch knows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Watch {
    /// What outlives the browser.
    pub lasting: Lasting,
    /// What does not.
    pub passing: Passing,
}

/// What outlives the browser; nothing in it is of an account.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Lasting {
    /// Whether the person said that the computer is never theirs.
    pub shared: bool,
    /// The exchanges that the person logs out of when they leave, on their own computer.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub chosen: BTreeSet<String>,
    /// The log-ins of ordinary windows.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sites: BTreeMap<SiteId, Standing>,
    /// Fields of a later form, kept as they are.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

/// What lives as long as the browser runs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Passing {
    /// Whether this run of the browser has begun for the watch.
    pub awake: bool,
    /// Whether the person said that the computer is not theirs this time.
    pub shared: bool,
    /// Whether Latchkey was installed in this run of the browser, and nobody has said yet whose computer it is.
    pub fresh: bool,
    /// What the administrator says.
    pub policy: Policy,
    /// The log-ins of private windows.
    pub sites: BTreeMap<SiteId, Standing>,
    /// The exchanges' open pages.
    pub pages: BTreeMap<TabId, OpenPage>,
    /// Whether somebody sits before the screen.
    pub chair: Chair,
}

/// A page of an exchange in an open tab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenPage {
    /// Whose log-in it shows.
    pub site: SiteId,
    /// The exchange's id.
    pub exchange: String,
    /// Whether its window is private.
    pub privacy: Privacy,
    /// Its address without what follows the path.
    pub url: String,
    /// Whether it shows that the person is signed in.
    pub signed_in: SignedIn,
}

/// Whether somebody sits before the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Chair {
    /// Somebody does.
    #[default]
    Taken,
    /// Nobody seems to: pages are covered from this moment on.
    Empty(DateTime<Utc>),
}

/// What the browser says of the person at the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// They type or move.
    Active,
    /// They do not.
    Idle,
    /// The screen is locked.
    Locked,
}

/// What was seen of a page of an exchange.
#[derive(Debug, Clone, PartialEq)]
pub struct Sight {
    /// The tab.
    pub tab: TabId,
    /// The page.
    pub page: OpenPage,
}

/// What happens to the watch.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The first event of a run of the browser.
    Woken(Policy),
    /// The administrator says something else now.
    Policy(Policy),
    /// The person says whose computer it is.
    Said(Whose),
    /// The person says what they want when they leave an exchange, on their own computer.
    Chosen(String, Leaving),
    /// A page of an exchange was looked at.
    PageSeen(Sight),
    /// The person used the exchange's own control that ends this session.
    ControlUsed(TabId),
    /// A tab was closed, or went elsewhere.
    TabLeft(TabId),
    /// The person said that they know of a log-in.
    Dismissed(SiteId),
    /// Somebody is, or is not, before the screen.
    Presence(Presence),
    /// The person pressed "I am still here".
    Here,
    /// An exchange's hosts were withdrawn.
    Unwatched(String),
}

/// What the browser shall do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// What a tab's page shows of the watch has changed.
    Repaint(TabId),
    /// Say that the person has left while signed in.
    Warn,
    /// Say, before anything else, that somebody left while signed in.
    Remind,
    /// A log-in is proven to be over: forget what its pages showed.
    Over(SiteId, Privacy),
}

impl Computer {
    /// Whether others use it.
    pub fn is_shared(self) -> bool {
        self != Self::Own
    }
}

impl SiteId {
    /// The log-in of an exchange in a tab's cookie store.
    pub fn new(exchange: &str, tab: &Tab) -> Self {
        Self([exchange, tab.store.as_str()].join("|"))
    }
}

impl Sight {
    /// What was seen of a page of an exchange in a tab.
    pub fn new(exchange: &str, tab: &Tab, signed_in: SignedIn) -> Self {
        let url = tab.url.split(['?', '#']).next().unwrap_or_default().to_owned();
        let page = OpenPage {
            site: SiteId::new(exchange, tab),
            exchange: exchange.to_owned(),
            privacy: tab.privacy,
            url,
            signed_in,
        };
        Self { tab: tab.id, page }
    }
}

/// Handles one event. Total: every event in every state has an answer.
pub fn step(mut watch: Watch, event: Event, now: DateTime<Utc>) -> (Watch, Vec<Effect>) {
    let effects = watch.handle(event, now);
    (watch, effects)
}

impl Watch {
    /// Whose computer this is.
    pub fn computer(&self) -> Computer {
        if self.passing.policy.shared {
            Computer::Managed
        } else if self.lasting.shared {
            Computer::Always
        } else if self.passing.shared {
            Computer::Visit
        } else {
            Computer::Own
        }
    }

    /// Whether leaving this exchange is watched.
    pub fn watches(&self, exchange: &str) -> bool {
        self.computer().is_shared() || self.lasting.chosen.contains(exchange)
    }

    /// The log-ins that the person is to be warned of.
    pub fn armed(&self) -> impl Iterator<Item = (&SiteId, &Standing)> {
        self.lasting.sites.iter().chain(&self.passing.sites).filter(|(_, standing)| standing.phase.is_armed())
    }

    /// How the log-in stands whose page a tab shows.
    pub fn standing_of(&self, tab: TabId) -> Option<&Standing> {
        let page = self.passing.pages.get(&tab)?;
        self.sites(page.privacy).get(&page.site)
    }

    /// From when on an armed tab's page is to be covered, where nobody seems to sit before the screen.
    pub fn covered_from(&self, tab: TabId) -> Option<DateTime<Utc>> {
        match self.passing.chair {
            Chair::Empty(at) if self.is_armed(tab) => Some(at),
            _ => None,
        }
    }

    /// Whether a tab shows a log-in that the person is to be warned of.
    pub fn is_armed(&self, tab: TabId) -> bool {
        self.standing_of(tab).is_some_and(|standing| standing.phase.is_armed())
    }

    fn sites(&self, privacy: Privacy) -> &BTreeMap<SiteId, Standing> {
        match privacy {
            Privacy::Ordinary => &self.lasting.sites,
            Privacy::Private => &self.passing.sites,
        }
    }

    fn sites_mut(&mut self, privacy: Privacy) -> &mut BTreeMap<SiteId, Standing> {
        match privacy {
            Privacy::Ordinary => &mut self.lasting.sites,
            Privacy::Private => &mut self.passing.sites,
        }
    }

    fn handle(&mut self, event: Event, now: DateTime<Utc>) -> Vec<Effect> {
        match event {
            Event::Woken(policy) => self.wake(policy, now),
            Event::Policy(policy) => {
                self.passing.policy = policy;
                self.reconsider(now, |_| true)
            }
            Event::Said(whose) => {
                self.passing.shared = whose == Whose::NotMine;
                self.lasting.shared = whose == Whose::NeverMine;
                self.passing.fresh = false;
                self.reconsider(now, |_| true)
            }
            Event::Chosen(exchange, leaving) => {
                match leaving {
                    Leaving::LogOut => self.lasting.chosen.insert(exchange.clone()),
                    Leaving::Stay => self.lasting.chosen.remove(&exchange),
                };
                self.reconsider(now, |other| other == exchange)
            }
            Event::PageSeen(sight) => self.see(sight, now),
            Event::ControlUsed(tab) => {
                let Some(page) = self.passing.pages.get(&tab).cloned() else { return Vec::new() };
                let effects = self.happen(&page.site, page.privacy, Happening::ControlUsed, now);
                if let Some(standing) = self.sites_mut(page.privacy).get_mut(&page.site) {
                    standing.asked_on = Some(page.url);
                }
                effects
            }
            Event::TabLeft(tab) => self.leave(tab, now),
            Event::Dismissed(site) => [Privacy::Ordinary, Privacy::Private]
                .into_iter()
                .flat_map(|privacy| self.happen(&site, privacy, Happening::Dismissed, now))
                .collect(),
            Event::Presence(presence) => self.sit(presence, now),
            Event::Here => self.seat(Chair::Taken),
            Event::Unwatched(exchange) => {
                self.passing.pages.retain(|_, page| page.exchange != exchange);
                self.drop_sites(now, |other| other == exchange)
            }
        }
    }

    /// A run of the browser begins: whatever was armed was left without a word.
    fn wake(&mut self, policy: Policy, now: DateTime<Utc>) -> Vec<Effect> {
        self.passing = Passing { awake: true, policy, ..Passing::default() };
        let sites: Vec<SiteId> = self.lasting.sites.keys().cloned().collect();
        let mut effects: Vec<Effect> = Vec::new();
        for site in sites {
            effects.extend(self.happen(&site, Privacy::Ordinary, Happening::BrowserStarted, now));
        }
        if self.armed().next().is_some() {
            effects.push(Effect::Remind);
        }
        effects
    }

    /// What is watched of some exchanges has changed: their open pages are armed or let go.
    fn reconsider(&mut self, now: DateTime<Utc>, which: impl Fn(&str) -> bool) -> Vec<Effect> {
        let (shared, chosen) = (self.computer().is_shared(), self.lasting.chosen.clone());
        let mut effects = self.drop_sites(now, |exchange| which(exchange) && !shared && !chosen.contains(exchange));
        // Only what shows a log-in: what showed none proved something then, and proves nothing now.
        let shows = |page: &OpenPage| which(&page.exchange) && page.signed_in == SignedIn::Yes;
        let pages: Vec<(TabId, OpenPage)> =
            self.passing.pages.clone().into_iter().filter(|(_, page)| shows(page)).collect();
        for (tab, page) in pages {
            effects.extend(self.see(Sight { tab, page }, now));
        }
        effects
    }

    fn see(&mut self, sight: Sight, now: DateTime<Utc>) -> Vec<Effect> {
        let Sight { tab, page } = sight;
        let moved = self.passing.pages.get(&tab).is_some_and(|before| before.site != page.site);
        let mut effects = if moved { self.leave(tab, now) } else { Vec::new() };
        self.passing.pages.insert(tab, page.clone());
        let known = exchange::by_id(&page.exchange);
        let origin = known.filter(|exchange| exchange.has(&page.url)).map(|_| origin_of(&page.url));
        let is_login = known.is_some_and(|exchange| exchange.is_login_page(&page.url));
        let standing = self.sites(page.privacy).get(&page.site);
        let phase = standing.map_or(Phase::Out, |standing| standing.phase);
        let asked_here = standing.is_some_and(|standing| standing.asked_on.as_deref() == Some(page.url.as_str()));
        let same_origin = standing.zip(origin).is_some_and(|(standing, origin)| standing.origins.contains(origin));
        let happening = match page.signed_in {
            SignedIn::Yes if phase == Phase::LoggingOut && asked_here => Happening::StillInside,
            SignedIn::Yes => Happening::Inside,
            // After the control was used, exchanges lead to a log-in page that may lie on another of their hosts.
            SignedIn::No if is_login && (same_origin || phase == Phase::LoggingOut) => Happening::LogInPage,
            SignedIn::No if same_origin => Happening::SignedOutPage,
            SignedIn::No => Happening::OtherHost,
            SignedIn::Unknown => return effects,
        };
        if phase == Phase::Out && !(happening == Happening::Inside && self.watches(&page.exchange)) {
            return effects;
        }
        let sites = self.sites_mut(page.privacy);
        if phase == Phase::Out {
            let standing = Standing {
                exchange: page.exchange,
                phase: Phase::Out,
                since: now,
                origins: BTreeSet::new(),
                asked_on: None,
            };
            sites.insert(page.site.clone(), standing);
        }
        if page.signed_in == SignedIn::Yes
            && let Some((standing, origin)) = sites.get_mut(&page.site).zip(origin)
            && !standing.origins.contains(origin)
        {
            standing.origins.insert(origin.to_owned());
        }
        effects.extend(self.happen(&page.site, page.privacy, happening, now));
        effects
    }

    fn leave(&mut self, tab: TabId, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(page) = self.passing.pages.remove(&tab) else { return Vec::new() };
        let others = self.passing.pages.values().any(|other| other.site == page.site && other.privacy == page.privacy);
        let armed = self.sites(page.privacy).get(&page.site).is_some_and(|standing| standing.phase.is_armed());
        if others || !armed {
            return Vec::new();
        }
        let mut effects = self.happen(&page.site, page.privacy, Happening::LastPageLeft, now);
        effects.push(Effect::Warn);
        effects
    }

    fn sit(&mut self, presence: Presence, now: DateTime<Utc>) -> Vec<Effect> {
        let covered = matches!(self.passing.chair, Chair::Empty(at) if at <= now);
        match presence {
            // What is covered is uncovered by the person's own press alone: whoever moves the mouse may be another.
            Presence::Active if covered => Vec::new(),
            Presence::Active => self.seat(Chair::Taken),
            _ if covered || !self.computer().is_shared() || self.armed().next().is_none() => Vec::new(),
            Presence::Idle if self.passing.chair != Chair::Taken => Vec::new(),
            Presence::Idle => self.seat(Chair::Empty(now + TimeDelta::seconds(COUNTDOWN_SECONDS))),
            Presence::Locked => self.seat(Chair::Empty(now)),
        }
    }

    fn seat(&mut self, chair: Chair) -> Vec<Effect> {
        if self.passing.chair == chair {
            return Vec::new();
        }
        self.passing.chair = chair;
        self.passing.pages.keys().map(|tab| Effect::Repaint(*tab)).collect()
    }

    /// The person's own word: these are not watched any more.
    fn drop_sites(&mut self, now: DateTime<Utc>, which: impl Fn(&str) -> bool) -> Vec<Effect> {
        let mut effects = Vec::new();
        for privacy in [Privacy::Ordinary, Privacy::Private] {
            let dropped: Vec<SiteId> = self
                .sites(privacy)
                .iter()
                .filter(|(_, standing)| which(&standing.exchange))
                .map(|(site, _)| site.clone())
                .collect();
            for site in dropped {
                effects.extend(self.happen(&site, privacy, Happening::Unwatched, now));
            }
        }
        effects
    }

    /// The one place where a phase changes.
    fn happen(&mut self, site: &SiteId, privacy: Privacy, happening: Happening, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(standing) = self.sites_mut(privacy).get_mut(site) else { return Vec::new() };
        let (before, after) = (standing.phase, standing.phase.after(happening));
        if before == after {
            return Vec::new();
        }
        (standing.phase, standing.since) = (after, now);
        if after != Phase::LoggingOut {
            standing.asked_on = None;
        }
        let mut effects: Vec<Effect> = Vec::new();
        if after == Phase::Out {
            self.sites_mut(privacy).remove(site);
            if proves(before, happening) {
                effects.push(Effect::Over(site.clone(), privacy));
            }
            if self.armed().next().is_none() {
                effects.extend(self.seat(Chair::Taken));
            }
        }
        let pages = self.passing.pages.iter().filter(|(_, page)| page.site == *site && page.privacy == privacy);
        effects.extend(pages.map(|(tab, _)| Effect::Repaint(*tab)));
        effects
    }
}

/// Scheme, host and port of an address.
fn origin_of(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    url[host..].find('/').map_or(url, |end| &url[..host + end])
}

#[cfg(test)]
mod tests;
