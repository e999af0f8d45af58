//! What the fake keeps, and the rules that a database keeps by its keys.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use lodge_access::{
    AdminKey, App, AuditEntry, Authenticator, Authorization, Chain, Code, ConnectSession,
    Connection, Credentials, Customer, CustomerSession, DataKey, EventDelivery, FirewallSettings,
    HookDelivery, Invitation, Lease, LoginAttempt, Membership, Passkey, PasswordLink,
    PlatformGrant, PushedRequest, Receipt, Session, Subscription, Tenant, Throttle, Token,
    Transaction, UsageRow, User,
};
use lodge_activity::{ActorId, Fact, FactKey};
use lodge_courses::{Course, PersonalToken, Staff};
use lodge_forge::ProviderName;
use lodge_intake::{Attempt, Hook, Intake, Tally};
use lodge_jobs::{Job, JobEvent};
use lodge_kernel::{
    AdminKeyId, AuthorizationId, ClientId, ConnectionId, CourseId, CustomerId, Digest,
    EventDeliveryId, GrantId, HookDeliveryId, HookId, IntakeId, InvitationId, JobId, PasskeyId,
    PersonalTokenId, ProjectId, ReceiptId, ReportId, RequestId, SessionId, StudentId,
    SubscriptionId, TeamId, TenantId, Timestamp, TokenId, TransactionId, UserId,
};
use lodge_storage::{
    FlagDecision, KeptAnswer, KnownActor, ProjectHook, StorageError, StoredReport,
};
use lodge_teams::{CourseSource, Identity, Project, ProjectSync, Student, Team};

/// Everything.
#[derive(Clone, Debug, Default)]
pub(super) struct Tables {
    pub(super) tenants: BTreeMap<TenantId, Tenant>,
    pub(super) users: BTreeMap<UserId, User>,
    pub(super) memberships: BTreeMap<(TenantId, UserId), Membership>,
    pub(super) sessions: BTreeMap<SessionId, Session>,
    pub(super) passwords: BTreeMap<UserId, String>,
    pub(super) authenticators: BTreeMap<UserId, Authenticator>,
    pub(super) recovery_codes: BTreeSet<(UserId, Digest)>,
    pub(super) passkeys: BTreeMap<PasskeyId, Passkey>,
    pub(super) answered_challenges: BTreeMap<Digest, Timestamp>,
    pub(super) invitations: BTreeMap<InvitationId, Invitation>,
    pub(super) password_links: BTreeMap<Digest, PasswordLink>,
    pub(super) throttles: BTreeMap<Digest, Throttle>,
    pub(super) apps: BTreeMap<ClientId, App>,
    pub(super) customers: BTreeMap<CustomerId, Customer>,
    pub(super) connections: BTreeMap<ConnectionId, Connection>,
    pub(super) credentials: BTreeMap<ConnectionId, (Credentials, Option<Lease>)>,
    pub(super) login_attempts: BTreeMap<Digest, LoginAttempt>,
    pub(super) data_keys: BTreeMap<(TenantId, u32), DataKey>,
    pub(super) authorizations: BTreeMap<AuthorizationId, Authorization>,
    pub(super) connect_sessions: BTreeMap<Digest, ConnectSession>,
    pub(super) pushed_requests: BTreeMap<Digest, PushedRequest>,
    pub(super) customer_sessions: BTreeMap<Digest, CustomerSession>,
    pub(super) receipts: BTreeMap<ReceiptId, Receipt>,
    pub(super) transactions: BTreeMap<TransactionId, Transaction>,
    pub(super) nonces: BTreeMap<(ClientId, String), Timestamp>,
    pub(super) codes: BTreeMap<Digest, Code>,
    pub(super) tokens: BTreeMap<TokenId, Token>,
    pub(super) token_digests: BTreeMap<Digest, TokenId>,
    pub(super) admin_keys: BTreeMap<AdminKeyId, AdminKey>,
    pub(super) grants: BTreeMap<GrantId, PlatformGrant>,
    pub(super) firewall_settings: FirewallSettings,
    pub(super) audit: BTreeMap<(Chain, u64), AuditEntry>,
    pub(super) usage: BTreeMap<(TenantId, RequestId), UsageRow>,
    pub(super) subscriptions: BTreeMap<SubscriptionId, Subscription>,
    pub(super) inbox: BTreeMap<HookDeliveryId, HookDelivery>,
    pub(super) outbox: BTreeMap<EventDeliveryId, EventDelivery>,
    pub(super) jobs: BTreeMap<JobId, Job>,
    pub(super) job_events: BTreeMap<(JobId, u32), JobEvent>,
    pub(super) job_slots: BTreeMap<String, Timestamp>,
    pub(super) courses: BTreeMap<CourseId, Course>,
    pub(super) staff: BTreeMap<(CourseId, UserId), Staff>,
    pub(super) teams: BTreeMap<TeamId, Team>,
    pub(super) students: BTreeMap<StudentId, Student>,
    pub(super) team_members: BTreeSet<(TeamId, StudentId)>,
    pub(super) identities: BTreeMap<(CourseId, String, String, String), (StudentId, Identity)>,
    pub(super) projects: BTreeMap<ProjectId, Project>,
    pub(super) personal_tokens: BTreeMap<PersonalTokenId, PersonalToken>,
    pub(super) answers: BTreeMap<Digest, KeptAnswer>,
    pub(super) hooks: BTreeMap<HookId, Hook>,
    pub(super) intake: BTreeMap<IntakeId, Intake>,
    pub(super) parcels: BTreeMap<IntakeId, String>,
    pub(super) attempts: BTreeMap<IntakeId, Vec<Attempt>>,
    pub(super) activity: BTreeMap<(TenantId, ProjectId), Timestamp>,
    pub(super) facts: BTreeMap<ProjectId, BTreeMap<FactKey, Fact<ActorId>>>,
    pub(super) actors: BTreeMap<(CourseId, ActorId), KnownActor>,
    /// Those who were erased before a host told of them.
    pub(super) never_met: BTreeSet<(CourseId, ActorId)>,
    pub(super) sources: BTreeMap<(CourseId, ProviderName, String), CourseSource>,
    pub(super) syncs: BTreeMap<ProjectId, ProjectSync>,
    pub(super) project_hooks: BTreeMap<ProjectId, ProjectHook>,
    pub(super) reports: BTreeMap<ReportId, StoredReport>,
    pub(super) report_bodies: BTreeMap<ReportId, Arc<[u8]>>,
    pub(super) flag_decisions: BTreeMap<(TenantId, TeamId, String), FlagDecision>,
    pub(super) tallies: BTreeMap<TenantId, Tally>,
    pub(super) access_version: u64,
}

impl Tables {
    pub(super) fn has_app(&self, tenant: TenantId, id: ClientId) -> bool {
        self.apps.get(&id).is_some_and(|it| it.tenant == tenant)
    }

    pub(super) fn has_customer(&self, tenant: TenantId, id: CustomerId) -> bool {
        self.customers.get(&id).is_some_and(|it| it.tenant == tenant)
    }

    pub(super) fn has_connection(&self, tenant: TenantId, id: ConnectionId) -> bool {
        self.connections.get(&id).is_some_and(|it| it.tenant == tenant)
    }

    /// The customer has another connection to the same account.
    pub(super) fn is_connected(&self, to: &Connection) -> bool {
        self.connections.values().any(|it| {
            it.id != to.id
                && (it.customer, &it.provider, &it.host_account)
                    == (to.customer, &to.provider, &to.host_account)
        })
    }

    pub(super) fn has_authorization(&self, tenant: TenantId, id: AuthorizationId) -> bool {
        self.authorizations.get(&id).is_some_and(|it| it.tenant == tenant)
    }
}

/// Refuses an `entity` that is there already.
pub(super) const fn unless_there(there: bool, entity: &'static str) -> Result<(), StorageError> {
    if there { Err(StorageError::Duplicate { entity }) } else { Ok(()) }
}

/// Refuses an `entity` without that which it belongs to.
pub(super) const fn if_owned(owned: bool, entity: &'static str) -> Result<(), StorageError> {
    if owned { Ok(()) } else { Err(StorageError::Orphan { entity }) }
}
