//! A real browser with the packed extension in it, behind its driver.

use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;

use anyhow::Context as _;
use serde_json::{Value, json};
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::prelude::*;
use thirtyfour::{RequestData, SessionId};
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::environment;
use crate::eventually;
use crate::outside::Outside;
use crate::requests::{self, Request};

/// Which browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Chromium.
    Chromium,
    /// Firefox.
    Firefox,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Chromium, Self::Firefox];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }
}

/// How a browser is started.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Which.
    pub kind: Kind,
    /// Its language.
    pub language: &'static str,
    /// Host names that lead to this machine.
    pub hosts: Vec<String>,
    /// Whether a window is opened on the person's display.
    pub display: Display,
    /// Whether the person prefers dark colours.
    pub colours: Colours,
    /// What is installed.
    pub package: Package,
    /// What the browser's own question before leaving a page does.
    pub question: Question,
    /// Whether the extension may see private windows.
    pub private_windows: PrivateWindows,
    /// What the machine's administrator says.
    pub policy: Policy,
}

/// What the browser's own question before leaving a page does in a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// It is answered with yes, unseen.
    Answered,
    /// It stands open until the test answers.
    StandsOpen,
}

/// Whether the extension may see private windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrivateWindows {
    /// As by default: no.
    Unseen,
    /// The person has allowed it.
    Seen,
}

/// What the machine's administrator says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Nothing.
    None,
    /// That many people use this computer.
    SharedComputer,
}

/// What is installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Package {
    /// The extension as it was packed.
    AsPacked,
    /// The same with its core damaged, to see what a person is told then.
    WithDamagedCore,
    /// The same with another key to check imported data with: the private half of the packaged one is no test's to have.
    WithKey([u8; 32]),
}

/// Where a browser is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Display {
    /// Nowhere: headless.
    None,
    /// On the person's display.
    Window,
}

/// The colours that a person prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Setup {
    /// A headless English browser.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            language: "en",
            hosts: Vec::new(),
            display: Display::None,
            colours: Colours::Light,
            package: Package::AsPacked,
            question: Question::Answered,
            private_windows: PrivateWindows::Unseen,
            policy: Policy::None,
        }
    }

    /// The same, with the browser's own question before leaving left open.
    #[must_use]
    pub fn asking(self) -> Self {
        Self { question: Question::StandsOpen, ..self }
    }

    /// The same, with private windows that the extension may see.
    #[must_use]
    pub fn seeing_private_windows(self) -> Self {
        Self { private_windows: PrivateWindows::Seen, ..self }
    }

    /// The same, on a computer whose administrator says that many people use it.
    #[must_use]
    pub fn managed(self) -> Self {
        Self { policy: Policy::SharedComputer, ..self }
    }

    /// The same, in another language.
    #[must_use]
    pub fn language(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    /// The same, with host names that lead to this machine.
    #[must_use]
    pub fn hosts(self, hosts: Vec<String>) -> Self {
        Self { hosts, ..self }
    }

    /// The same, with another package.
    #[must_use]
    pub fn package(self, package: Package) -> Self {
        Self { package, ..self }
    }

    /// The same, for somebody who prefers dark colours.
    #[must_use]
    pub fn dark(self) -> Self {
        Self { colours: Colours::Dark, ..self }
    }
}

/// The origin of the extension's pages in Firefox, preset so that a test can go there.
const FIREFOX_UUID: &str = "3c1d1a52-9f0e-4b7e-8a63-5d2f9c1e7b40";

/// A running browser. It ends, with its driver, when it is closed or dropped.
#[derive(Debug)]
pub struct Browser {
    /// What drives it.
    pub driver: WebDriver,
    /// How it was started.
    pub setup: Setup,
    /// The world outside the exchange.
    pub outside: Outside,
    process: Option<Child>,
    /// Gone only when the browser was ended for good or is about to start again.
    seat: Option<Seat>,
}

/// What a browser needs to start again where it was.
#[derive(Debug)]
struct Seat {
    profile: Profile,
    /// One browser of a kind at a time: two cores, and a focus that two would quarrel over.
    _turn: OwnedMutexGuard<()>,
}

/// A folder with a browser's profile; removed when dropped.
#[derive(Debug)]
pub struct Profile {
    folder: PathBuf,
    installed: bool,
}

impl Profile {
    fn fresh(kind: Kind) -> anyhow::Result<Self> {
        use std::sync::atomic::{AtomicU32, Ordering};
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("latchkey-{}-{}-{number}", kind.name(), std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, installed: false })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        // A folder that stays behind in the temporary folder harms nobody.
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

async fn turn(kind: Kind) -> OwnedMutexGuard<()> {
    static TURNS: OnceLock<[std::sync::Arc<Mutex<()>>; 2]> = OnceLock::new();
    let [chromium, firefox] = TURNS.get_or_init(Default::default);
    let turn = match kind {
        Kind::Chromium => chromium,
        Kind::Firefox => firefox,
    };
    std::sync::Arc::clone(turn).lock_owned().await
}

impl Browser {
    /// Starts a browser on a fresh profile, with the extension.
    ///
    /// # Errors
    /// Where the browser, its driver or the extension cannot be started.
    pub async fn start(setup: Setup) -> anyhow::Result<Self> {
        let turn = turn(setup.kind).await;
        let seat = Seat { profile: Profile::fresh(setup.kind)?, _turn: turn };
        Self::start_on(setup, seat).await
    }

    /// Ends the browser as a person does, and starts it again on the same profile.
    ///
    /// # Errors
    /// Where it cannot be ended or started.
    pub async fn restart(mut self) -> anyhow::Result<Self> {
        self.driver.clone().quit().await?;
        self.end_driver().await;
        let seat = self.seat.take().context("a browser that runs has a profile")?;
        Self::start_on(self.setup.clone(), seat).await
    }

    /// Kills the browser without a word, and starts it again on the same profile.
    ///
    /// # Errors
    /// Where it cannot be killed or started.
    pub async fn kill_and_start(mut self) -> anyhow::Result<Self> {
        let capabilities = self.driver.handle().capabilities();
        let process = ["goog:processID", "moz:processID"].iter().find_map(|name| capabilities.get(name)?.as_u64());
        let process = process.context("the driver does not tell the browser's process")?;
        let killed = Command::new("kill").args(["-KILL", &process.to_string()]).status().await?;
        anyhow::ensure!(killed.success(), "process {process} was not killed");
        self.end_driver().await;
        let seat = self.seat.take().context("a browser that runs has a profile")?;
        Self::start_on(self.setup.clone(), seat).await
    }

    /// Ends the browser.
    ///
    /// # Errors
    /// Where it does not end.
    pub async fn close(mut self) -> anyhow::Result<()> {
        let quit = self.driver.clone().quit().await;
        self.end_driver().await;
        Ok(quit?)
    }

    async fn start_on(setup: Setup, mut seat: Seat) -> anyhow::Result<Self> {
        let outside = Outside::open().await?;
        let port = free_port()?;
        let mut process = driver(&setup, &seat.profile, port)?;
        let url = format!("http://127.0.0.1:{port}");
        let capabilities = match setup.kind {
            Kind::Chromium => chromium(&setup, &mut seat.profile, outside.port())?,
            Kind::Firefox => firefox(&setup, &seat.profile, outside.port())?,
        };
        let driver = {
            let attempt = || async { Ok(Some(WebDriver::new(&url, capabilities.clone()).await?)) };
            match eventually("the browser's driver", 60, attempt).await {
                Ok(driver) => driver,
                Err(error) => {
                    drop(process.kill().await);
                    return Err(error);
                }
            }
        };
        if setup.kind == Kind::Firefox && setup.language != "en" {
            speak(&driver, setup.language).await?;
        }
        if setup.kind == Kind::Firefox && !seat.profile.installed {
            let package = package(&setup, "LATCHKEY_FIREFOX_XPI", &seat.profile.folder)?;
            let private = setup.private_windows == PrivateWindows::Seen;
            let install = Install(json!({"path": package, "temporary": false, "allowPrivateBrowsing": private}));
            driver.handle().cmd(install).await.context("installing the extension in Firefox")?;
            seat.profile.installed = true;
        }
        if setup.kind == Kind::Firefox {
            requests::listen(&driver).await?;
        }
        driver.set_window_rect(0, 0, 1280, 900).await?;
        Ok(Self { driver, setup, outside, process: Some(process), seat: Some(seat) })
    }

    /// Ends the browser and says what was requested in it by pages and extensions, by whatever means: not what the
    /// browser itself asks its maker.
    ///
    /// # Errors
    /// Where it does not end, or does not tell.
    pub async fn close_and_tell(mut self) -> anyhow::Result<Vec<Request>> {
        let heard = match self.setup.kind {
            Kind::Chromium => None,
            Kind::Firefox => Some(requests::heard(&self.driver).await?),
        };
        self.driver.clone().quit().await?;
        self.end_driver().await;
        match heard {
            Some(heard) => Ok(heard),
            None => {
                let seat = self.seat.as_ref().context("a browser that runs has a profile")?;
                eventually("the log of requests", 10, async || requests::logged(seat.profile.folder())).await
            }
        }
    }

    async fn end_driver(&mut self) {
        if let Some(mut process) = self.process.take() {
            // By its own process id, and with what it started: the driver ends its browser when it is told to quit.
            drop(process.kill().await);
        }
    }

    /// The profile's folder.
    pub fn profile(&self) -> Option<&Path> {
        self.seat.as_ref().map(|seat| seat.profile.folder())
    }

    /// The address of one of the extension's pages.
    ///
    /// # Errors
    /// Where the extension's id is not told.
    pub fn extension_url(&self, page: &str) -> anyhow::Result<String> {
        Ok(match self.setup.kind {
            Kind::Chromium => format!("chrome-extension://{}/{page}", environment::text("LATCHKEY_CHROMIUM_ID")?),
            Kind::Firefox => format!("moz-extension://{FIREFOX_UUID}/{page}"),
        })
    }

    /// Saves a picture of what is in front as `<browser>-<name>.png`.
    ///
    /// # Errors
    /// Where there is nothing to see or nowhere to put it.
    pub async fn picture(&self, name: &str) -> anyhow::Result<PathBuf> {
        let file = environment::path("LATCHKEY_SCREENS")?.join(format!("{}-{name}.png", self.setup.kind.name()));
        self.driver.screenshot(&file).await?;
        Ok(file)
    }

    /// Runs a script in the page in front and gives its value.
    ///
    /// # Errors
    /// Where the script throws.
    pub async fn run(&self, script: &str, args: Vec<Value>) -> anyhow::Result<Value> {
        Ok(self.driver.execute(script, args).await?.json().clone())
    }

    /// The same, for a script that answers through its last argument.
    ///
    /// # Errors
    /// Where the script throws or does not answer.
    pub async fn run_async(&self, script: &str, args: Vec<Value>) -> anyhow::Result<Value> {
        Ok(self.driver.execute_async(script, args).await?.json().clone())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A test that fails drops its browser without closing it: the driver is asked to end what it started.
        if let Some(mut process) = self.process.take() {
            let driver = self.driver.clone();
            let _ = std::thread::spawn(move || {
                if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
                    runtime.block_on(async {
                        let quit = tokio::time::timeout(std::time::Duration::from_secs(10), driver.quit());
                        drop(quit.await);
                        drop(process.kill().await);
                    });
                }
            })
            .join();
        }
    }
}

/// Lets Firefox speak a language for which it has no pack of its own: extensions choose their texts by it.
async fn speak(driver: &WebDriver, language: &str) -> anyhow::Result<()> {
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
struct Install(Value);

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

fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn driver(setup: &Setup, profile: &Profile, port: u16) -> anyhow::Result<Child> {
    let mut command = match setup.kind {
        // Policies of Chromium lie in one folder of the machine: this browser sees another there.
        Kind::Chromium if setup.policy == Policy::SharedComputer => {
            let id = environment::text("LATCHKEY_CHROMIUM_ID")?;
            let folder = profile.folder.join("etc/policies/managed");
            std::fs::create_dir_all(&folder)?;
            let policy = json!({"3rdparty": {"extensions": {id: {"sharedComputer": true}}}});
            std::fs::write(folder.join("latchkey.json"), policy.to_string())?;
            let mut command = Command::new("unshare");
            let script = "mount --bind \"$1\" /etc/chromium && shift && exec \"$@\"";
            command.args(["--mount", "--map-root-user", "sh", "-c", script, "sh"]);
            command.arg(profile.folder.join("etc")).arg(environment::path("LATCHKEY_CHROMEDRIVER")?);
            command.arg(format!("--port={port}"));
            command
        }
        Kind::Chromium => {
            let mut command = Command::new(environment::path("LATCHKEY_CHROMEDRIVER")?);
            command.arg(format!("--port={port}"));
            command
        }
        Kind::Firefox => {
            let mut command = Command::new(environment::path("LATCHKEY_GECKODRIVER")?);
            // Without it Firefox refuses to go to an extension's page.
            command.args(["--allow-system-access", "--port", &port.to_string()]);
            command
        }
    };
    if setup.kind == Kind::Firefox && setup.policy == Policy::SharedComputer {
        // What a policy says of an extension's storage can also stand in a file of the person's home.
        let id = environment::text("LATCHKEY_FIREFOX_ID")?;
        let folder = profile.folder.join("home/.mozilla/managed-storage");
        std::fs::create_dir_all(&folder)?;
        let storage = json!({"name": id, "description": "policy", "type": "storage", "data": {"sharedComputer": true}});
        std::fs::write(folder.join(format!("{id}.json")), storage.to_string())?;
        command.env("HOME", profile.folder.join("home"));
    }
    command
        // Chromium on Linux takes its language from here.
        .env("LANGUAGE", setup.language)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("starting the driver of {}", setup.kind.name()))
}

fn chromium(setup: &Setup, profile: &mut Profile, proxy: u16) -> anyhow::Result<Capabilities> {
    let extension = profile.folder.join("extension");
    if !profile.installed {
        unzip(&package(setup, "LATCHKEY_CHROMIUM_ZIP", &profile.folder)?, &extension)?;
        // Without developer mode a reload leaves an unpacked extension switched off.
        let preferences = profile.folder.join("Default");
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
        format!("--user-data-dir={}", profile.folder.display()),
        format!("--load-extension={}", extension.display()),
        format!("--log-net-log={}", profile.folder.join(requests::LOG).display()),
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
fn firefox(setup: &Setup, profile: &Profile, proxy: u16) -> anyhow::Result<Capabilities> {
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
    let mut args = vec!["-profile".to_owned(), profile.folder.display().to_string()];
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

/// The package to install: as it was packed, or a damaged copy of it in `folder`.
fn package(setup: &Setup, variable: &str, folder: &Path) -> anyhow::Result<PathBuf> {
    let packed = environment::path(variable)?;
    if setup.package == Package::AsPacked {
        return Ok(packed);
    }
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
