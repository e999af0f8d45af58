//! Courses: who may do what in them, and how they are set.
//!
//! Reading order: [`role`] (the table of who may do what), [`course`],
//! [`staff`], [`token`] (what a person's program may), then [`document`] and
//! [`settings`] (what a teacher chooses) and [`configuration`] (a course's
//! choices as a file).

pub mod configuration;
pub mod course;
pub mod document;
pub mod fault;
pub mod role;
pub mod settings;
pub mod staff;
pub mod token;

pub use course::{Course, CourseContents, CourseState, Details, Semester};
pub use document::{Document, Fields};
pub use fault::{Fault, Faults};
pub use role::{Act, CourseRole};
pub use settings::Settings;
pub use staff::{Staff, StaffRole};
pub use token::{PersonalToken, TokenScope, TokenScopes, UnknownTokenScope};
