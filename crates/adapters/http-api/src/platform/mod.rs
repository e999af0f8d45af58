//! What a token or an operator can ask about the platform itself.

pub(crate) mod client_me;
mod decision;
pub(crate) mod explain;
pub(crate) mod metrics;
mod rehearse;
pub(crate) mod try_firewall;
