//! Opening an account.

use actix_web::{HttpResponse, web::Data};
use askama::Template;
use lodge_gateway::people::{SignUp, SignUpError};
use lodge_kernel::SecretString;
use serde::Deserialize;

use super::{
    log_in::entered,
    told::{Told, shown},
};
use crate::{
    problem::Problem,
    session::{Away, OpenForm, caller, return_to},
    site::Site,
};

#[derive(Template)]
#[template(path = "account/sign_up.html")]
struct SignUpPage<'a> {
    problem: Option<&'a str>,
    organisation: &'a str,
    name: &'a str,
    email: &'a str,
}

/// The form.
#[derive(Deserialize)]
pub(crate) struct SignUpForm {
    organisation: String,
    #[serde(default)]
    name: String,
    email: String,
    password: SecretString,
}

/// The page.
pub(crate) async fn show(site: Data<Site>) -> Result<HttpResponse, Problem> {
    if !site.gateway.people.open {
        return Err(Problem::closed_sign_up(SignUpError::Closed.to_string()));
    }
    Ok(shown(&SignUpPage { problem: None, organisation: "", name: "", email: "" }))
}

/// The form is sent.
pub(crate) async fn submit(ask: OpenForm<SignUpForm>) -> Result<HttpResponse, Away> {
    let OpenForm { site, form, request } = ask;
    let SignUpForm { organisation, name, email, password } = form;
    let opened = site
        .gateway
        .sign_up(SignUp {
            email: email.clone(),
            name: name.clone(),
            organisation: organisation.clone(),
            password,
            caller: caller(&site, &request),
        })
        .await;
    let told = match opened {
        Ok(opened) => return Ok(entered(&site, &opened, return_to::HOME)),
        Err(error) => told(error)?,
    };
    let problem = Some(told.text.as_str());
    Ok(told.page(&SignUpPage { problem, organisation: &organisation, name: &name, email: &email }))
}

/// What stands above a form from which no account was opened.
pub(super) fn told(error: SignUpError) -> Result<Told, Problem> {
    match error {
        SignUpError::Closed => Err(Problem::closed_sign_up(error.to_string())),
        SignUpError::Person(_) | SignUpError::Password(_) | SignUpError::Taken => {
            Ok(Told::correct(&error))
        }
        SignUpError::Proof(error) => Told::proof(error),
        SignUpError::Storage(error) => Err(error.into()),
    }
}

/// Addresses that are not used any more: customers have no accounts.
pub(crate) async fn retired() -> Result<HttpResponse, Problem> {
    Err(Problem::retired())
}
