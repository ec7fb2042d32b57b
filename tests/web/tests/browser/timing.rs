//! How long a capture takes. The numbers are printed; only the growth is asserted, for machines differ.

use wasm_bindgen_test::{console_log, wasm_bindgen_test};

use crate::frame::Frame;

/// A page of about so many nodes: rows of cells, as exchanges have them.
fn page_of(nodes: usize) -> String {
    let row = "<tr class='r-1 kit'><td><svg class=ic width=16 height=16><path d='M3 12h18'/></svg><span>Chrome 126.0 (Windows 10)</span></td>\
               <td title='2026-11-20 10:00:00'>2 hours ago</td><td><div class='c f'><b>Lisbon</b>, <a href='/x?y=z'>Portugal</a></div></td>\
               <td>203.0.113.7</td><td><button type=button class='btn'>Delete</button></td></tr>";
    format!("<table><tbody>{}</tbody></table>", row.repeat(nodes / 20))
}

/// The middle of many runs, in milliseconds, of a page whose layout has just been spoilt.
fn median(frame: &Frame) -> f64 {
    let clock = web_sys::window().unwrap().performance().unwrap();
    let mut times: Vec<f64> = (0..15)
        .map(|_| {
            let started = clock.now();
            std::hint::black_box(frame.capture().json.len());
            clock.now() - started
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

#[wasm_bindgen_test]
async fn twice_the_page_takes_no_more_than_thrice_the_time() {
    let (small, large) = (Frame::of_body(&page_of(10_000)).await, Frame::of_body(&page_of(20_000)).await);
    let nodes = small.capture().page().nodes().len();
    let (one, two) = (median(&small), median(&large));
    console_log!("capture of {nodes} nodes: {one:.1} ms; of twice as many: {two:.1} ms");
    assert!((9_000..=11_000).contains(&nodes), "{nodes} nodes");
    // Firefox rounds its clock to 1 ms.
    assert!(two < 3.0 * one.max(1.0), "{one} ms, then {two} ms");
}
