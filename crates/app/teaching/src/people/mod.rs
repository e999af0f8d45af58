//! The people of an organisation, as its administrators see them, and people's
//! own tokens.

pub mod tokens;
pub mod users;
