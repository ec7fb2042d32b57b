//! Saved pages, served over HTTP as an exchange would.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use axum::Router;
use axum::extract::{self, State};
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;

/// The pages of a folder, on a free port of the loopback.
#[derive(Debug)]
pub struct SavedPages {
    folder: PathBuf,
    port: u16,
    server: tokio::task::JoinHandle<()>,
}

impl SavedPages {
    /// Serves the pages of a folder.
    ///
    /// # Errors
    /// Where no port can be had.
    pub async fn serve(folder: &Path) -> anyhow::Result<Self> {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let port = socket.local_addr()?.port();
        let router = Router::new().route("/{name}", get(page)).with_state(folder.to_path_buf());
        let server = tokio::spawn(async move { drop(axum::serve(socket, router).await) });
        Ok(Self { folder: folder.to_path_buf(), port, server })
    }

    /// The names of the pages, sorted.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn names(&self) -> anyhow::Result<Vec<String>> {
        let mut names: Vec<String> = std::fs::read_dir(&self.folder)?
            .filter_map(|entry| Some(entry.ok()?.file_name().into_string().ok()?.strip_suffix(".html")?.to_owned()))
            .collect();
        names.sort();
        Ok(names)
    }

    /// A page's address.
    pub fn url(&self, name: &str) -> String {
        format!("http://127.0.0.1:{}/{name}", self.port)
    }

    /// A page's text.
    ///
    /// # Errors
    /// Where there is no such page.
    pub fn html(&self, name: &str) -> anyhow::Result<String> {
        let path = self.folder.join(format!("{name}.html"));
        std::fs::read_to_string(&path).with_context(|| path.display().to_string())
    }
}

impl Drop for SavedPages {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn page(
    State(folder): State<PathBuf>,
    extract::Path(name): extract::Path<String>,
) -> Result<Html<String>, StatusCode> {
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let text = std::fs::read_to_string(folder.join(format!("{name}.html")));
    text.ok().filter(|_| is_name).map(Html).ok_or(StatusCode::NOT_FOUND)
}
