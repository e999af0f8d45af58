//! `POST /oauth/authorize/approve`: the customer says yes.

use std::time::Duration;

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    rt::time::sleep,
    web::{Data, Payload},
};
use lodge_gateway::{customer::Insider, oauth::AnswerError};

use crate::{
    answer::Framing,
    authorize::{
        app::framing_of_visit, cookie, form::ConsentForm, origin, redirect, show, view::Said,
    },
    problem::Problem,
    site::Site,
};

/// How long the hosts have to say that what was ticked is there. Proxies give
/// up after a minute.
const PATIENCE: Duration = Duration::from_secs(45);

#[tracing::instrument(name = "web.approve", skip_all)]
pub(crate) async fn approve(
    site: Data<Site>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    site.admit(&request)?;
    origin::check(&site, &request)?;
    let form = ConsentForm::read(&request, payload).await?;
    let framing = framing_of_visit(&site.gateway, &form.transaction).await;
    answer(&site, &request, &form, None, &framing).await.map_err(|it| it.framed(framing))
}

/// Takes what the customer chose. `insider` is who changes what was approved
/// before.
pub(crate) async fn answer(
    site: &Site,
    request: &HttpRequest,
    form: &ConsentForm,
    insider: Option<&Insider>,
    framing: &Framing,
) -> Result<HttpResponse, Problem> {
    let visit = form.transaction.as_str();
    let cookie = cookie::of_visit(site, request, visit);
    if form.refine {
        let page = site.gateway.consent_page(visit, cookie.as_deref()).await?;
        return Ok(show::present(StatusCode::OK, request, &page, form, None));
    }
    let (approval, deadline) = (form.approval(), sleep(PATIENCE));
    let browser = cookie.as_deref();
    let approved = match insider {
        Some(it) => site.gateway.change_consent(it, visit, browser, &approval, deadline).await,
        None => site.gateway.approve_consent(visit, browser, &approval, deadline).await,
    };
    let (status, problem) = match approved {
        Ok(redirect) => return redirect::to_app(site, framing.clone(), &redirect),
        Err(AnswerError::Page(error)) => return Err(error.into()),
        Err(error @ AnswerError::Forged) => return Err(Problem::forged(error.to_string())),
        Err(AnswerError::Choice { problem }) => (StatusCode::UNPROCESSABLE_ENTITY, problem),
        Err(AnswerError::Host(error)) => {
            tracing::warn!(error = %error, "a host did not answer an approval");
            (StatusCode::BAD_GATEWAY, AnswerError::Host(error).to_string())
        }
    };
    let page = site.gateway.consent_page(visit, cookie.as_deref()).await?;
    Ok(show::present(status, request, &page, form, Some(Said::Problem(&problem))))
}
