//! How people prove who they are: passwords, authenticator apps, recovery codes.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::Authenticator;
use lodge_kernel::{Digest, Timestamp, UserId};
use lodge_storage::{LoginRepository, StorageError};

use super::{
    Db, Key, Rows,
    schema::{authenticators, passwords, recovery_codes},
};
use crate::{
    convert::{Row, column, instant, micros},
    error::about,
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = authenticators, check_for_backend(Db))]
struct AuthenticatorRow {
    user_id: Key,
    tenant_id: Key,
    sealed_key: String,
    confirmed_at: Option<i64>,
    last_step: Option<i64>,
}

impl TryFrom<AuthenticatorRow> for Authenticator {
    type Error = StorageError;

    fn try_from(it: AuthenticatorRow) -> Result<Self, StorageError> {
        let row = Row("authenticator");
        Ok(Self {
            tenant: it.tenant_id.into(),
            key: row.sealed(&it.sealed_key)?,
            confirmed_at: instant(it.confirmed_at),
            last_step: it.last_step.map(|step| row.number(step)).transpose()?,
        })
    }
}

#[async_trait]
impl LoginRepository for Rows<'_> {
    async fn password(&mut self, user: UserId) -> Result<Option<String>, StorageError> {
        passwords::table
            .filter(passwords::user_id.eq(Key::from(user)))
            .select(passwords::hash)
            .first(self.conn)
            .await
            .optional()
            .map_err(about("password"))
    }

    async fn set_password(
        &mut self,
        user: UserId,
        hash: &str,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let new = (passwords::hash.eq(hash.to_owned()), passwords::updated_at.eq(at.as_micros()));
        diesel::insert_into(passwords::table)
            .values((passwords::user_id.eq(Key::from(user)), new.clone()))
            .on_conflict(passwords::user_id)
            .do_update()
            .set(new)
            .execute(self.conn)
            .await
            .map(drop)
            .map_err(about("password"))
    }

    async fn replace_hash(
        &mut self,
        user: UserId,
        known: &str,
        hash: &str,
        at: Timestamp,
    ) -> Result<bool, StorageError> {
        let theirs = passwords::table
            .filter(passwords::user_id.eq(Key::from(user)))
            .filter(passwords::hash.eq(known.to_owned()));
        let rows = diesel::update(theirs)
            .set((passwords::hash.eq(hash.to_owned()), passwords::updated_at.eq(at.as_micros())))
            .execute(self.conn)
            .await
            .map_err(about("password"))?;
        Ok(rows > 0)
    }

    async fn authenticator(&mut self, user: UserId) -> Result<Option<Authenticator>, StorageError> {
        let row = authenticators::table
            .filter(authenticators::user_id.eq(Key::from(user)))
            .select(AuthenticatorRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("authenticator"))?;
        row.map(Authenticator::try_from).transpose()
    }

    async fn set_authenticator(
        &mut self,
        user: UserId,
        authenticator: Option<&Authenticator>,
    ) -> Result<(), StorageError> {
        let theirs = authenticators::table.filter(authenticators::user_id.eq(Key::from(user)));
        diesel::delete(theirs).execute(self.conn).await.map_err(about("authenticator"))?;
        let Some(it) = authenticator else { return Ok(()) };
        let row = AuthenticatorRow {
            user_id: user.into(),
            tenant_id: it.tenant.into(),
            sealed_key: it.key.to_string(),
            confirmed_at: micros(it.confirmed_at),
            last_step: it.last_step.map(column),
        };
        diesel::insert_into(authenticators::table)
            .values(row)
            .execute(self.conn)
            .await
            .map(drop)
            .map_err(about("authenticator"))
    }

    async fn use_step(&mut self, user: UserId, step: u64) -> Result<bool, StorageError> {
        let before = authenticators::last_step.is_null();
        let before = before.or(authenticators::last_step.lt(column(step)));
        let theirs = authenticators::table.filter(authenticators::user_id.eq(Key::from(user)));
        let rows = diesel::update(theirs.filter(before))
            .set(authenticators::last_step.eq(column(step)))
            .execute(self.conn)
            .await
            .map_err(about("authenticator"))?;
        Ok(rows > 0)
    }

    async fn set_recovery_codes(
        &mut self,
        user: UserId,
        digests: &[Digest],
    ) -> Result<(), StorageError> {
        let theirs = recovery_codes::table.filter(recovery_codes::user_id.eq(Key::from(user)));
        diesel::delete(theirs).execute(self.conn).await.map_err(about("recovery code"))?;
        for digest in digests {
            diesel::insert_into(recovery_codes::table)
                .values((
                    recovery_codes::user_id.eq(Key::from(user)),
                    recovery_codes::digest.eq(digest.0.to_vec()),
                ))
                .execute(self.conn)
                .await
                .map_err(about("recovery code"))?;
        }
        Ok(())
    }

    async fn use_recovery_code(
        &mut self,
        user: UserId,
        digest: Digest,
    ) -> Result<bool, StorageError> {
        let code = recovery_codes::table
            .filter(recovery_codes::user_id.eq(Key::from(user)))
            .filter(recovery_codes::digest.eq(digest.0.to_vec()));
        let rows = diesel::delete(code).execute(self.conn).await.map_err(about("recovery code"))?;
        Ok(rows > 0)
    }

    async fn recovery_codes(&mut self, user: UserId) -> Result<u64, StorageError> {
        let n: i64 = recovery_codes::table
            .filter(recovery_codes::user_id.eq(Key::from(user)))
            .count()
            .get_result(self.conn)
            .await
            .map_err(about("recovery code"))?;
        Row("recovery code").number(n)
    }
}
