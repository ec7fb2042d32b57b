//! What the front asks the server: JSON over same-origin requests, a cookie for a key.

use axum::Extension;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::account::{Factor, PlantedSession, SessionId};
use crate::device::{Device, Line, Place};
use crate::options::DEMO_CODE;
use crate::server::{Shared, Visit};
use crate::skin::{Language, Scope};
use crate::world::Refusal;

/// How long a browser keeps the cookie of a person who asked to stay signed in.
const KEPT_SECONDS: u32 = 30 * 24 * 60 * 60;

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Credentials | Self::Challenge | Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Code => StatusCode::FORBIDDEN,
            Self::Absent | Self::NotOffered => StatusCode::NOT_FOUND,
        };
        (status, Json(json!({ "error": self }))).into_response()
    }
}

/// What a page in some language asks with.
#[derive(Debug, Deserialize)]
pub(crate) struct Words {
    #[serde(default)]
    language: Option<String>,
}

impl Words {
    fn language(&self) -> Language {
        if self.language.as_deref() == Some("de") { Language::German } else { Language::English }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Password {
    user: String,
    password: String,
}

/// `POST /api/login`: name and password for a challenge.
pub(crate) async fn login(
    State(shared): State<Shared>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    Json(body): Json<Password>,
) -> Result<Json<Value>, Refusal> {
    let challenge = shared.world().give_password(visit.skin, &body.user, &body.password, device(&headers))?;
    Ok(Json(json!({ "challenge": challenge })))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Code {
    challenge: String,
    code: String,
    #[serde(default)]
    remember: bool,
}

/// `POST /api/login/verify`: the code for a session, which the browser gets as a cookie.
pub(crate) async fn verify(
    State(shared): State<Shared>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    Json(body): Json<Code>,
) -> Result<Response, Refusal> {
    let token = shared.world().give_code(visit.skin, &body.challenge, &body.code, device(&headers))?;
    let age = if body.remember { format!("; Max-Age={KEPT_SECONDS}") } else { String::new() };
    let cookie = shared.cookie(visit.skin, &token, &age);
    Ok(([(header::SET_COOKIE, cookie)], Json(json!({ "signedIn": true }))).into_response())
}

/// `POST /api/logout`: this session ends.
pub(crate) async fn logout(
    State(shared): State<Shared>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Refusal> {
    let mut world = shared.world();
    let holder = world.visit(visit.skin, visit.token.as_deref())?;
    world.end(holder.skin, &holder.user, holder.session)?;
    let cookie = shared.cookie(visit.skin, "", "; Max-Age=0");
    Ok(([(header::SET_COOKIE, cookie)], Json(json!({ "signedIn": false }))).into_response())
}

/// `POST /api/logout-all`: every session ends, as far as this exchange's button goes.
pub(crate) async fn logout_all(
    State(shared): State<Shared>,
    Extension(visit): Extension<Visit>,
) -> Result<Json<Value>, Refusal> {
    let mut world = shared.world();
    let holder = world.visit(visit.skin, visit.token.as_deref())?;
    let scope: Scope = world.end_all(&holder)?;
    Ok(Json(json!({ "scope": scope })))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Ending {
    id: SessionId,
    #[serde(default)]
    code: String,
}

/// `POST /api/sessions/end`: one session ends.
pub(crate) async fn end(
    State(shared): State<Shared>,
    Extension(visit): Extension<Visit>,
    Json(body): Json<Ending>,
) -> Result<Json<Value>, Refusal> {
    let mut world = shared.world();
    let holder = world.visit(visit.skin, visit.token.as_deref())?;
    if visit.skin.demands_code() && body.code.trim() != DEMO_CODE {
        return Err(Refusal::Code);
    }
    world.end(holder.skin, &holder.user, body.id)?;
    Ok(Json(json!({ "ended": body.id })))
}

/// A session as a page gets it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionRow {
    id: SessionId,
    device: String,
    form: crate::device::Form,
    #[serde(flatten)]
    line: Line,
    first_login: DateTime<Utc>,
    last_activity: DateTime<Utc>,
    current: bool,
}

/// `GET /api/sessions`: who is signed in.
pub(crate) async fn sessions(
    State(shared): State<Shared>,
    Extension(visit): Extension<Visit>,
    Query(words): Query<Words>,
) -> Result<Json<Value>, Refusal> {
    let mut world = shared.world();
    let holder = world.visit(visit.skin, visit.token.as_deref())?;
    let account = world.account(holder.skin, &holder.user).ok_or(Refusal::SignedOut)?;
    let rows: Vec<SessionRow> = account
        .living()
        .into_iter()
        .map(|session| SessionRow {
            id: session.id,
            device: visit.skin.device_text(&session.device, words.language()),
            form: session.device.form,
            line: session.line,
            first_login: session.first_login,
            last_activity: session.last_activity,
            current: session.id == holder.session,
        })
        .collect();
    Ok(Json(json!({ "now": world.now(), "sessions": rows })))
}

/// `GET /api/logins`: the history of logins, newest first.
pub(crate) async fn logins(
    State(shared): State<Shared>,
    Extension(visit): Extension<Visit>,
    Query(words): Query<Words>,
) -> Result<Json<Value>, Refusal> {
    let mut world = shared.world();
    let holder = world.visit(visit.skin, visit.token.as_deref())?;
    let rows: Vec<Value> = world
        .logins(holder.skin, &holder.user)
        .into_iter()
        .map(|login| {
            json!({
                "at": login.at,
                "device": visit.skin.device_text(&login.device, words.language()),
                "address": login.line.address,
                "place": login.line.place,
                "outcome": login.outcome,
                "factor": login.factor,
            })
        })
        .collect();
    Ok(Json(json!({ "now": world.now(), "logins": rows })))
}

/// `GET /api/me`: whose account it is.
pub(crate) async fn me(
    State(shared): State<Shared>,
    Extension(visit): Extension<Visit>,
) -> Result<Json<Value>, Refusal> {
    let mut world = shared.world();
    let holder = world.visit(visit.skin, visit.token.as_deref())?;
    let account = world.account(holder.skin, &holder.user).ok_or(Refusal::SignedOut)?;
    Ok(Json(json!({ "mail": account.user.masked_mail(), "now": world.now() })))
}

/// `GET /api/security`: second factors and API keys, less what was removed.
pub(crate) async fn security(
    State(shared): State<Shared>,
    Extension(visit): Extension<Visit>,
) -> Result<Json<Value>, Refusal> {
    let mut world = shared.world();
    let holder = world.visit(visit.skin, visit.token.as_deref())?;
    let (now, opened, own) = (world.now(), world.opened(), world.logins(holder.skin, &holder.user));
    let account = world.account(holder.skin, &holder.user).ok_or(Refusal::SignedOut)?;
    let kept = |name: &str| !account.removed.contains(name);
    let keys: Vec<Value> = [("api-key-1", "portfolio-tracker", "mkT0…q9Zd", 88), ("api-key-2", "tax-report", "Yv3r…81Lb", 190)]
        .into_iter()
        .filter(|(id, ..)| kept(id))
        .map(|(id, label, key, days)| {
            json!({ "id": id, "label": label, "key": key, "created": opened - TimeDelta::days(days), "rights": "read" })
        })
        .collect();
    // A program of the person's on a server; and whoever got in tries the other key.
    let server = Line::new("203.0.113.9", Place::new("Frankfurt", "Germany", "DE"), "Example Hosting");
    let stranger = PlantedSession::foreign().into_iter().next().map(|it| it.line);
    let stranger = stranger.filter(|line| account.sessions.iter().any(|it| it.line == *line));
    let calls = [
        ("portfolio-tracker", Some(server.clone()), 4),
        ("tax-report", stranger, 2),
        ("portfolio-tracker", Some(server), 1),
    ];
    let calls: Vec<Value> = calls
        .into_iter()
        .filter_map(|(key, line, days)| {
            let at = opened - TimeDelta::days(days);
            Some(json!({ "at": at, "key": key, "request": "GET /api/v3/account", "address": line?.address }))
        })
        .collect();
    Ok(Json(json!({
        "now": now,
        "mail": account.user.masked_mail(),
        "calls": calls,
        "email": kept("email"),
        "phone": kept("phone"),
        "passkey": kept("passkey"),
        "authenticator": kept("authenticator"),
        "passkeyAdded": opened - TimeDelta::days(101),
        "keys": keys,
        "lastLogin": own.first().map(|login| json!({ "at": login.at, "address": login.line.address, "place": login.line.place })),
    })))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Removal {
    what: String,
}

/// `POST /api/security/remove`: the dangerous neighbours of "Delete" and "Remove" do what they say.
pub(crate) async fn remove(
    State(shared): State<Shared>,
    Extension(visit): Extension<Visit>,
    Json(body): Json<Removal>,
) -> Result<Json<Value>, Refusal> {
    const REMOVABLE: [&str; 6] = ["email", "phone", "passkey", "authenticator", "api-key-1", "api-key-2"];
    let mut world = shared.world();
    let holder = world.visit(visit.skin, visit.token.as_deref())?;
    if !REMOVABLE.contains(&body.what.as_str()) {
        return Err(Refusal::Absent);
    }
    let account = world.account_mut(holder.skin, &holder.user).ok_or(Refusal::SignedOut)?;
    account.removed.insert(body.what);
    Ok(Json(json!({ "removed": true })))
}

/// `GET /api/orders`: open orders, a table of rows that are no sessions.
pub(crate) async fn orders(
    State(shared): State<Shared>,
    Extension(visit): Extension<Visit>,
) -> Result<Json<Value>, Refusal> {
    let mut world = shared.world();
    world.visit(visit.skin, visit.token.as_deref())?;
    let (now, opened) = (world.now(), world.opened());
    let rows: Vec<Value> = (1..=9_i64)
        .map(|n| {
            json!({
                "at": opened - TimeDelta::seconds(n * n * 4_987),
                "pair": "BTC/USDT",
                "kind": if n % 4 == 0 { "Stop-limit" } else { "Limit" },
                "side": if n % 2 == 0 { "Sell" } else { "Buy" },
                "price": format!("{}.{:02}", 61_204 - n * 713, (n * 37) % 100),
                "amount": format!("0.0{}", 10 + n * 7),
                "filled": format!("{}%", (n * 11) % 40),
            })
        })
        .collect();
    Ok(Json(json!({ "now": now, "orders": rows })))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Plant {
    user: String,
    device: Device,
    #[serde(flatten)]
    line: Line,
    first_login_minutes_ago: i64,
    last_activity_minutes_ago: i64,
}

/// `POST /demo/plant`: a session with the address, device, place and times that the caller wants.
pub(crate) async fn plant(
    State(shared): State<Shared>,
    Extension(visit): Extension<Visit>,
    Json(body): Json<Plant>,
) -> Result<Json<Value>, Refusal> {
    let ago = |minutes: i64| TimeDelta::try_minutes(minutes.clamp(0, 5_256_000)).unwrap_or_default();
    let planted = PlantedSession::new(
        body.device,
        body.line,
        ago(body.first_login_minutes_ago),
        ago(body.last_activity_minutes_ago),
    );
    let id = shared.world().plant(visit.skin, &body.user, planted, Factor::Authenticator).ok_or(Refusal::Absent)?;
    Ok(Json(json!({ "id": id })))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Target {
    user: String,
}

/// `POST /demo/foreign`: somebody else gets in.
pub(crate) async fn foreign(
    State(shared): State<Shared>,
    Extension(visit): Extension<Visit>,
    Json(body): Json<Target>,
) -> Json<Value> {
    let mut world = shared.world();
    Json(json!({ "ids": world.plant_foreign(visit.skin, &body.user) }))
}

/// The device of whoever asks.
fn device(headers: &HeaderMap) -> Device {
    let text = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Device::from_user_agent(text)
}
