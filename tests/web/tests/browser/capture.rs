//! What capture.js takes of a document, and what it leaves.

use js_sys::{Array, Reflect};
use latchkey::page::{ATTRIBUTES, NODE_BUDGET, Page, TEXT_BUDGET};
use latchkey::session::Step;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;

use crate::frame::{Frame, latchkey};

/// The visible words of a body, joined by "|".
async fn words(body: &str) -> String {
    Frame::of_body(body).await.capture().texts().join("|")
}

fn named(page: &Page, tag: &str) -> u32 {
    page.nodes().iter().position(|node| node.tag == tag).unwrap() as u32
}

#[wasm_bindgen_test]
fn the_script_and_the_core_agree_on_attributes_and_budgets() {
    let limits = Reflect::get(&latchkey(), &"limits".into()).unwrap();
    let limit = |name: &str| Reflect::get(&limits, &name.into()).unwrap();
    let attributes: Vec<String> =
        limit("ATTRIBUTES").unchecked_into::<Array>().iter().map(|name| name.as_string().unwrap()).collect();
    assert_eq!(attributes, ATTRIBUTES);
    assert_eq!(limit("NODE_BUDGET").as_f64(), Some(NODE_BUDGET as f64));
    assert_eq!(limit("TEXT_BUDGET").as_f64(), Some(TEXT_BUDGET as f64));
}

#[wasm_bindgen_test]
async fn what_nobody_can_see_is_left_out() {
    for hidden in [
        "<p hidden>no</p>",
        "<p hidden=until-found>no</p>",
        "<p aria-hidden=true>no</p>",
        "<p style='display:none'>no</p>",
        "<style>.x{display:none}</style><p class=x>no</p>",
        "<p style='visibility:hidden'>no</p>",
        "<table><tr style='visibility:collapse'><td>no</table>",
        "<p style='opacity:0'>no</p>",
        "<div style='height:0;overflow:hidden'><p>no</p></div>",
        "<div style='max-height:0;overflow:auto'>no</div>",
        "<div style='width:0;overflow:hidden'><b>no</b></div>",
        "<style>@media (min-width:900px){.phone{display:none}}</style><ul class=phone><li>no</ul>",
        "<dialog>no</dialog>",
        "<div popover>no</div>",
        "<details><summary></summary>no<p>no</p></details>",
        "<template>no</template>",
        "<noscript>no</noscript>",
        "<script>/* no */</script>",
        "<select><option>no</select>",
        "<datalist><option>no</datalist>",
        "<textarea>no</textarea>",
        "<iframe>no</iframe>",
        "<video>no</video>",
        "<!-- no -->",
        "<div><template shadowrootmode=open>shown</template>no<i>no</i></div>",
        "<div style='display:contents;visibility:hidden'>no</div>",
    ] {
        let words = words(hidden).await;
        assert!(words.is_empty() || words == "shown", "{hidden} shows {words:?}");
    }
}

#[wasm_bindgen_test]
async fn what_can_be_seen_is_kept() {
    for shown in [
        "<div style='display:contents'>yes</div>",
        "<div style='display:contents'><span>yes</span></div>",
        "<div style='display:contents'><div style='display:contents'><b>yes</b></div></div>",
        "<div style='height:0'><p>yes</p></div>",
        "<div><p style='float:left'>yes</p></div>",
        "<span><div style='position:absolute'>yes</div></span>",
        "<p style='visibility:visible;opacity:.1'>yes</p>",
        "<dialog open>yes</dialog>",
        "<details open><summary></summary>yes</details>",
        "<details><summary>yes</summary>no</details>",
        "<div style='content-visibility:auto;margin-top:9000px'><b>yes</b></div>",
        "<p aria-hidden=false>yes</p>",
        "<div><template shadowrootmode=open><slot></slot></template>yes</div>",
        "<div><template shadowrootmode=open><slot>yes</slot></template></div>",
        "<div><template shadowrootmode=open><slot>no</slot></template>yes</div>",
        "<button disabled>yes</button>",
        "<label for=x>yes</label>",
    ] {
        assert_eq!(words(shown).await, "yes", "{shown}");
    }
}

#[wasm_bindgen_test]
async fn a_shadow_root_is_a_node_before_the_light_children() {
    let frame = Frame::of_body(
        "<x-list><template shadowrootmode=open><p>inner</p><slot></slot></template><p>light</p></x-list>",
    )
    .await;
    let captured = frame.capture();
    let page = captured.page();
    assert_eq!(captured.texts(), ["inner", "light"]);
    let shadow = named(&page, "#shadow");
    assert_eq!(page.node(page.node(shadow).unwrap().parent.unwrap()).unwrap().tag, "x-list");
    assert_eq!(page.path(shadow + 1), [Step::Child(1), Step::Child(0), Step::Shadow, Step::Child(0)]);
    assert_eq!(captured.element(shadow).local_name(), "x-list");
    assert_eq!(captured.element(shadow + 2).text_content().as_deref(), Some("inner"));
}

#[wasm_bindgen_test]
async fn hidden_siblings_count_in_a_path() {
    let frame = Frame::of_body("<ul><li hidden>a<li>b<li style='display:none'>c<li>d</ul>").await;
    let page = frame.capture().page();
    let indices: Vec<u32> = page.nodes().iter().filter(|node| node.tag == "li").map(|node| node.index).collect();
    assert_eq!(indices, [1, 3]);
}

#[wasm_bindgen_test]
async fn an_icon_keeps_its_name() {
    let frame = Frame::of_body(
        "<svg width=9 height=9><title> This  device </title><path d='M0 0'/></svg>\
         <img alt='Phone' width=9 height=9><i aria-label='Delete' style='display:inline-block;width:9px;height:9px'></i>\
         <a data-original-title='Sign out' href=#>x</a><svg title='Own' width=9 height=9><title>Other</title></svg>",
    )
    .await;
    let page = frame.capture().page();
    assert_eq!(page.attribute(named(&page, "svg"), "title"), Some("This device"));
    assert_eq!(page.attribute(named(&page, "img"), "alt"), Some("Phone"));
    assert_eq!(page.attribute(named(&page, "i"), "aria-label"), Some("Delete"));
    assert_eq!(page.attribute(named(&page, "a"), "data-tip"), Some("Sign out"));
    let own = page.nodes().iter().rfind(|node| node.tag == "svg").unwrap();
    assert_eq!(own.attributes, [(1, "Own".to_owned())]);
    assert!(page.nodes().iter().all(|node| node.tag != "path"));
}

#[wasm_bindgen_test]
async fn what_a_person_typed_is_never_taken() {
    let frame = Frame::of_body(
        "<input value=hunter2 name=hunter2 placeholder=hunter2><input type=password value=hunter2>\
         <input type=email value=hunter2><input type=hidden value=hunter2><textarea>hunter2</textarea>\
         <input type=checkbox value=hunter2><select><option selected>hunter2</select><button value=hunter2>go</button>\
         <input type=submit value='Sign out'><input type=button value=Delete><p id=typed></p>",
    )
    .await;
    for field in ["text", "tel", "number"] {
        let input: HtmlInputElement = frame.document().create_element("input").unwrap().unchecked_into();
        input.set_type(field);
        frame.document().body().unwrap().append_child(&input).unwrap();
        input.set_value("424242");
    }
    let captured = frame.capture();
    assert!(!captured.json.contains("hunter2") && !captured.json.contains("424242"), "{}", captured.json);
    let page = captured.page();
    let values: Vec<&str> = page.nodes().iter().filter_map(|node| node.attribute("value")).collect();
    assert_eq!(values, ["Sign out", "Delete"]);
}

#[wasm_bindgen_test]
async fn addresses_lose_query_and_fragment() {
    let frame = Frame::of_body("<a href='/out?token=secret#top'>x</a><a href='#secret'>y</a>").await;
    let captured = frame.capture();
    assert!(!captured.json.contains("secret"), "{}", captured.json);
    let page = captured.page();
    assert_eq!(page.attribute(named(&page, "a"), "href"), Some("/out"));
    assert_eq!(page.url, "about:srcdoc");
    assert_eq!((page.title.as_str(), page.lang.as_deref()), ("Page", Some("en")));
}

#[wasm_bindgen_test]
async fn a_sentence_in_pieces_is_one_text() {
    let frame = Frame::of_body("<p></p>").await;
    frame.run(
        "const p = document.querySelector('p');
         p.append('10', 'm', new Comment('x'), ' \\t ago ', '\\n', document.createElement('b'), ' \\t ', 'now');",
    );
    assert_eq!(frame.capture().texts(), ["10m ago", "now"]);
}

#[wasm_bindgen_test]
async fn a_page_beyond_the_budget_is_cut_off_and_says_so() {
    let frame = Frame::of_body(&"<p>x</p>".repeat(40)).await;
    let whole = frame.capture().page();
    assert!(!whole.cut_off);
    assert_eq!(whole.nodes().len(), 82);
    assert!(!frame.capture_within(Some(82)).page().cut_off, "a page that just fits is whole");
    let cut = frame.capture_within(Some(81));
    assert!(cut.page().cut_off);
    assert_eq!((cut.page().nodes().len(), cut.elements.length()), (81, 81));
    let huge = Frame::of_body(&"<i></i>".repeat(NODE_BUDGET + 10)).await.capture().page();
    assert!(huge.cut_off);
    assert_eq!(huge.nodes().len(), NODE_BUDGET);
}

#[wasm_bindgen_test]
async fn a_huge_text_is_cut_between_characters() {
    let frame = Frame::of_body("<p></p>").await;
    frame.run("document.querySelector('p').append('  ' + '🔑'.repeat(3_000_000))");
    assert_eq!(frame.capture().texts(), ["🔑".repeat(TEXT_BUDGET)]);
}

#[wasm_bindgen_test]
async fn half_a_character_does_not_spoil_the_message() {
    let frame = Frame::of_body("<p></p>").await;
    frame.run("document.querySelector('p').append('a\\ud83d'); document.querySelector('p').title = '\\udd11b'");
    let captured = frame.capture();
    assert_eq!(captured.texts(), ["a\u{fffd}"]);
    let page = captured.page();
    assert_eq!(page.attribute(named(&page, "p"), "title"), Some("\u{fffd}b"));
}

/// What a parser would not make, scripts can: the markup of such a document reads as that of another.
#[wasm_bindgen_test]
async fn markup_that_deceives_is_not_believed() {
    for script in [
        "document.querySelector('p').append(new Comment('--><i>no</i><!--'), 'yes')",
        "document.querySelector('p').append(new Comment('--></p><i>no</i><p><!--'), 'yes')",
        "const s = document.createElement('script'); s.type = 'x'; s.append('</script><i>no</i>'); document.querySelector('p').append(s, 'yes')",
        "const s = document.createElement('noembed'); s.append('</noembed><i>no</i>'); document.querySelector('p').append(s, 'yes')",
        "document.querySelector('p').append(Object.assign(document.createElement('xmp'), {textContent: 'yes & <i>'}))",
        "const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg'); svg.append(document.createElementNS(svg.namespaceURI, 'link')); document.querySelector('p').append(svg, 'yes')",
        "const t = document.createElement('template'); t.content.append(document.createElement('i')); document.querySelector('p').append(t, 'yes')",
        "const br = document.createElement('br'); br.append(document.createElement('i')); document.querySelector('p').append(br, 'yes')",
        "document.querySelector('p').append(document.createElementNS('http://www.w3.org/1999/xhtml', 'a:b'), 'yes')",
        "document.querySelector('p').append(document.createElementNS('http://example.org/', 'a:br'), 'yes')",
        "document.querySelector('p').append(document.createElementNS('http://example.org/', 'br'), 'yes')",
        "document.querySelector('p').append(document.createProcessingInstruction('x', 'y'), 'yes')",
        "document.querySelector('p').outerHTML = '<p =x \"=\"y\" title=\"a > b &amp;quot; &nbsp;&lt;/p>\" a<b>yes<plaintext>yes</p>'",
        "const p = document.createElement('p'), q = document.createElement('p'); p.append('yes', q); q.append('yes'); document.querySelector('p').append(p)",
        "const a = document.createElement('tr'); a.append('yes'); document.querySelector('p').append(a)",
    ] {
        let frame = Frame::of_body("<p></p><em>after</em>").await;
        frame.run(script);
        let captured = frame.capture();
        let page = captured.page();
        assert!(captured.texts().iter().all(|text| text != "no"), "{script}: {:?}", captured.texts());
        let after = named(&page, "em");
        assert_eq!(captured.element(after).text_content().as_deref(), Some("after"), "{script}");
    }
}

#[wasm_bindgen_test]
async fn a_page_that_keeps_changing_can_be_captured_at_any_moment() {
    let frame = Frame::of_body("<main></main>").await;
    // A page that moves, replaces and drops its rows, with a generator of its own so that a failure repeats.
    frame.run(
        "let seed = 7; const next = (n) => (seed = (seed * 48271) % 2147483647) % n;
         const main = document.querySelector('main');
         window.shake = () => { for (let i = 0; i < 40; i++) {
           const all = main.querySelectorAll('*'), one = all[next(all.length || 1)] ?? main;
           const made = document.createElement(['div', 'b', 'details', 'x-y', 'svg'][next(5)]);
           if (made.localName === 'x-y') made.attachShadow({mode: 'open'}).append('in', document.createElement('slot'));
           [() => one.append(made, 'text'), () => one !== main && one.remove(), () => main.append(one === main ? made : one),
            () => one.replaceChildren(made), () => (one.hidden = !one.hidden)][next(5)]();
         } }",
    );
    for _ in 0..60 {
        frame.run("shake()");
        let captured = frame.capture();
        assert_eq!(captured.page().nodes().len() as u32, captured.elements.length());
        // A turn of the event loop, for whatever the page put off.
        JsFuture::from(js_sys::Promise::<JsValue>::resolve(&JsValue::NULL)).await.unwrap();
    }
    let captured = frame.capture();
    frame.run("document.documentElement.remove()");
    assert!(!captured.element(1).is_connected(), "what was captured may be gone");
    assert!(frame.capture().page().is_empty(), "an empty document is an empty page");
}
