//! The table of the courses: its rows are of the type of [`crate::routes`], and
//! are served, listed and walked with them.

use super::me;
use crate::routes::{Credential::Teacher, Route, routes};

/// Every route below `/api/v1`.
#[rustfmt::skip]
pub const TEACHING_ROUTES: &[Route] = routes! {
    GET    "/api/v1/users/me"                                  "users.me"                  Teacher => me::handler;
};
