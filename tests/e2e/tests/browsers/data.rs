//! Newer data in the place of the packaged: taken when its signature holds, refused and said in every other case.
//!
//! Nobody but whoever publishes a release can sign for the packaged key. So these tests load the extension as it was
//! packed but for the one file with that key, and sign with the private half of their own.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use ed25519_dalek::{Signer as _, SigningKey};
use latchkey::packed::{SEAL, VERSION};
use latchkey_e2e::setup::Package;
use latchkey_e2e::{Browser, Extension, Kind, Person, Setup, both, eventually};
use latchkey_exchange::{DEMO_USER, Exchange, Language, Options, Skin};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

both!(newer_data_takes_the_packaged_ones_place_and_nothing_else_does);

const NEWER: u32 = 20_311_224;

fn network() -> anyhow::Result<Vec<u8>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static/data/network.bin");
    Ok(std::fs::read(file)?)
}

/// The packaged data under another date and version of the format: a header is no part of the hash within it.
fn dated(date: u32, version: u8) -> anyhow::Result<Vec<u8>> {
    let mut bytes = network()?;
    bytes[9] = version;
    bytes[12..16].copy_from_slice(&date.to_le_bytes());
    Ok(bytes)
}

fn signed(content: &[u8], key: &SigningKey) -> Vec<u8> {
    [content, &key.sign(content).to_bytes(), &SEAL].concat()
}

/// The English words of a key.
fn words(key: &str) -> anyhow::Result<String> {
    let all: Value = serde_json::from_str(include_str!("../../../../extension/_locales/en/messages.json"))?;
    Ok(all[key]["message"].as_str().with_context(|| key.to_owned())?.to_owned())
}

/// Chooses a file on the page about Latchkey, and waits for the words that answer it.
async fn choose(browser: &Browser, file: &Path, answer: &str) -> anyhow::Result<()> {
    let input = browser.driver.find(By::Id("file")).await?;
    input.send_keys(file.to_string_lossy()).await?;
    let expected = words(answer)?;
    let said = async || {
        let said = browser.run("return document.getElementById('imported').innerText.trim()", vec![]).await?;
        Ok((said == expected.as_str()).then_some(()))
    };
    eventually(&format!("{answer} to be said"), 20, said).await
}

/// What the page about Latchkey says of the data on addresses.
async fn about(browser: &Browser) -> anyhow::Result<String> {
    browser.driver.goto(browser.extension_url("about.html")?).await?;
    let said = async || {
        let said = browser
            .run("return document.querySelector('section[aria-labelledby=network]')?.innerText ?? null", vec![])
            .await?;
        Ok(said.as_str().map(str::to_owned))
    };
    eventually("the page about Latchkey", 20, said).await
}

async fn newer_data_takes_the_packaged_ones_place_and_nothing_else_does(kind: Kind) -> anyhow::Result<()> {
    let key = SigningKey::from_bytes(&[7; 32]);
    let setup = Setup::new(kind).package(Package::WithKey(key.verifying_key().to_bytes()));
    let mut browser = Browser::start(setup).await?;
    let folder: PathBuf = browser.profile().context("a profile")?.to_owned();
    let file = |name: &str, bytes: Vec<u8>| -> anyhow::Result<PathBuf> {
        let path = folder.join(name);
        std::fs::write(&path, bytes)?;
        Ok(path)
    };
    let right = signed(&dated(NEWER, VERSION)?, &key);

    let packaged = about(&browser).await?;
    ensure!(packaged.contains("as it came with this version") && packaged.contains("DB-IP"), "{packaged}");
    let mut altered = right.clone();
    altered[500_000] ^= 1;
    for (name, bytes, answer) in [
        ("foreign.bin", b"no data at all".to_vec(), "import_foreign"),
        ("unsigned.bin", dated(NEWER, VERSION)?, "import_damaged"),
        ("short.bin", right[..right.len() / 2].to_vec(), "import_damaged"),
        ("altered.bin", altered, "import_forged"),
        ("other-key.bin", signed(&dated(NEWER, VERSION)?, &SigningKey::from_bytes(&[8; 32])), "import_forged"),
        ("version.bin", signed(&dated(NEWER, VERSION + 1)?, &key), "import_version"),
        ("same.bin", signed(&network()?, &key), "import_not_newer"),
        ("older.bin", signed(&dated(20_200_101, VERSION)?, &key), "import_not_newer"),
    ] {
        choose(&browser, &file(name, bytes)?, answer).await.with_context(|| name.to_owned())?;
    }
    ensure!(about(&browser).await? == packaged, "what was refused is in use");

    let newer = file("newer.bin", right)?;
    choose(&browser, &newer, "import_done_network").await?;
    browser.picture("about-imported").await?;
    let imported = about(&browser).await?;
    ensure!(imported.contains("2031") && imported.contains("you imported"), "{imported}");

    let exchange = Exchange::start(Options { foreign: true, ..Options::skin(Skin::BinanceKit) }).await?;
    let date = |account: &latchkey::view::AccountView| account.data.map(|date| date.date_naive().to_string());
    {
        let extension = Extension::of(&browser).await?;
        extension.watch(&["demo"]).await?;
        let paths = Skin::BinanceKit.paths(Language::English);
        let person = Person::at(&browser, exchange.url());
        person.sign_in(&paths.login, DEMO_USER).await?;
        person.go(&paths.devices).await?;
        let account = extension.account(extension.tab(exchange.url()).await?).await?;
        ensure!(date(&account).as_deref() == Some("2031-12-24"), "{:?}", account.data);

        // Damaged where it is kept: let go, and said.
        let spoil = "(async () => {
            const db = await new Promise((done, no) => { const r = indexedDB.open('latchkey-data'); r.onsuccess = () => done(r.result); r.onerror = () => no(r.error); });
            const store = () => db.transaction('files', 'readwrite').objectStore('files');
            const bytes = await new Promise((done) => { const r = store().get('network.bin'); r.onsuccess = () => done(r.result); });
            bytes[700_000] ^= 1;
            await new Promise((done) => { const r = store().put(bytes, 'network.bin'); r.onsuccess = () => done(); });
            db.close();
        })()";
        extension.call(spoil).await?;
        let shown = about(&browser).await?;
        ensure!(shown.contains("as it came") && shown.contains(&words("import_forged")?), "{shown}");
        extension.kill_background().await?;
        person.go(&paths.devices).await?;
        let tab = extension.tab(exchange.url()).await?;
        eventually("the packaged data", 20, async || {
            let account = extension.account(tab).await?;
            Ok(date(&account).is_some_and(|date| date.as_str() < "2031").then_some(()))
        })
        .await?;
        let welcome = extension.say(json!("welcome")).await?;
        ensure!(welcome["welcome"]["notices"][0]["key"] == json!("notice_data_refused"), "{welcome}");
    }

    // Imported again, another run of the browser has it.
    about(&browser).await?;
    choose(&browser, &newer, "import_done_network").await?;
    browser = browser.restart().await?;
    ensure!(about(&browser).await? == imported, "another run of the browser forgot it");
    browser.close().await
}
