//! The one table of page routes.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::{
    HttpResponse, Route, guard,
    web::{self, Data, ServiceConfig},
};
use lodge_gateway::Gateway;

use crate::{
    WebSettings, account, assets, authorize, company, dashboard, docs, home, problem::Problem,
    reference, site::Site,
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
const STRANGER: &str = "none, but our own origin";
const PERSON: &str = "the cookie of a session";
const FORM: &str = "the cookie of a session, and the page's token against forged forms";
const LINK: &str = "the secret part of the link";

/// Every route of this crate. [`configure`] registers exactly these.
#[rustfmt::skip]
pub const ROUTES: &[PageRoute] = &[
    PageRoute { method: "GET",  path: "/", summary: "The landing page", credential: ANYBODY, details: None, handler: || safe().to(home::show) },
    PageRoute { method: "GET",  path: "/docs", summary: "The documentation: get started", credential: ANYBODY, details: None, handler: || safe().to(docs::start) },
    PageRoute { method: "GET",  path: "/docs/consent", summary: "Consent, and embedding it", credential: ANYBODY, details: None, handler: || safe().to(docs::consent) },
    PageRoute { method: "GET",  path: "/docs/reading", summary: "Pages, permissions and hosts", credential: ANYBODY, details: None, handler: || safe().to(docs::reading) },
    PageRoute { method: "GET",  path: "/docs/errors", summary: "Every error code", credential: ANYBODY, details: None, handler: || safe().to(docs::errors) },
    PageRoute { method: "GET",  path: "/docs/firewall", summary: "What is held back", credential: ANYBODY, details: None, handler: || safe().to(docs::firewall) },
    PageRoute { method: "GET",  path: "/docs/events", summary: "How apps hear what happens", credential: ANYBODY, details: None, handler: || safe().to(docs::events) },
    PageRoute { method: "GET",  path: "/docs/hosts", summary: "How an operator enables Git hosts", credential: ANYBODY, details: None, handler: || safe().to(docs::hosts) },
    PageRoute { method: "GET",  path: "/docs/signed-customers", summary: "Links that an app signs itself", credential: ANYBODY, details: None, handler: || safe().to(docs::signed_customers) },
    PageRoute { method: "GET",  path: "/zero-trust", summary: "What never leaves, and how to check", credential: ANYBODY, details: None, handler: || safe().to(docs::zero_trust) },
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
    PageRoute { method: "GET",  path: "/app/dashboard", summary: "Apps and usage", credential: PERSON, details: None, handler: || safe().to(dashboard::overview) },
    PageRoute { method: "GET",  path: "/app/requests", summary: "What apps read, row by row", credential: PERSON, details: None, handler: || safe().to(dashboard::requests) },
    PageRoute { method: "GET",  path: "/app/requests/{requestId}", summary: "One request", credential: PERSON, details: None, handler: || safe().to(dashboard::request) },
    PageRoute { method: "GET",  path: "/app/connections", summary: "Accounts, budgets and approved repositories", credential: PERSON, details: None, handler: || safe().to(dashboard::connections) },
    PageRoute { method: "GET",  path: "/app/developer/apps/new", summary: "The form of a new app", credential: PERSON, details: None, handler: || safe().to(dashboard::new) },
    PageRoute { method: "POST", path: "/app/developer/apps", summary: "Makes an app", credential: FORM, details: None, handler: || web::post().to(dashboard::create) },
    PageRoute { method: "GET",  path: "/app/developer/apps/{clientId}", summary: "One app", credential: PERSON, details: None, handler: || safe().to(dashboard::show) },
    PageRoute { method: "POST", path: "/app/developer/apps/{clientId}/update", summary: "Changes an app", credential: FORM, details: None, handler: || web::post().to(dashboard::update) },
    PageRoute { method: "POST", path: "/app/developer/apps/{clientId}/secrets", summary: "Makes a new secret", credential: FORM, details: None, handler: || web::post().to(dashboard::rotate) },
    PageRoute { method: "POST", path: "/app/developer/apps/{clientId}/try", summary: "Makes a connect session to try the app", credential: FORM, details: None, handler: || web::post().to(dashboard::try_it) },
    PageRoute { method: "POST", path: "/app/developer/apps/{clientId}/delete", summary: "Deletes an app", credential: FORM, details: None, handler: || web::post().to(dashboard::delete) },
    PageRoute { method: "GET",  path: "/app/signup", summary: "Opening an account", credential: ANYBODY, details: None, handler: || safe().to(account::sign_up::show) },
    PageRoute { method: "POST", path: "/app/signup", summary: "Opens an account", credential: STRANGER, details: None, handler: || web::post().to(account::sign_up::submit) },
    PageRoute { method: "GET",  path: "/app/developer/signup", summary: "Opening an account", credential: ANYBODY, details: None, handler: || safe().to(account::sign_up::show) },
    PageRoute { method: "POST", path: "/app/developer/signup", summary: "Opens an account", credential: STRANGER, details: None, handler: || web::post().to(account::sign_up::submit) },
    PageRoute { method: "GET",  path: "/app/customer/signup", summary: "Retired: 410", credential: ANYBODY, details: None, handler: || safe().to(account::sign_up::retired) },
    PageRoute { method: "POST", path: "/app/customer/signup", summary: "Retired: 410", credential: ANYBODY, details: None, handler: || web::post().to(account::sign_up::retired) },
    PageRoute { method: "GET",  path: "/app/login", summary: "Signing in", credential: ANYBODY, details: None, handler: || safe().to(account::log_in::show) },
    PageRoute { method: "POST", path: "/app/login", summary: "Signs in", credential: STRANGER, details: None, handler: || web::post().to(account::log_in::submit) },
    PageRoute { method: "GET",  path: "/app/developer/login", summary: "Signing in", credential: ANYBODY, details: None, handler: || safe().to(account::log_in::show) },
    PageRoute { method: "POST", path: "/app/developer/login", summary: "Signs in", credential: STRANGER, details: None, handler: || web::post().to(account::log_in::submit) },
    PageRoute { method: "GET",  path: "/app/customer/login", summary: "Retired: 410", credential: ANYBODY, details: None, handler: || safe().to(account::sign_up::retired) },
    PageRoute { method: "POST", path: "/app/customer/login", summary: "Retired: 410", credential: ANYBODY, details: None, handler: || web::post().to(account::sign_up::retired) },
    PageRoute { method: "POST", path: "/app/login/code", summary: "The second step of signing in", credential: STRANGER, details: None, handler: || web::post().to(account::log_in::submit_code) },
    PageRoute { method: "POST", path: "/app/login/passkey", summary: "Signs in with a passkey", credential: STRANGER, details: None, handler: || web::post().to(account::log_in_by_passkey::submit) },
    PageRoute { method: "GET",  path: "/app/logout", summary: "Signs out, or asks first", credential: PERSON, details: None, handler: || web::get().to(account::log_out::by_link) },
    PageRoute { method: "POST", path: "/app/logout", summary: "Signs out", credential: FORM, details: None, handler: || web::post().to(account::log_out::by_form) },
    PageRoute { method: "GET",  path: "/app/account", summary: "A person's own page", credential: PERSON, details: None, handler: || safe().to(account::own::show) },
    PageRoute { method: "POST", path: "/app/account/password", summary: "Changes the password", credential: FORM, details: None, handler: || web::post().to(account::own::change_password) },
    PageRoute { method: "POST", path: "/app/account/organisation", summary: "Goes into another organisation", credential: FORM, details: None, handler: || web::post().to(account::own::enter) },
    PageRoute { method: "POST", path: "/app/account/sessions/end-others", summary: "Ends all other sessions", credential: FORM, details: None, handler: || web::post().to(account::own::end_others) },
    PageRoute { method: "POST", path: "/app/account/sessions/{sessionId}/end", summary: "Ends a session", credential: FORM, details: None, handler: || web::post().to(account::own::end_session) },
    PageRoute { method: "POST", path: "/app/account/authenticator", summary: "Shows a key for an authenticator app", credential: FORM, details: None, handler: || web::post().to(account::authenticator::enrol) },
    PageRoute { method: "POST", path: "/app/account/authenticator/confirm", summary: "Takes the first code", credential: FORM, details: None, handler: || web::post().to(account::authenticator::confirm) },
    PageRoute { method: "POST", path: "/app/account/authenticator/remove", summary: "Forgets the authenticator app", credential: FORM, details: None, handler: || web::post().to(account::authenticator::remove) },
    PageRoute { method: "POST", path: "/app/account/recovery-codes", summary: "Makes new recovery codes", credential: FORM, details: None, handler: || web::post().to(account::authenticator::renew) },
    PageRoute { method: "POST", path: "/app/account/passkeys", summary: "Asks a device for a passkey", credential: FORM, details: None, handler: || web::post().to(account::passkeys::begin) },
    PageRoute { method: "POST", path: "/app/account/passkeys/add", summary: "Adds the passkey", credential: FORM, details: None, handler: || web::post().to(account::passkeys::add) },
    PageRoute { method: "POST", path: "/app/account/passkeys/{passkeyId}/rename", summary: "Gives a passkey another name", credential: FORM, details: None, handler: || web::post().to(account::passkeys::rename) },
    PageRoute { method: "POST", path: "/app/account/passkeys/{passkeyId}/remove", summary: "Removes a passkey", credential: FORM, details: None, handler: || web::post().to(account::passkeys::remove) },
    PageRoute { method: "GET",  path: "/app/members", summary: "The members of the organisation", credential: PERSON, details: None, handler: || safe().to(account::members::show) },
    PageRoute { method: "POST", path: "/app/members/invite", summary: "Makes an invitation", credential: FORM, details: None, handler: || web::post().to(account::members::invite) },
    PageRoute { method: "POST", path: "/app/members/invitations/{invitationId}/withdraw", summary: "Withdraws an invitation", credential: FORM, details: None, handler: || web::post().to(account::members::withdraw) },
    PageRoute { method: "POST", path: "/app/members/{userId}/role", summary: "Gives a member another role", credential: FORM, details: None, handler: || web::post().to(account::members::change_role) },
    PageRoute { method: "POST", path: "/app/members/{userId}/remove", summary: "Removes a member", credential: FORM, details: None, handler: || web::post().to(account::members::remove) },
    PageRoute { method: "GET",  path: "/app/join/{token}", summary: "An invitation", credential: LINK, details: None, handler: || safe().to(account::join::show) },
    PageRoute { method: "POST", path: "/app/join/{token}", summary: "Opens an account and joins", credential: LINK, details: None, handler: || web::post().to(account::join::submit) },
    PageRoute { method: "POST", path: "/app/join/{token}/accept", summary: "Joins", credential: FORM, details: None, handler: || web::post().to(account::join::accept) },
    PageRoute { method: "GET",  path: "/app/password/{token}", summary: "Setting a password by a link", credential: LINK, details: None, handler: || safe().to(account::set_password::show) },
    PageRoute { method: "POST", path: "/app/password/{token}", summary: "Sets a password", credential: LINK, details: None, handler: || web::post().to(account::set_password::submit) },
    PageRoute { method: "GET",  path: "/assets/app.css", summary: "The stylesheet", credential: ANYBODY, details: None, handler: || safe().to(assets::stylesheet) },
    PageRoute { method: "GET",  path: "/assets/theme.js", summary: "The script that remembers the theme", credential: ANYBODY, details: None, handler: || safe().to(assets::theme_script) },
    PageRoute { method: "GET",  path: "/assets/landing-page.js", summary: "The script that copies", credential: ANYBODY, details: None, handler: || safe().to(assets::copy_script) },
    PageRoute { method: "GET",  path: "/assets/secure-git-connect-page.js", summary: "The consent page's script", credential: ANYBODY, details: None, handler: || safe().to(assets::consent_script) },
    PageRoute { method: "GET",  path: "/assets/passkeys.js", summary: "The script that asks devices for passkeys", credential: ANYBODY, details: None, handler: || safe().to(assets::passkeys_script) },
    PageRoute { method: "GET",  path: "/assets/gitlodge-logo.svg", summary: "The logo", credential: ANYBODY, details: None, handler: || safe().to(assets::logo) },
    PageRoute { method: "GET",  path: "/assets/gitflare-logo.svg", summary: "The logo, under the name that the contract gives it", credential: ANYBODY, details: None, handler: || safe().to(assets::logo) },
];

/// `GET` and `HEAD`, for what changes nothing.
fn safe() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// Registers [`ROUTES`]. `openapi` writes the document that `/docs/api` shows.
#[expect(clippy::needless_pass_by_value, reason = "the caller is done with it")]
pub fn configure(
    gateway: Arc<Gateway>,
    settings: WebSettings,
    openapi: impl Fn() -> serde_json::Value + Send + Sync + 'static,
) -> impl Fn(&mut ServiceConfig) + Clone {
    let site = Data::new(Site::new(gateway, &settings, Box::new(openapi)));
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
