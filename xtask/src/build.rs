//! The unpacked extension: two crates to wasm, the scripts, the static files, the words and the manifest in one folder
//! a browser can load.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::house::House;
use crate::manifest::{self, Hosts};
use crate::process;

/// A browser that the extension is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Browser {
    /// Chromium and what is made from it: Chrome, Edge, Brave…
    Chromium,
    /// Firefox.
    Firefox,
}

impl Browser {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Chromium, Self::Firefox];

    /// The name in folders and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }
}

/// A crate of extension/ that becomes wasm and its JavaScript glue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Module {
    /// Behind the service worker or event page.
    Background,
    /// The screens.
    Pages,
}

impl Module {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Background, Self::Pages];

    /// The folder in extension/ and in target/glue/.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Background => "background",
            Self::Pages => "pages",
        }
    }

    /// The file of the compiled module, in target/glue/<folder>/ and in the extension.
    pub fn wasm(self) -> String {
        format!("{}_bg.wasm", self.stem())
    }

    fn stem(self) -> String {
        format!("latchkey_{}", self.folder())
    }
}

/// A file of the extension: its name within it, with `/`, and where it comes from.
type Files = BTreeMap<String, Vec<u8>>;

/// The cargo profile of what is shipped.
const PROFILE: &str = "wasm";
const TARGET: &str = "wasm32-unknown-unknown";
/// Flags for the compiler, parted by U+001F.
const FLAGS: &str = "CARGO_ENCODED_RUSTFLAGS";

/// Builds the unpacked extension for one browser or both; returns the folders.
pub fn build(house: &House, browser: Option<Browser>, hosts: Hosts) -> Result<Vec<PathBuf>> {
    let browsers = browser.map_or_else(|| Browser::ALL.to_vec(), |browser| vec![browser]);
    let modules = Module::ALL.into_iter().map(|module| compile(house, module)).collect::<Result<Vec<_>>>()?;
    browsers.into_iter().map(|browser| assemble(house, browser, hosts, &modules)).collect()
}

/// Where the glue of a module lies after [`compile`].
pub fn glue(house: &House, module: Module) -> PathBuf {
    house.target.join("glue").join(module.folder())
}

/// Compiles a module, and takes it through wasm-bindgen and wasm-opt if the compiler made something new.
pub fn compile(house: &House, module: Module) -> Result<PathBuf> {
    house.tools.wasm_target()?;
    house.tools.wasm_bindgen()?;
    house.tools.wasm_pack()?;
    house.tools.node_modules()?;

    let folder = house.root.join("extension").join(module.folder());
    let package = format!("latchkey-{}", module.folder());
    // Cargo alone knows what a build depends on. It is asked first, and what it leaves behind tells whether the slow
    // steps after it have anything to do.
    let mut cargo = house.command("cargo");
    cargo.args(["build", "--quiet", "--lib", "--profile", PROFILE, "--target", TARGET, "--package", &package]);
    cargo.env(FLAGS, plain_paths(house));
    process::run(&mut cargo)?;

    let raw = house.target.join(TARGET).join(PROFILE).join(format!("{}.wasm", module.stem()));
    let inputs = [raw, folder.join("Cargo.toml"), house.root.join("Cargo.lock"), house.root.join("package-lock.json")];
    let stamp = stamp_of(&inputs)?;
    let out = glue(house, module);
    let stamp_file = out.with_extension("stamp");
    let is_fresh = fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) && out.join(module.wasm()).exists();
    if !is_fresh {
        remove_folder(&out)?;
        let mut wasm_pack = house.command("wasm-pack");
        wasm_pack.arg("build").arg(&folder).args(["--target", "web", "--mode", "no-install", "--no-pack"]);
        wasm_pack.args(["--no-gitignore", "--profile", PROFILE, "--out-name", &module.stem(), "--out-dir"]).arg(&out);
        wasm_pack.env(FLAGS, plain_paths(house));
        process::run(&mut wasm_pack)?;
        let script = out.join(format!("{}.js", module.stem()));
        fs::write(&script, without_inner_html(&fs::read_to_string(&script)?)?)?;
        fs::write(&stamp_file, stamp)?;
    }
    Ok(out)
}

/// What keeps this machine's folders out of the module: a panic names its file, and the same source shall give the same
/// module everywhere.
fn plain_paths(house: &House) -> String {
    let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let registries = cargo_home.and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    let registries = registries.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let folders = registries.chain([house.root.clone()]);
    let paths = folders.map(|folder| format!("--remap-path-prefix={}=", folder.display()));
    paths.chain(["--cfg=erase_components".to_owned()]).collect::<Vec<_>>().join("\u{1f}")
}

/// The glue without `innerHTML`, which store reviewers (and we) do not want to see in an extension: Leptos writes the
/// markup of its own static elements with it. A detached template, parsed apart from the page, does the same.
fn without_inner_html(glue: &str) -> Result<String> {
    const FOUND: &str = "arg0.innerHTML = getStringFromWasm0(arg1, arg2);";
    const INSTEAD: &str = "\
const parsed = new DOMParser().parseFromString(`<template>${getStringFromWasm0(arg1, arg2)}</template>`, 'text/html');
            (arg0.content ?? arg0).replaceChildren(...parsed.querySelector('template').content.childNodes);";
    let tamed = glue.replace(FOUND, INSTEAD);
    anyhow::ensure!(!tamed.contains(".innerHTML ="), "the glue writes innerHTML in a way that is not known");
    Ok(tamed)
}

/// A word that changes when one of the files does.
fn stamp_of(files: &[PathBuf]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        fs::read(file).with_context(|| format!("reading {}", file.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}\n", hasher.finish()))
}

/// Brings everything together in the folder of a browser.
fn assemble(house: &House, browser: Browser, hosts: Hosts, modules: &[PathBuf]) -> Result<PathBuf> {
    let extension = house.root.join("extension");
    let mut files = Files::new();
    for module in modules {
        collect(&mut files, module, "", is_script_or_wasm)?;
    }
    collect(&mut files, &extension.join("background"), "", is_script)?;
    collect(&mut files, &extension.join("content"), "content/", is_script)?;
    collect(&mut files, &extension.join("_locales"), "_locales/", |name| name.ends_with("/messages.json"))?;
    collect(&mut files, &house.root.join("static"), "", |name| !name.ends_with(".md"))?;
    files.insert("manifest.json".into(), manifest::compose(&extension, browser, hosts, &house.version)?.into_bytes());
    let folder = house.unpacked(browser, hosts);
    write_folder(&folder, &files)?;
    Ok(folder)
}

fn is_script(name: &str) -> bool {
    name.ends_with(".js")
}

fn is_script_or_wasm(name: &str) -> bool {
    is_script(name) || name.ends_with(".wasm")
}

/// Takes the wanted files of a folder and of those within it; a folder that is not there has none.
fn collect(files: &mut Files, folder: &Path, prefix: &str, is_wanted: fn(&str) -> bool) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().into_string().ok().context("a file's name is not UTF-8")?;
        if name.starts_with('.') {
            continue;
        }
        let name = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            collect(files, &entry.path(), &format!("{name}/"), is_wanted)?;
        } else if is_wanted(&name) {
            files.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// Makes a folder hold just these files. Files that are right already keep their times, so that a browser or a tool
/// that watches sees only what changed.
fn write_folder(folder: &Path, files: &Files) -> Result<()> {
    fs::create_dir_all(folder)?;
    let mut present = Files::new();
    collect(&mut present, folder, "", |_| true)?;
    for stale in present.keys().filter(|name| !files.contains_key(*name)) {
        fs::remove_file(folder.join(stale))?;
    }
    for (name, content) in files {
        if present.get(name) != Some(content) {
            let path = folder.join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&path, content).with_context(|| format!("writing {}", path.display()))?;
        }
    }
    Ok(())
}

fn remove_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_just_what_was_asked_for_and_keeps_what_is_right() {
        let folder = std::env::temp_dir().join(format!("latchkey-build-{}", std::process::id()));
        let first = Files::from([("a.js".into(), b"1".to_vec()), ("b/c.js".into(), b"2".to_vec())]);
        write_folder(&folder, &first).unwrap();
        let written = fs::metadata(folder.join("a.js")).unwrap().modified().unwrap();
        let second = Files::from([("a.js".into(), b"1".to_vec()), ("d.js".into(), b"3".to_vec())]);
        write_folder(&folder, &second).unwrap();
        let mut found = Files::new();
        collect(&mut found, &folder, "", |_| true).unwrap();
        assert_eq!(found, second);
        assert_eq!(fs::metadata(folder.join("a.js")).unwrap().modified().unwrap(), written);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn inner_html_is_replaced_or_refused() {
        let tamed =
            without_inner_html("f(arg0, arg1, arg2) {\n arg0.innerHTML = getStringFromWasm0(arg1, arg2);\n}").unwrap();
        assert!(!tamed.contains("innerHTML") && tamed.contains("DOMParser"));
        assert!(without_inner_html("x.innerHTML = y;").is_err());
        assert_eq!(without_inner_html("nothing").unwrap(), "nothing");
    }

    #[test]
    fn a_stamp_changes_with_a_files_content() {
        let file = std::env::temp_dir().join(format!("latchkey-stamp-{}", std::process::id()));
        fs::write(&file, "1").unwrap();
        let before = stamp_of(std::slice::from_ref(&file)).unwrap();
        assert_eq!(stamp_of(std::slice::from_ref(&file)).unwrap(), before);
        fs::write(&file, "2").unwrap();
        assert_ne!(stamp_of(std::slice::from_ref(&file)).unwrap(), before);
        fs::remove_file(&file).unwrap();
    }
}
