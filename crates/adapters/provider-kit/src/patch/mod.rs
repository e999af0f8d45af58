//! Patches: written from two versions where a host has none.

mod compute;

pub use compute::Patch;
