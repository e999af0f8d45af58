//! Logging in.

use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};
use askama::Template;
use lodge_gateway::people::{LogIn, LogInError, LoggedIn, SecondStep};
use lodge_kernel::SecretString;
use serde::Deserialize;

use super::{
    passkeys::AskedView,
    told::{Told, shown},
};
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
    /// There are passkeys under this address.
    passkeys: bool,
}

impl<'a> LogInPage<'a> {
    fn new(site: &Site, problem: Option<&'a str>, email: &'a str, return_to: &'a str) -> Self {
        let passkeys = site.gateway.relying_party().is_ok();
        Self { problem, email, return_to, open: site.gateway.people.open, passkeys }
    }
}

#[derive(Template)]
#[template(path = "account/code.html")]
struct CodePage<'a> {
    problem: Option<&'a str>,
    ticket: &'a str,
    return_to: &'a str,
    /// An authenticator app has a code.
    authenticator: bool,
    /// A device can answer this in the place of a code.
    asked: Option<AskedView>,
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
    shown(&LogInPage::new(&site, None, "", return_to))
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
            return second_step(&site, &ticket, return_to, None).await;
        }
        Err(LogInError::Proof(error)) => Told::proof(error)?,
        Err(LogInError::Storage(error)) => return Err(error.into()),
        Err(error) => Told::correct(&error),
    };
    Ok(told.page(&LogInPage::new(&site, Some(&told.text), &form.email, return_to)))
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
        Err(LogInError::Proof(error)) => Told::proof(error)?,
        Err(error @ LogInError::WrongCode) => Told::correct(&error),
        Err(LogInError::Storage(error)) => return Err(error.into()),
        Err(error) => return Ok(from_the_start(&site, &Told::correct(&error), return_to)),
    };
    second_step(&site, &form.ticket, return_to, Some(&told)).await
}

/// The page of the second step, with what is to be corrected.
pub(super) async fn second_step(
    site: &Site,
    ticket: &str,
    return_to: &str,
    told: Option<&Told>,
) -> Result<HttpResponse, Away> {
    let offered = match site.gateway.second_step(ticket).await {
        Ok(offered) => offered,
        Err(LogInError::Storage(error)) => return Err(error.into()),
        Err(error) => return Ok(from_the_start(site, &Told::correct(&error), return_to)),
    };
    let asked = offered.passkeys.map(|(question, known)| AskedView::new(&question, &known));
    let authenticator = offered.authenticator;
    let problem = told.map(|it| it.text.as_str());
    let page = CodePage { problem, ticket, return_to, authenticator, asked };
    Ok(match told {
        Some(told) => told.page(&page),
        None => shown(&page),
    })
}

/// The first page again, with what went wrong.
pub(super) fn from_the_start(site: &Site, told: &Told, return_to: &str) -> HttpResponse {
    told.page(&LogInPage::new(site, Some(&told.text), "", return_to))
}

/// The browser keeps the new session, and goes on.
pub(super) fn entered(site: &Site, opened: &LoggedIn, path: &str) -> HttpResponse {
    let mut response = answer::see_other(path);
    response.insert_header((header::SET_COOKIE, cookie::keep(site, &opened.token)));
    response.finish()
}
