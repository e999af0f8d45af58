//! The journal of reads.

use async_trait::async_trait;
use lodge_access::UsageRow;
use lodge_kernel::{RequestId, TenantId};
use lodge_storage::{StorageError, UsageRepository};

use super::Rows;

#[async_trait]
impl UsageRepository for Rows<'_> {
    async fn append(&mut self, rows: &[UsageRow]) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        for row in rows {
            tables.usage.entry((row.tenant, row.request)).or_insert_with(|| row.clone());
        }
        Ok(())
    }

    async fn newest(
        &mut self,
        tenant: TenantId,
        before: Option<RequestId>,
        limit: usize,
    ) -> Result<Vec<UsageRow>, StorageError> {
        let meant = |it: &&UsageRow| {
            it.tenant == tenant && before.is_none_or(|request| it.request < request)
        };
        Ok(self.0.tables.usage.values().rev().filter(meant).take(limit).cloned().collect())
    }

    async fn count(&mut self, tenant: TenantId) -> Result<u64, StorageError> {
        let theirs = self.0.tables.usage.keys().filter(|(owner, _)| *owner == tenant);
        Ok(u64::try_from(theirs.count()).unwrap_or(u64::MAX))
    }
}
