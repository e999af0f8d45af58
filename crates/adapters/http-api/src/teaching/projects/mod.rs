//! Projects of teams.

pub(crate) mod change;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod view;
pub(crate) mod webhook;
