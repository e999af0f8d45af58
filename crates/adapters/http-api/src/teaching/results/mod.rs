//! What courses make of what happened.
//!
//! Reading order: `view` (how results are shown), `compliance` (of a team, of a
//! student), then `gradebook`, `trend`, `alerts` and `flags`;
//! `metrics` says how long they take.

pub(crate) mod alerts;
pub(crate) mod compliance;
pub(crate) mod flags;
pub(crate) mod gradebook;
pub(crate) mod metrics;
pub(crate) mod trend;
mod view;
