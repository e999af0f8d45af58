//! The audit trail.

use async_trait::async_trait;
use lodge_access::{AuditEntry, Chain, Head};
use lodge_kernel::AuditEventId;
use lodge_storage::{AuditFilter, AuditRepository, StorageError};

use super::{
    Rows,
    tables::{Tables, unless_there},
};

fn head(tables: &Tables, chain: Chain) -> Head {
    let last = tables.audit.range((chain, 0)..=(chain, u64::MAX)).next_back();
    last.map_or(Head::empty(chain), |(_, entry)| entry.head())
}

#[async_trait]
impl AuditRepository for Rows<'_> {
    async fn take_head(&mut self, chain: Chain) -> Result<Head, StorageError> {
        Ok(head(self.0.change()?, chain))
    }

    async fn append(&mut self, entry: &AuditEntry) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let chain = entry.event.chain;
        if head(tables, chain).size + 1 != entry.sequence {
            return Err(StorageError::Conflict("the audit chain has another end".into()));
        }
        let there = tables.audit.values().any(|it| it.event.id == entry.event.id);
        unless_there(there, "audit entry")?;
        tables.audit.insert((chain, entry.sequence), entry.clone());
        Ok(())
    }

    async fn heads(&mut self) -> Result<Vec<Head>, StorageError> {
        let chains = self.chains().await?;
        Ok(chains.into_iter().map(|it| head(&self.0.tables, it)).collect())
    }

    async fn chains(&mut self) -> Result<Vec<Chain>, StorageError> {
        let mut chains: Vec<_> = self.0.tables.audit.keys().map(|(chain, _)| *chain).collect();
        chains.dedup();
        Ok(chains)
    }

    async fn walk(
        &mut self,
        chain: Chain,
        after: u64,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StorageError> {
        let rows = self.0.tables.audit.range((chain, after.saturating_add(1))..);
        let theirs = rows.take_while(|((of, _), _)| *of == chain).take(limit);
        Ok(theirs.map(|(_, entry)| entry.clone()).collect())
    }

    async fn newest(
        &mut self,
        filter: AuditFilter,
        before: Option<AuditEventId>,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StorageError> {
        let meant = |it: &&AuditEntry| {
            filter.chain.is_none_or(|chain| it.event.chain == chain)
                && filter.action.is_none_or(|action| it.event.action == action)
                && before.is_none_or(|before| it.event.id < before)
        };
        let mut all: Vec<_> = self.0.tables.audit.values().filter(meant).cloned().collect();
        all.sort_by_key(|it| std::cmp::Reverse(it.event.id));
        all.truncate(limit);
        Ok(all)
    }
}
