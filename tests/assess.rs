//! `latchkey assess` from outside: lines in, lines out, and the file that remembers.

#![cfg(feature = "shell")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

struct Shell {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Shell {
    fn new(memory: Option<&Path>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
        command.arg("assess").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        if let Some(memory) = memory {
            command.arg("--memory").arg(memory);
        }
        let mut child = command.spawn().unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, input, output }
    }

    /// One line in, and its answer, before anything more is written.
    fn ask(&mut self, line: &str) -> Value {
        writeln!(self.input, "{line}").unwrap();
        let mut answer = String::new();
        self.output.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    /// Ends the process as a crash would.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// A path of this test's own; what was there is gone.
fn scratch(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_file(&path);
    path
}

fn own(id: &str, at: &str) -> Value {
    json!({"id": id, "device": "Chrome 144 on Windows 11", "browser": "Chrome", "browser_version": "144",
           "os": "Windows", "os_version": "11", "form": "desktop", "ip": "203.0.113.9", "isp": null,
           "country": "PT", "city": "Lisbon", "signed_in_at": {"at": at}, "outcome": "success", "current": false})
}

fn foreign(id: &str, at: &str) -> Value {
    let mut row = own(id, at);
    for (field, value) in [
        ("device", "Firefox 150 on Linux"),
        ("browser", "Firefox"),
        ("os", "Linux"),
        ("ip", "192.0.2.77"),
        ("country", "NG"),
        ("city", "Lagos"),
    ] {
        row[field] = json!(value);
    }
    row
}

/// A page of an account whose history is one person's, with one foreign session.
fn page(account: &str, day: u32, answers: Value) -> String {
    let logins: Vec<Value> = (1..25).map(|d| own(&format!("l{d}"), &format!("2026-09-{d:02}T08:00:00Z"))).collect();
    json!({"snapshot": format!("{account} {day}"), "account": account, "now": format!("2026-10-{day:02}T12:00:00Z"),
           "zone": "Europe/Lisbon", "settings": null,
           "sessions": [own("s1", "2026-09-20T08:00:00Z"), foreign("s2", "2026-09-30T03:00:00Z")],
           "logins": logins, "answers": answers})
    .to_string()
}

fn verdict(answer: &Value, id: &str) -> String {
    let rows = answer["rows"].as_array().unwrap();
    rows.iter().find(|row| row["id"] == id).unwrap()["verdict"].as_str().unwrap().to_owned()
}

#[test]
fn every_row_is_answered_with_evidence_that_sums_to_its_nats() {
    let answer = Shell::new(None).ask(&page("a", 1, json!([])));
    assert_eq!(answer["snapshot"], "a 1");
    assert_eq!(answer["stage"], "learning");
    let rows = answer["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 26);
    for row in rows {
        let evidence = row["evidence"].as_array().unwrap();
        let sum: f64 = evidence.iter().map(|piece| piece["nats"].as_f64().unwrap()).sum();
        assert!((sum - row["nats"].as_f64().unwrap()).abs() < 1e-9);
        assert_eq!(evidence[0]["signal"], "prior");
        for piece in evidence {
            let text = piece["text"].as_str().unwrap();
            assert!(text.contains(' ') && !text.contains("evidence_") && !text.contains('$'), "{text}");
        }
    }
    assert_eq!(verdict(&answer, "s1"), "known");
    assert!(["check", "act"].contains(&verdict(&answer, "s2").as_str()));
}

#[test]
fn an_answer_holds_in_its_account_and_in_no_other() {
    let mut shell = Shell::new(None);
    shell.ask(&page("a", 1, json!([])));
    shell.ask(&page("b", 1, json!([])));
    let mine = json!([{"list": "sessions", "id": "s2", "answer": "mine"}]);
    assert_eq!(verdict(&shell.ask(&page("a", 2, mine)), "s2"), "known");
    assert_ne!(verdict(&shell.ask(&page("b", 2, json!([]))), "s2"), "known");
    let not_mine = json!([{"list": "sessions", "id": "s2", "answer": "not_mine"}]);
    assert_eq!(verdict(&shell.ask(&page("b", 3, not_mine)), "s2"), "act");
}

#[test]
fn a_line_that_cannot_be_read_is_answered_and_changes_nothing() {
    let mut shell = Shell::new(None);
    let first = shell.ask(&page("a", 1, json!([])));
    let bad = [
        "",
        "nonsense",
        "[]",
        "{}",
        r#"{"account": "a", "now": "yesterday"}"#,
        r#"{"account": "a", "now": "2026-10-01T00:00:00Z", "zone": "Nowhere/Nowhere"}"#,
        r#"{"account": "a", "now": "2026-10-01T00:00:00Z", "sessions": [7]}"#,
        "{\"account\": \"a\u{0}",
    ];
    for (i, line) in bad.iter().enumerate() {
        let answer = shell.ask(line);
        assert!(answer["error"].is_string(), "{line}");
        assert_eq!(answer["line"], i + 2, "{line}");
    }
    let again = Shell::new(None).ask(&page("a", 1, json!([])));
    assert_eq!(first, again);
    let second = shell.ask(&page("a", 9, json!([])));
    let mut fresh = Shell::new(None);
    fresh.ask(&page("a", 1, json!([])));
    assert_eq!(second, fresh.ask(&page("a", 9, json!([]))));
}

#[test]
fn rows_of_nothing_and_of_nulls_are_answered() {
    let row = json!({"id": 7, "device": null, "form": null, "current": null, "signed_in_at": null, "outcome": null});
    let line = json!({"snapshot": 1, "account": 2, "now": "2026-10-01T00:00:00Z", "zone": null, "sessions": [row, {}], "logins": null, "answers": null});
    let answer = Shell::new(None).ask(&line.to_string());
    assert_eq!(answer["rows"].as_array().unwrap().len(), 2, "{answer}");
    assert_eq!(answer["rows"][0]["id"], 7);
    assert_eq!(answer["rows"][0]["verdict"], "learning");
}

#[test]
fn what_was_learned_outlives_a_killed_process() {
    let path = scratch("outlives.memory");
    let mine = json!([{"list": "sessions", "id": "s2", "answer": "mine"}]);
    let mut shell = Shell::new(Some(&path));
    shell.ask(&page("a", 1, json!([])));
    shell.ask(&page("a", 2, mine));
    shell.kill();
    // The end of a line that was being written when the machine stopped.
    let mut text = std::fs::read(&path).unwrap();
    text.extend(br#"{"account":"a","mem"#);
    std::fs::write(&path, text).unwrap();
    let mut shell = Shell::new(Some(&path));
    assert_eq!(verdict(&shell.ask(&page("a", 3, json!([]))), "s2"), "known");
    shell.kill();
    let mut shell = Shell::new(Some(&path));
    assert_eq!(verdict(&shell.ask(&page("a", 4, json!([]))), "s2"), "known");
}

#[test]
fn a_file_that_is_something_else_is_left_as_it_is() {
    for (name, text) in [
        ("foreign.memory", "dear diary"),
        ("lines.memory", "{\"account\":\"a\",\"memory\":{}}\nnot a memory\n{}\n"),
        ("newer.memory", "{\"account\":\"a\",\"memory\":{\"version\":99}}\n"),
    ] {
        let path = scratch(name);
        std::fs::write(&path, text).unwrap();
        let mut shell = Shell::new(Some(&path));
        assert!(!shell.child.wait().unwrap().success(), "{name}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "{name}");
    }
}

#[test]
fn a_long_memory_is_written_anew_and_stays_short() {
    let path = scratch("long.memory");
    let mut shell = Shell::new(Some(&path));
    let rounds = 1500;
    for _ in 0..rounds {
        shell.ask(&page("a", 1, json!([])));
    }
    let one = shell.ask(&page("a", 2, json!([])));
    shell.kill();
    let size = std::fs::metadata(&path).unwrap().len();
    assert!(size < 5 << 20, "{size}");
    let mut shell = Shell::new(Some(&path));
    let two = shell.ask(&page("a", 2, json!([])));
    assert_eq!(one["rows"], two["rows"]);
}

#[test]
fn a_key_that_is_new_is_a_finding_of_the_account() {
    let mut shell = Shell::new(None);
    let mut ask = |now: &str, names: &[&str]| {
        let keys: Vec<Value> = names.iter().map(|name| json!({"label": name, "created_at": null})).collect();
        let line = json!({"snapshot": 1, "account": "a", "now": now, "zone": "UTC", "api_keys": keys});
        shell.ask(&line.to_string())["account"].clone()
    };
    assert_eq!(ask("2026-01-01T00:00:00Z", &["bot"]), json!([]));
    let found = ask("2026-02-01T00:00:00Z", &["bot", "other"]);
    assert_eq!((&found[0]["signal"], &found[0]["verdict"]), (&json!("api-key-new"), &json!("check")));
}
