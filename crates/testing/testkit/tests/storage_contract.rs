//! The fake is held to the contract of the real ones.

use lodge_testkit::{MemoryStorage, storage_contract};

storage_contract!((MemoryStorage::default(), ()));
