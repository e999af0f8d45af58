//! A gateway over a storage in memory, with the host `lab`.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use lodge_access::{Connection, Credentials, LoginMode, Secret, SecretKind, Transaction, UsageRow};
use lodge_firewall::Rules;
use lodge_gateway::{
    AccountTokens, Gateway, GrantCache, Policies,
    connections::{Bound, FinishLoginError, FinishedLogin, HostAnswer, StartLogin},
    events::EventPorts,
    people::PeoplePorts,
};
use lodge_kernel::SecretString;
use lodge_provider::{Account, Providers};
use lodge_services::{MockCallbacks, MockEventWriter};
use lodge_storage::{Connections, Storage, StorageError, StoreState, UnitOfWork, UsageJournal};
use lodge_testkit::{
    CountingEntropy, FixedClock, MemoryStorage, PlainKeyring, PlainProofs, PlainReceipts,
    TestTasks,
    builders::{MONTH, NOW, a_relying_party, a_secret, a_transaction, move_in, transaction_id},
};

use crate::host::{FakeHost, behind_the_port};

/// A storage that cannot be reached for a while.
#[derive(Default)]
pub(crate) struct Fragile {
    inner: MemoryStorage,
    failures: AtomicU32,
}

impl Fragile {
    /// The next units of work cannot begin.
    pub(crate) fn fail(&self, times: u32) {
        self.failures.store(times, Ordering::SeqCst);
    }
}

#[async_trait]
impl Storage for Fragile {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        let fewer = |left: u32| left.checked_sub(1);
        if self.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fewer).is_ok() {
            return Err(StorageError::Unavailable("made to fail".into()));
        }
        self.inner.begin().await
    }

    async fn read(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        self.inner.read().await
    }

    async fn access_version(&self) -> Result<u64, StorageError> {
        self.inner.access_version().await
    }

    async fn migrate(&self) -> Result<Vec<String>, StorageError> {
        self.inner.migrate().await
    }

    async fn state(&self) -> Result<StoreState, StorageError> {
        self.inner.state().await
    }

    fn connections(&self) -> Connections {
        self.inner.connections()
    }
}

struct NoJournal;

#[async_trait]
impl UsageJournal for NoJournal {
    async fn record(&self, _row: UsageRow) {}
}

/// A gateway: everything number 1 of the builders has moved in, and visit 1 of
/// the consent page is open.
pub(crate) struct House {
    pub(crate) storage: Arc<Fragile>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) host: Arc<FakeHost>,
    pub(crate) gateway: Gateway,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(FakeHost::new()).await
    }

    pub(crate) async fn with(host: Arc<FakeHost>) -> Self {
        let storage = Arc::new(Fragile::default());
        move_in(&*storage).await.unwrap();
        let mut work = storage.begin().await.unwrap();
        // Open for longer than any test.
        let visit = Transaction { expires_at: NOW.plus(MONTH), ..a_transaction(1) };
        work.transactions().add(&visit).await.unwrap();
        work.commit().await.unwrap();
        Self::over(storage, Arc::default(), host, 0)
    }

    /// Another process over the same database.
    pub(crate) fn neighbour(&self) -> Self {
        let (storage, clock) = (Arc::clone(&self.storage), Arc::clone(&self.clock));
        Self::over(storage, clock, Arc::clone(&self.host), 7)
    }

    fn over(storage: Arc<Fragile>, clock: Arc<FixedClock>, host: Arc<FakeHost>, seed: u32) -> Self {
        let entropy = Arc::new(CountingEntropy::seeded(seed));
        let keys = Arc::new(PlainKeyring);
        let hosts = [behind_the_port("lab", &host), behind_the_port("other", &host)];
        let providers = Providers::new(hosts);
        let accounts = AccountTokens::new(
            storage.clone(),
            keys.clone(),
            keys.clone(),
            clock.clone(),
            entropy.clone(),
            Arc::new(TestTasks),
        );
        let issuer = "https://gate.example".to_owned();
        accounts.bind(Bound { providers: providers.clone(), issuer });
        let gateway = Gateway {
            storage: storage.clone(),
            providers,
            clock: clock.clone(),
            entropy,
            keys,
            rules: Rules::built_in().into(),
            journal: Arc::new(NoJournal),
            grants: GrantCache::default(),
            receipts: Arc::new(PlainReceipts),
            people: PeoplePorts {
                passwords: Arc::new(PlainProofs),
                codes: Arc::new(PlainProofs),
                passkeys: Arc::new(PlainProofs),
                party: a_relying_party(),
                open: true,
            },
            events: EventPorts {
                callbacks: Arc::new(MockCallbacks::new()),
                writer: Arc::new(MockEventWriter::new()),
            },
            accounts,
            policies: Policies { firewall: true, journal: true },
        };
        Self { storage, clock, host, gateway }
    }

    /// Begins a login in the browser of the visit; answers its `state`.
    pub(crate) async fn start(&self) -> String {
        let browser = a_secret(SecretKind::Browser, 1);
        let ask = StartLogin {
            provider: "lab",
            transaction: &transaction_id(1).to_string(),
            browsers: &[browser.expose()],
            mode: LoginMode::Redirect,
        };
        let started = self.gateway.start_login(ask).await.unwrap();
        let (_, rest) = started.authorization_url.split_once("state=").unwrap();
        rest.split('&').next().unwrap().to_owned()
    }

    /// Comes back from `provider`, in the browser number `browser`.
    pub(crate) async fn finish_as(
        &self,
        (provider, browser): (&str, u32),
        state: &str,
        outcome: Result<&str, &str>,
    ) -> Result<FinishedLogin, FinishLoginError> {
        let browser: Secret = a_secret(SecretKind::Browser, browser);
        let outcome = outcome.map(|it| SecretString::from(it.to_owned())).map_err(str::to_owned);
        let answer = HostAnswer { provider, state, outcome, browsers: &["x", browser.expose()] };
        self.gateway.finish_login(answer).await
    }

    /// Comes back as it should be.
    pub(crate) async fn finish(
        &self,
        state: &str,
        outcome: Result<&str, &str>,
    ) -> Result<FinishedLogin, FinishLoginError> {
        self.finish_as(("lab", 1), state, outcome).await
    }

    /// An account that is connected, with a token for an hour.
    pub(crate) async fn connected(&self) -> Connection {
        self.host.expires(Some(self.gateway.now().plus(Duration::from_hours(1))));
        let state = self.start().await;
        self.finish(&state, Ok("good")).await.unwrap().outcome.unwrap()
    }

    /// What is kept of a connection.
    pub(crate) async fn kept(&self, of: &Connection) -> (Connection, Option<Credentials>) {
        let mut work = self.storage.read().await.unwrap();
        let connection = work.connections().find(of.id).await.unwrap().unwrap();
        (connection, work.credentials().find(of.id).await.unwrap())
    }

    /// Lets the access token of a connection age.
    pub(crate) fn an_hour_later(&self) {
        self.clock.advance(Duration::from_hours(1));
        self.host.expires(Some(self.gateway.now().plus(Duration::from_hours(1))));
    }
}

/// The account that `connection` is.
pub(crate) fn account(connection: &Connection) -> Account {
    Account { tenant: connection.tenant, connection: connection.id }
}

/// The visit ends by itself much later than a login.
#[test]
fn a_visit_outlives_a_login() {
    assert!(a_transaction(1).expires_at > NOW.plus(lodge_access::connection::LOGIN_LIFETIME));
}
