//! The course platform's use cases: one file each, a request, a function, an
//! error.
//!
//! Reading order: [`mod@teaching`], [`mod@caller`] (who asks), [`error`] (what
//! cannot be done), [`standing`] (what somebody is in a course), then
//! [`courses`], [`teams`], [`students`], [`projects`], [`roster`],
//! [`people`] (users and their tokens), [`jobs`] (what is done later),
//! [`sources`] (courses that are brought in from hosts), [`intake`] (what hosts
//! deliver), [`activity`] (what happened), [`evaluation`] (what courses make of
//! it) and [`reports`] (as files).

pub mod activity;
pub mod caller;
pub mod courses;
pub mod error;
pub mod evaluation;
pub mod intake;
pub mod jobs;
pub mod lag;
mod members;
pub mod once;
pub mod people;
pub mod projects;
pub mod reports;
pub mod roster;
pub mod sources;
pub mod standing;
pub mod students;
pub mod teaching;
pub mod teams;

pub use caller::{Caller, CallerError, Person};
pub use error::{Expected, TeachingError};
pub use lag::Lag;
pub use standing::Standing;
pub use teaching::Teaching;
