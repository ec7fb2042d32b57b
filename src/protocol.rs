//! Everything that can happen, and everything that can be asked of the browser.
//!
//! Who may say what is a matter of type: a message from a page's script can only become a [`FromPage`], one from an
//! extension's own screen only a [`FromScreen`].

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::explain::Message;
use crate::leave::{Leaving, Policy, Presence, SiteId, Whose};
use crate::memory::{Answer, RowId};
use crate::page::NodeId;
use crate::state::AccountId;
pub use crate::tab::{Privacy, Tab, TabId};
use crate::view::{Badge, LeaveView, LessonView, Painting, PopupView, SampleView, SettingsView, WelcomeView};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The browser says so.
    Browser(FromBrowser),
    /// A page's script says so, in this tab.
    Page(Tab, FromPage),
    /// A screen of the extension says so.
    Screen(FromScreen),
}

/// What the browser says.
#[derive(Debug, Clone, PartialEq)]
pub enum FromBrowser {
    /// The extension was installed, updated or the browser started, and these match patterns are granted.
    Started {
        /// Whether it was installed just now.
        installed: Installed,
        /// The match patterns and the permissions that the person has granted.
        granted: Vec<String>,
    },
    /// The person granted or withdrew hosts or permissions; these are granted now.
    Granted(Vec<String>),
    /// A tab went to another document.
    TabNavigated(Tab),
    /// A tab was closed.
    TabClosed(TabId),
    /// The first event of a run of the browser is about to be handled; what the machine's administrator says, where it
    /// is known so soon.
    Woken(Option<Policy>),
    /// The administrator says something else now.
    Policy(Policy),
    /// Somebody is, or is not, before the screen.
    Presence(Presence),
    /// The moment has come for which an alarm was set.
    Alarm,
}

/// Whether the extension has just been installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installed {
    /// For the first time.
    JustNow,
    /// It was there before.
    Before,
}

/// What a page's script says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FromPage {
    /// It has looked at its page.
    Page {
        /// Its number for this look.
        revision: u64,
        /// The [`crate::page::Capture`], as JSON.
        capture: String,
    },
    /// The person, who is signed in and to be warned of it, pressed something.
    Pressed {
        /// The page's number for its last look.
        revision: u64,
        /// The node that was pressed, where that look has it.
        node: Option<NodeId>,
        /// Its words.
        words: String,
    },
    /// The person pressed "I am still here".
    Here,
    /// The person pointed at a row and its parts.
    Lesson {
        /// The [`crate::page::Capture`] of the page, as JSON.
        capture: String,
        /// At what: the text of a [`crate::reading::lesson::Pointing`].
        pointing: String,
        /// Whether it is to be remembered, or only tried.
        save: bool,
    },
}

/// What a screen of the extension says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FromScreen {
    /// The popup opened over this tab.
    Popup {
        /// The tab.
        tab: Tab,
    },
    /// The welcome page opened.
    Welcome,
    /// The person says whose a row is; `None` takes an answer back.
    Answer {
        /// The tab whose reading is answered.
        tab: TabId,
        /// The account.
        account: AccountId,
        /// The row.
        row: RowId,
        /// The answer.
        answer: Option<Answer>,
    },
    /// The person names a row's device; empty takes the name back.
    Name {
        /// The tab whose reading is named.
        tab: TabId,
        /// The account.
        account: AccountId,
        /// The row.
        row: RowId,
        /// The name.
        name: String,
    },
    /// The person wants to see a row in its page.
    Show {
        /// The tab.
        tab: TabId,
        /// The row's node.
        node: NodeId,
    },
    /// The person wants a sample of a page, to attach it to a report.
    Sample {
        /// The [`crate::page::Capture`] of the page, as JSON.
        capture: String,
    },
    /// The person wants to teach the page of a tab.
    Teach {
        /// The tab.
        tab: Tab,
    },
    /// The person wants what they taught of a tab's page to be forgotten.
    Forget {
        /// The tab.
        tab: Tab,
    },
    /// The person has read the notices.
    DismissNotices,
    /// The page that says that the person left while signed in opened.
    Leave,
    /// The person says whose computer this is.
    Computer {
        /// Whose.
        whose: Whose,
    },
    /// The person says what they want when they leave an exchange, on their own computer.
    Leaving {
        /// The exchange's id.
        exchange: String,
        /// What they want.
        leaving: Leaving,
    },
    /// The person knows that they are still signed in.
    DismissLeft {
        /// Where.
        site: SiteId,
    },
    /// The settings opened.
    Settings,
    /// The person tells of themselves, or has something forgotten.
    Told(Told),
}

/// What the person says on the settings page. One shape for all of it: each shape more would weigh a kilobyte.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// What it is about.
    pub about: About,
    /// Of which account, where it is of one.
    pub account: Option<AccountId>,
    /// The words, as [`About`] has them.
    pub words: Vec<String>,
    /// Until when, in milliseconds of Unix time.
    pub until: f64,
}

/// What something that the person says is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// Everything that is remembered, or the account's part of it, shall be forgotten.
    Forget,
    /// What is remembered of the account is wanted.
    #[default]
    Export,
    /// The words are the codes of the countries that the person is usually in.
    UsualCountries,
    /// Those that their VPN comes out in.
    VpnCountries,
    /// They want to be asked seldom.
    Calm,
    /// As is right for most.
    Balanced,
    /// Often.
    Watchful,
    /// They signed in to the account on a device that is not theirs: its words, and perhaps a country's code.
    Borrowed,
    /// They lost, sold or lent a device: the name of one that is known, or their own words.
    Lost,
    /// They put away what the diary has of a device: its words, with the account of a borrowed one.
    PutAway,
}

/// What is answered to whoever caused an event.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// Nothing to say.
    #[default]
    Done,
    /// Draw this. Goes to a page's script by a way of its own, with its words.
    #[serde(skip)]
    Painting(Painting),
    /// Draw nothing.
    Clear {
        /// The look at the page that this answers.
        revision: u64,
    },
    /// Stop: this host is not watched (any more).
    Stop,
    /// The popup.
    Popup(PopupView),
    /// The welcome page.
    Welcome(WelcomeView),
    /// The sample.
    Sample(SampleView),
    /// What was understood of what the person pointed at. Goes to a page's script by a way of its own.
    #[serde(skip)]
    Lesson(LessonView),
    /// The page that says that the person left while signed in.
    Leave(LeaveView),
    /// The settings.
    Settings(Box<SettingsView>),
    /// What is remembered of an account, as JSON.
    Export(String),
    /// What was asked cannot be done.
    Refused {
        /// Why, for the log.
        why: String,
    },
}

/// What the browser is asked to do, after the state is saved.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Show this in the toolbar for a tab; `None` takes the badge away.
    Badge(TabId, Option<Badge>),
    /// Show this in the toolbar for tabs that have nothing of their own to show.
    BadgeElsewhere(Option<Badge>),
    /// Draw this over a tab's page.
    Paint(TabId, Box<Painting>),
    /// Scroll a tab's page to a node.
    Show(TabId, NodeId),
    /// Run the page scripts on exactly these match patterns from now on, in open tabs too.
    Watch(Vec<String>),
    /// Tell the scripts of a tab to stop and clean up: its host is not watched any more.
    Stop(TabId),
    /// Run the page scripts in a tab, where they do not run already, and have its page looked at anew.
    Read(TabId),
    /// Let the person point at things in a tab's page.
    Teach(TabId),
    /// Tell open screens that what they show of a tab has changed.
    Changed(TabId),
    /// Open the welcome page.
    OpenWelcome,
    /// Open the page that says that the person left while signed in, or bring it to the front.
    OpenLeave,
    /// Say this, one sentence after the other, in a notification, where the person has allowed them.
    Notify(Vec<Message>),
    /// Wake the background at this moment, and at no other.
    Alarm(DateTime<Utc>),
    /// Delete what the browser keeps of these origins, where the person has allowed it; of these hosts in a cookie
    /// store, where the browser names its stores.
    Clean(Vec<String>, String),
}
