//! Accounts at Git hosts: logins, and what the operator does with them.

pub(crate) mod browser;
pub(crate) mod connect_with_token;
pub(crate) mod connection_view;
pub(crate) mod disconnect;
pub(crate) mod find_connection;
pub(crate) mod finish_login;
pub(crate) mod list_connections;
pub(crate) mod start_login;
pub(crate) mod update_connection;
