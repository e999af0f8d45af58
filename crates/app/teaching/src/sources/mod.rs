//! Courses that are brought in from hosts, and kept up with them.
//!
//! Reading order: [`account`] (through whose account), [`locate`] (what stands
//! at an address), [`import`] and [`order`] (what people ask for), then what
//! the jobs do: `reader` (asking a host with patience), `listed` and `tree` (what
//! sources have), `teams` and `people` (what becomes of it here), `project` with
//! `actors` and `diffs` (what happened in one), `kept` (what was delivered), [`course_job`],
//! [`project_job`], [`recheck`] and [`due`]. [`hooks`] are webhooks at hosts,
//! which `hook_desk` asks; `hook_rotation` gives them new secrets.

pub mod account;
pub(crate) mod actors;
pub mod course_job;
mod diffs;
pub mod due;
mod gone;
mod hook_desk;
mod hook_rotation;
pub mod hooks;
pub mod import;
mod kept;
mod listed;
pub mod locate;
pub mod order;
mod people;
mod project;
pub mod project_job;
mod reader;
pub mod recheck;
mod summary;
mod teams;
mod tree;

pub use account::InstallationTokens;
pub use course_job::CourseSync;
pub use due::DueSources;
pub use hooks::{HookState, HookTrial};
pub use import::{ImportInto, ImportWish, Imported};
pub use locate::{Address, Preview};
pub use order::SyncWish;
pub use project_job::ProjectJob;
pub use recheck::Recheck;
