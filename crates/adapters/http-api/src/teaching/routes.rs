//! The table of the courses: its rows are of the type of [`crate::routes`], and
//! are served, listed and walked with them.

use super::{jobs, me};
use crate::routes::{Credential::Teacher, Route, routes};

/// Every route below `/api/v1`.
#[rustfmt::skip]
pub const TEACHING_ROUTES: &[Route] = routes! {
    GET    "/api/v1/users/me"                                  "users.me"                  Teacher => me::handler;
    GET    "/api/v1/jobs/"                                     "jobs.list"                 Teacher => jobs::list::handler;
    POST   "/api/v1/jobs/rehearsal"                            "jobs.rehearse"             Teacher => jobs::rehearse::handler;
    GET    "/api/v1/jobs/{jobId}"                              "jobs.find"                 Teacher => jobs::find::handler;
    POST   "/api/v1/jobs/{jobId}/cancel"                       "jobs.cancel"               Teacher => jobs::cancel::handler;
    GET    "/api/v1/jobs/{jobId}/stream"                       "jobs.stream"               Teacher => jobs::stream::handler;
};
