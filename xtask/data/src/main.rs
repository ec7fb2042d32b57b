//! Makes the packaged data in static/data from pinned packages: the same bytes on every run.
//!
//! ```text
//! cargo xtask data                      fetch, check, merge, encode; write static/data
//! cargo xtask data --check              measure what is in static/data against the same packages
//! cargo xtask data --asn FILE           with a person's own table of operators: start, end, number, name
//! cargo xtask data --sign KEY           sign what is in static/data, for people to import, into target/data
//! ```

// A command-line tool speaks through these.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod atlas;
mod classes;
mod names;
mod network;
mod ranges;
mod sources;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Parser;

use crate::sources::Sources;

/// Makes the packaged data from pinned packages.
#[derive(Parser)]
#[command(name = "cargo xtask data", bin_name = "cargo xtask data")]
struct Arguments {
    /// A table of operators in the place of the pinned one: comma-separated start, end, number and name.
    #[arg(long, value_name = "FILE")]
    asn: Option<PathBuf>,
    /// The date of that table (ISO 8601).
    #[arg(long, requires = "asn", default_value = "")]
    asn_date: String,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.ancestors().nth(2).context("no checkout")?;
    let sources = Sources::open(&here.join("sources.toml"), root.join("target/data"))?;
    let out = root.join("static/data");
    fs::create_dir_all(&out)?;
    let bytes = network::build(&sources, here, arguments.asn.as_deref())?;
    write(&out.join("network.bin"), &bytes)?;
    let bytes = atlas::build(&sources, here, atlas::Exemplars::Taken)?;
    latchkey::atlas::Atlas::open(&bytes)?;
    write(&out.join("atlas.bin"), &bytes)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    println!("{} {:>9} bytes", path.display(), bytes.len());
    fs::write(path, bytes).with_context(|| path.display().to_string())
}
