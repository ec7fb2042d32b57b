//! Makes the packaged data in static/data from pinned packages: the same bytes on every run.
//!
//! ```text
//! cargo xtask data                      fetch, check, merge, encode; write static/data
//! cargo xtask data --check              measure what is in static/data against the same packages
//! cargo xtask data --asn FILE --asn-date DATE   with a person's own table of operators: start, end, number, name
//! cargo xtask data --new-key KEY        make a key to sign with
//! cargo xtask data --sign KEY           sign what is in static/data, for people to import, into target/data
//! ```

// A command-line tool speaks through these.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod atlas;
mod check;
mod classes;
mod names;
mod network;
mod notice;
mod ranges;
mod sign;
mod sounds;
mod sources;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use sha2::{Digest, Sha256};

use crate::sources::Sources;

/// Makes the packaged data from pinned packages.
#[derive(Parser)]
#[command(name = "cargo xtask data", bin_name = "cargo xtask data")]
struct Arguments {
    /// Measure what is there in place of making it.
    #[arg(long, conflicts_with_all = ["asn", "sign", "new_key"])]
    check: bool,
    /// A table of operators in the place of the pinned one: comma-separated start, end, number and name.
    #[arg(long, value_name = "FILE", requires = "asn_date")]
    asn: Option<PathBuf>,
    /// The date of that table (ISO 8601).
    #[arg(long, value_name = "DATE")]
    asn_date: Option<String>,
    /// Sign what is there with the key in this file, for people to import.
    #[arg(long, value_name = "KEY", conflicts_with = "asn")]
    sign: Option<PathBuf>,
    /// Write a new key into this file, and its public half beside the data.
    #[arg(long, value_name = "KEY", conflicts_with_all = ["asn", "sign"])]
    new_key: Option<PathBuf>,
}

/// The files that are made.
const FILES: [&str; 2] = ["network.bin", "atlas.bin"];

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.ancestors().nth(2).context("no checkout")?;
    let cache = root.join("target/data");
    let mut sources = Sources::open(&here.join("sources.toml"), cache.clone())?;
    let out = root.join("static/data");
    let public = out.join("key.pub");
    fs::create_dir_all(&out)?;
    if arguments.check {
        return check::check(&sources, here, &out);
    }
    if let Some(file) = &arguments.new_key {
        return sign::new_key(file, &public);
    }
    if let Some(file) = &arguments.sign {
        let key = sign::key(file)?;
        for name in FILES {
            let signed = sign::sign(&fs::read(out.join(name))?, &key, &public)?;
            ensure!(sign::is_genuine(&signed, &key.verifying_key()), "{name}: the signature does not hold");
            write(&cache.join(name).with_extension("signed.bin"), &signed)?;
        }
        return Ok(());
    }
    if let Some(own) = &arguments.asn {
        let name = own.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        sources.replace("asn", arguments.asn_date.as_deref().unwrap_or_default(), &name);
    }
    let network = network::build(&sources, here, arguments.asn.as_deref())?;
    let atlas = atlas::build(&sources, here, atlas::Exemplars::Taken)?;
    latchkey::atlas::Atlas::open(&atlas)?;
    let mut sums = String::new();
    for (name, bytes) in FILES.iter().zip([&network, &atlas]) {
        sums += &format!("{}  {name}\n", sources::hex(&Sha256::digest(bytes)));
        write(&out.join(name), bytes)?;
    }
    write(&out.join("SHA256SUMS"), sums.as_bytes())?;
    write(&out.join("NOTICE"), notice::text(&sources)?.as_bytes())
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    println!("{} {:>9} bytes", path.display(), bytes.len());
    fs::write(path, bytes).with_context(|| path.display().to_string())
}
