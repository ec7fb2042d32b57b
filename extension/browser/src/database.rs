//! Values in IndexedDB, by key: what `storage.local`, which holds JSON, cannot keep.

use idb::{Database, DatabaseEvent as _, Factory, KeyPath, ObjectStoreParams, TransactionMode};
use wasm_bindgen::JsValue;

use crate::error::BrowserError;

/// A database with the one store that it has.
pub(crate) struct Store {
    /// The database's name.
    pub database: &'static str,
    /// The store's.
    pub store: &'static str,
}

impl Store {
    /// The value of a key.
    pub(crate) async fn get(&self, key: &str) -> Result<Option<JsValue>, BrowserError> {
        let database = self.open().await?;
        let transaction = database.transaction(&[self.store], TransactionMode::ReadOnly)?;
        let found = transaction.object_store(self.store)?.get(JsValue::from_str(key))?.await?;
        transaction.await?;
        database.close();
        Ok(found)
    }

    /// Keeps a value.
    pub(crate) async fn set(&self, key: &str, value: &JsValue) -> Result<(), BrowserError> {
        let database = self.open().await?;
        let transaction = database.transaction(&[self.store], TransactionMode::ReadWrite)?;
        transaction.object_store(self.store)?.put(value, Some(&JsValue::from_str(key)))?.await?;
        transaction.commit()?.await?;
        database.close();
        Ok(())
    }

    async fn open(&self) -> Result<Database, BrowserError> {
        let mut request = Factory::new()?.open(self.database, Some(1))?;
        let store = self.store;
        request.on_upgrade_needed(move |event| {
            if let Ok(database) = event.database() {
                let mut params = ObjectStoreParams::new();
                params.key_path(None::<KeyPath>);
                // A store that cannot be made shows in the first transaction.
                drop(database.create_object_store(store, params));
            }
        });
        Ok(request.await?)
    }
}
