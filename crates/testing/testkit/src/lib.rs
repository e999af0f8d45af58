//! Builders, fakes and contract suites.
//!
//! Reading order: [`builders`], [`fakes`], [`memory`], [`storage_contract`].

pub mod builders;
pub mod fakes;
pub mod memory;
pub mod storage_contract;

pub use fakes::{CountingEntropy, FixedClock, PlainKeyring};
pub use memory::MemoryStorage;
