//! Builders, fakes and contract suites.
//!
//! Reading order: [`builders`], [`fakes`], [`memory`], [`mod@storage_contract`],
//! [`mod@provider_contract`], [`mod@course_contract`], [`conformance`],
//! [`deliveries`].

pub mod builders;
pub mod conformance;
pub mod course_contract;
mod course_host;
pub mod deliveries;
mod devices;
pub mod fakes;
pub mod memory;
mod plain_reports;
pub mod provider_contract;
pub mod storage_contract;

pub use course_host::{CourseProject, MemoryCourses};
pub use devices::SoftDevice;
pub use fakes::{
    CountingEntropy, DirectIntake, FixedClock, PlainKeyring, PlainProofs, PlainReceipts, TestTasks,
};
pub use memory::MemoryStorage;
pub use plain_reports::PlainReports;
