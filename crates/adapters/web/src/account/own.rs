//! A person's own page: organisations, password, second proof, sessions.

use actix_web::HttpResponse;
use askama::Template;
use lodge_access::Session;
use lodge_gateway::people::PasswordChangeError;
use lodge_kernel::SecretString;
use serde::Deserialize;

use super::{
    log_out::Nothing,
    passkeys::PasskeyView,
    told::{Told, shown},
};
use crate::{
    answer,
    dashboard::{
        frame::{Frame, Place},
        told::minute,
    },
    problem::Problem,
    session::{Away, CheckedForm, SignedInPerson, caller, return_to},
};

#[derive(Template)]
#[template(path = "account/account.html")]
struct AccountPage<'a> {
    frame: Frame,
    problem: Option<&'a str>,
    name: Option<String>,
    email: String,
    organisations: Vec<OrganisationView>,
    has_password: bool,
    has_authenticator: bool,
    codes_left: u64,
    /// There are passkeys under this address, or why there are none.
    no_passkeys: Option<String>,
    passkeys: Vec<PasskeyView>,
    sessions: Vec<SessionView>,
}

struct OrganisationView {
    id: String,
    name: String,
    role: &'static str,
    here: bool,
}

struct SessionView {
    id: String,
    agent: String,
    since: String,
    seen: String,
    here: bool,
}

impl SessionView {
    fn new(it: &Session, current: &Session) -> Self {
        let agent = it.agent.clone().filter(|it| !it.is_empty());
        Self {
            id: it.id.to_string(),
            agent: agent.unwrap_or_else(|| "A program without a name".to_owned()),
            since: minute(it.created_at),
            seen: minute(it.seen_at),
            here: it.id == current.id,
        }
    }
}

/// A new password.
#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    #[serde(default)]
    old: SecretString,
    new: SecretString,
}

/// Another organisation.
#[derive(Deserialize)]
pub(crate) struct OrganisationForm {
    tenant: String,
}

/// The page.
pub(crate) async fn show(who: SignedInPerson) -> Result<HttpResponse, Away> {
    let said = match who.request.query_string() {
        "done=password" => Some("Your password is changed. All other sessions have ended."),
        "done=authenticator" => Some("The authenticator app is removed."),
        "done=passkey" => Some("The passkey is added."),
        "done=passkey-renamed" => Some("The passkey has its new name."),
        "done=passkey-removed" => Some("The passkey is removed."),
        "done=last-passkey-removed" => {
            Some("The passkey is removed. From now on your password alone opens your account.")
        }
        "done=sessions" => Some("The sessions have ended."),
        "done=joined" => Some("You belong to the organisation now."),
        _ => None,
    };
    Ok(shown(&page(&who, None, said).await?))
}

async fn page<'a>(
    who: &SignedInPerson,
    problem: Option<&'a str>,
    said: Option<&'static str>,
) -> Result<AccountPage<'a>, Away> {
    let SignedInPerson { site, person, csrf, .. } = who;
    let gateway = &site.gateway;
    let current = person.clone().visits().ok().map(|it| it.tenant);
    let organisations = gateway.organisations(&person.memberships).await?;
    let sessions = gateway.sessions(person).await?;
    Ok(AccountPage {
        frame: Frame { said, ..Frame::new(&person.user, csrf, Place::Account) },
        problem,
        name: person.user.name.clone(),
        email: person.user.email.clone(),
        organisations: organisations
            .into_iter()
            .map(|(membership, tenant)| OrganisationView {
                id: tenant.id.to_string(),
                name: tenant.name,
                role: membership.role.name(),
                here: Some(tenant.id) == current,
            })
            .collect(),
        has_password: gateway.has_password(person).await?,
        has_authenticator: gateway.has_authenticator(person.user.id).await?,
        codes_left: gateway.recovery_codes_left(person.user.id).await?,
        no_passkeys: gateway.relying_party().err().map(|it| it.to_string()),
        passkeys: gateway.passkeys(person).await?.iter().map(PasskeyView::new).collect(),
        sessions: sessions.iter().map(|it| SessionView::new(it, &person.session)).collect(),
    })
}

/// The page with what is to be corrected.
pub(super) async fn corrected(who: &SignedInPerson, told: &Told) -> Result<HttpResponse, Away> {
    Ok(told.page(&page(who, Some(&told.text), None).await?))
}

/// The page, which says what was done.
pub(super) fn done(what: &str) -> HttpResponse {
    answer::see_other(&format!("/app/account?done={what}")).finish()
}

/// A new password.
pub(crate) async fn change_password(
    ask: CheckedForm<PasswordForm, SignedInPerson>,
) -> Result<HttpResponse, Away> {
    let CheckedForm { who, form } = ask;
    let caller = caller(&who.site, &who.request);
    let gateway = &who.site.gateway;
    match gateway.change_password(&who.person, &form.old, form.new, &caller).await {
        Ok(()) => Ok(done("password")),
        Err(PasswordChangeError::Proof(error)) => {
            corrected(&who, &Told::proof(error).map_err(Away::from)?).await
        }
        Err(PasswordChangeError::Storage(error)) => Err(error.into()),
        Err(error) => corrected(&who, &Told::correct(&error)).await,
    }
}

/// The session goes into another organisation.
pub(crate) async fn enter(
    ask: CheckedForm<OrganisationForm, SignedInPerson>,
) -> Result<HttpResponse, Away> {
    let CheckedForm { who, form } = ask;
    if let Ok(tenant) = form.tenant.parse() {
        who.site.gateway.enter_organisation(&who.person, tenant).await?;
    }
    Ok(answer::see_other(return_to::HOME).finish())
}

/// One session ends.
pub(crate) async fn end_session(
    ask: CheckedForm<Nothing, SignedInPerson>,
) -> Result<HttpResponse, Away> {
    let who = ask.who;
    let id = who.request.match_info().get("sessionId").unwrap_or_default();
    if let Ok(id) = id.parse() {
        who.site.gateway.end_session(&who.person, id).await?;
    }
    Ok(done("sessions"))
}

/// All other sessions end.
pub(crate) async fn end_others(
    ask: CheckedForm<Nothing, SignedInPerson>,
) -> Result<HttpResponse, Away> {
    ask.who.site.gateway.end_other_sessions(&ask.who.person).await.map_err(Problem::from)?;
    Ok(done("sessions"))
}
