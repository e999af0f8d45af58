//! What hosts deliver to courses.
//!
//! A delivery is proved with the secret of a [`Hook`], kept once as an
//! [`Intake`], and worked on until it has ended in one of three ways. What was
//! received is what was processed, ignored, given up, and what still waits: a
//! [`Tally`] that must add up at all times.
//!
//! Reading order: [`kind`], [`sameness`], [`hook`], [`state`], [`retry`], then
//! [`intake`] and [`tally`].

pub mod hook;
pub mod intake;
pub mod kind;
pub mod nesting;
pub mod retry;
pub mod sameness;
pub mod state;
pub mod tally;

pub use hook::{Hook, HookSecret, Previous};
pub use intake::{Attempt, Intake, Outcome};
pub use kind::Kind;
pub use retry::Tries;
pub use sameness::{Sameness, preimage};
pub use state::{NotAllowed, Reason, State};
pub use tally::{Change, Tally};
