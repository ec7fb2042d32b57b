//! The judgement from a shell: reads a saved page, or lines of times, devices, places and addresses.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, Offset, TimeZone, Utc};
use clap::{Args, Parser, Subcommand};
use latchkey::page::Page;
use latchkey::reading::{self, Hints, lexicon::Lexicon};
use latchkey::session::Form;
use latchkey::zone::{Transition, Zone};
use serde_json::{Value, json};

/// Reads an exchange's device page and tells what it says.
#[derive(Parser)]
#[command(name = "latchkey", version, about)]
struct Cli {
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
        context: Context,
    },
    /// Read times, one a line; prints one JSON value a line.
    Time(Context),
    /// Read devices, one a line.
    Device(Context),
    /// Read places, one a line.
    Place(Context),
    /// Read addresses, one a line.
    Address(Context),
}

#[derive(Args)]
struct Context {
    /// The language to read in (a BCP 47 tag), in place of the page's own.
    #[arg(long)]
    lang: Option<String>,
    /// The moment that relative times count from (RFC 3339); this moment where it is not given.
    #[arg(long, value_parser = moment)]
    now: Option<DateTime<Utc>>,
    /// The zone of times that state none (IANA name).
    #[arg(long, default_value = "UTC")]
    zone: chrono_tz::Tz,
}

impl Context {
    fn now(&self) -> DateTime<Utc> {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        self.now.or_else(|| DateTime::from_timestamp(since.as_secs().try_into().ok()?, 0)).unwrap_or_default()
    }

    /// The zone's offsets over the years that pages speak of.
    fn zone(&self) -> Zone {
        let offset = |seconds: i64| {
            let moment = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
            self.zone.offset_from_utc_datetime(&moment.naive_utc()).fix().local_minus_utc()
        };
        let (first, last, day) = (631_152_000_i64, 2_524_608_000_i64, 86_400_i64);
        let mut transitions = vec![Transition { from: i64::MIN, offset: offset(first) }];
        let mut at = first;
        while at < last {
            let (before, after) = (offset(at), offset(at + day));
            if before != after {
                let (mut low, mut high) = (at, at + day);
                while high - low > 1 {
                    let middle = low + (high - low) / 2;
                    if offset(middle) == before { low = middle } else { high = middle }
                }
                transitions.push(Transition { from: high, offset: after });
            }
            at += day;
        }
        Zone::from_transitions(self.zone.name(), transitions)
    }
}

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text).map(|moment| moment.to_utc()).map_err(|error| error.to_string())
}

fn main() -> ExitCode {
    match run(&Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "latchkey: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<(), Box<dyn std::error::Error>> {
    match command {
        Command::Read { file, url, context } => {
            let html = String::from_utf8_lossy(&std::fs::read(file)?).into_owned();
            let page = Page::from_html(&html, url);
            let hints = Hints { lang: context.lang.clone(), ..Hints::default() };
            let reading = reading::read(&page, &hints, context.now(), &context.zone());
            let mut out = std::io::stdout().lock();
            serde_json::to_writer(&mut out, &reading)?;
            writeln!(out)?;
            Ok(())
        }
        Command::Time(context) => {
            let zone = context.zone();
            let time = reading::time::Context::new(context.now(), &zone, context.lang.as_deref());
            lines(|line| Ok(serde_json::to_value(reading::time::read(line, &time))?))
        }
        Command::Device(_) => lines(|line| Ok(device(line))),
        Command::Place(context) => {
            let languages = context.lang.as_deref().map_or(0, reading::lexicon::languages_of);
            lines(|line| Ok(place(line, languages)))
        }
        Command::Address(_) => lines(|line| Ok(address(line))),
    }
}

/// One text a line in, one JSON value a line out.
fn lines(read: impl Fn(&str) -> Result<Value, Box<dyn std::error::Error>>) -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().split(b'\n') {
        let line = String::from_utf8_lossy(&line?).trim_end_matches('\r').to_owned();
        serde_json::to_writer(&mut out, &read(&line)?)?;
        writeln!(out)?;
    }
    Ok(out.flush()?)
}

fn device(line: &str) -> Value {
    let device = reading::device::read(line);
    if !device.is_some() && device.form == Form::Unknown {
        return Value::Null;
    }
    let mut value = json!({
        "browser": device.browser, "browser_version": device.browser_version, "os": device.os, "os_version": device.os_version,
        "app": device.app, "app_version": device.app_version, "model": device.model, "form": device.form,
    });
    if device.bot {
        value["bot"] = json!(true);
    }
    value
}

fn place(line: &str, languages: reading::lexicon::Languages) -> Value {
    let place = reading::place::read(line, &Lexicon::get().mark(line), languages);
    let Some(country) = place.code() else { return Value::Null };
    json!({"city": place.city, "region": null, "country": country, "lat": null, "lon": null, "radius_km": null})
}

fn address(line: &str) -> Value {
    let folded = reading::text::fold(line);
    let found = reading::address::find(&folded);
    match found.first() {
        Some(address) if address.masked => json!({"masked": line.trim()}),
        Some(address) => {
            json!({"ip": address.text, "country": null, "asn": null, "operator": null, "kind": "fixed_or_unknown", "listed": []})
        }
        None => Value::Null,
    }
}
