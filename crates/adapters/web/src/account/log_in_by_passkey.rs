//! Logging in with a passkey: alone, or in the place of a code.

use actix_web::HttpResponse;
use lodge_access::CredentialId;
use lodge_gateway::people::{LogInError, PasskeyLogIn};
use lodge_services::Assertion;
use serde::Deserialize;

use super::{
    log_in::{entered, from_the_start, second_step},
    passkeys::decoded,
    told::Told,
};
use crate::{
    problem::Problem,
    session::{Away, OpenForm, caller, cookie, return_to},
};

/// What a device answered.
#[derive(Deserialize)]
pub(crate) struct PasskeyForm {
    /// What came with the question.
    ticket: String,
    /// What the first step answered; empty where there was none.
    #[serde(default)]
    step: String,
    #[serde(default)]
    credential: String,
    #[serde(default)]
    client_data: String,
    #[serde(default)]
    authenticator_data: String,
    #[serde(default)]
    signature: String,
    #[serde(default)]
    user_handle: String,
    #[serde(default, rename = "returnTo")]
    return_to: String,
}

/// The answer.
pub(crate) async fn submit(ask: OpenForm<PasskeyForm>) -> Result<HttpResponse, Away> {
    let OpenForm { site, form, request } = ask;
    // A stranger's page could sign somebody in as itself. Every browser that has
    // passkeys and speaks to us safely says whose page it was.
    if !request.headers().contains_key("sec-fetch-site") {
        let text = "the browser does not say that one of our pages sent this form";
        return Err(Problem::forged_form(text).into());
    }
    let return_to = return_to::path(Some(&form.return_to));
    let opened = match CredentialId::new(decoded(&form.credential)) {
        None => Err(LogInError::WrongPasskey),
        Some(credential) => {
            let handle = Some(decoded(&form.user_handle)).filter(|it| !it.is_empty());
            let answer = Assertion {
                client_data: decoded(&form.client_data),
                authenticator_data: decoded(&form.authenticator_data),
                signature: decoded(&form.signature),
            };
            let ask = PasskeyLogIn {
                ticket: form.ticket,
                credential,
                answer,
                user_handle: handle,
                caller: caller(&site, &request),
                former: cookie::session(&site, &request).map(ToOwned::to_owned),
            };
            site.gateway.log_in_with_passkey(ask).await
        }
    };
    let told = match opened {
        Ok(opened) => return Ok(entered(&site, &opened, return_to)),
        Err(LogInError::Proof(error)) => Told::proof(error)?,
        Err(LogInError::Storage(error)) => return Err(error.into()),
        Err(error) => Told::correct(&error),
    };
    if form.step.is_empty() {
        return Ok(from_the_start(&site, &told, return_to));
    }
    second_step(&site, &form.step, return_to, Some(&told)).await
}
