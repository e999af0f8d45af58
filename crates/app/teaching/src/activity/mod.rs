//! What happened in course projects, for people to see.
//!
//! Reading order: [`people`] (whom facts name), then [`list`], [`work`] (what
//! facts come to) and [`summary`].

mod forget;
pub mod list;
pub mod people;
pub mod summary;
pub mod work;

pub use list::{FactPage, FactQuery, SeenFact};
pub use people::{Doer, Everybody};
pub use summary::{CourseSummary, ProjectState};
pub use work::{Period, Work};
