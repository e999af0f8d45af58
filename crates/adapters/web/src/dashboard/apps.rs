//! What the forms of an app do.

use actix_web::{HttpResponse, http::StatusCode, web};
use lodge_access::{Act, App, Permission, write_challenge};
use lodge_gateway::developer::{
    AppProblem, ConnectSessionDraft, ConnectSessionError, CreatedApp, Inviter,
};
use lodge_kernel::{ClientId, hex};
use url::Url;

use super::{
    app::{AppPage, NewAppPage, SecretPage, TriedPage},
    app_problem,
    form::{AppForm, Fields, field},
    frame::{Frame, Place},
    page,
    told::minute,
};
use crate::{
    answer,
    problem::Problem,
    session::{Away, CheckedForm, SignedIn},
};

const HOME: (&str, &str) = ("Apps and usage", "/app/dashboard");

fn frame(signed: &SignedIn) -> Frame {
    Frame::new(&signed.visitor.user, &signed.csrf, Place::Overview).below([HOME])
}

fn client_id(text: &str) -> Result<ClientId, Problem> {
    text.parse().map_err(|_not_an_id| app_problem(AppProblem::NotFound))
}

/// `GET /app/developer/apps/new`
pub(crate) async fn new(signed: SignedIn) -> Result<HttpResponse, Away> {
    let form = AppForm::fresh();
    Ok(page(StatusCode::OK, &NewAppPage { frame: frame(&signed), problem: None, form }))
}

/// `POST /app/developer/apps`
#[tracing::instrument(name = "web.create_app", skip_all)]
pub(crate) async fn create(sent: CheckedForm<Fields>) -> Result<HttpResponse, Away> {
    let signed = &sent.who;
    let form = AppForm::read(&sent.form);
    match signed.site.gateway.create_app(&signed.visitor, form.draft()).await {
        Ok(made) => Ok(secret(signed, &made, StatusCode::CREATED)),
        Err(AppProblem::Invalid(rule)) => {
            let problem = Some(rule.to_string());
            let view = NewAppPage { frame: frame(signed), problem, form };
            Ok(page(StatusCode::BAD_REQUEST, &view))
        }
        Err(error) => Err(app_problem(error).into()),
    }
}

/// `GET /app/developer/apps/{clientId}`
#[tracing::instrument(name = "web.app", skip_all)]
pub(crate) async fn show(signed: SignedIn, id: web::Path<String>) -> Result<HttpResponse, Away> {
    let app = find(&signed, &id).await?;
    Ok(app_page(&signed, &app, StatusCode::OK, None))
}

/// `POST /app/developer/apps/{clientId}/update`
#[tracing::instrument(name = "web.update_app", skip_all)]
pub(crate) async fn update(
    sent: CheckedForm<Fields>,
    id: web::Path<String>,
) -> Result<HttpResponse, Away> {
    let signed = &sent.who;
    let id = client_id(&id)?;
    let form = AppForm::read(&sent.form);
    match signed.site.gateway.update_app(&signed.visitor, id, form.change()).await {
        Ok(_) => Ok(answer::see_other(&format!("/app/developer/apps/{id}")).finish()),
        Err(AppProblem::Invalid(rule)) => {
            let app = find(signed, &id.to_string()).await?;
            let wrong = Some((rule.to_string(), form));
            Ok(app_page(signed, &app, StatusCode::BAD_REQUEST, wrong))
        }
        Err(error) => Err(app_problem(error).into()),
    }
}

/// `POST /app/developer/apps/{clientId}/delete`
#[tracing::instrument(name = "web.delete_app", skip_all)]
pub(crate) async fn delete(
    sent: CheckedForm<Fields>,
    id: web::Path<String>,
) -> Result<HttpResponse, Away> {
    let signed = &sent.who;
    let app = find(signed, &id).await?;
    if field(&sent.form, "confirmation") != app.name {
        let wrong = "what was typed is not the name of the app".to_owned();
        let wrong = Some((wrong, AppForm::of(&app)));
        return Ok(app_page(signed, &app, StatusCode::BAD_REQUEST, wrong));
    }
    signed.site.gateway.delete_app(&signed.visitor, app.id).await.map_err(app_problem)?;
    Ok(answer::see_other(HOME.1).finish())
}

/// `POST /app/developer/apps/{clientId}/secrets`
#[tracing::instrument(name = "web.rotate_secret", skip_all)]
pub(crate) async fn rotate(
    sent: CheckedForm<Fields>,
    id: web::Path<String>,
) -> Result<HttpResponse, Away> {
    let signed = &sent.who;
    let hours = field(&sent.form, "overlap_hours").parse();
    let hours = hours.map_err(|_not_a_number| app_problem(AppProblem::Overlap))?;
    let made = signed.site.gateway.rotate_secret(&signed.visitor, client_id(&id)?, hours).await;
    let made = made.map_err(app_problem)?;
    Ok(secret(signed, &made, StatusCode::CREATED))
}

/// `POST /app/developer/apps/{clientId}/try`
#[tracing::instrument(name = "web.try_app", skip_all)]
pub(crate) async fn try_it(
    sent: CheckedForm<Fields>,
    id: web::Path<String>,
) -> Result<HttpResponse, Away> {
    let signed = &sent.who;
    let gateway = &signed.site.gateway;
    let app = find(signed, &id).await?;
    let customer = field(&sent.form, "customer_ref");
    let draft = ConnectSessionDraft {
        customer_ref: customer.to_owned(),
        customer_name: None,
        purpose: Some("To try the app.".to_owned()),
        redirect_uri: None,
    };
    let inviter = Inviter::Developer(Box::new(signed.visitor.clone()));
    let made = match gateway.create_connect_session(&inviter, app.id, draft).await {
        Ok(made) => made,
        Err(ConnectSessionError::Invalid { problem }) => {
            let wrong = Some((problem.to_owned(), AppForm::of(&app)));
            return Ok(app_page(signed, &app, StatusCode::BAD_REQUEST, wrong));
        }
        Err(ConnectSessionError::App(error)) => return Err(app_problem(error).into()),
        Err(ConnectSessionError::Storage(error)) => return Err(error.into()),
        Err(ConnectSessionError::Client(error)) => return Err(Problem::broken(&error).into()),
    };
    let mut random = [0; 32];
    gateway.entropy.fill(&mut random);
    let verifier = hex::encode(&random);
    let challenge = write_challenge(&gateway.keys.digest(verifier.as_bytes()));
    let url = format!("{}/oauth/authorize", signed.site.issuer);
    let mut url = Url::parse(&url).map_err(|error| Problem::broken(&error))?;
    // Without permissions of its own, an app asks for what nearly all do.
    let asks = app.default_permissions;
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &app.id.to_string())
        .append_pair("redirect_uri", &made.redirect_uri)
        .append_pair("connect_token", made.token.expose())
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256");
    if asks.is_empty() {
        url.query_pairs_mut().append_pair("scope", Permission::ReadRepositories.scope());
    }
    let view = TriedPage {
        frame: frame(signed).below([HOME, (&app.name, &app_path(app.id))]),
        id: app.id.to_string(),
        customer,
        redirect_uri: made.redirect_uri,
        url: url.into(),
        until: minute(made.expires_at),
        issuer: &signed.site.issuer,
        verifier,
    };
    Ok(page(StatusCode::CREATED, &view))
}

fn app_path(id: ClientId) -> String {
    format!("/app/developer/apps/{id}")
}

async fn find(signed: &SignedIn, id: &str) -> Result<App, Problem> {
    let found = signed.site.gateway.show_app(&signed.visitor, client_id(id)?).await;
    found.map_err(app_problem)
}

fn app_page(
    signed: &SignedIn,
    app: &App,
    status: StatusCode,
    wrong: Option<(String, AppForm)>,
) -> HttpResponse {
    let may_manage = signed.visitor.role.may(Act::ManageApps);
    let view = AppPage::new(frame(signed), app, may_manage, &signed.site.issuer, wrong);
    page(status, &view)
}

/// The page that shows a secret, once: no browser keeps it.
fn secret(signed: &SignedIn, made: &CreatedApp, status: StatusCode) -> HttpResponse {
    let old = made.app.secrets.iter().find_map(|it| it.expires_at);
    let view = SecretPage {
        frame: frame(signed),
        name: &made.app.name,
        id: made.app.id.to_string(),
        secret: made.secret.expose(),
        old_until: old.map(minute),
    };
    page(status, &view)
}
