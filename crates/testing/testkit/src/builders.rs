//! Things with sensible defaults: a test says only what matters.
//!
//! `n` is the number of the thing, from which its ids and secrets follow.
//! Whatever belongs to something belongs to number 1 of it, so that
//! [`a_token(7)`](a_token) is the seventh token under
//! [`an_authorization(1)`](an_authorization) of [`an_app(1)`](an_app).
//! [`move_in`] adds all the number ones to a storage.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a wrong default must end the test that uses it"
)]

use std::time::Duration;

use lodge_access::{
    Action, Actor, AdminKey, AdminScopes, AnswerMode, App, Attempts, AuditEvent, Authorization,
    AuthorizationState, Backup, Chain, ClientSecret, Code, ConnectSession, Connection,
    ConnectionKind, ConnectionStatus, CredentialId, Credentials, Customer, CustomerSession,
    DataKey, DeliveryState, EventDelivery, GrantType, HookDelivery, Invitation, LoginAttempt,
    LoginMode, Membership, Outcome, Passkey, PasswordLink, Permission, PermissionSet,
    PlatformGrant, PushedRequest, Receipt, ReceiptChange, RedirectUri, RelyingParty,
    RepositoryConsent, Role, Secret, SecretKind, Session, Subscription, SubscriptionState, Tenant,
    Token, TokenKind, Transaction, Transport, Upstream, UsageRow, User, code, connect, connection,
    customer_session, invitation, passkey::NoPasskeys, token,
};
use lodge_courses::{
    Course, CourseState, Details, PersonalToken, Semester, Settings, Staff, StaffRole, TokenScopes,
};
use lodge_forge::{EventKind, ProviderName, RepositoryId};
use lodge_intake::{Hook, HookSecret, Intake, Kind, State, Tries};
use lodge_jobs::{Author, Job, JsonText, KindName, Request};
use lodge_kernel::{
    AdminKeyId, AuditEventId, AuthorizationId, ClientId, ConnectSessionId, ConnectionId, CourseId,
    CustomerId, Digest, EventDeliveryId, FamilyId, GrantId, HookDeliveryId, HookId, IntakeId,
    InvitationId, JobId, Keyring as _, LeaseId, PasskeyId, PersonalTokenId, ProjectId, ReceiptId,
    ReportId, RequestId, Sealed, SessionId, StudentId, SubscriptionId, TeamId, TenantId, Timestamp,
    TokenId, TransactionId, UserId,
};
use lodge_storage::{FlagDecision, Storage, StorageError, StoredReport};
use lodge_teams::{FlagState, Origin, OriginState, Project, Student, StudentState, Team};
use uuid::Uuid;

use crate::{CountingEntropy, PlainKeyring};

/// The instant at which tests happen: 2026-11-22T09:30:00Z.
pub const NOW: Timestamp = Timestamp::from_seconds(1_795_339_800);
/// Thirty days, as customers like to approve.
pub const MONTH: Duration = Duration::from_hours(720);
/// Where the codes of [`an_app`] go.
pub const REDIRECT_URI: &str = "https://acme.example/callback";

macro_rules! numbered_ids {
    ($($name:ident -> $id:ident;)+) => {$(
        #[doc = concat!("The id of number `n`: [`", stringify!($id), "`].")]
        pub fn $name(n: u32) -> $id {
            $id::from_uuid(numbered(n))
        }
    )+};
}

numbered_ids! {
    tenant_id -> TenantId;
    user_id -> UserId;
    session_id -> SessionId;
    passkey_id -> PasskeyId;
    invitation_id -> InvitationId;
    client_id -> ClientId;
    customer_id -> CustomerId;
    connection_id -> ConnectionId;
    authorization_id -> AuthorizationId;
    connect_session_id -> ConnectSessionId;
    transaction_id -> TransactionId;
    family_id -> FamilyId;
    token_id -> TokenId;
    lease_id -> LeaseId;
    subscription_id -> SubscriptionId;
    hook_delivery_id -> HookDeliveryId;
    event_delivery_id -> EventDeliveryId;
    receipt_id -> ReceiptId;
    audit_event_id -> AuditEventId;
    admin_key_id -> AdminKeyId;
    grant_id -> GrantId;
    project_id -> ProjectId;
    intake_id -> IntakeId;
    hook_id -> HookId;
    request_id -> RequestId;
    course_id -> CourseId;
    job_id -> JobId;
    team_id -> TeamId;
    student_id -> StudentId;
    personal_token_id -> PersonalTokenId;
    report_id -> ReportId;
}

/// A version 7 UUID of the instant [`NOW`] that sorts by `n`.
fn numbered(n: u32) -> Uuid {
    let millis = u128::try_from(NOW.as_micros() / 1_000).unwrap_or_default();
    Uuid::from_u128((millis << 80) | 0x7000_8000_0000_0000_0000 | u128::from(n))
}

/// The secret number `n` of a kind, which parses as one.
pub fn a_secret(kind: SecretKind, n: u32) -> Secret {
    Secret::fresh(kind, &CountingEntropy::seeded(n))
}

/// What is kept of a secret, by [`PlainKeyring`].
pub fn digest_of(secret: &Secret) -> Digest {
    PlainKeyring.digest(secret.expose().as_bytes())
}

fn secret_digest(kind: SecretKind, n: u32) -> Digest {
    digest_of(&a_secret(kind, n))
}

/// The host `local`.
pub fn local() -> ProviderName {
    ProviderName::parse("local").expect("a host's name")
}

/// Another host.
pub fn lab() -> ProviderName {
    ProviderName::parse("lab").expect("a host's name")
}

/// A repository's id.
pub fn a_repository_id(id: &str) -> RepositoryId {
    RepositoryId::parse(id).expect("a repository's id")
}

/// Everything but event subscriptions.
pub fn all_reads() -> PermissionSet {
    Permission::ALL.iter().copied().filter(|it| *it != Permission::SubscribeEvents).collect()
}

/// An organisation.
pub fn a_tenant(n: u32) -> Tenant {
    Tenant { id: tenant_id(n), name: format!("Organisation {n}"), created_at: NOW }
}

/// A person.
pub fn a_user(n: u32) -> User {
    User {
        id: user_id(n),
        email: format!("developer{n}@acme.example"),
        name: Some(format!("Developer {n}")),
        created_at: NOW,
    }
}

/// A key for everything, for the secret `AdminKey` number `n`.
pub fn an_admin_key(n: u32) -> AdminKey {
    AdminKey {
        id: admin_key_id(n),
        name: format!("key {n}"),
        digest: secret_digest(SecretKind::AdminKey, n),
        scopes: AdminScopes::ALL,
        created_at: NOW,
        expires_at: NOW.plus(MONTH),
        last_used_at: None,
        revoked_at: None,
    }
}

/// App 1 may read connection 1 under approval 1.
pub fn a_grant(n: u32) -> PlatformGrant {
    PlatformGrant {
        id: grant_id(n),
        tenant: tenant_id(1),
        client: client_id(1),
        connection: connection_id(1),
        authorization: authorization_id(1),
        reason: "A nightly report.".to_owned(),
        created_at: NOW,
    }
}

/// Person `n` as an owner of organisation 1.
pub fn a_membership(n: u32) -> Membership {
    Membership { tenant: tenant_id(1), user: user_id(n), role: Role::Owner, created_at: NOW }
}

/// An invitation of `guestN@acme.example` into organisation 1, for the secret
/// `Invitation` number `n`.
pub fn an_invitation(n: u32) -> Invitation {
    Invitation {
        id: invitation_id(n),
        digest: secret_digest(SecretKind::Invitation, n),
        tenant: tenant_id(1),
        email: format!("guest{n}@acme.example"),
        role: Role::Developer,
        invited_by: user_id(1),
        created_at: NOW,
        expires_at: NOW.plus(invitation::INVITATION_LIFETIME),
        ended_at: None,
    }
}

/// The gateway at <https://gate.example>, for which devices keep passkeys.
///
/// # Errors
///
/// [`NoPasskeys`], never.
pub fn a_relying_party() -> Result<RelyingParty, NoPasskeys> {
    let url = url::Url::parse("https://gate.example");
    url.map_err(|_not_a_url| NoPasskeys::Nameless).and_then(|it| RelyingParty::at(&it))
}

/// A passkey of person 1 that counts.
pub fn a_passkey(n: u32) -> Passkey {
    let credential = secret_digest(SecretKind::Browser, n).0.to_vec();
    Passkey {
        id: passkey_id(n),
        user: user_id(1),
        credential: CredentialId::new(credential).unwrap_or_else(|| unreachable!("32 bytes")),
        key: format!("key {n}").into_bytes(),
        counter: n,
        transports: vec![Transport::Hybrid, Transport::Internal],
        backup: Backup::Possible,
        name: format!("Laptop {n}"),
        created_at: NOW,
        used_at: Some(NOW),
    }
}

/// A link of person 1 to set a password, for the secret `PasswordLink` number
/// `n`.
pub fn a_password_link(n: u32) -> PasswordLink {
    PasswordLink {
        digest: secret_digest(SecretKind::PasswordLink, n),
        user: user_id(1),
        created_at: NOW,
        expires_at: NOW.plus(invitation::PASSWORD_LINK_LIFETIME),
        used_at: None,
    }
}

/// Developer 1 changed app 1: for the chain of organisation 1.
pub fn an_audit_event(n: u32) -> AuditEvent {
    AuditEvent {
        id: audit_event_id(n),
        at: NOW,
        chain: Chain::Tenant(tenant_id(1)),
        actor: Actor::User(user_id(1)),
        action: Action::AppChanged,
        subject: Some(client_id(1).to_string()),
        reason: None,
        network: Some("192.0.2.1".to_owned()),
        request: None,
        outcome: Outcome::Done,
    }
}

/// A session of person 1 in organisation 1, for the secret `UserSession` number `n`.
pub fn a_session(n: u32) -> Session {
    Session {
        id: session_id(n),
        digest: secret_digest(SecretKind::UserSession, n),
        user: user_id(1),
        tenant: Some(tenant_id(1)),
        agent: Some("Browser 1".to_owned()),
        created_at: NOW,
        seen_at: NOW,
        expires_at: NOW.plus(MONTH),
        revoked_at: None,
    }
}

/// A course with the usual settings.
pub fn a_course(n: u32) -> Course {
    Course {
        id: course_id(n),
        tenant: tenant_id(1),
        details: Details {
            code: format!("PV-{n}"),
            name: format!("Course {n}"),
            academic_year: "2026/2027".to_owned(),
            semester: Semester::Winter,
            time_zone: "Europe/Bratislava".to_owned(),
            auto_sync: false,
        },
        settings: Settings::default(),
        state: CourseState::Active,
        revision: 1,
        created_at: NOW,
        updated_at: NOW,
    }
}

/// Person `n` as a teacher of course 1.
pub fn a_teacher(n: u32) -> Staff {
    Staff {
        tenant: tenant_id(1),
        course: course_id(1),
        user: user_id(n),
        role: StaffRole::Teacher,
        created_at: NOW,
    }
}

/// A team of course 1 that somebody made.
pub fn a_team(n: u32) -> Team {
    Team {
        id: team_id(n),
        tenant: tenant_id(1),
        course: course_id(1),
        name: format!("Team {n}"),
        locked: false,
        origin: None,
        state: OriginState::Active,
        revision: 1,
        created_at: NOW,
        updated_at: NOW,
    }
}

/// A student of course 1 without an account here.
pub fn a_student(n: u32) -> Student {
    Student {
        id: student_id(n),
        tenant: tenant_id(1),
        course: course_id(1),
        number: Some(format!("10{n}")),
        name: format!("Student {n}"),
        email: Some(format!("student{n}@college.example")),
        user: None,
        state: StudentState::Active,
        revision: 1,
        created_at: NOW,
        updated_at: NOW,
    }
}

/// A project of team 1.
pub fn a_project(n: u32) -> Project {
    Project {
        id: project_id(n),
        tenant: tenant_id(1),
        course: course_id(1),
        team: team_id(1),
        name: format!("project-{n}"),
        origin: Origin {
            host: local(),
            remote_id: format!("college/project-{n}"),
            web_url: Some(format!("https://git.college.example/project-{n}")),
        },
        state: OriginState::Active,
        revision: 1,
        created_at: NOW,
        updated_at: NOW,
    }
}

/// A report of the whole of course 1.
pub fn a_report(n: u32) -> StoredReport {
    StoredReport {
        id: report_id(n),
        tenant: tenant_id(1),
        course: course_id(1),
        team: None,
        file_name: format!("course-1-report-{n}.pdf"),
        format: "pdf".to_owned(),
        bytes: 4,
        made_at: NOW,
    }
}

/// Person 1 dismissed a flag of team 1.
pub fn a_flag_decision(n: u32) -> FlagDecision {
    FlagDecision {
        tenant: tenant_id(1),
        course: course_id(1),
        team: team_id(1),
        flag: format!("flag-{n}"),
        state: FlagState::Dismissed,
        note: Some("They worked at one desk.".to_owned()),
        decided_by: Some(user_id(1)),
        decided_at: NOW,
    }
}

/// A token of person 1 for everything, for the secret `PersonalToken` number `n`.
pub fn a_personal_token(n: u32) -> PersonalToken {
    PersonalToken {
        id: personal_token_id(n),
        tenant: tenant_id(1),
        user: user_id(1),
        name: format!("token {n}"),
        digest: secret_digest(SecretKind::PersonalToken, n),
        scopes: TokenScopes::ALL,
        created_at: NOW,
        expires_at: NOW.plus(MONTH),
        last_used_at: None,
        revoked_at: None,
    }
}

/// An app of developer 1, with the secret `ClientSecret` number `n`.
pub fn an_app(n: u32) -> App {
    App {
        id: client_id(n),
        tenant: tenant_id(1),
        owner: user_id(1),
        name: format!("App {n}"),
        description: Some("Shows what changed.".to_owned()),
        redirect_uris: vec![RedirectUri::parse(REDIRECT_URI).expect("a redirect URI")],
        embed_origins: vec!["https://acme.example".to_owned()],
        default_permissions: all_reads(),
        require_pkce: true,
        secrets: vec![ClientSecret {
            digest: secret_digest(SecretKind::ClientSecret, n),
            created_at: NOW,
            expires_at: None,
        }],
        created_at: NOW,
        updated_at: NOW,
        deleted_at: None,
    }
}

/// A customer of app 1 that the app vouches for.
pub fn a_customer(n: u32) -> Customer {
    Customer {
        id: customer_id(n),
        tenant: tenant_id(1),
        client: client_id(1),
        reference: Some(format!("customer-{n}")),
        name: Some(format!("Customer {n}")),
        vouched: true,
        created_at: NOW,
    }
}

/// An account of customer 1 at the host `local`.
pub fn a_connection(n: u32) -> Connection {
    Connection {
        id: connection_id(n),
        tenant: tenant_id(1),
        customer: customer_id(1),
        provider: local(),
        kind: ConnectionKind::Configured,
        host_account: format!("id-of-account-{n}"),
        account: format!("account-{n}"),
        scopes: Vec::new(),
        status: ConnectionStatus::Active,
        created_at: NOW,
        updated_at: NOW,
    }
}

/// What connection 1 is read with, generation `n`, for an hour. Its texts open
/// in no vault.
pub fn a_credential(n: u32) -> Credentials {
    Credentials {
        tenant: tenant_id(1),
        connection: connection_id(1),
        access: Sealed { key: 1, text: format!("access-{n}") },
        expires_at: Some(NOW.plus(Duration::from_hours(1))),
        refresh: Some(Sealed { key: 1, text: format!("refresh-{n}") }),
        refresh_expires_at: Some(NOW.plus(MONTH)),
        generation: n.into(),
        updated_at: NOW,
    }
}

/// A login of customer 1 at the host `local`, for the secret `LoginState` number
/// `n`, in the browser and the visit number 1.
pub fn a_login_attempt(n: u32) -> LoginAttempt {
    LoginAttempt {
        digest: secret_digest(SecretKind::LoginState, n),
        tenant: tenant_id(1),
        customer: customer_id(1),
        transaction: transaction_id(1),
        browser: secret_digest(SecretKind::Browser, 1),
        provider: local(),
        mode: LoginMode::Redirect,
        verifier: Some(Sealed { key: 1, text: format!("verifier-{n}") }),
        created_at: NOW,
        expires_at: NOW.plus(connection::LOGIN_LIFETIME),
        used_at: None,
    }
}

/// The data key number `n` of organisation 1, wrapped by master key 1. It opens
/// in no vault.
pub fn a_data_key(n: u32) -> DataKey {
    DataKey {
        tenant: tenant_id(1),
        number: n,
        wrapped: format!("wrapped-{n}"),
        master: 1,
        created_at: NOW,
    }
}

/// The approval of one repository, through connection 1, for everything.
pub fn a_consent(repository: &str) -> RepositoryConsent {
    RepositoryConsent {
        connection: connection_id(1),
        provider: local(),
        repository: a_repository_id(repository),
        full_name: format!("acme/{repository}"),
        permissions: all_reads(),
        expires_at: NOW.plus(MONTH),
    }
}

/// The active approval of customer 1 for app 1: the repository `web`, through
/// connection 1, for everything.
pub fn an_authorization(n: u32) -> Authorization {
    Authorization {
        id: authorization_id(n),
        tenant: tenant_id(1),
        client: client_id(1),
        customer: customer_id(1),
        state: AuthorizationState::Active { since: NOW },
        purpose: Some("To show what changed.".to_owned()),
        account_permissions: [Permission::ReadProfile].into_iter().collect(),
        connections: vec![(connection_id(1), local())],
        repositories: vec![a_consent("web")],
        expires_at: NOW.plus(MONTH),
        created_at: NOW,
        updated_at: NOW,
    }
}

/// An invitation of customer 1, for the secret `ConnectToken` number `n`.
pub fn a_connect_session(n: u32) -> ConnectSession {
    ConnectSession {
        id: connect_session_id(n),
        digest: secret_digest(SecretKind::ConnectToken, n),
        tenant: tenant_id(1),
        client: client_id(1),
        customer: customer_id(1),
        authorization: authorization_id(1),
        created_at: NOW,
        expires_at: NOW.plus(connect::CONNECT_SESSION_LIFETIME),
        used_at: None,
    }
}

/// A request that app 1 sent ahead, for the secret `PushedRequest` number `n`.
pub fn a_pushed_request(n: u32) -> PushedRequest {
    PushedRequest {
        digest: secret_digest(SecretKind::PushedRequest, n),
        client: client_id(1),
        parameters: "response_type=code&scope=read%3Acommits".to_owned(),
        expires_at: NOW.plus(connect::PUSHED_REQUEST_LIFETIME),
        used_at: None,
    }
}

/// A visit of customer 1, in the browser with the secret `Browser` number `n`.
pub fn a_transaction(n: u32) -> Transaction {
    Transaction {
        id: transaction_id(n),
        browser: secret_digest(SecretKind::Browser, n),
        tenant: tenant_id(1),
        client: client_id(1),
        customer: customer_id(1),
        authorization: authorization_id(1),
        redirect_uri: REDIRECT_URI.to_owned(),
        answer: AnswerMode::Query,
        state: Some("xyz".to_owned()),
        scope: all_reads(),
        challenge: Some(PlainKeyring.digest(b"verifier")),
        created_at: NOW,
        expires_at: NOW.plus(connect::TRANSACTION_LIFETIME),
        ended_at: None,
    }
}

/// A session of customer 1 on the access page, for the secret `CustomerSession`
/// number `n`.
pub fn a_customer_session(n: u32) -> CustomerSession {
    CustomerSession {
        digest: secret_digest(SecretKind::CustomerSession, n),
        tenant: tenant_id(1),
        client: client_id(1),
        customer: customer_id(1),
        created_at: NOW,
        expires_at: NOW.plus(customer_session::IDLE),
        ended_at: None,
    }
}

/// The receipt of version `n` of approval 1.
pub fn a_receipt(n: u32) -> Receipt {
    Receipt {
        id: receipt_id(n),
        tenant: tenant_id(1),
        client: client_id(1),
        customer: customer_id(1),
        authorization: authorization_id(1),
        version: n,
        change: ReceiptChange::Given,
        at: NOW,
        document: format!("e30.e30.{n}"),
    }
}

/// The secret `Code` number `n`, as app 1 got it. Its challenge fits the
/// verifier `verifier`, its family is number `n`.
pub fn a_code(n: u32) -> Code {
    Code {
        digest: secret_digest(SecretKind::Code, n),
        client: client_id(1),
        authorization: authorization_id(1),
        redirect_uri: REDIRECT_URI.to_owned(),
        challenge: Some(PlainKeyring.digest(b"verifier")),
        permissions: all_reads(),
        family: family_id(n),
        issued_at: NOW,
        used_at: None,
    }
}

/// When a code of [`a_code`] ends.
pub fn end_of_code() -> Timestamp {
    NOW.plus(code::LIFETIME)
}

/// The secret `AccessToken` number `n` of app 1, in family 1.
pub fn a_token(n: u32) -> Token {
    Token {
        id: token_id(n),
        digest: secret_digest(SecretKind::AccessToken, n),
        kind: TokenKind::Access,
        tenant: tenant_id(1),
        client: client_id(1),
        authorization: Some(authorization_id(1)),
        family: family_id(1),
        issued_by: GrantType::AuthorizationCode,
        permissions: all_reads(),
        issued_at: NOW,
        expires_at: NOW.plus(token::ACCESS_LIFETIME),
        used_at: None,
        revoked_at: None,
    }
}

/// The secret `RefreshToken` number `n` of app 1, in family 1. Give it another
/// number than the access token beside it: their ids share one row of numbers.
pub fn a_refresh_token(n: u32) -> Token {
    Token {
        digest: secret_digest(SecretKind::RefreshToken, n),
        kind: TokenKind::Refresh,
        expires_at: NOW.plus(token::REFRESH_LIFETIME),
        ..a_token(n)
    }
}

/// A read of the commits of repository `web` by token 1, `n` milliseconds
/// after [`NOW`].
pub fn a_usage_row(n: u32) -> UsageRow {
    UsageRow {
        request: request_id(n),
        at: NOW.plus(Duration::from_millis(n.into())),
        tenant: tenant_id(1),
        client: client_id(1),
        token: token_id(1),
        authorization: Some(authorization_id(1)),
        customer: Some(customer_id(1)),
        connection: Some(connection_id(1)),
        provider: Some(local()),
        repository: Some(a_repository_id("web")),
        endpoint: "commits.list".into(),
        status: 200,
        error_code: None,
        duration: Duration::from_micros(1_250),
        upstream: Upstream { calls: 1, waited: Duration::from_micros(800), ..Upstream::default() },
        scope: Some(Permission::ReadCommits),
        items: 25,
        bytes: 4_700,
        withheld: 0,
        masked: 0,
        rules: Vec::new(),
    }
}

/// The wish of app 1 to hear of everything in the repository `web`, under
/// approval 1.
pub fn a_subscription(n: u32) -> Subscription {
    Subscription {
        id: subscription_id(n),
        tenant: tenant_id(1),
        client: client_id(1),
        authorization: authorization_id(1),
        connection: connection_id(1),
        provider: local(),
        repository: a_repository_id("web"),
        callback_url: "https://acme.example/hooks".to_owned(),
        events: EventKind::ALL.to_vec(),
        state: SubscriptionState::Active,
        secret: Sealed { key: 1, text: "secret".to_owned() },
        hook_digest: secret_digest(SecretKind::Webhook, n),
        hook_secret: Sealed { key: 1, text: "hook-secret".to_owned() },
        hook_ids: vec!["17".to_owned()],
        created_at: NOW,
        updated_at: NOW,
    }
}

/// A webhook for subscription 1 that came at [`NOW`].
pub fn a_hook_delivery(n: u32) -> HookDelivery {
    HookDelivery {
        id: hook_delivery_id(n),
        tenant: tenant_id(1),
        subscription: subscription_id(1),
        key: PlainKeyring.digest(&n.to_be_bytes()),
        sealed: "sealed-body".to_owned(),
        state: DeliveryState::Waiting,
        attempts: Attempts::none(NOW),
        received_at: NOW,
    }
}

/// A push to repository 7 of GitLab, which just came by hook 1.
pub fn an_intake(n: u32) -> Intake {
    Intake {
        id: intake_id(n),
        tenant: tenant_id(1),
        door: Some(hook_id(1)),
        source: gitlab(),
        kind: Kind::Push,
        event: "Push Hook".to_owned(),
        repository: Some("7".to_owned()),
        path: Some("course/team-1".to_owned()),
        project: None,
        key: PlainKeyring.digest(&n.to_be_bytes()),
        received_at: NOW,
        state: State::Pending { next_at: NOW },
        tries: Tries::default(),
    }
}

/// A door for all that GitLab delivers to organisation 1.
pub fn a_hook(n: u32) -> Hook {
    Hook {
        id: hook_id(n),
        tenant: tenant_id(1),
        name: format!("Course {n}"),
        source: gitlab(),
        secret: a_hook_secret(n),
        previous: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

/// The secret of [`a_hook`].
pub fn a_hook_secret(n: u32) -> HookSecret {
    HookSecret {
        digest: secret_digest(SecretKind::Webhook, n),
        sealed: Sealed { key: 1, text: format!("sealed-secret-{n}") },
    }
}

/// The host `gitlab`.
pub fn gitlab() -> ProviderName {
    ProviderName::parse("gitlab").expect("a host's name")
}

/// A push on its way to the app of subscription 1.
pub fn an_event_delivery(n: u32) -> EventDelivery {
    EventDelivery {
        id: event_delivery_id(n),
        tenant: tenant_id(1),
        subscription: subscription_id(1),
        event: EventKind::Push,
        body: r#"{"type":"push"}"#.to_owned(),
        state: DeliveryState::Waiting,
        attempts: Attempts::none(NOW),
        last_status: None,
        last_problem: None,
        created_at: NOW,
        delivered_at: None,
    }
}

/// A job of organisation 1 that may run at once.
pub fn a_job(n: u32) -> Job {
    let kind = KindName::parse("jobs.rehearsal").expect("a name");
    let request = Request::new(tenant_id(1), kind, JsonText::empty(), Author::Bootstrap);
    Job::asked(request, job_id(n), NOW)
}

/// Adds organisation, owner, app, customer, connection and approval number
/// 1, to which everything else belongs.
///
/// # Errors
///
/// What the storage says against it.
pub async fn move_in(storage: &dyn Storage) -> Result<(), StorageError> {
    let mut work = storage.begin().await?;
    work.tenants().add(&a_tenant(1)).await?;
    work.users().add(&a_user(1)).await?;
    work.memberships().add(&a_membership(1)).await?;
    work.apps().add(&an_app(1)).await?;
    work.customers().add(&a_customer(1)).await?;
    work.connections().add(&a_connection(1)).await?;
    work.authorizations().add(&an_authorization(1)).await?;
    work.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_app_keeps_the_rules_of_apps() {
        assert_eq!(an_app(1).validate(), Ok(an_app(1)));
    }

    #[test]
    fn the_secrets_parse_and_differ_by_number_and_kind() {
        let secret = a_secret(SecretKind::AccessToken, 3);
        assert!(Secret::parse(SecretKind::AccessToken, secret.expose()).is_some());
        assert_ne!(a_token(3).digest, a_token(4).digest);
        assert_ne!(a_token(3).digest, a_refresh_token(3).digest);
    }

    #[test]
    fn now_is_the_instant_that_its_comment_says() {
        assert_eq!(NOW.to_string(), "2026-11-22T09:30:00.000Z");
    }
}
