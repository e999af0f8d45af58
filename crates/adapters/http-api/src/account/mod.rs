//! What an app may know of its accounts, and a developer of what apps read.

pub mod connections;
pub mod quota;
pub mod repositories;
pub mod usage_logs;
pub mod usage_summary;
mod usage_view;
