//! Storage in memory: the fake that other crates' tests keep things in. It
//! passes the same contract suite as the real ones.

mod access;
mod activity;
mod administration;
mod answers;
mod audit;
mod connections;
mod courses;
mod customers;
mod events;
mod intake;
mod jobs;
mod listing;
mod logins;
mod passkeys;
mod people;
mod results;
mod sources;
mod students;
mod sweep;
mod tables;
mod teams;
mod tokens;
mod usage;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use lodge_kernel::Timestamp;
use lodge_storage::{
    ActivityRepository, AdminKeyRepository, AnswerRepository, AppRepository, AuditRepository,
    AuthorizationRepository, CodeRepository, ConnectSessionRepository, ConnectionRepository,
    Connections, CourseRepository, CredentialRepository, CustomerRepository,
    CustomerSessionRepository, DataKeyRepository, FirewallSettingsRepository,
    FlagDecisionRepository, GrantRepository, HookRepository, InboxRepository, IntakeRepository,
    InvitationRepository, JobRepository, Keep, LoginAttemptRepository, LoginRepository,
    MembershipRepository, NonceRepository, OutboxRepository, PasskeyRepository,
    PasswordLinkRepository, PersonalTokenRepository, ProjectRepository, PushedRequestRepository,
    ReceiptRepository, ReportRepository, SessionRepository, SourceRepository, StaffRepository,
    Storage, StorageError, StoreState, StudentRepository, SubscriptionRepository, Swept,
    TeamRepository, TenantRepository, ThrottleRepository, TokenRepository, TransactionRepository,
    UnitOfWork, UsageRepository, UserRepository,
};
use tables::Tables;
use tokio::sync::OwnedMutexGuard;

/// How long a second unit of work waits for the first: a test that forgets one
/// fails instead of hanging.
const PATIENCE: Duration = Duration::from_secs(5);

/// A database that ends with its last clone.
#[derive(Clone, Debug, Default)]
pub struct MemoryStorage {
    committed: Arc<Mutex<Arc<Tables>>>,
    writer: Arc<tokio::sync::Mutex<()>>,
}

impl MemoryStorage {
    fn committed(&self) -> MutexGuard<'_, Arc<Tables>> {
        // The tables are replaced whole: a panic elsewhere cannot leave half a change.
        self.committed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unit(&self, turn: Option<OwnedMutexGuard<()>>) -> Box<dyn UnitOfWork> {
        let tables = Arc::clone(&self.committed());
        Box::new(Unit { storage: self.clone(), tables, turn })
    }
}

#[async_trait]
impl Storage for MemoryStorage {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.writer).lock_owned())
            .await
            .map_err(|late| StorageError::Unavailable(late.into()))?;
        Ok(self.unit(Some(turn)))
    }

    async fn read(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        Ok(self.unit(None))
    }

    async fn access_version(&self) -> Result<u64, StorageError> {
        Ok(self.committed().access_version)
    }

    async fn migrate(&self) -> Result<Vec<String>, StorageError> {
        Ok(Vec::new())
    }

    async fn state(&self) -> Result<StoreState, StorageError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = Timestamp::from_seconds(0).plus(now);
        let product = "memory".to_owned();
        Ok(StoreState { product, now, newest: None, missing: Vec::new(), unknown: Vec::new() })
    }

    fn connections(&self) -> Connections {
        Connections::default()
    }
}

/// One transaction: a copy of the tables, made at the first change.
#[derive(Debug)]
struct Unit {
    storage: MemoryStorage,
    tables: Arc<Tables>,
    /// The turn to write. `None` in a unit that only reads.
    turn: Option<OwnedMutexGuard<()>>,
}

impl Unit {
    /// The tables, to be changed.
    fn change(&mut self) -> Result<&mut Tables, StorageError> {
        match self.turn {
            Some(_) => Ok(Arc::make_mut(&mut self.tables)),
            None => Err(StorageError::Other("a unit of work that only reads".into())),
        }
    }
}

/// Every repository of a unit of work.
struct Rows<'a>(&'a mut Unit);

#[async_trait]
impl UnitOfWork for Unit {
    fn tenants(&mut self) -> Box<dyn TenantRepository + '_> {
        Box::new(Rows(self))
    }
    fn users(&mut self) -> Box<dyn UserRepository + '_> {
        Box::new(Rows(self))
    }
    fn memberships(&mut self) -> Box<dyn MembershipRepository + '_> {
        Box::new(Rows(self))
    }
    fn sessions(&mut self) -> Box<dyn SessionRepository + '_> {
        Box::new(Rows(self))
    }
    fn logins(&mut self) -> Box<dyn LoginRepository + '_> {
        Box::new(Rows(self))
    }
    fn passkeys(&mut self) -> Box<dyn PasskeyRepository + '_> {
        Box::new(Rows(self))
    }
    fn invitations(&mut self) -> Box<dyn InvitationRepository + '_> {
        Box::new(Rows(self))
    }
    fn password_links(&mut self) -> Box<dyn PasswordLinkRepository + '_> {
        Box::new(Rows(self))
    }
    fn throttles(&mut self) -> Box<dyn ThrottleRepository + '_> {
        Box::new(Rows(self))
    }
    fn apps(&mut self) -> Box<dyn AppRepository + '_> {
        Box::new(Rows(self))
    }
    fn customers(&mut self) -> Box<dyn CustomerRepository + '_> {
        Box::new(Rows(self))
    }
    fn customer_sessions(&mut self) -> Box<dyn CustomerSessionRepository + '_> {
        Box::new(Rows(self))
    }
    fn receipts(&mut self) -> Box<dyn ReceiptRepository + '_> {
        Box::new(Rows(self))
    }
    fn connections(&mut self) -> Box<dyn ConnectionRepository + '_> {
        Box::new(Rows(self))
    }
    fn credentials(&mut self) -> Box<dyn CredentialRepository + '_> {
        Box::new(Rows(self))
    }
    fn login_attempts(&mut self) -> Box<dyn LoginAttemptRepository + '_> {
        Box::new(Rows(self))
    }
    fn data_keys(&mut self) -> Box<dyn DataKeyRepository + '_> {
        Box::new(Rows(self))
    }
    fn authorizations(&mut self) -> Box<dyn AuthorizationRepository + '_> {
        Box::new(Rows(self))
    }
    fn connect_sessions(&mut self) -> Box<dyn ConnectSessionRepository + '_> {
        Box::new(Rows(self))
    }
    fn pushed_requests(&mut self) -> Box<dyn PushedRequestRepository + '_> {
        Box::new(Rows(self))
    }
    fn transactions(&mut self) -> Box<dyn TransactionRepository + '_> {
        Box::new(Rows(self))
    }
    fn nonces(&mut self) -> Box<dyn NonceRepository + '_> {
        Box::new(Rows(self))
    }
    fn codes(&mut self) -> Box<dyn CodeRepository + '_> {
        Box::new(Rows(self))
    }
    fn tokens(&mut self) -> Box<dyn TokenRepository + '_> {
        Box::new(Rows(self))
    }
    fn subscriptions(&mut self) -> Box<dyn SubscriptionRepository + '_> {
        Box::new(Rows(self))
    }
    fn inbox(&mut self) -> Box<dyn InboxRepository + '_> {
        Box::new(Rows(self))
    }
    fn outbox(&mut self) -> Box<dyn OutboxRepository + '_> {
        Box::new(Rows(self))
    }
    fn jobs(&mut self) -> Box<dyn JobRepository + '_> {
        Box::new(Rows(self))
    }
    fn hooks(&mut self) -> Box<dyn HookRepository + '_> {
        Box::new(Rows(self))
    }
    fn intake(&mut self) -> Box<dyn IntakeRepository + '_> {
        Box::new(Rows(self))
    }
    fn admin_keys(&mut self) -> Box<dyn AdminKeyRepository + '_> {
        Box::new(Rows(self))
    }
    fn grants(&mut self) -> Box<dyn GrantRepository + '_> {
        Box::new(Rows(self))
    }
    fn firewall_settings(&mut self) -> Box<dyn FirewallSettingsRepository + '_> {
        Box::new(Rows(self))
    }
    fn audit(&mut self) -> Box<dyn AuditRepository + '_> {
        Box::new(Rows(self))
    }
    fn usage(&mut self) -> Box<dyn UsageRepository + '_> {
        Box::new(Rows(self))
    }
    fn courses(&mut self) -> Box<dyn CourseRepository + '_> {
        Box::new(Rows(self))
    }
    fn staff(&mut self) -> Box<dyn StaffRepository + '_> {
        Box::new(Rows(self))
    }
    fn teams(&mut self) -> Box<dyn TeamRepository + '_> {
        Box::new(Rows(self))
    }
    fn students(&mut self) -> Box<dyn StudentRepository + '_> {
        Box::new(Rows(self))
    }
    fn projects(&mut self) -> Box<dyn ProjectRepository + '_> {
        Box::new(Rows(self))
    }
    fn sources(&mut self) -> Box<dyn SourceRepository + '_> {
        Box::new(Rows(self))
    }
    fn activity(&mut self) -> Box<dyn ActivityRepository + '_> {
        Box::new(Rows(self))
    }
    fn reports(&mut self) -> Box<dyn ReportRepository + '_> {
        Box::new(Rows(self))
    }
    fn flag_decisions(&mut self) -> Box<dyn FlagDecisionRepository + '_> {
        Box::new(Rows(self))
    }
    fn personal_tokens(&mut self) -> Box<dyn PersonalTokenRepository + '_> {
        Box::new(Rows(self))
    }
    fn answers(&mut self) -> Box<dyn AnswerRepository + '_> {
        Box::new(Rows(self))
    }

    async fn sweep(&mut self, keep: &Keep, most: usize) -> Result<Swept, StorageError> {
        Ok(self.change()?.sweep(keep, most))
    }

    async fn touch_access(&mut self) -> Result<(), StorageError> {
        self.change()?.access_version += 1;
        Ok(())
    }

    async fn commit(self: Box<Self>) -> Result<(), StorageError> {
        if self.turn.is_some() {
            *self.storage.committed() = Arc::clone(&self.tables);
        }
        Ok(())
    }
}
