//! What facts say of how students work: checks and indicators.
//!
//! Everything here is worked out anew from facts, so that it is the same after
//! every sync, replay and recompute; nothing here is kept. A result is always
//! with its evidence: the commits, merge requests and remarks that decided it.
//!
//! Reading order: [`source`], [`record`] (what happened in a team's projects, tied
//! together), [`outcome`] (what a check says, and why), [`score`] (what several
//! come to), then one file a check in `rules` and an indicator in `indicators`,
//! and what a course made for itself in `custom`; [`mod@evaluate`] runs them
//! all. [`mod@flags`] sees patterns that somebody should look at, and changes no
//! result. [`mod@as_of`] winds facts back, for trends.

pub mod as_of;
mod balance;
mod branches;
mod custom;
pub mod evaluate;
pub mod flags;
mod indicators;
pub mod outcome;
pub mod record;
mod rules;
pub mod score;
mod setting;
pub mod severity;
pub mod source;
mod text;

#[cfg(test)]
mod testing;

pub use as_of::as_of;
pub use evaluate::{CheckResult, StudentResult, evaluate};
pub use flags::{Flag, FlagKind, flags};
pub use outcome::{Evidence, Item, Outcome, Status};
pub use record::{ProjectRecord, Record, Request};
pub use score::{Light, Points, mean, weighted};
pub use severity::Severity;
pub use source::Source;
