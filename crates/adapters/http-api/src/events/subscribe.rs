//! `POST /v1/repositories/{provider}/{repoId}/events/subscribe`

use actix_web::HttpResponse;
use lodge_forge::EventKind;
use lodge_gateway::events::Wish;
use lodge_kernel::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::{One, SubscriptionView};
use crate::{
    body::RawBody,
    caller::{Bearer, SubscribeEvents},
    problem::{ErrorBody, Problem},
};

/// What to be told of, and where.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SubscribeBody {
    /// Where events are delivered to: a public `https` URL. It is called once
    /// with a `challenge`, and must repeat it in its answer.
    callback_url: String,
    /// Unified event names: `push`, `tag`, `pull_request.opened` …; all that
    /// the provider can tell and the token may read when absent.
    #[serde(default)]
    events: Vec<String>,
    /// Deliver at once; `true` when absent.
    active: Option<bool>,
    /// Signs deliveries: `whsec_` and base64, or a text of at least 24 bytes.
    /// Made, and shown once, when absent.
    #[schema(value_type = Option<String>)]
    secret: Option<SecretString>,
}

/// A new subscription.
#[derive(Serialize, ToSchema)]
pub(crate) struct SubscribedView {
    #[serde(flatten)]
    subscription: SubscriptionView,
    /// What deliveries are signed with, when it was made here. It is not shown
    /// again.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// Subscribes to events of a repository, where its provider can send them.
#[utoipa::path(
    post,
    path = "/v1/repositories/{provider}/{repoId}/events/subscribe",
    tag = "Events",
    security(("access_token" = ["events:subscribe"])),
    params(
        ("provider" = String, Path, description = "The provider's name"),
        ("repoId" = String, Path, description = "The repository's id, as `/v1/repositories` gives it"),
    ),
    request_body = SubscribeBody,
    responses(
        (status = 201, description = "Subscribed", body = One<SubscribedView>),
        (status = 400, description = "The request cannot be used, or the callback did not pass the challenge", body = ErrorBody),
        (status = 401, description = "No token, or one that has ended", body = ErrorBody),
        (status = 403, description = "Not approved", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = 429, description = "Too many requests", body = ErrorBody),
        (status = 501, description = "The provider has nothing like it", body = ErrorBody),
        (status = 503, description = "The provider cannot be reached", body = ErrorBody),
        (status = 504, description = "The provider did not answer in time", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.events.subscribe", skip_all)]
pub(crate) async fn handler(
    caller: Bearer<SubscribeEvents>,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    let body: SubscribeBody = caller.noted(body.json().await).await?;
    let wish = caller.noted(wish(body)).await?;
    let hooks = format!("{}/v1/hooks/", caller.surface.issuer());
    let subscribed = caller.gateway().subscribe(&caller.grant, caller.ask(), wish, &hooks).await;
    let subscribed =
        caller.noted(subscribed.map_err(|error| caller.not_subscribed(&error))).await?;
    Ok(HttpResponse::Created().json(One {
        data: SubscribedView {
            subscription: subscribed.subscription.into(),
            secret: subscribed.secret.map(|it| it.expose_secret().to_owned()),
        },
        request_id: caller.arrival.id.to_string(),
    }))
}

fn wish(body: SubscribeBody) -> Result<Wish, Problem> {
    let events = body.events.iter().map(|name| {
        EventKind::parse(name).ok_or_else(|| {
            let known: Vec<_> = EventKind::ALL.iter().map(|kind| kind.name()).collect();
            let given: String = name.chars().take(64).collect();
            Problem::invalid(format!("`{given}` is no event: there are {}", known.join(", ")))
        })
    });
    Ok(Wish {
        callback_url: body.callback_url,
        events: events.collect::<Result<_, _>>()?,
        active: body.active.unwrap_or(true),
        secret: body.secret,
    })
}
