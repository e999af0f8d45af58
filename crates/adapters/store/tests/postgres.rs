//! PostgreSQL is held to the contract, and to what only it promises.

mod schema;

use lodge_storage::Storage as _;
use lodge_store::PostgresStorage;
use lodge_testkit::storage_contract;
use schema::Schema;

async fn fresh() -> (PostgresStorage, Schema) {
    let schema = Schema::create();
    let storage = PostgresStorage::connect(schema.config()).await.unwrap();
    storage.migrate().await.unwrap();
    (storage, schema)
}

storage_contract!(fresh().await);
