//! What every handler is given.

use std::sync::Arc;

use lodge_gateway::Gateway;
use lodge_teaching::Teaching;
use url::Url;

use crate::{AdminAccess, Doors, JobStreams, Limiter, Metrics, Readiness};

/// What every handler is given; made once by the composition root.
pub struct Surface {
    /// The use cases.
    pub gateway: Arc<Gateway>,
    /// The use cases of the courses.
    pub teaching: Arc<Teaching>,
    /// Who listens to which job.
    pub job_streams: Arc<JobStreams>,
    /// Where people and programs reach this server.
    pub public_url: Url,
    /// How often one token may ask; `None` for as often as it likes.
    pub limiter: Option<Limiter>,
    /// How often the doors to tokens may be knocked at; `None` for as often as
    /// anybody likes.
    pub doors: Option<Arc<Doors>>,
    /// How administrators are let in.
    pub admin: AdminAccess,
    /// What is counted.
    pub metrics: Metrics,
    /// Whether requests may be sent here.
    pub readiness: Readiness,
    /// The origins whose pages may read answers (CORS).
    pub cors_origins: Vec<String>,
    /// What `/metrics` demands on the public listener; it is not served there
    /// when `None`.
    pub metrics_token: Option<String>,
    /// The OpenAPI document, as it is sent. It is written when somebody first
    /// asks: it takes a tenth of a second and megabytes that an idle process
    /// would keep.
    pub openapi: fn() -> &'static str,
}

impl Surface {
    /// The public address, without a slash at its end: the `iss` of OAuth.
    pub fn issuer(&self) -> &str {
        self.public_url.as_str().trim_end_matches('/')
    }
}
