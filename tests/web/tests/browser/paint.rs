//! The overlay: what the page gets to know of it, and that it follows.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::frame::Frame;

/// A page that runs the overlay's scripts itself, and so can look into the closed root that it may not see otherwise.
struct Stage {
    frame: Frame,
}

impl Stage {
    async fn of(body: &str) -> Self {
        let frame = Frame::of_body(body).await;
        frame.run(
            "window.heard = []; window.roots = [];
             const attach = Element.prototype.attachShadow;
             Element.prototype.attachShadow = function (init) {
               const root = attach.call(this, init); window.roots.push(root); return root; };",
        );
        frame.run(include_str!("../../../../extension/content/guard.js"));
        frame.run(
            "for (const type of ['click', 'keydown', 'focusin']) addEventListener(type, () => heard.push(type), true)",
        );
        frame.run("latchkey.isAlive = () => true");
        frame.run(include_str!("../../../../extension/content/capture.js"));
        frame.run(include_str!("../../../../extension/content/spots.js"));
        frame.run(include_str!("../../../../extension/content/paint.js"));
        Self { frame }
    }

    /// Paints a chip beside every `li`.
    async fn paint(&self, more: &str) {
        self.frame.run(&format!(
            "latchkey.paint({{revision: 1, dir: 'ltr', lang: 'en', words: {{close: 'Close', why: 'Why'}}, banner: null,
               chips: [...document.querySelectorAll('li')].map((_, node) => ({{node, tone: 'act', label: 'Not <b>yours</b>',
                 title: '', reasons: ['<img src=x>']}})), ...{more}}}, [...document.querySelectorAll('li')])"
        ));
        self.settle().await;
    }

    /// Two frames: one to place, one to be sure.
    async fn settle(&self) {
        let frames = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";
        JsFuture::from(self.frame.run(frames).unchecked_into::<Promise>()).await.unwrap();
    }

    fn number(&self, script: &str) -> f64 {
        self.frame.run(script).as_f64().unwrap()
    }

    fn holds(&self, script: &str) -> bool {
        self.frame.run(script).is_truthy()
    }
}

const ROWS: &str = "<style>body{margin:0 200px}li{height:60px;list-style:none}</style><ul><li>a<li>b<li>c</ul>";

#[wasm_bindgen_test]
async fn the_page_sees_one_host_and_nothing_in_it() {
    let stage = Stage::of(ROWS).await;
    let before = stage.frame.run("document.body.outerHTML").as_string();
    stage.paint("{}").await;
    assert_eq!(stage.frame.run("document.body.outerHTML").as_string(), before, "the page's own nodes are untouched");
    assert!(
        stage.holds("document.documentElement.lastElementChild === latchkey.host && latchkey.host.shadowRoot === null")
    );
    assert_eq!(stage.frame.run("latchkey.host.innerText + latchkey.host.innerHTML").as_string().as_deref(), Some(""));
    assert_eq!(
        stage.number("roots[0].querySelectorAll('[data-tone].chip').length"),
        3.0,
        "the known rows have theirs, too"
    );
    assert_eq!(stage.number("roots[0].querySelectorAll('img, b').length"), 0.0, "texts are never markup");
    let page = stage.frame.run("latchkey.capture(document).json").as_string().unwrap();
    assert!(!page.contains("yours") && page.contains("\"c\""), "the overlay is not part of the page: {page}");
}

#[wasm_bindgen_test]
async fn a_chip_stands_beside_its_row_wherever_it_goes() {
    let stage = Stage::of(ROWS).await;
    stage.paint("{}").await;
    let off = "(() => { const row = document.querySelectorAll('li')[1].getBoundingClientRect();
        const chip = roots[0].querySelectorAll('.chip')[1].getBoundingClientRect();
        return Math.abs((row.top + row.bottom - chip.top - chip.bottom) / 2) + Math.max(0, chip.right - row.left); })()";
    // The chip's text may stand up to 2 px beside the middle, for a tall row's chip keeps to its shoulder.
    assert!(stage.number(off) <= 3.0, "{}", stage.number(off));
    stage.frame.run("document.querySelector('ul').style.marginTop = '333px'; latchkey.place()");
    stage.settle().await;
    assert!(stage.number(off) <= 3.0, "{}", stage.number(off));
    stage.frame.run("document.body.style.height = '5000px'; scrollTo(0, 200)");
    stage.settle().await;
    assert!(stage.number(off) <= 3.0, "{}", stage.number(off));
}

#[wasm_bindgen_test]
async fn a_row_that_cannot_be_seen_has_no_chip_in_sight() {
    let stage = Stage::of(&format!("<div id=list style='height:90px;overflow:auto'>{ROWS}</div>")).await;
    stage.paint("{}").await;
    let seen = "[...roots[0].querySelectorAll('.chip')].map((chip) => getComputedStyle(chip).visibility === 'visible' ? 1 : 0).join('')";
    assert_eq!(stage.frame.run(seen).as_string().as_deref(), Some("100"));
    stage.frame.run("document.getElementById('list').scrollTop = 1000");
    stage.settle().await;
    assert_eq!(stage.frame.run(seen).as_string().as_deref(), Some("001"));
}

#[wasm_bindgen_test]
async fn a_chip_never_covers_a_control_of_the_row() {
    // No room outside, and a button at the start of each row.
    let stage = Stage::of(
        "<style>body{margin:0}ul{margin:0;padding:20px 0}li{height:24px;list-style:none}button{height:24px;width:300px}</style>\
         <ul><li><button>one</button><li><button>two</button></ul>",
    )
    .await;
    stage.paint("{}").await;
    let covered = "(() => { const cross = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
        const boxes = (all) => [...all].map((it) => it.getBoundingClientRect());
        const chips = [...roots[0].querySelectorAll('.chip')].filter((it) => getComputedStyle(it).visibility === 'visible');
        window.shown = chips.length;
        return boxes(chips).flatMap((chip) => boxes(document.querySelectorAll('button')).filter((it) => cross(chip, it))).length; })()";
    assert_eq!(stage.number(covered), 0.0);
    assert_eq!(stage.number("shown"), 2.0);
}

#[wasm_bindgen_test]
async fn what_the_page_itself_does_to_the_overlay_has_no_effect() {
    let stage = Stage::of(ROWS).await;
    stage.paint("{}").await;
    stage.frame.run("roots[0].querySelector('.chip').click(); latchkey.host.click()");
    assert!(stage.holds("roots[0].querySelector('.card') === null"), "an untrusted click opened a card");
    assert_eq!(stage.number("heard.length"), 0.0, "an event of the overlay reached the page");
    for harm in [
        "latchkey.host.remove()",
        "latchkey.host.hidePopover()",
        "latchkey.host.inert = true",
        "latchkey.host.style.setProperty('display', 'none', 'important')",
        "latchkey.host.setAttribute('style', 'opacity:0')",
        "latchkey.host.removeAttribute('popover')",
    ] {
        stage.frame.run(harm);
        stage.settle().await;
        let whole = "latchkey.host.isConnected && latchkey.host.matches(':popover-open') && !latchkey.host.inert
            && latchkey.host.checkVisibility({opacityProperty: true})";
        assert!(stage.holds(whole), "{harm}");
    }
    for _ in 0..30 {
        stage.frame.run("latchkey.host?.remove()");
        stage.settle().await;
    }
    assert!(stage.holds("!latchkey.host"), "a page that insists is left alone");
}

#[wasm_bindgen_test]
async fn clearing_leaves_nothing_behind() {
    let stage = Stage::of(ROWS).await;
    let before = stage.frame.run("document.documentElement.outerHTML").as_string();
    stage.paint("{banner: {tone: 'act', text: 't', detail: 'd', action: 'Show me', first: 0}}").await;
    assert!(stage.holds("roots[0].querySelector('.banner .go')"));
    stage.frame.run("latchkey.clear()");
    assert_eq!(stage.frame.run("document.documentElement.outerHTML").as_string(), before);
    stage.paint("{chips: []}").await;
    assert!(stage.holds("!latchkey.host"), "nothing to say, nothing to see");
}

#[wasm_bindgen_test]
async fn a_second_injection_changes_nothing() {
    let stage = Stage::of(ROWS).await;
    stage.frame.run("window.first = {...latchkey}");
    for script in [
        include_str!("../../../../extension/content/guard.js"),
        include_str!("../../../../extension/content/capture.js"),
        include_str!("../../../../extension/content/spots.js"),
        include_str!("../../../../extension/content/paint.js"),
    ] {
        stage.frame.run(script);
    }
    assert!(stage.holds("Object.keys(first).every((key) => first[key] === latchkey[key])"));
}

#[wasm_bindgen_test]
async fn an_answer_to_an_older_look_at_the_page_is_not_painted() {
    let stage = Stage::of(ROWS).await;
    // The extension around watch.js, as far as it needs one.
    stage.frame.run(
        "window.sent = []; window.told = [];
         const runtime = {id: 'x', onMessage: {addListener: (it) => told.push(it), removeListener: () => told.pop()},
           sendMessage: async (message) => {
             sent.push(message);
             if (sent.length === 1) throw new Error('the background died');
             return sent.length === 3 ? undefined : {};
           }};
         globalThis.browser = {runtime}; globalThis.painted = [];
         latchkey.paint = (painting) => painted.push(painting); latchkey.clear = () => painted.push('clear');",
    );
    stage.frame.run(include_str!("../../../../extension/content/watch.js"));
    wait(&stage, "sent.length === 2").await;
    assert!(stage.holds("sent[0].page.revision === sent[1].page.revision"), "asked again");
    stage.frame.run("const [tell] = told; const paint = (revision, from = {id: 'x'}) => tell({kind: 'paint', revision, painting: revision}, from);
        window.now = sent[1].page.revision; paint(now - 1); paint(now + 1); paint(now, {id: 'stranger'}); paint(now);
        tell({kind: 'clear', revision: now - 1}, {id: 'x'})");
    assert!(stage.holds("painted.length === 1 && painted[0] === now"));
    // The same words are not sent again; others are, under a new number.
    stage.frame.run("const li = document.querySelector('li'); li.replaceWith(li.cloneNode(true))");
    wait(&stage, "painted.length === 2").await;
    assert_eq!(stage.number("sent.length"), 2.0);
    stage.frame.run("document.querySelector('li').textContent = 'other'");
    wait(&stage, "sent.length === 4").await;
    assert!(stage.holds("sent[2].page.revision > now && sent[2].page.capture.includes('other')"));
    assert!(stage.holds("sent[3].page.revision === sent[2].page.revision"), "no answer is asked for again");
    stage.frame.run("told[0]({kind: 'stop'}, {id: 'x'})");
    assert!(stage.holds("told.length === 0 && painted.at(-1) === 'clear' && !latchkey.watching"));
    stage.frame.run("document.querySelector('li').textContent = 'after'");
    pause(700).await;
    assert_eq!(stage.number("sent.length"), 4.0, "a stopped script sends nothing");
}

/// Waits until something holds in the page; for ten seconds at most.
async fn wait(stage: &Stage, script: &str) {
    for _ in 0..200 {
        if stage.holds(script) {
            return;
        }
        pause(50).await;
    }
    panic!("never: {script}");
}

async fn pause(milliseconds: i32) {
    let timer: Function = Reflect::get(&js_sys::global(), &"setTimeout".into()).unwrap().unchecked_into();
    let done = Promise::new(&mut |resolve, _| {
        timer.call2(&JsValue::NULL, &resolve, &milliseconds.into()).unwrap();
    });
    JsFuture::from(done).await.unwrap();
}
