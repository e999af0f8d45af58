//! What happened in course projects.
//!
//! Reading order: `view`, `list` (of a project), `team`, `student`.

pub(crate) mod counts;
pub(crate) mod list;
pub(crate) mod place;
pub(crate) mod query;
pub(crate) mod student;
pub(crate) mod team;
pub(crate) mod view;
