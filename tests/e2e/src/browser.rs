//! A real browser with the packed extension in it, behind its driver.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};
use thirtyfour::prelude::*;
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::launch::{self, Install};
use crate::outside::Outside;
use crate::requests::{self, Request};
use crate::setup::{Kind, Pace, PrivateWindows, Setup};
use crate::{environment, eventually};

/// The origin of the extension's pages in Firefox, preset so that a test can go there.
pub(crate) const FIREFOX_UUID: &str = "3c1d1a52-9f0e-4b7e-8a63-5d2f9c1e7b40";

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
    /// One browser of a kind and pace at a time.
    _turn: OwnedMutexGuard<()>,
}

/// A folder with a browser's profile; removed when dropped.
#[derive(Debug)]
pub struct Profile {
    folder: PathBuf,
    pub(crate) installed: bool,
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

async fn turn(setup: &Setup) -> OwnedMutexGuard<()> {
    static TURNS: OnceLock<[std::sync::Arc<Mutex<()>>; 4]> = OnceLock::new();
    let [chromium, firefox, waiting_chromium, waiting_firefox] = TURNS.get_or_init(Default::default);
    let turn = match (setup.kind, setup.pace) {
        (Kind::Chromium, Pace::Busy) => chromium,
        (Kind::Firefox, Pace::Busy) => firefox,
        (Kind::Chromium, Pace::Waiting) => waiting_chromium,
        (Kind::Firefox, Pace::Waiting) => waiting_firefox,
    };
    std::sync::Arc::clone(turn).lock_owned().await
}

impl Browser {
    /// Starts a browser on a fresh profile, with the extension.
    ///
    /// # Errors
    /// Where the browser, its driver or the extension cannot be started.
    pub async fn start(setup: Setup) -> anyhow::Result<Self> {
        let turn = turn(&setup).await;
        let seat = Seat { profile: Profile::fresh(setup.kind)?, _turn: turn };
        Self::start_on(setup, seat).await
    }

    /// Ends the browser as a person does, and starts it again on the same profile.
    ///
    /// # Errors
    /// Where it cannot be ended or started.
    pub async fn restart(mut self) -> anyhow::Result<Self> {
        self.quit().await?;
        let seat = self.seat.take().context("a browser that runs has a profile")?;
        Self::start_on(self.setup.clone(), seat).await
    }

    /// Kills the browser without a word, and starts it again on the same profile.
    ///
    /// # Errors
    /// Where it cannot be killed or started.
    pub async fn kill_and_start(mut self) -> anyhow::Result<Self> {
        kill(&self.driver).await?;
        self.end_driver().await;
        let seat = self.seat.take().context("a browser that runs has a profile")?;
        Self::start_on(self.setup.clone(), seat).await
    }

    /// Ends the browser.
    ///
    /// # Errors
    /// Where it does not end.
    pub async fn close(mut self) -> anyhow::Result<()> {
        self.quit().await
    }

    async fn quit(&mut self) -> anyhow::Result<()> {
        let quit = quit(&self.driver, self.setup.kind).await;
        self.end_driver().await;
        quit
    }

    async fn start_on(setup: Setup, mut seat: Seat) -> anyhow::Result<Self> {
        let outside = Outside::open().await?;
        let (mut process, port) = launch::driver(&setup, &seat.profile).await?;
        let url = format!("http://127.0.0.1:{port}");
        let capabilities = match setup.kind {
            Kind::Chromium => launch::chromium(&setup, &mut seat.profile, outside.port())?,
            Kind::Firefox => launch::firefox(&setup, &seat.profile, outside.port())?,
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
            launch::speak(&driver, setup.language).await?;
        }
        if setup.kind == Kind::Firefox && !seat.profile.installed {
            let package = launch::package(&setup, "LATCHKEY_FIREFOX_XPI", &seat.profile.folder)?;
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
        self.quit().await?;
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
            let (driver, kind) = (self.driver.clone(), self.setup.kind);
            let _ = std::thread::spawn(move || {
                if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
                    runtime.block_on(async {
                        drop(quit(&driver, kind).await);
                        drop(process.kill().await);
                    });
                }
            })
            .join();
        }
    }
}

/// Has the driver end its browser; what hangs is killed, and said.
async fn quit(driver: &WebDriver, kind: Kind) -> anyhow::Result<()> {
    let patience = Duration::from_secs(20);
    if kind == Kind::Firefox {
        // Firefox asks on quitting, too, where a page wants to be asked about, and nobody would answer.
        let unasked = "Services.prefs.setBoolPref('dom.disable_beforeunload', true)";
        drop(tokio::time::timeout(patience, requests::in_chrome(driver, unasked)).await);
    }
    match tokio::time::timeout(patience, driver.clone().quit()).await {
        Ok(quit) => Ok(quit?),
        Err(_) => {
            kill(driver).await?;
            anyhow::bail!("the browser did not end when it was told to")
        }
    }
}

/// Kills the browser, by its own process id.
async fn kill(driver: &WebDriver) -> anyhow::Result<()> {
    let capabilities = driver.handle().capabilities();
    let process = ["goog:processID", "moz:processID"].iter().find_map(|name| capabilities.get(name)?.as_u64());
    let process = process.context("the driver does not tell the browser's process")?;
    let killed = Command::new("kill").args(["-KILL", &process.to_string()]).status().await?;
    anyhow::ensure!(killed.success(), "process {process} was not killed");
    Ok(())
}
