//! Who is told how questions to hosts went.

use std::time::Duration;

use lodge_forge::ProviderName;

/// How one exchange with a host ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exchange {
    /// The host answered with this status of HTTP.
    Answered(u16),
    /// It did not answer in time.
    TimedOut,
    /// It could not be reached, or hung up.
    Unreachable,
}

impl Exchange {
    /// The host answered, and did not say that it is broken.
    pub const fn is_well(self) -> bool {
        matches!(self, Self::Answered(status) if status < 500)
    }
}

/// Who is told how questions to hosts went.
pub trait HostWatch: Send + Sync {
    /// One exchange with `host`, by this method of HTTP, ended after `took`.
    fn exchanged(&self, host: &ProviderName, method: &'static str, how: Exchange, took: Duration);
}
