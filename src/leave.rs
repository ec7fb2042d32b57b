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
//! use latchkey::{leave::OpenPage, reading::SignedIn};
//! let now = DateTime::<Utc>::UNIX_EPOCH;
//! let url = "https://www.kraken.com/u/trade";
//! let tab = Tab { id: 1, url: url.into(), privacy: Privacy::Ordinary, store: String::new() };
//! let (watch, _) = step(Watch::default(), Event::Woken(Some(Policy::default())), now);
//! let (watch, _) = step(watch, Event::Said(Whose::NotMine), now);
//! let (watch, _) = step(watch, Event::PageSeen(OpenPage::new("kraken", &tab, SignedIn::Yes)), now);
//! let (_, effects) = step(watch, Event::TabLeft(1), now);
//! assert!(effects.contains(&Effect::Warn));
//! ```

use chrono::{DateTime, TimeDelta, Utc};

use crate::exchange;
use crate::reading::SignedIn;
use crate::tab::{Privacy, TabId};

pub mod desk;
pub mod phase;

pub use desk::{Computer, Lasting, Leaving, OpenPage, Passing, Policy, Presence, SiteId, Standing, Watch, Whose};
pub use phase::{Happening, Phase, proves};

/// How long the countdown runs before the pages are covered, in seconds. WCAG 2.2.1 asks for 20 at least; any key
/// begins it anew, as often as the person likes.
pub const COUNTDOWN_SECONDS: i64 = 60;

/// What happens to the watch.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The first event of a run of the browser; what the administrator says, where it is known so soon.
    Woken(Option<Policy>),
    /// The administrator says something else now.
    Policy(Policy),
    /// The person says whose computer it is.
    Said(Whose),
    /// The person says what they want when they leave an exchange, on their own computer.
    Chosen(String, Leaving),
    /// A page of an exchange was looked at.
    PageSeen(OpenPage),
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
    /// Delete the browser's data of these origins; of these hosts, where the browser names its cookie stores.
    Clean(Vec<String>, String),
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
        self.computer().is_shared() || self.lasting.chosen.iter().any(|chosen| chosen == exchange)
    }

    /// The log-ins that the person is to be warned of.
    pub fn armed(&self) -> impl Iterator<Item = &Standing> {
        self.lasting.sites.iter().chain(&self.passing.sites).filter(|standing| standing.phase.is_armed())
    }

    /// The page of an exchange that a tab shows.
    pub fn page(&self, tab: TabId) -> Option<&OpenPage> {
        self.passing.pages.iter().find(|page| page.tab == tab)
    }

    /// How the log-in stands whose page a tab shows.
    pub fn standing_of(&self, tab: TabId) -> Option<&Standing> {
        let page = self.page(tab)?;
        self.sites(page.privacy).iter().find(|standing| standing.site == page.site)
    }

    /// Whether a tab shows a log-in that the person is to be warned of.
    pub fn is_armed(&self, tab: TabId) -> bool {
        self.standing_of(tab).is_some_and(|standing| standing.phase.is_armed())
    }

    fn sites(&self, privacy: Privacy) -> &Vec<Standing> {
        match privacy {
            Privacy::Ordinary => &self.lasting.sites,
            Privacy::Private => &self.passing.sites,
        }
    }

    fn sites_mut(&mut self, privacy: Privacy) -> &mut Vec<Standing> {
        match privacy {
            Privacy::Ordinary => &mut self.lasting.sites,
            Privacy::Private => &mut self.passing.sites,
        }
    }

    fn standing_mut(&mut self, site: &SiteId, privacy: Privacy) -> Option<&mut Standing> {
        self.sites_mut(privacy).iter_mut().find(|standing| standing.site == *site)
    }

    fn handle(&mut self, event: Event, now: DateTime<Utc>) -> Vec<Effect> {
        match event {
            Event::Woken(policy) => self.wake(policy, now),
            Event::Policy(policy) => {
                self.passing.policy = policy;
                self.lasting.policy = policy;
                self.reconsider(None, now)
            }
            Event::Said(whose) => {
                self.passing.shared = whose == Whose::NotMine;
                self.lasting.shared = whose == Whose::NeverMine;
                self.passing.fresh = false;
                self.reconsider(None, now)
            }
            Event::Chosen(exchange, leaving) => {
                for (list, holds) in [
                    (&mut self.lasting.chosen, leaving != Leaving::Stay),
                    (&mut self.lasting.cleaned, leaving == Leaving::Clean),
                ] {
                    list.retain(|chosen| *chosen != exchange);
                    if holds {
                        list.push(exchange.clone());
                    }
                }
                self.reconsider(Some(&exchange), now)
            }
            Event::PageSeen(page) => self.see(page, now),
            Event::ControlUsed(tab) => {
                let Some(page) = self.page(tab).cloned() else { return Vec::new() };
                let effects = self.happen(&page.site, page.privacy, Happening::ControlUsed, now);
                if let Some(standing) = self.standing_mut(&page.site, page.privacy) {
                    standing.asked_on = Some(page.url);
                }
                effects
            }
            Event::TabLeft(tab) => self.leave(tab, now),
            Event::Dismissed(site) => {
                let mut effects = self.happen(&site, Privacy::Ordinary, Happening::Dismissed, now);
                effects.extend(self.happen(&site, Privacy::Private, Happening::Dismissed, now));
                effects
            }
            Event::Presence(presence) => self.sit(presence, now),
            Event::Here => self.cover(None),
            Event::Unwatched(exchange) => {
                self.passing.pages.retain(|page| page.exchange != exchange);
                self.let_go(now, |_, it| it == exchange)
            }
        }
    }

    /// A run of the browser begins: whatever was armed was left without a word. Until the administrator's word is known,
    /// their last one holds.
    fn wake(&mut self, policy: Option<Policy>, now: DateTime<Utc>) -> Vec<Effect> {
        let policy = policy.unwrap_or(self.lasting.policy);
        self.lasting.policy = policy;
        self.passing = Passing { awake: true, policy, ..Passing::default() };
        let mut effects = Vec::new();
        for standing in self.lasting.sites.clone() {
            self.happen(&standing.site, Privacy::Ordinary, Happening::BrowserStarted, now);
            effects.extend(self.clean(&standing.site, Privacy::Ordinary));
        }
        if self.armed().next().is_some() {
            effects.push(Effect::Remind);
        }
        effects
    }

    /// What is watched of one exchange or of all has changed: open pages are armed or let go.
    fn reconsider(&mut self, exchange: Option<&str>, now: DateTime<Utc>) -> Vec<Effect> {
        let mut effects = self.let_go(now, |watch, it| exchange.is_none_or(|id| id == it) && !watch.watches(it));
        // Only what shows a log-in: what showed none proved something then, and proves nothing now.
        for page in self.passing.pages.clone() {
            if page.signed_in == SignedIn::Yes && exchange.is_none_or(|exchange| exchange == page.exchange) {
                effects.extend(self.see(page, now));
            }
        }
        effects
    }

    fn see(&mut self, page: OpenPage, now: DateTime<Utc>) -> Vec<Effect> {
        let moved = self.page(page.tab).is_some_and(|before| before.site != page.site);
        let mut effects = if moved { self.leave(page.tab, now) } else { Vec::new() };
        self.passing.pages.retain(|other| other.tab != page.tab);
        self.passing.pages.push(page.clone());
        let known = exchange::by_id(&page.exchange);
        let origin = known.filter(|exchange| exchange.has(&page.url)).map(|_| origin_of(&page.url));
        let is_login = known.is_some_and(|exchange| exchange.is_login_page(&page.url));
        let standing = self.standing_of(page.tab);
        let phase = standing.map_or(Phase::Out, |standing| standing.phase);
        let asked_here = standing.is_some_and(|standing| standing.asked_on.as_deref() == Some(page.url.as_str()));
        let seen_here = |standing: &Standing| standing.origins.iter().any(|seen| Some(seen.as_str()) == origin);
        let same_origin = standing.is_some_and(seen_here);
        let happening = match page.signed_in {
            SignedIn::Yes if phase == Phase::LoggingOut && asked_here => Happening::StillInside,
            SignedIn::Yes => Happening::Inside,
            // After the control was used, exchanges lead to a log-in page that may lie on another of their hosts.
            SignedIn::No if is_login && (same_origin || phase == Phase::LoggingOut) => Happening::LogInPage,
            SignedIn::No if same_origin => Happening::SignedOutPage,
            SignedIn::No => Happening::OtherHost,
            SignedIn::Unknown => return effects,
        };
        if phase == Phase::Out {
            if happening != Happening::Inside || !self.watches(&page.exchange) {
                return effects;
            }
            let standing = Standing {
                site: page.site.clone(),
                exchange: page.exchange,
                phase,
                since: now,
                origins: Vec::new(),
                asked_on: None,
                cleaned: false,
            };
            self.sites_mut(page.privacy).push(standing);
        }
        if page.signed_in == SignedIn::Yes
            && !same_origin
            && let Some((standing, origin)) = self.standing_mut(&page.site, page.privacy).zip(origin)
        {
            standing.origins.push(origin.to_owned());
        }
        effects.extend(self.happen(&page.site, page.privacy, happening, now));
        effects
    }

    fn leave(&mut self, tab: TabId, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(page) = self.page(tab).cloned() else { return Vec::new() };
        let armed = self.is_armed(tab);
        self.passing.pages.retain(|other| other.tab != tab);
        let others = self.passing.pages.iter().any(|other| other.site == page.site && other.privacy == page.privacy);
        if others || !armed {
            return Vec::new();
        }
        let mut effects = self.happen(&page.site, page.privacy, Happening::LastPageLeft, now);
        effects.extend(self.clean(&page.site, page.privacy));
        effects.push(Effect::Warn);
        effects
    }

    /// Deletes what the browser keeps of a log-in that was left, where the person wants it. A private window's data end
    /// with it; where another page of the exchange is open, its log-in shall stay.
    fn clean(&mut self, site: &SiteId, privacy: Privacy) -> Option<Effect> {
        let standing = self.sites(privacy).iter().find(|standing| standing.site == *site)?;
        let is_open = self.passing.pages.iter().any(|page| page.exchange == standing.exchange);
        let wanted = self.lasting.cleaned.contains(&standing.exchange);
        if standing.phase != Phase::Away || privacy == Privacy::Private || is_open || !wanted {
            return None;
        }
        let exchange = exchange::by_id(&standing.exchange)?;
        let store = site.0.split_once('|').map(|(_, store)| store.to_owned()).unwrap_or_default();
        let mut sites = standing.origins.clone();
        if store.is_empty() {
            sites.extend(exchange.origins.iter().map(|origin| (*origin).to_owned()));
        } else {
            sites = exchange.hosts().map(str::to_owned).collect();
        }
        self.standing_mut(site, privacy)?.cleaned = true;
        Some(Effect::Clean(sites, store))
    }

    fn sit(&mut self, presence: Presence, now: DateTime<Utc>) -> Vec<Effect> {
        let due = self.passing.covered_from;
        let covered = due.is_some_and(|at| at <= now);
        match presence {
            // What is covered is uncovered by the person's own press alone: whoever moves the mouse may be another.
            Presence::Active if covered => Vec::new(),
            Presence::Active => self.cover(None),
            _ if covered || !self.computer().is_shared() || self.armed().next().is_none() => Vec::new(),
            Presence::Idle if due.is_some() => Vec::new(),
            Presence::Idle => self.cover(Some(now + TimeDelta::seconds(COUNTDOWN_SECONDS))),
            Presence::Locked => self.cover(Some(now)),
        }
    }

    fn cover(&mut self, from: Option<DateTime<Utc>>) -> Vec<Effect> {
        if self.passing.covered_from == from {
            return Vec::new();
        }
        self.passing.covered_from = from;
        self.passing.pages.iter().map(|page| Effect::Repaint(page.tab)).collect()
    }

    /// The person's own word: these exchanges are not watched any more.
    fn let_go(&mut self, now: DateTime<Utc>, which: impl Fn(&Self, &str) -> bool) -> Vec<Effect> {
        let mut effects = Vec::new();
        for privacy in [Privacy::Ordinary, Privacy::Private] {
            for standing in self.sites(privacy).clone() {
                if which(self, &standing.exchange) {
                    effects.extend(self.happen(&standing.site, privacy, Happening::Unwatched, now));
                }
            }
        }
        effects
    }

    /// The one place where a phase changes.
    fn happen(&mut self, site: &SiteId, privacy: Privacy, happening: Happening, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(standing) = self.standing_mut(site, privacy) else { return Vec::new() };
        let (before, after) = (standing.phase, standing.phase.after(happening));
        if before == after {
            return Vec::new();
        }
        (standing.phase, standing.since) = (after, now);
        if after != Phase::LoggingOut {
            standing.asked_on = None;
        }
        standing.cleaned &= happening != Happening::Inside;
        let mut effects: Vec<Effect> = Vec::new();
        if after == Phase::Out {
            self.sites_mut(privacy).retain(|standing| standing.site != *site);
            if proves(before, happening) {
                effects.push(Effect::Over(site.clone(), privacy));
            }
            if self.armed().next().is_none() {
                effects.extend(self.cover(None));
            }
        }
        let pages = self.passing.pages.iter().filter(|page| page.site == *site && page.privacy == privacy);
        effects.extend(pages.map(|page| Effect::Repaint(page.tab)));
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
