//! `POST /api/v1/webhooks/{host}`: a Git host delivers to courses.

use actix_web::{HttpRequest, HttpResponse};
use lodge_kernel::HookId;
use lodge_provider::{Delivery, HookRefused};
use lodge_teaching::intake::{ReceiveError, Received};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::{arrival, surface},
    query::query,
    teaching::{
        problem::{Refusal, RefusalBody, RefusalCode},
        respond::Answer,
    },
};

/// The largest delivery that is taken. Hosts cut or drop what is far larger.
const MOST_BYTES: usize = 5 << 20;

/// What a host is answered.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReceivedView {
    /// The event's id: that of the first, where it was delivered before.
    id: String,
    /// `accepted`, or `duplicate`.
    status: &'static str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HookQuery {
    hook: Option<String>,
}

/// Takes what a host delivers: proved with the host's own means, kept once, and
/// worked on afterwards. The same delivery again is answered with the first id.
#[utoipa::path(
    post,
    path = "/api/v1/webhooks/{host}",
    tag = "Events of courses",
    params(
        ("host" = String, Path, description = "The host's name: `gitlab`, for example"),
        ("hook" = Option<String>, Query, description = "The hook's id. Needed where the host signs and does not send the secret itself"),
    ),
    request_body(content = String, content_type = "application/json", description = "What the host sends, of at most 5 MiB"),
    responses(
        (status = 202, description = "It is kept", body = ReceivedView),
        (status = 200, description = "It was delivered before", body = ReceivedView),
        (status = 400, description = "It is not what the host sends", body = RefusalBody),
        (status = 401, description = "It is not proved", body = RefusalBody),
        (status = 404, description = "There is no such host or hook", body = RefusalBody),
        (status = 413, description = "It is larger than 5 MiB", body = RefusalBody),
        (status = 415, description = "It is not JSON", body = RefusalBody),
        (status = 503, description = "It cannot be kept: send it again", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teaching.receive", skip_all)]
pub(crate) async fn handler(request: HttpRequest, body: RawBody) -> Answer {
    let surface = surface(&request)?;
    let arrival = arrival(&request)?;
    let HookQuery { hook } = query(&request)?;
    let unknown = |_not_an_id| Refusal::new(RefusalCode::NotFound, NO_HOOK);
    let hook: Option<HookId> = hook.map(|it| it.parse()).transpose().map_err(unknown)?;
    let host = request.match_info().get("host").unwrap_or_default();
    // Nobody sends 5 MiB to be told that.
    surface.teaching.delivering_host(host)?;
    let headers = request.headers().iter().filter_map(|(name, value)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    });
    let delivery = Delivery {
        headers: headers.collect(),
        body: body.json_bytes(MOST_BYTES).await?.to_vec(),
        received_at: arrival.at,
    };
    let received = surface.teaching.receive_delivery(host, hook, delivery).await?;
    let Received { id, repeated, kind } = received;
    surface.metrics.intake.received(kind, repeated);
    let (mut response, status) = if repeated {
        (HttpResponse::Ok(), "duplicate")
    } else {
        (HttpResponse::Accepted(), "accepted")
    };
    Ok(response.json(ReceivedView { id: id.to_string(), status }))
}

const NO_HOOK: &str = "there is no such hook: `hook` is an id that begins with `whk_`";

impl From<ReceiveError> for Refusal {
    fn from(error: ReceiveError) -> Self {
        let code = match error {
            ReceiveError::UnknownHost { .. } | ReceiveError::UnknownHook => RefusalCode::NotFound,
            ReceiveError::NoHookNamed => RefusalCode::Unauthorized,
            ReceiveError::Refused(HookRefused::Stale) => {
                let message = format!("{error}: check the clocks of both servers");
                return Self::new(RefusalCode::Unauthorized, message);
            }
            ReceiveError::Refused(_) => {
                let message = format!("{error}: {CHECK}");
                return Self::new(RefusalCode::Unauthorized, message);
            }
            ReceiveError::TooDeep | ReceiveError::Unreadable(_) => RefusalCode::InvalidRequest,
            ReceiveError::Storage(error) => return error.into(),
        };
        Self::new(code, error.to_string())
    }
}

const CHECK: &str = "check that the secret at the host is that of this hook; after a rotation the \
                     old one is good for a while only";
