//! Files that are made of what a course knows.
//!
//! Reading order: `draft`, `page` (what stands in them in common), `team`,
//! `book` and `student` (what is written of whom), `name`, then `make` (the job)
//! and [`shelf`] (asking for reports, and reading those that are there).

mod book;
mod draft;
mod make;
mod name;
mod page;
pub mod shelf;
mod student;
mod team;

pub use draft::Draft;
pub use make::{Clocks, MakeReport};
pub use name::{FileName, ParseFileNameError};
