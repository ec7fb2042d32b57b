//! Packs data into tables before the crate is compiled: the program carries no reader of their files, a wrong file stops
//! the build, and what only people need (sources, comments) stays out of the extension.

// Cargo reads what a build script prints.
#![allow(clippy::print_stdout)]

mod characters;
mod exchanges;
mod lexicon;

use std::env;
use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    characters::write(&out)?;
    exchanges::write(&out)?;
    lexicon::write(&out)
}
