//! What programs of the administrator do, with an admin key.

pub(crate) mod admin;
pub(crate) mod audit;
pub(crate) mod clients;
pub(crate) mod firewall_config;
pub(crate) mod grants;
pub(crate) mod page;
pub(crate) mod tenants;
pub(crate) mod tokens;

pub use admin::AdminAccess;
