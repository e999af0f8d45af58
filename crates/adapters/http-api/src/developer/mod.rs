//! What developers do with their apps: one file an endpoint.

pub(crate) mod app_view;
pub(crate) mod connect_sessions;
pub(crate) mod create_app;
pub(crate) mod delete_app;
pub(crate) mod list_apps;
pub(crate) mod rotate_secret;
pub(crate) mod update_app;
