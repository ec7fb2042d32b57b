//! A hand-made client: it sends what a browser sends and hides nothing of the answer.

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

use latchkey_exchange::{DEMO_CODE, DEMO_PASSWORD, Exchange, SessionId};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// A browser of few words: one connection a request, and a jar for cookies.
pub struct Browser {
    port: u16,
    pub host: String,
    pub cookie: Option<String>,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect(&self.body)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl Browser {
    pub fn new(exchange: &Exchange) -> Self {
        Self::at(exchange, "127.0.0.1")
    }

    pub fn at(exchange: &Exchange, host: &str) -> Self {
        Self { port: exchange.port(), host: host.into(), cookie: None }
    }

    async fn send(&mut self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let text = self.request(method, path, body);
        let exchanged = async {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
            stream.write_all(text.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        };
        let raw = tokio::time::timeout(Duration::from_secs(20), exchanged).await.expect("no answer");
        let answer = split(&raw);
        if let Some(cookie) = answer.header("set-cookie") {
            self.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        }
        answer
    }

    pub fn request(&self, method: &str, path: &str, body: Option<Value>) -> String {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let cookie = self.cookie.as_ref().map(|cookie| format!("cookie: {cookie}\r\n")).unwrap_or_default();
        format!(
            "{method} {path} HTTP/1.1\r\nhost: {}:{}\r\nuser-agent: {FIREFOX}\r\nconnection: close\r\n{cookie}\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.host,
            self.port,
            body.len()
        )
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    pub async fn post(&mut self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(body)).await
    }

    pub async fn sign_in(&mut self, user: &str) {
        let challenge = self.post("/api/login", json!({ "user": user, "password": DEMO_PASSWORD })).await.json();
        let body = json!({ "challenge": challenge["challenge"], "code": DEMO_CODE, "remember": true });
        let answer = self.post("/api/login/verify", body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    /// The living sessions as the device page gets them.
    pub async fn sessions(&mut self) -> Vec<Value> {
        self.get("/api/sessions").await.json()["sessions"].as_array().unwrap().clone()
    }

    pub async fn own_id(&mut self) -> SessionId {
        let sessions = self.sessions().await;
        let own: Vec<&Value> = sessions.iter().filter(|session| session["current"] == true).collect();
        assert_eq!(own.len(), 1);
        serde_json::from_value(own[0]["id"].clone()).unwrap()
    }
}

pub fn split(raw: &str) -> Answer {
    let (head, body) = raw.split_once("\r\n\r\n").expect(raw);
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.into(), body: body.into() }
}

/// One request by a client that trusts this certificate alone.
pub fn over_tls(der: &[u8], port: u16, host: &'static str, request: &str) -> String {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(rustls::pki_types::CertificateDer::from(der.to_vec())).unwrap();
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut client = rustls::ClientConnection::new(Arc::new(config), host.try_into().unwrap()).unwrap();
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut tls = rustls::Stream::new(&mut client, &mut stream);
    tls.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // A server that closes without a goodbye is an error to TLS; what it said before is what matters here.
    let _ = tls.read_to_end(&mut answer);
    String::from_utf8(answer).unwrap()
}
