//! The packages that the data is made of: pinned, fetched by the registries' own clients, checked, unpacked.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use flate2::read::GzDecoder;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// sources.toml.
#[derive(Deserialize)]
struct Lock {
    source: Vec<Source>,
}

/// A pinned package.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// How the code asks for it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where it comes from.
    registry: Registry,
    /// Its name there.
    package: String,
    /// Its version there.
    pub version: String,
    /// The file that the client leaves.
    #[serde(default)]
    file: String,
    /// The hash of that file.
    #[serde(default)]
    sha256: String,
    /// The date of the data (ISO 8601).
    pub date: String,
    /// The data's licence.
    pub licence: String,
    /// What the licence wants said.
    pub attribution: String,
    /// Where the licence wants a link to.
    #[serde(default)]
    pub link: String,
    /// The subjects that it is part of.
    pub subjects: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Registry {
    /// A dependency of this crate: cargo fetches and checks it.
    Crates,
    Npm,
    Pypi,
    /// Facts collected by hand, in this folder.
    Here,
}

/// All of them.
pub struct Sources {
    sources: Vec<Source>,
    cache: PathBuf,
}

impl Sources {
    /// Reads the lock. Nothing is fetched yet.
    pub fn open(lock: &Path, cache: PathBuf) -> Result<Self> {
        let text = fs::read_to_string(lock).with_context(|| lock.display().to_string())?;
        let Lock { source } = toml::from_str(&text)?;
        fs::create_dir_all(&cache)?;
        Ok(Self { sources: source, cache })
    }

    /// Those of a subject.
    pub fn of(&self, subject: &str) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(move |source| source.subjects.iter().any(|it| it == subject))
    }

    /// All of them.
    pub fn all(&self) -> &[Source] {
        &self.sources
    }

    /// Puts a person's own table in the place of a package.
    pub fn replace(&mut self, id: &str, date: &str, name: &str) {
        if let Some(source) = self.sources.iter_mut().find(|source| source.id == id) {
            (source.name, source.version, source.date) = (name.to_owned(), "own".to_owned(), date.to_owned());
        }
    }

    /// The content of a package's files whose path `wanted` names, by path.
    pub fn files(&self, id: &str, wanted: impl Fn(&str) -> bool) -> Result<BTreeMap<String, Vec<u8>>> {
        let source = self.sources.iter().find(|source| source.id == id).with_context(|| format!("no source {id}"))?;
        let file = self.fetch(source)?;
        let found = unpack(&file, wanted).with_context(|| file.display().to_string())?;
        ensure!(!found.is_empty(), "{}: not the files that were looked for", file.display());
        Ok(found)
    }

    /// The text of one file of a package, by the end of its path.
    pub fn text(&self, id: &str, ending: &str) -> Result<String> {
        let files = self.files(id, |path| path.ends_with(ending))?;
        ensure!(files.len() == 1, "{id}: {} files end in {ending}", files.len());
        let bytes = files.into_values().next().unwrap_or_default();
        Ok(String::from_utf8(bytes)?)
    }

    fn fetch(&self, source: &Source) -> Result<PathBuf> {
        let file = self.cache.join(&source.file);
        if !file.is_file() {
            let pinned = match source.registry {
                Registry::Npm => format!("{}@{}", source.package, source.version),
                _ => format!("{}=={}", source.package, source.version),
            };
            let (program, arguments): (_, &[&str]) = match source.registry {
                Registry::Npm => ("npm", &["pack", "--silent"]),
                Registry::Pypi if source.file.ends_with(".whl") => ("pip", &["download", "--quiet", "--no-deps"]),
                Registry::Pypi => ("pip", &["download", "--quiet", "--no-deps", "--no-binary", ":all:"]),
                Registry::Crates | Registry::Here => bail!("{} is no file", source.id),
            };
            eprintln!("$ {program} {} {pinned}", arguments.join(" "));
            let status = Command::new(program).args(arguments).arg(pinned).current_dir(&self.cache).status()?;
            ensure!(status.success(), "{program} ended with {status}");
        }
        let hash = hex(&Sha256::digest(fs::read(&file).with_context(|| file.display().to_string())?));
        ensure!(hash == source.sha256, "{} has the SHA-256 {hash}, not {}", file.display(), source.sha256);
        Ok(file)
    }
}

/// Bytes as text.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unpack(file: &Path, wanted: impl Fn(&str) -> bool) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    if file.extension().is_some_and(|ending| ending == "whl") {
        let mut archive = zip::ZipArchive::new(fs::File::open(file)?)?;
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index)?;
            let path = entry.name()?.into_owned();
            if wanted(&path) {
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes)?;
                found.insert(path, bytes);
            }
        }
    } else {
        let mut archive = tar::Archive::new(GzDecoder::new(fs::File::open(file)?));
        for entry in archive.entries()? {
            let mut entry = entry?;
            let path = entry.path()?.to_string_lossy().into_owned();
            if wanted(&path) {
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes)?;
                found.insert(path, bytes);
            }
        }
    }
    Ok(found)
}
