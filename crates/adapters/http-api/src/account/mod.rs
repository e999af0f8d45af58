//! What an app may know of its accounts, and a developer of what apps read.

pub(crate) mod connections;
pub(crate) mod quota;
pub(crate) mod repositories;
pub(crate) mod usage_logs;
mod usage_reader;
pub(crate) mod usage_summary;
mod usage_view;
