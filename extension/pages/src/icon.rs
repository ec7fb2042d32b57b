//! Icons: own drawings on a grid of 20, in the colour of the text, silent to a screen reader.

use latchkey::view::Tone;
use leptos::prelude::*;

/// A drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// Latchkey's own mark.
    Key,
    /// A tick in a circle.
    Tick,
    /// A question mark in a circle.
    Question,
    /// An eye.
    Eye,
    /// A warning triangle.
    Warning,
    /// A tick alone.
    Yes,
    /// A cross alone.
    No,
    /// A pencil.
    Pencil,
    /// A target on a page.
    Target,
    /// An arrow out of a box.
    Outward,
    /// A plug without its socket.
    Unplugged,
    /// A sheet.
    Sheet,
    /// A padlock.
    Lock,
}

impl Icon {
    /// The icon of a tone.
    pub fn of(tone: Tone) -> Self {
        match tone {
            Tone::Good => Self::Tick,
            Tone::Unknown => Self::Question,
            Tone::Check => Self::Eye,
            Tone::Act => Self::Warning,
        }
    }

    /// Draws it.
    pub fn draw(self) -> AnyView {
        view! {
            <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
                <path d=self.path() />
            </svg>
        }
        .into_any()
    }

    fn path(self) -> &'static str {
        match self {
            Self::Key => "M6.5 14a4 4 0 1 1 3.7-5.5H18V12h-2v2.500h-3V12h-2.800A4 4 0 0 1 6.500 14ZM6 10h.01",
            Self::Tick => "M10 2.500a7.500 7.500 0 1 1 0 15 7.500 7.500 0 0 1 0-15ZM6.500 10.200l2.400 2.400 4.600-5",
            Self::Question => {
                "M10 2.500a7.500 7.500 0 1 1 0 15 7.500 7.500 0 0 1 0-15ZM7.800 8a2.250 2.250 0 1 1 3.400 1.900c-.800.500-1.200.900-1.200 1.700M10 14.200h.01"
            }
            Self::Eye => {
                "M1.800 10S4.800 4.500 10 4.500 18.200 10 18.200 10 15.200 15.500 10 15.500 1.800 10 1.800 10ZM10 7.600a2.400 2.400 0 1 1 0 4.800 2.400 2.400 0 0 1 0-4.800Z"
            }
            Self::Warning => "M10 2.800 18.300 17H1.700L10 2.800ZM10 8v4M10 14.500h.01",
            Self::Yes => "M4 10.500l4 4 8-9",
            Self::No => "M5 5l10 10M15 5 5 15",
            Self::Pencil => {
                "M3.500 16.500l.700-3.500L13.500 3.700l2.800 2.800L7 15.800l-3.500.700ZM11.500 5.700l2.800 2.800"
            }
            Self::Target => "M10 4.500a5.500 5.500 0 1 1 0 11 5.500 5.500 0 0 1 0-11ZM10 2v4M10 14v4M2 10h4M14 10h4",
            Self::Outward => "M8 4.500H4.500v11h11V12M11.500 3.500h5v5M16.500 3.500l-7 7",
            Self::Unplugged => "M3 17l3-3M5 11l4 4 1.500-1.500-4-4L5 11ZM17 3l-3 3M11 5l4 4-1.500 1.500-4-4L11 5Z",
            Self::Sheet => "M5 2.500h6.500L15.500 6.500v11H5v-15ZM11.500 2.500v4h4M8 10.500h4.500M8 13.500h4.500",
            Self::Lock => "M4.500 9h11v8h-11V9ZM7 9V6.500a3 3 0 0 1 6 0V9M10 12.300v1.500",
        }
    }
}
