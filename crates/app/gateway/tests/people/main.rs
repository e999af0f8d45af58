//! How people come in, and what happens meanwhile: a gateway over a storage in memory, and
//! devices that speak plainly.
#![expect(clippy::unwrap_used, reason = "what cannot be prepared ends the test")]

mod house;
mod organisations;
mod passkeys;
mod races;
