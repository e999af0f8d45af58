//! Logging in.

use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};
use askama::Template;
use lodge_gateway::people::{LogIn, LogInError, LoggedIn, SecondStep};
use lodge_kernel::SecretString;
use serde::Deserialize;

use super::told::{Told, shown};
use crate::{
    answer,
    session::{Away, OpenForm, caller, cookie, return_to},
    site::Site,
};

#[derive(Template)]
#[template(path = "account/log_in.html")]
struct LogInPage<'a> {
    problem: Option<&'a str>,
    email: &'a str,
    return_to: &'a str,
    open: bool,
}

#[derive(Template)]
#[template(path = "account/code.html")]
struct CodePage<'a> {
    problem: Option<&'a str>,
    ticket: &'a str,
    return_to: &'a str,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LogInQuery {
    #[serde(rename = "returnTo")]
    return_to: Option<String>,
}

/// The form of the first step.
#[derive(Deserialize)]
pub(crate) struct LogInForm {
    email: String,
    password: SecretString,
    #[serde(default, rename = "returnTo")]
    return_to: String,
}

/// The form of the second step.
#[derive(Deserialize)]
pub(crate) struct CodeForm {
    ticket: String,
    code: String,
    #[serde(default, rename = "returnTo")]
    return_to: String,
}

/// The page; whoever is in goes on at once.
pub(crate) async fn show(site: Data<Site>, request: HttpRequest) -> HttpResponse {
    let query: LogInQuery = serde_urlencoded::from_str(request.query_string()).unwrap_or_default();
    let return_to = return_to::path(query.return_to.as_deref());
    if let Some(session) = cookie::session(&site, &request)
        && site.gateway.person(session).await.is_ok()
    {
        return answer::see_other(return_to).finish();
    }
    let open = site.gateway.people.open;
    shown(&LogInPage { problem: None, email: "", return_to, open })
}

/// The first step.
pub(crate) async fn submit(ask: OpenForm<LogInForm>) -> Result<HttpResponse, Away> {
    let OpenForm { site, form, request } = ask;
    let return_to = return_to::path(Some(&form.return_to));
    let opened = site
        .gateway
        .log_in(LogIn {
            email: form.email.clone(),
            password: form.password,
            code: None,
            caller: caller(&site, &request),
            former: cookie::session(&site, &request).map(ToOwned::to_owned),
        })
        .await;
    let told = match opened {
        Ok(opened) => return Ok(entered(&site, &opened, return_to)),
        Err(LogInError::CodeNeeded { ticket }) => {
            return Ok(shown(&CodePage { problem: None, ticket: &ticket, return_to }));
        }
        Err(LogInError::Proof(error)) => Told::proof(error)?,
        Err(error @ (LogInError::WrongCode | LogInError::StepEnded)) => Told::correct(&error),
        Err(LogInError::Storage(error)) => return Err(error.into()),
    };
    let (problem, open) = (Some(told.text.as_str()), site.gateway.people.open);
    Ok(told.page(&LogInPage { problem, email: &form.email, return_to, open }))
}

/// The second step.
pub(crate) async fn submit_code(ask: OpenForm<CodeForm>) -> Result<HttpResponse, Away> {
    let OpenForm { site, form, request } = ask;
    let return_to = return_to::path(Some(&form.return_to));
    let opened = site
        .gateway
        .log_in_with_code(SecondStep {
            ticket: form.ticket.clone(),
            code: form.code,
            caller: caller(&site, &request),
            former: cookie::session(&site, &request).map(ToOwned::to_owned),
        })
        .await;
    let told = match opened {
        Ok(opened) => return Ok(entered(&site, &opened, return_to)),
        Err(error @ (LogInError::StepEnded | LogInError::CodeNeeded { .. })) => {
            let (told, open) = (Told::correct(&error), site.gateway.people.open);
            let problem = Some(told.text.as_str());
            return Ok(told.page(&LogInPage { problem, email: "", return_to, open }));
        }
        Err(LogInError::Proof(error)) => Told::proof(error)?,
        Err(error @ LogInError::WrongCode) => Told::correct(&error),
        Err(LogInError::Storage(error)) => return Err(error.into()),
    };
    Ok(told.page(&CodePage { problem: Some(&told.text), ticket: &form.ticket, return_to }))
}

/// The browser keeps the new session, and goes on.
pub(super) fn entered(site: &Site, opened: &LoggedIn, path: &str) -> HttpResponse {
    let mut response = answer::see_other(path);
    response.insert_header((header::SET_COOKIE, cookie::keep(site, &opened.token)));
    response.finish()
}
