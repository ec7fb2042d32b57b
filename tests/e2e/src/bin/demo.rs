//! The demonstration: a demo exchange for each skin, a real browser with the extension on its device page, what was
//! flagged in words, and a picture of each.

#![allow(clippy::print_stdout)]

use anyhow::Context as _;
use clap::Parser;
use latchkey::explain::english;
use latchkey::risk::Verdict;
use latchkey::view::{AccountView, RowView, Speaks};
use latchkey_e2e::setup::Display;
use latchkey_e2e::{Browser, Extension, Kind, Person, Setup};
use latchkey_exchange::{DEMO_USER, Exchange, Language, Options, Skin};

/// What is demonstrated, and where.
#[derive(Parser)]
struct Args {
    /// In Firefox; else in Chromium.
    #[arg(long)]
    firefox: bool,
    /// Without a window.
    #[arg(long)]
    headless: bool,
    /// Only this skin ("binance-kit").
    #[arg(long)]
    skin: Option<Skin>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let kind = if args.firefox { Kind::Firefox } else { Kind::Chromium };
    let display = if args.headless { Display::None } else { Display::Window };
    let browser = Browser::start(Setup { display, ..Setup::new(kind) }).await?;
    let extension = Extension::of(&browser).await?;
    extension.watch(&["demo"]).await?;
    let skins = args.skin.map_or_else(|| Skin::ALL.to_vec(), |skin| vec![skin]);
    for (place, skin) in skins.into_iter().enumerate() {
        if place > 0 {
            // To Latchkey all skins are one exchange, which would name every device otherwise from now on.
            extension.forget_all().await?;
        }
        show(&browser, &extension, skin).await.with_context(|| format!("the skin {skin}"))?;
    }
    if display == Display::Window {
        println!("\nThe browser stays open. Press Ctrl+C to end the demonstration.");
        tokio::signal::ctrl_c().await?;
    }
    browser.close().await
}

async fn show(browser: &Browser, extension: &Extension<'_>, skin: Skin) -> anyhow::Result<()> {
    let exchange = Exchange::start(Options { foreign: true, ..Options::skin(skin) }).await?;
    let paths = skin.paths(Language::English);
    let person = Person::at(browser, exchange.url());
    person.sign_in(&paths.login, DEMO_USER).await?;
    // As a person does who wants to know: the history of logins, then the devices.
    let tab = extension.tab(exchange.url()).await?;
    person.go(&paths.history).await?;
    extension.account(tab).await?;
    person.go(&paths.devices).await?;
    let account = latchkey_e2e::eventually("the sessions to be read", 15, async || {
        let account = extension.account(tab).await?;
        Ok((!account.sessions.is_empty()).then_some(account))
    })
    .await?;
    println!("\n{skin}: {} at {}{}", count(account.findings), exchange.url(), paths.devices);
    print_account(&account);
    // The chips are drawn with the next frame.
    latchkey_e2e::eventually("the overlay", 10, async || {
        let overlay = extension.overlay(tab).await?;
        Ok((overlay.chips.len() == account.sessions.len()).then_some(()))
    })
    .await?;
    println!("  picture: {}", browser.picture(&format!("demo-{skin}")).await?.display());
    exchange.stop().await;
    Ok(())
}

fn count(findings: u32) -> String {
    match findings {
        0 => "nothing found".to_owned(),
        1 => "1 finding".to_owned(),
        more => format!("{more} findings"),
    }
}

fn print_account(account: &AccountView) {
    for finding in &account.account {
        println!("  ! {}", english(&finding.message));
    }
    for row in &account.sessions {
        print_row(row);
    }
}

fn print_row(row: &RowView) {
    let mark = match row.verdict {
        Verdict::Known => "ok   ",
        Verdict::Learning => "new  ",
        Verdict::Check => "CHECK",
        Verdict::Act => "ACT  ",
    };
    let words: Vec<&str> = [&row.device, &row.place, &row.ip].into_iter().filter_map(|word| word.as_deref()).collect();
    let current = if row.current { " (this session)" } else { "" };
    println!("  {mark} {}{current}", words.join(" | "));
    if row.verdict.is_finding() {
        for reason in row.reasons.iter().take(4) {
            let sign = if reason.speaks == Speaks::Against { '-' } else { '+' };
            println!("        {sign} {}", english(&reason.message));
        }
    }
}
