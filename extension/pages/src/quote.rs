//! Texts of a page: shown as they are, isolated, and never longer than a screen.

use leptos::prelude::*;

/// How many characters of a page's text are shown at all.
const LONGEST: usize = 600;

/// A page's text, isolated; cut where it is beyond all reason. The style sheet clamps it to a few lines.
pub fn quote(text: &str) -> AnyView {
    let text = shortened(text);
    let title = text.clone();
    view! { <bdi class="quote" title=title>{text}</bdi> }.into_any()
}

/// The same with all of its lines.
pub fn quote_in_full(text: &str) -> AnyView {
    view! { <bdi class="quote full">{shortened(text)}</bdi> }.into_any()
}

/// An address or a host: always left to right.
pub fn code(text: &str) -> AnyView {
    view! { <bdi dir="ltr" class="code">{shortened(text)}</bdi> }.into_any()
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_usual_length_stays_as_it_is() {
        assert_eq!(shortened("Chrome V99.0.4844.84 (Windows)"), "Chrome V99.0.4844.84 (Windows)");
        assert_eq!(shortened(&"é".repeat(LONGEST)), "é".repeat(LONGEST));
    }

    #[test]
    fn a_text_beyond_reason_is_cut_between_characters() {
        let cut = shortened(&"é".repeat(LONGEST + 1));
        assert_eq!(cut.chars().count(), LONGEST + 1);
        assert!(cut.ends_with('…'));
    }
}
