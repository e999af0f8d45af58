//! Invitations to the consent page, requests that were sent ahead, and visits.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{AnswerMode, ConnectSession, PushedRequest, Transaction};
use lodge_kernel::{Digest, Timestamp, TransactionId};
use lodge_storage::{
    ConnectSessionRepository, PushedRequestRepository, StorageError, TransactionRepository,
};

use super::{
    Db, Key, Rows,
    schema::{apps, connect_sessions, pushed_requests, transactions},
};
use crate::{
    convert::{Row, instant, micros},
    error::{about, added},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = connect_sessions, check_for_backend(Db))]
struct ConnectSessionRow {
    tenant_id: Key,
    id: Key,
    digest: Vec<u8>,
    client_id: Key,
    customer_id: Key,
    authorization_id: Key,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
}

impl TryFrom<ConnectSessionRow> for ConnectSession {
    type Error = StorageError;

    fn try_from(it: ConnectSessionRow) -> Result<Self, StorageError> {
        Ok(Self {
            id: it.id.into(),
            digest: Row("connect session").digest(it.digest)?,
            tenant: it.tenant_id.into(),
            client: it.client_id.into(),
            customer: it.customer_id.into(),
            authorization: it.authorization_id.into(),
            created_at: Timestamp::from_micros(it.created_at),
            expires_at: Timestamp::from_micros(it.expires_at),
            used_at: instant(it.used_at),
        })
    }
}

#[async_trait]
impl ConnectSessionRepository for Rows<'_> {
    async fn add(&mut self, it: &ConnectSession) -> Result<(), StorageError> {
        let row = ConnectSessionRow {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            digest: it.digest.0.to_vec(),
            client_id: it.client.into(),
            customer_id: it.customer.into(),
            authorization_id: it.authorization.into(),
            created_at: it.created_at.as_micros(),
            expires_at: it.expires_at.as_micros(),
            used_at: micros(it.used_at),
        };
        let rows = diesel::insert_into(connect_sessions::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("connect session"))?;
        added(rows, "connect session")
    }

    async fn take(
        &mut self,
        digest: Digest,
        now: Timestamp,
    ) -> Result<Option<ConnectSession>, StorageError> {
        let free = connect_sessions::table
            .filter(connect_sessions::digest.eq(digest.0.to_vec()))
            .filter(connect_sessions::used_at.is_null())
            .filter(connect_sessions::expires_at.gt(now.as_micros()));
        let row = diesel::update(free)
            .set(connect_sessions::used_at.eq(now.as_micros()))
            .returning(ConnectSessionRow::as_returning())
            .get_result(self.conn)
            .await
            .optional()
            .map_err(about("connect session"))?;
        row.map(ConnectSession::try_from).transpose()
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = pushed_requests, check_for_backend(Db))]
struct PushedRequestRow {
    tenant_id: Key,
    digest: Vec<u8>,
    client_id: Key,
    parameters: String,
    expires_at: i64,
    used_at: Option<i64>,
}

impl TryFrom<PushedRequestRow> for PushedRequest {
    type Error = StorageError;

    fn try_from(it: PushedRequestRow) -> Result<Self, StorageError> {
        Ok(Self {
            digest: Row("pushed request").digest(it.digest)?,
            client: it.client_id.into(),
            parameters: it.parameters,
            expires_at: Timestamp::from_micros(it.expires_at),
            used_at: instant(it.used_at),
        })
    }
}

#[async_trait]
impl PushedRequestRepository for Rows<'_> {
    async fn add(&mut self, it: &PushedRequest) -> Result<(), StorageError> {
        let tenant_id: Option<Key> = apps::table
            .filter(apps::id.eq(Key::from(it.client)))
            .select(apps::tenant_id)
            .first(self.conn)
            .await
            .optional()
            .map_err(about("pushed request"))?;
        let row = PushedRequestRow {
            tenant_id: tenant_id.ok_or(StorageError::Orphan { entity: "pushed request" })?,
            digest: it.digest.0.to_vec(),
            client_id: it.client.into(),
            parameters: it.parameters.clone(),
            expires_at: it.expires_at.as_micros(),
            used_at: micros(it.used_at),
        };
        let rows = diesel::insert_into(pushed_requests::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("pushed request"))?;
        added(rows, "pushed request")
    }

    async fn take(
        &mut self,
        digest: Digest,
        now: Timestamp,
    ) -> Result<Option<PushedRequest>, StorageError> {
        let free = pushed_requests::table
            .filter(pushed_requests::digest.eq(digest.0.to_vec()))
            .filter(pushed_requests::used_at.is_null())
            .filter(pushed_requests::expires_at.gt(now.as_micros()));
        let row = diesel::update(free)
            .set(pushed_requests::used_at.eq(now.as_micros()))
            .returning(PushedRequestRow::as_returning())
            .get_result(self.conn)
            .await
            .optional()
            .map_err(about("pushed request"))?;
        row.map(PushedRequest::try_from).transpose()
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = transactions, check_for_backend(Db))]
struct TransactionRow {
    tenant_id: Key,
    id: Key,
    browser: Vec<u8>,
    client_id: Key,
    customer_id: Key,
    authorization_id: Key,
    redirect_uri: String,
    state: Option<String>,
    scope: String,
    challenge: Option<Vec<u8>>,
    created_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
    answer: String,
}

impl From<&Transaction> for TransactionRow {
    fn from(it: &Transaction) -> Self {
        Self {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            browser: it.browser.0.to_vec(),
            client_id: it.client.into(),
            customer_id: it.customer.into(),
            authorization_id: it.authorization.into(),
            redirect_uri: it.redirect_uri.clone(),
            state: it.state.clone(),
            scope: it.scope.to_string(),
            challenge: it.challenge.map(|digest| digest.0.to_vec()),
            created_at: it.created_at.as_micros(),
            expires_at: it.expires_at.as_micros(),
            ended_at: micros(it.ended_at),
            answer: it.answer.name().to_owned(),
        }
    }
}

impl TryFrom<TransactionRow> for Transaction {
    type Error = StorageError;

    fn try_from(it: TransactionRow) -> Result<Self, StorageError> {
        let row = Row("transaction");
        let answer = AnswerMode::parse(&it.answer);
        Ok(Self {
            id: it.id.into(),
            browser: row.digest(it.browser)?,
            tenant: it.tenant_id.into(),
            client: it.client_id.into(),
            customer: it.customer_id.into(),
            authorization: it.authorization_id.into(),
            redirect_uri: it.redirect_uri,
            answer: answer.ok_or_else(|| row.corrupt("it has no known answer"))?,
            state: it.state,
            scope: row.permissions(&it.scope)?,
            challenge: it.challenge.map(|bytes| row.digest(bytes)).transpose()?,
            created_at: Timestamp::from_micros(it.created_at),
            expires_at: Timestamp::from_micros(it.expires_at),
            ended_at: instant(it.ended_at),
        })
    }
}

#[async_trait]
impl TransactionRepository for Rows<'_> {
    async fn add(&mut self, it: &Transaction) -> Result<(), StorageError> {
        let rows = diesel::insert_into(transactions::table)
            .values(TransactionRow::from(it))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("transaction"))?;
        added(rows, "transaction")
    }

    async fn find(&mut self, id: TransactionId) -> Result<Option<Transaction>, StorageError> {
        let row = transactions::table
            .filter(transactions::id.eq(Key::from(id)))
            .select(TransactionRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("transaction"))?;
        row.map(Transaction::try_from).transpose()
    }

    async fn end(&mut self, id: TransactionId, at: Timestamp) -> Result<bool, StorageError> {
        let open = transactions::table
            .filter(transactions::id.eq(Key::from(id)))
            .filter(transactions::ended_at.is_null());
        let rows = diesel::update(open)
            .set(transactions::ended_at.eq(at.as_micros()))
            .execute(self.conn)
            .await
            .map_err(about("transaction"))?;
        Ok(rows > 0)
    }
}
