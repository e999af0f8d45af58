//! The probes: each asks the gateway with the app's token, and tells what came.

pub(crate) mod commit_metrics;
pub(crate) mod endpoint_suite;
pub(crate) mod probe;
pub(crate) mod repository_scenario;
