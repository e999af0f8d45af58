//! Accepting an invitation.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use askama::Template;
use lodge_gateway::people::{JoinError, Joining};
use lodge_kernel::SecretString;
use serde::Deserialize;

use super::{
    log_in::entered,
    log_out::Nothing,
    own::done,
    sign_up::told,
    told::{Told, shown},
};
use crate::{
    problem::Problem,
    session::{Away, CheckedForm, CsrfToken, OpenForm, SignedInPerson, caller, cookie, return_to},
    site::Site,
};

#[derive(Template)]
#[template(path = "account/join.html")]
struct JoinPage<'a> {
    problem: Option<&'a str>,
    tenant: &'a str,
    inviter: &'a str,
    email: &'a str,
    role: &'static str,
    meaning: &'static str,
    token: &'a str,
    login: String,
    name: &'a str,
    state: State,
}

/// What the person must do to join.
enum State {
    /// Press a button.
    Ready(CsrfToken),
    /// Sign out first: somebody else is signed in.
    SomebodyElse(String),
    /// Sign in.
    Known,
    /// Open an account.
    New,
}

/// A new account.
#[derive(Deserialize)]
pub(crate) struct JoinForm {
    #[serde(default)]
    name: String,
    password: SecretString,
}

/// The page.
pub(crate) async fn show(site: Data<Site>, request: HttpRequest) -> Result<HttpResponse, Away> {
    site.admit(&request)?;
    let token = token(&request);
    let joining = site.gateway.invitation(token).await.map_err(spent)?;
    let state = state(&site, &request, &joining).await;
    Ok(shown(&page(&joining, token, state, "", None)))
}

async fn state(site: &Site, request: &HttpRequest, joining: &Joining) -> State {
    if let Some(session) = cookie::session(site, request)
        && let Ok(person) = site.gateway.person(session).await
    {
        return if person.user.email == joining.invitation.email {
            State::Ready(CsrfToken::of(site, session))
        } else {
            State::SomebodyElse(person.user.email)
        };
    }
    if joining.known { State::Known } else { State::New }
}

fn page<'a>(
    joining: &'a Joining,
    token: &'a str,
    state: State,
    name: &'a str,
    problem: Option<&'a str>,
) -> JoinPage<'a> {
    let Joining { invitation, tenant, inviter, .. } = joining;
    JoinPage {
        problem,
        tenant: &tenant.name,
        inviter,
        email: &invitation.email,
        role: invitation.role.name(),
        meaning: invitation.role.meaning(),
        token,
        login: return_to::login(&format!("/app/join/{token}")),
        name,
        state,
    }
}

/// Somebody new opens an account and joins.
pub(crate) async fn submit(ask: OpenForm<JoinForm>) -> Result<HttpResponse, Away> {
    let OpenForm { site, form, request } = ask;
    let (token, caller) = (token(&request), caller(&site, &request));
    let told = match site.gateway.join_as_new(token, &form.name, form.password, &caller).await {
        Ok(opened) => return Ok(entered(&site, &opened, return_to::HOME)),
        Err(JoinError::SignUp(error)) => told(error)?,
        Err(error) => return Err(spent(error).into()),
    };
    let joining = site.gateway.invitation(token).await.map_err(spent)?;
    Ok(told.page(&page(&joining, token, State::New, &form.name, Some(&told.text))))
}

/// Somebody who is signed in joins.
pub(crate) async fn accept(
    ask: CheckedForm<Nothing, SignedInPerson>,
) -> Result<HttpResponse, Away> {
    let SignedInPerson { site, person, request, .. } = ask.who;
    let token = token(&request);
    match site.gateway.join(&person, token).await {
        Ok(_) => Ok(done("joined")),
        Err(error @ JoinError::SomebodyElse { .. }) => {
            let joining = site.gateway.invitation(token).await.map_err(spent)?;
            let (told, state) = (Told::denied(&error), State::SomebodyElse(person.user.email));
            Ok(told.page(&page(&joining, token, state, "", Some(&told.text))))
        }
        Err(error) => Err(spent(error).into()),
    }
}

fn token(request: &HttpRequest) -> &str {
    request.match_info().get("token").unwrap_or_default()
}

fn spent(error: JoinError) -> Problem {
    match error {
        JoinError::Storage(error) => error.into(),
        other => Problem::spent_link(other.to_string()),
    }
}
