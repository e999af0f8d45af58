//! Who calls a route of the courses: by the token of the environment, a
//! personal token, or a session in a header or a cookie.

use std::{future::Future, pin::Pin, str::FromStr};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web::Data};
use lodge_gateway::Gateway;
use lodge_teaching::{Caller, Teaching};
use serde::de::DeserializeOwned;

use super::problem::{Refusal, RefusalCode};
use crate::{
    Route, Surface,
    caller::{arrival, bearer_text, surface},
    problem::Problem,
    query::query,
    session,
};

/// Somebody who was let in, whatever they may do.
#[derive(Clone)]
pub(crate) struct Teacher {
    pub(crate) surface: Data<Surface>,
    pub(crate) request: HttpRequest,
    pub(crate) caller: Caller,
}

impl FromRequest for Teacher {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let surface = surface(&request)?;
            match let_in(&surface, &request).await {
                Ok(caller) => Ok(Self { surface, request, caller }),
                Err(refusal) => Err(slow_down(&surface, &request, refusal)),
            }
        })
    }
}

async fn let_in(surface: &Surface, request: &HttpRequest) -> Result<Caller, Refusal> {
    if request.headers().contains_key(header::AUTHORIZATION) {
        let text = bearer_text(request)?;
        if let Some(caller) = surface.teaching.authenticate(text).await? {
            return Ok(caller);
        }
    }
    let visitor = surface.gateway.visitor(session::text(surface, request)?).await;
    let visitor = visitor.map_err(|error| Problem::session(&error))?;
    Ok(Caller::from(&visitor))
}

/// Whoever tries wrong tokens too often waits.
fn slow_down(surface: &Surface, request: &HttpRequest, refusal: Refusal) -> Refusal {
    let guessed = refusal.code == RefusalCode::Unauthorized
        && request.headers().contains_key(header::AUTHORIZATION);
    let doors = surface.doors.as_ref().filter(|_| guessed);
    let Some(Err(seconds)) = doors.map(|it| it.admit(request)) else { return refusal };
    surface.metrics.limited();
    let message = "Too many wrong tokens come from this address.";
    Refusal { retry_after: Some(seconds), ..Refusal::new(RefusalCode::RateLimited, message) }
}

impl Teacher {
    /// The use cases.
    pub(crate) fn teaching(&self) -> &Teaching {
        &self.surface.teaching
    }

    /// Works results out, and counts how that went.
    pub(crate) async fn computed<T, E>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.surface.metrics.results.computed(work).await
    }

    /// The gateway's use cases: people and organisations.
    pub(crate) fn gateway(&self) -> &Gateway {
        &self.surface.gateway
    }

    /// The request's id.
    pub(crate) fn request_id(&self) -> Result<String, Refusal> {
        Ok(arrival(&self.request)?.id.to_string())
    }

    /// The operation's name in the table.
    pub(crate) fn operation(&self) -> &'static str {
        Route::of(&self.request).map_or("", |it| it.operation)
    }

    /// The query, in which nothing is unknown or said twice.
    pub(crate) fn query<Q: DeserializeOwned>(&self) -> Result<Q, Refusal> {
        Ok(query(&self.request)?)
    }

    /// A segment of the path, as an id. What is none is nothing of ours.
    pub(crate) fn segment<I: FromStr>(&self, name: &str, what: &str) -> Result<I, Refusal> {
        let text = self.request.match_info().get(name).unwrap_or_default();
        text.parse().map_err(|_not_an_id| Refusal::missing(what))
    }
}
