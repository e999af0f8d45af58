//! Approvals, and the ways to them.

use std::collections::btree_map::Entry;

use async_trait::async_trait;
use lodge_access::{
    ApprovedRepository, Authorization, AuthorizationState, Code, ConnectSession, PushedRequest,
    Transaction,
};
use lodge_forge::ProviderName;
use lodge_kernel::{
    AuthorizationId, ClientId, CustomerId, Digest, TenantId, Timestamp, TransactionId,
};
use lodge_storage::{
    AuthorizationRepository, CodeRepository, ConnectSessionRepository, NonceRepository,
    PushedRequestRepository, StorageError, TransactionRepository,
};

use super::{
    Rows,
    tables::{Tables, if_owned, unless_there},
};

/// App, customer and connections are there, in the same organisation.
fn check(tables: &Tables, it: &Authorization) -> Result<(), StorageError> {
    let used = it.connections.iter().map(|(id, _)| *id);
    let mut used = used.chain(it.repositories.iter().map(|consent| consent.connection));
    let owned = tables.has_app(it.tenant, it.client)
        && tables.has_customer(it.tenant, it.customer)
        && used.all(|id| tables.has_connection(it.tenant, id));
    if_owned(owned, "authorization")
}

#[async_trait]
impl AuthorizationRepository for Rows<'_> {
    async fn add(&mut self, authorization: &Authorization) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let there = tables.authorizations.contains_key(&authorization.id);
        unless_there(there, "authorization")?;
        check(tables, authorization)?;
        tables.authorizations.insert(authorization.id, authorization.clone());
        Ok(())
    }

    async fn find(&mut self, id: AuthorizationId) -> Result<Option<Authorization>, StorageError> {
        Ok(self.0.tables.authorizations.get(&id).cloned())
    }

    async fn update(&mut self, authorization: &Authorization) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let known = tables.has_authorization(authorization.tenant, authorization.id);
        if_owned(known, "authorization")?;
        check(tables, authorization)?;
        tables.authorizations.insert(authorization.id, authorization.clone());
        Ok(())
    }

    async fn active_of_customer(
        &mut self,
        customer: CustomerId,
        limit: usize,
    ) -> Result<Vec<Authorization>, StorageError> {
        let meant = |it: &&Authorization| {
            it.customer == customer && matches!(it.state, AuthorizationState::Active { .. })
        };
        let all = self.0.tables.authorizations.values().rev();
        Ok(all.filter(meant).take(limit).cloned().collect())
    }

    async fn approved(
        &mut self,
        tenant: TenantId,
        provider: Option<&ProviderName>,
        now: Timestamp,
        after: Option<(AuthorizationId, u32)>,
        limit: usize,
    ) -> Result<Vec<ApprovedRepository>, StorageError> {
        let active = |it: &&Authorization| {
            it.tenant == tenant && matches!(it.state, AuthorizationState::Active { .. })
        };
        let active = self.0.tables.authorizations.values().filter(active);
        let all = active.flat_map(|it| {
            (0..).zip(&it.repositories).map(|(position, consent)| ApprovedRepository {
                authorization: it.id,
                position,
                client: it.client,
                customer: it.customer,
                consent: consent.clone(),
            })
        });
        let meant = all.filter(|it| {
            now < it.consent.expires_at
                && provider.is_none_or(|name| it.consent.provider == *name)
                && after.is_none_or(|place| place < (it.authorization, it.position))
        });
        Ok(meant.take(limit).collect())
    }

    async fn revoke_of_client(
        &mut self,
        client: ClientId,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        let mut count = 0;
        for it in self.0.change()?.authorizations.values_mut().filter(|it| it.client == client) {
            if !matches!(it.state, AuthorizationState::Revoked { .. }) {
                *it = it.clone().revoke(at);
                count += 1;
            }
        }
        Ok(count)
    }
}

#[async_trait]
impl ConnectSessionRepository for Rows<'_> {
    async fn add(&mut self, session: &ConnectSession) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let same = |it: &ConnectSession| it.id == session.id || it.digest == session.digest;
        unless_there(tables.connect_sessions.values().any(same), "connect session")?;
        let owned = tables.has_app(session.tenant, session.client)
            && tables.has_customer(session.tenant, session.customer)
            && tables.has_authorization(session.tenant, session.authorization);
        if_owned(owned, "connect session")?;
        tables.connect_sessions.insert(session.digest, session.clone());
        Ok(())
    }

    async fn take(
        &mut self,
        digest: Digest,
        now: Timestamp,
    ) -> Result<Option<ConnectSession>, StorageError> {
        let session = self.0.change()?.connect_sessions.get_mut(&digest);
        Ok(session.filter(|it| it.used_at.is_none() && now < it.expires_at).map(|it| {
            it.used_at = Some(now);
            it.clone()
        }))
    }
}

#[async_trait]
impl PushedRequestRepository for Rows<'_> {
    async fn add(&mut self, request: &PushedRequest) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        if_owned(tables.apps.contains_key(&request.client), "pushed request")?;
        unless_there(tables.pushed_requests.contains_key(&request.digest), "pushed request")?;
        tables.pushed_requests.insert(request.digest, request.clone());
        Ok(())
    }

    async fn take(
        &mut self,
        digest: Digest,
        now: Timestamp,
    ) -> Result<Option<PushedRequest>, StorageError> {
        let request = self.0.change()?.pushed_requests.get_mut(&digest);
        Ok(request.filter(|it| it.used_at.is_none() && now < it.expires_at).map(|it| {
            it.used_at = Some(now);
            it.clone()
        }))
    }
}

#[async_trait]
impl TransactionRepository for Rows<'_> {
    async fn add(&mut self, transaction: &Transaction) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        unless_there(tables.transactions.contains_key(&transaction.id), "transaction")?;
        let owned = tables.has_app(transaction.tenant, transaction.client)
            && tables.has_customer(transaction.tenant, transaction.customer)
            && tables.has_authorization(transaction.tenant, transaction.authorization);
        if_owned(owned, "transaction")?;
        tables.transactions.insert(transaction.id, transaction.clone());
        Ok(())
    }

    async fn find(&mut self, id: TransactionId) -> Result<Option<Transaction>, StorageError> {
        Ok(self.0.tables.transactions.get(&id).cloned())
    }

    async fn end(&mut self, id: TransactionId, at: Timestamp) -> Result<bool, StorageError> {
        let open = self.0.change()?.transactions.get_mut(&id).filter(|it| it.ended_at.is_none());
        Ok(open.map(|it| it.ended_at = Some(at)).is_some())
    }
}

#[async_trait]
impl NonceRepository for Rows<'_> {
    async fn claim(
        &mut self,
        client: ClientId,
        nonce: &str,
        until: Timestamp,
    ) -> Result<bool, StorageError> {
        let tables = self.0.change()?;
        if_owned(tables.apps.contains_key(&client), "nonce")?;
        Ok(match tables.nonces.entry((client, nonce.to_owned())) {
            Entry::Vacant(free) => {
                free.insert(until);
                true
            }
            Entry::Occupied(_) => false,
        })
    }
}

#[async_trait]
impl CodeRepository for Rows<'_> {
    async fn add(&mut self, code: &Code) -> Result<(), StorageError> {
        let tables = self.0.change()?;
        let approval = tables.authorizations.get(&code.authorization);
        let owned = approval.is_some_and(|it| tables.has_app(it.tenant, code.client));
        if_owned(owned, "code")?;
        unless_there(tables.codes.contains_key(&code.digest), "code")?;
        tables.codes.insert(code.digest, code.clone());
        Ok(())
    }

    async fn find(&mut self, digest: Digest) -> Result<Option<Code>, StorageError> {
        Ok(self.0.tables.codes.get(&digest).cloned())
    }

    async fn mark_used(&mut self, digest: Digest, at: Timestamp) -> Result<bool, StorageError> {
        let fresh = self.0.change()?.codes.get_mut(&digest).filter(|it| it.used_at.is_none());
        Ok(fresh.map(|it| it.used_at = Some(at)).is_some())
    }
}
