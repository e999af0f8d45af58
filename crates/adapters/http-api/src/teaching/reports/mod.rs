//! Files that are made of what a course knows.
//!
//! Reading order: `view`, `make` (asking for one), `list`, `one`, and `file` (how
//! files are sent).

pub(crate) mod file;
pub(crate) mod list;
pub(crate) mod make;
pub(crate) mod one;
mod view;
