//! Logins at hosts that have begun.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{LoginAttempt, LoginMode};
use lodge_kernel::{Digest, Timestamp};
use lodge_storage::{LoginAttemptRepository, StorageError};

use super::{Db, Key, Rows, schema::login_attempts};
use crate::{
    convert::{Row, instant, micros},
    error::{about, added},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = login_attempts, check_for_backend(Db))]
struct LoginAttemptRow {
    tenant_id: Key,
    digest: Vec<u8>,
    customer_id: Key,
    transaction_id: Key,
    browser: Vec<u8>,
    provider: String,
    mode: String,
    verifier: Option<String>,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
}

impl From<&LoginAttempt> for LoginAttemptRow {
    fn from(it: &LoginAttempt) -> Self {
        Self {
            tenant_id: it.tenant.into(),
            digest: it.digest.0.to_vec(),
            customer_id: it.customer.into(),
            transaction_id: it.transaction.into(),
            browser: it.browser.0.to_vec(),
            provider: it.provider.to_string(),
            mode: it.mode.name().to_owned(),
            verifier: it.verifier.as_ref().map(ToString::to_string),
            created_at: it.created_at.as_micros(),
            expires_at: it.expires_at.as_micros(),
            used_at: micros(it.used_at),
        }
    }
}

impl TryFrom<LoginAttemptRow> for LoginAttempt {
    type Error = StorageError;

    fn try_from(it: LoginAttemptRow) -> Result<Self, StorageError> {
        let row = Row("login attempt");
        let mode = LoginMode::parse(&it.mode);
        Ok(Self {
            digest: row.digest(it.digest)?,
            tenant: it.tenant_id.into(),
            customer: it.customer_id.into(),
            transaction: it.transaction_id.into(),
            browser: row.digest(it.browser)?,
            provider: row.provider(&it.provider)?,
            mode: mode.ok_or_else(|| row.corrupt("it has no known mode"))?,
            verifier: it.verifier.map(|text| row.sealed(&text)).transpose()?,
            created_at: Timestamp::from_micros(it.created_at),
            expires_at: Timestamp::from_micros(it.expires_at),
            used_at: instant(it.used_at),
        })
    }
}

#[async_trait]
impl LoginAttemptRepository for Rows<'_> {
    async fn add(&mut self, it: &LoginAttempt) -> Result<(), StorageError> {
        let rows = diesel::insert_into(login_attempts::table)
            .values(LoginAttemptRow::from(it))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("login attempt"))?;
        added(rows, "login attempt")
    }

    async fn find(&mut self, digest: Digest) -> Result<Option<LoginAttempt>, StorageError> {
        let row = login_attempts::table
            .filter(login_attempts::digest.eq(digest.0.to_vec()))
            .select(LoginAttemptRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("login attempt"))?;
        row.map(LoginAttempt::try_from).transpose()
    }

    async fn take(&mut self, digest: Digest, now: Timestamp) -> Result<bool, StorageError> {
        let free = login_attempts::table
            .filter(login_attempts::digest.eq(digest.0.to_vec()))
            .filter(login_attempts::used_at.is_null())
            .filter(login_attempts::expires_at.gt(now.as_micros()));
        let rows = diesel::update(free)
            .set(login_attempts::used_at.eq(now.as_micros()))
            .execute(self.conn)
            .await
            .map_err(about("login attempt"))?;
        Ok(rows == 1)
    }
}
