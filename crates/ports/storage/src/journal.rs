//! The way into the journal for a request that cannot wait.

use async_trait::async_trait;
use lodge_access::UsageRow;

/// Takes rows off the path of a request and writes them in batches.
#[async_trait]
pub trait UsageJournal: Send + Sync {
    /// Hands over one row. Returns at once while there is room; waits when the
    /// journal cannot keep up, so that no read goes unrecorded.
    async fn record(&self, row: UsageRow);
}
