//! What a token's accounts have.

pub(crate) mod quota;
