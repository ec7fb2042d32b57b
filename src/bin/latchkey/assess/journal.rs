//! The file that keeps what was learned of accounts: a line an account, the last one of each counts.
//!
//! A line is added after every judgement, so that nothing answered is lost; a line torn by a sudden end is left out
//! at the next start. When most of the file is outdated, it is written anew beside itself and put in place by one
//! rename.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use latchkey::memory::{Memory, VERSION};
use serde::{Deserialize, Serialize};

/// Up to which size a file is never written anew.
const SMALL: u64 = 4 << 20;

/// The open file.
pub struct Journal {
    path: PathBuf,
    file: File,
    size: u64,
    /// At which size it is written anew.
    limit: u64,
}

/// Why a file cannot be used. It is left as it is.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// It could not be opened, read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A line that is not the last one is no memory.
    #[error("line {0} is not a memory; the file is left as it is")]
    Foreign(usize),
    /// It was written by a newer version.
    #[error("written by a newer version ({0}); the file is left as it is")]
    Newer(u32),
}

#[derive(Deserialize)]
struct Kept {
    account: String,
    memory: Memory,
}

#[derive(Serialize)]
struct Keeping<'a> {
    account: &'a str,
    memory: &'a Memory,
}

impl Journal {
    /// Opens a file, or makes it; with what it knows.
    pub fn open(path: &Path) -> Result<(Self, HashMap<String, Memory>), Unusable> {
        let text = match fs::read(path) {
            Ok(text) => text,
            Err(problem) if problem.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(problem) => return Err(problem.into()),
        };
        let mut accounts = HashMap::new();
        let complete = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        for (i, line) in text[..complete].split(|byte| *byte == b'\n').enumerate() {
            if line.is_empty() {
                continue;
            }
            let kept: Kept = serde_json::from_slice(line).map_err(|_| Unusable::Foreign(i + 1))?;
            if kept.memory.version > VERSION {
                return Err(Unusable::Newer(kept.memory.version));
            }
            accounts.insert(kept.account, kept.memory);
        }
        let torn = &text[complete..];
        if complete == 0 && !torn.is_empty() && !torn.starts_with(b"{\"account\":") {
            return Err(Unusable::Foreign(1));
        }
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        file.set_len(complete as u64)?;
        let size = complete as u64;
        Ok((Self { path: path.to_owned(), file, size, limit: SMALL.max(size * 2) }, accounts))
    }

    /// Keeps what is known of one account now.
    pub fn keep(&mut self, account: &str, memory: &Memory, all: &HashMap<String, Memory>) -> io::Result<()> {
        let line = line(account, memory)?;
        self.file.write_all(&line)?;
        self.size += line.len() as u64;
        if self.size > self.limit {
            self.write_anew(all)?;
        }
        Ok(())
    }

    fn write_anew(&mut self, all: &HashMap<String, Memory>) -> io::Result<()> {
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let beside = self.path.with_file_name(name);
        let mut file = File::create(&beside)?;
        let mut size = 0;
        for (account, memory) in all {
            let line = line(account, memory)?;
            file.write_all(&line)?;
            size += line.len() as u64;
        }
        file.sync_all()?;
        fs::rename(&beside, &self.path)?;
        self.file = OpenOptions::new().append(true).open(&self.path)?;
        self.size = size;
        self.limit = SMALL.max(size * 2);
        Ok(())
    }
}

fn line(account: &str, memory: &Memory) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(&Keeping { account, memory })?;
    line.push(b'\n');
    Ok(line)
}
