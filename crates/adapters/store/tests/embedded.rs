//! The embedded store is held to the contract, and to what only it promises.

use lodge_storage::Storage as _;
use lodge_store::{EmbeddedConfig, EmbeddedStorage};
use lodge_testkit::storage_contract;
use tempfile::TempDir;

async fn fresh() -> (EmbeddedStorage, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let storage = open(&folder).await;
    storage.migrate().await.unwrap();
    (storage, folder)
}

async fn open(folder: &TempDir) -> EmbeddedStorage {
    let config = EmbeddedConfig::new(folder.path().join("store.db"));
    EmbeddedStorage::open(config).await.unwrap()
}

storage_contract!(fresh().await);
