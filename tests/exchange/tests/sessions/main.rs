//! What the exchange promises of its sessions, asked over real connections.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod browser;

use browser::{Browser, over_tls, split};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use latchkey_exchange::{
    CLEAN_USER, DEMO_CODE, DEMO_PASSWORD, DEMO_USER, Device, Exchange, Language, Line, Options, Outcome, Place,
    PlantedSession, Skin,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn open(options: Options) -> Exchange {
    Exchange::start(options).await.unwrap()
}

async fn signed_in(exchange: &Exchange, user: &str) -> Browser {
    let mut browser = Browser::new(exchange);
    browser.sign_in(user).await;
    browser
}

#[tokio::test]
async fn a_killed_session_gets_401_on_its_next_request() {
    for skin in Skin::ALL {
        let exchange = open(Options::skin(skin)).await;
        let (mut one, mut other) = (signed_in(&exchange, DEMO_USER).await, signed_in(&exchange, DEMO_USER).await);
        let id = one.own_id().await;
        let end = other.post("/api/sessions/end", json!({ "id": id, "code": DEMO_CODE })).await;
        assert_eq!(end.status, 200, "{skin}");
        let paths = skin.paths(Language::English);
        for path in ["/api/me", "/api/sessions", "/api/logins", "/api/security", paths.devices.as_str()] {
            assert_eq!(one.get(path).await.status, 401, "{skin} {path}");
        }
        assert_eq!(other.get(&paths.devices).await.status, 200, "{skin}");
        assert!(other.sessions().await.iter().all(|session| session["id"] != json!(id)), "{skin}");
    }
}

#[tokio::test]
async fn a_session_ended_from_outside_gets_401_too() {
    let exchange = open(Options::default()).await;
    let mut browser = signed_in(&exchange, DEMO_USER).await;
    let id = browser.own_id().await;
    assert!(exchange.end(DEMO_USER, id));
    assert!(!exchange.end(DEMO_USER, id), "it can be ended once");
    assert_eq!(browser.get("/api/me").await.status, 401);
    assert!(exchange.sessions(DEMO_USER).iter().any(|session| session.id == id && session.ended.is_some()));
}

#[tokio::test]
async fn logging_out_ends_the_session_and_not_only_the_cookie() {
    let exchange = open(Options::default()).await;
    let mut browser = signed_in(&exchange, DEMO_USER).await;
    let stolen = browser.cookie.clone();
    let answer = browser.post("/api/logout", json!({})).await;
    assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
    browser.cookie = stolen;
    assert_eq!(browser.get("/api/me").await.status, 401);
}

#[tokio::test]
async fn log_out_all_ends_every_session() {
    for skin in [Skin::BinanceOld, Skin::BinanceKit, Skin::Kucoin] {
        let exchange = open(Options { foreign: true, ..Options::skin(skin) }).await;
        let (mut one, mut other) = (signed_in(&exchange, DEMO_USER).await, signed_in(&exchange, DEMO_USER).await);
        assert_eq!(one.post("/api/logout-all", json!({})).await.json()["scope"], "everywhere");
        assert_eq!((one.get("/api/me").await.status, other.get("/api/me").await.status), (401, 401), "{skin}");
        assert!(exchange.sessions(DEMO_USER).iter().all(|session| session.ended.is_some()), "{skin}");
    }
}

#[tokio::test]
async fn sign_out_all_other_sessions_spares_this_one() {
    let exchange = open(Options { foreign: true, ..Options::skin(Skin::ActiveSessionsRtl) }).await;
    let (mut one, mut other) = (signed_in(&exchange, DEMO_USER).await, signed_in(&exchange, DEMO_USER).await);
    assert_eq!(one.post("/api/logout-all", json!({})).await.json()["scope"], "others");
    assert_eq!((one.get("/api/me").await.status, other.get("/api/me").await.status), (200, 401));
    assert_eq!(one.sessions().await.len(), 1);
}

#[tokio::test]
async fn an_exchange_without_such_a_button_ends_nothing() {
    let exchange = open(Options::skin(Skin::Cryptonow)).await;
    let mut browser = signed_in(&exchange, DEMO_USER).await;
    assert_eq!(browser.post("/api/logout-all", json!({})).await.status, 404);
    assert!(exchange.sessions(DEMO_USER).iter().all(|session| session.ended.is_none()));
}

#[tokio::test]
async fn other_sessions_survive_one_ending() {
    let exchange = open(Options { foreign: true, ..Options::default() }).await;
    let mut browser = signed_in(&exchange, DEMO_USER).await;
    let before = browser.sessions().await;
    let victim = before.iter().find(|session| session["address"] == "105.112.96.3").unwrap()["id"].clone();
    browser.post("/api/sessions/end", json!({ "id": victim })).await;
    let ids =
        |rows: &[Value]| rows.iter().map(|row| row["id"].as_u64().unwrap()).collect::<std::collections::BTreeSet<_>>();
    let mut expected = ids(&before);
    expected.remove(&victim.as_u64().unwrap());
    assert_eq!(ids(&browser.sessions().await), expected);
}

#[tokio::test]
async fn ending_without_the_code_ends_nothing_where_the_code_is_asked_for() {
    let exchange = open(Options { foreign: true, ..Options::skin(Skin::BinanceOld) }).await;
    let mut browser = signed_in(&exchange, DEMO_USER).await;
    let before = browser.sessions().await;
    for code in ["", "000000"] {
        let answer = browser.post("/api/sessions/end", json!({ "id": before[1]["id"], "code": code })).await;
        assert_eq!(answer.status, 403);
    }
    assert_eq!(browser.sessions().await.len(), before.len());
}

#[tokio::test]
async fn no_two_accounts_share_sessions() {
    let exchange = open(Options { foreign: true, ..Options::default() }).await;
    let (mut one, mut clean) = (signed_in(&exchange, DEMO_USER).await, signed_in(&exchange, CLEAN_USER).await);
    let theirs = one.sessions().await;
    for session in &theirs {
        assert_eq!(clean.post("/api/sessions/end", json!({ "id": session["id"] })).await.status, 404);
    }
    clean.post("/api/logout-all", json!({})).await;
    assert_eq!(one.sessions().await.len(), theirs.len());
    assert_eq!(clean.get("/api/me").await.status, 401);
}

#[tokio::test]
async fn the_same_name_at_two_exchanges_is_two_accounts() {
    let exchange = open(Options::skin(Skin::Kucoin)).await;
    let mut browser = signed_in(&exchange, DEMO_USER).await;
    let mut elsewhere = Browser::at(&exchange, "www.binance.com");
    elsewhere.cookie.clone_from(&browser.cookie);
    assert_eq!(elsewhere.get("/api/me").await.status, 401);
    assert_eq!(browser.get("/api/me").await.status, 200);
    assert_eq!(exchange.site(Skin::BinanceKit).sessions(DEMO_USER).len() + 1, exchange.sessions(DEMO_USER).len());
}

#[tokio::test]
async fn nobody_gets_in_without_both_factors() {
    let exchange = open(Options::default()).await;
    let mut browser = Browser::new(&exchange);
    let wrong = browser.post("/api/login", json!({ "user": DEMO_USER, "password": "guess" })).await;
    assert_eq!((wrong.status, wrong.json()["error"].as_str()), (401, Some("credentials")));
    let nobody = browser.post("/api/login", json!({ "user": "nobody@example.org", "password": DEMO_PASSWORD })).await;
    assert_eq!(nobody.body, wrong.body, "an unknown name looks like a wrong password");

    let right = browser.post("/api/login", json!({ "user": DEMO_USER, "password": DEMO_PASSWORD })).await.json();
    let body = |code: &str| json!({ "challenge": right["challenge"], "code": code });
    let statuses = [
        browser.post("/api/login/verify", body("000000")).await.status,
        browser.post("/api/login/verify", body("000001")).await.status,
        browser.post("/api/login/verify", body("000002")).await.status,
        browser.post("/api/login/verify", body(DEMO_CODE)).await.status,
    ];
    assert_eq!(statuses, [403, 403, 401, 401], "after three wrong codes the right one is too late");
    assert!(browser.cookie.is_none());
    let failed = exchange.logins(DEMO_USER).iter().take(4).filter(|login| login.outcome == Outcome::Failed).count();
    assert_eq!(failed, 4, "one wrong password and three wrong codes are in the history");
}

#[tokio::test]
async fn every_page_has_a_strict_csp() {
    let exchange = open(Options::default()).await;
    for skin in Skin::ALL {
        let paths = skin.paths(Language::English);
        let query = format!("?skin={skin}");
        for path in [
            &paths.home,
            &paths.login,
            &paths.dashboard,
            &paths.devices,
            &paths.trade,
            "/nowhere",
            "/assets/app.js",
            "/api/me",
        ] {
            let answer = Browser::new(&exchange).get(&format!("{path}{query}")).await;
            let policy = answer.header("content-security-policy").expect(path);
            for part in ["default-src 'self'", "script-src 'self'", "style-src 'self'", "object-src 'none'"] {
                assert!(policy.contains(part), "{path}: {policy}");
            }
            assert!(!policy.contains("unsafe") && !policy.contains('*'), "{path}: {policy}");
        }
    }
}

#[tokio::test]
async fn a_page_holds_nothing_inline_and_nothing_from_elsewhere() {
    let exchange = open(Options::default()).await;
    for skin in Skin::ALL {
        let shell = Browser::at(&exchange, skin.host()).get(&skin.paths(Language::English).login).await.body;
        assert!(!shell.contains("<style") && !shell.contains("style=") && !shell.contains("onload"), "{shell}");
        assert_eq!(shell.matches("<script").count(), shell.matches("<script type=\"module\" src=\"/assets/").count());
        assert!(!shell.contains("//"), "{shell}");
    }
}

#[tokio::test]
async fn every_file_that_the_front_names_is_there() {
    let exchange = open(Options::default()).await;
    let mut browser = Browser::new(&exchange);
    let mut left = vec!["app.js".to_owned(), "base.css".to_owned(), "kit.css".to_owned(), "mark.svg".to_owned()];
    let mut seen = Vec::new();
    while let Some(name) = left.pop() {
        let answer = browser.get(&format!("/assets/{name}")).await;
        assert_eq!(answer.status, 200, "{name}");
        for piece in answer.body.split("from \"./").skip(1) {
            let next = piece.split('"').next().unwrap().to_owned();
            if !seen.contains(&next) {
                left.push(next);
            }
        }
        seen.push(name);
    }
    assert!(seen.contains(&"devices.js".to_owned()), "{seen:?}");
    assert_eq!(browser.get("/assets/../Cargo.toml").await.status, 404);
}

#[tokio::test]
async fn a_private_page_is_refused_and_an_unknown_one_is_not_found() {
    let exchange = open(Options::skin(Skin::Kucoin)).await;
    let mut stranger = Browser::new(&exchange);
    let paths = Skin::Kucoin.paths(Language::English);
    for path in [&paths.dashboard, &paths.security, &paths.devices, &paths.history, &paths.api_keys] {
        assert_eq!(stranger.get(path).await.status, 401, "{path}");
    }
    assert_eq!(stranger.get(&paths.login).await.status, 200);
    assert_eq!(stranger.get("/account/nothing").await.status, 404);
}

#[tokio::test]
async fn the_host_chooses_the_skin() {
    let exchange = open(Options::skin(Skin::Cryptonow)).await;
    for (host, lang) in
        [("www.kucoin.com", "en"), ("WWW.BINANCE.COM", "en"), ("play.example", "ar"), ("localhost", "en")]
    {
        let answer = Browser::at(&exchange, host).get("/").await;
        assert!(answer.body.contains(&format!("<html lang=\"{lang}\"")), "{host}");
    }
    assert!(Browser::at(&exchange, "localhost").get("/de/settings/security").await.body.contains("lang=\"de\""));
    let skins: Vec<Skin> = exchange.requests().iter().map(|request| request.skin).collect();
    assert_eq!(
        skins,
        [Skin::Kucoin, Skin::BinanceKit, Skin::ActiveSessionsRtl, Skin::Cryptonow, Skin::Cryptonow],
        "the log says who was asked"
    );
    assert_eq!(exchange.requests()[0].host, format!("www.kucoin.com:{}", exchange.port()));
    exchange.forget_requests();
    assert!(exchange.requests().is_empty());
}

#[tokio::test]
async fn a_skin_that_was_asked_for_stays() {
    let exchange = open(Options::default()).await;
    let mut browser = Browser::new(&exchange);
    assert_eq!(browser.get("/account/security").await.status, 404, "the kit has no such page");
    browser.get("/?skin=kucoin").await;
    assert_eq!(browser.get("/account/security").await.status, 401);
    browser.host = "www.binance.com".into();
    assert_eq!(browser.get("/account/security").await.status, 404, "a real host name keeps its skin");
}

#[tokio::test]
async fn the_own_session_shows_the_browser_that_asks() {
    let exchange = open(Options::default()).await;
    let mut browser = signed_in(&exchange, DEMO_USER).await;
    let rows = browser.sessions().await;
    let own = rows.iter().find(|row| row["current"] == true).unwrap();
    assert_eq!(own["device"], "Firefox V140.0 (Linux)");
    assert_eq!((own["address"].as_str(), own["place"]["city"].as_str()), (Some("81.84.17.203"), Some("Lisbon")));
    let history = exchange.logins(DEMO_USER);
    assert!(history.iter().filter(|login| login.device.browser == "Firefox").count() > 15, "the past knows it too");
    assert!(history.iter().all(|login| login.line.place.code == "PT"));
}

#[tokio::test]
async fn a_planted_session_shows_what_was_set() {
    let now = "2026-04-14T15:30:00Z".parse().unwrap();
    let exchange = open(Options { now: Some(now), ..Options::skin(Skin::Cryptonow) }).await;
    let line = Line::new("178.197.210.33", Place::new("Zürich", "Switzerland", "CH"), "Swisscom");
    let planted =
        PlantedSession::new(Device::verbatim("Ein <b>Gerät</b>"), line, TimeDelta::days(3), TimeDelta::hours(5));
    let id = exchange.plant(CLEAN_USER, planted.clone()).unwrap();
    assert!(exchange.plant("nobody@example.org", planted).is_none());
    let mut browser = signed_in(&exchange, CLEAN_USER).await;
    let rows = browser.sessions().await;
    let row = rows.iter().find(|row| row["id"] == json!(id)).unwrap();
    assert_eq!((row["device"].as_str(), row["isp"].as_str()), (Some("Ein <b>Gerät</b>"), Some("Swisscom")));
    let session = exchange.sessions(CLEAN_USER).into_iter().find(|session| session.id == id).unwrap();
    assert_eq!(session.last_activity - session.first_login, TimeDelta::days(3) - TimeDelta::hours(5));
    let drift = exchange.now() - now;
    assert!(drift >= TimeDelta::zero() && drift < TimeDelta::minutes(2), "the clock runs on from there: {drift}");
    exchange.set_now(Utc::now() + TimeDelta::days(400));
    assert!(exchange.now() > Utc::now() + TimeDelta::days(399));
}

#[tokio::test]
async fn a_session_can_be_planted_by_a_request() {
    let exchange = open(Options::skin(Skin::Kucoin)).await;
    let body = json!({
        "user": CLEAN_USER,
        "device": { "browser": "Edge", "version": "123.0.2420.97", "os": "Windows", "os_version": "11" },
        "address": "2001:db8::17",
        "place": { "city": "Quito", "country": "Ecuador", "code": "EC" },
        "isp": "CNT",
        "first_login_minutes_ago": 90,
        "last_activity_minutes_ago": 15,
    });
    assert_eq!(Browser::new(&exchange).post("/demo/plant", body).await.status, 200);
    let rows = signed_in(&exchange, CLEAN_USER).await.sessions().await;
    let row = rows.iter().find(|row| row["address"] == "2001:db8::17").unwrap();
    assert_eq!((row["device"].as_str(), row["place"]["code"].as_str()), (Some("Edge 123 · Windows 11"), Some("EC")));
}

#[tokio::test]
async fn foreign_sessions_go_to_the_targeted_account_only() {
    let exchange = open(Options { foreign: true, ..Options::default() }).await;
    let countries =
        |user| exchange.sessions(user).into_iter().map(|session| session.line.place.code).collect::<Vec<_>>();
    assert_eq!(countries(CLEAN_USER), ["PT", "PT"]);
    assert_eq!(countries(DEMO_USER), ["PT", "PT", "NG", "VN"]);
    let mut browser = Browser::new(&exchange);
    let planted = browser.post("/demo/foreign", json!({ "user": CLEAN_USER })).await;
    assert_eq!(planted.json()["ids"].as_array().unwrap().len(), 2);
    assert_eq!(countries(CLEAN_USER), ["PT", "PT", "NG", "VN"]);
}

#[tokio::test]
async fn the_neighbours_that_say_remove_remove_no_session() {
    let exchange = open(Options::skin(Skin::Cryptonow)).await;
    let mut browser = signed_in(&exchange, DEMO_USER).await;
    let before = browser.sessions().await.len();
    assert_eq!(browser.post("/api/security/remove", json!({ "what": "email" })).await.status, 200);
    assert_eq!(browser.post("/api/security/remove", json!({ "what": "session" })).await.status, 404);
    assert_eq!(browser.sessions().await.len(), before);
    assert_eq!(exchange.site(Skin::Cryptonow).removed(DEMO_USER), ["email"]);
    assert_eq!(browser.get("/api/security").await.json()["email"], false);
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_of_other_sites() {
    let exchange = open(Options::default()).await;
    let mut browser = Browser::new(&exchange);
    for (remember, kept) in [(true, true), (false, false)] {
        let challenge =
            browser.post("/api/login", json!({ "user": DEMO_USER, "password": DEMO_PASSWORD })).await.json();
        let body = json!({ "challenge": challenge["challenge"], "code": DEMO_CODE, "remember": remember });
        let answer = browser.post("/api/login/verify", body).await;
        let cookie = answer.header("set-cookie").unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        assert_eq!(cookie.contains("Max-Age"), kept, "{cookie}");
    }
}

#[tokio::test]
async fn bad_requests_are_refused_and_the_exchange_goes_on() {
    let exchange = open(Options::default()).await;
    let mut browser = signed_in(&exchange, DEMO_USER).await;
    for body in [json!(null), json!([]), json!({ "id": "one" }), json!({ "id": -1 }), json!({ "id": 1e300 })] {
        let status = browser.post("/api/sessions/end", body).await.status;
        assert!((400..500).contains(&status), "{status}");
    }
    assert_eq!(browser.get("/api/me").await.status, 200);
}

#[tokio::test]
async fn a_stopped_exchange_answers_nobody() {
    let exchange = open(Options::default()).await;
    // A connection from before: the port itself may belong to somebody else a moment later.
    let mut stream = TcpStream::connect(("127.0.0.1", exchange.port())).await.unwrap();
    stream.write_all(b"GET /api/me HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").await.unwrap();
    let mut bytes = [0; 4096];
    assert!(stream.read(&mut bytes).await.unwrap() > 0);
    exchange.stop().await;
    let ended = async {
        let _ = stream.write_all(b"GET /api/me HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").await;
        stream.read(&mut bytes).await.unwrap_or(0)
    };
    assert_eq!(tokio::time::timeout(Duration::from_secs(20), ended).await.expect("still open"), 0);
}

#[tokio::test]
async fn tls_speaks_for_every_real_host_name() {
    let exchange = open(Options { tls: true, ..Options::default() }).await;
    assert!(exchange.url_of(Skin::Kucoin).starts_with("https://www.kucoin.com:"));
    let der = exchange.certificate().unwrap().to_vec();
    let port = exchange.port();
    for host in
        ["www.binance.com", "accounts.binance.com", "www.kucoin.com", "www.cryptonow.net", "localhost", "127.0.0.1"]
    {
        let (der, request) = (der.clone(), Browser::at(&exchange, host).request("GET", "/api/me", None));
        let raw = tokio::task::spawn_blocking(move || over_tls(&der, port, host, &request)).await.unwrap();
        assert_eq!(split(&raw).status, 401, "{host}");
    }
    let requests = exchange.requests();
    assert_eq!(requests.last().unwrap().host, format!("127.0.0.1:{port}"));
    assert_eq!(requests.len(), 6);
}
