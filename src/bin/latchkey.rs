//! The judgement from a shell: reads a saved page, or lines of times, devices, places and addresses; judges snapshots
//! of accounts.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[path = "latchkey/assess.rs"]
mod assess;
#[path = "latchkey/known.rs"]
mod known;
#[path = "latchkey/read.rs"]
mod read;
#[path = "latchkey/zones.rs"]
mod zones;

/// Reads an exchange's device page, tells which sessions are not yours, and says why.
#[derive(Parser)]
#[command(name = "latchkey", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Read a saved page; prints one JSON object.
    Read {
        /// The saved page.
        file: PathBuf,
        /// Where it was saved from.
        #[arg(long, default_value = "")]
        url: String,
        #[command(flatten)]
        context: read::Context,
    },
    /// Judge snapshots of accounts: one JSON object a line in, one a line out.
    Assess {
        /// Where to keep what is learned of the accounts; without it, it ends with the process.
        #[arg(long, value_name = "FILE")]
        memory: Option<PathBuf>,
        /// How soon to ask, in place of what the lines tell.
        #[arg(long)]
        sensitivity: Option<assess::Soon>,
    },
    /// Read times, one a line; prints one JSON value a line.
    Time(read::Context),
    /// Read devices, one a line.
    Device(read::Context),
    /// Read places, one a line.
    Place(read::Context),
    /// Read addresses, one a line.
    Address(read::Context),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Assess { memory, sensitivity } => return assess::run(memory.as_deref(), sensitivity),
        Command::Read { file, url, context } => read::page(&file, &url, &context),
        Command::Time(context) => read::times(&context),
        Command::Device(_) => read::devices(),
        Command::Place(context) => read::places(&context),
        Command::Address(_) => read::addresses(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where even standard error is closed, the exit code alone tells.
            let _ = writeln!(std::io::stderr(), "latchkey: {error}");
            ExitCode::FAILURE
        }
    }
}
