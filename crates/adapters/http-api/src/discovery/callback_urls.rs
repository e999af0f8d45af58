//! `GET /v1/auth/callback-urls`

use actix_web::{HttpRequest, HttpResponse, web::Data};
use lodge_provider::AccountKind;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Surface, caller::arrival, problem::Problem};

/// What to enter in each provider's OAuth app.
#[derive(Serialize, ToSchema)]
pub(crate) struct CallbackUrlsView {
    data: Vec<CallbackUrlView>,
    request_id: String,
}

/// One provider's callback URL.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallbackUrlView {
    provider: String,
    callback_url: String,
}

/// What to enter in each provider's OAuth app. A provider that needs no login
/// has none.
#[utoipa::path(
    get,
    path = "/v1/auth/callback-urls",
    tag = "Discovery",
    responses((status = 200, description = "One for each provider with a login", body = CallbackUrlsView)),
)]
pub(crate) async fn handler(
    request: HttpRequest,
    surface: Data<Surface>,
) -> Result<HttpResponse, Problem> {
    let issuer = surface.issuer();
    let hosts = surface.gateway.providers.iter();
    let with_login = hosts.filter(|it| it.account_kind() == AccountKind::OAuth);
    let data = with_login.map(|it| {
        let provider = it.name().to_string();
        let callback_url = format!("{issuer}/v1/auth/{provider}/callback");
        CallbackUrlView { provider, callback_url }
    });
    Ok(HttpResponse::Ok().json(CallbackUrlsView {
        data: data.collect(),
        request_id: arrival(&request)?.id.to_string(),
    }))
}
