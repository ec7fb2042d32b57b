//! Requests in, answers out: which skin is meant, who asks, and the headers that every answer carries.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::front::{self, Kind};
use crate::skin::Skin;
use crate::world::{RequestLog, World};
use crate::{api, options::Options};

/// What every answer says of what a page may load: itself and nothing else.
pub(crate) const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; \
     img-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What all requests share.
#[derive(Debug, Clone)]
pub(crate) struct Shared(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    world: Mutex<World>,
    skin: Skin,
    hosts: Vec<(String, Skin)>,
    rerender: Duration,
    port: u16,
    tls: bool,
}

/// Which skin a request means, and with what cookie.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    pub(crate) skin: Skin,
    pub(crate) token: Option<String>,
}

impl Shared {
    /// The state of a server that listens on that port.
    pub(crate) fn new(options: &Options, port: u16) -> Self {
        let world = Mutex::new(World::new(options));
        let Options { skin, tls, rerender, .. } = *options;
        Self(Arc::new(Inner { world, skin, hosts: hosts(options), rerender, port, tls }))
    }

    /// The state, held until the guard is dropped. A handler that panicked while it held it left no half-done change
    /// that could matter, so the lock's poison is ignored.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.0.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The `Set-Cookie` header of a session. Cookies know no ports and one host may show several skins: the name says
    /// both, so that two exchanges on one machine do not sign each other out.
    pub(crate) fn cookie(&self, skin: Skin, token: &str, more: &str) -> String {
        let secure = if self.0.tls { "; Secure" } else { "" };
        format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{more}", self.cookie_name(skin))
    }

    fn cookie_name(&self, skin: Skin) -> String {
        format!("session-{skin}-{}", self.0.port)
    }

    fn skin_cookie(&self) -> String {
        format!("skin-{}", self.0.port)
    }

    /// The host decides; then `?skin=`, then what it was set to before, then the server's own.
    fn visit(&self, uri: &Uri, headers: &HeaderMap) -> Visit {
        let host = host(headers);
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let mapped = self.0.hosts.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, skin)| *skin);
        let skin = mapped
            .or_else(|| asked_skin(uri))
            .or_else(|| Skin::from_name(cookie(headers, &self.skin_cookie())?))
            .unwrap_or(self.0.skin);
        Visit { skin, token: cookie(headers, &self.cookie_name(skin)).map(str::to_owned) }
    }
}

/// The hosts that have a skin of their own.
pub(crate) fn hosts(options: &Options) -> Vec<(String, Skin)> {
    if options.hosts.is_empty() { Options::real_hosts(options.skin) } else { options.hosts.clone() }
}

/// All that the exchange answers.
pub(crate) fn router(shared: Shared) -> Router {
    Router::new()
        .route("/assets/{name}", get(|Path(name): Path<String>| async move { front::asset(&name) }))
        .route("/favicon.ico", get(|| async { front::asset("mark.svg") }))
        .route("/api/login", post(api::login))
        .route("/api/login/verify", post(api::verify))
        .route("/api/logout", post(api::logout))
        .route("/api/logout-all", post(api::logout_all))
        .route("/api/me", get(api::me))
        .route("/api/sessions", get(api::sessions))
        .route("/api/sessions/end", post(api::end))
        .route("/api/logins", get(api::logins))
        .route("/api/security", get(api::security))
        .route("/api/security/remove", post(api::remove))
        .route("/api/orders", get(api::orders))
        .route("/demo/plant", post(api::plant))
        .route("/demo/foreign", post(api::foreign))
        .fallback(get(page))
        .layer(middleware::from_fn_with_state(shared.clone(), attend))
        .with_state(shared)
}

/// A page: the shell, with the status that a person's session deserves.
async fn page(State(shared): State<Shared>, Extension(visit): Extension<Visit>, uri: Uri) -> Response {
    let shell = front::shell(visit.skin, uri.path(), shared.0.rerender.as_millis());
    let signed_in = shared.world().visit(visit.skin, visit.token.as_deref()).is_ok();
    let status = match front::kind(visit.skin, uri.path()) {
        Kind::Absent => StatusCode::NOT_FOUND,
        Kind::Private if !signed_in => StatusCode::UNAUTHORIZED,
        Kind::Public | Kind::Private => StatusCode::OK,
    };
    let mut response = (status, shell).into_response();
    if let Some(skin) = asked_skin(&uri) {
        set_header(
            &mut response,
            header::SET_COOKIE,
            &format!("{}={skin}; Path=/; HttpOnly; SameSite=Lax", shared.skin_cookie()),
        );
    }
    response
}

/// Around every request: what it means before, its headers and its line in the log after.
async fn attend(State(shared): State<Shared>, mut request: Request, next: Next) -> Response {
    let visit = shared.visit(request.uri(), request.headers());
    let mut log = RequestLog {
        at: shared.world().now(),
        method: request.method().to_string(),
        host: host(request.headers()).to_owned(),
        path: request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
        skin: visit.skin,
        status: 0,
        origin: request.headers().get(header::ORIGIN).and_then(|value| value.to_str().ok()).map(str::to_owned),
    };
    request.extensions_mut().insert(visit);
    let mut response = next.run(request).await;
    set_header(&mut response, header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    set_header(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set_header(&mut response, header::REFERRER_POLICY, "same-origin");
    set_header(&mut response, header::CACHE_CONTROL, "no-store");
    log.status = response.status().as_u16();
    shared.world().log(log);
    response
}

/// The skin that `?skin=` asks for.
fn asked_skin(uri: &Uri) -> Option<Skin> {
    uri.query()?.split('&').find_map(|pair| Skin::from_name(pair.strip_prefix("skin=")?))
}

/// The `Host` header, or nothing.
fn host(headers: &HeaderMap) -> &str {
    headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The value of a cookie.
fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

fn set_header(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
