//! Patches: read from a host's raw diff, and written from two versions where a
//! host has none.

mod compute;
mod parse;
mod versions;

pub use compute::Patch;
pub use parse::parse_diff;
pub use versions::{Version, compute_patch};
