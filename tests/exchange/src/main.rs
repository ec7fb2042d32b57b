//! Runs the demo exchange until ctrl-c.
#![allow(clippy::print_stdout, reason = "a command says where it listens")]

use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Parser;
use latchkey_exchange::{CLEAN_USER, DEMO_CODE, DEMO_PASSWORD, DEMO_USER, Exchange, Language, Options, Skin};

/// An exchange to try Latchkey on: real sessions that really end, on 127.0.0.1 only.
#[derive(Debug, Parser)]
#[command(name = "latchkey-exchange")]
struct Arguments {
    /// Which exchange it looks like.
    #[arg(long, value_enum, default_value_t = Skin::BinanceKit)]
    skin: Skin,
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 8455)]
    port: u16,
    /// Somebody else is signed in to the first account.
    #[arg(long)]
    foreign: bool,
    /// Speak TLS, with a certificate signed by itself for the exchanges' real host names.
    #[arg(long)]
    tls: bool,
    /// Seconds between two renderings of a page; 0 renders only on demand.
    #[arg(long, default_value_t = 5)]
    rerender: u64,
    /// What the exchange takes for the present (RFC 3339); the real time where it is not given.
    #[arg(long)]
    now: Option<DateTime<Utc>>,
    /// The pages in this language, where the skin has it.
    #[arg(long, value_enum, default_value_t = Language::English)]
    language: Language,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { skin, port, foreign, tls, rerender, now, language } = Arguments::parse();
    let rerender = Duration::from_secs(rerender);
    let mut exchange = Exchange::start(Options { port, tls, foreign, now, rerender, ..Options::skin(skin) }).await?;
    let (url, paths) = (exchange.url().to_owned(), skin.paths(language));
    println!("{skin} on {url}");
    println!("  sign in       {url}{}", paths.login);
    println!("  devices       {url}{}", paths.devices);
    println!("  not devices   {url}{}", paths.trade);
    println!("  accounts      {DEMO_USER}{}, {CLEAN_USER}", if foreign { " (with foreign sessions)" } else { "" });
    println!("  password      {DEMO_PASSWORD}");
    println!("  second factor {DEMO_CODE}");
    println!("Another look: add ?skin=NAME to an address. Ctrl-C ends it.");
    tokio::select! {
        ended = exchange.wait() => ended,
        signal = tokio::signal::ctrl_c() => signal.context("cannot listen for ctrl-c"),
    }
}
