//! What pages and extensions request, as the browser itself writes it down.

use std::path::Path;

use serde_json::Value;
use thirtyfour::WebDriver;

use crate::launch::Context;

/// A request, and who caused it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The origin that caused it: a page's or an extension's.
    pub by: String,
    /// What was requested.
    pub url: String,
}

/// Chromium's log of its network, in the profile's folder.
pub(crate) const LOG: &str = "requests.json";

/// Reads Chromium's log, which is whole once the browser has ended; `None` while it is not.
pub(crate) fn logged(profile: &Path) -> anyhow::Result<Option<Vec<Request>>> {
    let log = std::fs::read_to_string(profile.join(LOG))?;
    let Ok(log) = serde_json::from_str::<Value>(&log) else { return Ok(None) };
    let mut requests = Vec::new();
    for event in log["events"].as_array().into_iter().flatten() {
        let (Some(by), Some(url)) = (event["params"]["initiator"].as_str(), event["params"]["url"].as_str()) else {
            continue;
        };
        // What no document caused is the browser's own business.
        if by != "not an origin" {
            requests.push(Request { by: by.to_owned(), url: url.to_owned() });
        }
    }
    Ok(Some(requests))
}

/// Has Firefox write down what is requested from now on.
pub(crate) async fn listen(driver: &WebDriver) -> anyhow::Result<()> {
    let script = "const heard = window.latchkeyHeard = [];\
        const observer = { observe(subject) {\
            const channel = subject.QueryInterface(Ci.nsIHttpChannel);\
            for (const principal of [channel.loadInfo.triggeringPrincipal, channel.loadInfo.loadingPrincipal]) {\
                const addon = principal?.addonPolicy ?? principal?.contentScriptAddonPolicy;\
                if (addon || principal?.isContentPrincipal && principal.scheme !== 'about') {\
                    heard.push([addon ? `moz-extension://${addon.mozExtensionHostname}` : principal.origin, channel.URI.spec]);\
                    return;\
                }\
            }\
        } };\
        Services.obs.addObserver(observer, 'http-on-opening-request');\
        window.latchkeyObserver = observer;";
    in_chrome(driver, script).await?;
    Ok(())
}

/// What Firefox has written down.
pub(crate) async fn heard(driver: &WebDriver) -> anyhow::Result<Vec<Request>> {
    let heard = in_chrome(driver, "return window.latchkeyHeard").await?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(heard.as_array().into_iter().flatten().map(|it| Request { by: text(&it[0]), url: text(&it[1]) }).collect())
}

pub(crate) async fn in_chrome(driver: &WebDriver, script: &str) -> anyhow::Result<Value> {
    driver.handle().cmd(Context("chrome")).await?;
    let value = driver.execute(script, vec![]).await;
    driver.handle().cmd(Context("content")).await?;
    Ok(value?.json().clone())
}
