//! What the product asks of a database.
//!
//! [`Storage`] opens a [`UnitOfWork`]; each entity's repository is reached
//! through it. Dropping a unit of work undoes it. None is open while we wait
//! for a Git host. Every line with MUST is a case of the contract suite in
//! `lodge-testkit`, which every adapter and the fake pass.
//!
//! Reading order: [`work`], then one file an entity.

pub mod access;
pub mod activity;
pub mod administration;
pub mod apps;
pub mod audit;
pub mod connections;
pub mod courses;
pub mod customers;
pub mod database;
pub mod error;
pub mod events;
pub mod intake;
pub mod jobs;
pub mod journal;
pub mod listing;
pub mod logins;
pub mod passkeys;
pub mod people;
pub mod results;
pub mod sources;
pub mod sweep;
pub mod teams;
pub mod usage;
pub mod work;

pub use access::{
    AuthorizationRepository, CodeRepository, ConnectSessionRepository, NonceRepository,
    PushedRequestRepository, TokenFilter, TokenRepository, TransactionRepository,
};
pub use activity::{ActivityRepository, FactFilter, FactPlace, KnownActor};
pub use administration::{
    AdminKeyRepository, FirewallSettingsRepository, GrantFilter, GrantRepository,
};
pub use apps::{AppFilter, AppRepository};
pub use audit::{AuditFilter, AuditRepository};
pub use connections::{
    ConnectionRepository, CredentialRepository, DataKeyRepository, LoginAttemptRepository,
};
pub use courses::{
    AnswerRepository, CourseFilter, CourseRepository, KeptAnswer, PersonalTokenRepository,
    StaffRepository,
};
pub use customers::{CustomerSessionRepository, ReceiptRepository};
pub use database::{Connections, StoreState};
pub use error::{BoxError, StorageError};
pub use events::{InboxRepository, OutboxRepository, SubscriptionRepository};
pub use intake::{HookRepository, IntakeFilter, IntakeLog, IntakeRepository, Kept, Turn};
pub use jobs::{Change, Claim, Depth, Enqueued, Head, Held, JobFilter, JobRepository};
pub use journal::UsageJournal;
pub use listing::{Listing, Order, Place};
pub use logins::{
    InvitationRepository, LoginRepository, PasswordLinkRepository, ThrottleRepository,
};
pub use passkeys::PasskeyRepository;
pub use people::{
    CustomerRepository, MembershipRepository, SessionRepository, TenantRepository, UserRepository,
};
pub use results::{
    FlagDecision, FlagDecisionRepository, ReportFilter, ReportRepository, StoredReport,
};
pub use sources::{ProjectHook, SourceRepository};
pub use sweep::{Keep, Swept};
pub use teams::{ProjectFilter, ProjectRepository, StudentRepository, TeamFilter, TeamRepository};
pub use usage::UsageRepository;
pub use work::{Storage, UnitOfWork};
