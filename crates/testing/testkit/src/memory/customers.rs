//! What customers come back to.

use async_trait::async_trait;
use lodge_access::{CustomerSession, Receipt};
use lodge_kernel::{AuthorizationId, CustomerId, Digest, ReceiptId, Timestamp};
use lodge_storage::{CustomerSessionRepository, ReceiptRepository, StorageError};

use super::{
    Rows,
    tables::{if_owned, unless_there},
};

#[async_trait]
impl CustomerSessionRepository for Rows<'_> {
    async fn add(&mut self, session: &CustomerSession) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        unless_there(tables.customer_sessions.contains_key(&session.digest), "customer session")?;
        let owned = tables.has_app(session.tenant, session.client)
            && tables.has_customer(session.tenant, session.customer);
        if_owned(owned, "customer session")?;
        tables.customer_sessions.insert(session.digest, session.clone());
        Ok(())
    }

    async fn find(&mut self, digest: Digest) -> Result<Option<CustomerSession>, StorageError> {
        Ok(self.0.tables.customer_sessions.get(&digest).cloned())
    }

    async fn update(&mut self, session: &CustomerSession) -> Result<bool, StorageError> {
        let tables = self.0.change()?;
        let owned = tables.has_customer(session.tenant, session.customer);
        let known = tables.customer_sessions.get_mut(&session.digest);
        let Some(known) = known.filter(|it| it.ended_at.is_none()) else { return Ok(false) };
        if_owned(owned, "customer session")?;
        known.customer = session.customer;
        known.expires_at = session.expires_at;
        Ok(true)
    }

    async fn end(&mut self, digest: Digest, at: Timestamp) -> Result<bool, StorageError> {
        let live = self.0.change()?.customer_sessions.get_mut(&digest);
        let live = live.filter(|it| it.ended_at.is_none());
        Ok(live.map(|it| it.ended_at = Some(at)).is_some())
    }
}

#[async_trait]
impl ReceiptRepository for Rows<'_> {
    async fn add(&mut self, receipt: &Receipt) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let same = |it: &Receipt| {
            it.id == receipt.id
                || (it.authorization, it.version) == (receipt.authorization, receipt.version)
        };
        unless_there(tables.receipts.values().any(same), "receipt")?;
        tables.receipts.insert(receipt.id, receipt.clone());
        Ok(())
    }

    async fn find(&mut self, id: ReceiptId) -> Result<Option<Receipt>, StorageError> {
        Ok(self.0.tables.receipts.get(&id).cloned())
    }

    async fn of_customer(
        &mut self,
        customer: CustomerId,
        before: Option<ReceiptId>,
        limit: usize,
    ) -> Result<Vec<Receipt>, StorageError> {
        let meant =
            |it: &&Receipt| it.customer == customer && before.is_none_or(|before| it.id < before);
        Ok(self.0.tables.receipts.values().rev().filter(meant).take(limit).cloned().collect())
    }

    async fn latest(&mut self, authorization: AuthorizationId) -> Result<u32, StorageError> {
        let theirs = self.0.tables.receipts.values().filter(|it| it.authorization == authorization);
        Ok(theirs.map(|it| it.version).max().unwrap_or_default())
    }
}
