//! One simulated host over a known folder, with everything an adapter is
//! given: for the tests of adapters.

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use lodge_forge::RepositoryId;
use lodge_kernel::{ConnectionId, SecretString, TenantId};
use lodge_provider::{
    Account, GitProvider, HostToken, HostTokenKind, HostTokens, ProviderError, RepositoryRef,
};
use lodge_provider_kit::{Base, Kit, KitConfig};
use lodge_testkit::{
    FixedClock,
    provider_contract::{Known, folder},
};
use uuid::Uuid;

use crate::{Accounts, Faults, Issued, Simulation, Simulator, World, WorldRepository};

/// A simulated host over a folder with `team/full` (of [`folder::SHAPE`]) and
/// `team/empty`. It ends, and the folder with it, when it is dropped.
pub struct Sandbox {
    /// The host.
    pub simulation: Simulation,
    /// The time, as adapters are told it.
    pub clock: Arc<FixedClock>,
    name: &'static str,
    _folder: tempfile::TempDir,
}

impl Sandbox {
    /// Starts `simulator`.
    ///
    /// # Errors
    ///
    /// What the file system, `git` or the network says.
    pub async fn start(simulator: impl Simulator + 'static) -> io::Result<Self> {
        Self::start_over(simulator, |_folder| Ok(())).await
    }

    /// Starts `simulator` over a folder where `add` makes further
    /// repositories.
    ///
    /// # Errors
    ///
    /// What the file system, `git` or the network says.
    pub async fn start_over(
        simulator: impl Simulator + 'static,
        add: impl FnOnce(&std::path::Path) -> io::Result<()>,
    ) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        folder::make_known(folder.path(), "team/full.git")?;
        folder::make_empty(folder.path(), "team/empty.git")?;
        add(folder.path())?;
        let clock = Arc::new(FixedClock::default());
        let world = World::read(folder.path(), clock.clone()).await.map_err(io::Error::other)?;
        let name = simulator.name();
        let simulation = Simulation::start(
            SocketAddr::from(([127, 0, 0, 1], 0)),
            world,
            vec![Box::new(simulator)],
        )
        .map_err(io::Error::other)?;
        Ok(Self { simulation, clock, name, _folder: folder })
    }

    /// The address, for [`HostConfig`](lodge_provider_kit::HostConfig).
    ///
    /// # Errors
    ///
    /// None: an address of this machine is one.
    pub fn base(&self) -> io::Result<Base> {
        Base::parse(&self.simulation.address(self.name)).map_err(io::Error::other)
    }

    /// What an adapter is given, with tokens of `kind`.
    ///
    /// # Errors
    ///
    /// When the system has no TLS roots.
    pub fn kit(&self, kind: HostTokenKind, config: KitConfig) -> io::Result<Kit> {
        let tokens =
            SandboxTokens { accounts: Arc::clone(self.accounts()?), kind, given: Mutex::default() };
        Kit::new(config, Arc::new(tokens), self.clock.clone()).map_err(io::Error::other)
    }

    /// Who has accounts there.
    ///
    /// # Errors
    ///
    /// None: the host is served.
    pub fn accounts(&self) -> io::Result<&Arc<Accounts>> {
        let none = || io::Error::other("the host is not served");
        self.simulation.accounts(self.name).ok_or_else(none)
    }

    /// Faults can be ordered here, for the host's name.
    pub fn faults(&self) -> &Faults {
        self.simulation.faults()
    }

    /// The truth.
    pub fn world(&self) -> &World {
        self.simulation.world()
    }

    /// One of the repositories, by `namespace/name`.
    ///
    /// # Errors
    ///
    /// When there is no such one.
    pub fn repository(&self, full_name: &str) -> io::Result<&WorldRepository> {
        let none = || io::Error::other(format!("there is no {full_name}"));
        self.world().named(full_name).ok_or_else(none)
    }

    /// `host` as the contract suite asks it. `id` gives a repository's id at
    /// the host; `missing` is the id of none.
    ///
    /// # Errors
    ///
    /// When an id is none.
    pub fn known(
        &self,
        host: Arc<dyn GitProvider>,
        id: impl Fn(&WorldRepository) -> String,
        missing: &str,
    ) -> io::Result<Known> {
        let at = |text: &str| repository_at(account(1), text);
        Ok(Known {
            host,
            full: at(&id(self.repository("team/full")?))?,
            empty: at(&id(self.repository("team/empty")?))?,
            missing: at(missing)?,
        })
    }
}

/// The account numbered `n`.
pub fn account(n: u128) -> Account {
    Account {
        tenant: TenantId::from_uuid(Uuid::from_u128(1)),
        connection: ConnectionId::from_uuid(Uuid::from_u128(n)),
    }
}

/// The repository `id`, seen through `account`.
///
/// # Errors
///
/// When `id` is not a repository's id.
pub fn repository_at(account: Account, id: &str) -> io::Result<RepositoryRef> {
    Ok(RepositoryRef { account, id: RepositoryId::parse(id).map_err(io::Error::other)? })
}

/// The tokens of the accounts: each gets its own at its first question, and
/// the next one for its refresh token.
struct SandboxTokens {
    accounts: Arc<Accounts>,
    kind: HostTokenKind,
    given: Mutex<HashMap<ConnectionId, (Issued, u64)>>,
}

impl SandboxTokens {
    fn show(&self, issued: &Issued, generation: u64) -> HostToken {
        let text = match self.kind {
            HostTokenKind::OAuth => issued.access.clone(),
            HostTokenKind::Personal => self.accounts.personal(),
        };
        HostToken { text: SecretString::from(text), kind: self.kind, generation }
    }
}

#[async_trait]
impl HostTokens for SandboxTokens {
    async fn token(&self, account: Account) -> Result<HostToken, ProviderError> {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let (issued, generation) =
            given.entry(account.connection).or_insert_with(|| (self.accounts.issue(), 1));
        Ok(self.show(issued, *generation))
    }

    async fn renew(
        &self,
        account: Account,
        refused: &HostToken,
    ) -> Result<HostToken, ProviderError> {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let known = given.get_mut(&account.connection);
        let (issued, generation) = known.ok_or(ProviderError::CredentialsRefused)?;
        if *generation == refused.generation {
            let next = self.accounts.refresh(&issued.refresh);
            *issued = next.ok_or(ProviderError::CredentialsRefused)?;
            *generation += 1;
        }
        Ok(self.show(issued, *generation))
    }
}
