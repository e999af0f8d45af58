//! How people come in, and what they see of themselves.
//!
//! Reading order: [`log_in`] with [`log_in_by_passkey`], [`sign_up`], [`log_out`],
//! [`own`] with [`authenticator`] and [`passkeys`], [`members`], then [`join`] and [`set_password`] (links that
//! are good once).

pub(crate) mod authenticator;
pub(crate) mod join;
pub(crate) mod log_in;
pub(crate) mod log_in_by_passkey;
pub(crate) mod log_out;
pub(crate) mod members;
pub(crate) mod own;
pub(crate) mod passkeys;
pub(crate) mod set_password;
pub(crate) mod sign_up;
mod told;
