//! From when until when.

use lodge_kernel::Timestamp;

/// From when on, and until when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// What happened then or later.
    pub since: Option<Timestamp>,
    /// What happened before then.
    pub until: Option<Timestamp>,
}

impl Period {
    /// It happened within.
    pub fn has(&self, at: Timestamp) -> bool {
        self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at < until)
    }
}
