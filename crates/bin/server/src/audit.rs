//! `gitlodge audit`: whether the trail is what was written, and a copy of it.

use std::{fs, path::Path};

use anyhow::Context as _;
use lodge_access::{AuditEntry, Chain, Checkpoint};
use lodge_gateway::audit::verify::verify;
use lodge_kernel::hex;
use lodge_system::CheckpointKey;

use crate::{
    cli::{AuditCommand, CheckpointOptions, DataOptions},
    print,
    wire::{Base, checkpoint_key},
};

/// How many entries are read at once.
const PAGE: usize = 500;

/// `gitlodge audit …`
pub(crate) fn run(command: AuditCommand) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match command {
            AuditCommand::Verify { checkpoints, data } => check(&checkpoints, &data).await,
            AuditCommand::Export { tenant, data } => export(tenant.as_deref(), &data).await,
        }
    })
}

async fn check(options: &CheckpointOptions, data: &DataOptions) -> anyhow::Result<()> {
    let base = Base::open(data).await?;
    let mut wrong = Vec::new();
    let mut known = Vec::new();
    if let Some(path) = &options.audit_checkpoints {
        let key = CheckpointKey::read(&checkpoint_key(options, data))?;
        (known, wrong) = read(path, &key)?;
    }
    let verdict = verify(&*base.storage, &*base.keys, &known).await?;
    wrong.extend(verdict.faults.iter().map(|(chain, fault)| format!("{chain}: {fault}")));
    for line in &wrong {
        print::line(line)?;
    }
    let lib = format!(
        "{} entries in {} chains, compared with {} checkpoints",
        verdict.entries, verdict.chains, verdict.checkpoints
    );
    anyhow::ensure!(wrong.is_empty(), "the audit trail is not what was written: {lib}");
    print::line(&format!("the audit trail is what was written: {lib}"))
}

/// The checkpoints of a file, and what is wrong with its lines.
fn read(path: &Path, key: &CheckpointKey) -> anyhow::Result<(Vec<Checkpoint>, Vec<String>)> {
    let shown = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("{shown} cannot be read"))?;
    let (mut known, mut wrong) = (Vec::new(), Vec::new());
    for (n, line) in (1_u64..).zip(text.lines()) {
        match key.signed(line).map(Checkpoint::parse) {
            Some(Ok(checkpoint)) => known.push(checkpoint),
            Some(Err(error)) => wrong.push(format!("{shown}, line {n}: {error}")),
            None => wrong.push(format!("{shown}, line {n}: the signature does not fit")),
        }
    }
    Ok((known, wrong))
}

async fn export(tenant: Option<&str>, data: &DataOptions) -> anyhow::Result<()> {
    let base = Base::open(data).await?;
    let mut work = base.storage.read().await?;
    let chains = match tenant {
        Some(text) => vec![text.parse::<Chain>()?],
        None => work.audit().chains().await?,
    };
    for chain in chains {
        let mut after = 0;
        loop {
            let page = work.audit().walk(chain, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.sequence;
            for entry in &page {
                print::line(&line(entry))?;
            }
        }
    }
    Ok(())
}

/// One entry as one line of JSON.
fn line(entry: &AuditEntry) -> String {
    let event = &entry.event;
    serde_json::json!({
        "chain": event.chain.to_string(),
        "sequence": entry.sequence,
        "id": event.id.to_string(),
        "at": event.at.to_string(),
        "actor": event.actor.to_string(),
        "action": event.action.name(),
        "subject": event.subject,
        "reason": event.reason,
        "network": event.network,
        "requestId": event.request.map(|it| it.to_string()),
        "outcome": event.outcome.name(),
        "hash": hex::encode(&entry.hash.0),
    })
    .to_string()
}
