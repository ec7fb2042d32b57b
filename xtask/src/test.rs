//! Everything that must hold, in four parts, counted.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::ValueEnum;

use crate::house::House;
use crate::manifest::Hosts;
use crate::process::stream;
use crate::tally::Tally;
use crate::{environment, lint, pack};

/// A part of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The judgement, the demo exchange and this tool, without a browser.
    Native,
    /// What touches the DOM, in headless Chromium and Firefox.
    Web,
    /// The packed extension in both browsers, on the demo exchange.
    E2e,
    /// Form, types, manifests and sizes.
    Lint,
}

impl Part {
    const ALL: [Self; 4] = [Self::Native, Self::Web, Self::E2e, Self::Lint];

    fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Web => "web",
            Self::E2e => "e2e",
            Self::Lint => "lint",
        }
    }

    fn run(self, house: &House) -> Result<Tally> {
        match self {
            Self::Native => native(house),
            Self::Web => web(house),
            Self::E2e => e2e(house),
            Self::Lint => lint::lint(house),
        }
    }
}

/// Runs one part or all of them, one after the other, to their end; the last line is `N passed, M failed`.
pub fn test(house: &House, only: Option<Part>) -> Result<ExitCode> {
    let parts = only.map_or_else(|| Part::ALL.to_vec(), |part| vec![part]);
    let mut results: Vec<(Part, Tally, Duration)> = Vec::new();
    for part in parts {
        eprintln!("\n== {} ==", part.name());
        let start = Instant::now();
        let tally = part.run(house).unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Tally::of(false)
        });
        results.push((part, tally, start.elapsed()));
    }
    println!();
    let mut sum = Tally::default();
    for (part, tally, time) in results {
        println!("{:<7} {tally} ({:.1} s)", part.name(), time.as_secs_f64());
        sum += tally;
    }
    println!("{sum}");
    Ok(if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn native(house: &House) -> Result<Tally> {
    let mut cargo = house.command("cargo");
    cargo.args(["test", "--no-fail-fast", "--package", "latchkey", "--package", "latchkey-exchange"]);
    cargo.args(["--package", "xtask", "--package", "latchkey-data"]);
    counted(&mut cargo)
}

fn web(house: &House) -> Result<Tally> {
    house.tools.wasm_target()?;
    house.tools.wasm_bindgen()?;
    house.tools.wasm_pack()?;
    house.tools.browsers()?;
    let mut sum = Tally::default();
    for browser in ["--chrome", "--firefox"] {
        let mut wasm_pack = house.command("wasm-pack");
        wasm_pack.args(["test", "--headless", browser, "--mode", "no-install"]).arg(house.root.join("tests/web"));
        sum += counted(&mut wasm_pack)?;
    }
    Ok(sum)
}

fn e2e(house: &House) -> Result<Tally> {
    let browsers = house.tools.browsers()?;
    pack::pack(house, Hosts::Asked)?;
    pack::pack(house, Hosts::Required)?;
    let mut cargo = house.command("cargo");
    cargo.args(["test", "--no-fail-fast", "--package", "latchkey-e2e"]);
    environment::set(&mut cargo, house, &browsers)?;
    counted(&mut cargo)
}

/// Runs a command that runs tests, and counts them.
fn counted(command: &mut Command) -> Result<Tally> {
    let mut sum = Tally::default();
    let ended_well = stream(command, |line| {
        if let Some(tally) = Tally::from_line(line) {
            sum += tally;
        }
    })?;
    Ok(sum.after(ended_well))
}
