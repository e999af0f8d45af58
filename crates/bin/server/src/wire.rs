//! The one place that chooses adapters. A new host is one line here.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use lodge_access::{RelyingParty, passkey::NoPasskeys};
use lodge_callbacks::SignedCallbacks;
use lodge_firewall::Rules;
use lodge_gateway::{
    AccountTokens, Gateway, GrantCache, Policies, events::EventPorts, people::PeoplePorts,
};
use lodge_http_api::{JsonEvents, JwsReceipts};
use lodge_kernel::{Clock, Entropy, Keyring, SecretString, Signer, Vault};
use lodge_passkeys::WebAuthn;
use lodge_provider::{Host, HostTokens, HostWatch, Providers, WebhookScheme};
use lodge_provider_kit::{BaseError, Guard, HostConfig, Kit, KitConfig, Outbound};
use lodge_provider_local::{LocalConfig, LocalHost};
use lodge_storage::Storage;
use lodge_store::{EmbeddedConfig, EmbeddedStorage, PostgresConfig, PostgresStorage};
use lodge_system::{
    Argon2Passwords, BatchingJournal, FileKeyring, HmacCodes, JournalWriter, LivingKeyring,
    MasterKeys, OsEntropy, SystemClock, TokioTasks,
};
use lodge_teaching::sources::InstallationTokens;
use url::Url;

use crate::{
    cli::{CheckpointOptions, DataOptions},
    hosts::{self, HostEntry},
};

/// A kind of Git host that can be configured.
#[derive(Debug)]
pub(crate) struct HostKind {
    /// Its name in the file of hosts.
    pub(crate) name: &'static str,
    /// Its name for people, unless the file has another one.
    pub(crate) label: &'static str,
    /// The vendor's own host. `None` where there is none: the file must have an
    /// address.
    pub(crate) vendor: Option<&'static str>,
    /// Opens the adapter.
    pub(crate) open: fn(HostConfig, &Kit) -> Result<Host, BaseError>,
}

/// Every kind. `local` is not among them: it is a folder, and has no account.
#[rustfmt::skip]
pub(crate) const KINDS: &[HostKind] = &[
    HostKind { name: "azure",     label: "Azure DevOps", vendor: Some("https://dev.azure.com"),     open: lodge_provider_azure::open },
    HostKind { name: "bitbucket", label: "Bitbucket",    vendor: Some("https://api.bitbucket.org"), open: lodge_provider_bitbucket::open },
    HostKind { name: "gitea",     label: "Gitea",        vendor: None,                              open: lodge_provider_gitea::open },
    HostKind { name: "github",    label: "GitHub",       vendor: Some("https://api.github.com"),    open: lodge_provider_github::open },
    HostKind { name: "gitlab",    label: "GitLab",       vendor: Some("https://gitlab.com"),        open: lodge_provider_gitlab::open },
];

/// How each kind of host proves what it delivers, by its name.
#[rustfmt::skip]
pub(crate) const SCHEMES: &[(&str, &dyn WebhookScheme)] = &[
    ("azure",     lodge_provider_azure::SCHEME),
    ("bitbucket", lodge_provider_bitbucket::SCHEME),
    ("gitea",     lodge_provider_gitea::SCHEME),
    ("github",    lodge_provider_github::SCHEME),
    ("gitlab",    lodge_provider_gitlab::SCHEME),
];

/// How people reach the gateway.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    /// The public address, without a slash at its end. The operator at the
    /// command line has none.
    pub(crate) issuer: Option<String>,
    /// Strangers may open accounts.
    pub(crate) open: bool,
}

/// One of the databases that there are, for what only one of them can.
pub(crate) enum Database {
    Embedded(Arc<EmbeddedStorage>),
    Postgres(Arc<PostgresStorage>),
}

impl Database {
    /// Opens it as it is: nothing is brought up to date.
    pub(crate) async fn open(options: &DataOptions) -> anyhow::Result<Self> {
        if let Some(url) = &options.database_url {
            let opened = PostgresStorage::connect(PostgresConfig::new(url.as_str())).await;
            let opened = opened.context("the PostgreSQL database cannot be opened")?;
            return Ok(Self::Postgres(Arc::new(opened)));
        }
        let opened = EmbeddedStorage::open(EmbeddedConfig::new(database_file(&options.data))).await;
        Ok(Self::Embedded(Arc::new(opened.context("the embedded database cannot be opened")?)))
    }

    /// Opens it to look at it: nothing is made, and nothing of it changes.
    pub(crate) async fn look_at(options: &DataOptions) -> anyhow::Result<Self> {
        if options.database_url.is_some() {
            return Self::open(options).await;
        }
        let config = EmbeddedConfig::new(database_file(&options.data));
        let opened = EmbeddedStorage::open_existing(&config).await;
        Ok(Self::Embedded(Arc::new(opened.context("the embedded database cannot be opened")?)))
    }

    pub(crate) fn storage(&self) -> Arc<dyn Storage> {
        match self {
            Self::Embedded(it) => it.clone(),
            Self::Postgres(it) => it.clone(),
        }
    }
}

/// What every command needs: time, chance, keys, and a database that is up to
/// date.
pub(crate) struct Base {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) keys: Arc<dyn Keyring>,
    pub(crate) signer: Arc<dyn Signer>,
    /// The same keys, where they come from a file that may change.
    pub(crate) living: Option<Arc<LivingKeyring>>,
    /// What seals secrets that are kept.
    pub(crate) vault: Arc<dyn Vault>,
    /// What accounts at the hosts are read with.
    pub(crate) accounts: AccountTokens,
    pub(crate) storage: Arc<dyn Storage>,
    /// The steps that brought the database up to date.
    pub(crate) migrated: Vec<String>,
}

/// One ring of keys in its three roles, and the ring itself where it can change.
type Rings = (Arc<dyn Keyring>, Arc<dyn Vault>, Arc<dyn Signer>, Option<Arc<LivingKeyring>>);

impl Base {
    /// Opens everything, after making the data folder if need be.
    pub(crate) async fn open(options: &DataOptions) -> anyhow::Result<Self> {
        let data = &options.data;
        make_private_folder(data)
            .with_context(|| format!("the data folder {} cannot be made", data.display()))?;
        let entropy = Arc::new(OsEntropy);
        let (keys, vault, signer, living): Rings = if let Some(text) = &options.master_keys {
            let ring = MasterKeys::parse(&text.as_str().into())?;
            let ring = Arc::new(FileKeyring::new(&ring));
            (ring.clone(), ring.clone(), ring, None)
        } else {
            let ring = Arc::new(LivingKeyring::open(&key_file(options), &*entropy)?);
            (ring.clone(), ring.clone(), ring.clone(), Some(ring))
        };
        let storage = Database::open(options).await?.storage();
        let migrated =
            storage.migrate().await.context("the database cannot be brought up to date")?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let accounts = AccountTokens::new(
            Arc::clone(&storage),
            Arc::clone(&vault),
            Arc::clone(&keys),
            Arc::clone(&clock),
            entropy.clone(),
            Arc::new(TokioTasks),
        );
        Ok(Self { clock, entropy, keys, signer, living, vault, accounts, storage, migrated })
    }

    /// The gateway over `hosts`, which calls what `guard` allows. Its journal must
    /// be awaited at the end.
    pub(crate) fn gateway(
        self,
        hosts: Vec<Host>,
        rules: Rules,
        policies: Policies,
        guard: Guard,
        reach: Reach,
    ) -> anyhow::Result<(Gateway, BatchingJournal, JournalWriter)> {
        let outbound = Outbound::new(guard).context("callbacks cannot be called")?;
        let events = EventPorts {
            callbacks: Arc::new(SignedCallbacks::new(outbound)),
            writer: Arc::new(JsonEvents::new(rules.version())),
        };
        // The operator at the command line asks no device.
        let public_url = reach.issuer.as_deref().and_then(|it| Url::parse(it).ok());
        let party = public_url.map_or(Err(NoPasskeys::Nameless), |it| RelyingParty::at(&it));
        let receipts = Arc::new(JwsReceipts::new(self.signer, &*self.keys, reach.issuer));
        let people = PeoplePorts {
            passwords: Arc::new(Argon2Passwords::new(Arc::clone(&self.entropy))?),
            codes: Arc::new(HmacCodes),
            passkeys: Arc::new(WebAuthn),
            party,
            open: reach.open,
        };
        let (journal, writer) = BatchingJournal::start(Arc::clone(&self.storage));
        let gateway = Gateway {
            storage: self.storage,
            providers: Providers::new(hosts),
            clock: self.clock,
            entropy: self.entropy,
            keys: self.keys,
            rules: rules.into(),
            journal: Arc::new(journal.clone()),
            grants: GrantCache::default(),
            accounts: self.accounts,
            events,
            people,
            receipts,
            policies,
        };
        Ok((gateway, journal, writer))
    }
}

/// The hosts that are enabled; `watch` is told how they answer. Their adapters
/// get the tokens of accounts before [`AccountTokens::bind`] says which hosts
/// there are.
pub(crate) fn hosts(
    repositories: Option<&Path>,
    entries: Vec<HostEntry>,
    config: KitConfig,
    base: &Base,
    (own, watch): (Option<SecretString>, Arc<dyn HostWatch>),
) -> anyhow::Result<Vec<Host>> {
    let mut hosts: Vec<Host> = Vec::new();
    if let Some(root) = repositories {
        let local = LocalHost::open(LocalConfig::new(root, Arc::clone(&base.clock)))?;
        let local = Arc::new(local);
        hosts.push(Host { courses: Some(local.clone()), ..Host::plain(local) });
    }
    if entries.is_empty() {
        return Ok(hosts);
    }
    let tokens: Arc<dyn HostTokens> = Arc::new(base.accounts.clone());
    let kit = Kit::new(config, tokens, Arc::clone(&base.clock))
        .context("the connections to Git hosts cannot be made")?;
    // The operator's own token is for one host, and no other is shown it.
    let with_own = |tokens| InstallationTokens { accounts: tokens, own: own.clone() };
    for HostEntry { kind, config } in entries {
        let name = config.name.clone();
        let mut kit = kit.watched(name.clone(), Arc::clone(&watch));
        if name.as_str() == hosts::GITLAB {
            kit.tokens = Arc::new(with_own(Arc::clone(&kit.tokens)));
        }
        let host = (kind.open)(config, &kit);
        hosts.push(host.with_context(|| format!("the host `{name}` cannot be used"))?);
    }
    Ok(hosts)
}

/// Where the embedded database is.
pub(crate) fn database_file(data: &Path) -> PathBuf {
    data.join("gitlodge.db")
}

/// Where the master keys are, unless the environment has them.
pub(crate) fn key_file(options: &DataOptions) -> PathBuf {
    options.data.join("keys")
}

/// Where the key is that signs checkpoints of the audit trail.
pub(crate) fn checkpoint_key(options: &CheckpointOptions, data: &DataOptions) -> PathBuf {
    options.audit_key.clone().unwrap_or_else(|| data.data.join("checkpoint-key"))
}

/// Makes a folder that only this user can read.
pub(crate) fn make_private_folder(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}
