//! What the exchange knows, and every rule by which it changes.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use rustls::crypto::ring;
use serde::Serialize;

use crate::account::{Account, Factor, Login, LoginRecord, Machine, Outcome, PlantedSession, Session, SessionId};
use crate::device::{Device, Line};
use crate::options::{DEMO_CODE, Options};
use crate::seed;
use crate::skin::{Scope, Skin};

/// A request that reached the exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestLog {
    /// When, by the exchange's clock.
    pub at: DateTime<Utc>,
    /// "GET".
    pub method: String,
    /// The `Host` header as it came, with its port.
    pub host: String,
    /// Path and query.
    pub path: String,
    /// The skin that answered.
    pub skin: Skin,
    /// The status of the answer.
    pub status: u16,
    /// The `Origin` header, where there was one.
    pub origin: Option<String>,
}

/// Requests kept; the oldest are forgotten first, so that a long demonstration does not grow without end.
const REQUESTS: usize = 50_000;
/// Wrong codes after which the password has to be given again.
const ATTEMPTS: u8 = 3;

/// The whole state of a running exchange. Accounts of one skin know nothing of those of another.
#[derive(Debug)]
pub(crate) struct World {
    clock: TimeDelta,
    opened: DateTime<Utc>,
    own: Line,
    accounts: HashMap<(Skin, String), Account>,
    tokens: HashMap<String, Holder>,
    challenges: HashMap<String, Challenge>,
    requests: VecDeque<RequestLog>,
    next: u64,
}

/// Whose session a cookie opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) skin: Skin,
    pub(crate) user: String,
    pub(crate) session: SessionId,
}

/// A password that was right and waits for its second factor.
#[derive(Debug)]
struct Challenge {
    skin: Skin,
    user: String,
    wrong: u8,
}

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Refusal {
    /// No such user, or another password.
    Credentials,
    /// Another code.
    Code,
    /// The password has to be given again.
    Challenge,
    /// Nobody is signed in with that cookie, or no longer.
    SignedOut,
    /// No such session in this account.
    Absent,
    /// This exchange has no such button.
    NotOffered,
}

impl World {
    /// The state at opening: each skin with all its accounts.
    pub(crate) fn new(options: &Options) -> Self {
        let real = Utc::now();
        let mut world = Self {
            clock: options.now.map_or_else(TimeDelta::zero, |now| now - real),
            opened: options.now.unwrap_or(real),
            own: options.own_line.clone(),
            accounts: HashMap::new(),
            tokens: HashMap::new(),
            challenges: HashMap::new(),
            requests: VecDeque::new(),
            next: 1,
        };
        for skin in Skin::ALL {
            for user in &options.users {
                let account = seed::account(user.clone(), &world.own, world.now());
                world.accounts.insert((skin, user.mail.clone()), account);
                for planted in seed::own_devices(&world.own) {
                    world.plant(skin, &user.mail, planted, Factor::Passkey);
                }
                if options.foreign && user.targeted {
                    world.plant_foreign(skin, &user.mail);
                }
            }
        }
        world
    }

    /// The exchange's present.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        Utc::now() + self.clock
    }

    /// When the exchange opened: what is no session and no login dates from before it.
    pub(crate) fn opened(&self) -> DateTime<Utc> {
        self.opened
    }

    /// Sets the present; the clock runs on from there.
    pub(crate) fn set_now(&mut self, now: DateTime<Utc>) {
        self.clock = now - Utc::now();
    }

    /// Puts a session into an account, with the login that began it. `None` where there is no such account.
    pub(crate) fn plant(
        &mut self,
        skin: Skin,
        user: &str,
        planted: PlantedSession,
        factor: Factor,
    ) -> Option<SessionId> {
        let now = self.now();
        let id = SessionId(self.next);
        let account = self.accounts.get_mut(&(skin, user.to_owned()))?;
        self.next += 1;
        let PlantedSession { device, line, first_login, last_activity } = planted;
        account.logins.push(LoginRecord {
            at: now - first_login,
            machine: Machine::Known(device.clone()),
            line: line.clone(),
            outcome: Outcome::Success,
            factor,
        });
        account.sessions.push(Session {
            id,
            device,
            line,
            first_login: now - first_login,
            last_activity: now - last_activity,
            ended: None,
        });
        Some(id)
    }

    /// Lets somebody else in: their sessions, and the failed attempts that came before.
    pub(crate) fn plant_foreign(&mut self, skin: Skin, user: &str) -> Vec<SessionId> {
        let now = self.now();
        let foreign = PlantedSession::foreign();
        if let (Some(account), Some(first)) = (self.accounts.get_mut(&(skin, user.to_owned())), foreign.first()) {
            for minutes in [4, 11] {
                account.logins.push(LoginRecord {
                    at: now - first.first_login - TimeDelta::minutes(minutes),
                    machine: Machine::Known(first.device.clone()),
                    line: first.line.clone(),
                    outcome: Outcome::Failed,
                    factor: Factor::Password,
                });
            }
        }
        foreign.into_iter().filter_map(|planted| self.plant(skin, user, planted, Factor::Authenticator)).collect()
    }

    /// First step of signing in: name and password. Gives the challenge that the second step answers.
    pub(crate) fn give_password(
        &mut self,
        skin: Skin,
        user: &str,
        password: &str,
        device: Device,
    ) -> Result<String, Refusal> {
        let (now, line) = (self.now(), self.own.clone());
        let user = user.trim().to_lowercase();
        let account = self.accounts.get_mut(&(skin, user.clone())).ok_or(Refusal::Credentials)?;
        if account.user.password != password {
            account.logins.push(failed(now, device, line));
            return Err(Refusal::Credentials);
        }
        let name = secret()?;
        self.challenges.insert(name.clone(), Challenge { skin, user, wrong: 0 });
        Ok(name)
    }

    /// Second step: the code. Gives the secret of a new session.
    pub(crate) fn give_code(
        &mut self,
        skin: Skin,
        challenge: &str,
        code: &str,
        device: Device,
    ) -> Result<String, Refusal> {
        let (now, line) = (self.now(), self.own.clone());
        let open = self.challenges.get_mut(challenge).filter(|open| open.skin == skin).ok_or(Refusal::Challenge)?;
        let user = open.user.clone();
        let account = self.accounts.get_mut(&(skin, user.clone())).ok_or(Refusal::Challenge)?;
        if code.trim() != DEMO_CODE {
            open.wrong += 1;
            let over = open.wrong >= ATTEMPTS;
            account.logins.push(failed(now, device, line));
            if over {
                self.challenges.remove(challenge);
            }
            return Err(if over { Refusal::Challenge } else { Refusal::Code });
        }
        self.challenges.remove(challenge);
        account.own_browser.get_or_insert_with(|| device.clone());
        let planted = PlantedSession::new(device, line, TimeDelta::zero(), TimeDelta::zero());
        let session = self.plant(skin, &user, planted, Factor::Authenticator).ok_or(Refusal::Challenge)?;
        let token = secret()?;
        self.tokens.insert(token.clone(), Holder { skin, user, session });
        Ok(token)
    }

    /// Who asks, by their cookie; a session that lives is active now.
    pub(crate) fn visit(&mut self, skin: Skin, token: Option<&str>) -> Result<Holder, Refusal> {
        let now = self.now();
        let holder = token.and_then(|token| self.tokens.get(token)).filter(|holder| holder.skin == skin).cloned();
        let holder = holder.ok_or(Refusal::SignedOut)?;
        let session = self.session_mut(skin, &holder.user, holder.session).ok_or(Refusal::SignedOut)?;
        if session.ended.is_some() {
            return Err(Refusal::SignedOut);
        }
        session.last_activity = now;
        Ok(holder)
    }

    /// The account of whoever asks.
    pub(crate) fn account(&self, skin: Skin, user: &str) -> Option<&Account> {
        self.accounts.get(&(skin, user.to_owned()))
    }

    /// The same, to be changed.
    pub(crate) fn account_mut(&mut self, skin: Skin, user: &str) -> Option<&mut Account> {
        self.accounts.get_mut(&(skin, user.to_owned()))
    }

    /// Ends one session of an account.
    pub(crate) fn end(&mut self, skin: Skin, user: &str, session: SessionId) -> Result<(), Refusal> {
        let now = self.now();
        let session = self.session_mut(skin, user, session).filter(|s| s.ended.is_none()).ok_or(Refusal::Absent)?;
        session.ended = Some(now);
        Ok(())
    }

    /// Ends all sessions of an account, as far as this exchange's button goes.
    pub(crate) fn end_all(&mut self, holder: &Holder) -> Result<Scope, Refusal> {
        let now = self.now();
        let scope = holder.skin.log_out_all().ok_or(Refusal::NotOffered)?;
        let account = self.account_mut(holder.skin, &holder.user).ok_or(Refusal::SignedOut)?;
        for session in &mut account.sessions {
            if session.ended.is_none() && (scope == Scope::Everywhere || session.id != holder.session) {
                session.ended = Some(now);
            }
        }
        Ok(scope)
    }

    /// Every session an account ever had, ended ones too.
    pub(crate) fn sessions(&self, skin: Skin, user: &str) -> Vec<Session> {
        self.account(skin, user).map(|account| account.sessions.clone()).unwrap_or_default()
    }

    /// The history of an account's logins, newest first.
    pub(crate) fn logins(&self, skin: Skin, user: &str) -> Vec<Login> {
        self.account(skin, user).map(Account::history).unwrap_or_default()
    }

    /// Keeps a request in the log.
    pub(crate) fn log(&mut self, request: RequestLog) {
        if self.requests.len() == REQUESTS {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }

    /// The requests so far, oldest first.
    pub(crate) fn requests(&self) -> Vec<RequestLog> {
        self.requests.iter().cloned().collect()
    }

    /// Forgets the requests so far.
    pub(crate) fn forget_requests(&mut self) {
        self.requests.clear();
    }

    fn session_mut(&mut self, skin: Skin, user: &str, id: SessionId) -> Option<&mut Session> {
        self.account_mut(skin, user)?.sessions.iter_mut().find(|session| session.id == id)
    }
}

/// An attempt that went wrong.
fn failed(at: DateTime<Utc>, device: Device, line: Line) -> LoginRecord {
    let machine = Machine::Known(device);
    LoginRecord { at, machine, line, outcome: Outcome::Failed, factor: Factor::Password }
}

/// 32 bytes that nobody can guess, in hexadecimal.
///
/// # Errors
/// Where the system has no source of randomness, nobody gets in.
fn secret() -> Result<String, Refusal> {
    let mut bytes = [0_u8; 32];
    ring::default_provider().secure_random.fill(&mut bytes).map_err(|_| Refusal::Challenge)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
