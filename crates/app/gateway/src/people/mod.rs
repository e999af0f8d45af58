//! People: how they come in, what they may do, and with whom.
//!
//! Reading order: [`visitor`] (who is there), [`sign_up`] and [`log_in`] (how
//! somebody comes in, over [`proof`]), [`sessions`], [`password`],
//! [`authenticator`] with [`recovery`], [`passkeys`], then [`members`], [`invite`] and [`join`] (who else
//! belongs to the organisation).

pub mod authenticator;
pub mod invite;
pub mod join;
pub mod log_in;
pub mod members;
pub mod passkeys;
pub mod password;
pub mod proof;
pub mod recovery;
pub mod sessions;
pub mod sign_up;
pub mod visitor;

pub use authenticator::{AuthenticatorError, Enrolment};
pub use invite::{InviteError, Invited};
pub use join::{JoinError, Joining};
pub use log_in::{LogIn, LogInError, LoggedIn, SecondStep};
pub use members::MemberError;
pub use passkeys::{
    AddPasskey, AddedPasskey, AddingPasskey, Offered, PasskeyError, PasskeyLogIn, Question,
    RemovedPasskey,
};
pub use password::PasswordChangeError;
pub use proof::{Caller, ProofError};
pub use sign_up::{SignUp, SignUpError};
pub use visitor::{Denied, Member, Person, SessionError, Visitor};

use std::sync::Arc;

use lodge_access::{RelyingParty, passkey::NoPasskeys};
use lodge_services::{OneTimeCodes, PasskeyCeremonies, PasswordHasher};

/// What only people need.
#[derive(Clone)]
pub struct PeoplePorts {
    /// Hashes passwords.
    pub passwords: Arc<dyn PasswordHasher>,
    /// Knows the codes of authenticator apps.
    pub codes: Arc<dyn OneTimeCodes>,
    /// Checks what devices with passkeys answer.
    pub passkeys: Arc<dyn PasskeyCeremonies>,
    /// For whom devices keep passkeys, or why there are none.
    pub party: Result<RelyingParty, NoPasskeys>,
    /// Whether strangers may open accounts.
    pub open: bool,
}
