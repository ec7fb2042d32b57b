//! A page as a person sees it: a flat tree of visible nodes.
//!
//! Two doors lead here and must agree: [`Page::from_capture`], from what `extension/content/capture.js` took of the
//! live document, and (feature `saved-pages`) `Page::from_html`, from a saved file. Text keeps its own nodes
//! (tag [`TEXT`]); an open shadow root is a node too (tag [`SHADOW`]), so that paths can step into it.
//!
//! Node numbers are pre-order: a parent comes before its children, and a subtree is a contiguous range.

#[cfg(feature = "saved-pages")]
mod html;

use serde::{Deserialize, Serialize};

pub use crate::session::NodeId;
use crate::session::Step;

/// The tag of a text node.
pub const TEXT: &str = "#text";
/// The tag of an open shadow root.
pub const SHADOW: &str = "#shadow";
/// How many nodes a page may have; what comes after is cut off, and said to be.
pub const NODE_BUDGET: usize = 30_000;
/// How many characters one text or attribute may have; what comes after is left out.
pub const TEXT_BUDGET: usize = 2_000;
/// The attributes that a person can learn something from, and that are kept.
///
/// `value` only of buttons; `data-tip` stands for any attribute that a tooltip script shows
/// (`data-original-title`, `data-content`, `data-tooltip`, `data-title`).
pub const ATTRIBUTES: [&str; 15] = [
    "role",
    "title",
    "alt",
    "aria-label",
    "datetime",
    "type",
    "disabled",
    "href",
    "aria-current",
    "aria-haspopup",
    "aria-expanded",
    "value",
    "data-tip",
    "lang",
    "for",
];

/// A captured or saved page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// The page's address, without query and fragment.
    pub url: String,
    /// Its title.
    pub title: String,
    /// The language the document states (`<html lang>`), a BCP 47 tag.
    pub lang: Option<String>,
    /// Whether nodes beyond [`NODE_BUDGET`] were left out.
    pub cut_off: bool,
    nodes: Vec<Node>,
}

/// One node of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The parent; `None` of the root.
    pub parent: Option<NodeId>,
    /// One past the last node of this subtree.
    pub end: NodeId,
    /// Its depth; the root's is 0.
    pub depth: u32,
    /// Lower-case tag name, [`TEXT`] or [`SHADOW`].
    pub tag: String,
    /// The index among the parent's element children, hidden ones counted; 0 of a text or shadow root.
    pub index: u32,
    /// A text node's text, white space collapsed; empty of an element.
    pub text: String,
    /// The attributes of [`ATTRIBUTES`] that it has, white space collapsed.
    pub attributes: Vec<(Attribute, String)>,
}

/// An attribute: its place in [`ATTRIBUTES`].
pub type Attribute = u8;

/// What went wrong with a capture. It becomes "cannot read this page", never an empty page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaptureError {
    /// The message was not JSON of the expected shape.
    #[error("the capture is not of the expected shape: {0}")]
    Malformed(String),
    /// The columns contradict each other.
    #[error("the capture's columns do not fit together at node {0}")]
    Inconsistent(usize),
    /// The capture is of a version that this program does not know.
    #[error("the capture is of version {0}")]
    Version(u32),
}

/// The wire form: columns of equal length, as `capture.js` sends them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Capture {
    /// The form's version, [`Capture::VERSION`].
    pub version: u32,
    /// Address without query and fragment.
    pub url: String,
    /// Title.
    pub title: String,
    /// `<html lang>`, or empty.
    pub lang: String,
    /// Whether the budget ran out.
    pub cut_off: bool,
    /// The distinct tags, [`TEXT`] and [`SHADOW`] among them.
    pub tags: Vec<String>,
    /// Each node's parent; -1 of the root. A parent stands before its children, a subtree in one run.
    pub parent: Vec<i32>,
    /// Each node's tag, as an index into `tags`.
    pub tag: Vec<u16>,
    /// Each node's index among its parent's element children.
    pub index: Vec<u32>,
    /// Each text node's text; empty of an element.
    pub text: Vec<String>,
    /// The attributes: node, place in [`ATTRIBUTES`], value.
    pub attributes: Vec<(u32, u8, String)>,
}

impl Capture {
    /// The version of the wire form.
    pub const VERSION: u32 = 1;
}

impl Page {
    /// The page behind a capture's JSON.
    ///
    /// # Errors
    /// Where the text is not a capture, is of another version, or contradicts itself.
    pub fn from_capture(json: &str) -> Result<Self, CaptureError> {
        let capture: Capture =
            serde_json::from_str(json).map_err(|error| CaptureError::Malformed(error.to_string()))?;
        Self::try_from(capture)
    }

    /// All nodes, in pre-order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// One node; `None` beyond the last.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// An attribute of a node, by name.
    pub fn attribute(&self, id: NodeId, name: &str) -> Option<&str> {
        self.node(id)?.attribute(name)
    }

    /// The children of a node.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let end = self.node(id).map_or(0, |node| node.end);
        let mut next = id + 1;
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let child = next;
                next = self.nodes[child as usize].end;
                child
            })
        })
    }

    /// The nodes of a subtree, the node itself first.
    pub fn subtree(&self, id: NodeId) -> std::ops::Range<NodeId> {
        id..self.node(id).map_or(id, |node| node.end)
    }

    /// A node's path from `<html>`, as the contract gives it. Of a text node: its element's.
    pub fn path(&self, id: NodeId) -> Vec<Step> {
        let mut path = Vec::with_capacity(self.node(id).map_or(0, |node| node.depth as usize));
        let mut at = id;
        while let Some(node) = self.node(at) {
            let Some(parent) = node.parent else { break };
            match node.tag.as_str() {
                TEXT => {}
                SHADOW => path.push(Step::Shadow),
                _ => path.push(Step::Child(node.index)),
            }
            at = parent;
        }
        path.reverse();
        path
    }

    /// All text below a node, pieces joined by a space where elements meet.
    pub fn text_of(&self, id: NodeId) -> String {
        let mut text = String::new();
        for at in self.subtree(id) {
            let node = &self.nodes[at as usize];
            if node.tag == TEXT && !node.text.is_empty() {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(&node.text);
            }
        }
        text
    }
}

impl Node {
    /// An attribute by name.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let place = ATTRIBUTES.iter().position(|known| *known == name)?;
        self.attributes.iter().find(|(attribute, _)| usize::from(*attribute) == place).map(|(_, value)| value.as_str())
    }

    /// Whether it is a text.
    pub fn is_text(&self) -> bool {
        self.tag == TEXT
    }
}

impl TryFrom<Capture> for Page {
    type Error = CaptureError;

    fn try_from(capture: Capture) -> Result<Self, CaptureError> {
        if capture.version != Capture::VERSION {
            return Err(CaptureError::Version(capture.version));
        }
        let count = capture.parent.len();
        if [capture.tag.len(), capture.index.len(), capture.text.len()].iter().any(|length| *length != count) {
            return Err(CaptureError::Inconsistent(count));
        }
        let mut nodes: Vec<Node> = Vec::with_capacity(count.min(NODE_BUDGET));
        // The chain of open ancestors: a subtree is one run, so a parent must be on it.
        let mut open: Vec<NodeId> = Vec::new();
        for (at, text) in capture.text.into_iter().enumerate().take(NODE_BUDGET) {
            let tag = capture.tags.get(usize::from(capture.tag[at])).ok_or(CaptureError::Inconsistent(at))?;
            let parent = match (capture.parent[at], at) {
                (-1, 0) => None,
                (parent, _) => Some(NodeId::try_from(parent).map_err(|_| CaptureError::Inconsistent(at))?),
            };
            if let Some(parent) = parent {
                while open.last().is_some_and(|last| *last != parent) {
                    if let Some(closed) = open.pop() {
                        nodes[closed as usize].end = at as NodeId;
                    }
                }
                if open.is_empty() {
                    return Err(CaptureError::Inconsistent(at));
                }
            }
            nodes.push(Node {
                parent,
                end: 0,
                depth: open.len() as u32,
                tag: tag.clone(),
                index: capture.index[at],
                text,
                attributes: Vec::new(),
            });
            open.push(at as NodeId);
        }
        let last = nodes.len() as NodeId;
        for closed in open {
            nodes[closed as usize].end = last;
        }
        for (node, attribute, value) in capture.attributes {
            if usize::from(attribute) >= ATTRIBUTES.len() {
                return Err(CaptureError::Inconsistent(node as usize));
            }
            // Beyond the budget there is no node to hold it.
            if let Some(node) = nodes.get_mut(node as usize) {
                node.attributes.push((attribute, value));
            }
        }
        Ok(Self {
            url: capture.url,
            title: capture.title,
            lang: Some(capture.lang).filter(|lang| !lang.is_empty()),
            cut_off: capture.cut_off || count > NODE_BUDGET,
            nodes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capture(parents: &[i32]) -> Capture {
        Capture {
            version: Capture::VERSION,
            tags: vec!["div".into()],
            parent: parents.to_vec(),
            tag: vec![0; parents.len()],
            index: vec![0; parents.len()],
            text: vec![String::new(); parents.len()],
            ..Capture::default()
        }
    }

    #[test]
    fn subtrees_are_runs() {
        let page = Page::try_from(capture(&[-1, 0, 1, 1, 0])).unwrap();
        assert_eq!(page.nodes().iter().map(|node| node.end).collect::<Vec<_>>(), [5, 4, 3, 4, 5]);
        assert_eq!(page.children(0).collect::<Vec<_>>(), [1, 4]);
    }

    #[test]
    fn a_node_before_its_parent_is_refused() {
        assert_eq!(Page::try_from(capture(&[-1, 3, 0, 0])), Err(CaptureError::Inconsistent(1)));
        assert_eq!(Page::try_from(capture(&[-1, -1])), Err(CaptureError::Inconsistent(1)));
        assert_eq!(Page::try_from(capture(&[0])), Err(CaptureError::Inconsistent(0)));
    }

    #[test]
    fn a_parent_whose_subtree_has_closed_is_refused() {
        assert_eq!(Page::try_from(capture(&[-1, 0, 0, 1])), Err(CaptureError::Inconsistent(3)));
    }

    #[test]
    fn what_is_not_a_capture_is_an_error_and_not_an_empty_page() {
        assert!(matches!(Page::from_capture("{"), Err(CaptureError::Malformed(_))));
        assert!(matches!(Page::from_capture("{}"), Err(CaptureError::Malformed(_))));
    }
}
