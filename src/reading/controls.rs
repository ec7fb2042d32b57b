//! Things to press: what they are called, what they would end, and which of them may be offered.
//!
//! A control is offered only where a session stands around it; its words must say that it ends something, and must
//! not speak of telephone numbers, mail, keys, applications, orders or the account.

use super::leaves::{Leaves, Source};
use super::lexicon::{Concept, Marked};
use crate::page::{NodeId, Page};

/// A thing to press.
#[derive(Debug, Clone)]
pub struct Button {
    /// Its element.
    pub node: NodeId,
    /// Its words, or its icon's name.
    pub label: String,
    /// The words, marked.
    pub marked: Marked,
    /// Whether it opens a menu.
    pub menu: bool,
    /// Whether it is open (`aria-expanded`).
    pub expanded: bool,
    /// Whether it is an item of an open menu.
    pub item: bool,
    /// Whether it cannot be pressed.
    pub disabled: bool,
    /// Whether its element is one that can be pressed; else only its words say so.
    pub native: bool,
    /// Its target, where it is a link.
    pub href: Option<String>,
}

/// What a button would end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ends {
    /// Nothing of a session, or it is not told.
    Nothing,
    /// "×": whatever stands beside it.
    Crossed,
    /// "Remove", "Delete".
    Removed,
    /// "Revoke", "Terminate".
    Revoked,
    /// "Log out".
    LoggedOut,
}

/// All things to press, in document order.
pub fn find(page: &Page, leaves: &Leaves) -> Vec<Button> {
    let mut buttons = Vec::new();
    let mut skip = 0;
    for (id, node) in page.nodes().iter().enumerate() {
        let id = id as NodeId;
        if id < skip {
            continue;
        }
        let role = node.attribute("role").unwrap_or_default();
        let kind = node.attribute("type").unwrap_or_default();
        let pressed = match node.tag.as_str() {
            "button" | "summary" => true,
            "a" => role != "tab",
            "input" => matches!(kind, "button" | "submit" | "reset" | "image"),
            _ => matches!(role, "button" | "link" | "menuitem"),
        };
        if pressed {
            // A wrapper of others is none itself.
            let inner = page.subtree(id).skip(1).any(|below| {
                let node = &page.nodes()[below as usize];
                matches!(node.tag.as_str(), "button" | "a")
                    || matches!(node.attribute("role"), Some("button" | "menuitem"))
            });
            if inner && node.tag != "button" && node.tag != "a" {
                continue;
            }
            let label = label(page, leaves, id);
            let item = role == "menuitem" || in_menu(page, id);
            buttons.push(Button {
                node: id,
                marked: leaves.marked(id + 1, &label),
                label,
                menu: node.attribute("aria-haspopup").is_some_and(|value| value != "false" && value != "dialog")
                    || node.attribute("aria-expanded").is_some()
                    || node.tag == "summary",
                expanded: node.attribute("aria-expanded") == Some("true"),
                item,
                disabled: node.attribute("disabled").is_some(),
                native: true,
                href: node.attribute("href").map(str::to_owned),
            });
            // A row made pressable may hold controls of its own.
            if node.end - id <= 24 {
                skip = node.end;
            }
        } else if is_bare(page, id) {
            let label = page.text_of(id);
            let marked = leaves.marked(id + 1, &label);
            if ends(&marked) > Ends::Crossed || is_all(&marked).is_some() {
                buttons.push(Button {
                    node: id,
                    label: super::text::clean(&label),
                    marked,
                    menu: false,
                    expanded: false,
                    item: false,
                    disabled: false,
                    native: false,
                    href: None,
                });
            }
        }
    }
    buttons
}

/// An element without a role that holds one short text and nothing else: the page may have put a handler on it.
fn is_bare(page: &Page, id: NodeId) -> bool {
    let node = &page.nodes()[id as usize];
    if node.end != id + 2
        || !matches!(node.tag.as_str(), "div" | "span" | "i" | "b" | "em" | "strong" | "p" | "td" | "label")
    {
        return false;
    }
    let text = &page.nodes()[id as usize + 1];
    // A sentence speaks of ending something, and does not.
    text.is_text() && text.text.chars().count() <= 40 && !text.text.ends_with(['.', '。', '।', '!', '！', '?', '？'])
}

fn in_menu(page: &Page, id: NodeId) -> bool {
    let mut at = page.nodes()[id as usize].parent;
    for _ in 0..4 {
        let Some(node) = at.and_then(|id| page.node(id)) else { return false };
        if node.attribute("role") == Some("menu") {
            return true;
        }
        at = node.parent;
    }
    false
}

/// A button's words: its text, else its name, else its icon's.
fn label(page: &Page, leaves: &Leaves, id: NodeId) -> String {
    let text = page.text_of(id);
    if text.chars().any(char::is_alphanumeric) {
        return super::text::clean(&text);
    }
    let below = leaves.below(page, id);
    let named =
        below.iter().find(|leaf| matches!(leaf.source, Source::Name | Source::Value)).map(|leaf| leaf.text.as_str());
    super::text::clean(named.unwrap_or(&text))
}

/// What a button's words would end.
pub fn ends(marked: &Marked) -> Ends {
    let text = marked.folded.text.as_str();
    let core = super::lexicon::core(text);
    if core.is_empty() {
        return if matches!(text.trim(), "×" | "✕" | "✖" | "✗" | "✘" | "⨯" | "🗑" | "🗑️" | "❌") {
            Ends::Crossed
        } else {
            Ends::Nothing
        };
    }
    if &text[core.clone()] == "x" {
        return Ends::Crossed;
    }
    let concepts: Vec<(Concept, bool)> = marked
        .whole()
        .filter_map(|meaning| match meaning.sense {
            super::lexicon::Sense::Word(concept) => Some((concept, meaning.mistaken)),
            _ => None,
        })
        .collect();
    let whole = |concept| concepts.contains(&(concept, false));
    if concepts.iter().any(|(concept, _)| matches!(concept, Concept::LogOutAll | Concept::LogOutOthers)) {
        return Ends::Nothing;
    }
    let refused = whole(Concept::NegAction);
    if whole(Concept::LogOut) {
        return Ends::LoggedOut;
    }
    if whole(Concept::Revoke) {
        // One word may mean "revoke" and "cancel": it ends something only for want of a plainer one.
        return if refused { Ends::Crossed } else { Ends::Revoked };
    }
    if whole(Concept::Remove) && !refused {
        return Ends::Removed;
    }
    // A shipped mistake is taken where the word has no other meaning.
    if concepts.contains(&(Concept::Revoke, true)) && !refused && concepts.len() == 1 {
        return Ends::Revoked;
    }
    // "Force log out", "Log out now": most of the words.
    let most = marked.find(Concept::LogOut).is_some_and(|range| {
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        letters(&text[range]) * 2 >= letters(text)
    });
    if most
        && !refused
        && core.len() <= 60
        && [Concept::All, Concept::Other, Concept::NegAction, Concept::NegObject, Concept::LogIn, Concept::Menu]
            .into_iter()
            .all(|concept| !marked.has(concept))
    {
        return Ends::LoggedOut;
    }
    if refused
        || core.len() > 80
        || marked.has(Concept::NegObject) && !marked.has(Concept::NounSession) && !marked.has(Concept::NounDevice)
    {
        return Ends::Nothing;
    }
    // "Sign out of this session", "Révoquer la session", "Remove device": the word for ending and its object.
    let object =
        marked.has(Concept::NounSession) || marked.has(Concept::NounDevice) || marked.has(Concept::CurrentSession);
    if !object || marked.has(Concept::All) || marked.has(Concept::Other) || marked.has(Concept::NegAction) {
        return Ends::Nothing;
    }
    if marked.has(Concept::LogOut) {
        Ends::LoggedOut
    } else if marked.has(Concept::Revoke) || marked.has(Concept::End) && !marked.has(Concept::Remove) {
        Ends::Revoked
    } else if marked.has(Concept::Remove) {
        Ends::Removed
    } else {
        Ends::Nothing
    }
}

/// Whether words end all sessions: `Some` of whether they spare this one ("other"), and say nothing else.
pub fn is_all(marked: &Marked) -> Option<Option<bool>> {
    let text = &marked.folded.text;
    if text.chars().count() > 80 {
        return None;
    }
    let others = marked.has(Concept::LogOutOthers);
    let all = marked.has(Concept::LogOutAll);
    if marked.is(Concept::LogOut) && !others && !all {
        return None;
    }
    let ends = marked.has(Concept::End)
        || marked.has(Concept::LogOut)
        || marked.has(Concept::Revoke)
        || marked.has(Concept::Remove);
    let object = marked.has(Concept::NounSession) || marked.has(Concept::NounDevice);
    let many = marked.has(Concept::All) || marked.has(Concept::Other);
    let composed = ends && many && (object || marked.has(Concept::LogOut));
    if !(others || all || composed) {
        return None;
    }
    if marked.has(Concept::NegObject) && !object && !all && !others {
        return None;
    }
    Some((others || marked.has(Concept::Other)).then_some(true))
}

/// Whether the words offer the ordinary log-out.
pub fn is_log_out(marked: &Marked) -> bool {
    marked.is(Concept::LogOut) && is_all(marked).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::lexicon::Lexicon;

    fn mark(text: &str) -> Marked {
        Lexicon::get().mark(text)
    }

    #[test]
    fn words_that_end_one_session_are_told() {
        for text in [
            "Log out",
            "Sign out of this session",
            "Cerrar esta sesión",
            "Révoquer la session",
            "下线",
            "ออกจากระบบบนอุปกรณ์",
            "Se déconnecter",
            "साइन आउट",
        ] {
            assert!(ends(&mark(text)) >= Ends::Revoked, "{text}: {:?}", ends(&mark(text)));
        }
        for text in ["Delete", "Entfernen", "移除", "Видалити", "Удалить устройство", "Xóa", "ลบ"]
        {
            assert!(ends(&mark(text)) == Ends::Removed, "{text}: {:?}", ends(&mark(text)));
        }
        assert_eq!(ends(&mark("×")), Ends::Crossed);
    }

    #[test]
    fn words_that_end_something_else_are_not() {
        for text in [
            "Cancel",
            "Rename",
            "Delete account",
            "Remove phone number",
            "Delete API key",
            "Umbenennen",
            "Gerät aus der Ferne löschen",
            "Log out all devices",
            "Edit",
            "Details",
            "⋯",
            "Abbrechen",
            "Change password",
        ] {
            assert_eq!(ends(&mark(text)), Ends::Nothing, "{text}");
        }
    }

    #[test]
    fn words_that_end_all_say_whether_this_one_is_spared() {
        for text in [
            "Log out all devices",
            "Terminate sessions",
            "退出所有设备",
            "Завершить все сеансы",
            "모든 기기 로그아웃",
            "Sair de todos",
            "सभी डिवाइस से साइन आउट करें",
            "一键下线所有设备",
        ] {
            assert_eq!(is_all(&mark(text)), Some(None), "{text}");
        }
        for text in [
            "Sign out all other sessions",
            "Cerrar las demás sesiones",
            "Keluarkan Sesi Browser Lain",
            "إنهاء جميع الجلسات الأخرى",
            "Déconnecter toutes les autres sessions",
            "Sign out of all other sessions (3)",
        ] {
            assert_eq!(is_all(&mark(text)), Some(Some(true)), "{text}");
        }
        for text in ["Cancel all", "Delete all API keys", "Log out", "Revocar todas", "Show all (3)", "Alle anzeigen"] {
            assert_eq!(is_all(&mark(text)), None, "{text}");
        }
    }
}
