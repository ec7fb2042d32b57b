//! `src/exchange/*.toml` as a table.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde::Deserialize;

/// The schema of an exchange's file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    brand: Vec<String>,
    origins: Vec<String>,
    login_paths: Vec<String>,
    device_paths: Vec<String>,
    #[serde(default)]
    device_page: Option<String>,
    #[serde(default)]
    alive_minutes: Option<u32>,
    #[serde(default)]
    verified: bool,
    #[serde(default)]
    source: String,
}

/// Writes `exchanges.rs`: an expression of type `&[Exchange]`.
pub fn write(out: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=src/exchange");
    let mut files: Vec<_> = fs::read_dir("src/exchange")?.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut table = String::from("&[\n");
    for path in files {
        let text = fs::read_to_string(&path)?;
        let file: File = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let id = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        writeln!(
            table,
            "Exchange {{ id: {id:?}, name: {:?}, brand: &{:?}, origins: &{:?}, login_paths: &{:?}, device_paths: &{:?}, \
             device_page: {:?}, alive_minutes: {:?}, verified: {:?}, source: {:?} }},",
            file.name,
            file.brand,
            file.origins,
            file.login_paths,
            file.device_paths,
            file.device_page,
            file.alive_minutes,
            file.verified,
            file.source
        )?;
    }
    table.push(']');
    fs::write(out.join("exchanges.rs"), table)?;
    Ok(())
}
