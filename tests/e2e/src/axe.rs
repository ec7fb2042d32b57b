//! What axe-core says of a page.

use anyhow::ensure;
use serde_json::json;

use crate::Browser;
use crate::environment;

/// The success criteria of WCAG 2.2 AA.
pub const WCAG: &[&str] = &["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/// Takes a picture of a screen of the extension and has axe look at it, by the criteria and by what is good practice.
///
/// # Errors
/// Where axe finds something, or finds nothing to look at.
pub async fn check(browser: &Browser, name: &str) -> anyhow::Result<()> {
    browser.picture(name).await?;
    holds(browser, name, &[WCAG, &["best-practice"]].concat()).await
}

/// Has axe look at the page in front by these rules.
///
/// # Errors
/// Where axe finds something, or finds nothing to look at.
pub async fn holds(browser: &Browser, name: &str, rules: &[&str]) -> anyhow::Result<()> {
    browser.run(&std::fs::read_to_string(environment::path("LATCHKEY_AXE")?)?, vec![]).await?;
    let script = "const [rules, done] = arguments; axe.run({ runOnly: rules }).then(\
        ({ passes, violations }) => done({\
            passes: passes.length, violations: violations.map((it) => [it.id, it.nodes.map((node) => node.html)]),\
        }), (error) => done(String(error)));";
    let found = browser.run_async(script, vec![json!(rules)]).await?;
    ensure!(found["passes"].as_u64().unwrap_or(0) > 5, "axe did not look at {name}: {found}");
    ensure!(found["violations"] == json!([]), "{name}: {found:#}");
    Ok(())
}
