//! `/oauth/authorize/deny`: the customer says no. The contract has it as a
//! link; the page's own button sends its form.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Payload},
};

use crate::{
    authorize::{
        app::framing_of_visit, cookie, form::ConsentForm, origin, parameters::Parameters, redirect,
    },
    problem::Problem,
    site::Site,
};

#[tracing::instrument(name = "web.deny_by_link", skip_all)]
pub(crate) async fn deny_by_link(
    site: Data<Site>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    site.admit(&request)?;
    origin::check(&site, &request)?;
    let parameters = Parameters::parse(request.query_string())?;
    let visit = parameters.get("transaction");
    let visit = visit.ok_or_else(|| Problem::link("the parameter transaction is missing"))?;
    deny(&site, &request, visit).await
}

#[tracing::instrument(name = "web.deny_by_form", skip_all)]
pub(crate) async fn deny_by_form(
    site: Data<Site>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    site.admit(&request)?;
    origin::check(&site, &request)?;
    let form = ConsentForm::read(&request, payload).await?;
    deny(&site, &request, &form.transaction).await
}

async fn deny(site: &Site, request: &HttpRequest, visit: &str) -> Result<HttpResponse, Problem> {
    let cookie = cookie::of_visit(site, request, visit);
    match site.gateway.deny_consent(visit, cookie.as_deref()).await {
        Ok(redirect) => {
            let framing = framing_of_visit(&site.gateway, visit).await;
            redirect::to_app(site, framing, &redirect)
        }
        Err(error) => {
            let framing = framing_of_visit(&site.gateway, visit).await;
            Err(Problem::from(error).framed(framing))
        }
    }
}
