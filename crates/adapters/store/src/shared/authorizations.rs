//! Approvals with their accounts and repositories.
//!
//! The parts are read after the approval itself: in a unit of work that may
//! change things, another change can come in between on PostgreSQL. Then the
//! update of this one is a conflict.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{ApprovedRepository, Authorization, RepositoryConsent};
use lodge_forge::ProviderName;
use lodge_kernel::{AuthorizationId, ClientId, CustomerId, TenantId, Timestamp};
use lodge_storage::{AuthorizationRepository, StorageError};

use super::{
    Conn, Key, Rows,
    approved::{self, RepositoryRow},
    authorization_rows::{ACTIVE, AuthorizationRow, Changing, ConnectionRow, REVOKED, ROW},
    schema::{authorization_connections, authorization_repositories, authorizations},
};
use crate::{
    convert::column,
    error::{about, added},
};

async fn add_parts(conn: &mut Conn, it: &Authorization) -> Result<(), StorageError> {
    let (tenant_id, authorization_id) = (Key::from(it.tenant), Key::from(it.id));
    let connections: Vec<ConnectionRow> = (0..)
        .zip(&it.connections)
        .map(|(position, (connection, provider))| ConnectionRow {
            tenant_id,
            authorization_id,
            position,
            connection_id: Key::from(*connection),
            provider: provider.to_string(),
        })
        .collect();
    insert_all!(conn, authorization_connections::table, connections)
        .map_err(about("authorization"))?;
    let repositories: Vec<RepositoryRow> = (0..)
        .zip(&it.repositories)
        .map(|(position, consent)| RepositoryRow {
            tenant_id,
            authorization_id,
            position,
            connection_id: consent.connection.into(),
            provider: consent.provider.to_string(),
            repository_id: consent.repository.to_string(),
            full_name: consent.full_name.clone(),
            permissions: consent.permissions.to_string(),
            expires_at: consent.expires_at.as_micros(),
        })
        .collect();
    insert_all!(conn, authorization_repositories::table, repositories)
        .map_err(about("authorization"))
}

#[async_trait]
impl AuthorizationRepository for Rows<'_> {
    async fn add(&mut self, it: &Authorization) -> Result<(), StorageError> {
        let row = AuthorizationRow {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            changing: it.into(),
            revision: 0,
        };
        let rows = diesel::insert_into(authorizations::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("authorization"))?;
        added(rows, "authorization")?;
        add_parts(self.conn, it).await
    }

    async fn find(&mut self, id: AuthorizationId) -> Result<Option<Authorization>, StorageError> {
        let row = authorizations::table
            .filter(authorizations::id.eq(Key::from(id)))
            .select(AuthorizationRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("authorization"))?;
        let Some(row) = row else { return Ok(None) };
        self.seen.insert(row.id, row.revision);

        let connections = authorization_connections::table
            .filter(authorization_connections::tenant_id.eq(row.tenant_id))
            .filter(authorization_connections::authorization_id.eq(row.id))
            .order(authorization_connections::position)
            .select(ConnectionRow::as_select())
            .load(self.conn)
            .await
            .map_err(about("authorization"))?
            .into_iter()
            .map(|it| Ok((it.connection_id.into(), ROW.provider(&it.provider)?)))
            .collect::<Result<_, StorageError>>()?;
        let repositories = authorization_repositories::table
            .filter(authorization_repositories::tenant_id.eq(row.tenant_id))
            .filter(authorization_repositories::authorization_id.eq(row.id))
            .order(authorization_repositories::position)
            .select(RepositoryRow::as_select())
            .load(self.conn)
            .await
            .map_err(about("authorization"))?
            .into_iter()
            .map(RepositoryConsent::try_from)
            .collect::<Result<_, StorageError>>()?;
        row.with(connections, repositories).map(Some)
    }

    async fn update(&mut self, it: &Authorization) -> Result<(), StorageError> {
        let (tenant_id, id) = (Key::from(it.tenant), Key::from(it.id));
        let row = authorizations::table
            .filter(authorizations::tenant_id.eq(tenant_id))
            .filter(authorizations::id.eq(id));
        let latest: Option<i64> = row
            .select(authorizations::revision)
            .first(self.conn)
            .await
            .optional()
            .map_err(about("authorization"))?;
        let latest = latest.ok_or(StorageError::Orphan { entity: "authorization" })?;
        let seen = self.seen.get(&id).copied().unwrap_or(latest);

        let rows = diesel::update(row.filter(authorizations::revision.eq(seen)))
            .set((Changing::from(it), authorizations::revision.eq(seen + 1)))
            .execute(self.conn)
            .await
            .map_err(about("authorization"))?;
        if rows == 0 {
            let why = "the authorization has changed since it was read";
            return Err(StorageError::Conflict(why.into()));
        }
        self.seen.insert(id, seen + 1);

        let connections = authorization_connections::table
            .filter(authorization_connections::tenant_id.eq(tenant_id))
            .filter(authorization_connections::authorization_id.eq(id));
        diesel::delete(connections).execute(self.conn).await.map_err(about("authorization"))?;
        let repositories = authorization_repositories::table
            .filter(authorization_repositories::tenant_id.eq(tenant_id))
            .filter(authorization_repositories::authorization_id.eq(id));
        diesel::delete(repositories).execute(self.conn).await.map_err(about("authorization"))?;
        add_parts(self.conn, it).await
    }

    async fn active_of_customer(
        &mut self,
        customer: CustomerId,
        limit: usize,
    ) -> Result<Vec<Authorization>, StorageError> {
        let ids: Vec<Key> = authorizations::table
            .filter(authorizations::customer_id.eq(Key::from(customer)))
            .filter(authorizations::state.eq(ACTIVE))
            .order(authorizations::id.desc())
            .limit(column(limit))
            .select(authorizations::id)
            .load(self.conn)
            .await
            .map_err(about("authorization"))?;
        let mut all = Vec::new();
        for id in ids {
            all.extend(AuthorizationRepository::find(self, id.into()).await?);
        }
        Ok(all)
    }

    #[tracing::instrument(name = "db.authorizations.approved", level = "debug", skip_all)]
    async fn approved(
        &mut self,
        tenant: TenantId,
        provider: Option<&ProviderName>,
        now: Timestamp,
        after: Option<(AuthorizationId, u32)>,
        limit: usize,
    ) -> Result<Vec<ApprovedRepository>, StorageError> {
        approved::page(self.conn, tenant, provider, now, after, limit).await
    }

    async fn revoke_of_client(
        &mut self,
        client: ClientId,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        let live = authorizations::table
            .filter(authorizations::client_id.eq(Key::from(client)))
            .filter(authorizations::state.ne(REVOKED));
        let revoked: Vec<Key> = diesel::update(live)
            .set((
                authorizations::state.eq(REVOKED),
                authorizations::state_at.eq(at.as_micros()),
                authorizations::updated_at.eq(at.as_micros()),
                authorizations::revision.eq(authorizations::revision + 1),
            ))
            .returning(authorizations::id)
            .get_results(self.conn)
            .await
            .map_err(about("authorization"))?;
        for id in &revoked {
            // It is our own change that this unit of work may go on from.
            self.seen.entry(*id).and_modify(|revision| *revision += 1);
        }
        Ok(u64::try_from(revoked.len()).unwrap_or(u64::MAX))
    }
}
