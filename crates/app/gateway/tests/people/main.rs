//! How people come in with passkeys: a gateway over a storage in memory, and
//! devices that speak plainly.
#![expect(clippy::unwrap_used, reason = "what cannot be prepared ends the test")]

mod house;
mod passkeys;
