//! `read` and the line filters: a saved page, or texts one a line, as the reader understands them.

use std::error::Error;
use std::io::{BufRead, Write};
use std::path::Path;

use chrono::{DateTime, Utc};
use clap::Args;
use latchkey::exchange;
use latchkey::page::Page;
use latchkey::reading::{self, Hints};
use latchkey::session::Form;
use latchkey::zone::Zone;
use serde_json::{Value, json};

use crate::{known, zones};

/// What a reading depends on besides the text.
#[derive(Args)]
pub struct Context {
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

    fn zone(&self) -> Zone {
        zones::table(self.zone)
    }
}

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text).map(|moment| moment.to_utc()).map_err(|error| error.to_string())
}

/// Prints the reading of a saved page.
pub fn page(file: &Path, url: &str, context: &Context) -> Result<(), Box<dyn Error>> {
    let html = String::from_utf8_lossy(&std::fs::read(file)?).into_owned();
    let page = Page::from_html(&html, url);
    let brand = exchange::of_url(url).map(|it| it.brand.iter().map(|name| (*name).to_owned()).collect());
    let hints = Hints { lang: context.lang.clone(), brand: brand.unwrap_or_default() };
    let reading = reading::read(&page, &hints, context.now(), &context.zone());
    // Paths of deep pages are long: not a call of the system for each line.
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    serde_json::to_writer(&mut out, &reading)?;
    writeln!(out)?;
    Ok(out.flush()?)
}

/// Reads times.
pub fn times(context: &Context) -> Result<(), Box<dyn Error>> {
    let zone = context.zone();
    let time = reading::time::Context::new(context.now(), &zone, context.lang.as_deref());
    lines(|line| Ok(serde_json::to_value(reading::time::read(line, &time))?))
}

/// Reads devices.
pub fn devices() -> Result<(), Box<dyn Error>> {
    lines(|line| Ok(device(line)))
}

/// Reads places.
pub fn places(context: &Context) -> Result<(), Box<dyn Error>> {
    let languages = context.lang.as_deref().map_or(0, reading::lexicon::languages_of);
    let atlas = known::atlas()?;
    lines(|line| Ok(known::place(&atlas, line, languages)))
}

/// Reads addresses.
pub fn addresses() -> Result<(), Box<dyn Error>> {
    let network = known::network()?;
    lines(|line| Ok(known::address(&network, line)))
}

/// One text a line in, one JSON value a line out.
fn lines(read: impl Fn(&str) -> Result<Value, Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
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
