//! What all Git hosts share: one transport with good manners, and what is
//! worked out where a host leaves it out.
//!
//! An adapter writes a [`Dialect`] (how its host wants to be asked, and what
//! its answers mean), opens a [`HostClient`] with it, and sends [`Call`]s. The
//! client keeps the manners: it stays inside the account's budget, asks
//! identical questions once, revalidates instead of reading again, refreshes a
//! refused token once, tries again within a budget, leaves a broken host alone,
//! and bounds time and memory. No vendor's rule stands in this crate.
//!
//! Reading order: [`Kit`] and [`HostConfig`], then [`Base`], [`Call`],
//! [`Answer`], [`Said`], [`Dialect`], [`HostClient`]; then [`Text`] and
//! [`read_json`] for payloads, [`Marks`] for positions, [`Patch`] and
//! [`parse_diff`] for diffs, [`People`] for contributors, `oauth` and
//! `signature` for logins and webhooks, [`facts_of`] and [`run_of`] for what
//! these tell courses, [`bounded`] for what an adapter finds beside them.
//! [`Outbound`] calls the addresses that apps gave us, behind a
//! [`Guard`].

mod answer;
mod base;
mod breaker;
mod budgets;
mod call;
mod client;
mod config;
mod dialect;
mod facts;
mod few;
mod first;
mod flights;
mod guard;
mod json;
mod links;
mod marks;
mod memory;
mod oauth;
mod outbound;
mod patch;
mod people;
mod retries;
mod said;
mod signature;
mod text;
mod transport;

pub use answer::Answer;
pub use base::{Base, BaseError};
pub use call::Call;
pub use client::HostClient;
pub use config::{HostConfig, Kit, KitConfig, Limits, Registration};
pub use dialect::Dialect;
pub use facts::{account, bounded, facts_of, run_of};
pub use few::Few;
pub use first::First;
pub use guard::{Forbidden, Guard};
pub use json::{Unreadable, read_json};
pub use links::query_of_next;
pub use marks::{Marks, Read};
pub use oauth::{ClientAuthentication, OAuthClient, OAuthEndpoints};
pub use outbound::{Outbound, OutboundError, Reached};
pub use patch::{Patch, Version, compute_patch, parse_diff};
pub use people::{Author, People};
/// Headers, for a [`Dialect`]: adapters need nothing else of the HTTP client.
pub use reqwest::header;
pub use said::Said;
pub use signature::{hmac_sha256_fits, hmac_sha256_fits_key, same_secret, unhex};
pub use text::Text;
pub use transport::Transport;
