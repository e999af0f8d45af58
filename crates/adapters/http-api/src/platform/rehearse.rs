//! A read that goes as far as a host, and no further.

use std::{future::Future, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse,
    dev::{Path, ResourceDef},
    http::Uri,
    test::TestRequest,
    web::Data,
};
use lodge_access::{Grant, Permission};

use crate::{
    AdminAccess, Metrics, Readiness, Surface,
    caller::{Bearer, Needs},
    middleware::Arrival,
    problem::Problem,
    repositories as read,
    routes::{Credential, ROUTES, Route},
};

/// A read, as it would come in.
pub(super) struct Rehearsed {
    pub(super) route: &'static Route,
    /// Path and query.
    address: Uri,
    segments: Vec<(String, String)>,
}

impl Rehearsed {
    /// The read at `path`, with `query`. `None` when nothing is read there.
    pub(super) fn at(path: &str, query: &str) -> Option<Self> {
        let address = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        // An address with a host would be read as one of ours.
        let address: Uri = address.parse().ok().filter(|_| path.starts_with('/'))?;
        reads().find_map(|route| {
            let mut path = Path::new(address.path().to_owned());
            let fits = ResourceDef::new(route.path).capture_match_info(&mut path);
            let segments = path.iter().map(|(name, text)| (name.to_owned(), text.to_owned()));
            let segments = segments.collect();
            fits.then(|| Self { route, address: address.clone(), segments })
        })
    }

    /// The permission that it needs.
    pub(super) fn permission(&self) -> Option<Permission> {
        match self.route.credential {
            Credential::Token(permission) => Some(permission),
            _ => None,
        }
    }

    /// A part of the path.
    pub(super) fn segment(&self, name: &str) -> Option<&str> {
        let found = self.segments.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.as_str())
    }

    /// The query.
    pub(super) fn query(&self) -> &str {
        self.address.query().unwrap_or_default()
    }

    /// Path and query.
    pub(super) fn address(&self) -> String {
        self.address.to_string()
    }

    /// Lets the read's own handler decide, over hosts that are not asked. Where
    /// it comes as far as a host, that is what the problem says.
    pub(super) async fn decide(
        &self,
        surface: &Surface,
        grant: &Arc<Grant>,
        arrival: Arrival,
    ) -> Result<(), Problem> {
        let stage = Stage {
            surface: Data::new(Surface {
                gateway: Arc::new(surface.gateway.rehearsal()),
                teaching: Arc::clone(&surface.teaching),
                job_streams: Arc::clone(&surface.job_streams),
                public_url: surface.public_url.clone(),
                limiter: None,
                doors: None,
                metrics: Metrics::default(),
                readiness: Readiness::default(),
                cors_origins: Vec::new(),
                metrics_token: None,
                openapi: || "",
                admin: AdminAccess::default(),
            }),
            grant: Arc::clone(grant),
            arrival,
            request: self.request(),
        };
        match self.route.operation {
            "me" => stage.play(read::me::handler).await,
            "repositories.list" => stage.play(read::list_repositories::handler).await,
            "repositories.find" => stage.play(read::find_repository::handler).await,
            "branches.list" => stage.play(read::list_branches::handler).await,
            "commits.list" => stage.play(read::list_commits::handler).await,
            "commits.diff" => stage.play(read::commit_diff::handler).await,
            "pull-requests.list" => stage.play(read::list_pull_requests::handler).await,
            "pull-requests.diff" => stage.play(read::pull_request_diff::handler).await,
            "contributors.list" => stage.play(read::list_contributors::handler).await,
            "tags.list" => stage.play(read::list_tags::handler).await,
            "releases.list" => stage.play(read::list_releases::handler).await,
            "checks.list" => stage.play(read::list_checks::handler).await,
            "deployments.list" => stage.play(read::list_deployments::handler).await,
            "file-tree.list" => stage.play(read::list_tree::handler).await,
            _ => Err(Problem::invalid("this operation cannot be explained")),
        }
    }

    /// The request that the handler would be given. Actix makes one outside a
    /// server by this door only.
    fn request(&self) -> HttpRequest {
        let request = TestRequest::with_uri(&self.address());
        let with = |request: TestRequest, (name, text): &(String, String)| {
            request.param(name.clone(), text.clone())
        };
        self.segments.iter().fold(request, with).to_http_request()
    }
}

/// What is read by a token.
pub(super) fn reads() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|it| {
        it.method == "GET"
            && matches!(it.credential, Credential::Token(_))
            && !it.path.starts_with("/v1/subscriptions")
    })
}

struct Stage {
    surface: Data<Surface>,
    grant: Arc<Grant>,
    arrival: Arrival,
    request: HttpRequest,
}

impl Stage {
    async fn play<P, F, R>(self, handler: F) -> Result<(), Problem>
    where
        P: Needs,
        F: Fn(Bearer<P>) -> R,
        R: Future<Output = Result<HttpResponse, Problem>>,
    {
        let Self { surface, grant, arrival, request } = self;
        handler(Bearer::rehearsed(surface, grant, arrival, request)?).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_read_of_the_table_is_found_by_its_path_and_nothing_else_is() {
        for route in reads() {
            let path = route.path.replace(['{', '}'], "");
            let found = Rehearsed::at(&path, "limit=1").map(|it| it.route.operation);
            assert_eq!(found, Some(route.operation), "{path}");
        }
        for wrong in ["/v1/client/me", "/v1/repositories/local", "v1/me", "https://x/v1/me", "\n"] {
            assert!(Rehearsed::at(wrong, "").is_none(), "{wrong}");
        }
    }
}
