//! `gitlodge keys`: the master keys, and what each has wrapped.

use std::{collections::BTreeMap, time::Duration};

use anyhow::Context as _;
use lodge_access::{Action, Actor};
use lodge_gateway::{
    audit::{Happened, Scribe},
    connections::rewrap_data_keys,
};
use lodge_kernel::ExposeSecret as _;
use lodge_system::{FileKeyring, MasterKeys, OsEntropy, rotation::LOOK_EVERY};

use crate::{
    cli::{DataOptions, KeysCommand},
    print,
    wire::{Base, key_file},
};

/// `gitlodge keys …`
pub(crate) fn run(command: KeysCommand) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match command {
            KeysCommand::Status(data) => status(&data).await,
            KeysCommand::Rotate(data) => rotate(&data).await,
        }
    })
}

/// The master keys as they are at present.
fn ring(data: &DataOptions) -> anyhow::Result<MasterKeys> {
    Ok(match &data.master_keys {
        Some(text) => MasterKeys::parse(&text.as_str().into())?,
        None => MasterKeys::read_or_create(&key_file(data), &OsEntropy)?,
    })
}

/// How many data keys each master key has wrapped.
async fn counts(base: &Base) -> anyhow::Result<BTreeMap<u8, u64>> {
    let mut work = base.storage.read().await?;
    Ok(work.data_keys().count().await?.into_iter().collect())
}

async fn status(data: &DataOptions) -> anyhow::Result<()> {
    let base = Base::open(data).await?;
    let keys = ring(data)?;
    let mut counts = counts(&base).await?;
    let mut tell = |id: u8, role: &str| {
        let wrapped = counts.remove(&id).unwrap_or(0);
        print::line(&format!("k{id}  {role}; it has wrapped {wrapped} data keys"))
    };
    tell(keys.newest(), "seals and opens")?;
    if let Some(previous) = keys.previous() {
        tell(previous, "opens")?;
    }
    for (id, wrapped) in counts {
        print::line(&format!(
            "k{id}  is missing, and has wrapped {wrapped} data keys: put it back below the others"
        ))?;
    }
    Ok(())
}

async fn rotate(data: &DataOptions) -> anyhow::Result<()> {
    let base = Base::open(data).await?;
    let keys = ring(data)?;
    let others: u64 = {
        let counts = counts(&base).await?;
        counts.iter().filter(|(id, _)| **id != keys.newest()).map(|(_, wrapped)| wrapped).sum()
    };
    if others > 0 {
        print::line("a rotation was broken off: it goes on")?;
        return rewrap(&base, &keys, others).await;
    }
    if data.master_keys.is_some() {
        // We cannot write there. The ring is shown, since nobody else has it.
        let next = keys.with_fresh(&OsEntropy).turned();
        let lines = next.to_text();
        let entries = lines.expose_secret().lines().filter(|it| !it.starts_with('#'));
        let text = entries.collect::<Vec<_>>().join(",");
        print::line("the master keys come from GITLODGE_MASTER_KEYS; set it everywhere to")?;
        print::line(&text)?;
        print::line("then restart every gateway, and run `gitlodge keys rotate` again")?;
        return Ok(());
    }
    let path = key_file(data);
    let keys = keys.with_fresh(&OsEntropy);
    keys.replace(&path, &OsEntropy)?;
    let fresh = keys.previous().context("a fresh key stands below the newest")?;
    print::line(&format!("k{fresh} is made; running gateways learn to open with it"))?;
    patience().await;
    let keys = keys.turned();
    keys.replace(&path, &OsEntropy)?;
    print::line(&format!("k{fresh} seals"))?;
    let scribe = Scribe { clock: &*base.clock, entropy: &*base.entropy, keys: &*base.keys };
    let mut work = base.storage.begin().await?;
    let rotated = Happened::new(None, Actor::Operator, Action::KeysRotated);
    scribe.append(&mut *work, rotated.to(format!("k{fresh}"))).await?;
    work.commit().await?;
    patience().await;
    let all = counts(&base).await?.values().sum();
    rewrap(&base, &keys, all).await
}

/// Until every running process has looked at the file.
async fn patience() {
    tokio::time::sleep(LOOK_EVERY + Duration::from_secs(1)).await;
}

async fn rewrap(base: &Base, keys: &MasterKeys, all: u64) -> anyhow::Result<()> {
    let vault = FileKeyring::new(keys);
    let tell = |done: u64| {
        // A terminal that went away does not end the work.
        let _ = print::line(&format!("{done} of {all} data keys are wrapped again"));
    };
    let done = rewrap_data_keys(&*base.storage, &vault, tell).await?;
    print::line(&format!("done: k{} has wrapped every data key ({done} just now)", keys.newest()))?;
    if let Some(previous) = keys.previous() {
        print::line(&format!("k{previous} still opens cursors; the next rotation removes it"))?;
    }
    Ok(())
}
