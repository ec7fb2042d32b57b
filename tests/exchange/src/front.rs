//! The front: the shell of the single-page app and the files it loads, all from this crate.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use crate::skin::{Language, Paths, Skin};

/// The files of the front, by the name under `/assets/`.
const ASSETS: [(&str, &str, &str); 10] = [
    ("app.js", "text/javascript", include_str!("../front/app.js")),
    ("kit.js", "text/javascript", include_str!("../front/kit.js")),
    ("text.js", "text/javascript", include_str!("../front/text.js")),
    ("frame.js", "text/javascript", include_str!("../front/frame.js")),
    ("devices.js", "text/javascript", include_str!("../front/devices.js")),
    ("pages.js", "text/javascript", include_str!("../front/pages.js")),
    ("dialogs.js", "text/javascript", include_str!("../front/dialogs.js")),
    ("base.css", "text/css", include_str!("../front/base.css")),
    ("kit.css", "text/css", include_str!("../front/kit.css")),
    ("mark.svg", "image/svg+xml", include_str!("../front/mark.svg")),
];

/// One file of the front.
pub(crate) fn asset(name: &str) -> Response {
    match ASSETS.iter().find(|(file, ..)| *file == name) {
        Some((_, kind, body)) => ([(header::CONTENT_TYPE, format!("{kind}; charset=utf-8"))], *body).into_response(),
        None => (StatusCode::NOT_FOUND, Json(json!({ "error": "absent" }))).into_response(),
    }
}

/// What kind of page a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Anybody may see it.
    Public,
    /// Only somebody who is signed in.
    Private,
    /// There is none.
    Absent,
}

/// What kind of page a path is, in this skin.
pub(crate) fn kind(skin: Skin, path: &str) -> Kind {
    let Paths { home, login, second_factor, dashboard, security, devices, history, api_keys, trade } =
        skin.paths(language(skin, path));
    let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
    if path == "/" || [home, login, second_factor, trade].iter().any(|public| public == path) {
        Kind::Public
    } else if [dashboard, security, devices, history, api_keys].iter().any(|private| private == path) {
        Kind::Private
    } else {
        Kind::Absent
    }
}

/// The language of a path.
pub(crate) fn language(skin: Skin, path: &str) -> Language {
    let german = skin == Skin::Cryptonow && (path == "/de" || path.starts_with("/de/"));
    if german { Language::German } else { Language::English }
}

/// The document that every page begins with: no text of its own, no inline script, no inline style.
pub(crate) fn shell(skin: Skin, path: &str, rerender_ms: u128) -> Html<String> {
    let language = language(skin, path);
    let (lang, dir) = match (skin, language) {
        (Skin::ActiveSessionsRtl, _) => ("ar", "rtl"),
        (_, Language::English) => ("en", "ltr"),
        (_, Language::German) => ("de", "ltr"),
    };
    let config = json!({
        "skin": skin,
        "language": lang,
        "rerender": u64::try_from(rerender_ms).unwrap_or(u64::MAX),
        "paths": skin.paths(language),
        "logOutAll": skin.log_out_all(),
        "demandsCode": skin.demands_code(),
    });
    // Nothing of it comes from outside; the quotes are all that an attribute could trip over.
    let config = config.to_string().replace('&', "&amp;").replace('"', "&quot;");
    Html(format!(
        r#"<!doctype html>
<html lang="{lang}" dir="{dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="exchange" content="{config}">
<title>Demo Exchange</title>
<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/base.css">
<script type="module" src="/assets/app.js"></script>
</head>
<body>
<div id="__APP"></div>
<div id="__PORTAL"></div>
<noscript>This exchange needs JavaScript.</noscript>
</body>
</html>
"#
    ))
}
