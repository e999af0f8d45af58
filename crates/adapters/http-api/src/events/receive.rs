//! `POST /v1/hooks/{provider}/{token}`: a Git host delivers a webhook.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};
use lodge_gateway::events::ReceiveError;
use lodge_provider::Delivery;

use crate::{
    body::RawBody,
    caller::{arrival, surface},
    problem::{Code, ErrorBody, Problem},
};

/// The largest webhook that is taken. Hosts cut or drop what is far larger.
const MOST_BYTES: usize = 5 << 20;

/// Takes a webhook that a provider delivers. The address is given to the
/// provider alone; the delivery must carry the provider's own proof.
#[utoipa::path(
    post,
    path = "/v1/hooks/{provider}/{token}",
    tag = "Events",
    params(
        ("provider" = String, Path, description = "The provider's name"),
        ("token" = String, Path, description = "What the provider was given"),
    ),
    responses(
        (status = 202, description = "It is kept"),
        (status = 401, description = "It is not proved", body = ErrorBody),
        (status = 404, description = "No provider was given this address", body = ErrorBody),
        (status = 410, description = "The subscription has ended", body = ErrorBody),
        (status = 413, description = "It is too large", body = ErrorBody),
        (status = 503, description = "It cannot be kept: send it again", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.events.receive", skip_all)]
pub(crate) async fn handler(request: HttpRequest, body: RawBody) -> Result<HttpResponse, Problem> {
    let surface = surface(&request)?;
    let arrival = arrival(&request)?;
    let segment = |name| request.match_info().get(name).unwrap_or_default();
    let headers = request.headers().iter().filter_map(|(name, value)| {
        Some((name.as_str().to_ascii_lowercase(), value.to_str().ok()?.to_owned()))
    });
    let delivery = Delivery {
        headers: headers.collect(),
        body: body.bytes(MOST_BYTES).await?.to_vec(),
        received_at: arrival.at,
    };
    let gateway = &surface.gateway;
    match gateway.receive_hook(segment("provider"), segment("token"), delivery).await {
        Ok(_kept_or_repeated) => Ok(HttpResponse::Accepted().finish()),
        Err(error) => Err(refused(&error)),
    }
}

fn refused(error: &ReceiveError) -> Problem {
    let message = error.to_string();
    match error {
        ReceiveError::Unknown => Problem::new(Code::ResourceNotFound, message),
        ReceiveError::Ended => {
            Problem::new(Code::ResourceNotFound, message).with_status(StatusCode::GONE)
        }
        ReceiveError::Refused(_) => Problem::new(Code::InvalidCredentials, message),
        ReceiveError::Storage(error) => Problem::storage(error),
    }
}
