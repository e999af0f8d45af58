//! The operator's commands.

use lodge_firewall::Rules;
use lodge_gateway::Policies;

use crate::{
    cli::{AdminCommand, DataOptions},
    print,
    wire::Base,
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
    let AdminCommand::Create { email, tenant, data } = command;
    runtime()?.block_on(async {
        let base = Base::open(&data).await?;
        let policies = Policies { firewall: true, journal: true };
        let (gateway, journal, writer) = base.gateway(Vec::new(), Rules::built_in(), policies);
        let developer = gateway.open_developer_session(&email, tenant.as_deref()).await?;
        drop((gateway, journal));
        writer.finish().await;
        let shown = serde_json::json!({
            "userId": developer.user.id.to_string(),
            "tenantId": developer.user.tenant.to_string(),
            "email": developer.user.email,
            "sessionToken": developer.session.expose(),
            "expiresAt": developer.expires_at.to_string(),
        });
        print::line(&serde_json::to_string_pretty(&shown)?)
    })
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
}
