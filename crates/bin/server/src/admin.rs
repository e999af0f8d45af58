//! The operator's commands.

use anyhow::Context as _;
use lodge_access::{Actor, Secret};
use lodge_firewall::Rules;
use lodge_gateway::{Gateway, Policies};
use lodge_provider_kit::Guard;
use lodge_system::JournalWriter;

use crate::{
    cli::{AdminCommand, DataOptions, LinkOptions},
    print,
    wire::{Base, Reach},
};

/// `gitlodge migrate`
pub(crate) fn migrate(options: &DataOptions) -> anyhow::Result<()> {
    runtime()?.block_on(async {
        let base = Base::open(options).await?;
        for step in &base.migrated {
            print::line(&format!("applied {step}"))?;
        }
        print::line("the database is up to date")
    })
}

/// `gitlodge admin …`
pub(crate) fn run(command: AdminCommand) -> anyhow::Result<()> {
    runtime()?.block_on(async {
        match command {
            AdminCommand::Create { email, tenant, links, data } => {
                let (gateway, writer) = open(&data).await?;
                let created = create(&gateway, &email, tenant.as_deref(), &links).await;
                writer.finish().await;
                print::line(&created?)
            }
            AdminCommand::ResetPassword { email, forget_authenticator, links, data } => {
                let (gateway, writer) = open(&data).await?;
                let link = reset(&gateway, &email, forget_authenticator, &links).await;
                writer.finish().await;
                print::line(&link?)
            }
            AdminCommand::Revoke { authorization, data } => {
                let id = authorization.parse()?;
                let (gateway, writer) = open(&data).await?;
                let found = gateway.take_back_authorization(Actor::Operator, id).await;
                writer.finish().await;
                anyhow::ensure!(found?, "there is no approval {id}");
                print::line(&format!("{id} is taken back"))
            }
        }
    })
}

/// The gateway without hosts: enough for what only changes the database.
pub(crate) async fn open(data: &DataOptions) -> anyhow::Result<(Gateway, JournalWriter)> {
    let policies = Policies { firewall: true, journal: true };
    let base = Base::open(data).await?;
    let (gateway, _, writer) =
        base.gateway(Vec::new(), Rules::built_in(), policies, Guard::Public, Reach::default())?;
    Ok((gateway, writer))
}

/// The developer's session as JSON, and a link for whoever has no password yet.
async fn create(
    gateway: &Gateway,
    email: &str,
    tenant: Option<&str>,
    links: &LinkOptions,
) -> anyhow::Result<String> {
    let developer = gateway.open_developer_session(email, tenant).await?;
    let person = gateway.person(developer.session.expose()).await?;
    let link = if gateway.has_password(&person).await? {
        None
    } else {
        gateway.make_password_link(&person.user.email).await?
    };
    let shown = serde_json::json!({
        "userId": developer.user.id.to_string(),
        "tenantId": developer.tenant.map(|it| it.to_string()),
        "email": developer.user.email,
        "sessionToken": developer.session.expose(),
        "expiresAt": developer.expires_at.to_string(),
        "passwordLink": link.map(|it| password_page(links, &it)),
    });
    Ok(serde_json::to_string_pretty(&shown)?)
}

async fn reset(
    gateway: &Gateway,
    email: &str,
    forget_authenticator: bool,
    links: &LinkOptions,
) -> anyhow::Result<String> {
    let link = gateway.make_password_link(email).await?;
    let link = link.with_context(|| format!("nobody has the address `{email}`"))?;
    if forget_authenticator {
        let user = gateway.password_link(link.expose()).await?;
        gateway.forget_second_proofs(user.id).await?;
    }
    Ok(password_page(links, &link))
}

fn password_page(links: &LinkOptions, secret: &Secret) -> String {
    format!("{}/app/password/{}", links.public_url.trim_end_matches('/'), secret.expose())
}

pub(crate) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
}
