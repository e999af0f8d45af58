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
//! [`customer_sig`] are the ways in which an app vouches for a customer. [`audit`] is the trail
//! of who changed what.

pub mod admin;
pub mod app;
pub mod audit;
pub mod authorization;
pub mod code;
pub mod connect;
pub mod connection;
pub mod customer_sig;
pub mod people;
pub mod permission;
pub mod pkce;
pub mod rights;
pub mod secret;
pub mod subscription;
pub mod token;
pub mod usage;

pub use admin::{
    AdminKey, AdminScope, AdminScopes, FirewallSettings, PlatformGrant, UnknownAdminScope,
};
pub use app::{App, AppError, ClientSecret, RedirectUri};
pub use audit::{Action, Actor, AuditEntry, AuditEvent, Chain, Checkpoint, Head, Outcome};
pub use authorization::{Authorization, AuthorizationState, RepositoryConsent};
pub use code::{Code, RedeemCodeError};
pub use connect::{ConnectSession, PushedRequest, Transaction};
pub use connection::{
    Connection, ConnectionKind, ConnectionStatus, Credentials, DataKey, Lease, LoginAttempt,
    LoginMode,
};
pub use customer_sig::{CustomerSig, CustomerSigError};
pub use people::{Customer, Session, Tenant, User};
pub use permission::{Permission, PermissionSet, UnknownPermission};
pub use pkce::{ChallengeError, parse_challenge, write_challenge};
pub use rights::{Grant, Refusal};
pub use secret::{Secret, SecretKind};
pub use subscription::{
    Attempts, DeliveryState, EventDelivery, HookDelivery, Subscription, SubscriptionState,
};
pub use token::{GrantType, Token, TokenKind};
pub use usage::UsageRow;
