//! One manifest and a merge patch for each browser become the browser's own manifest.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};

use crate::build::Browser;

/// Who grants the exchanges' hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hosts {
    /// The person, one by one.
    Asked,
    /// Whoever installs it, all at once: no browser's policy can grant what is optional.
    Required,
}

/// The manifest.json of a browser, with the version of Cargo.toml, as text.
pub fn compose(extension: &Path, browser: Browser, hosts: Hosts, version: &str) -> Result<String> {
    ensure!(is_manifest_version(version), "{version} is no version that a browser takes: one to four whole numbers");
    let mut manifest = read(&extension.join("manifest.json"))?;
    let patch = read(&extension.join(format!("manifest.{}.json", browser.name())))?;
    merge(&mut manifest, patch);
    merge(&mut manifest, Value::Object(Map::from_iter([("version".to_owned(), version.into())])));
    if hosts == Hosts::Required
        && let Value::Object(manifest) = &mut manifest
        && let Some(optional) = manifest.remove("optional_host_permissions")
    {
        manifest.insert("host_permissions".to_owned(), optional);
    }
    Ok(format!("{}\n", serde_json::to_string_pretty(&manifest)?))
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))
}

/// Whether both browsers' stores take it: one to four dot-separated numbers up to 65535, without leading zeros.
fn is_manifest_version(version: &str) -> bool {
    let parts: Vec<&str> = version.split('.').collect();
    parts.len() <= 4
        && parts.iter().all(|part| {
            let is_canonical = *part == "0" || !part.starts_with(['0', '+']);
            is_canonical && part.parse::<u16>().is_ok()
        })
}

/// Applies a JSON merge patch (RFC 7396): objects are merged key by key, `null` takes a key away, and all else
/// replaces.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(target) = target {
        for (key, value) in patch {
            if value.is_null() {
                target.remove(&key);
            } else {
                merge(target.entry(key).or_insert(Value::Null), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use serde_json::json;

    fn merged(mut target: Value, patch: Value) -> Value {
        merge(&mut target, patch);
        target
    }

    #[test]
    fn a_patch_merges_as_rfc_7396_says() {
        let cases = [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a": "b"}), json!(["c"]), json!(["c"])),
            (json!({"a": "foo"}), json!(null), json!(null)),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ];
        for (target, patch, expected) in cases {
            assert_eq!(merged(target.clone(), patch.clone()), expected, "{target} + {patch}");
        }
    }

    #[test]
    fn a_version_is_what_both_browsers_take() {
        for good in ["0.1.0", "1", "1.2.3.4", "10.0.65535"] {
            assert!(is_manifest_version(good), "{good}");
        }
        for bad in ["", "1.", "1.2.3.4.5", "0.1.0-beta.1", "01.2", "1.65536", "+1.2"] {
            assert!(!is_manifest_version(bad), "{bad}");
        }
    }

    fn composed(browser: Browser) -> Value {
        let extension = Path::new(env!("CARGO_MANIFEST_DIR")).join("../extension");
        serde_json::from_str(&compose(&extension, browser, Hosts::Asked, "1.2.3").unwrap()).unwrap()
    }

    #[test]
    fn the_managed_manifest_requires_the_hosts_and_differs_in_nothing_else() {
        for browser in [Browser::Chromium, Browser::Firefox] {
            let extension = Path::new(env!("CARGO_MANIFEST_DIR")).join("../extension");
            let text = compose(&extension, browser, Hosts::Required, "1.2.3").unwrap();
            let mut managed: Map<String, Value> = serde_json::from_str(&text).unwrap();
            assert!(!managed.contains_key("optional_host_permissions"));
            let required = managed.remove("host_permissions").unwrap();
            managed.insert("optional_host_permissions".to_owned(), required);
            assert_eq!(Value::Object(managed), composed(browser));
        }
    }

    #[test]
    fn each_browser_gets_its_own_background_and_the_version_of_cargo() {
        let chromium = composed(Browser::Chromium);
        assert_eq!(chromium["background"], json!({"service_worker": "background.js", "type": "module"}));
        assert_eq!(chromium["version"], "1.2.3");
        assert_eq!(chromium["browser_specific_settings"], Value::Null);
        let firefox = composed(Browser::Firefox);
        assert_eq!(firefox["background"], json!({"scripts": ["background.js"], "type": "module"}));
        assert_eq!(firefox["version"], "1.2.3");
        assert_eq!(firefox["minimum_chrome_version"], Value::Null);
    }

    #[test]
    fn nothing_is_granted_at_install_and_no_host_is_a_wildcard() {
        for browser in [Browser::Chromium, Browser::Firefox] {
            let manifest = composed(browser);
            for key in ["host_permissions", "content_scripts", "web_accessible_resources", "externally_connectable"] {
                assert_eq!(manifest[key], Value::Null, "{key}");
            }
            let hosts = manifest["optional_host_permissions"].as_array().unwrap();
            assert!(!hosts.is_empty());
            for host in hosts {
                let host = host.as_str().unwrap();
                let is_loopback = ["http://127.0.0.1/*", "http://localhost/*"].contains(&host);
                assert!(host.starts_with("https://") || is_loopback, "{host}");
                assert_eq!(host.matches('*').count(), 1, "{host}");
                assert!(host.ends_with("/*"), "{host}");
            }
        }
    }

    /// The hosts that the exchanges' files in src/exchange/ name, as match patterns.
    fn known_hosts() -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/exchange");
        let files = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
        files
            .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
            .flat_map(|path| {
                let exchange: toml::Table = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
                exchange["origins"].as_array().unwrap().clone()
            })
            .map(|origin| format!("{}/*", origin.as_str().unwrap()))
            .collect()
    }

    #[test]
    fn the_hosts_that_may_be_asked_for_are_those_of_the_known_exchanges() {
        let known = known_hosts();
        for browser in [Browser::Chromium, Browser::Firefox] {
            let manifest = composed(browser);
            let hosts = manifest["optional_host_permissions"].as_array().unwrap();
            let asked: BTreeSet<String> = hosts.iter().map(|host| host.as_str().unwrap().to_owned()).collect();
            assert_eq!(asked.len(), hosts.len(), "a host is named twice");
            assert!(known.is_empty() || known == asked, "{:?}", known.symmetric_difference(&asked));
        }
    }

    #[test]
    fn the_extensions_own_pages_can_reach_nothing_but_themselves() {
        for browser in [Browser::Chromium, Browser::Firefox] {
            let manifest = composed(browser);
            let policy = manifest["content_security_policy"]["extension_pages"].as_str().unwrap();
            let directives: Vec<&str> = policy.split(';').map(str::trim).collect();
            assert!(directives.contains(&"default-src 'none'"), "{policy}");
            for word in policy.split([';', ' ']) {
                let is_source = word.starts_with('\'');
                assert!(!is_source || ["'none'", "'self'", "'wasm-unsafe-eval'"].contains(&word), "{word}");
                assert!(!word.contains(':') && !word.contains('*'), "{word}");
            }
        }
    }
}
