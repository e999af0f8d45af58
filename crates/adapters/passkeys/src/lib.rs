//! Checks what devices with passkeys answer.
//!
//! Reading order: `ceremonies` (each step of WebAuthn Level 3, 7.1 and 7.2),
//! `client_data` (what the browser says), `authenticator_data` (what the
//! device says), then `cose` (its public key) over `cbor`.

mod authenticator_data;
mod cbor;
mod ceremonies;
mod client_data;
mod cose;

pub use ceremonies::WebAuthn;
