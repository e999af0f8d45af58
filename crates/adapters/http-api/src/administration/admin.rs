//! Who administers. What a row demands stands in the table of routes, and is
//! asked of it: a handler cannot demand less.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::HeaderName, web::Data};
use lodge_access::{Actor, AdminScope};
use lodge_kernel::Digest;
use serde::de::DeserializeOwned;

use crate::{
    Route, Surface,
    caller::{arrival, surface},
    problem::{Code, Problem},
    query::query,
    routes::Credential,
};

/// The header of admin keys.
pub(crate) const ADMIN_KEY: HeaderName = HeaderName::from_static("x-admin-api-key");

/// How administrators are let in.
#[derive(Clone, Copy, Debug, Default)]
pub struct AdminAccess {
    /// SHA-256 of the operator's own key, for the time before there is a named
    /// one.
    pub bootstrap: Option<Digest>,
    /// Admin keys are taken on the admin listener only.
    pub confined: bool,
}

/// An administrator, who may do what the row is about.
pub(crate) struct Admin {
    pub(crate) surface: Data<Surface>,
    pub(crate) request: HttpRequest,
    /// As whom the audit trail knows the caller.
    pub(crate) by: Actor,
}

impl FromRequest for Admin {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let surface = surface(&request)?;
            let row = Route::of(&request).map(|it| it.credential);
            let Some(Credential::AdminKey(scope)) = row else {
                return Err(Problem::internal(&std::fmt::Error));
            };
            let by = authenticate(&surface, &request, scope).await?;
            Ok(Self { surface, request, by })
        })
    }
}

impl Admin {
    /// The request's id.
    pub(crate) fn request_id(&self) -> Result<String, Problem> {
        Ok(arrival(&self.request)?.id.to_string())
    }

    /// The query, in which nothing is unknown.
    pub(crate) fn query<Q: DeserializeOwned>(&self) -> Result<Q, Problem> {
        query(&self.request)
    }

    /// A segment of the path, as an id. What is none is nothing of ours.
    pub(crate) fn segment<I: std::str::FromStr>(
        &self,
        name: &str,
        what: &str,
    ) -> Result<I, Problem> {
        let text = self.request.match_info().get(name).unwrap_or_default();
        let unknown =
            |_not_an_id| Problem::new(Code::ResourceNotFound, format!("there is no such {what}"));
        text.parse().map_err(unknown)
    }
}

/// Lets in who brings an admin key with `scope`.
pub(crate) async fn authenticate(
    surface: &Surface,
    request: &HttpRequest,
    scope: AdminScope,
) -> Result<Actor, Problem> {
    if let Some(doors) = &surface.doors {
        doors.admit(request).map_err(|seconds| {
            surface.metrics.limited();
            let message = "Too many requests with admin keys come from this address.";
            Problem { retry_after: Some(seconds), ..Problem::new(Code::RateLimited, message) }
        })?;
    }
    let mut given = request.headers().get_all(ADMIN_KEY);
    let one = (given.next().and_then(|it| it.to_str().ok()), given.next());
    let (Some(text), None) = one else {
        let message = "Send one admin key in the header `x-admin-api-key`.";
        return Err(Problem::new(Code::AuthRequired, message));
    };
    let operation = Route::of(request).map_or("", |it| it.operation);
    let bootstrap = surface.admin.bootstrap;
    let known = surface.gateway.authenticate_admin(text, bootstrap, scope, operation).await;
    known.map(|it| it.actor).map_err(|error| Problem::admin_key(&error))
}
