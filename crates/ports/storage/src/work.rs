//! Units of work.

use async_trait::async_trait;

use crate::{
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
    TokenRepository, TransactionRepository, UsageRepository, UserRepository,
};

/// A database.
#[async_trait]
pub trait Storage: Send + Sync {
    /// Begins a unit of work that may change things.
    ///
    /// Two of them MUST NOT lose each other's changes: the second waits, or
    /// gets [`StorageError::Conflict`].
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError>;

    /// Begins a unit of work that only reads, and that a writer does not
    /// delay. A change through it MUST be refused.
    async fn read(&self) -> Result<Box<dyn UnitOfWork>, StorageError>;

    /// A number that grows with every committed [`UnitOfWork::touch_access`],
    /// of any process. Cheap enough to be asked ten times a second.
    async fn access_version(&self) -> Result<u64, StorageError>;

    /// Brings the tables up to date under a lock, so that two processes can
    /// start at once. Answers the names of the steps that were taken.
    async fn migrate(&self) -> Result<Vec<String>, StorageError>;

    /// What it says of itself. It changes nothing, before the first step was
    /// taken, too.
    async fn state(&self) -> Result<crate::StoreState, StorageError>;

    /// The connections that this process keeps, without asking anybody.
    fn connections(&self) -> crate::Connections;
}

/// One transaction. Dropping it without [`commit`](Self::commit) MUST undo it.
#[async_trait]
pub trait UnitOfWork: Send {
    /// Organisations.
    fn tenants(&mut self) -> Box<dyn TenantRepository + '_>;
    /// People.
    fn users(&mut self) -> Box<dyn UserRepository + '_>;
    /// Who belongs to which organisation.
    fn memberships(&mut self) -> Box<dyn MembershipRepository + '_>;
    /// People's sessions.
    fn sessions(&mut self) -> Box<dyn SessionRepository + '_>;
    /// How people prove who they are.
    fn logins(&mut self) -> Box<dyn LoginRepository + '_>;
    /// People's passkeys.
    fn passkeys(&mut self) -> Box<dyn PasskeyRepository + '_>;
    /// Invitations into organisations.
    fn invitations(&mut self) -> Box<dyn InvitationRepository + '_>;
    /// Links to set a password.
    fn password_links(&mut self) -> Box<dyn PasswordLinkRepository + '_>;
    /// Who tried to log in how often.
    fn throttles(&mut self) -> Box<dyn ThrottleRepository + '_>;
    /// Apps.
    fn apps(&mut self) -> Box<dyn AppRepository + '_>;
    /// Customers.
    fn customers(&mut self) -> Box<dyn CustomerRepository + '_>;
    /// Customers' sessions on the access page.
    fn customer_sessions(&mut self) -> Box<dyn CustomerSessionRepository + '_>;
    /// Receipts of what customers decided.
    fn receipts(&mut self) -> Box<dyn ReceiptRepository + '_>;
    /// Accounts at hosts.
    fn connections(&mut self) -> Box<dyn ConnectionRepository + '_>;
    /// What accounts are read with.
    fn credentials(&mut self) -> Box<dyn CredentialRepository + '_>;
    /// Logins at hosts that have begun.
    fn login_attempts(&mut self) -> Box<dyn LoginAttemptRepository + '_>;
    /// The data keys of organisations.
    fn data_keys(&mut self) -> Box<dyn DataKeyRepository + '_>;
    /// Approvals.
    fn authorizations(&mut self) -> Box<dyn AuthorizationRepository + '_>;
    /// Invitations to the consent page.
    fn connect_sessions(&mut self) -> Box<dyn ConnectSessionRepository + '_>;
    /// Authorization requests that were sent ahead.
    fn pushed_requests(&mut self) -> Box<dyn PushedRequestRepository + '_>;
    /// Visits to the consent page.
    fn transactions(&mut self) -> Box<dyn TransactionRepository + '_>;
    /// What comes once.
    fn nonces(&mut self) -> Box<dyn NonceRepository + '_>;
    /// Authorization codes.
    fn codes(&mut self) -> Box<dyn CodeRepository + '_>;
    /// Tokens.
    fn tokens(&mut self) -> Box<dyn TokenRepository + '_>;
    /// Subscriptions.
    fn subscriptions(&mut self) -> Box<dyn SubscriptionRepository + '_>;
    /// Webhooks that came.
    fn inbox(&mut self) -> Box<dyn InboxRepository + '_>;
    /// Events on their way.
    fn outbox(&mut self) -> Box<dyn OutboxRepository + '_>;
    /// Jobs.
    fn jobs(&mut self) -> Box<dyn JobRepository + '_>;
    /// Doors for deliveries to courses.
    fn hooks(&mut self) -> Box<dyn HookRepository + '_>;
    /// Deliveries to courses.
    fn intake(&mut self) -> Box<dyn IntakeRepository + '_>;
    /// Admin keys.
    fn admin_keys(&mut self) -> Box<dyn AdminKeyRepository + '_>;
    /// Grants.
    fn grants(&mut self) -> Box<dyn GrantRepository + '_>;
    /// What an administrator made of the firewall.
    fn firewall_settings(&mut self) -> Box<dyn FirewallSettingsRepository + '_>;
    /// The audit trail.
    fn audit(&mut self) -> Box<dyn AuditRepository + '_>;
    /// The journal of reads.
    fn usage(&mut self) -> Box<dyn UsageRepository + '_>;
    /// Courses.
    fn courses(&mut self) -> Box<dyn CourseRepository + '_>;
    /// Who runs courses.
    fn staff(&mut self) -> Box<dyn StaffRepository + '_>;
    /// Teams of courses.
    fn teams(&mut self) -> Box<dyn TeamRepository + '_>;
    /// Students of courses.
    fn students(&mut self) -> Box<dyn StudentRepository + '_>;
    /// Projects of teams.
    fn projects(&mut self) -> Box<dyn ProjectRepository + '_>;
    /// Where courses are brought in from.
    fn sources(&mut self) -> Box<dyn SourceRepository + '_>;
    /// What happens in course projects.
    fn activity(&mut self) -> Box<dyn ActivityRepository + '_>;
    /// Reports of courses and teams.
    fn reports(&mut self) -> Box<dyn ReportRepository + '_>;
    /// What people decided about flags.
    fn flag_decisions(&mut self) -> Box<dyn FlagDecisionRepository + '_>;
    /// People's tokens for their own programs.
    fn personal_tokens(&mut self) -> Box<dyn PersonalTokenRepository + '_>;
    /// Answers to requests that have their effect once.
    fn answers(&mut self) -> Box<dyn AnswerRepository + '_>;

    /// Deletes what ended by itself before `keep`, oldest first and at most
    /// `most` of each kind. What something else belongs to MUST stay: an
    /// approval under which there is a token, a customer with an approval or
    /// an account.
    async fn sweep(&mut self, keep: &Keep, most: usize) -> Result<Swept, StorageError>;

    /// Says that rights may have changed: with the commit,
    /// [`Storage::access_version`] grows, and every process forgets the rights
    /// that it keeps in memory. Anything that takes rights away MUST say it.
    async fn touch_access(&mut self) -> Result<(), StorageError>;

    /// Makes everything durable. When it returns, a power cut cannot undo it.
    async fn commit(self: Box<Self>) -> Result<(), StorageError>;
}
