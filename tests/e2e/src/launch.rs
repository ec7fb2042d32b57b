//! What starts a browser: its driver, what that is told of it, and the package that it gets.

use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::prelude::*;
use thirtyfour::{RequestData, SessionId};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::browser::{FIREFOX_UUID, Profile};
use crate::setup::{Colours, Display, Kind, Package, Policy, PrivateWindows, Question, Setup};
use crate::{environment, eventually, requests};

/// Lets Firefox speak a language for which it has no pack of its own: extensions choose their texts by it.
pub(crate) async fn speak(driver: &WebDriver, language: &str) -> anyhow::Result<()> {
    driver.handle().cmd(Context("chrome")).await?;
    let script = "Services.locale.availableLocales = [arguments[0], 'en-US']; \
                  Services.locale.requestedLocales = [arguments[0]]; return Services.locale.appLocaleAsBCP47;";
    let spoken = driver.execute(script, vec![json!(language)]).await;
    driver.handle().cmd(Context("content")).await?;
    let spoken = spoken?.json().clone();
    anyhow::ensure!(spoken == json!(language), "Firefox speaks {spoken}");
    Ok(())
}

/// Installs an extension in Firefox.
#[derive(Debug)]
pub(crate) struct Install(pub(crate) Value);

impl FormatRequestData for Install {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(http::Method::POST, format!("/session/{session}/moz/addon/install")).add_body(self.0.clone())
    }
}

/// Where Firefox runs a driver's scripts: "content" (the page) or "chrome" (the browser itself).
#[derive(Debug)]
pub(crate) struct Context(pub(crate) &'static str);

impl FormatRequestData for Context {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(http::Method::POST, format!("/session/{session}/moz/context"))
            .add_body(json!({ "context": self.0 }))
    }
}

/// Starts a browser's driver and gives it with the port that it has chosen: one chosen for it might be another's by then.
/// Chromium's gives up where its choice is taken on one of the two loopbacks: tried again then.
pub(crate) async fn driver(setup: &Setup, profile: &Profile) -> anyhow::Result<(Child, u16)> {
    eventually("the browser's driver to listen", 60, async || listening(setup, profile).await.map(Some)).await
}

async fn listening(setup: &Setup, profile: &Profile) -> anyhow::Result<(Child, u16)> {
    let mut command = match setup.kind {
        // Policies of Chromium lie in one folder of the machine: this browser sees another there.
        Kind::Chromium if setup.policy == Policy::SharedComputer => {
            let id = environment::text("LATCHKEY_CHROMIUM_ID")?;
            let folder = profile.folder().join("etc/policies/managed");
            std::fs::create_dir_all(&folder)?;
            let policy = json!({"3rdparty": {"extensions": {id: {"sharedComputer": true}}}});
            std::fs::write(folder.join("latchkey.json"), policy.to_string())?;
            let mut command = Command::new("unshare");
            let script = "mount --bind \"$1\" /etc/chromium && shift && exec \"$@\"";
            command.args(["--mount", "--map-root-user", "sh", "-c", script, "sh"]);
            command.arg(profile.folder().join("etc")).arg(environment::path("LATCHKEY_CHROMEDRIVER")?);
            command.arg("--port=0");
            command
        }
        Kind::Chromium => {
            let mut command = Command::new(environment::path("LATCHKEY_CHROMEDRIVER")?);
            command.arg("--port=0");
            command
        }
        Kind::Firefox => {
            let mut command = Command::new(environment::path("LATCHKEY_GECKODRIVER")?);
            // Without it Firefox refuses to go to an extension's page.
            command.args(["--allow-system-access", "--port", "0"]);
            command
        }
    };
    if setup.kind == Kind::Firefox && setup.policy == Policy::SharedComputer {
        // What a policy says of an extension's storage can also stand in a file of the person's home.
        let id = environment::text("LATCHKEY_FIREFOX_ID")?;
        let folder = profile.folder().join("home/.mozilla/managed-storage");
        std::fs::create_dir_all(&folder)?;
        let storage = json!({"name": id, "description": "policy", "type": "storage", "data": {"sharedComputer": true}});
        std::fs::write(folder.join(format!("{id}.json")), storage.to_string())?;
        command.env("HOME", profile.folder().join("home"));
    }
    let mut child = command
        // Chromium on Linux takes its language from here.
        .env("LANGUAGE", setup.language)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("starting the driver of {}", setup.kind.name()))?;
    let mut lines = BufReader::new(child.stdout.take().context("what the driver prints")?).lines();
    let port = async {
        while let Some(line) = lines.next_line().await? {
            // "… successfully on port 39121." and "… Listening on 127.0.0.1:35193".
            let said = line.contains("successfully on port") || line.contains("Listening on");
            let digits = line.trim_end_matches('.').rsplit([' ', ':']).next();
            if let Some(port) = digits.filter(|_| said).and_then(|digits| digits.parse().ok()) {
                return Ok(port);
            }
        }
        anyhow::bail!("the driver of {} ended before it listened", setup.kind.name())
    };
    let port = tokio::time::timeout(Duration::from_secs(60), port).await.context("the driver does not listen")??;
    // Read on, lest it wait for somebody to read.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok((child, port))
}

pub(crate) fn chromium(setup: &Setup, profile: &mut Profile, proxy: u16) -> anyhow::Result<Capabilities> {
    let extension = profile.folder().join("extension");
    if !profile.installed {
        unzip(&package(setup, "LATCHKEY_CHROMIUM_ZIP", profile.folder())?, &extension)?;
        // Without developer mode a reload leaves an unpacked extension switched off.
        let preferences = profile.folder().join("Default");
        std::fs::create_dir_all(&preferences)?;
        let private = match setup.private_windows {
            PrivateWindows::Unseen => json!({}),
            PrivateWindows::Seen => json!({environment::text("LATCHKEY_CHROMIUM_ID")?: {"incognito": true}}),
        };
        std::fs::write(
            preferences.join("Preferences"),
            json!({"extensions": {
                "ui": {"developer_mode": true},
                "settings": private,
            }})
            .to_string(),
        )?;
        profile.installed = true;
    }
    let mut capabilities = DesiredCapabilities::chrome();
    capabilities.set_binary(&environment::text("LATCHKEY_CHROMIUM")?)?;
    if setup.display == Display::None {
        capabilities.add_arg("--headless=new")?;
    }
    if setup.colours == Colours::Dark {
        capabilities.add_arg("--blink-settings=preferredColorScheme=0")?;
    }
    let mut bypass = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
    bypass.extend(setup.hosts.iter().cloned());
    for arg in [
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--disable-quic".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--disable-features=OptimizationHints,MediaRouter,Translate".to_owned(),
        format!("--lang={}", setup.language),
        format!("--user-data-dir={}", profile.folder().display()),
        format!("--load-extension={}", extension.display()),
        format!("--log-net-log={}", profile.folder().join(requests::LOG).display()),
        format!("--proxy-server=http://127.0.0.1:{proxy}"),
        format!("--proxy-bypass-list={}", bypass.join(";")),
    ] {
        capabilities.add_arg(&arg)?;
    }
    if !setup.hosts.is_empty() {
        let rules: Vec<String> = setup.hosts.iter().map(|host| format!("MAP {host} 127.0.0.1")).collect();
        capabilities.add_arg(&format!("--host-resolver-rules={}", rules.join(",")))?;
    }
    capabilities.accept_insecure_certs(true)?;
    // Tabs that the extension opens by itself are none to this driver unless it is told.
    capabilities.set_browser_option("enableExtensionTargets", true)?;
    if setup.question == Question::StandsOpen {
        // Only where a driver can be told of prompts as they come does the browser show this one at all.
        capabilities.set("webSocketUrl", true)?;
        capabilities.set("unhandledPromptBehavior", json!({"beforeUnload": "ignore"}))?;
    }
    Ok(capabilities.into())
}

/// The preferences beside these, in `firefox-quiet.json`, stop what Firefox itself would ask the world.
pub(crate) fn firefox(setup: &Setup, profile: &Profile, proxy: u16) -> anyhow::Result<Capabilities> {
    let id = environment::text("LATCHKEY_FIREFOX_ID")?;
    let mut direct = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
    direct.extend(setup.hosts.iter().cloned());
    let mut preferences: Value = serde_json::from_str(include_str!("firefox-quiet.json"))?;
    let ours = json!({
        "extensions.webextensions.uuids": json!({ id: FIREFOX_UUID }).to_string(),
        // The click on our own button still asks; only Firefox's panel, which a driver cannot press, is left out.
        "extensions.webextOptionalPermissionPrompts": false,
        "xpinstall.signatures.required": false,
        "extensions.autoDisableScopes": 0,
        "intl.locale.requested": setup.language,
        "intl.accept_languages": setup.language,
        "ui.systemUsesDarkTheme": i32::from(setup.colours == Colours::Dark),
        "layout.css.prefers-color-scheme.content-override": if setup.colours == Colours::Dark { 0 } else { 1 },
        "network.dns.localDomains": setup.hosts.join(","),
        "network.proxy.type": 1,
        "network.proxy.http": "127.0.0.1",
        "network.proxy.http_port": proxy,
        "network.proxy.ssl": "127.0.0.1",
        "network.proxy.ssl_port": proxy,
        "network.proxy.no_proxies_on": direct.join(","),
    });
    if let (Some(preferences), Value::Object(ours)) = (preferences.as_object_mut(), ours) {
        preferences.extend(ours);
    }
    let mut args = vec!["-profile".to_owned(), profile.folder().display().to_string()];
    if setup.display == Display::None {
        args.push("-headless".to_owned());
    }
    let mut capabilities = Capabilities::default();
    capabilities.set("browserName", "firefox")?;
    capabilities.set("acceptInsecureCerts", true)?;
    if setup.question == Question::StandsOpen {
        capabilities.set("webSocketUrl", true)?;
        capabilities.set("unhandledPromptBehavior", json!({"beforeUnload": "ignore"}))?;
    }
    let options = json!({"binary": environment::text("LATCHKEY_FIREFOX")?, "args": args, "prefs": preferences});
    capabilities.set("moz:firefoxOptions", options)?;
    Ok(capabilities)
}

/// The package to install: as it was packed, or a changed copy of it in `folder`.
pub(crate) fn package(setup: &Setup, variable: &str, folder: &Path) -> anyhow::Result<PathBuf> {
    let packed = match setup.package {
        Package::AsPacked => return environment::path(variable),
        Package::Managed => return environment::path(&[variable, "_MANAGED"].concat()),
        Package::WithDamagedCore | Package::WithKey(_) => environment::path(variable)?,
    };
    let mut source = zip::ZipArchive::new(Cursor::new(std::fs::read(&packed)?))?;
    let changed = folder.join(packed.file_name().context("a package has a name")?);
    let mut copy = zip::ZipWriter::new(std::fs::File::create(&changed)?);
    for entry in 0..source.len() {
        let mut file = source.by_index(entry)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let name = file.name()?.into_owned();
        match setup.package {
            Package::WithDamagedCore if name == "latchkey_background_bg.wasm" => bytes.truncate(bytes.len() / 2),
            Package::WithKey(key) if name == "data/key.pub" => {
                bytes = key.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect();
            }
            _ => {}
        }
        copy.start_file(name, zip::write::SimpleFileOptions::default())?;
        copy.write_all(&bytes)?;
    }
    copy.finish()?;
    Ok(changed)
}

fn unzip(package: &Path, into: &Path) -> anyhow::Result<()> {
    let bytes = std::fs::read(package).with_context(|| format!("reading {}", package.display()))?;
    zip::ZipArchive::new(Cursor::new(bytes))?.extract(into)?;
    Ok(())
}
