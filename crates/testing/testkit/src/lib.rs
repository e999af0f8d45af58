//! Builders, fakes and contract suites.
//!
//! Reading order: [`builders`], [`fakes`], [`memory`].

pub mod builders;
pub mod fakes;
pub mod memory;

pub use fakes::{CountingEntropy, FixedClock, PlainKeyring};
pub use memory::MemoryStorage;
