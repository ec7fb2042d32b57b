//! The one build tool: builds the extension, packs it, shows it, and proves it.
//!
//! ```text
//! cargo xtask build [--browser chromium|firefox]       unpacked folders under target/extension/
//! cargo xtask pack [--managed]                         target/latchkey-<version>-chromium.zip and -firefox.xpi
//! cargo xtask test [--only native|web|e2e|lint]        everything that must hold; last line "N passed, M failed"
//! cargo xtask demo [--firefox] [--headless]            the extension in a browser, on the demo exchange
//! cargo xtask data [--check]                           the packaged data, made anew or measured (xtask/data)
//! cargo xtask bench risk                               the rates of docs/judgement.md, beside other products' rules
//! cargo xtask size                                     what the person downloads, against its budgets
//! ```
//!
//! Each command first looks for the tools that it needs and installs what it may (see `tools.rs`). What has not
//! changed is not done again.

// A command-line tool speaks through these.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod build;
mod environment;
mod house;
mod lint;
mod manifest;
mod pack;
mod process;
mod size;
mod tally;
mod test;
mod tools;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::build::Browser;
use crate::house::House;
use crate::manifest::Hosts;
use crate::test::Part;

/// The one build tool of Latchkey.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the unpacked extension into target/extension/<browser>.
    Build {
        /// For this browser only.
        #[arg(long)]
        browser: Option<Browser>,
    },
    /// Build, and pack a zip for Chromium and an xpi for Firefox into target/.
    Pack {
        /// For administrators: requires the exchanges' hosts, which no policy can grant where they are optional.
        #[arg(long)]
        managed: bool,
    },
    /// Run every test, or one part of them.
    Test {
        /// This part only.
        #[arg(long)]
        only: Option<Part>,
    },
    /// Show the extension at work on the demo exchange.
    Demo {
        /// In Firefox in place of Chromium.
        #[arg(long)]
        firefox: bool,
        /// Without a window; implied where there is no display.
        #[arg(long)]
        headless: bool,
    },
    /// Make the packaged data in static/data from pinned packages; see xtask/data.
    #[command(disable_help_flag = true)]
    Data {
        /// Passed on: --check, --asn FILE, --sign KEY, --new-key KEY.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Measure the judgement by the benchmark in tests/riskbench; fail when a limit is not kept.
    Bench {
        /// What to measure.
        subject: bench::Subject,
    },
    /// Print the sizes of what is shipped; fail when one is over its budget.
    Size,
}

fn main() -> ExitCode {
    match run(&Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<ExitCode> {
    let house = House::open()?;
    match command {
        Command::Build { browser } => {
            for folder in build::build(&house, *browser, Hosts::Asked)? {
                println!("{}", house.relative(&folder).display());
            }
        }
        Command::Pack { managed } => {
            for file in pack::pack(&house, if *managed { Hosts::Required } else { Hosts::Asked })? {
                println!("{}", house.relative(&file).display());
            }
        }
        Command::Test { only } => return test::test(&house, *only),
        Command::Demo { firefox, headless } => demo(&house, *firefox, *headless)?,
        Command::Data { arguments } => {
            // With optimisation: a hundred million addresses' worth of ranges are merged and read back.
            let mut cargo = house.command("cargo");
            cargo.args(["run", "--quiet", "--release", "--package", "latchkey-data", "--"]).args(arguments);
            process::run(&mut cargo)?;
        }
        Command::Bench { subject } => bench::bench(&house, *subject)?,
        Command::Size => {
            pack::pack(&house, Hosts::Asked)?;
            let sizes = size::measure(&house)?;
            print!("{}", size::table(&sizes));
            size::check(&sizes)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds and packs, then hands over to the demo of the end-to-end crate.
fn demo(house: &House, firefox: bool, headless: bool) -> Result<()> {
    let browsers = house.tools.browsers()?;
    pack::pack(house, Hosts::Asked)?;
    let no_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().all(|name| std::env::var_os(name).is_none());
    let windows_exist_anyway = cfg!(any(target_os = "macos", windows));
    let mut cargo = house.command("cargo");
    cargo.args(["run", "--quiet", "--package", "latchkey-e2e", "--bin", "demo", "--"]);
    if firefox {
        cargo.arg("--firefox");
    }
    if headless || (no_display && !windows_exist_anyway) {
        cargo.arg("--headless");
    }
    environment::set(&mut cargo, house, &browsers)?;
    process::run(&mut cargo)
}
