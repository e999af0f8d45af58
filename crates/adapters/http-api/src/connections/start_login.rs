//! `GET /v1/auth/{provider}/start`

use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};
use lodge_access::LoginMode;
use lodge_gateway::connections::{StartLogin, StartedLogin};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Surface,
    caller::arrival,
    connections::browser::{admit, cookies, login_page, wants_page},
    problem::{ErrorBody, Problem},
    query::query,
    views::Time,
};

/// The query.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StartQuery {
    transaction: Option<String>,
    popup: Option<String>,
    redirect: Option<String>,
    web: Option<String>,
}

/// Where the browser goes.
#[derive(Serialize, ToSchema)]
pub(crate) struct StartedLoginView {
    data: StartedLoginPart,
    request_id: String,
}

/// Where the browser goes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StartedLoginPart {
    /// The host's login page.
    authorization_url: String,
    /// Until when the host's answer is taken.
    expires_at: Time,
}

fn is_on(flag: Option<&str>) -> bool {
    matches!(flag, Some("1" | "true"))
}

/// Sends a customer on the consent page to log in at a provider. The login
/// belongs to the visit of the consent page and to its browser, which must send
/// the visit's cookie here and with the callback.
#[utoipa::path(
    get,
    path = "/v1/auth/{provider}/start",
    tag = "Connections",
    params(
        ("provider" = String, Path, description = "One of /v1/providers with the mode `oauth`"),
        ("transaction" = String, Query, description = "The visit of the consent page, `txn_…`"),
        ("redirect" = Option<String>, Query, description = "`1`: go there, rather than say where; `web=1` is the same"),
        ("popup" = Option<String>, Query, description = "`1`: the browser comes back to a small window that tells the page that opened it"),
    ),
    responses(
        (status = 200, description = "Where to go", body = StartedLoginView),
        (status = 302, description = "With `redirect=1`: the provider's login page"),
        (status = 400, description = "No such provider, or none with a login", body = ErrorBody),
        (status = 404, description = "No such visit in this browser", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.connections.start_login", skip_all)]
pub(crate) async fn handler(
    request: HttpRequest,
    surface: Data<Surface>,
) -> Result<HttpResponse, Problem> {
    admit(&surface, &request)?;
    let query: StartQuery = query(&request)?;
    let redirect = is_on(query.redirect.as_deref()) || is_on(query.web.as_deref());
    let provider = request.match_info().get("provider").unwrap_or_default();
    let mode = match (is_on(query.popup.as_deref()), redirect) {
        (true, _) => LoginMode::Popup,
        (false, true) => LoginMode::Redirect,
        (false, false) => LoginMode::Api,
    };
    let transaction = query.transaction.as_deref();
    let missing = "`transaction` is missing: a login begins on the consent page";
    let ask = StartLogin {
        provider,
        transaction: transaction.ok_or_else(|| Problem::invalid(missing))?,
        browsers: &cookies(&surface, &request),
        mode,
    };
    match surface.gateway.start_login(ask).await {
        Ok(StartedLogin { authorization_url, .. }) if redirect => {
            Ok(HttpResponse::Found().insert_header((header::LOCATION, authorization_url)).finish())
        }
        Ok(started) => Ok(HttpResponse::Ok().json(StartedLoginView {
            data: StartedLoginPart {
                authorization_url: started.authorization_url,
                expires_at: started.expires_at.into(),
            },
            request_id: arrival(&request)?.id.to_string(),
        })),
        Err(error) => {
            let problem = Problem::start_login(&error);
            if redirect && wants_page(&request) {
                let pairs = [("provider", provider), ("login", "not_begun")];
                return Ok(login_page(&surface, &pairs));
            }
            Err(problem)
        }
    }
}
