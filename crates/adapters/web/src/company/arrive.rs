//! `GET /app/company/apps/{clientId}`: an app sends its customer, or the customer
//! comes back.

use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};
use lodge_gateway::{customer::EnterError, oauth::AuthorizeRequest};

use super::{cookie, door::Door, page};
use crate::{
    answer,
    authorize::{begin, parameters::Parameters},
    problem::Problem,
    site::Site,
};

/// What says who comes. Without any of it, the cookie does.
const PROOFS: [&str; 3] = ["connect_token", "request_uri", "customer_ref"];

#[tracing::instrument(name = "web.access", skip_all)]
pub(crate) async fn arrive(
    site: Data<Site>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let door = Door::open(&site, &request).await?;
    let query = Parameters::parse(request.query_string());
    let query = query.map_err(|error| door.framed(error.into()))?;
    if PROOFS.iter().any(|name| query.get(name).is_some()) {
        return enter(&door, query).await.map_err(|it| door.framed(it));
    }
    let insider = door.insider().await?;
    page::show(&door, insider).await.map_err(|it| door.framed(it))
}

/// Begins a session, and leads to the page under an address without the proof.
async fn enter(door: &Door<'_>, mut query: Parameters) -> Result<HttpResponse, Problem> {
    query.name_app(door.client);
    let (query, pushed) = begin::resolve(door.site, query).await?;
    let request: AuthorizeRequest = query.into_request(pushed);
    let entered = door.site.gateway.enter_access_page(&request, door.cookie).await;
    let secret = entered.map_err(|error| match error {
        EnterError::Link { problem } => Problem::link(problem),
        EnterError::Storage(error) => error.into(),
    })?;
    let mut response = answer::see_other(&format!("/app/company/apps/{}", door.client));
    if let Some(secret) = secret {
        let kept = cookie::keep(door.site, &secret);
        response.append_header((header::SET_COOKIE, kept));
    }
    Ok(response.finish())
}
