//! Who calls. The permission that an endpoint needs stands in its handler's
//! signature: `Bearer<ReadBranches>` cannot be made in another way.

use std::{future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header, web::Data};
use lodge_access::{Grant, Permission};
use lodge_gateway::{
    Gateway, Person, Visitor,
    read::{Ask, Paging},
};
use serde::de::DeserializeOwned;

use crate::{
    Surface,
    middleware::Arrival,
    problem::{Code, Problem},
    query::query,
    respond, session,
};

type Later<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

/// What an endpoint needs.
pub(crate) trait Needs: 'static {
    /// The permission; `None` for any good token.
    const PERMISSION: Option<Permission>;
}

macro_rules! needs {
    ($($name:ident)+) => {$(
        /// Marks an endpoint that needs this permission.
        pub(crate) struct $name;

        impl Needs for $name {
            const PERMISSION: Option<Permission> = Some(Permission::$name);
        }
    )+};
}

needs! {
    ReadProfile ReadRepositories ReadBranches ReadCommits ReadPullRequests ReadDiffs ReadAuthors
    ReadTags ReadReleases ReadChecks ReadDeployments ReadFileTree SubscribeEvents
}

/// Marks an endpoint that any good token may call.
pub(crate) struct Anything;

impl Needs for Anything {
    const PERMISSION: Option<Permission> = None;
}

/// An app with a token that has the permission `P`.
pub(crate) struct Bearer<P> {
    pub(crate) surface: Data<Surface>,
    pub(crate) grant: Arc<Grant>,
    pub(crate) arrival: Arrival,
    pub(crate) request: HttpRequest,
    needs: PhantomData<P>,
}

impl<P: Needs> FromRequest for Bearer<P> {
    type Error = Problem;
    type Future = Later<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let surface = surface(&request)?;
            let arrival = arrival(&request)?;
            let text = bearer_text(&request)?;
            let grant = surface.gateway.authenticate(text).await;
            let grant = grant.map_err(|error| Problem::authenticate(&error))?;
            let caller = Self { surface, grant, arrival, request, needs: PhantomData };
            if let Err(problem) = caller.admit() {
                respond::journal_refusal(&caller, &problem).await;
                return Err(problem);
            }
            Ok(caller)
        })
    }
}

impl<P: Needs> Bearer<P> {
    /// The caller of a request that is only rehearsed.
    ///
    /// # Errors
    ///
    /// Those with which the request itself would be refused.
    pub(crate) fn rehearsed(
        surface: Data<Surface>,
        grant: Arc<Grant>,
        arrival: Arrival,
        request: HttpRequest,
    ) -> Result<Self, Problem> {
        let caller = Self { surface, grant, arrival, request, needs: PhantomData };
        caller.admit()?;
        Ok(caller)
    }

    fn admit(&self) -> Result<(), Problem> {
        if let Some(limiter) = &self.surface.limiter {
            limiter.check(self.grant.token.id).map_err(|seconds| {
                self.surface.metrics.limited();
                let message = "This token asks more often than this gateway allows.";
                Problem { retry_after: Some(seconds), ..Problem::new(Code::RateLimited, message) }
            })?;
        }
        let Some(permission) = P::PERMISSION else { return Ok(()) };
        let checked = self.grant.check(permission, self.arrival.at);
        checked.map(|_| ()).map_err(|refusal| Problem::refusal(&refusal))
    }

    /// The use cases.
    pub(crate) fn gateway(&self) -> &Gateway {
        &self.surface.gateway
    }

    /// The repository in the path.
    pub(crate) fn ask(&self) -> Ask<'_> {
        Ask { provider: self.segment("provider"), repository: self.segment("repoId") }
    }

    /// A segment of the path.
    pub(crate) fn segment(&self, name: &str) -> &str {
        self.request.match_info().get(name).unwrap_or_default()
    }

    /// The query. An unknown or repeated parameter is a mistake that would
    /// otherwise go unnoticed.
    pub(crate) async fn query<Q: DeserializeOwned>(&self) -> Result<Q, Problem> {
        self.noted(query(&self.request)).await
    }

    /// What was read of the request, after the journal took note of a refusal.
    pub(crate) async fn noted<T>(&self, parsed: Result<T, Problem>) -> Result<T, Problem> {
        if let Err(problem) = &parsed {
            respond::journal_refusal(self, problem).await;
        }
        parsed
    }
}

/// Limit and cursor, as every listing takes them.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    pub(crate) limit: Option<String>,
    pub(crate) cursor: Option<String>,
}

impl PageQuery {
    /// The page that is asked for.
    pub(crate) fn paging(&self) -> Paging<'_> {
        Paging { limit: self.limit.as_deref(), cursor: self.cursor.as_deref() }
    }
}

/// A member of an organisation, with a session.
pub(crate) struct Developer {
    pub(crate) surface: Data<Surface>,
    pub(crate) visitor: Visitor,
    pub(crate) request: HttpRequest,
}

impl FromRequest for Developer {
    type Error = Problem;
    type Future = Later<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let surface = surface(&request)?;
            let visitor = surface.gateway.visitor(session::text(&surface, &request)?).await;
            let visitor = visitor.map_err(|error| Problem::session(&error))?;
            Ok(Self { surface, visitor, request })
        })
    }
}

/// A person with a session, whether or not they belong to an organisation.
pub(crate) struct SignedIn {
    pub(crate) surface: Data<Surface>,
    pub(crate) person: Person,
    pub(crate) request: HttpRequest,
}

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = Later<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let surface = surface(&request)?;
            let person = surface.gateway.person(session::text(&surface, &request)?).await;
            let person = person.map_err(|error| Problem::session(&error))?;
            Ok(Self { surface, person, request })
        })
    }
}

pub(crate) fn surface(request: &HttpRequest) -> Result<Data<Surface>, Problem> {
    let surface = request.app_data::<Data<Surface>>().cloned();
    surface.ok_or_else(|| Problem::internal(&std::fmt::Error))
}

pub(crate) fn arrival(request: &HttpRequest) -> Result<Arrival, Problem> {
    let arrival = request.extensions().get::<Arrival>().copied();
    arrival.ok_or_else(|| Problem::internal(&std::fmt::Error))
}

/// The token of `Authorization: Bearer …`. Tokens in a query are not looked
/// for: they would stay in logs and histories (RFC 9700, 4.3.2).
pub(crate) fn bearer_text(request: &HttpRequest) -> Result<&str, Problem> {
    let missing = || {
        Problem::new(Code::AuthRequired, "Send a token in the header `Authorization: Bearer …`.")
    };
    let value = request.headers().get(header::AUTHORIZATION).ok_or_else(missing)?;
    let (scheme, token) =
        value.to_str().ok().and_then(|it| it.split_once(' ')).ok_or_else(missing)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(missing()) }
}
