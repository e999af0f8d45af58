//! Units of work.

use std::collections::HashMap;

use async_trait::async_trait;
use diesel::{ExpressionMethods as _, QueryDsl as _};
use diesel_async::RunQueryDsl as _;
use lodge_storage::{
    ActivityRepository, AdminKeyRepository, AnswerRepository, AppRepository, AuditRepository,
    AuthorizationRepository, CodeRepository, ConnectSessionRepository, ConnectionRepository,
    CourseRepository, CredentialRepository, CustomerRepository, CustomerSessionRepository,
    DataKeyRepository, FirewallSettingsRepository, FlagDecisionRepository, GrantRepository,
    HookRepository, InboxRepository, IntakeRepository, InvitationRepository, JobRepository, Keep,
    LoginAttemptRepository, LoginRepository, MembershipRepository, NonceRepository,
    OutboxRepository, PasskeyRepository, PasswordLinkRepository, PersonalTokenRepository,
    ProjectRepository, PushedRequestRepository, ReceiptRepository, ReportRepository,
    SessionRepository, SourceRepository, StaffRepository, StorageError, StudentRepository,
    SubscriptionRepository, Swept, TeamRepository, TenantRepository, ThrottleRepository,
    TokenRepository, TransactionRepository, UnitOfWork, UsageRepository, UserRepository,
};

use super::{Conn, Held, Key, schema::access_version};
use crate::error;

/// The revisions of the apps and approvals that a unit of work has read. It
/// changes them only if they are still the same, and gets
/// [`StorageError::Conflict`] otherwise.
pub(super) type Seen = HashMap<Key, i64>;

/// One transaction.
pub(in super::super) struct Unit {
    held: Held,
    seen: Seen,
}

impl Unit {
    pub(in super::super) fn new(held: Held) -> Self {
        Self { held, seen: Seen::new() }
    }

    fn rows(&mut self) -> Rows<'_> {
        Rows { conn: self.held.conn(), seen: &mut self.seen }
    }
}

/// Every repository of a unit of work.
pub(super) struct Rows<'a> {
    pub(super) conn: &'a mut Conn,
    pub(super) seen: &'a mut Seen,
}

#[async_trait]
impl UnitOfWork for Unit {
    fn tenants(&mut self) -> Box<dyn TenantRepository + '_> {
        Box::new(self.rows())
    }
    fn users(&mut self) -> Box<dyn UserRepository + '_> {
        Box::new(self.rows())
    }
    fn memberships(&mut self) -> Box<dyn MembershipRepository + '_> {
        Box::new(self.rows())
    }
    fn sessions(&mut self) -> Box<dyn SessionRepository + '_> {
        Box::new(self.rows())
    }
    fn logins(&mut self) -> Box<dyn LoginRepository + '_> {
        Box::new(self.rows())
    }
    fn passkeys(&mut self) -> Box<dyn PasskeyRepository + '_> {
        Box::new(self.rows())
    }
    fn invitations(&mut self) -> Box<dyn InvitationRepository + '_> {
        Box::new(self.rows())
    }
    fn password_links(&mut self) -> Box<dyn PasswordLinkRepository + '_> {
        Box::new(self.rows())
    }
    fn throttles(&mut self) -> Box<dyn ThrottleRepository + '_> {
        Box::new(self.rows())
    }
    fn apps(&mut self) -> Box<dyn AppRepository + '_> {
        Box::new(self.rows())
    }
    fn customers(&mut self) -> Box<dyn CustomerRepository + '_> {
        Box::new(self.rows())
    }
    fn customer_sessions(&mut self) -> Box<dyn CustomerSessionRepository + '_> {
        Box::new(self.rows())
    }
    fn receipts(&mut self) -> Box<dyn ReceiptRepository + '_> {
        Box::new(self.rows())
    }
    fn connections(&mut self) -> Box<dyn ConnectionRepository + '_> {
        Box::new(self.rows())
    }
    fn credentials(&mut self) -> Box<dyn CredentialRepository + '_> {
        Box::new(self.rows())
    }
    fn login_attempts(&mut self) -> Box<dyn LoginAttemptRepository + '_> {
        Box::new(self.rows())
    }
    fn data_keys(&mut self) -> Box<dyn DataKeyRepository + '_> {
        Box::new(self.rows())
    }
    fn authorizations(&mut self) -> Box<dyn AuthorizationRepository + '_> {
        Box::new(self.rows())
    }
    fn connect_sessions(&mut self) -> Box<dyn ConnectSessionRepository + '_> {
        Box::new(self.rows())
    }
    fn pushed_requests(&mut self) -> Box<dyn PushedRequestRepository + '_> {
        Box::new(self.rows())
    }
    fn transactions(&mut self) -> Box<dyn TransactionRepository + '_> {
        Box::new(self.rows())
    }
    fn nonces(&mut self) -> Box<dyn NonceRepository + '_> {
        Box::new(self.rows())
    }
    fn codes(&mut self) -> Box<dyn CodeRepository + '_> {
        Box::new(self.rows())
    }
    fn tokens(&mut self) -> Box<dyn TokenRepository + '_> {
        Box::new(self.rows())
    }
    fn subscriptions(&mut self) -> Box<dyn SubscriptionRepository + '_> {
        Box::new(self.rows())
    }
    fn inbox(&mut self) -> Box<dyn InboxRepository + '_> {
        Box::new(self.rows())
    }
    fn outbox(&mut self) -> Box<dyn OutboxRepository + '_> {
        Box::new(self.rows())
    }
    fn jobs(&mut self) -> Box<dyn JobRepository + '_> {
        Box::new(self.rows())
    }
    fn hooks(&mut self) -> Box<dyn HookRepository + '_> {
        Box::new(self.rows())
    }
    fn intake(&mut self) -> Box<dyn IntakeRepository + '_> {
        Box::new(self.rows())
    }
    fn admin_keys(&mut self) -> Box<dyn AdminKeyRepository + '_> {
        Box::new(self.rows())
    }
    fn grants(&mut self) -> Box<dyn GrantRepository + '_> {
        Box::new(self.rows())
    }
    fn firewall_settings(&mut self) -> Box<dyn FirewallSettingsRepository + '_> {
        Box::new(self.rows())
    }
    fn audit(&mut self) -> Box<dyn AuditRepository + '_> {
        Box::new(self.rows())
    }
    fn usage(&mut self) -> Box<dyn UsageRepository + '_> {
        Box::new(self.rows())
    }
    fn courses(&mut self) -> Box<dyn CourseRepository + '_> {
        Box::new(self.rows())
    }
    fn staff(&mut self) -> Box<dyn StaffRepository + '_> {
        Box::new(self.rows())
    }
    fn teams(&mut self) -> Box<dyn TeamRepository + '_> {
        Box::new(self.rows())
    }
    fn students(&mut self) -> Box<dyn StudentRepository + '_> {
        Box::new(self.rows())
    }
    fn projects(&mut self) -> Box<dyn ProjectRepository + '_> {
        Box::new(self.rows())
    }
    fn sources(&mut self) -> Box<dyn SourceRepository + '_> {
        Box::new(self.rows())
    }
    fn activity(&mut self) -> Box<dyn ActivityRepository + '_> {
        Box::new(self.rows())
    }
    fn reports(&mut self) -> Box<dyn ReportRepository + '_> {
        Box::new(self.rows())
    }
    fn flag_decisions(&mut self) -> Box<dyn FlagDecisionRepository + '_> {
        Box::new(self.rows())
    }
    fn personal_tokens(&mut self) -> Box<dyn PersonalTokenRepository + '_> {
        Box::new(self.rows())
    }
    fn answers(&mut self) -> Box<dyn AnswerRepository + '_> {
        Box::new(self.rows())
    }

    #[tracing::instrument(name = "db.sweep", level = "debug", skip_all)]
    async fn sweep(&mut self, keep: &Keep, most: usize) -> Result<Swept, StorageError> {
        super::sweep::sweep(self.held.conn(), keep, most).await
    }

    async fn touch_access(&mut self) -> Result<(), StorageError> {
        diesel::update(access_version::table)
            .set(access_version::version.eq(access_version::version + 1))
            .execute(self.held.conn())
            .await
            .map(drop)
            .map_err(error::about("access version"))
    }

    #[tracing::instrument(name = "db.commit", level = "debug", skip_all)]
    async fn commit(self: Box<Self>) -> Result<(), StorageError> {
        // PostgreSQL answers a COMMIT after a failed step with success and
        // rolls back. The SELECT fails then, and the COMMIT is not reached.
        self.held.end("SELECT 1; COMMIT").await.map_err(error::about("unit of work"))
    }
}

/// The number that grows with every committed `touch_access`.
pub(in super::super) async fn access_version(conn: &mut Conn) -> Result<u64, StorageError> {
    let version: i64 = access_version::table
        .select(access_version::version)
        .first(conn)
        .await
        .map_err(error::about("access version"))?;
    crate::convert::Row("access version").number(version)
}
