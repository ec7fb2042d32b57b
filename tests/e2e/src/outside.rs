//! The outside world, as a proxy that lets nothing through and writes down who knocked.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;

/// A proxy for all that is not the exchange.
#[derive(Debug)]
pub struct Outside {
    port: u16,
    knocks: Arc<Mutex<Vec<String>>>,
    listener: tokio::task::JoinHandle<()>,
}

impl Outside {
    /// Opens it on a free port of the loopback.
    ///
    /// # Errors
    /// Where no port can be had.
    pub async fn open() -> anyhow::Result<Self> {
        let socket = TcpListener::bind("127.0.0.1:0").await?;
        let port = socket.local_addr()?.port();
        let knocks = Arc::new(Mutex::new(Vec::new()));
        let book = Arc::clone(&knocks);
        let listener = tokio::spawn(async move {
            while let Ok((stream, _)) = socket.accept().await {
                let book = Arc::clone(&book);
                tokio::spawn(async move {
                    let mut line = String::new();
                    let mut reader = BufReader::new(stream);
                    let read = tokio::time::timeout(std::time::Duration::from_secs(5), reader.read_line(&mut line));
                    if matches!(read.await, Ok(Ok(length)) if length > 0)
                        && let Ok(mut book) = book.lock()
                    {
                        book.push(line.trim().to_owned());
                    }
                });
            }
        });
        Ok(Self { port, knocks, listener })
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The first lines of all requests that came, in order.
    pub fn knocks(&self) -> Vec<String> {
        self.knocks.lock().map(|knocks| knocks.clone()).unwrap_or_default()
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        self.listener.abort();
    }
}
