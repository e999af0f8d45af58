//! The people of an organisation, and a person's own tokens.

pub(crate) mod me;
pub(crate) mod tokens;
pub(crate) mod users;
