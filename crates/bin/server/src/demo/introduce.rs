//! The demo's app, and the lines to copy. Everything goes the way that an
//! integrator's program goes.

use std::future::pending;

use anyhow::Context as _;
use lodge_access::{Permission, PermissionSet};
use lodge_gateway::{
    Gateway, Visitor,
    admin::CreateDeveloperError,
    developer::{AppDraft, ConnectSessionDraft, CreatedApp, Inviter},
    oauth::{AuthorizeRequest, ClientCredentials, TokenRequest, answer::Approval, answer::Choice},
};
use lodge_simulators::Simulation;
use url::Url;

use crate::print;

const DEVELOPER: &str = "demo@gitlodge.example";
const APP: &str = "Tea Insights (demo)";

/// Makes app, invitation and token, and prints what to do with them.
pub(crate) async fn introduce(
    gateway: &Gateway,
    public_url: &Url,
    simulation: Option<&Simulation>,
) -> anyhow::Result<()> {
    let base = public_url.as_str().trim_end_matches('/');
    let developer = developer(gateway).await?;
    let created = app(gateway, &developer, base).await?;
    let (id, secret) = (created.app.id.to_string(), created.secret.expose());
    let token = ready_token(gateway, &developer, &created).await?;
    let invitation = invite(gateway, &developer, &created).await?;
    let mut page = Url::parse(&format!("{base}/oauth/authorize"))?;
    page.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &id)
        .append_pair("redirect_uri", &invitation.redirect_uri)
        .append_pair("connect_token", invitation.token.expose())
        .append_pair("state", "demo");
    if let Some(simulation) = simulation {
        print::line(&format!("simulated hosts on {}", simulation.origin()))?;
    }
    let connect = match simulation {
        Some(_) => "\nConnect accounts there, too: the simulated hosts ask for no password.\n",
        None => "",
    };
    print::line(&format!(
        r#"
Read at once, with a token that is good for an hour:

  curl -H "Authorization: Bearer {token}" "{base}/v1/repositories"

Ask a customer yourself: open this page (once, within ten minutes), tick
repositories, approve. The next page shows the code and the line that exchanges it.

  {page}
{connect}
  client_id      {id}
  client_secret  {secret}

Sandbox: {base}/testapp      Reference: {base}/docs/api      Stop: Ctrl-C"#
    ))
}

async fn developer(gateway: &Gateway) -> anyhow::Result<Visitor> {
    let opened = match gateway.open_developer_session(DEVELOPER, None).await {
        Err(CreateDeveloperError::Unknown { .. }) => {
            gateway.open_developer_session(DEVELOPER, Some("Demo")).await
        }
        other => other,
    };
    Ok(gateway.visitor(opened?.session.expose()).await?)
}

/// A fresh app: the secret of the one of an earlier start is not known any
/// more, so that one goes.
async fn app(gateway: &Gateway, developer: &Visitor, base: &str) -> anyhow::Result<CreatedApp> {
    for old in gateway.list_apps(developer, None, 100).await? {
        if old.name == APP {
            gateway.delete_app(developer, old.id).await?;
        }
    }
    let draft = AppDraft {
        name: APP.to_owned(),
        description: Some("Counts commits and looks at what they change.".to_owned()),
        redirect_uris: vec![format!("{base}/demo/callback"), format!("{base}/testapp/callback")],
        embed_origins: Vec::new(),
        default_permissions: reading().collect(),
        // So that the exchange is one line to copy.
        require_pkce: false,
    };
    Ok(gateway.create_app(developer, draft).await?)
}

fn reading() -> impl Iterator<Item = Permission> {
    Permission::ALL.iter().copied().filter(|it| *it != Permission::SubscribeEvents)
}

async fn invite(
    gateway: &Gateway,
    developer: &Visitor,
    created: &CreatedApp,
) -> anyhow::Result<lodge_gateway::developer::CreatedConnectSession> {
    let draft = ConnectSessionDraft {
        customer_ref: "demo-customer".to_owned(),
        customer_name: Some("Demo customer".to_owned()),
        purpose: Some("To draw a chart of who works on what.".to_owned()),
        redirect_uri: None,
    };
    let inviter = Inviter::Developer(Box::new(developer.clone()));
    Ok(gateway.create_connect_session(&inviter, created.app.id, draft).await?)
}

/// A token for everything in the folder, as if a customer had ticked it all.
async fn ready_token(
    gateway: &Gateway,
    developer: &Visitor,
    created: &CreatedApp,
) -> anyhow::Result<String> {
    let invitation = invite(gateway, developer, created).await?;
    let begun = gateway
        .begin_authorization(&AuthorizeRequest {
            response_type: Some("code".to_owned()),
            client_id: Some(created.app.id.to_string()),
            redirect_uri: Some(invitation.redirect_uri.clone()),
            connect_token: Some(invitation.token.expose().to_owned()),
            ..AuthorizeRequest::default()
        })
        .await?;
    let visit = begun.transaction.to_string();
    let browser = Some(begun.browser.expose());
    let page = gateway.consent_page(&visit, browser).await?;
    let all: PermissionSet = reading().collect();
    let choices = page.accounts.iter().flat_map(|account| {
        let connection = account.connection.id;
        account.repositories.iter().map(move |it| Choice {
            connection,
            repository: it.id.clone(),
            permissions: all,
        })
    });
    let approval = Approval {
        csrf: page.csrf.clone(),
        choices: choices.collect(),
        account_permissions: all,
        days: Some(1),
    };
    let answer = gateway.approve_consent(&visit, browser, &approval, pending()).await?;
    let code = answer.parameters.into_iter().find(|(name, _)| *name == "code");
    let (_, code) = code.context("the approval brought no code")?;
    let credentials = ClientCredentials {
        id: created.app.id.to_string(),
        secret: created.secret.expose().to_owned(),
    };
    let request = TokenRequest {
        grant_type: Some("authorization_code".to_owned()),
        code: Some(code),
        redirect_uri: Some(invitation.redirect_uri),
        ..TokenRequest::default()
    };
    let issued = gateway.exchange_token(&credentials, &request).await?;
    Ok(issued.access.expose().to_owned())
}
