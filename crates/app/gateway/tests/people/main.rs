//! How people come in with passkeys: a gateway over a storage in memory, and
//! devices that speak plainly.

mod house;
mod passkeys;
