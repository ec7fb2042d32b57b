//! The packaged data on addresses: fetched from the package itself, unpacked once a life of the background.

use std::cell::OnceCell;

use js_sys::Uint8Array;
use latchkey::network::Network;
use wasm_bindgen::prelude::*;

use crate::error::BrowserError;
use crate::runtime;

/// The table of all addresses, within the package.
const NETWORK: &str = "data/network.bin";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = fetch)]
    async fn fetch(url: &str) -> Result<JsValue, JsValue>;

    type Response;
    #[wasm_bindgen(method, catch, js_name = arrayBuffer)]
    async fn array_buffer(this: &Response) -> Result<JsValue, JsValue>;
}

thread_local! {
    static TABLE: OnceCell<Option<&'static Network<'static>>> = const { OnceCell::new() };
}

/// The table of all addresses, where it has been unpacked.
pub fn network() -> Option<&'static Network<'static>> {
    TABLE.with(|table| table.get().copied().flatten())
}

/// Whether [`load`] has been tried.
pub fn is_loaded() -> bool {
    TABLE.with(|table| table.get().is_some())
}

/// Fetches and unpacks the table: some 200 ms. A second call does nothing; a table that cannot be had stays away until
/// the background's next life, and the judgement does without.
///
/// # Errors
/// Where the package has no table, or it is damaged.
pub async fn load() -> Result<(), BrowserError> {
    if is_loaded() {
        return Ok(());
    }
    let read = read(NETWORK).await.and_then(|bytes| {
        Network::open(bytes.leak()).map_err(|fault| BrowserError::Unexpected(format!("{NETWORK}: {fault}")))
    });
    let (table, outcome) = match read {
        // It lives as long as the background does.
        Ok(table) => (Some(&*Box::leak(Box::new(table))), Ok(())),
        Err(error) => (None, Err(error)),
    };
    // Somebody may have been quicker; theirs is as good.
    let _ = TABLE.with(|known| known.set(table));
    outcome
}

async fn read(path: &str) -> Result<Vec<u8>, BrowserError> {
    let response: Response = fetch(&runtime::url(path)).await?.unchecked_into();
    Ok(Uint8Array::new(&response.array_buffer().await?).to_vec())
}
