//! Whose account a page is of, as its header shows it: so that two accounts in one browser can be told apart.

use super::topics;
use crate::page::{NodeId, Page};

/// The account's mail address (plain or masked) or number, where the page shows it outside its content: in a header,
/// a side bar or the button of a menu. `None` where it shows none there, or several.
///
/// ```
/// use latchkey::{page::Page, reading::account_label};
/// let page = Page::from_html("<header><button>m***a@example.org</button></header><main>x@example.net</main>", "");
/// assert_eq!(account_label(&page).as_deref(), Some("m***a@example.org"));
/// ```
pub fn account_label(page: &Page) -> Option<String> {
    let mut found: Option<String> = None;
    let mut number: Option<String> = None;
    for (id, node) in page.nodes().iter().enumerate() {
        if !node.is_text() || node.text.len() > 120 || !is_around(page, id as NodeId) {
            continue;
        }
        if let Some(mail) = node
            .text
            .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | ',' | ';'))
            .find(|word| is_mail(word))
        {
            match &found {
                Some(known) if known != mail => return None,
                _ => found = Some(mail.to_owned()),
            }
        }
        if number.is_none() {
            number = uid(&node.text);
        }
    }
    found.or(number)
}

/// Whether a node stands around the content: in a header, navigation or a menu's button, and in no list of records.
fn is_around(page: &Page, node: NodeId) -> bool {
    let mut at = Some(node);
    let mut around = false;
    for _ in 0..40 {
        let Some(element) = at.and_then(|id| page.node(id)) else { break };
        let role = element.attribute("role").unwrap_or_default();
        match element.tag.as_str() {
            "main" | "table" | "section" | "article" | "footer" | "form" => return false,
            "header" | "nav" | "aside" => around = true,
            "button" if element.attribute("aria-haspopup").is_some() => around = true,
            _ => around |= matches!(role, "banner" | "navigation" | "menu"),
        }
        // A bar at the top, whatever its element: what stands within the first levels of the body, before any heading.
        if element.depth == 2 && element.index == 0 && !around {
            around = !page.subtree(at.unwrap_or_default()).any(|below| topics::in_heading(page, below));
        }
        at = element.parent;
    }
    around
}

fn is_mail(word: &str) -> bool {
    let Some((name, host)) = word.split_once('@') else { return false };
    !name.is_empty()
        && name.len() <= 64
        && !host.contains('@')
        && host.len() >= 3
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '*' | '•'))
        && (host.contains('.') || host.contains('*'))
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '*' | '•'))
}

/// "UID: 48213377", "ID 48213377".
fn uid(text: &str) -> Option<String> {
    let folded = super::text::fold(text);
    let at = folded.find("uid").or_else(|| folded.find("user id"))?;
    let digits: String =
        folded[at..].chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    (6..=14).contains(&digits.len()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(html: &str) -> Option<String> {
        account_label(&Page::from_html(html, ""))
    }

    #[test]
    fn a_header_tells_whose_account_it_is() {
        assert_eq!(label("<header><span>UID: 48213377</span></header>").as_deref(), Some("48213377"));
        assert_eq!(label("<aside><p>MA m***a@example.org</p></aside>").as_deref(), Some("m***a@example.org"));
    }

    #[test]
    fn the_content_does_not_tell() {
        assert_eq!(label("<main><p>m***a@example.org</p></main>"), None);
        assert_eq!(label("<header>a@example.org</header><nav>b@example.org</nav>"), None, "two are none");
    }
}
