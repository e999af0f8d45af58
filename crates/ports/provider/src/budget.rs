//! How much a host lets an account ask.

use lodge_kernel::Timestamp;

/// What is known of an account's budget at its host, from the host's newest
/// answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// Requests in one window.
    pub limit: Option<u64>,
    /// Requests that are left in this window.
    pub remaining: Option<u64>,
    /// When the next window begins.
    pub resets_at: Option<Timestamp>,
    /// The host asked us to be quiet until then.
    pub paused_until: Option<Timestamp>,
}
