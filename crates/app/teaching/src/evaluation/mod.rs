//! What courses make of what happened: results of checks, and what
//! follows from them.
//!
//! Everything is worked out from facts whenever somebody asks, so that it is the
//! same after a sync, a replay or a change of settings.
//!
//! Reading order: `facts` (what a team did, at full length), [`compliance`]
//! (one team, one student), then [`gradebook`], [`trend`] and [`alerts`] (a
//! course), and [`flags`] with `decide` (what people say of them).

pub mod alerts;
pub mod compliance;
pub(crate) mod decide;
mod facts;
mod flag_id;
pub mod flags;
pub mod gradebook;
pub mod trend;

pub use alerts::{Alert, AlertKind, Alerts};
pub use compliance::{CheckMean, Compliance, MemberResult, TeamResult};
pub use decide::DecisionDraft;
pub use flag_id::{FlagId, ParseFlagIdError};
pub use flags::{FlagFilter, Flags, SeenFlag};
pub use gradebook::{Column, Gradebook, GradebookRow};
pub use trend::{Trend, TrendStep};
