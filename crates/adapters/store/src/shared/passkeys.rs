//! People's passkeys.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{Backup, CredentialId, Passkey, Transport};
use lodge_kernel::{Digest, PasskeyId, Timestamp, UserId};
use lodge_storage::{PasskeyRepository, StorageError};

use super::{
    Db, Key, Rows,
    schema::{answered_challenges, passkeys},
};
use crate::{
    convert::{Row, instant, json, micros},
    error::{about, added},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = passkeys, check_for_backend(Db))]
struct PasskeyRow {
    user_id: Key,
    id: Key,
    credential: Vec<u8>,
    public_key: Vec<u8>,
    counter: i64,
    transports: String,
    backup: String,
    name: String,
    created_at: i64,
    used_at: Option<i64>,
}

impl From<&Passkey> for PasskeyRow {
    fn from(it: &Passkey) -> Self {
        Self {
            user_id: it.user.into(),
            id: it.id.into(),
            credential: it.credential.as_bytes().to_vec(),
            public_key: it.key.clone(),
            counter: it.counter.into(),
            transports: json(it.transports.iter().map(|it| it.name())),
            backup: it.backup.name().to_owned(),
            name: it.name.clone(),
            created_at: it.created_at.as_micros(),
            used_at: micros(it.used_at),
        }
    }
}

impl TryFrom<PasskeyRow> for Passkey {
    type Error = StorageError;

    fn try_from(it: PasskeyRow) -> Result<Self, StorageError> {
        let row = Row("passkey");
        let transports = row.list(&it.transports)?;
        Ok(Self {
            id: it.id.into(),
            user: it.user_id.into(),
            credential: CredentialId::new(it.credential)
                .ok_or_else(|| row.corrupt("its credential is empty or too long"))?,
            key: it.public_key,
            counter: row.number(it.counter)?,
            transports: Transport::known(transports.iter().map(String::as_str)),
            backup: Backup::parse(&it.backup)
                .ok_or_else(|| row.corrupt("where it is kept is not known"))?,
            name: it.name,
            created_at: Timestamp::from_micros(it.created_at),
            used_at: instant(it.used_at),
        })
    }
}

#[async_trait]
impl PasskeyRepository for Rows<'_> {
    async fn add(&mut self, it: &Passkey) -> Result<(), StorageError> {
        let rows = diesel::insert_into(passkeys::table)
            .values(PasskeyRow::from(it))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("passkey"))?;
        added(rows, "passkey")
    }

    async fn of_user(&mut self, user: UserId) -> Result<Vec<Passkey>, StorageError> {
        let rows = passkeys::table
            .filter(passkeys::user_id.eq(Key::from(user)))
            .order(passkeys::id)
            .select(PasskeyRow::as_select())
            .load(self.conn)
            .await
            .map_err(about("passkey"))?;
        rows.into_iter().map(Passkey::try_from).collect()
    }

    async fn find(&mut self, credential: &CredentialId) -> Result<Option<Passkey>, StorageError> {
        let row = passkeys::table
            .filter(passkeys::credential.eq(credential.as_bytes().to_vec()))
            .select(PasskeyRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("passkey"))?;
        row.map(Passkey::try_from).transpose()
    }

    async fn rename(
        &mut self,
        user: UserId,
        id: PasskeyId,
        name: &str,
    ) -> Result<bool, StorageError> {
        let theirs = passkeys::table
            .filter(passkeys::user_id.eq(Key::from(user)))
            .filter(passkeys::id.eq(Key::from(id)));
        let rows = diesel::update(theirs)
            .set(passkeys::name.eq(name.to_owned()))
            .execute(self.conn)
            .await
            .map_err(about("passkey"))?;
        Ok(rows > 0)
    }

    async fn remove(&mut self, user: UserId, id: PasskeyId) -> Result<bool, StorageError> {
        let theirs = passkeys::table
            .filter(passkeys::user_id.eq(Key::from(user)))
            .filter(passkeys::id.eq(Key::from(id)));
        let rows = diesel::delete(theirs).execute(self.conn).await.map_err(about("passkey"))?;
        Ok(rows > 0)
    }

    async fn seen(
        &mut self,
        user: UserId,
        id: PasskeyId,
        counter: u32,
        backup: Backup,
        at: Timestamp,
    ) -> Result<bool, StorageError> {
        let counter = i64::from(counter);
        // `counts_on`: below one more than zero is zero, which devices that do not
        // count say for ever.
        let before = passkeys::counter.lt(counter.max(1));
        let theirs = passkeys::table
            .filter(passkeys::user_id.eq(Key::from(user)))
            .filter(passkeys::id.eq(Key::from(id)));
        let rows = diesel::update(theirs.filter(before))
            .set((
                passkeys::counter.eq(counter),
                passkeys::backup.eq(backup.name().to_owned()),
                passkeys::used_at.eq(at.as_micros()),
            ))
            .execute(self.conn)
            .await
            .map_err(about("passkey"))?;
        Ok(rows > 0)
    }

    async fn answer(&mut self, challenge: Digest, until: Timestamp) -> Result<bool, StorageError> {
        let rows = diesel::insert_into(answered_challenges::table)
            .values((
                answered_challenges::digest.eq(challenge.0.to_vec()),
                answered_challenges::expires_at.eq(until.as_micros()),
            ))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("challenge"))?;
        Ok(rows > 0)
    }
}
