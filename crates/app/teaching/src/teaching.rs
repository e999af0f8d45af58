//! What every use case of the courses is given.

use std::sync::Arc;

use lodge_kernel::{Clock, Entropy, Keyring, Timestamp};
use lodge_storage::Storage;

/// The ports, wired once by the composition root.
pub struct Teaching {
    /// The database.
    pub storage: Arc<dyn Storage>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// Keys.
    pub keys: Arc<dyn Keyring>,
}

impl Teaching {
    /// The instant it is now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
