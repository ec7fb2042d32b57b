//! The second door: a saved file.
//!
//! A saved file has no computed style, so what a person cannot see is told by what the markup itself says: `hidden`,
//! `aria-hidden`, inline style, closed `<details>` and `<dialog>`, and elements that browsers never paint.

use scraper::node::Element;
use scraper::{Html, Node as Parsed};

use super::{ATTRIBUTES, Attribute, NODE_BUDGET, Node, NodeId, Page, SHADOW, TEXT, TEXT_BUDGET};

/// Never painted, whatever their style.
const UNPAINTED: [&str; 20] = [
    "head", "script", "style", "template", "noscript", "title", "meta", "link", "base", "option", "optgroup",
    "datalist", "source", "track", "param", "area", "iframe", "object", "textarea", "rp",
];

/// What the walk of the parser's tree has still to do.
enum Step<'a> {
    /// Take a node in, below a node of the page.
    Enter { node: ego_tree::NodeRef<'a, Parsed>, parent: Option<NodeId>, index: u32 },
    /// Close a node of the page.
    Leave(NodeId),
}

impl Page {
    /// The page in a saved file: `html` as the browser would parse it, `url` where it came from.
    ///
    /// Never fails: whatever the text, a parser of HTML makes a tree of it.
    ///
    /// ```
    /// let page = latchkey::page::Page::from_html("<p>Seen <b hidden>not seen</b></p>", "https://exchange.example/");
    /// assert_eq!(page.text_of(0), "Seen");
    /// ```
    pub fn from_html(html: &str, url: &str) -> Self {
        let document = Html::parse_document(html);
        let root = document.root_element();
        let mut page = Page {
            url: url.split(['?', '#']).next().unwrap_or_default().to_owned(),
            title: title_of(&document),
            lang: root.value().attr("lang").map(collapse).filter(|lang| !lang.is_empty()),
            ..Page::default()
        };
        let mut steps = vec![Step::Enter { node: *root, parent: None, index: 0 }];
        while let Some(step) = steps.pop() {
            match step {
                Step::Leave(id) => page.nodes[id as usize].end = page.nodes.len() as NodeId,
                Step::Enter { .. } if page.nodes.len() >= NODE_BUDGET => page.cut_off = true,
                Step::Enter { node, parent, index } => page.enter(node, parent, index, &mut steps),
            }
        }
        page
    }

    fn enter<'a>(
        &mut self,
        node: ego_tree::NodeRef<'a, Parsed>,
        parent: Option<NodeId>,
        index: u32,
        steps: &mut Vec<Step<'a>>,
    ) {
        match node.value() {
            Parsed::Text(text) => {
                let text = collapse(text);
                if !text.is_empty() {
                    let id = self.push(parent, TEXT, 0, text, Vec::new());
                    self.nodes[id as usize].end = id + 1;
                }
            }
            Parsed::Element(element) => {
                if parent.is_some() && is_hidden(element) {
                    return;
                }
                let id = self.push(parent, element.name(), index, String::new(), attributes(element));
                steps.push(Step::Leave(id));
                let shut = element.name() == "details" && element.attr("open").is_none();
                descend(node, id, shut, steps);
            }
            // The content of an open shadow root.
            Parsed::Fragment => {
                let id = self.push(parent, SHADOW, 0, String::new(), Vec::new());
                steps.push(Step::Leave(id));
                descend(node, id, false, steps);
            }
            _ => {}
        }
    }

    fn push(
        &mut self,
        parent: Option<NodeId>,
        tag: &str,
        index: u32,
        text: String,
        attributes: Vec<(Attribute, String)>,
    ) -> NodeId {
        let id = self.nodes.len() as NodeId;
        let depth = parent.map_or(0, |parent| self.nodes[parent as usize].depth + 1);
        self.nodes.push(Node { parent, end: id + 1, depth, tag: tag.to_ascii_lowercase(), index, text, attributes });
        id
    }
}

/// Puts a node's children on the stack, the first on top; of shut `<details>`, only its summary.
fn descend<'a>(node: ego_tree::NodeRef<'a, Parsed>, id: NodeId, shut: bool, steps: &mut Vec<Step<'a>>) {
    let start = steps.len();
    let mut index = 0;
    for child in node.children() {
        let Parsed::Element(element) = child.value() else {
            if !shut {
                steps.push(Step::Enter { node: child, parent: Some(id), index: 0 });
            }
            continue;
        };
        if let Some(root) = shadow_root(child, element) {
            steps.push(Step::Enter { node: root, parent: Some(id), index: 0 });
            continue;
        }
        if !shut || element.name() == "summary" {
            steps.push(Step::Enter { node: child, parent: Some(id), index });
        }
        index += 1;
    }
    steps[start..].reverse();
}

/// The content of a declarative open shadow root; its template takes no place among the host's children.
fn shadow_root<'a>(node: ego_tree::NodeRef<'a, Parsed>, element: &Element) -> Option<ego_tree::NodeRef<'a, Parsed>> {
    (element.name() == "template"
        && element.attr("shadowrootmode").is_some_and(|mode| mode.eq_ignore_ascii_case("open")))
    .then(|| node.children().find(|child| child.value().is_fragment()))
    .flatten()
}

fn is_hidden(element: &Element) -> bool {
    let name = element.name();
    UNPAINTED.contains(&name)
        || element.attr("hidden").is_some()
        || element.attr("popover").is_some()
        || element.attr("aria-hidden").is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
        || (name == "dialog" && element.attr("open").is_none())
        || (name == "input" && element.attr("type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("hidden")))
        || element.attr("style").is_some_and(hides)
}

/// Whether an inline style hides its element.
fn hides(style: &str) -> bool {
    let mut flat = false;
    let mut clipped = false;
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let value = value.trim().trim_end_matches("!important").trim();
        let is = |word: &str| value.eq_ignore_ascii_case(word);
        let is_zero = || {
            let digits = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
            digits.parse::<f32>().is_ok_and(|number| number == 0.0)
        };
        match property.trim().to_ascii_lowercase().as_str() {
            "display" if is("none") => return true,
            "visibility" if is("hidden") || is("collapse") => return true,
            "height" | "max-height" | "width" | "max-width" => flat |= is_zero(),
            "overflow" | "overflow-x" | "overflow-y" => clipped |= is("hidden") || is("clip"),
            "font-size" => clipped |= is_zero(),
            _ => {}
        }
    }
    flat && clipped
}

fn attributes(element: &Element) -> Vec<(Attribute, String)> {
    let mut kept = Vec::new();
    for (place, name) in ATTRIBUTES.iter().enumerate() {
        let value = match *name {
            "value" => element.attr("value").filter(|_| {
                let kind = element.attr("type").unwrap_or_default();
                element.name() == "input"
                    && ["button", "submit", "reset"].iter().any(|button| kind.trim().eq_ignore_ascii_case(button))
            }),
            "data-tip" => ["data-original-title", "data-content", "data-tooltip", "data-title"]
                .iter()
                .find_map(|name| element.attr(name)),
            "href" => element.attr("href").map(|href| href.split(['?', '#']).next().unwrap_or_default()),
            name => element.attr(name),
        };
        if let Some(value) = value {
            kept.push((place as Attribute, collapse(value)));
        }
    }
    kept
}

/// White space collapsed, ends trimmed, cut to [`TEXT_BUDGET`] characters.
fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(TEXT_BUDGET));
    let mut room = TEXT_BUDGET;
    for word in text.split(|c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
            room = room.saturating_sub(1);
        }
        for c in word.chars() {
            if room == 0 {
                return out;
            }
            out.push(c);
            room -= 1;
        }
    }
    out
}

fn title_of(document: &Html) -> String {
    document
        .root_element()
        .children()
        .filter(|child| child.value().as_element().is_some_and(|element| element.name() == "head"))
        .flat_map(|head| head.children())
        .find(|child| child.value().as_element().is_some_and(|element| element.name() == "title"))
        .map(|title| {
            title.children().filter_map(|child| child.value().as_text().map(|text| collapse(text))).collect::<String>()
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Step as PathStep;

    fn body(html: &str) -> String {
        Page::from_html(html, "https://exchange.example/a?b#c").text_of(0)
    }

    #[test]
    fn what_nobody_can_see_is_left_out() {
        for hidden in [
            "<p hidden>x</p>",
            "<p aria-hidden=true>x</p>",
            "<p style='display : NONE !important'>x</p>",
            "<p style=visibility:hidden>x</p>",
            "<p style='height:0px;font-size:0'>x</p>",
            "<p style='width:0;overflow:hidden'>x</p>",
            "<input type=hidden value=x>",
            "<script>x</script><style>x</style><template>x</template><noscript>x</noscript>",
            "<details><p>x</p></details>",
            "<dialog>x</dialog>",
            "<select><option>x</select>",
            "<div popover>x</div>",
        ] {
            assert_eq!(body(hidden), "", "{hidden}");
        }
        assert_eq!(body("<details><summary>s</summary>x</details>"), "s");
        assert_eq!(body("<details open><summary>s</summary>x</details>"), "s x");
        assert_eq!(body("<p style='height:0'>x"), "x", "without clipping the text overflows and is seen");
    }

    #[test]
    fn a_hidden_element_keeps_its_place_in_paths() {
        let page = Page::from_html("<body><p hidden>x</p><p>y</p>", "");
        let text = (0..page.nodes().len() as NodeId).find(|id| page.nodes()[*id as usize].is_text()).unwrap();
        assert_eq!(page.path(text), [PathStep::Child(1), PathStep::Child(1)]);
    }

    #[test]
    fn an_open_shadow_root_is_stepped_into_and_its_template_not_counted() {
        let page = Page::from_html("<body><x-a><template shadowrootmode=open><b>in</b></template><i>out</i></x-a>", "");
        let find = |words: &str| page.nodes().iter().position(|node| node.text == words).unwrap() as NodeId;
        use PathStep::{Child, Shadow};
        assert_eq!(page.path(find("in")), [Child(1), Child(0), Shadow, Child(0)]);
        assert_eq!(page.path(find("out")), [Child(1), Child(0), Child(0)]);
    }

    #[test]
    fn subtrees_are_runs_and_addresses_lose_their_query() {
        let page = Page::from_html("<body><a href='/x?secret#y'>go</a><p>z</p>", "https://e.example/a?b#c");
        assert_eq!(page.url, "https://e.example/a");
        assert!(page.nodes().iter().any(|node| node.attribute("href") == Some("/x")));
        for (at, node) in page.nodes().iter().enumerate() {
            assert!(node.end > at as NodeId && node.end <= page.nodes().len() as NodeId);
        }
        assert_eq!(page.subtree(0), 0..page.nodes().len() as NodeId);
    }

    #[test]
    fn a_page_beyond_the_budget_is_cut_off_and_says_so() {
        let page = Page::from_html(&"<p>x</p>".repeat(NODE_BUDGET), "");
        assert!(page.cut_off);
        assert_eq!(page.nodes().len(), NODE_BUDGET);
        assert_eq!(page.nodes()[0].end as usize, NODE_BUDGET);
    }
}
