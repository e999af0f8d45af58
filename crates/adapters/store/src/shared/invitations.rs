//! Links that are good for one thing, and who tried to log in how often.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{Invitation, PasswordLink, Role, Throttle};
use lodge_kernel::{Digest, InvitationId, TenantId, Timestamp};
use lodge_storage::{
    InvitationRepository, PasswordLinkRepository, StorageError, ThrottleRepository,
};

use super::{
    Db, Key, Rows,
    schema::{invitations, password_links, throttles},
};
use crate::{
    convert::{Row, column, instant, micros},
    error::{about, added, changed},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = invitations, check_for_backend(Db))]
struct InvitationRow {
    tenant_id: Key,
    id: Key,
    digest: Vec<u8>,
    email: String,
    role: String,
    invited_by: Key,
    created_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = StorageError;

    fn try_from(it: InvitationRow) -> Result<Self, StorageError> {
        let row = Row("invitation");
        let role = Role::parse(&it.role);
        Ok(Self {
            id: it.id.into(),
            digest: row.digest(it.digest)?,
            tenant: it.tenant_id.into(),
            email: it.email,
            role: role.ok_or_else(|| row.corrupt("there is no such role"))?,
            invited_by: it.invited_by.into(),
            created_at: Timestamp::from_micros(it.created_at),
            expires_at: Timestamp::from_micros(it.expires_at),
            ended_at: instant(it.ended_at),
        })
    }
}

#[async_trait]
impl InvitationRepository for Rows<'_> {
    async fn add(&mut self, it: &Invitation) -> Result<(), StorageError> {
        let row = InvitationRow {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            digest: it.digest.0.to_vec(),
            email: it.email.clone(),
            role: it.role.name().to_owned(),
            invited_by: it.invited_by.into(),
            created_at: it.created_at.as_micros(),
            expires_at: it.expires_at.as_micros(),
            ended_at: micros(it.ended_at),
        };
        let rows = diesel::insert_into(invitations::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("invitation"))?;
        added(rows, "invitation")
    }

    async fn find_by_digest(&mut self, digest: Digest) -> Result<Option<Invitation>, StorageError> {
        let row = invitations::table
            .filter(invitations::digest.eq(digest.0.to_vec()))
            .select(InvitationRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("invitation"))?;
        row.map(Invitation::try_from).transpose()
    }

    async fn of_tenant(
        &mut self,
        tenant: TenantId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Invitation>, StorageError> {
        let rows = invitations::table
            .filter(invitations::tenant_id.eq(Key::from(tenant)))
            .filter(invitations::ended_at.is_null())
            .filter(invitations::expires_at.gt(now.as_micros()))
            .order(invitations::id.desc())
            .limit(column(limit))
            .select(InvitationRow::as_select())
            .load(self.conn)
            .await
            .map_err(about("invitation"))?;
        rows.into_iter().map(Invitation::try_from).collect()
    }

    async fn end(
        &mut self,
        tenant: TenantId,
        id: InvitationId,
        at: Timestamp,
    ) -> Result<bool, StorageError> {
        let open = invitations::table
            .filter(invitations::tenant_id.eq(Key::from(tenant)))
            .filter(invitations::id.eq(Key::from(id)))
            .filter(invitations::ended_at.is_null());
        let rows = diesel::update(open)
            .set(invitations::ended_at.eq(at.as_micros()))
            .execute(self.conn)
            .await
            .map_err(about("invitation"))?;
        Ok(rows > 0)
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = password_links, check_for_backend(Db))]
struct PasswordLinkRow {
    digest: Vec<u8>,
    user_id: Key,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
}

#[async_trait]
impl PasswordLinkRepository for Rows<'_> {
    async fn add(&mut self, it: &PasswordLink) -> Result<(), StorageError> {
        let row = PasswordLinkRow {
            digest: it.digest.0.to_vec(),
            user_id: it.user.into(),
            created_at: it.created_at.as_micros(),
            expires_at: it.expires_at.as_micros(),
            used_at: micros(it.used_at),
        };
        let theirs = password_links::table.filter(password_links::user_id.eq(Key::from(it.user)));
        diesel::delete(theirs).execute(self.conn).await.map_err(about("password link"))?;
        let rows = diesel::insert_into(password_links::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("password link"))?;
        added(rows, "password link")
    }

    async fn find(&mut self, digest: Digest) -> Result<Option<PasswordLink>, StorageError> {
        let row: Option<PasswordLinkRow> = password_links::table
            .filter(password_links::digest.eq(digest.0.to_vec()))
            .select(PasswordLinkRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("password link"))?;
        Ok(row.map(|it| PasswordLink {
            digest,
            user: it.user_id.into(),
            created_at: Timestamp::from_micros(it.created_at),
            expires_at: Timestamp::from_micros(it.expires_at),
            used_at: instant(it.used_at),
        }))
    }

    async fn take(&mut self, digest: Digest, at: Timestamp) -> Result<bool, StorageError> {
        let open = password_links::table
            .filter(password_links::digest.eq(digest.0.to_vec()))
            .filter(password_links::used_at.is_null());
        let rows = diesel::update(open)
            .set(password_links::used_at.eq(at.as_micros()))
            .execute(self.conn)
            .await
            .map_err(about("password link"))?;
        Ok(rows > 0)
    }
}

#[async_trait]
impl ThrottleRepository for Rows<'_> {
    async fn hold(&mut self, subject: Digest) -> Result<Throttle, StorageError> {
        // Both databases let one writer at a time change a row: the second
        // sees what the first has made of it.
        diesel::insert_into(throttles::table)
            .values((
                throttles::subject.eq(subject.0.to_vec()),
                throttles::attempts.eq(i64::from(Throttle::NONE.attempts)),
                throttles::last_at.eq(Throttle::NONE.last_at.as_micros()),
            ))
            .on_conflict(throttles::subject)
            .do_update()
            .set(throttles::attempts.eq(throttles::attempts))
            .execute(self.conn)
            .await
            .map_err(about("throttle"))?;
        let (attempts, last_at): (i64, i64) = throttles::table
            .filter(throttles::subject.eq(subject.0.to_vec()))
            .select((throttles::attempts, throttles::last_at))
            .first(self.conn)
            .await
            .map_err(about("throttle"))?;
        let attempts = Row("throttle").number(attempts)?;
        Ok(Throttle { attempts, last_at: Timestamp::from_micros(last_at) })
    }

    async fn write(&mut self, subject: Digest, throttle: &Throttle) -> Result<(), StorageError> {
        let known = throttles::table.filter(throttles::subject.eq(subject.0.to_vec()));
        let rows = diesel::update(known)
            .set((
                throttles::attempts.eq(i64::from(throttle.attempts)),
                throttles::last_at.eq(throttle.last_at.as_micros()),
            ))
            .execute(self.conn)
            .await
            .map_err(about("throttle"))?;
        changed(rows, "throttle")
    }
}
