//! A document of its own in the test page, and the content scripts beside it.

use js_sys::{Array, Function, Object, Promise, Reflect};
use latchkey::page::Page;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, HtmlIFrameElement};

const CAPTURE: &str = include_str!("../../../../extension/content/capture.js");

/// A laid-out document; gone when dropped.
pub struct Frame {
    iframe: HtmlIFrameElement,
}

impl Frame {
    /// Lays out a document as a browser that loads it would.
    pub async fn of(html: &str) -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let iframe: HtmlIFrameElement = document.create_element("iframe").unwrap().unchecked_into();
        iframe.set_attribute("style", "width:1280px;height:900px;border:0").unwrap();
        iframe.set_srcdoc(html);
        let loaded = Promise::new(&mut |resolve, _| iframe.set_onload(Some(&resolve)));
        document.body().unwrap().append_child(&iframe).unwrap();
        JsFuture::from(loaded).await.unwrap();
        Self { iframe }
    }

    /// The same, of what stands in a body.
    pub async fn of_body(body: &str) -> Self {
        Self::of(&format!("<!doctype html><html lang=en><title>Page</title><body>{body}</body></html>")).await
    }

    pub fn document(&self) -> Document {
        self.iframe.content_document().unwrap()
    }

    /// Runs a script of the page's own.
    pub fn run(&self, script: &str) -> JsValue {
        let window = self.iframe.content_window().unwrap();
        let eval: Function = Reflect::get(&window, &"eval".into()).unwrap().unchecked_into();
        eval.call1(&window, &script.into()).unwrap()
    }

    pub fn capture(&self) -> Captured {
        self.capture_within(None)
    }

    /// The capture of no more than so many nodes, which is the same by either way.
    pub fn capture_within(&self, budget: Option<u32>) -> Captured {
        let read = self.take(budget, true);
        assert_eq!(read.json, self.take(budget, false).json);
        read
    }

    /// The capture by one way: from the markup and styles, or from the document and sizes.
    pub fn take(&self, budget: Option<u32>, markup: bool) -> Captured {
        let options = Object::new();
        if let Some(budget) = budget {
            Reflect::set(&options, &"nodes".into(), &budget.into()).unwrap();
        }
        Reflect::set(&options, &"markup".into(), &markup.into()).unwrap();
        Reflect::set(&options, &"sizes".into(), &(!markup).into()).unwrap();
        let capture: Function = Reflect::get(&latchkey(), &"capture".into()).unwrap().unchecked_into();
        let taken = capture.call2(&JsValue::NULL, &self.document(), &options).unwrap();
        Captured {
            json: Reflect::get(&taken, &"json".into()).unwrap().as_string().unwrap(),
            elements: Reflect::get(&taken, &"elements".into()).unwrap().unchecked_into(),
        }
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        self.iframe.remove();
    }
}

/// What `latchkey.capture` gave.
pub struct Captured {
    pub json: String,
    pub elements: Array,
}

impl Captured {
    pub fn page(&self) -> Page {
        Page::from_capture(&self.json).unwrap()
    }

    pub fn element(&self, node: u32) -> Element {
        self.elements.get(node).unchecked_into()
    }

    /// The texts of the page, in order.
    pub fn texts(&self) -> Vec<String> {
        self.page().nodes().iter().filter(|node| node.is_text()).map(|node| node.text.clone()).collect()
    }
}

/// The content scripts' shared object, loaded once.
pub fn latchkey() -> JsValue {
    let global = js_sys::global();
    if Reflect::get(&global, &"latchkey".into()).unwrap().is_undefined() {
        js_sys::eval(CAPTURE).unwrap();
    }
    Reflect::get(&global, &"latchkey".into()).unwrap()
}
