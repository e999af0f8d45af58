//! Who takes a course: teams, students, their projects, and the roster.
//!
//! Reading order: [`origin`] (where things come from), [`team`], [`student`],
//! [`project`], then [`roster`] (what a list of students changes), [`source`]
//! (where a course is brought in from) and [`flag_state`] (what people say of
//! flags).

pub mod flag_state;
pub mod origin;
pub mod project;
pub mod roster;
pub mod source;
pub mod student;
pub mod team;

pub use flag_state::FlagState;
pub use origin::{Origin, OriginState};
pub use project::Project;
pub use roster::{Line, Plan, Roster, Summary};
pub use source::{CourseSource, ProjectSync, SourceFailure, SourceKind};
pub use student::{Identity, IdentityKind, Student, StudentState};
pub use team::Team;
