//! Setting a password by a link.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use askama::Template;
use lodge_gateway::people::PasswordChangeError;
use lodge_kernel::SecretString;
use serde::Deserialize;

use super::told::{Told, shown};
use crate::{
    answer,
    problem::Problem,
    session::{Away, OpenForm},
    site::Site,
};

#[derive(Template)]
#[template(path = "account/set_password.html")]
struct SetPasswordPage<'a> {
    problem: Option<&'a str>,
    email: &'a str,
    token: &'a str,
}

/// A new password.
#[derive(Deserialize)]
pub(crate) struct SetPasswordForm {
    password: SecretString,
}

/// The page.
pub(crate) async fn show(site: Data<Site>, request: HttpRequest) -> Result<HttpResponse, Away> {
    site.admit(&request)?;
    let token = token(&request);
    let user = site.gateway.password_link(token).await.map_err(spent)?;
    Ok(shown(&SetPasswordPage { problem: None, email: &user.email, token }))
}

/// The password is set; the person signs in with it.
pub(crate) async fn submit(ask: OpenForm<SetPasswordForm>) -> Result<HttpResponse, Away> {
    let OpenForm { site, form, request } = ask;
    let token = token(&request);
    let told = match site.gateway.set_password(token, form.password).await {
        Ok(_) => return Ok(answer::see_other("/app/login").finish()),
        Err(error @ PasswordChangeError::Password(_)) => Told::correct(&error),
        Err(PasswordChangeError::Proof(error)) => Told::proof(error)?,
        Err(error) => return Err(spent(error).into()),
    };
    let user = site.gateway.password_link(token).await.map_err(spent)?;
    Ok(told.page(&SetPasswordPage { problem: Some(&told.text), email: &user.email, token }))
}

fn token(request: &HttpRequest) -> &str {
    request.match_info().get("token").unwrap_or_default()
}

fn spent(error: PasswordChangeError) -> Problem {
    match error {
        PasswordChangeError::Storage(error) => error.into(),
        other => Problem::spent_link(other.to_string()),
    }
}
