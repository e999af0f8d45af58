//! The operator's commands.

use lodge_firewall::Rules;
use lodge_gateway::{Gateway, Policies, admin::Developer};
use lodge_provider_kit::Guard;
use lodge_system::JournalWriter;

use crate::{
    cli::{AdminCommand, DataOptions},
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
            AdminCommand::Create { email, tenant, data } => {
                let (gateway, writer) = open(&data).await?;
                let created = gateway.open_developer_session(&email, tenant.as_deref()).await;
                writer.finish().await;
                show(&created?)
            }
            AdminCommand::Revoke { authorization, data } => {
                let id = authorization.parse()?;
                let (gateway, writer) = open(&data).await?;
                let found = gateway.take_back_authorization(id).await;
                writer.finish().await;
                anyhow::ensure!(found?, "there is no approval {id}");
                print::line(&format!("{id} is taken back"))
            }
        }
    })
}

/// The gateway without hosts: enough for what only changes the database.
async fn open(data: &DataOptions) -> anyhow::Result<(Gateway, JournalWriter)> {
    let policies = Policies { firewall: true, journal: true };
    let base = Base::open(data).await?;
    let (gateway, _, writer) =
        base.gateway(Vec::new(), Rules::built_in(), policies, Guard::Public, Reach::default())?;
    Ok((gateway, writer))
}

fn show(developer: &Developer) -> anyhow::Result<()> {
    let shown = serde_json::json!({
        "userId": developer.user.id.to_string(),
        "tenantId": developer.tenant.map(|it| it.to_string()),
        "email": developer.user.email,
        "sessionToken": developer.session.expose(),
        "expiresAt": developer.expires_at.to_string(),
    });
    print::line(&serde_json::to_string_pretty(&shown)?)
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
}
