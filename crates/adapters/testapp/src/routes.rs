//! The one table of the sandbox's routes.

use actix_web::{
    Route, guard,
    web::{self, Data, ServiceConfig},
};

use crate::{TestAppSettings, connect, live, show, state::TestApp};

/// One route.
#[derive(Clone, Copy, Debug)]
pub struct TestAppRoute {
    /// The method.
    pub method: &'static str,
    /// The path.
    pub path: &'static str,
    /// What a browser must bring.
    pub credential: &'static str,
    handler: fn() -> Route,
}

const NOTHING: &str = "none";
const OWN_FORM: &str = "a form of this site";
const STATE: &str = "the state that was given with the consent, and its cookie";
const TOKEN: &str = "the cookie with the app's token";

/// Every route of this crate. [`configure`] registers exactly these.
#[rustfmt::skip]
pub const ROUTES: &[TestAppRoute] = &[
    TestAppRoute { method: "GET",  path: "/testapp",                          credential: NOTHING,  handler: || safe().to(show::handler) },
    TestAppRoute { method: "POST", path: "/testapp/config",                   credential: OWN_FORM, handler: || web::post().to(connect::begin) },
    TestAppRoute { method: "GET",  path: "/testapp/callback",                 credential: STATE,    handler: || web::get().to(connect::finish) },
    TestAppRoute { method: "POST", path: "/testapp/disconnect",               credential: OWN_FORM, handler: || web::post().to(connect::disconnect) },
    TestAppRoute { method: "GET",  path: "/testapp/live/commit-metrics",      credential: TOKEN,    handler: || web::get().to(live::commit_metrics::handler) },
    TestAppRoute { method: "GET",  path: "/testapp/live/endpoint-suite",      credential: TOKEN,    handler: || web::get().to(live::endpoint_suite::handler) },
    TestAppRoute { method: "GET",  path: "/testapp/live/repository-scenario", credential: TOKEN,    handler: || web::get().to(live::repository_scenario::handler) },
];

/// `GET` and `HEAD`, for what changes nothing.
fn safe() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// Registers [`ROUTES`]. `None` when the system has no TLS roots.
pub fn configure(settings: TestAppSettings) -> Option<impl Fn(&mut ServiceConfig) + Clone> {
    let app = Data::new(TestApp::new(settings)?);
    Some(move |config: &mut ServiceConfig| {
        config.app_data(app.clone());
        for route in ROUTES {
            config.route(route.path, (route.handler)());
        }
    })
}
