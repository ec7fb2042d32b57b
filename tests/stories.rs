//! Stories: what a page of an account showed, in order, and what was to be said of it.
//!
//! A file each in `stories/`: `visits`, each with a page in the form of the shell's `assess`, the answers that the
//! person gave before it, and the verdicts and signals expected. Rows are named as the product names them, since real
//! pages show no ids.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use chrono::{DateTime, Utc};
use latchkey::memory::{Answer, ListName, Memory, row_ids};
use latchkey::risk::{Own, Settings, Snapshot, Stage, Verdict, assess};
use latchkey::session::Row;
use latchkey::world::World;
use latchkey::zone::Zone;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    /// What it is about.
    #[serde(rename = "story")]
    _story: String,
    user_agent: Option<String>,
    #[serde(default)]
    settings: Settings,
    visits: Vec<Visit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Visit {
    now: DateTime<Utc>,
    /// Answers about rows of the visit before, by list and place in it.
    #[serde(default)]
    answers: Vec<Given>,
    sessions: Vec<Row>,
    #[serde(default)]
    logins: Vec<Row>,
    expect: Expect,
}

#[derive(Deserialize)]
struct Given {
    list: ListName,
    row: usize,
    /// `null` takes an answer back.
    answer: Option<Answer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    stage: Option<Stage>,
    /// The rows that are flagged; every other one must not be.
    #[serde(default)]
    flagged: Vec<Flagged>,
    /// The signals of the account's findings, all of them.
    #[serde(default)]
    account: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Flagged {
    list: ListName,
    row: usize,
    /// Exactly this; without it, either of the two.
    verdict: Option<Verdict>,
    /// Signals that must speak against it.
    #[serde(default)]
    because: Vec<String>,
}

fn named(rows: &[Row]) -> Vec<(latchkey::memory::RowId, Row)> {
    row_ids(rows).into_iter().zip(rows.iter().cloned()).collect()
}

fn tell(path: &Path) {
    let name = path.file_stem().unwrap().to_string_lossy();
    let story: Story = serde_json::from_str(&std::fs::read_to_string(path).unwrap())
        .unwrap_or_else(|problem| panic!("{name}: {problem}"));
    let own = Own { user_agent: story.user_agent, zone: Zone::utc() };
    let mut memory = Memory::default();
    let mut before: Option<Snapshot> = None;
    for (number, visit) in story.visits.iter().enumerate() {
        let at = format!("{name}, visit {}", number + 1);
        for given in &visit.answers {
            let before = before.as_ref().expect("an answer needs an earlier visit");
            let rows = match given.list {
                ListName::Sessions => &before.sessions,
                ListName::Logins => &before.logins,
            };
            assert!(memory.answer(given.list, &rows[given.row].0, given.answer), "{at}: the row is remembered");
        }
        // A browser restart: what is not stored is lost.
        memory = serde_json::from_str(&serde_json::to_string(&memory).unwrap()).unwrap();
        let snapshot = Snapshot {
            sessions: named(&visit.sessions),
            logins: named(&visit.logins),
            settings: story.settings.clone(),
            ..Snapshot::default()
        };
        let assessment = assess(&memory, &snapshot, &own, &World::default(), visit.now);
        if let Some(stage) = visit.expect.stage {
            assert_eq!(assessment.stage, stage, "{at}");
        }
        for (i, judged) in assessment.rows.iter().enumerate() {
            let row = match judged.list {
                ListName::Sessions => i,
                ListName::Logins => i - snapshot.sessions.len(),
            };
            let is_flagged = judged.verdict >= Verdict::Check;
            let expected = visit.expect.flagged.iter().find(|flag| flag.list == judged.list && flag.row == row);
            let said = format!("{at}: {:?} {row} is {:?}: {:#?}", judged.list, judged.verdict, judged.evidence);
            assert_eq!(is_flagged, expected.is_some(), "{said}");
            let Some(expected) = expected else { continue };
            if let Some(verdict) = expected.verdict {
                assert_eq!(judged.verdict, verdict, "{said}");
            }
            for signal in &expected.because {
                assert!(
                    judged.evidence.iter().any(|piece| piece.signal == *signal && piece.nats > 0.0),
                    "{signal}? {said}"
                );
            }
        }
        let found: Vec<&str> = assessment.account.iter().map(|finding| &*finding.signal).collect();
        assert_eq!(found, visit.expect.account, "{at}");
        memory.learn(&snapshot, &assessment, &World::default(), visit.now);
        before = Some(snapshot);
    }
}

#[test]
fn every_story_ends_as_it_is_told() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    assert!(paths.len() >= 6, "the stories are there");
    paths.iter().for_each(|path| tell(path));
}
