//! Who did something.

use std::fmt;

use lodge_kernel::{Digest, hex};

/// Somebody, as a host tells of them: whatever it says.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Actor {
    /// The host's id of the account.
    pub host_user: Option<String>,
    /// The account's name.
    pub username: Option<String>,
    /// An address, as it stands in a commit.
    pub email: Option<String>,
    /// The name for people.
    pub name: Option<String>,
}

/// Somebody in a course, without saying who: a digest under a key of ours over
/// the course, the host and what names them best there, which is the host's id
/// of the account, or else the account's name, or else the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActorId(pub Digest);

impl fmt::Display for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0.0))
    }
}
