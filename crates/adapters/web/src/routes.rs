//! The one table of page routes.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::{
    HttpResponse, Route, guard,
    web::{self, Data, ServiceConfig},
};
use lodge_gateway::Gateway;

use crate::{
    WebSettings, assets, authorize, company, home,
    problem::Problem,
    reference,
    site::{self, Site},
};

/// One page, form or asset.
#[derive(Clone, Copy, Debug)]
pub struct PageRoute {
    /// The method. What answers `GET` and begins nothing also answers `HEAD`.
    pub method: &'static str,
    /// The path.
    pub path: &'static str,
    /// What it is, in a few words.
    pub summary: &'static str,
    /// What a browser must bring, in words.
    pub credential: &'static str,
    /// What an app's developer must know of it.
    pub details: Option<&'static PageDetails>,
    /// Makes the route.
    pub handler: fn() -> Route,
}

/// More of a page than fits a few words.
#[derive(Clone, Copy, Debug)]
pub struct PageDetails {
    /// In paragraphs, with code between backticks.
    pub text: &'static str,
    /// The parameters of the query, each with its meaning.
    pub parameters: &'static [(&'static str, &'static str)],
}

const ANYBODY: &str = "none";
const VISIT: &str = "the cookie of the visit";
const SESSION: &str = "the customer's cookie";
const CUSTOMER: &str = "the customer's cookie, and the page's token against forged forms";

/// Every route of this crate. [`configure`] registers exactly these.
#[rustfmt::skip]
pub const ROUTES: &[PageRoute] = &[
    PageRoute { method: "GET",  path: "/", summary: "The landing page", credential: ANYBODY, details: None, handler: || safe().to(home::show) },
    PageRoute { method: "GET",  path: "/docs/api", summary: "The API reference", credential: ANYBODY, details: None, handler: || safe().to(reference::show) },
    PageRoute { method: "GET",  path: "/oauth/authorize", summary: "The consent page", credential: "none to begin a visit, then the cookie of the visit", details: Some(&authorize::DETAILS), handler: || web::get().to(authorize::arrive) },
    PageRoute { method: "POST", path: "/oauth/authorize/approve", summary: "The customer says yes", credential: "the cookie of the visit, and the page's token against forged forms", details: None, handler: || web::post().to(authorize::approve) },
    PageRoute { method: "GET",  path: "/oauth/authorize/deny", summary: "The customer says no", credential: VISIT, details: None, handler: || web::get().to(authorize::deny_by_link) },
    PageRoute { method: "POST", path: "/oauth/authorize/deny", summary: "The customer says no", credential: VISIT, details: None, handler: || web::post().to(authorize::deny_by_form) },
    PageRoute { method: "GET",  path: "/oauth/login", summary: "The small window after a login at a host", credential: ANYBODY, details: None, handler: || safe().to(authorize::login) },
    PageRoute { method: "GET",  path: "/app/company/apps/{clientId}", summary: "The customer's access page", credential: "a connect session, a pushed request or a signature to enter, then the customer's cookie", details: None, handler: || web::get().to(company::arrive) },
    PageRoute { method: "POST", path: "/app/company/apps/{clientId}/change", summary: "The customer sets out to change what is shared", credential: CUSTOMER, details: None, handler: || web::post().to(company::change) },
    PageRoute { method: "POST", path: "/app/company/apps/{clientId}/update", summary: "The customer changes what is shared", credential: "the customer's cookie and that of the visit, and the page's token against forged forms", details: None, handler: || web::post().to(company::update) },
    PageRoute { method: "POST", path: "/app/company/apps/{clientId}/revoke", summary: "The customer takes everything back", credential: CUSTOMER, details: None, handler: || web::post().to(company::revoke) },
    PageRoute { method: "POST", path: "/app/company/apps/{clientId}/connections/{connectionId}/disconnect", summary: "The customer disconnects an account", credential: CUSTOMER, details: None, handler: || web::post().to(company::disconnect) },
    PageRoute { method: "POST", path: "/app/company/apps/{clientId}/leave", summary: "The customer leaves the access page", credential: CUSTOMER, details: None, handler: || web::post().to(company::leave) },
    PageRoute { method: "GET",  path: "/app/company/apps/{clientId}/journal", summary: "What the app read", credential: SESSION, details: None, handler: || safe().to(company::journal) },
    PageRoute { method: "GET",  path: "/app/company/apps/{clientId}/journal.csv", summary: "The same, as CSV", credential: SESSION, details: None, handler: || web::get().to(company::csv) },
    PageRoute { method: "GET",  path: "/app/company/apps/{clientId}/journal.jsonl", summary: "The same, as JSON lines", credential: SESSION, details: None, handler: || web::get().to(company::json_lines) },
    PageRoute { method: "GET",  path: "/app/company/apps/{clientId}/receipts/{receiptId}", summary: "A receipt", credential: SESSION, details: None, handler: || safe().to(company::receipt) },
    PageRoute { method: "GET",  path: "/app/company/apps/{clientId}/receipts/{receiptId}/receipt.json", summary: "A receipt as signed JSON", credential: SESSION, details: None, handler: || safe().to(company::flattened) },
    PageRoute { method: "GET",  path: "/app/company/apps/{clientId}/receipts/{receiptId}/receipt.jws", summary: "A receipt as a compact JWS", credential: SESSION, details: None, handler: || safe().to(company::compact) },
    PageRoute { method: "GET",  path: "/favicon.ico", summary: "The logo, for whoever asks without looking", credential: ANYBODY, details: None, handler: || safe().to(assets::logo) },
    PageRoute { method: "GET",  path: "/assets/app.css", summary: "The stylesheet", credential: ANYBODY, details: None, handler: || safe().to(assets::stylesheet) },
    PageRoute { method: "GET",  path: "/assets/secure-git-connect-page.js", summary: "The consent page's script", credential: ANYBODY, details: None, handler: || safe().to(assets::script) },
    PageRoute { method: "GET",  path: "/assets/gitlodge-logo.svg", summary: "The logo", credential: ANYBODY, details: None, handler: || safe().to(assets::logo) },
];

/// `GET` and `HEAD`, for what changes nothing.
fn safe() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// Registers [`ROUTES`]. `openapi` is the document that `/docs/api` shows.
#[expect(clippy::needless_pass_by_value, reason = "the caller is done with both")]
pub fn configure(
    gateway: Arc<Gateway>,
    settings: WebSettings,
    openapi: serde_json::Value,
) -> impl Fn(&mut ServiceConfig) + Clone {
    let reference = reference::render(&openapi, &site::issuer(&settings));
    let site = Data::new(Site::new(gateway, &settings, reference));
    move |config: &mut ServiceConfig| {
        config.app_data(site.clone());
        let mut paths = BTreeMap::<_, Vec<_>>::new();
        for route in ROUTES {
            paths.entry(route.path).or_default().push(route);
        }
        for (path, routes) in paths {
            let allowed: Vec<_> = routes.iter().map(|it| it.method).collect();
            let allowed = allowed.join(", ");
            let resource = routes
                .iter()
                .fold(web::resource(path), |resource, it| resource.route((it.handler)()));
            config.service(resource.default_service(web::to(move || {
                std::future::ready(method_not_allowed(&allowed))
            })));
        }
    }
}

fn method_not_allowed(allowed: &str) -> Result<HttpResponse, Problem> {
    Err(Problem::method_not_allowed(allowed))
}
