//! Now, the person's zone, and this browser's own name: read once an event, here and nowhere else.

use chrono::{DateTime, Utc};
use js_sys::Date;
use latchkey::risk::Own;
use latchkey::zone::{Transition, Zone};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_namespace = navigator, js_name = userAgent)]
    static USER_AGENT: Option<String>;
}

/// How far back the zone's table reaches, in days: beyond the longest history a page shows.
const DAYS_BACK: i32 = 5 * 366;
/// How far ahead.
const DAYS_AHEAD: i32 = 366;
/// No zone changes its offset twice within this many days (Morocco's Ramadan pause is the shortest, about 30).
const STEP_DAYS: i32 = 14;
const DAY: f64 = 86_400_000.0;

/// The moment.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(Date::now() as i64).unwrap_or_default()
}

/// What is known of this browser.
pub fn own() -> Own {
    Own { user_agent: USER_AGENT.with(Clone::clone), zone: zone() }
}

/// The person's zone, from the browser's own clock.
pub fn zone() -> Zone {
    let now = Date::now();
    let mut at = now - f64::from(DAYS_BACK) * DAY;
    let end = now + f64::from(DAYS_AHEAD) * DAY;
    let mut offset = offset_at(at);
    let mut transitions = vec![Transition { from: i64::MIN, offset }];
    while at < end {
        let next = at + f64::from(STEP_DAYS) * DAY;
        let there = offset_at(next);
        if there != offset {
            transitions.push(Transition { from: change_between(at, next, offset), offset: there });
            offset = there;
        }
        at = next;
    }
    Zone::from_transitions(&name(), transitions)
}

/// Seconds east of UTC at a moment, in milliseconds.
fn offset_at(millis: f64) -> i32 {
    let date = Date::new(&JsValue::from_f64(millis));
    // JavaScript counts minutes west.
    (-date.get_timezone_offset() * 60.0) as i32
}

/// The Unix second from which the offset is no longer `before`.
fn change_between(from: f64, to: f64, before: i32) -> i64 {
    let (mut low, mut high) = ((from / 1000.0) as i64, (to / 1000.0) as i64);
    while low + 1 < high {
        let middle = low + (high - low) / 2;
        if offset_at(middle as f64 * 1000.0) == before {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

fn name() -> String {
    let options = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new().unchecked_into())
        .resolved_options();
    js_sys::Reflect::get(&options, &JsValue::from_str("timeZone"))
        .ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_else(|| "UTC".to_owned())
}
