//! The two doors to a `Page`, the live document and the saved file, give the same page.

use latchkey::page::{NodeId, Page};
use latchkey::session::Step;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Document, Element, ShadowRoot};

use crate::frame::{Captured, Frame};

macro_rules! corpus {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../corpus/", $name, ".html")))),*]
    };
}

/// Pages of different shapes; not the one of 3,000 nested elements, for browsers flatten what is deeper than 512.
const PAGES: [(&str, &str); 26] = corpus![
    "01-binance-devices-old-en",
    "02-binance-devices-kit-en",
    "03-binance-dashboard-card-vi",
    "04-binance-security-en",
    "05-kucoin-logout-all-zh-CN",
    "08-cryptonow-sessions-de",
    "09-profile-active-sessions-rtl-ar",
    "10-coinbase-2018-en",
    "12-okx-devices-zh-TW",
    "16-mexc-devices-uk",
    "18-hollaex-sessions-tr",
    "21-api-access-log-de",
    "23-trusted-devices-th",
    "24-mastodon-like-hi",
    "25-gitlab-like-en",
    "26-discourse-like-pt-BR",
    "27-nextcloud-like-de",
    "29-authentik-like-en",
    "31-jetstream-like-id",
    "32-element-like-en",
    "33-telegram-like-ar",
    "35-neg-order-history-en",
    "39-neg-blog-post-en",
    "40-neg-login-form-zh-CN",
    "41-hostile-20000-nodes-en",
    "43-hostile-bidi-ar",
];

/// Small documents for what the corpus does not show.
const SHAPES: [&str; 16] = [
    "<x-a><template shadowrootmode=open><p>in</p><slot></slot><slot name=end></slot></template>out<b slot=end>end</b></x-a>",
    "<x-a><template shadowrootmode=open><x-b><template shadowrootmode=open><i title=deep>x</i></template></x-b></template></x-a>",
    "<details><summary>more <b>words</b></summary>shut<p>shut</p></details><details open><summary>s</summary>open</details>",
    "<dialog>shut</dialog><dialog open>open</dialog><div popover>shut</div>",
    "<ul style='display:contents'><li style='display:contents'>a<li>b</ul>",
    "<p aria-hidden=true>no</p><p aria-hidden=' TRUE '>no</p><p aria-hidden=false>yes</p>",
    "<svg width=9 height=9><title>Current <!-- x -->session</title><g><path d='M0 0'/><text>no</text></g></svg>",
    "<svg width=9 height=9 title=own aria-label=label><title>other</title></svg><img alt='' title=' a  b '>",
    "<a href='?q=1'>a</a><a href='/x#y'>b</a><a href='https://e.example/p?token=1'>c</a><a>d</a>",
    "<p>10<!-- -->m<!-- --> ago<br>now<wbr>here</p>\n\n<p>\u{a0}</p><p> \t\u{202f}x\u{200f} </p>",
    "<input value=secret><input type=submit value=' Sign  out '><input type=SUBMIT value=x><input type=hidden value=x><button value=x>b</button>",
    "<select><option selected>a</select><textarea>secret</textarea><datalist><option>x</datalist><label for=f>l</label>",
    "<table><tr style='height:0'><td><div style='height:0;overflow:hidden'>no</div><td>yes<tr><th colspan=2>x<tbody><tr><td>y</table>",
    "<p style='visibility:hidden'>no</p><p style='opacity:0'>no</p><p style='opacity:.5'>yes</p><p style='DISPLAY: none'>no</p>",
    "<i data-content=second data-original-title=first data-title=third></i><i data-tooltip='t'>x</i><i data-tip=tip>x</i>",
    "<video>no</video><audio controls>no</audio><canvas>no</canvas><iframe>no</iframe><object>no</object><noscript>no</noscript><template>no</template>",
];

/// What differs first, in words.
fn difference(live: &Page, saved: &Page) -> Option<String> {
    if (&live.title, &live.lang, &live.url, live.cut_off) != (&saved.title, &saved.lang, &saved.url, saved.cut_off) {
        return Some(format!("live {:?} {:?}, saved {:?} {:?}", live.title, live.lang, saved.title, saved.lang));
    }
    let all = live.nodes().iter().zip(saved.nodes());
    let at = all
        .clone()
        .position(|(one, other)| one != other)
        .or_else(|| (live.nodes().len() != saved.nodes().len()).then(|| live.nodes().len().min(saved.nodes().len())))?;
    Some(format!("node {at}: live {:?}, saved {:?}", live.nodes().get(at), saved.nodes().get(at)))
}

/// The element that a path leads to.
fn follow(document: &Document, path: &[Step]) -> Option<Element> {
    let mut at = document.document_element()?;
    let mut root: Option<ShadowRoot> = None;
    for step in path {
        match step {
            Step::Shadow => root = Some(at.shadow_root()?),
            Step::Child(index) => {
                at = match root.take() {
                    Some(root) => root.children().item(*index)?,
                    None => at.children().item(*index)?,
                }
            }
        }
    }
    Some(at)
}

/// Every node's path leads to the element that was captured for it.
fn assert_paths_lead_home(frame: &Frame, captured: &Captured, name: &str) {
    let (page, document) = (captured.page(), frame.document());
    // Each from the root again, so of a large page only some.
    let stride = page.nodes().len() / 2_000 + 1;
    for node in (0..page.nodes().len()).step_by(stride) {
        let node = node as NodeId;
        let found = follow(&document, &page.path(node));
        assert!(found.as_ref() == Some(&captured.element(node)), "{name}: node {node}, {:?}", page.path(node));
    }
}

#[wasm_bindgen_test]
async fn both_doors_give_the_same_page() {
    for (name, html) in PAGES {
        let frame = Frame::of(html).await;
        let captured = frame.capture();
        let saved = Page::from_html(html, "about:srcdoc");
        assert!(saved.nodes().len() > 30, "{name} is nearly empty");
        assert_eq!(difference(&captured.page(), &saved), None, "{name}");
        assert_paths_lead_home(&frame, &captured, name);
    }
}

#[wasm_bindgen_test]
async fn both_doors_agree_on_every_shape() {
    for shape in SHAPES {
        let html = format!("<!doctype html><html lang=' en '><title> A <b> </title><body>{shape}</body></html>");
        let frame = Frame::of(&html).await;
        let captured = frame.capture();
        let saved = Page::from_html(&html, "about:srcdoc");
        assert_eq!(difference(&captured.page(), &saved), None, "{shape}");
        assert_paths_lead_home(&frame, &captured, shape);
    }
}

#[wasm_bindgen_test]
async fn a_page_beyond_the_budget_is_cut_at_the_same_node() {
    let html = format!("<!doctype html><title>x</title><body>{}", "<p>a<b>b</b></p>".repeat(8_000));
    let live = Frame::of(&html).await.capture().page();
    assert!(live.cut_off);
    assert_eq!(difference(&live, &Page::from_html(&html, "about:srcdoc")), None);
}
