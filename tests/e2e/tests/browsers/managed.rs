//! The build for administrators, end to end: on a computer for many people it watches from the first page on, and asks
//! nobody for anything.

use anyhow::ensure;
use latchkey_e2e::setup::Package;
use latchkey_e2e::{Browser, Extension, Kind, Person, Setup, both, eventually};
use latchkey_exchange::{DEMO_USER, Exchange, Language, Options, Skin};
use serde_json::json;

both!(a_managed_build_arms_by_policy_without_asking_anybody);

async fn a_managed_build_arms_by_policy_without_asking_anybody(kind: Kind) -> anyhow::Result<()> {
    let skin = Skin::BinanceKit;
    let exchange = Exchange::start(Options::skin(skin)).await?;
    let browser = Browser::start(Setup::new(kind).managed().package(Package::Managed)).await?;
    let extension = Extension::of(&browser).await?;
    let scripts = async || {
        let scripts = extension.call("chrome.scripting.getRegisteredContentScripts()").await?;
        ensure!(scripts.to_string().contains("http://127.0.0.1/*"), "{scripts}");
        Ok(Some(()))
    };
    eventually("the page scripts to be registered", 20, scripts).await?;
    Person::at(&browser, exchange.url()).sign_in(&skin.paths(Language::English).login, DEMO_USER).await?;
    let tab = extension.tab(exchange.url()).await?;
    let bar = async || {
        let overlay = extension.overlay(tab).await?;
        Ok(overlay.bar.contains("Signed in").then_some(()))
    };
    eventually("the bar", 20, bar).await?;
    let told = extension.say(json!("leave")).await?;
    ensure!(told["leave"]["computer"] == json!("managed"), "{told}");
    ensure!(told["leave"]["armed"].as_array().is_some_and(|all| all.len() == 1), "{told}");
    browser.picture("managed").await?;
    browser.close().await
}
