//! How long a capture takes, and how long its reading. The numbers are printed; only the growth is asserted, for machines
//! differ. `wasm-pack test --headless --firefox --release tests/web timing -- --nocapture` prints those of a module that
//! is compiled for speed; with `CARGO_PROFILE_RELEASE_OPT_LEVEL=z` for size, as the extension's is.

use latchkey::page::Page;
use latchkey::reading::{self, Hints};
use latchkey::zone::Zone;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

use crate::frame::Frame;

/// A page of about so many nodes: rows of cells, as exchanges have them.
fn page_of(nodes: usize) -> String {
    let row = "<tr class='r-1 kit'><td><svg class=ic width=16 height=16><path d='M3 12h18'/></svg><span>Chrome 126.0 (Windows 10)</span></td>\
               <td title='2026-11-20 10:00:00'>2 hours ago</td><td><div class='c f'><b>Lisbon</b>, <a href='/x?y=z'>Portugal</a></div></td>\
               <td>203.0.113.7</td><td><button type=button class='btn'>Delete</button></td></tr>";
    format!("<table><tbody>{}</tbody></table>", row.repeat(nodes / 20))
}

/// How long something takes, in milliseconds.
fn time<T>(work: impl FnOnce() -> T) -> f64 {
    let clock = web_sys::window().unwrap().performance().unwrap();
    let started = clock.now();
    std::hint::black_box(work());
    clock.now() - started
}

#[wasm_bindgen_test]
async fn twice_the_page_takes_no_more_than_thrice_the_time() {
    let (small, large) = (Frame::of_body(&page_of(10_000)).await, Frame::of_body(&page_of(20_000)).await);
    let nodes = small.capture().page().nodes().len();
    assert!((9_000..=11_000).contains(&nodes), "{nodes} nodes");
    // The shortest run is the one that nothing else on the machine has held up; a busy one needs more tries for it.
    let (mut one, mut two) = (f64::INFINITY, f64::INFINITY);
    let mut all = Vec::new();
    for round in 0..120 {
        let taken = time(|| small.take(None, true).json.len());
        all.push(taken);
        // Firefox rounds its clock to 1 ms.
        one = one.min(taken.max(1.0));
        two = two.min(time(|| large.take(None, true).json.len()));
        if round > 15 && two < 3.0 * one {
            break;
        }
    }
    all.sort_by(f64::total_cmp);
    let middle = all[all.len() / 2];
    console_log!(
        "capture of {nodes} nodes: {one:.1} ms at best, {middle:.1} ms as a rule; of twice as many: {two:.1} ms"
    );
    assert!(two < 3.0 * one, "{one} ms, then {two} ms");
}

#[wasm_bindgen_test]
async fn twice_the_page_takes_no_more_than_thrice_the_time_to_read() {
    let now = "2026-11-20T12:00:00Z".parse().unwrap();
    let page = async |nodes: usize| Frame::of_body(&page_of(nodes)).await.capture().page();
    let read = |page: &Page| time(|| reading::read(page, &Hints::default(), now, &Zone::utc()).lists.len());
    let (small, large) = (page(10_000).await, page(20_000).await);
    let (mut one, mut two) = (f64::INFINITY, f64::INFINITY);
    for round in 0..30 {
        one = one.min(read(&small).max(1.0));
        two = two.min(read(&large));
        if round > 4 && two < 3.0 * one {
            break;
        }
    }
    console_log!("reading of {} nodes: {one:.1} ms at best; of twice as many: {two:.1} ms", small.nodes().len());
    assert!(two < 3.0 * one, "{one} ms, then {two} ms");
}
