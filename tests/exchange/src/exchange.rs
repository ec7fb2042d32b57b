//! A running exchange, and the hand that a test has in it.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;

use anyhow::Context;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use chrono::{DateTime, Utc};
use rustls::pki_types::PrivatePkcs8KeyDer;

use crate::account::{Factor, Login, PlantedSession, Session, SessionId};
use crate::options::Options;
use crate::server::{self, Shared};
use crate::skin::{Language, Skin};
use crate::world::RequestLog;

/// A running exchange on 127.0.0.1. It ends when it is stopped or dropped.
///
/// The methods that name a user mean the account of the exchange's own skin; [`Exchange::site`] reaches the others,
/// which one server shows under other host names.
///
/// ```no_run
/// # async fn example() -> anyhow::Result<()> {
/// use latchkey_exchange::{DEMO_USER, Exchange, Options, Skin};
/// let exchange = Exchange::start(Options { foreign: true, ..Options::skin(Skin::Kucoin) }).await?;
/// assert_eq!(exchange.sessions(DEMO_USER).len(), 4);
/// exchange.stop().await;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Exchange {
    shared: Shared,
    handle: Handle<SocketAddr>,
    server: tokio::task::JoinHandle<std::io::Result<()>>,
    skin: Skin,
    port: u16,
    url: String,
    certificate: Option<Vec<u8>>,
}

/// The accounts of one skin of a running exchange.
#[derive(Debug, Clone, Copy)]
pub struct Site<'x> {
    exchange: &'x Exchange,
    skin: Skin,
}

impl Exchange {
    /// Starts an exchange; it answers when this returns.
    ///
    /// # Errors
    /// Where the port is taken, or no certificate can be made.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
            .with_context(|| format!("port {} of 127.0.0.1", options.port))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let shared = Shared::new(&options, port);
        let service = server::router(shared.clone()).into_make_service();
        let handle = Handle::new();
        let mut certificate = None;
        let server = if options.tls {
            let (config, der) = certify(&options)?;
            certificate = Some(der);
            tokio::spawn(axum_server::from_tcp_rustls(listener, config)?.handle(handle.clone()).serve(service))
        } else {
            tokio::spawn(axum_server::from_tcp(listener)?.handle(handle.clone()).serve(service))
        };
        handle.listening().await.context("the exchange did not begin to listen")?;
        let scheme = if options.tls { "https" } else { "http" };
        let url = format!("{scheme}://127.0.0.1:{port}");
        Ok(Self { shared, handle, server, skin: options.skin, port, url, certificate })
    }

    /// Scheme, host and port, without a slash at the end: `http://127.0.0.1:8455`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The skin of hosts that have none of their own.
    #[must_use]
    pub fn skin(&self) -> Skin {
        self.skin
    }

    /// The same server under the skin's real host name, with its port: for a browser that maps that name to the
    /// loopback.
    #[must_use]
    pub fn url_of(&self, skin: Skin) -> String {
        let scheme = self.url.split(':').next().unwrap_or_default();
        format!("{scheme}://{}:{}", skin.host(), self.port)
    }

    /// The certificate in DER, where the exchange speaks TLS: for a client that trusts it and no other.
    #[must_use]
    pub fn certificate(&self) -> Option<&[u8]> {
        self.certificate.as_deref()
    }

    /// The accounts of a skin.
    #[must_use]
    pub fn site(&self, skin: Skin) -> Site<'_> {
        Site { exchange: self, skin }
    }

    /// See [`Site::plant`].
    pub fn plant(&self, user: &str, session: PlantedSession) -> Option<SessionId> {
        self.site(self.skin).plant(user, session)
    }

    /// See [`Site::plant_foreign`].
    pub fn plant_foreign(&self, user: &str) -> Vec<SessionId> {
        self.site(self.skin).plant_foreign(user)
    }

    /// See [`Site::sessions`].
    #[must_use]
    pub fn sessions(&self, user: &str) -> Vec<Session> {
        self.site(self.skin).sessions(user)
    }

    /// See [`Site::end`].
    pub fn end(&self, user: &str, session: SessionId) -> bool {
        self.site(self.skin).end(user, session)
    }

    /// See [`Site::logins`].
    #[must_use]
    pub fn logins(&self, user: &str) -> Vec<Login> {
        self.site(self.skin).logins(user)
    }

    /// Every request that reached the exchange, oldest first, whatever its host.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestLog> {
        self.shared.world().requests()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.shared.world().forget_requests();
    }

    /// What the exchange takes for the present.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.shared.world().now()
    }

    /// Sets the present; the clock runs on from there. Times of the past stay as they are.
    pub fn set_now(&self, now: DateTime<Utc>) {
        self.shared.world().set_now(now);
    }

    /// Ends the server and waits until it has ended.
    pub async fn stop(mut self) {
        self.handle.shutdown();
        // Its result says only that it was told to stop.
        let _ = (&mut self.server).await;
    }

    /// Waits until the server ends by itself, which it does only when it fails.
    ///
    /// # Errors
    /// What it failed with.
    pub async fn wait(&mut self) -> anyhow::Result<()> {
        Ok((&mut self.server).await??)
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.handle.shutdown();
    }
}

impl Site<'_> {
    /// Puts a session into an account, with the login that began it. `None` where there is no such account.
    pub fn plant(&self, user: &str, session: PlantedSession) -> Option<SessionId> {
        self.exchange.shared.world().plant(self.skin, user, session, Factor::Authenticator)
    }

    /// Lets somebody else in: [`PlantedSession::foreign`], after two failed attempts.
    pub fn plant_foreign(&self, user: &str) -> Vec<SessionId> {
        self.exchange.shared.world().plant_foreign(self.skin, user)
    }

    /// Every session the account ever had, in the order in which they came to be; ended ones say when.
    #[must_use]
    pub fn sessions(&self, user: &str) -> Vec<Session> {
        self.exchange.shared.world().sessions(self.skin, user)
    }

    /// Ends a session, as if another device had done it. Says whether there was one to end.
    pub fn end(&self, user: &str, session: SessionId) -> bool {
        self.exchange.shared.world().end(self.skin, user, session).is_ok()
    }

    /// The history of logins, newest first.
    #[must_use]
    pub fn logins(&self, user: &str) -> Vec<Login> {
        self.exchange.shared.world().logins(self.skin, user)
    }

    /// What was removed on the security pages ("phone", "email", "api-key-1"): a test that ends sessions wants this
    /// empty.
    #[must_use]
    pub fn removed(&self, user: &str) -> Vec<String> {
        let world = self.exchange.shared.world();
        world.account(self.skin, user).map(|account| account.removed.iter().cloned().collect()).unwrap_or_default()
    }

    /// The full address of one of the skin's pages on the loopback.
    #[must_use]
    pub fn devices_url(&self) -> String {
        format!("{}{}", self.exchange.url, self.skin.paths(Language::English).devices)
    }
}

/// A fresh certificate, signed by itself, for every name under which the exchange is shown.
fn certify(options: &Options) -> anyhow::Result<(RustlsConfig, Vec<u8>)> {
    let names = server::hosts(options).into_iter().map(|(host, _)| host);
    let names: Vec<String> = names.chain(["localhost".to_owned(), "127.0.0.1".to_owned()]).collect();
    let rcgen::CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(names)?;
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let mut config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key.into())?;
    // HTTP/1.1 alone: every request then carries the Host header by which the skin is chosen.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok((RustlsConfig::from_config(Arc::new(config)), cert.der().to_vec()))
}
