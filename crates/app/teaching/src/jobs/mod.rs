//! Jobs: work that is done later, by any process, once.
//!
//! Reading order: [`kind`] (what a job does), [`enqueue`], [`worker`] with
//! `desk` and [`context`] (who does it), `settle` (how it ends),
//! `periodic` and `expire`, then what people ask: `rights`, [`find`],
//! [`rehearse`], [`cancel`] and [`watch`]. The kinds of the house: [`clean_up`] and
//! [`rehearsal`].

pub mod bell;
pub mod cancel;
pub mod clean_up;
pub mod context;
mod desk;
pub mod enqueue;
mod expire;
pub mod find;
pub mod kind;
mod periodic;
pub mod rehearsal;
pub mod rehearse;
mod rights;
mod settle;
pub mod watch;
pub mod worker;
pub mod workshop;

pub use bell::Bell;
pub use context::JobContext;
pub use kind::{Crew, JobError, JobKind};
pub use rehearsal::Rehearsal;
pub use worker::WorkerSettings;
pub use workshop::Workshop;

/// How often a job begins a unit of work anew that somebody else was in the way of.
pub(crate) const TURNS: u32 = 4;
