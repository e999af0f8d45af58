//! What courses make of what happened.
//!
//! Reading order: `view` (how results are shown), `compliance` (of a team, of a
//! student), then `gradebook`, `trend`, `alerts` and `flags`.

pub(crate) mod alerts;
pub(crate) mod compliance;
pub(crate) mod flags;
pub(crate) mod gradebook;
pub(crate) mod trend;
mod view;
