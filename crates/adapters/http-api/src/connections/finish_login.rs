//! `GET /v1/auth/{provider}/callback`

use actix_web::{HttpRequest, HttpResponse, web::Data};
use lodge_access::LoginMode;
use lodge_gateway::connections::{FinishLoginError, FinishedLogin, HostAnswer, LoginRefused};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Surface,
    caller::arrival,
    connections::{
        browser::{admit, consent_page, cookies, login_page, wants_page},
        connection_view::AccountPart,
    },
    problem::{ErrorBody, Problem},
    query::query,
};

/// What a host adds to the address. Whatever else it adds is passed over (RFC
/// 6749, 4.1.2).
#[derive(Debug, Deserialize)]
pub(crate) struct CallbackQuery {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

/// The account that was connected.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConnectedView {
    data: ConnectedPart,
    request_id: String,
}

/// The account that was connected.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ConnectedPart {
    /// The connection.
    id: String,
    provider: String,
    account: AccountPart,
}

/// Takes a provider's answer to a login, once, and connects the account. A
/// browser that was sent by a page goes back there; a program gets JSON.
#[utoipa::path(
    get,
    path = "/v1/auth/{provider}/callback",
    tag = "Connections",
    params(
        ("provider" = String, Path, description = "Where the browser comes from"),
        ("state" = String, Query, description = "What the provider was given to hand back"),
        ("code" = Option<String>, Query, description = "What is exchanged for the account's tokens"),
        ("error" = Option<String>, Query, description = "Why there is no code"),
    ),
    responses(
        (status = 200, description = "The account is connected", body = ConnectedView),
        (status = 303, description = "To the page that the browser came from, or to a small window that tells it"),
        (status = 400, description = "Not an answer to a login of this browser, or an old one", body = ErrorBody),
        (status = 403, description = "The provider, or the person there, did not want to", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.connections.finish_login", skip_all)]
pub(crate) async fn handler(
    request: HttpRequest,
    surface: Data<Surface>,
) -> Result<HttpResponse, Problem> {
    admit(&surface, &request)?;
    let query: CallbackQuery = query(&request)?;
    let provider = request.match_info().get("provider").unwrap_or_default();
    let state = query.state.as_deref();
    let state = state.ok_or_else(|| Problem::invalid("`state` is missing"))?;
    let outcome = match (&query.error, &query.code) {
        (Some(error), _) => Err(error.clone()),
        (None, Some(code)) => Ok(code.clone().into()),
        (None, None) => return Err(Problem::invalid("there is neither `code` nor `error`")),
    };
    let browsers = cookies(&surface, &request);
    let answer = HostAnswer { provider, state, outcome, browsers: &browsers };
    let page = wants_page(&request);
    match surface.gateway.finish_login(answer).await {
        Ok(finished) if page => Ok(show(&surface, &finished)),
        Ok(FinishedLogin { provider, outcome: Ok(connection), .. }) => {
            Ok(HttpResponse::Ok().json(ConnectedView {
                data: ConnectedPart {
                    id: connection.id.to_string(),
                    provider: provider.to_string(),
                    account: AccountPart::of(&connection),
                },
                request_id: arrival(&request)?.id.to_string(),
            }))
        }
        Ok(FinishedLogin { provider, outcome: Err(refused), .. }) => {
            Err(Problem::login_refused(&provider, &refused, surface.gateway.now()))
        }
        // A page inside a frame keeps its cookies apart, so that this window
        // has none of them: it hands the answer over to that page.
        Err(FinishLoginError::OtherBrowser { mode: LoginMode::Popup }) if page => {
            let mut pairs = vec![("provider", provider), ("state", state)];
            pairs.extend(query.code.as_deref().map(|it| ("code", it)));
            pairs.extend(query.error.as_deref().map(|it| ("error", it)));
            Ok(login_page(&surface, &pairs))
        }
        Err(FinishLoginError::Storage(error)) => Err(Problem::storage(&error)),
        Err(error) if page => {
            let login = match error {
                FinishLoginError::Ended => "ended",
                _ => "not_ours",
            };
            Ok(login_page(&surface, &[("provider", provider), ("login", login)]))
        }
        Err(error) => Err(Problem::finish_login(&error)),
    }
}

/// Back to the page that the browser came from.
fn show(surface: &Surface, finished: &FinishedLogin) -> HttpResponse {
    let FinishedLogin { transaction, provider, mode, outcome } = finished;
    let login = outcome.as_ref().map_or_else(LoginRefused::code, |_| "connected");
    let (transaction, provider) = (transaction.to_string(), provider.as_str());
    let pairs = [("transaction", transaction.as_str()), ("provider", provider), ("login", login)];
    match mode {
        LoginMode::Popup => login_page(surface, &pairs),
        LoginMode::Redirect | LoginMode::Api => consent_page(surface, &pairs),
    }
}
