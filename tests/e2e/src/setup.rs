//! How a browser is started.

/// Which browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Chromium.
    Chromium,
    /// Firefox.
    Firefox,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Chromium, Self::Firefox];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }
}

/// How a browser is started.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Which.
    pub kind: Kind,
    /// Its language.
    pub language: &'static str,
    /// Host names that lead to this machine.
    pub hosts: Vec<String>,
    /// Whether a window is opened on the person's display.
    pub display: Display,
    /// Whether the person prefers dark colours.
    pub colours: Colours,
    /// What is installed.
    pub package: Package,
    /// What the browser's own question before leaving a page does.
    pub question: Question,
    /// Whether the extension may see private windows.
    pub private_windows: PrivateWindows,
    /// What the machine's administrator says.
    pub policy: Policy,
    /// Whether the test does much or waits for long.
    pub pace: Pace,
}

/// Whether a test does much or waits for long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// It does much: one such browser of a kind at a time, for a machine of two cores.
    Busy,
    /// It mostly waits, beside the others.
    Waiting,
}

/// What the browser's own question before leaving a page does in a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// It is answered with yes, unseen.
    Answered,
    /// It stands open until the test answers.
    StandsOpen,
}

/// Whether the extension may see private windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrivateWindows {
    /// As by default: no.
    Unseen,
    /// The person has allowed it.
    Seen,
}

/// What the machine's administrator says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Nothing.
    None,
    /// That many people use this computer.
    SharedComputer,
}

/// What is installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Package {
    /// The extension as it was packed.
    AsPacked,
    /// The same with its core damaged, to see what a person is told then.
    WithDamagedCore,
    /// The build for administrators, which requires the exchanges' hosts.
    Managed,
    /// The same with another key to check imported data with: the private half of the packaged one is no test's to have.
    WithKey([u8; 32]),
}

/// Where a browser is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Display {
    /// Nowhere: headless.
    None,
    /// On the person's display.
    Window,
}

/// The colours that a person prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Setup {
    /// A headless English browser.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            language: "en",
            hosts: Vec::new(),
            display: Display::None,
            colours: Colours::Light,
            package: Package::AsPacked,
            question: Question::Answered,
            private_windows: PrivateWindows::Unseen,
            policy: Policy::None,
            pace: Pace::Busy,
        }
    }

    /// The same, with the browser's own question before leaving left open.
    #[must_use]
    pub fn asking(self) -> Self {
        Self { question: Question::StandsOpen, ..self }
    }

    /// The same, in a test that mostly waits.
    #[must_use]
    pub fn waiting(self) -> Self {
        Self { pace: Pace::Waiting, ..self }
    }

    /// The same, with private windows that the extension may see.
    #[must_use]
    pub fn seeing_private_windows(self) -> Self {
        Self { private_windows: PrivateWindows::Seen, ..self }
    }

    /// The same, on a computer whose administrator says that many people use it.
    #[must_use]
    pub fn managed(self) -> Self {
        Self { policy: Policy::SharedComputer, ..self }
    }

    /// The same, in another language.
    #[must_use]
    pub fn language(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    /// The same, with host names that lead to this machine.
    #[must_use]
    pub fn hosts(self, hosts: Vec<String>) -> Self {
        Self { hosts, ..self }
    }

    /// The same, with another package.
    #[must_use]
    pub fn package(self, package: Package) -> Self {
        Self { package, ..self }
    }

    /// The same, for somebody who prefers dark colours.
    #[must_use]
    pub fn dark(self) -> Self {
        Self { colours: Colours::Dark, ..self }
    }
}
