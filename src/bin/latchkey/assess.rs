//! `latchkey assess`: snapshots of accounts in, judgements out, a JSON object a line.

use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::process::ExitCode;

use crate::{known, zones};
use chrono::{DateTime, Utc};
use latchkey::atlas::Atlas;
use latchkey::explain::{Message, english};
use latchkey::memory::{Answer, ListName, Memory, RowId, entries, row_ids};
use latchkey::network::Network;
use latchkey::reading::List;
use latchkey::risk::{Assessment, Own, Sensitivity, Settings, Snapshot, Stage, Verdict, assess};
use latchkey::session::{ApiCall, ApiKey, Row, WithdrawalAddress};
use latchkey::world::World;
use latchkey::zone::Zone;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

#[path = "assess/journal.rs"]
mod journal;

use journal::Journal;

/// How soon to ask, as a word of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Soon {
    /// Seldom.
    Calm,
    /// As is right for most.
    Balanced,
    /// Often.
    Watchful,
}

/// Answers every line of standard input, until it ends. What is learned is kept in `file`, where one is named.
pub fn run(file: Option<&Path>, soon: Option<Soon>) -> ExitCode {
    let mut accounts = HashMap::new();
    let mut journal = None;
    if let Some(file) = file {
        match Journal::open(file) {
            Ok((opened, known)) => (journal, accounts) = (Some(opened), known),
            Err(problem) => return fail(&format!("{}: {problem}", file.display())),
        }
    }
    let (network, atlas) = match known::network().and_then(|network| Ok((network, known::atlas()?))) {
        Ok(known) => known,
        Err(problem) => return fail(&problem.to_string()),
    };
    let mut judge = Judge { accounts, zones: HashMap::new(), network, atlas, journal, soon };
    match judge.answer_all(io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever listened has gone.
        Err(problem) if problem.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(problem) => fail(&problem.to_string()),
    }
}

#[expect(clippy::print_stderr, reason = "a shell's problems belong on standard error")]
fn fail(problem: &str) -> ExitCode {
    eprintln!("latchkey: {problem}");
    ExitCode::FAILURE
}

struct Judge {
    accounts: HashMap<String, Memory>,
    zones: HashMap<String, Zone>,
    network: Network<'static>,
    atlas: Atlas<'static>,
    journal: Option<Journal>,
    soon: Option<Soon>,
}

impl Judge {
    fn answer_all(&mut self, mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
        let mut line = Vec::new();
        for number in 1_u64.. {
            line.clear();
            if input.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            let mut answer = match self.answer(&line) {
                Ok(answer) => answer,
                Err(problem) => serde_json::to_vec(&Refusal { error: problem.to_string(), line: number })?,
            };
            answer.push(b'\n');
            output.write_all(&answer)?;
            output.flush()?;
        }
        Ok(())
    }

    fn answer(&mut self, line: &[u8]) -> Result<Vec<u8>, Problem> {
        let question: Question = lenient(line)?;
        let account = match &question.account {
            Value::String(name) => name.clone(),
            other => other.to_string(),
        };
        let zone = match question.zone {
            Some(name) => self.zone(&name)?,
            None => Zone::utc(),
        };
        let (sessions, session_ids) = named(question.sessions);
        let (logins, login_ids) = named(question.logins);
        let mut settings = question.settings;
        settings.sensitivity = match self.soon {
            None => settings.sensitivity,
            Some(Soon::Calm) => Sensitivity::Calm,
            Some(Soon::Balanced) => Sensitivity::Balanced,
            Some(Soon::Watchful) => Sensitivity::Watchful,
        };
        let Question { api_keys, api_calls, withdrawal_addresses, .. } = question;
        let lists =
            [List::ApiKeys(api_keys), List::ApiCalls(api_calls), List::WithdrawalAddresses(withdrawal_addresses)];
        let snapshot = Snapshot { sessions, logins, settings, books: entries(&lists), ..Snapshot::default() };
        let own = Own { user_agent: None, zone };
        let memory = self.accounts.entry(account.clone()).or_default();
        for answer in question.answers {
            memory.answer(answer.list, &RowId(text(&answer.id)), Some(answer.answer));
        }
        let world = World { network: Some(&self.network), atlas: Some(&self.atlas) };
        let assessment = assess(memory, &snapshot, &own, &world, question.now);
        memory.learn(&snapshot, &assessment, &world, question.now);
        if let Some(journal) = &mut self.journal {
            let memory = &self.accounts[&account];
            journal.keep(&account, memory, &self.accounts)?;
        }
        let ids = session_ids.into_iter().chain(login_ids);
        Ok(serde_json::to_vec(&Reply::new(question.snapshot, &assessment, ids))?)
    }

    fn zone(&mut self, name: &str) -> Result<Zone, Problem> {
        if let Some(zone) = self.zones.get(name) {
            return Ok(zone.clone());
        }
        let zone = zones::table(name.parse().map_err(|_| Problem::Zone(name.to_owned()))?);
        self.zones.insert(name.to_owned(), zone.clone());
        Ok(zone)
    }
}

#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error("no such time zone: {0}")]
    Zone(String),
    #[error("the memory could not be written: {0}")]
    Memory(#[from] io::Error),
}

#[derive(Deserialize)]
struct Question {
    #[serde(default)]
    snapshot: Value,
    account: Value,
    now: DateTime<Utc>,
    zone: Option<String>,
    #[serde(default)]
    settings: Settings,
    #[serde(default)]
    sessions: Vec<Named>,
    #[serde(default)]
    logins: Vec<Named>,
    #[serde(default)]
    api_keys: Vec<ApiKey>,
    #[serde(default)]
    api_calls: Vec<ApiCall>,
    #[serde(default)]
    withdrawal_addresses: Vec<WithdrawalAddress>,
    #[serde(default)]
    answers: Vec<Given>,
}

struct Named {
    id: Option<Value>,
    row: Row,
}

impl<'de> Deserialize<'de> for Named {
    /// Reads the text twice, for the name and for the row: much faster than taking it apart into values first.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Name {
            id: Option<Value>,
        }
        let text = Box::<RawValue>::deserialize(deserializer)?;
        let name: Name = serde_json::from_str(text.get()).map_err(D::Error::custom)?;
        Ok(Self { id: name.id, row: lenient(text.get().as_bytes()).map_err(D::Error::custom)? })
    }
}

#[derive(Deserialize)]
struct Given {
    list: ListName,
    id: Value,
    answer: Answer,
}

#[derive(Serialize)]
struct Refusal {
    error: String,
    line: u64,
}

#[derive(Serialize)]
struct Reply<'a> {
    snapshot: Value,
    stage: Stage,
    rows: Vec<ReplyRow<'a>>,
    account: Vec<ReplyFinding<'a>>,
}

#[derive(Serialize)]
struct ReplyRow<'a> {
    list: ListName,
    id: Value,
    verdict: Verdict,
    nats: f64,
    evidence: Vec<ReplyEvidence<'a>>,
}

#[derive(Serialize)]
struct ReplyEvidence<'a> {
    signal: &'a str,
    nats: f64,
    text: String,
}

#[derive(Serialize)]
struct ReplyFinding<'a> {
    signal: &'a str,
    verdict: Verdict,
    text: String,
}

impl<'a> Reply<'a> {
    fn new(snapshot: Value, assessment: &'a Assessment, ids: impl Iterator<Item = Value>) -> Self {
        let words = |message: &Message| english(message);
        Self {
            snapshot,
            stage: assessment.stage,
            rows: assessment
                .rows
                .iter()
                .zip(ids)
                .map(|(row, id)| ReplyRow {
                    list: row.list,
                    id,
                    verdict: row.verdict,
                    nats: row.nats,
                    evidence: row
                        .evidence
                        .iter()
                        .map(|piece| ReplyEvidence {
                            signal: &piece.signal,
                            nats: piece.nats,
                            text: words(&piece.message),
                        })
                        .collect(),
                })
                .collect(),
            account: assessment
                .account
                .iter()
                .map(|finding| ReplyFinding {
                    signal: &finding.signal,
                    verdict: finding.verdict,
                    text: words(&finding.message),
                })
                .collect(),
        }
    }
}

/// The rows with their names, and the names as they were given. A row without one gets that which the product would
/// give it.
fn named(rows: Vec<Named>) -> (Vec<(RowId, Row)>, Vec<Value>) {
    let (given, rows): (Vec<Option<Value>>, Vec<Row>) = rows.into_iter().map(|named| (named.id, named.row)).unzip();
    let made = if given.iter().all(Option::is_some) { Vec::new() } else { row_ids(&rows) };
    let mut made = made.into_iter();
    let mut ids = Vec::with_capacity(rows.len());
    let rows = rows.into_iter().zip(given).map(|(row, given)| {
        let made = made.next();
        let id = given.as_ref().map_or_else(|| made.unwrap_or_else(|| RowId(String::new())), |id| RowId(text(id)));
        ids.push(given.unwrap_or_else(|| Value::String(id.0.clone())));
        (id, row)
    });
    (rows.collect(), ids)
}

fn text(id: &Value) -> String {
    match id {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Reads a value in which null and absent mean the same. Most texts have nulls only where the value may have them.
fn lenient<T: DeserializeOwned>(text: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice(text).or_else(|_| {
        let mut value: Value = serde_json::from_slice(text)?;
        drop_nulls(&mut value);
        serde_json::from_value(value)
    })
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}
