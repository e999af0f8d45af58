//! Customers, and what they come back to.

use async_trait::async_trait;
use lodge_access::{ConnectionKind, Customer, CustomerSession, Receipt};
use lodge_forge::ProviderName;
use lodge_kernel::{AuthorizationId, ClientId, CustomerId, Digest, ReceiptId, Timestamp};
use lodge_storage::{
    CustomerRepository, CustomerSessionRepository, ReceiptRepository, StorageError,
};

use super::{
    Rows,
    tables::{if_owned, unless_there},
};

#[async_trait]
impl CustomerRepository for Rows<'_> {
    async fn add(&mut self, customer: &Customer) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let taken = |it: &Customer| {
            it.client == customer.client
                && (it.vouched && customer.vouched)
                && it.reference.is_some()
                && it.reference == customer.reference
        };
        let same = |it: &Customer| it.id == customer.id || taken(it);
        unless_there(tables.customers.values().any(same), "customer")?;
        if_owned(tables.has_app(customer.tenant, customer.client), "customer")?;
        tables.customers.insert(customer.id, customer.clone());
        Ok(())
    }

    async fn find(&mut self, id: CustomerId) -> Result<Option<Customer>, StorageError> {
        Ok(self.0.tables.customers.get(&id).cloned())
    }

    async fn find_vouched(
        &mut self,
        client: ClientId,
        reference: &str,
    ) -> Result<Option<Customer>, StorageError> {
        let meant = |it: &&Customer| {
            it.vouched && it.client == client && it.reference.as_deref() == Some(reference)
        };
        Ok(self.0.tables.customers.values().find(meant).cloned())
    }

    async fn find_proved(
        &mut self,
        stranger: &Customer,
        provider: &ProviderName,
        host_account: &str,
    ) -> Result<Option<Customer>, StorageError> {
        let tables = &self.0.tables;
        let has_account = |it: &Customer| {
            tables.connections.values().any(|theirs| {
                theirs.customer == it.id
                    && theirs.provider == *provider
                    && theirs.host_account == host_account
                    && theirs.kind != ConnectionKind::Configured
                    && theirs.status.is_kept()
            })
        };
        let same = |it: &&Customer| {
            it.id != stranger.id
                && it.client == stranger.client
                && it.reference.is_some()
                && it.reference == stranger.reference
                && has_account(it)
        };
        let found = tables.customers.values().filter(same);
        Ok(found.min_by_key(|it| (!it.vouched, it.id)).cloned())
    }

    async fn rename(&mut self, id: CustomerId, name: Option<&str>) -> Result<(), StorageError> {
        let customer = self.0.change()?.customers.get_mut(&id);
        customer.ok_or(StorageError::Orphan { entity: "customer" })?.name =
            name.map(ToOwned::to_owned);
        Ok(())
    }
}

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
