//! People: how they come in, their account, and their organisation.

pub(crate) mod authenticator;
pub(crate) mod invitations;
pub(crate) mod log_in;
pub(crate) mod log_out;
pub(crate) mod me;
pub(crate) mod members;
pub(crate) mod organisation;
pub(crate) mod passkey_log_in;
mod passkey_view;
pub(crate) mod passkeys;
pub(crate) mod password;
pub(crate) mod sessions;
pub(crate) mod sign_up;
mod view;
