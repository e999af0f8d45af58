//! The OAuth endpoints that programs call. The consent page is a page.

pub(crate) mod answer;
pub(crate) mod introspect;
pub(crate) mod metadata;
pub(crate) mod par;
pub(crate) mod revoke;
pub(crate) mod token;
