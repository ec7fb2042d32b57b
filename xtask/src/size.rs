//! What a person downloads, against what it may be.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::build::{self, Browser, Module};
use crate::house::House;
use crate::manifest::Hosts;

/// The size of one shipped file, in bytes.
pub struct Size {
    name: String,
    raw: u64,
    /// What counts against the budget: gzipped for a module, as it is for a pack.
    shipped: u64,
    budget: u64,
}

/// Measures both modules and both packs; they must have been packed.
pub fn measure(house: &House) -> Result<Vec<Size>> {
    let mut sizes = Vec::new();
    for (module, budget) in [(Module::Background, 500_000), (Module::Pages, 250_000)] {
        let content = read(&build::glue(house, module).join(module.wasm()))?;
        sizes.push(Size { name: module.wasm(), raw: length(&content), shipped: gzipped(&content)?, budget });
    }
    for browser in Browser::ALL {
        let path = house.packed(browser, Hosts::Asked);
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let raw = length(&read(&path)?);
        sizes.push(Size { name, raw, shipped: raw, budget: 4_000_000 });
    }
    Ok(sizes)
}

/// The sizes as a table.
pub fn table(sizes: &[Size]) -> String {
    let mut table = format!("{:<36} {:>10} {:>10} {:>10}\n", "", "raw", "shipped", "budget");
    for Size { name, raw, shipped, budget } in sizes {
        // Writing to a String cannot fail.
        let _ = writeln!(table, "{name:<36} {raw:>10} {shipped:>10} {budget:>10}");
    }
    table
}

/// An error that names what is over its budget.
pub fn check(sizes: &[Size]) -> Result<()> {
    let over: Vec<&str> =
        sizes.iter().filter(|size| size.shipped > size.budget).map(|size| size.name.as_str()).collect();
    ensure!(over.is_empty(), "over the budget: {}", over.join(", "));
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("reading {}", path.display()))
}

fn gzipped(content: &[u8]) -> Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(length(&encoder.finish()?))
}

fn length(content: &[u8]) -> u64 {
    content.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(shipped: u64) -> Size {
        Size { name: "some.wasm".into(), raw: 900, shipped, budget: 500 }
    }

    #[test]
    fn what_is_over_its_budget_is_named() {
        assert!(check(&[size(500)]).is_ok());
        assert!(check(&[size(500), size(501)]).unwrap_err().to_string().contains("some.wasm"));
    }

    #[test]
    fn gzip_is_measured_and_not_guessed() {
        assert!(gzipped(&[0; 100_000]).unwrap() < 1_000);
    }
}
