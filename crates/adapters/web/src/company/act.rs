//! What a customer does on the access page.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Payload},
};

use super::{cookie, door::Door};
use crate::{
    answer,
    authorize::{self, form::ConsentForm},
    problem::Problem,
    site::Site,
};

/// `POST …/change`: leads to the consent page, which shows what was approved.
#[tracing::instrument(name = "web.access.change", skip_all)]
pub(crate) async fn change(
    site: Data<Site>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    let (door, fields) = Door::open_with_fields(&site, &request, payload).await?;
    let approval = fields.get("authorization");
    let begun = site.gateway.begin_change(door.client, door.cookie, fields.csrf(), approval).await;
    let begun = begun.map_err(|error| door.framed(error.into()))?;
    let visit = begun.transaction.to_string();
    let mut response = answer::see_other(&format!("/oauth/authorize?transaction={visit}"));
    response.insert_header((header::REFERRER_POLICY, "strict-origin"));
    for old in authorize::cookie::make_room(&site, &request) {
        response.append_header((header::SET_COOKIE, old));
    }
    let kept = authorize::cookie::keep(&site, &visit, &begun.browser);
    Ok(response.append_header((header::SET_COOKIE, kept)).finish())
}

/// `POST …/update`: takes what the consent page brings.
#[tracing::instrument(name = "web.access.update", skip_all)]
pub(crate) async fn update(
    site: Data<Site>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    let door = Door::open_for_form(&site, &request).await?;
    let insider = door.insider().await?;
    let form = ConsentForm::read(&request, payload).await.map_err(|it| door.framed(it))?;
    let framing = &door.framing;
    let answered =
        authorize::approve::answer(&site, &request, &form, Some(&insider), framing).await;
    answered.map_err(|it| door.framed(it))
}

/// `POST …/revoke`
#[tracing::instrument(name = "web.access.revoke", skip_all)]
pub(crate) async fn revoke(
    site: Data<Site>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    let (door, fields) = Door::open_with_fields(&site, &request, payload).await?;
    let revoked = site.gateway.revoke_all(door.client, door.cookie, fields.csrf()).await;
    revoked.map_err(|error| door.framed(error.into()))?;
    Ok(door.done("revoked"))
}

/// `POST …/connections/{connectionId}/disconnect`
#[tracing::instrument(name = "web.access.disconnect", skip_all)]
pub(crate) async fn disconnect(
    site: Data<Site>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    let (door, fields) = Door::open_with_fields(&site, &request, payload).await?;
    let id = door.segment("connectionId");
    let (client, csrf) = (door.client, fields.csrf());
    let gone = site.gateway.disconnect_account(client, door.cookie, csrf, id).await;
    gone.map_err(|error| door.framed(error.into()))?;
    Ok(door.done("disconnected"))
}

/// `POST …/leave`: ends the session of this browser.
#[tracing::instrument(name = "web.access.leave", skip_all)]
pub(crate) async fn leave(
    site: Data<Site>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    let (door, fields) = Door::open_with_fields(&site, &request, payload).await?;
    let left = site.gateway.leave_access_page(door.client, door.cookie, fields.csrf()).await;
    left.map_err(|error| door.framed(error.into()))?;
    let mut response = door.done("left");
    if let Ok(value) = header::HeaderValue::try_from(cookie::forget(&site)) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}
