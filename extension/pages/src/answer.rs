//! Asking the background, within the patience of a person.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use gloo_timers::future::{TimeoutFuture, sleep};
use latchkey::protocol::{FromScreen, Reply};
use latchkey_browser::ask;

/// How long a screen waits before it says that nothing answers, in milliseconds.
const PATIENCE: u32 = 4_000;

/// The background's answer; `None` where there is none in time.
pub async fn of_background(what: FromScreen) -> Option<Reply> {
    let mut answer = pin!(ask(what));
    let mut patience = pin!(TimeoutFuture::new(PATIENCE));
    poll_fn(move |context| {
        if let Poll::Ready(answer) = answer.as_mut().poll(context) {
            return Poll::Ready(answer.ok());
        }
        patience.as_mut().poll(context).map(|()| None)
    })
    .await
}

/// Pauses between two looks at what the background has not yet heard of (the browser tells it of a grant and the
/// screen at the same time): 40 ms, then each time twice as long, seven times.
pub fn looks() -> impl Iterator<Item = impl Future<Output = ()>> {
    (0..7).map(|look| sleep(Duration::from_millis(40 << look)))
}
