//! What must not leave: path rules, secret detectors and masks.
//!
//! Everything read from a host passes [`Review`] before it is shown. A file
//! whose name is blocked is held back under a pseudonym; a secret inside any
//! other text becomes `‹masked:kind:12 hex›` in its line, so that a patch keeps
//! its shape. Every rule has a number that `docs/firewall.md` explains.
//!
//! Reading order: [`rule`], [`rules`], [`firewall`], [`review`].

pub mod firewall;
pub mod review;
pub mod rule;
pub mod rules;

mod detect;
mod event;
mod files;
mod mask;
mod path;

pub use firewall::{Finding, Firewall, Tally, Withheld};
pub use review::Review;
pub use rule::{Rule, RuleId};
pub use rules::{Rules, RulesError};

#[cfg(test)]
mod testing;
