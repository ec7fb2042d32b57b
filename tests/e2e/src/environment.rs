//! What `cargo xtask` tells: where the extension, the browsers and their drivers are.

use std::path::PathBuf;

use anyhow::Context as _;

/// A path by its variable ("LATCHKEY_CHROMIUM_ZIP").
///
/// # Errors
/// Where it is not set: the tests were not started by `cargo xtask test`.
pub fn path(variable: &str) -> anyhow::Result<PathBuf> {
    text(variable).map(PathBuf::from)
}

/// A text by its variable.
///
/// # Errors
/// Where it is not set.
pub fn text(variable: &str) -> anyhow::Result<String> {
    std::env::var(variable)
        .with_context(|| format!("{variable} is not set: run `cargo xtask test --only e2e` or `cargo xtask demo`"))
}
