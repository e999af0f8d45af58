//! The real clock, chance, keys and proofs.
//!
//! Reading order: [`clock`], [`entropy`], [`master_keys`], then [`keyring`] and [`rotation`];
//! [`passwords`] and [`one_time_codes`]; [`usage_journal`] and [`intake_log`].

pub mod checkpoint_key;
pub mod clock;
pub mod entropy;
pub mod intake_log;
pub mod keyring;
pub mod master_keys;
pub mod one_time_codes;
pub mod passwords;
pub mod rotation;
pub mod tasks;
pub mod usage_journal;
mod vault;

pub use checkpoint_key::{CheckpointKey, CheckpointKeyError};
pub use clock::SystemClock;
pub use entropy::OsEntropy;
pub use intake_log::{BatchingIntake, IntakeWriter};
pub use keyring::FileKeyring;
pub use master_keys::{MasterKeys, MasterKeysError};
pub use one_time_codes::HmacCodes;
pub use passwords::Argon2Passwords;
pub use rotation::LivingKeyring;
pub use tasks::TokioTasks;
pub use usage_journal::{BatchingJournal, JournalWriter};
