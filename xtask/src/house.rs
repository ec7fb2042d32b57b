//! Where things lie: the checkout, its target folder, its version and its tools.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use cargo_metadata::MetadataCommand;

use crate::build::Browser;
use crate::manifest::Hosts;
use crate::tools::Tools;

/// The checkout that this tool works on.
pub struct House {
    /// The folder of the workspace's Cargo.toml.
    pub root: PathBuf,
    /// Cargo's target folder; everything that is built lies in it.
    pub target: PathBuf,
    /// The version of the root crate: that of the extension.
    pub version: String,
    /// The tools that are not part of the checkout.
    pub tools: Tools,
}

impl House {
    /// Finds the checkout that this run of `cargo xtask` belongs to.
    pub fn open() -> Result<Self> {
        // Cargo sets it for `cargo run`; the one of compile time serves a binary that is started by hand.
        let xtask = env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
        let root = Path::new(&xtask).parent().context("xtask has no parent folder")?.to_path_buf();
        let metadata = MetadataCommand::new()
            .manifest_path(root.join("Cargo.toml"))
            .no_deps()
            .exec()
            .context("reading the workspace's Cargo.toml")?;
        let version = metadata
            .packages
            .iter()
            .find(|package| package.name == "latchkey")
            .context("the workspace has no crate `latchkey`")?
            .version
            .to_string();
        let target = metadata.target_directory.into_std_path_buf();
        let tools = Tools::new(&root, &target);
        Ok(Self { root, target, version, tools })
    }

    /// A command that runs in the checkout and finds the tools first in its PATH.
    pub fn command(&self, program: &str) -> Command {
        let mut command = self.tools.command(program);
        command.current_dir(&self.root);
        command
    }

    /// A path as the person would write it.
    pub fn relative<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }

    /// The unpacked extension for a browser.
    pub fn unpacked(&self, browser: Browser, hosts: Hosts) -> PathBuf {
        self.target.join("extension").join([managed(hosts), browser.name()].concat())
    }

    /// The packed extension for a browser.
    pub fn packed(&self, browser: Browser, hosts: Hosts) -> PathBuf {
        let ending = match browser {
            Browser::Chromium => "zip",
            Browser::Firefox => "xpi",
        };
        self.target.join(format!("latchkey-{}-{}{}.{ending}", self.version, managed(hosts), browser.name()))
    }
}

/// What the names of the builds for administrators begin with.
fn managed(hosts: Hosts) -> &'static str {
    match hosts {
        Hosts::Asked => "",
        Hosts::Required => "managed-",
    }
}
