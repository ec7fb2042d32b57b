//! The packed extension. The same files always give the same bytes, so that anybody can check a pack against its
//! source.

use std::fs::{self, File};
use std::io::{Cursor, Read, Seek, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::build::{self, Browser};
use crate::house::House;
use crate::manifest::Hosts;

/// Builds and packs for both browsers; returns the files.
pub fn pack(house: &House, hosts: Hosts) -> Result<Vec<PathBuf>> {
    build::build(house, None, hosts)?;
    Browser::ALL
        .into_iter()
        .map(|browser| {
            let pack = archive(&house.unpacked(browser, hosts))?;
            let path = house.packed(browser, hosts);
            if !fs::read(&path).is_ok_and(|old| old == pack) {
                fs::write(&path, pack).with_context(|| format!("writing {}", path.display()))?;
            }
            Ok(path)
        })
        .collect()
}

/// A zip of a folder's files: in the order of their names, all of the same moment and mode.
fn archive(folder: &Path) -> Result<Vec<u8>> {
    let mut names = Vec::new();
    list(folder, "", &mut names)?;
    names.sort_unstable();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for name in names {
        add(&mut zip, folder, &name).with_context(|| format!("packing {name}"))?;
    }
    Ok(zip.finish()?.into_inner())
}

fn add(zip: &mut ZipWriter<impl Write + Seek>, folder: &Path, name: &str) -> Result<()> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    zip.start_file(name, options)?;
    let mut content = Vec::new();
    File::open(folder.join(name))?.read_to_end(&mut content)?;
    zip.write_all(&content)?;
    Ok(())
}

fn list(folder: &Path, prefix: &str, names: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().into_string().ok().context("a file's name is not UTF-8")?;
        let name = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    fn folder_of(name: &str, files: &[(&str, &str)], age: Duration) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("latchkey-pack-{}-{name}", std::process::id()));
        for (name, content) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, content).unwrap();
            File::options().write(true).open(&path).unwrap().set_modified(SystemTime::now() - age).unwrap();
        }
        folder
    }

    #[test]
    fn two_packs_of_the_same_files_are_the_same_bytes() {
        let files = [("manifest.json", "{}"), ("content/a.js", "1"), ("b.js", "2")];
        let reversed = [files[2], files[1], files[0]];
        let one = folder_of("one", &files, Duration::ZERO);
        let other = folder_of("other", &reversed, Duration::from_secs(100_000));
        let (first, second) = (archive(&one).unwrap(), archive(&other).unwrap());
        assert!(first == second, "the packs differ");

        let mut zip = zip::ZipArchive::new(Cursor::new(first)).unwrap();
        let names: Vec<String> =
            (0..zip.len()).map(|at| zip.by_index(at).unwrap().name().unwrap().into_owned()).collect();
        assert_eq!(names, ["b.js", "content/a.js", "manifest.json"]);
        let mut content = String::new();
        zip.by_name("content/a.js").unwrap().read_to_string(&mut content).unwrap();
        assert_eq!(content, "1");

        fs::write(other.join("b.js"), "3").unwrap();
        assert!(archive(&other).unwrap() != second, "a change is not in the pack");
        fs::remove_dir_all(one).unwrap();
        fs::remove_dir_all(other).unwrap();
    }
}
