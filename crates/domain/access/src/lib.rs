//! Who may read what until when.
//!
//! A [`Tenant`] owns [`App`]s. A [`Customer`] of an app connects accounts at
//! Git hosts ([`Connection`]) and approves chosen repositories in an
//! [`Authorization`]. The app exchanges a [`Code`] for [`Token`]s, and at each
//! read [`rights`] works out, from the authorization as it is then, whether
//! the read is allowed.
//!
//! Reading order: [`permission`], [`app`], [`connection`], [`authorization`], [`rights`], then
//! [`secret`], [`code`] with [`pkce`], and [`token`]. [`connect`] and
//! [`customer_sig`] are the ways in which an app vouches for a customer, who
//! later comes back with a [`customer_session`] and has a [`receipt`] of each decision.
//! [`people`] with [`role`] are those who make apps; [`password`], [`totp`], [`passkey`],
//! [`throttle`] and [`invitation`] are how they come in. [`audit`] is the trail
//! of who changed what.

pub mod admin;
pub mod app;
pub mod audit;
pub mod authorization;
pub mod code;
pub mod connect;
pub mod connection;
pub mod customer_session;
pub mod customer_sig;
pub mod invitation;
pub mod passkey;
pub mod password;
pub mod people;
pub mod permission;
pub mod pkce;
pub mod receipt;
pub mod rights;
pub mod role;
pub mod secret;
pub mod subscription;
pub mod throttle;
pub mod token;
pub mod totp;
pub mod usage;

pub use admin::{
    AdminKey, AdminScope, AdminScopes, FirewallSettings, PlatformGrant, UnknownAdminScope,
};
pub use app::{App, AppError, ClientSecret, RedirectUri};
pub use audit::{Action, Actor, AuditEntry, AuditEvent, Chain, Checkpoint, Head, Outcome};
pub use authorization::{ApprovedRepository, Authorization, AuthorizationState, RepositoryConsent};
pub use code::{Code, RedeemCodeError};
pub use connect::{AnswerMode, ConnectSession, PushedRequest, Transaction};
pub use connection::{
    Connection, ConnectionKind, ConnectionStatus, Credentials, DataKey, Lease, LoginAttempt,
    LoginMode,
};
pub use customer_session::CustomerSession;
pub use customer_sig::{CustomerSig, CustomerSigError};
pub use invitation::{Invitation, PasswordLink};
pub use passkey::{Backup, CredentialId, Passkey, RelyingParty, Transport};
pub use password::PasswordError;
pub use people::{
    Customer, Membership, PersonError, Session, Tenant, User, parse_email, parse_name,
};
pub use permission::{Permission, PermissionSet, UnknownPermission};
pub use pkce::{ChallengeError, parse_challenge, write_challenge};
pub use receipt::{Receipt, ReceiptChange, Statement};
pub use rights::{Grant, Refusal};
pub use role::{Act, Role};
pub use secret::{Secret, SecretKind};
pub use subscription::{
    Attempts, DeliveryState, EventDelivery, HookDelivery, Subscription, SubscriptionState,
};
pub use throttle::{Subject, Throttle};
pub use token::{GrantType, Token, TokenKind};
pub use totp::Authenticator;
pub use usage::{
    ReadFilter, ReadTotals, Upstream, UsageFilter, UsageOf, UsageRow, UsageSummary, UsageSums,
    UsageWindow,
};
