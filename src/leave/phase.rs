//! The phases of one log-in, and what leads from one to the next: a total table, and nothing else.

use serde::{Deserialize, Serialize};

/// How one exchange's log-in in one cookie store stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Not watched: never seen signed in, proven signed out, or the person's own computer.
    #[default]
    Out,
    /// A page of it was seen signed in.
    SignedIn,
    /// The log-out control was used, and nothing proves yet that it worked.
    LoggingOut,
    /// Signed in as far as is known, and none of its pages is open any more.
    Away,
    /// The person said that they know: nothing nags, and nothing is proven.
    Dismissed,
}

/// What can happen to a log-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// A page shows that the person is signed in.
    Inside,
    /// The page on which the log-out control was used still shows it: its question may be open.
    StillInside,
    /// Its log-in page asks for a log-in, on an origin on which it was seen signed in.
    LogInPage,
    /// Another page of such an origin offers to log in.
    SignedOutPage,
    /// A page of another of the exchange's hosts offers to log in.
    OtherHost,
    /// The person pressed the exchange's own control that ends this session.
    ControlUsed,
    /// The last of its pages was closed, or went elsewhere.
    LastPageLeft,
    /// The browser started anew.
    BrowserStarted,
    /// The person said that they know.
    Dismissed,
    /// It is the person's own computer after all, or the exchange is not watched any more.
    Unwatched,
}

impl Phase {
    /// All phases.
    pub const ALL: [Self; 5] = [Self::Out, Self::SignedIn, Self::LoggingOut, Self::Away, Self::Dismissed];

    /// Whether the person is to be warned.
    pub fn is_armed(self) -> bool {
        matches!(self, Self::SignedIn | Self::LoggingOut | Self::Away)
    }

    /// The phase after something has happened. Total.
    ///
    /// From a watched phase to [`Phase::Out`] lead but two ways: proof ([`proves`]) and the person's own word
    /// ([`Happening::Unwatched`]).
    #[must_use]
    pub fn after(self, happening: Happening) -> Self {
        match (self, happening) {
            (_, Happening::Inside) => Self::SignedIn,
            (_, Happening::Unwatched) | (Self::Out, _) => Self::Out,
            _ if proves(self, happening) => Self::Out,
            (_, Happening::ControlUsed) => Self::LoggingOut,
            (_, Happening::Dismissed) => Self::Dismissed,
            (Self::Dismissed, _) => Self::Dismissed,
            (Self::Away, Happening::StillInside) => Self::SignedIn,
            (_, Happening::LastPageLeft | Happening::BrowserStarted) => Self::Away,
            (phase, _) => phase,
        }
    }
}

/// Whether what happened proves that nobody is signed in here any more. Using the control alone proves nothing.
pub fn proves(phase: Phase, happening: Happening) -> bool {
    match happening {
        Happening::LogInPage => phase != Phase::Out,
        // Elsewhere than on the log-in page an offer to log in may be a page that is not complete yet.
        Happening::SignedOutPage => phase == Phase::LoggingOut,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HAPPENINGS: [(Happening, &str); 10] = [
        (Happening::Inside, "seen signed in"),
        (Happening::StillInside, "the page with the question still shows it"),
        (Happening::LogInPage, "its log-in page asks for a log-in"),
        (Happening::SignedOutPage, "a page of the same origin offers to log in"),
        (Happening::OtherHost, "a page of another host offers to log in"),
        (Happening::ControlUsed, "the log-out control is used"),
        (Happening::LastPageLeft, "its last page is left"),
        (Happening::BrowserStarted, "the browser starts"),
        (Happening::Dismissed, "“I know”"),
        (Happening::Unwatched, "“this is my computer”"),
    ];

    #[test]
    fn a_watched_log_in_ends_by_proof_or_by_the_persons_word_and_by_nothing_else() {
        for phase in Phase::ALL.into_iter().filter(|phase| *phase != Phase::Out) {
            for (happening, words) in HAPPENINGS {
                let ended = phase.after(happening) == Phase::Out;
                let may = proves(phase, happening) || happening == Happening::Unwatched;
                assert_eq!(ended, may, "{phase:?} when {words}");
            }
        }
    }

    #[test]
    fn the_control_alone_and_a_dialog_that_is_cancelled_prove_nothing() {
        let asked = Phase::SignedIn.after(Happening::ControlUsed);
        assert_eq!(asked, Phase::LoggingOut);
        assert!(asked.is_armed());
        assert_eq!(asked.after(Happening::StillInside), Phase::LoggingOut);
        assert_eq!(asked.after(Happening::Inside), Phase::SignedIn);
        assert_eq!(asked.after(Happening::Inside).after(Happening::SignedOutPage), Phase::SignedIn);
    }

    #[test]
    fn a_page_that_is_not_complete_yet_disarms_nothing() {
        for phase in [Phase::SignedIn, Phase::Away, Phase::Dismissed] {
            assert_eq!(phase.after(Happening::SignedOutPage), phase);
        }
        for phase in Phase::ALL {
            assert_eq!(phase.after(Happening::OtherHost), phase);
        }
    }

    /// The picture in ARCHITECTURE.md is drawn from the table above.
    #[test]
    fn the_picture_is_that_of_the_code() {
        let name = |phase: Phase| match phase {
            Phase::Out => "[*]".to_owned(),
            other => format!("{other:?}"),
        };
        let mut lines = Vec::new();
        for phase in Phase::ALL {
            for (happening, words) in HAPPENINGS {
                let next = phase.after(happening);
                if next != phase {
                    lines.push(format!("    {} --> {}: {words}", name(phase), name(next)));
                }
            }
        }
        let picture = format!("```mermaid\nstateDiagram-v2\n{}\n```\n", lines.join("\n"));
        let architecture = include_str!("../../ARCHITECTURE.md");
        assert!(architecture.contains(&picture), "ARCHITECTURE.md shall hold\n{picture}");
    }
}
