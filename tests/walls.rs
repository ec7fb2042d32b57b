//! The walls of the house: what the judgement may lean on, and what may lean on a browser.
//!
//! The compiler keeps the core from a browser only as long as no crate in its tree brings one in; the order of the
//! modules in src/lib.rs is kept by nothing but this.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::iter::Peekable;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::MetadataCommand;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Crates that are, or bring, a browser.
const BROWSER: [&str; 9] = [
    "gloo",
    "idb",
    "js-sys",
    "leptos",
    "serde-wasm-bindgen",
    "wasm-bindgen",
    "wasm-bindgen-futures",
    "wasm-bindgen-test",
    "web-sys",
];

/// Features of chrono that read a clock.
const CLOCK: [&str; 4] = ["clock", "iana-time-zone", "now", "wasmbind"];

/// Where crates may lean on a browser.
const BEHIND_THE_WALL: [&str; 2] = ["extension", "tests/web"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

// ---- the crates ----------------------------------------------------------------------------------------------------

/// A crate that another one is built with, and its features.
#[derive(Debug, PartialEq)]
struct Dependency {
    name: String,
    features: Vec<String>,
}

/// Reads what `cargo tree --prefix none --format "{p}|{f}"` prints.
fn dependencies(tree: &str) -> Vec<Dependency> {
    tree.lines()
        .filter_map(|line| line.split_once('|'))
        .map(|(package, features)| Dependency {
            name: package.split(' ').next().unwrap_or_default().to_owned(),
            features: features.trim_end_matches(" (*)").split(',').map(str::to_owned).collect(),
        })
        .collect()
}

/// All that a crate of the workspace is built with, by itself: cargo's metadata would mix in the features that other
/// members ask for.
fn tree(package: &str, arguments: &[&str]) -> Vec<Dependency> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root())
        .args(["tree", "--package", package, "--edges", "normal,build", "--prefix", "none", "--format", "{p}|{f}"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found = dependencies(&String::from_utf8_lossy(&output.stdout));
    assert_eq!(found.first().map(|first| first.name.as_str()), Some(package));
    found
}

/// The crates among these that are, or bring, a browser.
fn browsers(tree: &[Dependency]) -> Vec<&str> {
    tree.iter().map(|dependency| dependency.name.as_str()).filter(|name| BROWSER.contains(name)).collect()
}

/// The features of chrono among these that read a clock.
fn clocks(tree: &[Dependency]) -> Vec<&str> {
    let chrono = tree.iter().filter(|dependency| dependency.name == "chrono");
    chrono.flat_map(|chrono| &chrono.features).map(String::as_str).filter(|name| CLOCK.contains(name)).collect()
}

/// The core's tree with and without default features, natively and for the browser.
fn core_trees() -> Vec<Vec<Dependency>> {
    let wasm = ["--target", "wasm32-unknown-unknown"];
    let bare = ["--no-default-features"];
    vec![
        tree("latchkey", &[]),
        tree("latchkey", &bare),
        tree("latchkey", &wasm),
        tree("latchkey", &[&wasm[..], &bare].concat()),
    ]
}

#[test]
fn the_core_cannot_reach_a_browser() {
    for tree in core_trees() {
        assert_eq!(browsers(&tree), [""; 0]);
    }
}

#[test]
fn the_core_has_no_clock() {
    for tree in core_trees() {
        assert!(tree.iter().any(|dependency| dependency.name == "chrono"));
        assert_eq!(clocks(&tree), [""; 0]);
    }
}

#[test]
fn only_the_extension_and_its_tests_lean_on_a_browser() {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap();
    let is_behind = |manifest: &Path| {
        let folder = manifest.strip_prefix(root()).unwrap();
        BEHIND_THE_WALL.iter().any(|allowed| folder.starts_with(allowed))
    };
    let (behind, before): (Vec<_>, Vec<_>) =
        metadata.packages.iter().partition(|package| is_behind(package.manifest_path.as_std_path()));
    assert!(!behind.is_empty() && before.len() >= 4, "the workspace is not what it was");
    let behind: BTreeSet<&str> = behind.iter().map(|package| package.name.as_str()).collect();
    for package in before {
        // What it names itself, in any section and for any target…
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            assert!(!BROWSER.contains(&name) && !behind.contains(name), "{} leans on {name}", package.name);
        }
        // …and what comes with that.
        assert_eq!(browsers(&tree(&package.name, &[])), [""; 0], "in the tree of {}", package.name);
    }
}

#[test]
fn a_planted_browser_and_a_planted_clock_are_found() {
    let planted = dependencies(
        "latchkey v0.1.0 (/somewhere)|default,shell\n\
         chrono v0.4.45|alloc,clock,serde (*)\n\
         js-sys v0.3.80|default,std\n\
         js-sys-not v1.0.0|\n",
    );
    assert_eq!(browsers(&planted), ["js-sys"]);
    assert_eq!(clocks(&planted), ["clock"]);
    assert_eq!(planted[1].features, ["alloc", "clock", "serde"]);
}

// ---- the modules ---------------------------------------------------------------------------------------------------

/// The modules that a source file declares, in order.
fn declared(source: &str) -> Vec<String> {
    let tokens: Vec<TokenTree> = source.parse::<TokenStream>().unwrap().into_iter().collect();
    tokens
        .windows(3)
        .filter_map(|window| match window {
            [TokenTree::Ident(word), TokenTree::Ident(name), TokenTree::Punct(end)]
                if *word == "mod" && end.as_char() == ';' =>
            {
                Some(name.to_string())
            }
            _ => None,
        })
        .collect()
}

/// What a source file names of its crate's root, outside its tests. `depth` is how deep the file's module lies:
/// 1 for `page`, 2 for `page::html`.
fn named(source: &str, depth: usize) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    scan(source.parse().unwrap(), depth, &mut names);
    names
}

/// Walks the tokens, so that comments and strings count for nothing, and code within macros counts.
fn scan(tokens: TokenStream, depth: usize, names: &mut BTreeSet<String>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                if matches!(tokens.peek(), Some(TokenTree::Group(group)) if is_cfg_test(group.stream())) {
                    skip_item(&mut tokens);
                }
            }
            TokenTree::Ident(word) if word == "crate" => from_root(&mut tokens, names),
            TokenTree::Ident(word) if word == "super" => {
                let mut steps = 1;
                // Each further `super` of the path is one step more; the path begins at the root when none is left.
                let mut rest = tokens.clone();
                while colons(&mut rest) && rest.next_if(|next| is_word(next, "super")).is_some() {
                    steps += 1;
                    tokens = rest.clone();
                }
                if steps == depth {
                    from_root(&mut tokens, names);
                }
            }
            TokenTree::Ident(word) if word == "mod" => {
                let is_named = matches!(tokens.next(), Some(TokenTree::Ident(_)));
                if let (true, Some(TokenTree::Group(body))) = (is_named, tokens.peek()) {
                    scan(body.stream(), depth + 1, names);
                    tokens.next();
                }
            }
            TokenTree::Group(group) => scan(group.stream(), depth, names),
            _ => {}
        }
    }
}

type Tokens = Peekable<proc_macro2::token_stream::IntoIter>;

/// Takes the names that follow `crate`: one, or the first of each path within braces.
fn from_root(tokens: &mut Tokens, names: &mut BTreeSet<String>) {
    if !colons(tokens) {
        return;
    }
    match tokens.peek() {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
            let mut is_first = true;
            for token in group.stream() {
                match token {
                    TokenTree::Punct(punct) if punct.as_char() == ',' => is_first = true,
                    token if is_first => {
                        names.insert(token.to_string());
                        is_first = false;
                    }
                    _ => {}
                }
            }
            tokens.next();
        }
        Some(token) => {
            names.insert(token.to_string());
        }
        None => {}
    }
}

/// Takes a `::`, if one comes next.
fn colons(tokens: &mut Tokens) -> bool {
    let mut rest = tokens.clone();
    let is_colon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':');
    let found = rest.next_if(is_colon).is_some() && rest.next_if(is_colon).is_some();
    if found {
        *tokens = rest;
    }
    found
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

fn is_cfg_test(attribute: TokenStream) -> bool {
    attribute.to_string().replace(' ', "") == "cfg(test)"
}

/// Skips an item: to its body's end, or to its semicolon.
fn skip_item(tokens: &mut Tokens) {
    for token in tokens {
        let ends = match &token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            _ => false,
        };
        if ends {
            return;
        }
    }
}

/// What a module names although it does not stand above it. `order` is that of src/lib.rs.
fn upward(order: &[String], module: &str, depth: usize, source: &str) -> Vec<String> {
    let above: BTreeSet<&str> = order.iter().map(String::as_str).take_while(|name| *name != module).collect();
    named(source, depth).into_iter().filter(|name| name != module && !above.contains(name.as_str())).collect()
}

/// The source files of a folder and of those within it.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn a_module_leans_only_on_those_above_it() {
    let source = root().join("src");
    let order = declared(&fs::read_to_string(source.join("lib.rs")).unwrap());
    let mut files = Vec::new();
    sources(&source, &mut files);
    let mut seen = BTreeSet::new();
    let mut violations = Vec::new();
    for file in files {
        let path = file.strip_prefix(&source).unwrap().with_extension("");
        let names: Vec<String> = path.iter().map(|name| name.to_str().unwrap().to_owned()).collect();
        // The root only lists the modules; a binary is a crate of its own.
        if names == ["lib"] || names[0] == "bin" {
            continue;
        }
        let found = upward(&order, &names[0], names.len(), &fs::read_to_string(&file).unwrap());
        violations.extend(found.into_iter().map(|name| format!("{} names crate::{name}", path.display())));
        seen.insert(names[0].clone());
    }
    assert_eq!(violations, [""; 0], "src/lib.rs gives the order {order:?}");
    assert_eq!(seen, order.into_iter().collect(), "files and declarations differ");
}

#[test]
fn a_planted_upward_import_is_found() {
    let order = declared("//! mod none;\npub mod zone;\nmod page;\npub mod risk;\npub mod update;\n");
    assert_eq!(order, ["zone", "page", "risk", "update"]);
    let found = |depth, source| upward(&order, "page", depth, source);

    for planted in [
        "use crate::risk::assess;",
        "use crate::{risk, zone::Zone};",
        "use crate::{zone::Zone, risk::{Snapshot, assess}};",
        "fn f() { let _ = crate::risk::assess(); }",
        "fn f(page: &crate::risk::Snapshot) {}",
        "fn f() { assert!(matches!(x, crate::risk::Tone::Good)); }",
        "use super::risk::assess;",
        "mod inner { use super::super::risk::assess; }",
        "#[cfg(test)] mod tests { use super::*; } use crate::risk::assess;",
    ] {
        assert_eq!(found(1, planted), ["risk"], "{planted}");
    }
    assert_eq!(found(2, "use super::super::risk::assess;"), ["risk"]);
    assert_eq!(found(1, "use crate::*;"), ["*"]);

    for innocent in [
        "use crate::zone::Zone;",
        "use crate::page::Node;",
        "use crate::{page::Node, zone};",
        "//! See [`crate::risk`].\n/// Used by [`crate::update`].\nfn f() {}",
        "/* use crate::risk; */ const TEXT: &str = \"crate::risk\";",
        "mod inner { use super::risk; }",
        "#[cfg(test)]\n#[allow(unused)]\nmod tests { use crate::risk::assess; }",
        "pub(crate) fn f() {} pub(super) fn g() {}",
    ] {
        assert_eq!(found(1, innocent), [""; 0], "{innocent}");
    }
    assert_eq!(found(2, "use super::risk::assess;"), [""; 0]);
}
