//! The harness of the end-to-end tests: real browsers, the packed extension, the demo exchange.
//!
//! `cargo xtask test --only e2e` builds and packs the extension, finds the browsers, and tells this crate of both by
//! environment variables ([`environment`]). A test is an async function of a [`Kind`] of browser; [`both!`] makes one
//! test for each browser of it.

pub mod axe;
pub mod browser;
pub mod environment;
pub mod extension;
mod launch;
pub mod outside;
pub mod person;
pub mod requests;
pub mod saved;
pub mod setup;

pub use browser::Browser;
pub use extension::Extension;
pub use person::Person;
pub use requests::Request;
pub use setup::{Kind, Setup};

/// One test for each browser out of an async function `fn(Kind) -> anyhow::Result<()>`.
#[macro_export]
macro_rules! both {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_chromium() -> anyhow::Result<()> {
                super::$name($crate::Kind::Chromium).await
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_firefox() -> anyhow::Result<()> {
                super::$name($crate::Kind::Firefox).await
            }
        }
    )+};
}

/// Tries until it gives something, for at most `seconds`; then says what was waited for.
///
/// # Errors
/// Where the time runs out; with the last error of the attempt, where it had one.
pub async fn eventually<T, F>(what: &str, seconds: u64, attempt: impl Fn() -> F) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<Option<T>>>,
{
    let end = std::time::Instant::now() + std::time::Duration::from_secs(seconds);
    let mut last = None;
    // A look at the extension brings its tab to the front: the page must have time to rest between two of them.
    let mut pause = std::time::Duration::from_millis(100);
    while std::time::Instant::now() < end {
        match attempt().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => {}
            Err(error) => last = Some(error),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 5 / 4).min(std::time::Duration::from_millis(400));
    }
    match last {
        Some(error) => Err(error.context(format!("waited {seconds} s for {what}"))),
        None => anyhow::bail!("waited {seconds} s for {what}"),
    }
}
