//! Courses.

pub(crate) mod archive;
pub(crate) mod change;
pub(crate) mod clone;
pub(crate) mod configuration;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod parse_url;
pub(crate) mod roster;
pub(crate) mod roster_csv;
pub(crate) mod settings;
pub(crate) mod staff;
pub(crate) mod summary;
pub(crate) mod sync;
pub(crate) mod view;
