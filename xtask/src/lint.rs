//! Form, types, manifests and sizes: what can be checked without running the product.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::build::Browser;
use crate::house::House;
use crate::manifest::Hosts;
use crate::tally::Tally;
use crate::{pack, process, size};

/// The crates that run without a browser.
const NATIVE: [&str; 4] = ["latchkey", "latchkey-exchange", "latchkey-e2e", "xtask"];
/// The crates that run in one.
const WASM: [&str; 4] = ["latchkey-background", "latchkey-browser", "latchkey-pages", "latchkey-web-tests"];
/// The scripts that TypeScript checks: the folder of the project's tsconfig.json, and that of its scripts.
const SCRIPTS: [(&str, &str); 3] = [
    ("extension/background", "extension/background"),
    ("extension/content", "extension/content"),
    ("extension/pages", "static"),
];

/// Runs each check to its end and counts those that hold.
pub fn lint(house: &House) -> Result<Tally> {
    let mut checks: Vec<(String, Result<()>)> = vec![
        ("rustfmt".into(), process::run(house.command("cargo").args(["fmt", "--all", "--check"]))),
        ("clippy, native".into(), clippy(house, &NATIVE, None)),
        (
            "clippy, wasm".into(),
            house.tools.wasm_target().and_then(|()| clippy(house, &WASM, Some("wasm32-unknown-unknown"))),
        ),
    ];
    let packed = pack::pack(house, Hosts::Asked).map(|_| ());
    let is_packed = packed.is_ok();
    checks.push(("the extension is built and packed".into(), packed));
    if is_packed {
        for (project, folder) in SCRIPTS {
            checks.push((format!("types, {folder}"), types(house, project, folder)));
        }
        checks.push(("web-ext".into(), web_ext(house)));
        checks.push(("sizes".into(), sizes(house)));
    }

    eprintln!();
    let mut sum = Tally::default();
    for (name, result) in checks {
        match &result {
            Ok(()) => println!("lint {name} ... ok"),
            Err(error) => println!("lint {name} ... FAILED: {error:#}"),
        }
        sum += Tally::of(result.is_ok());
    }
    Ok(sum)
}

fn clippy(house: &House, packages: &[&str], target: Option<&str>) -> Result<()> {
    let mut cargo = house.command("cargo");
    cargo.args(["clippy", "--quiet", "--all-targets"]);
    for package in packages {
        cargo.args(["--package", package]);
    }
    if let Some(target) = target {
        cargo.args(["--target", target]);
    }
    process::run(cargo.args(["--", "-D", "warnings"]))
}

/// Checks the JSDoc types of a folder's scripts, against the glue's own declarations.
fn types(house: &House, project: &str, folder: &str) -> Result<()> {
    ensure!(has_script(&house.root.join(folder))?, "{folder} has no script");
    let mut tsc = house.command("tsc");
    tsc.arg("--project").arg(house.root.join(project));
    process::run(&mut tsc)
}

fn has_script(folder: &Path) -> Result<bool> {
    let entries = folder.read_dir().with_context(|| format!("reading {}", folder.display()))?;
    Ok(entries.flatten().any(|entry| entry.path().extension().is_some_and(|ending| ending == "js")))
}

/// The store's linter on the Firefox build: no error, no warning.
fn web_ext(house: &House) -> Result<()> {
    let mut web_ext: Command = house.command("web-ext");
    web_ext.args(["lint", "--warnings-as-errors", "--no-config-discovery", "--source-dir"]);
    web_ext.arg(house.unpacked(Browser::Firefox, Hosts::Asked));
    process::run(web_ext.env("NO_UPDATE_NOTIFIER", "1"))
}

fn sizes(house: &House) -> Result<()> {
    let sizes = size::measure(house)?;
    print!("{}", size::table(&sizes));
    size::check(&sizes)
}
