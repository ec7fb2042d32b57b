//! Seals what is stored: AES-256-GCM with a key that the browser keeps in IndexedDB and will not give out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use js_sys::{Array, Object, Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::database::Store;
use crate::error::BrowserError;

const KEYS: Store = Store { database: "latchkey", store: "keys" };
const KEY: &str = "state";
const ALGORITHM: &str = "AES-GCM";
const IV_BYTES: u32 = 12;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["crypto", "subtle"], js_name = generateKey)]
    async fn generate_key(algorithm: &Object, extractable: bool, usages: &Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["crypto", "subtle"], js_name = encrypt)]
    async fn encrypt(algorithm: &Object, key: &JsValue, data: &Uint8Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["crypto", "subtle"], js_name = decrypt)]
    async fn decrypt(algorithm: &Object, key: &JsValue, data: &Uint8Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &Uint8Array) -> Result<JsValue, JsValue>;
}

/// The sealed form, as it is stored.
#[derive(Serialize, Deserialize)]
struct Sealed {
    /// The seal's version.
    seal: u32,
    iv: String,
    data: String,
}

const SEAL: u32 = 1;

/// Seals a text.
pub(crate) async fn seal(text: &str) -> Result<String, BrowserError> {
    let iv = Uint8Array::new_with_length(IV_BYTES);
    get_random_values(&iv)?;
    let sealed = encrypt(&algorithm(&iv)?, &key().await?, &Uint8Array::from(text.as_bytes())).await?;
    let sealed =
        Sealed { seal: SEAL, iv: BASE64.encode(iv.to_vec()), data: BASE64.encode(Uint8Array::new(&sealed).to_vec()) };
    Ok(latchkey::json::text(&sealed)?)
}

/// Opens a sealed text.
pub(crate) async fn open(sealed: &str) -> Result<String, BrowserError> {
    let unexpected = |what: &str| BrowserError::Unexpected(what.to_owned());
    let sealed: Sealed = serde_json::from_str(sealed)?;
    if sealed.seal != SEAL {
        return Err(unexpected("a seal of another version"));
    }
    let bytes = |text: &str| BASE64.decode(text).map_err(|error| BrowserError::Unexpected(error.to_string()));
    let iv = Uint8Array::from(bytes(&sealed.iv)?.as_slice());
    let data = Uint8Array::from(bytes(&sealed.data)?.as_slice());
    let text = decrypt(&algorithm(&iv)?, &key().await?, &data).await?;
    String::from_utf8(Uint8Array::new(&text).to_vec()).map_err(|_| unexpected("a sealed text that is no text"))
}

fn algorithm(iv: &Uint8Array) -> Result<Object, BrowserError> {
    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &ALGORITHM.into())?;
    Reflect::set(&algorithm, &"iv".into(), iv)?;
    Ok(algorithm)
}

/// The key; made on first use.
async fn key() -> Result<JsValue, BrowserError> {
    if let Some(key) = KEYS.get(KEY).await? {
        return Ok(key);
    }
    let kind = Object::new();
    Reflect::set(&kind, &"name".into(), &ALGORITHM.into())?;
    Reflect::set(&kind, &"length".into(), &256.into())?;
    let usages = Array::of2(&"encrypt".into(), &"decrypt".into());
    let key = generate_key(&kind, false, &usages).await?;
    KEYS.set(KEY, &key).await?;
    Ok(key)
}
