//! A visit begins.

use actix_web::{HttpRequest, HttpResponse, http::header};
use lodge_access::AnswerMode;
use lodge_gateway::oauth::{BeginError, OAuthError, OAuthErrorCode, Redirect};

use crate::{
    answer::{self, Framing},
    authorize::{app::app_named, cookie, parameters::Parameters, redirect},
    problem::Problem,
    site::Site,
};

/// Begins a visit and leads to its page, under an address that carries
/// neither the connect token nor anything else of the request.
pub(crate) async fn begin(
    site: &Site,
    request: &HttpRequest,
    parameters: Parameters,
) -> Result<HttpResponse, Problem> {
    let app = app_named(&site.gateway, parameters.get("client_id")).await?;
    let framing = app.as_ref().map_or(Framing::Nobody, Framing::by);
    let framed = |problem: Problem| problem.framed(framing.clone());

    let (parameters, pushed) = resolve(site, parameters).await.map_err(&framed)?;
    match site.gateway.begin_authorization(&parameters.into_request(pushed)).await {
        Ok(begun) => {
            let visit = begun.transaction.to_string();
            let mut response = answer::see_other(&format!("/oauth/authorize?transaction={visit}"));
            // The page says which site opened it. What is told is the origin of
            // that site, as it is now, and never this address with its token.
            response.insert_header((header::REFERRER_POLICY, "strict-origin"));
            for old in cookie::make_room(site, request) {
                response.append_header((header::SET_COOKIE, old));
            }
            let cookie = cookie::keep(site, &visit, &begun.browser);
            Ok(response.append_header((header::SET_COOKIE, cookie)).finish())
        }
        Err(BeginError::Redirect { redirect_uri, answer, state, code, description }) => {
            let framing = framing.clone();
            refuse(site, framing, Refused { redirect_uri, answer, state, code, description })
        }
        Err(BeginError::Page { problem }) => Err(framed(Problem::link(problem))),
        Err(BeginError::Storage(error)) => Err(framed(error.into())),
    }
}

/// The parameters that the app's server sent ahead, if there are any (RFC
/// 9126, 4): beside them, only the query's `client_id` counts.
pub(crate) async fn resolve(site: &Site, query: Parameters) -> Result<(Parameters, bool), Problem> {
    let Some(request_uri) = query.get("request_uri") else { return Ok((query, false)) };
    let client_id = query.get("client_id").ok_or_else(|| Problem::link("client_id is missing"))?;
    match site.gateway.take_pushed_request(client_id, request_uri).await {
        Ok(pushed) => Ok((Parameters::pushed(&pushed, client_id)?, true)),
        Err(OAuthError::Refused { description, .. }) => Err(Problem::link(description)),
        Err(OAuthError::Storage(error)) => Err(error.into()),
    }
}

/// Tells the app, at its address, why there is no page.
fn refuse(site: &Site, framing: Framing, refused: Refused) -> Result<HttpResponse, Problem> {
    let mut parameters = vec![
        ("error", refused.code.name().to_owned()),
        ("error_description", redirect::description(&refused.description)),
    ];
    parameters.extend(refused.state.map(|it| ("state", it)));
    let (redirect_uri, answer) = (refused.redirect_uri, refused.answer);
    redirect::to_app(site, framing, &Redirect { redirect_uri, answer, parameters })
}

struct Refused {
    redirect_uri: String,
    answer: AnswerMode,
    state: Option<String>,
    code: OAuthErrorCode,
    description: String,
}
