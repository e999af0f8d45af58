//! Passkeys: how they are added and kept, and how one opens a session.
//!
//! A passkey is a second proof after the password, and, when its device has
//! verified the person, both proofs at once. Reading order: [`question`] (what a
//! device is asked, once), [`add`], [`keep`], [`enter`].

pub mod add;
pub mod enter;
pub mod keep;
pub mod question;

pub use add::{AddPasskey, AddedPasskey, AddingPasskey, PasskeyError};
pub use enter::{Offered, PasskeyLogIn};
pub use keep::RemovedPasskey;
pub use question::Question;
