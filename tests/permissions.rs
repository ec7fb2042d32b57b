//! What the extension asks for, and what PERMISSIONS.md says of it, are the same.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// The manifests: what both browsers share, and what each adds.
const MANIFESTS: [&str; 3] = ["manifest.json", "manifest.chromium.json", "manifest.firefox.json"];

fn manifests() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("extension");
    MANIFESTS
        .iter()
        .map(|name| serde_json::from_str(&fs::read_to_string(folder.join(name)).unwrap()).unwrap())
        .collect()
}

/// What the manifests ask for: each permission by its name, each kind of host access by its key.
fn asked(manifests: &[Value]) -> BTreeSet<String> {
    let mut asked = BTreeSet::new();
    for manifest in manifests {
        for key in ["permissions", "optional_permissions"] {
            let names = manifest[key].as_array().into_iter().flatten();
            asked.extend(names.map(|name| name.as_str().unwrap().to_owned()));
        }
        for key in ["host_permissions", "optional_host_permissions", "content_scripts", "web_accessible_resources"] {
            asked.extend(manifest.get(key).map(|_| key.to_owned()));
        }
    }
    asked
}

#[test]
fn each_permission_has_its_paragraph_and_no_other_is_claimed() {
    let file = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("PERMISSIONS.md")).unwrap();
    let explained: BTreeSet<String> =
        file.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`')).map(str::to_owned).collect();
    assert_eq!(asked(&manifests()), explained);
}

#[test]
fn no_host_is_asked_for_at_install_and_none_by_a_wildcard() {
    for manifest in manifests() {
        assert!(manifest.get("host_permissions").is_none());
        assert!(manifest.get("content_scripts").is_none());
        for pattern in manifest["optional_host_permissions"].as_array().into_iter().flatten() {
            let (scheme, rest) = pattern.as_str().unwrap().split_once("://").unwrap();
            let host = rest.strip_suffix("/*").unwrap();
            let own_computer = ["127.0.0.1", "localhost"].contains(&host);
            assert!(scheme == "https" || own_computer, "{pattern}");
            assert!(!host.contains('*'), "{pattern}");
        }
    }
}
