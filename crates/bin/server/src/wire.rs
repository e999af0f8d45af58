//! The one place that chooses adapters. A new host is one line here.

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
use lodge_callbacks::SignedCallbacks;
use lodge_firewall::Rules;
use lodge_gateway::{Gateway, GrantCache, Policies, events::EventPorts};
use lodge_http_api::JsonEvents;
use lodge_kernel::{Clock, Entropy, Keyring};
use lodge_provider::{Host, Providers};
use lodge_provider_kit::{Guard, Outbound};
use lodge_provider_local::{LocalConfig, LocalHost};
use lodge_storage::Storage;
use lodge_store::{EmbeddedConfig, EmbeddedStorage, PostgresConfig, PostgresStorage};
use lodge_system::{
    BatchingJournal, FileKeyring, JournalWriter, MasterKeys, OsEntropy, SystemClock,
};

use crate::cli::DataOptions;

/// What every command needs: time, chance, keys, and a database that is up to
/// date.
pub(crate) struct Base {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) keys: Arc<dyn Keyring>,
    pub(crate) storage: Arc<dyn Storage>,
    /// The steps that brought the database up to date.
    pub(crate) migrated: Vec<String>,
}

impl Base {
    /// Opens everything, after making the data folder if need be.
    pub(crate) async fn open(options: &DataOptions) -> anyhow::Result<Self> {
        let data = &options.data;
        make_private_folder(data)
            .with_context(|| format!("the data folder {} cannot be made", data.display()))?;
        let entropy = Arc::new(OsEntropy);
        let keys = match &options.master_keys {
            Some(text) => MasterKeys::parse(&text.as_str().into())?,
            None => MasterKeys::read_or_create(&data.join("keys"), &*entropy)?,
        };
        let storage: Arc<dyn Storage> = if let Some(url) = &options.database_url {
            let opened = PostgresStorage::connect(PostgresConfig::new(url.as_str())).await;
            Arc::new(opened.context("the PostgreSQL database cannot be opened")?)
        } else {
            let config = EmbeddedConfig::new(data.join("gitlodge.db"));
            let opened = EmbeddedStorage::open(config).await;
            Arc::new(opened.context("the embedded database cannot be opened")?)
        };
        let migrated =
            storage.migrate().await.context("the database cannot be brought up to date")?;
        Ok(Self {
            clock: Arc::new(SystemClock),
            entropy,
            keys: Arc::new(FileKeyring::new(&keys)),
            storage,
            migrated,
        })
    }

    /// The gateway over `hosts`, which calls what `guard` allows. Its journal
    /// must be awaited at the end.
    pub(crate) fn gateway(
        self,
        hosts: Vec<Host>,
        rules: Rules,
        policies: Policies,
        guard: Guard,
    ) -> anyhow::Result<(Gateway, BatchingJournal, JournalWriter)> {
        let outbound = Outbound::new(guard).context("callbacks cannot be called")?;
        let events = EventPorts {
            callbacks: Arc::new(SignedCallbacks::new(outbound)),
            writer: Arc::new(JsonEvents::new(rules.version())),
        };
        let (journal, writer) = BatchingJournal::start(Arc::clone(&self.storage));
        let gateway = Gateway {
            storage: self.storage,
            providers: Providers::new(hosts),
            clock: self.clock,
            entropy: self.entropy,
            keys: self.keys,
            rules,
            journal: Arc::new(journal.clone()),
            grants: GrantCache::default(),
            events,
            policies,
        };
        Ok((gateway, journal, writer))
    }
}

/// The hosts that are enabled.
pub(crate) fn hosts(
    repositories: Option<&Path>,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<Vec<Host>> {
    let mut hosts: Vec<Host> = Vec::new();
    if let Some(root) = repositories {
        let local = LocalHost::open(LocalConfig::new(root, Arc::clone(clock)))?;
        hosts.push(Host::plain(Arc::new(local)));
    }
    Ok(hosts)
}

/// Makes a folder that only this user can read.
fn make_private_folder(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}
