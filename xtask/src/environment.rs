//! What the end-to-end tests and the demo are told, by environment variable: the one place where the names are.

use std::fs;
use std::process::Command;

use anyhow::Result;

use crate::build::Browser;
use crate::house::House;
use crate::tools::Browsers;

/// The unpacked extension for Chromium, for `--load-extension`.
pub const CHROMIUM_DIR: &str = "LATCHKEY_CHROMIUM_DIR";
/// The packed extension for Chromium.
pub const CHROMIUM_ZIP: &str = "LATCHKEY_CHROMIUM_ZIP";
/// The extension's id in Chromium.
pub const CHROMIUM_ID: &str = "LATCHKEY_CHROMIUM_ID";
/// The Chromium binary.
pub const CHROMIUM: &str = "LATCHKEY_CHROMIUM";
/// The driver of Chromium.
pub const CHROMEDRIVER: &str = "LATCHKEY_CHROMEDRIVER";
/// The unpacked extension for Firefox.
pub const FIREFOX_DIR: &str = "LATCHKEY_FIREFOX_DIR";
/// The packed extension for Firefox.
pub const FIREFOX_XPI: &str = "LATCHKEY_FIREFOX_XPI";
/// The extension's id in Firefox (`browser_specific_settings.gecko.id`).
pub const FIREFOX_ID: &str = "LATCHKEY_FIREFOX_ID";
/// The Firefox binary.
pub const FIREFOX: &str = "LATCHKEY_FIREFOX";
/// The driver of Firefox.
pub const GECKODRIVER: &str = "LATCHKEY_GECKODRIVER";
/// axe-core's script, to be run in a page.
pub const AXE: &str = "LATCHKEY_AXE";
/// The folder for screenshots; it exists.
pub const SCREENS: &str = "LATCHKEY_SCREENS";

/// The id that Chromium derives from the `key` in manifest.chromium.json: the first 16 bytes of the SHA-256 of the
/// key, in the letters a to p.
const ID_IN_CHROMIUM: &str = "akmolbfaphgfbdnelmembiheanpcoceo";
/// The same as in manifest.firefox.json; a test compares them.
const ID_IN_FIREFOX: &str = "{a115c9df-4be9-485b-be5e-1cf085ffe9cb}";

/// Tells a command all of it.
pub fn set(command: &mut Command, house: &House, browsers: &Browsers) -> Result<()> {
    let screens = house.target.join("screens");
    fs::create_dir_all(&screens)?;
    command
        .env(CHROMIUM_DIR, house.unpacked(Browser::Chromium))
        .env(CHROMIUM_ZIP, house.packed(Browser::Chromium))
        .env(CHROMIUM_ID, ID_IN_CHROMIUM)
        .env(CHROMIUM, &browsers.chromium)
        .env(CHROMEDRIVER, &browsers.chromedriver)
        .env(FIREFOX_DIR, house.unpacked(Browser::Firefox))
        .env(FIREFOX_XPI, house.packed(Browser::Firefox))
        .env(FIREFOX_ID, ID_IN_FIREFOX)
        .env(FIREFOX, &browsers.firefox)
        .env(GECKODRIVER, &browsers.geckodriver)
        .env(AXE, house.root.join("node_modules/axe-core/axe.min.js"))
        .env(SCREENS, screens)
        // The tests take turns at the browsers by themselves; what waits for its turn needs no core.
        .env("RUST_TEST_THREADS", "64");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_in_firefox_is_the_manifests() {
        let patch: serde_json::Value =
            serde_json::from_str(include_str!("../../extension/manifest.firefox.json")).unwrap();
        assert_eq!(patch["browser_specific_settings"]["gecko"]["id"], ID_IN_FIREFOX);
    }
}
