//! What administrators do, by an admin key or from the command line.
//!
//! [`keys`] makes and recognises the keys; [`platform`] lists and makes
//! organisations and apps; [`grants`] lets an app read without a consent page;
//! [`tokens`] looks at tokens and takes them back; [`firewall`] changes what is
//! blocked while the gateway runs.

pub mod firewall;
pub mod grants;
pub mod keys;
pub(crate) mod live_grants;
pub mod platform;
pub mod tokens;

pub use firewall::{FirewallChange, FirewallProblem, LivingRules};
pub use grants::{GrantDetails, GrantDraft, GrantError};
pub use keys::{AdminKeyDraft, AdminKeyError, Administrator, MadeAdminKey, MakeAdminKeyError};
pub use platform::{ClientDraft, PlatformError};
