//! What a person is told when something was not taken.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use askama::Template;
use lodge_gateway::people::ProofError;
use lodge_kernel::{ExposeSecret as _, SecretString};
use lodge_services::HashError;

use crate::{
    answer::{self, Head},
    problem::Problem,
};

/// What stands above a form that was not taken.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) text: String,
    status: StatusCode,
    retry_after: Option<u64>,
}

impl Told {
    /// Something is to be corrected.
    pub(super) fn correct(error: &dyn std::error::Error) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self { text: error.to_string(), status, retry_after: None }
    }

    /// The role does not allow it.
    pub(super) fn denied(error: &dyn std::error::Error) -> Self {
        Self { status: StatusCode::FORBIDDEN, ..Self::correct(error) }
    }

    /// Nobody proved to be anybody.
    pub(super) fn proof(error: ProofError) -> Result<Self, Problem> {
        let wait = |seconds| {
            let status = StatusCode::TOO_MANY_REQUESTS;
            Self { status, retry_after: Some(seconds), ..Self::correct(&error) }
        };
        match error {
            ProofError::Wrong => Ok(Self::correct(&error)),
            ProofError::TooMany { wait: left } => Ok(wait(left.as_secs())),
            ProofError::Hash(HashError::Busy) => Ok(wait(1)),
            ProofError::Hash(broken) => Err(Problem::broken(&broken)),
            ProofError::Storage(error) => Err(error.into()),
        }
    }

    /// The page with the form again.
    pub(super) fn page(&self, template: &impl Template) -> HttpResponse {
        let mut response = answer::page(self.status, &Head::default(), template);
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// A page that there is nothing to say against.
pub(super) fn shown(template: &impl Template) -> HttpResponse {
    answer::page(StatusCode::OK, &Head::default(), template)
}

/// Secrets for the one page that shows them.
pub(super) fn exposed(secrets: &[SecretString]) -> Vec<String> {
    secrets.iter().map(|it| it.expose_secret().to_owned()).collect()
}
