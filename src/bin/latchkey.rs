//! The judgement from a shell.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[path = "latchkey/assess.rs"]
mod assess;

/// Reads an exchange's device page, tells which sessions are not yours, and says why.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Judge snapshots of accounts: one JSON object a line in, one a line out.
    Assess {
        /// Where to keep what is learned of the accounts; without it, it ends with the process.
        #[arg(long, value_name = "FILE")]
        memory: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Assess { memory } => assess::run(memory.as_deref()),
    }
}
