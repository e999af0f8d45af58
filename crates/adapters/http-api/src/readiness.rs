//! Whether this process should be sent requests.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether this process should be sent requests.
#[derive(Debug, Default)]
pub struct Readiness {
    stopping: AtomicBool,
}

impl Readiness {
    /// Says from now on that requests should go elsewhere. Those that come are
    /// still answered.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}
