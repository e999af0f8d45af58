//! What happened in course projects, for people to see.
//!
//! Reading order: [`people`] (whom facts name), then [`list`].

pub mod list;
pub mod people;

pub use list::{FactPage, FactQuery, SeenFact};
pub use people::{Doer, People};
