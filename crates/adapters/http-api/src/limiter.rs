//! How often one token may ask.

use std::num::NonZeroU32;

use governor::{
    DefaultKeyedRateLimiter, Quota,
    clock::{Clock as _, DefaultClock},
};
use lodge_kernel::TokenId;

/// A leaky bucket for each token, in this process.
pub struct Limiter {
    buckets: DefaultKeyedRateLimiter<TokenId>,
    clock: DefaultClock,
}

impl Limiter {
    /// `per_second` requests a second, in bursts of ten seconds' worth.
    pub fn new(per_second: NonZeroU32) -> Self {
        let buckets = DefaultKeyedRateLimiter::keyed(quota(per_second));
        Self { buckets, clock: DefaultClock::default() }
    }

    /// Takes note of a request.
    ///
    /// # Errors
    ///
    /// The whole seconds to wait, when there were too many.
    pub fn check(&self, token: TokenId) -> Result<(), u64> {
        self.buckets
            .check_key(&token)
            .map_err(|until| until.wait_time_from(self.clock.now()).as_secs() + 1)
    }

    /// Forgets the tokens that have not asked lately. To be called now and
    /// then.
    pub fn sweep(&self) {
        self.buckets.retain_recent();
        self.buckets.shrink_to_fit();
    }
}

/// `per_second` requests a second, in bursts of ten seconds' worth.
pub(crate) fn quota(per_second: NonZeroU32) -> Quota {
    let burst = per_second.saturating_mul(NonZeroU32::MIN.saturating_add(9));
    Quota::per_second(per_second).allow_burst(burst)
}

#[cfg(test)]
mod tests {
    use lodge_testkit::builders::token_id;

    use super::*;

    #[test]
    fn the_eleventh_request_at_once_waits_and_another_token_does_not() {
        let limiter = Limiter::new(NonZeroU32::MIN);
        let token = token_id(1);
        for _ in 0..10 {
            assert_eq!(limiter.check(token), Ok(()));
        }
        assert_eq!(limiter.check(token), Err(1));
        assert_eq!(limiter.check(token_id(2)), Ok(()));
    }
}
