//! What screens show: plain data in the screens' own vocabulary. No judgement is made behind this line.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::explain::Message;
use crate::leave::{Computer, Leaving, SiteId};
use crate::memory::{Answer, ListName, RowId};
use crate::page::NodeId;
use crate::risk::{Settings, Stage, Verdict};
use crate::state::AccountId;

/// The popup.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PopupView {
    /// What the tab in front of the person is.
    pub screen: Screen,
    /// What the person must know besides: stored data that could not be read, and the like.
    pub notices: Vec<Message>,
    /// Whose computer it is, and what that means for this tab.
    pub watch: WatchView,
    /// What can be taught of this tab's page.
    pub teach: TeachView,
}

/// The popup's part of teaching.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TeachView {
    /// Whether the tab's page can be taught.
    pub can: bool,
    /// Whether it was.
    pub taught: bool,
    /// All that was taught, as a file; `None` where nothing was.
    pub file: Option<String>,
}

/// What was understood of what a person pointed at.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LessonView {
    /// The rows: of each its address, device, time, place and control, as texts; empty is unknown. The time is in
    /// milliseconds since 1970.
    pub rows: Vec<[String; 5]>,
    /// What was not taken, by the name of the part, and why; an empty name speaks of the whole.
    pub refused: Vec<(&'static str, Message)>,
    /// Whether it is remembered now.
    pub saved: bool,
}

/// The popup's part of the watch.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct WatchView {
    /// Whose computer it is.
    pub computer: Computer,
    /// Whether the person is asked, and why.
    pub asks: Option<Message>,
    /// What the tab's exchange is told to do when it is left; on the person's own computer only.
    pub leaving: Option<LeavingView>,
    /// Where the person is signed in and to be warned of it.
    pub armed: Vec<ArmedView>,
}

/// What happens when an exchange is left, on the person's own computer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeavingView {
    /// The exchange's id.
    pub exchange: String,
    /// Its name.
    pub name: String,
    /// What the person wants.
    pub leaving: Leaving,
}

/// A log-in that the person is to be warned of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmedView {
    /// Which.
    pub site: SiteId,
    /// The exchange's name.
    pub name: String,
    /// Whether none of its pages is open any more.
    pub left: bool,
    /// Since when it stands so.
    pub since: DateTime<Utc>,
    /// The way back, to log out.
    pub back: String,
    /// How long it stays alive.
    pub lives: Message,
    /// Whether the browser's data of the exchange were deleted: the session may live on all the same.
    #[serde(default)]
    pub cleaned: bool,
}

/// The page that says that the person left while signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeaveView {
    /// Whose computer it is.
    pub computer: Computer,
    /// The log-ins, the ones that were left first.
    pub armed: Vec<ArmedView>,
}

/// What the popup says of the tab in front.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Screen {
    /// Not an exchange that Latchkey knows.
    Elsewhere {
        /// The exchanges that are watched.
        watched: Vec<ExchangeView>,
    },
    /// A known exchange that the person has not asked to watch.
    NotWatched {
        /// The exchange.
        exchange: ExchangeView,
    },
    /// A watched exchange whose page has not been read yet.
    NotRead {
        /// The exchange.
        exchange: ExchangeView,
    },
    /// A page of the exchange that lists no sessions.
    NoList {
        /// The exchange.
        exchange: ExchangeView,
    },
    /// A page that should list sessions and cannot be read. Never shown as safe.
    Unreadable {
        /// The exchange.
        exchange: ExchangeView,
        /// Why.
        problems: Vec<Message>,
    },
    /// The sessions.
    Sessions(Box<AccountView>),
}

/// An exchange, as screens name it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExchangeView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its hosts, for the person to compare.
    pub hosts: Vec<String>,
    /// The match patterns to ask for.
    pub patterns: Vec<String>,
    /// Where its device page is, as far as known.
    pub device_page: Option<String>,
    /// Whether it is watched.
    pub watched: bool,
}

/// An account's sessions, judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountView {
    /// Which account, for answers.
    pub id: AccountId,
    /// The exchange.
    pub exchange: ExchangeView,
    /// The account's own name on the page, where the page shows one.
    pub label: Option<String>,
    /// When the page was read.
    pub read_at: DateTime<Utc>,
    /// Whether enough is known to tell.
    pub stage: Stage,
    /// How many findings there are, of rows and of the account.
    pub findings: u32,
    /// The live sessions, in the page's order.
    pub sessions: Vec<RowView>,
    /// The logins that are findings, in the page's order.
    pub logins: Vec<RowView>,
    /// What is found of the account as a whole.
    pub account: Vec<FindingView>,
    /// What of the page could not be read.
    pub problems: Vec<Message>,
    /// The day of the packaged data that the rows were looked up in, where it was at hand.
    pub data: Option<DateTime<Utc>>,
    /// Whether answers are kept (they are not in a private window).
    pub remembers: bool,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowView {
    /// Its name, for answers.
    pub id: RowId,
    /// Which list it stands in.
    pub list: ListName,
    /// The device as the page names it; `None` where the page does not.
    pub device: Option<String>,
    /// What the person calls it.
    pub nickname: Option<String>,
    /// The place as the page names it.
    pub place: Option<String>,
    /// The address as the page gives it.
    pub ip: Option<String>,
    /// How near to the place the person is, by the packaged data: one sentence, or none.
    pub near: Vec<Message>,
    /// Who runs the address's network, where, and of what kind it is.
    pub network: Vec<Message>,
    /// When it signed in.
    pub signed_in_at: Option<DateTime<Utc>>,
    /// When it was last active.
    pub last_active_at: Option<DateTime<Utc>>,
    /// Whether it is the session in which the person looks.
    pub current: bool,
    /// What to make of it.
    pub verdict: Verdict,
    /// What the mark says in place of the verdict's own word.
    #[serde(default)]
    pub mark: Option<Message>,
    /// What the person said of it.
    pub answer: Option<Answer>,
    /// Why, strongest first.
    pub reasons: Vec<Reason>,
    /// Where it stands in the page.
    pub node: Option<NodeId>,
}

/// One reason for a verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// In words.
    pub message: Message,
    /// Which way it speaks.
    pub speaks: Speaks,
    /// How much, in nats.
    pub nats: f64,
}

/// Which way a reason speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaks {
    /// That the row is the person's.
    For,
    /// That it is not.
    Against,
}

/// Something found of the account as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FindingView {
    /// What, in words.
    pub message: Message,
    /// How grave.
    pub verdict: Verdict,
    /// What the person can say whose it is: a key, a caller, a withdrawal address.
    pub entry: Option<RowId>,
}

/// The welcome page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WelcomeView {
    /// All exchanges that can be watched.
    pub exchanges: Vec<ExchangeView>,
    /// What the person must know besides.
    pub notices: Vec<Message>,
}

/// The settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SettingsView {
    /// Whose computer it is: on one of others nothing can be told.
    pub computer: Computer,
    /// What happens when each of the watched exchanges is left.
    pub leavings: Vec<LeavingView>,
    /// What the person has told of themselves.
    pub told: Settings,
    /// The accounts that are remembered.
    pub accounts: Vec<KeptView>,
    /// The devices that are not the person's, or no longer.
    pub diary: Vec<DiaryView>,
    /// The devices that were seen, by the names that the person knows.
    pub devices: Vec<String>,
}

/// What is remembered of an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptView {
    /// Which.
    pub id: AccountId,
    /// What it is called.
    pub name: String,
    /// How many sessions and logins are remembered one by one.
    pub rows: u32,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
}

/// A device in the diary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DiaryView {
    /// The account to which somebody signed in on it; none of a device that was lost.
    pub account: Option<AccountId>,
    /// The device, in the person's words.
    pub device: String,
    /// How it stands with its sessions, one line an account.
    pub lines: Vec<DiaryLine>,
}

/// How it stands with a device at one account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DiaryLine {
    /// In words.
    pub message: Message,
    /// How it looks.
    pub tone: Tone,
    /// Where to look next.
    pub page: Option<String>,
}

/// A page without its values, to be looked at before it is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleView {
    /// The file's name.
    pub name: String,
    /// The page as HTML.
    pub html: String,
    /// How many texts were changed.
    pub replaced: u32,
}

/// What is drawn over an exchange's page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Painting {
    /// The capture that it belongs to; drawn on no other.
    pub revision: u64,
    /// One a row.
    pub chips: Vec<Chip>,
    /// Where there are findings.
    pub banner: Option<Banner>,
    /// Where the page shows a log-in that the person is to be warned of.
    pub guard: Option<Guard>,
    /// The slim line that says so.
    pub bar: Option<Bar>,
}

/// What the page's script needs to stand guard while the person is signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Guard {
    /// The exchange's hosts: going from one to another is not leaving.
    pub hosts: Vec<String>,
    /// From when on the page is to be covered, where nobody seems to sit before the screen.
    pub covered_from: Option<DateTime<Utc>>,
    /// The exchange's name.
    pub name: String,
    /// How long the log-in stays alive that is only left.
    pub lives: Message,
}

/// The slim line of the watch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// How it looks.
    pub tone: Tone,
    /// Its words.
    pub text: Message,
    /// How long the log-in stays alive, and the like.
    pub detail: Message,
    /// The words of the way to log out.
    pub action: Option<Message>,
    /// The node that it leads to.
    pub target: Option<NodeId>,
}

/// The mark beside a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chip {
    /// The row's node.
    pub node: NodeId,
    /// How it looks.
    pub tone: Tone,
    /// Its words.
    pub label: Message,
    /// Why, strongest first.
    pub reasons: Vec<Message>,
}

/// The line that says how many findings there are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Banner {
    /// How it looks.
    pub tone: Tone,
    /// Its words.
    pub text: Message,
    /// The node of the first finding, where a row is one.
    pub first: Option<NodeId>,
}

/// How grave something looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// The person's own.
    Good,
    /// Too little is known.
    Unknown,
    /// Look at it.
    Check,
    /// Probably not the person.
    Act,
}

/// The toolbar's badge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Badge {
    /// A few characters; empty for none.
    pub text: String,
    /// How it looks.
    pub tone: Tone,
    /// What a screen reader and the tooltip say.
    pub title: Message,
}

impl RowView {
    /// The words of its mark.
    pub fn label(&self) -> Message {
        self.mark.clone().unwrap_or_else(|| self.verdict.label())
    }
}

impl Painting {
    /// Nothing over this look at a page.
    pub fn blank(revision: u64) -> Self {
        Self { revision, chips: Vec::new(), banner: None, guard: None, bar: None }
    }
}

impl Verdict {
    /// Whether it is a finding that the person should look at.
    pub fn is_finding(self) -> bool {
        self >= Self::Check
    }

    /// How it looks.
    pub fn tone(self) -> Tone {
        match self {
            Self::Known => Tone::Good,
            Self::Learning => Tone::Unknown,
            Self::Check => Tone::Check,
            Self::Act => Tone::Act,
        }
    }

    /// The word for it.
    pub fn label(self) -> Message {
        Message::new(match self {
            Self::Known => "verdict_known",
            Self::Learning => "verdict_learning",
            Self::Check => "verdict_check",
            Self::Act => "verdict_act",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_check_and_act_are_findings() {
        let findings: Vec<_> = [Verdict::Known, Verdict::Learning, Verdict::Check, Verdict::Act]
            .into_iter()
            .filter(|verdict| verdict.is_finding())
            .collect();
        assert_eq!(findings, [Verdict::Check, Verdict::Act]);
    }
}
