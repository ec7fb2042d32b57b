//! `cargo xtask bench risk`: the judgement measured by tests/riskbench, the rules of other products beside it.
//!
//! Prints the tables of docs/judgement.md, and fails where a limit of the benchmark is not kept.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use serde_json::Value;

use crate::house::House;
use crate::process;

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Subject {
    /// The judgement.
    Risk,
}

const CLASSES: [&str; 6] = ["naive", "vpn", "targeted", "thief", "burst", "insider"];
/// The rules of tests/riskbench/baselines.py, and whose they are.
const PEERS: [(&str, &str); 6] = [
    ("freeman", "Freeman et al."),
    ("buffalogs", "BuffaLogs"),
    ("additive", "additive points"),
    ("any-new-ip", "any new address"),
    ("okta", "Okta"),
    ("elastic", "Elastic"),
];

/// Builds the shell, measures it and its peers, and prints what was found.
pub fn bench(house: &House, subject: Subject) -> Result<()> {
    match subject {
        Subject::Risk => risk(house),
    }
}

fn risk(house: &House) -> Result<()> {
    let mut cargo = house.command("cargo");
    process::run(cargo.args(["build", "--quiet", "--release", "--package", "latchkey", "--bin", "latchkey"]))?;
    let bench = house.root.join("tests/riskbench");
    let shell = house.target.join("release/latchkey");
    let assess = format!("'{}' assess", shell.display());
    let ours = score(&bench, &assess, &["--monotone", "100"])?;
    println!("| at 0.05 own rows flagged a user-month | {} | mean |", CLASSES.join(" | "));
    println!("|---|{}", "---|".repeat(CLASSES.len() + 1));
    println!("| Latchkey, as it flags | {} |", shares(&ours["classes"], "/check_first/rate"));
    println!("| Latchkey | {} |", at_budget(&ours));
    let mut best = 0.0_f64;
    for (rule, name) in PEERS {
        let peer = score(&bench, &format!("python3 baselines.py {rule}"), &[])?;
        best = best.max(number(&peer["sweep"]["0.05"]["tpr_macro"]));
        println!("| {name} | {} |", at_budget(&peer));
    }
    println!("\n| | flagged a user-month | \"probably not you\" | found, mean |\n|---|---|---|---|");
    for word in ["calm", "balanced", "watchful"] {
        let there = match word {
            "balanced" => ours.clone(),
            word => score(&bench, &format!("{assess} --sensitivity {word}"), &[])?,
        };
        let (flagged, act) = (alarms(&there, "check_or_act"), alarms(&there, "act"));
        println!("| {word} | {flagged:.3} | {act:.3} | {:.2} |", mean(&there["classes"], "/check_first/rate"));
    }
    println!("\n| own rows flagged a user-month | |\n|---|---|");
    let mut worst = 0.0_f64;
    for (persona, rates) in ours["by_persona"].as_object().into_iter().flatten() {
        let rate = number(&rates["check_or_act"]["rate"]);
        worst = worst.max(rate);
        println!("| {persona} | {rate:.2} |");
    }
    println!("\n| visits so far | as it flags | at 0.05 |\n|---|---|---|");
    for (visits, found) in ours["by_history"].as_object().into_iter().flatten() {
        let rate = |key: &str| number(&found[key]["rate"]);
        println!("| {visits} | {:.2} | {:.2} |", rate("check_first"), rate("at_budget_0.05"));
    }
    println!("\nfindings of the account a user-month: {:.3}", alarms(&ours, "account_findings"));
    println!("explanations {}, monotone {}, errors {}", ours["explanations"], ours["monotone"], ours["errors"]);
    println!("{} lines a second", ours["speed"]["lines_per_s"]);
    let limits = [
        (alarms(&ours, "check_or_act") <= 0.05, "own rows flagged"),
        (alarms(&ours, "act") <= 0.01, "own rows called probably not the person's"),
        (worst <= 0.2, "the worst persona"),
        (number(&ours["sweep"]["0.05"]["tpr_macro"]) >= best.max(0.40), "detection at equal alarms"),
        (number(&ours["monotone"]["lowered"]) == 0.0, "a fact never seen lowers the sum"),
        (ours["errors"].as_object().is_some_and(serde_json::Map::is_empty), "errors of the protocol"),
    ];
    let missed: Vec<&str> = limits.iter().filter(|(kept, _)| !kept).map(|(_, what)| *what).collect();
    if !missed.is_empty() {
        bail!("limits not kept: {}", missed.join(", "));
    }
    Ok(())
}

/// What the scorer finds of a detector.
fn score(bench: &Path, detector: &str, more: &[&str]) -> Result<Value> {
    let mut python = Command::new("python3");
    python.current_dir(bench).args(["score.py", "--json", "--cmd", detector]);
    python.args(["--data", "train.jsonl.xz", "--data", "train-attacks.jsonl.xz"]).args(more);
    eprintln!("$ {}", process::shown(&python));
    let output = python.stderr(Stdio::inherit()).output().context("cannot start python3")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find(|line| line.starts_with('{')).context("the scorer found nothing")?;
    Ok(serde_json::from_str(line)?)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

fn alarms(found: &Value, which: &str) -> f64 {
    number(&found["false_alarms"][which]["rate"])
}

fn at_budget(found: &Value) -> String {
    shares(&found["sweep"]["0.05"]["by_class"], "/rate")
}

fn rates(classes: &Value, path: &str) -> Vec<f64> {
    CLASSES.iter().map(|class| classes[class].pointer(path).map_or(f64::NAN, number)).collect()
}

fn mean(classes: &Value, path: &str) -> f64 {
    rates(classes, path).iter().sum::<f64>() / CLASSES.len() as f64
}

/// The share found of each class, and their mean.
fn shares(classes: &Value, path: &str) -> String {
    let mut cells: Vec<String> = rates(classes, path).iter().map(|rate| format!("{rate:.2}")).collect();
    cells.push(format!("{:.2}", mean(classes, path)));
    cells.join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_the_table_has_the_classes_and_their_mean() {
        let classes = CLASSES.iter().map(|class| ((*class).to_owned(), serde_json::json!({"rate": 0.5})));
        let found = serde_json::json!({"sweep": {"0.05": {"by_class": classes.collect::<serde_json::Map<_, _>>()}}});
        assert_eq!(at_budget(&found), "0.50 | 0.50 | 0.50 | 0.50 | 0.50 | 0.50 | 0.50");
    }
}
