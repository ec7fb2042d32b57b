//! The data on addresses and places: that of the package, or a newer file that the person has imported.
//!
//! An imported file is kept in IndexedDB as it was given, with its signature, which is checked each time it is taken out
//! again: whatever is wrong with it, the packaged one is used.

use std::cell::Cell;

use js_sys::{Array, Uint8Array};
use latchkey::atlas::Atlas;
use latchkey::network::Network;
use latchkey::packed::{Fault, Packed, Subject, renewed, signed};
use latchkey::world::World;
use wasm_bindgen::prelude::*;

use crate::database::Store;
use crate::error::BrowserError;
use crate::runtime;

/// The key that releases are signed with, within the package.
const KEY: &str = "data/key.pub";
const IMPORTED: Store = Store { database: "latchkey-data", store: "files" };
const ALGORITHM: &str = "Ed25519";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = fetch)]
    async fn fetch(url: &str) -> Result<JsValue, JsValue>;

    type Response;
    #[wasm_bindgen(method, catch, js_name = arrayBuffer)]
    async fn array_buffer(this: &Response) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn text(this: &Response) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["crypto", "subtle"], js_name = importKey)]
    async fn import_key(
        format: &str,
        key: &Uint8Array,
        algorithm: &str,
        extractable: bool,
        usages: &Array,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["crypto", "subtle"], js_name = verify)]
    async fn verify(
        algorithm: &str,
        key: &JsValue,
        signature: &Uint8Array,
        data: &Uint8Array,
    ) -> Result<JsValue, JsValue>;
}

/// A file that is in use.
#[derive(Debug)]
pub struct File {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether the person imported it.
    pub imported: bool,
    /// Why the file that the person imported is not the one in use, where that must be said.
    pub fault: Option<Fault>,
}

/// Why a file could not be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is not taken.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// It could not be kept.
    #[error(transparent)]
    Browser(#[from] BrowserError),
}

/// The file of a subject that is in use.
///
/// # Errors
/// Where the package has none.
pub async fn in_use(subject: Subject) -> Result<File, BrowserError> {
    let bytes = packaged(subject).await?;
    // Where the browser keeps nothing (some do not in private windows), nothing was imported.
    let stored = IMPORTED.get(subject.file()).await.ok().flatten().filter(|stored| !stored.is_null());
    let Some(stored) = stored else { return Ok(File { bytes, imported: false, fault: None }) };
    Ok(match genuine(&Uint8Array::new(&stored).to_vec(), subject, &bytes).await {
        Ok(bytes) => File { bytes, imported: true, fault: None },
        // A new version of the extension has brought newer data.
        Err(Fault::NotNewer) => File { bytes, imported: false, fault: None },
        Err(fault) => File { bytes, imported: false, fault: Some(fault) },
    })
}

/// Takes a signed file in the place of the one in use; says what it is about.
///
/// # Errors
/// Where it is not taken, or cannot be kept: what was in use stays.
pub async fn import(file: &[u8]) -> Result<Subject, ImportError> {
    let subject = Subject::of(file)?;
    genuine(file, subject, &in_use(subject).await?.bytes).await?;
    IMPORTED.set(subject.file(), &Uint8Array::from(file)).await?;
    Ok(subject)
}

/// The bytes of a signed file without its signature, where that holds and the file is newer than the present one.
async fn genuine(file: &[u8], subject: Subject, present: &[u8]) -> Result<Vec<u8>, Fault> {
    let (content, signature) = signed(file)?;
    match is_ours(content, &signature).await {
        Ok(true) => {}
        Ok(false) => return Err(Fault::Forged),
        Err(_) => return Err(Fault::Unchecked),
    }
    renewed(content, subject, Packed::open(present, subject)?.date())?;
    Ok(content.to_vec())
}

/// Whether a signature is that of the packaged key. Browsers know the algorithm from Chromium 137 and Firefox 129 on.
async fn is_ours(content: &[u8], signature: &[u8]) -> Result<bool, BrowserError> {
    let key: Vec<u8> = read(KEY)
        .await?
        .chunks(2)
        .map_while(|digits| u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok())
        .collect();
    let usages = Array::of1(&"verify".into());
    let key = import_key("raw", &Uint8Array::from(key.as_slice()), ALGORITHM, false, &usages).await?;
    let holds = verify(ALGORITHM, &key, &Uint8Array::from(signature), &Uint8Array::from(content)).await?;
    Ok(holds.as_bool() == Some(true))
}

thread_local! {
    static LOADED: Cell<Option<World<'static>>> = const { Cell::new(None) };
}

/// What is unpacked.
pub fn world() -> World<'static> {
    LOADED.get().unwrap_or_default()
}

/// Whether [`load`] has been tried.
pub fn is_loaded() -> bool {
    LOADED.get().is_some()
}

/// Lets other data be unpacked when it is next needed. What was unpacked stays in memory for the rest of this life.
pub fn unload() {
    LOADED.set(None);
}

/// Unpacks the data, once a life of the background: some 300 ms. What cannot be had stays away until the next life, and
/// the judgement does without.
///
/// Says why a file that the person imported is not in use, where that must be said; the file is let go then.
///
/// # Errors
/// Where the package's own data is damaged.
pub async fn load() -> Result<Option<Fault>, BrowserError> {
    let mut fault = None;
    let network = table(Subject::Network, Network::open, &mut fault).await;
    let atlas = table(Subject::Atlas, Atlas::open, &mut fault).await;
    LOADED.set(Some(World { network: network.as_ref().ok().copied(), atlas: atlas.as_ref().ok().copied() }));
    network?;
    atlas?;
    Ok(fault)
}

/// A table that lives as long as the background does.
async fn table<T: 'static>(
    subject: Subject,
    open: fn(&'static [u8]) -> Result<T, Fault>,
    said: &mut Option<Fault>,
) -> Result<&'static T, BrowserError> {
    let file = in_use(subject).await?;
    let mut fault = file.fault;
    let mut opened = open(file.bytes.leak());
    if let (true, Err(found)) = (file.imported, &opened) {
        fault = Some(*found);
        opened = open(packaged(subject).await?.leak());
    }
    if let Some(found) = fault {
        *said = fault;
        // Another version of the browser may be able to check it.
        if found != Fault::Unchecked {
            IMPORTED.set(subject.file(), &JsValue::NULL).await?;
        }
    }
    let table =
        opened.map_err(|fault| BrowserError::Unexpected([subject.file(), ": ", &fault.to_string()].concat()))?;
    Ok(Box::leak(Box::new(table)))
}

async fn packaged(subject: Subject) -> Result<Vec<u8>, BrowserError> {
    read(&["data/", subject.file()].concat()).await
}

/// A file of the package.
async fn read(path: &str) -> Result<Vec<u8>, BrowserError> {
    let response: Response = fetch(&runtime::url(path)).await?.unchecked_into();
    Ok(Uint8Array::new(&response.array_buffer().await?).to_vec())
}

/// The words that go with the packaged data: sources and licences.
///
/// # Errors
/// Where the package has none.
pub async fn notice() -> Result<String, BrowserError> {
    let response: Response = fetch(&runtime::url("data/NOTICE")).await?.unchecked_into();
    Ok(response.text().await?.as_string().unwrap_or_default())
}
