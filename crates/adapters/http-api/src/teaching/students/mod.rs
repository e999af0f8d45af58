//! Students, what they go by, and their being forgotten.

pub(crate) mod change;
pub(crate) mod erase;
pub(crate) mod identities;
pub(crate) mod list;
pub(crate) mod view;
