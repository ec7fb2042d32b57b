//! The tools that are not part of the checkout: looked for, installed where that is allowed, otherwise asked for.
//!
//! Versions are pinned here, in Cargo.lock (wasm-bindgen) and in package-lock.json. What cargo installs goes to
//! target/tools, or to the folder that the environment variable `LATCHKEY_TOOLS` names; what npm installs goes to
//! node_modules. A tool of the right version that is in PATH already is used as it is.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process::{ask, run, shown};

const WASM_PACK: &str = "0.15.1";
const GECKODRIVER: &str = "0.37.1";
/// The oldest node that the npm tools run on.
const NODE: u32 = 20;
const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// Debian's packages: the browsers, the driver, and letters for what the screens say (Arabic among them).
const DEBIAN: [&str; 4] = ["chromium", "chromium-driver", "firefox-esr", "fonts-noto-core"];
const CHROMIUM_NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "chrome"];
const FIREFOX_NAMES: &[&str] = &["firefox-esr", "firefox"];

/// The tools, as far as they are asked for.
pub struct Tools {
    root: PathBuf,
    folder: PathBuf,
    path: OsString,
}

/// The browsers and their drivers.
pub struct Browsers {
    /// Chromium, or Chrome.
    pub chromium: PathBuf,
    /// Its driver.
    pub chromedriver: PathBuf,
    /// Firefox.
    pub firefox: PathBuf,
    /// Its driver.
    pub geckodriver: PathBuf,
}

/// Whether `cargo install` takes the versions of the tool's own lock file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dependencies {
    Locked,
    Latest,
}

impl Tools {
    /// The tools of a checkout; nothing is looked for yet.
    pub fn new(root: &Path, target: &Path) -> Self {
        let folder = env::var_os("LATCHKEY_TOOLS").map_or_else(|| target.join("tools"), |folder| root.join(folder));
        // A distribution's wasm-opt breaks modules without a word: npm's must be found before it.
        let first = [folder.join("bin"), root.join("node_modules/.bin")];
        let rest = env::var_os("PATH").unwrap_or_default();
        let all: Vec<PathBuf> = first.into_iter().chain(env::split_paths(&rest)).collect();
        let path = env::join_paths(all).unwrap_or(rest);
        Self { root: root.to_path_buf(), folder, path }
    }

    /// A command that finds these tools first.
    pub fn command(&self, program: &str) -> Command {
        // `Command` looks a bare name up in the PATH of this process and not of the child on some systems.
        let program = self.find(&[program]).unwrap_or_else(|| program.into());
        let mut command = Command::new(program);
        command.env("PATH", &self.path);
        command
    }

    /// The standard library for wasm.
    pub fn wasm_target(&self) -> Result<()> {
        let mut rustc = self.command("rustc");
        rustc.current_dir(&self.root).args(["--print", "target-libdir", "--target", WASM_TARGET]);
        if ask(&mut rustc).is_some_and(|folder| Path::new(folder.trim()).is_dir()) {
            return Ok(());
        }
        let mut rustup = self.command("rustup");
        rustup.current_dir(&self.root).args(["target", "add", WASM_TARGET]);
        run(&mut rustup).with_context(|| format!("Rust cannot build for {WASM_TARGET}; run: {}", shown(&rustup)))
    }

    /// wasm-bindgen and its test runner, of the very version of the library.
    pub fn wasm_bindgen(&self) -> Result<()> {
        let lock = fs::read_to_string(self.root.join("Cargo.lock")).context("reading Cargo.lock")?;
        let version = locked_version(&lock, "wasm-bindgen").context("Cargo.lock has no wasm-bindgen")?;
        // Not locked: its lock file names versions that a registry's mirror may not have yet.
        self.cargo_tool("wasm-bindgen-cli", "wasm-bindgen", version, Dependencies::Latest)
    }

    /// wasm-pack.
    pub fn wasm_pack(&self) -> Result<()> {
        self.cargo_tool("wasm-pack", "wasm-pack", WASM_PACK, Dependencies::Locked)
    }

    /// What comes from npm: wasm-opt, web-ext, axe-core, tsc.
    pub fn node_modules(&self) -> Result<()> {
        let lock = fs::read(self.root.join("package-lock.json")).context("reading package-lock.json")?;
        let stamp = self.root.join("node_modules/.latchkey-lock");
        if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
            return Ok(());
        }
        let version = ask(self.command("node").arg("--version")).unwrap_or_default();
        let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
        ensure!(
            major.is_some_and(|major: u32| major >= NODE),
            "node {NODE} or newer is needed; {}",
            self.advice(&["nodejs", "npm"], "install it from your system's packages")
        );
        let mut npm = self.command("npm");
        npm.current_dir(&self.root).args(["ci", "--no-audit", "--no-fund"]);
        run(&mut npm).with_context(|| format!("npm packages are missing; run: {}", shown(&npm)))?;
        fs::write(stamp, lock)?;
        Ok(())
    }

    /// Both browsers and their drivers.
    pub fn browsers(&self) -> Result<Browsers> {
        let is_there = |names: &[&str]| self.find(names).is_some();
        if !is_there(CHROMIUM_NAMES) || !is_there(&["chromedriver"]) || !is_there(FIREFOX_NAMES) {
            self.install_debian()?;
        }
        self.cargo_tool("geckodriver", "geckodriver", GECKODRIVER, Dependencies::Locked)?;
        let found = |names: &[&str]| {
            self.find(names).with_context(|| {
                let advice = self.advice(&DEBIAN, "install Chromium with chromedriver, and Firefox");
                format!("{} is missing; {advice}", names.join(" or "))
            })
        };
        Ok(Browsers {
            chromium: found(CHROMIUM_NAMES)?,
            chromedriver: found(&["chromedriver"])?,
            firefox: found(FIREFOX_NAMES)?,
            geckodriver: found(&["geckodriver"])?,
        })
    }

    /// Installs a tool from its crate unless it is there in this version.
    fn cargo_tool(&self, package: &str, binary: &str, version: &str, dependencies: Dependencies) -> Result<()> {
        let is_right =
            |binary: PathBuf| ask(Command::new(binary).arg("--version")).is_some_and(|text| says(&text, version));
        if self.find(&[binary]).is_some_and(is_right) {
            return Ok(());
        }
        let mut cargo = self.command("cargo");
        cargo.current_dir(&self.root).args(["install", package, "--version", version, "--force", "--root"]);
        cargo.arg(&self.folder);
        if dependencies == Dependencies::Locked {
            cargo.arg("--locked");
        }
        run(&mut cargo).with_context(|| format!("{package} {version} is missing; run: {}", shown(&cargo)))
    }

    /// Installs the browsers where this may be done: as root, on Debian or what is made from it.
    fn install_debian(&self) -> Result<()> {
        if !is_debian() {
            return Ok(()); // what is missing is named by whoever needs it
        }
        ensure!(is_root(), "browsers are missing; {}", self.advice(&DEBIAN, ""));
        let mut apt_get = self.command("apt-get");
        apt_get.env("DEBIAN_FRONTEND", "noninteractive");
        run(apt_get.arg("update"))?;
        let mut apt_get = self.command("apt-get");
        apt_get.env("DEBIAN_FRONTEND", "noninteractive");
        apt_get.args(["install", "--yes", "--no-install-recommends"]).args(DEBIAN);
        run(&mut apt_get)
    }

    /// What the person should do about missing packages of the system.
    fn advice(&self, debian: &[&str], otherwise: &str) -> String {
        if is_debian() {
            format!("run: sudo apt-get install --yes {}", debian.join(" "))
        } else {
            format!("{otherwise}, and see that it is in PATH")
        }
    }

    /// The first of these programs that is in PATH.
    fn find(&self, names: &[&str]) -> Option<PathBuf> {
        names.iter().find_map(|name| {
            let name = format!("{name}{}", env::consts::EXE_SUFFIX);
            env::split_paths(&self.path).map(|folder| folder.join(&name)).find(|path| path.is_file())
        })
    }
}

/// The version of a package in the text of a Cargo.lock.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = lock.lines().skip_while(|line| *line != format!("name = \"{package}\""));
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// Whether what a tool says of itself names this version as a word ("wasm-pack 0.15.1", "geckodriver 0.37.1 (…)").
fn says(text: &str, version: &str) -> bool {
    text.split_whitespace().any(|word| word == version)
}

fn is_debian() -> bool {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    is_debian_release(&release)
}

/// Whether the text of an os-release names Debian, or says that it is like it.
fn is_debian_release(release: &str) -> bool {
    release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .any(|ids| ids.trim_matches('"').split(' ').any(|id| id == "debian" || id == "ubuntu"))
}

fn is_root() -> bool {
    ask(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
[[package]]
name = "wasm-bindgen-futures"
version = "0.4.80"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "somewhere"
"#;

    #[test]
    fn the_locked_version_is_that_of_the_very_package() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(LOCK, "wasm"), None);
        assert_eq!(locked_version("name = \"wasm\"", "wasm"), None);
    }

    #[test]
    fn a_version_is_compared_as_a_whole_word() {
        assert!(says("wasm-bindgen 0.2.130\n", "0.2.130"));
        assert!(says("geckodriver 0.37.1 (of some day)", "0.37.1"));
        assert!(!says("wasm-bindgen 0.2.1300", "0.2.130"));
        assert!(!says("wasm-pack 10.15.1", "0.15.1"));
    }

    #[test]
    fn what_is_made_from_debian_is_known_by_its_release() {
        assert!(is_debian_release("NAME=x\nID=debian\n"));
        assert!(is_debian_release("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!is_debian_release("ID=fedora\nVERSION_ID=debian\n"));
        assert!(!is_debian_release(""));
    }
}
