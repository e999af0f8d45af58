//! The repositories of approvals, one by one.

use diesel::{
    prelude::*,
    sql_types::{BigInt, Text},
};
use diesel_async::RunQueryDsl;
use lodge_access::{ApprovedRepository, RepositoryConsent};
use lodge_forge::ProviderName;
use lodge_kernel::{AuthorizationId, TenantId, Timestamp};
use lodge_storage::StorageError;

use super::{
    super::Id,
    Conn, Db, Key,
    authorization_rows::{ACTIVE, ROW},
    schema::authorization_repositories,
};
use crate::error::about;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = authorization_repositories, check_for_backend(Db))]
pub(super) struct RepositoryRow {
    pub(super) tenant_id: Key,
    pub(super) authorization_id: Key,
    pub(super) position: i64,
    pub(super) connection_id: Key,
    pub(super) provider: String,
    pub(super) repository_id: String,
    pub(super) full_name: String,
    pub(super) permissions: String,
    pub(super) expires_at: i64,
}

impl TryFrom<RepositoryRow> for RepositoryConsent {
    type Error = StorageError;

    fn try_from(it: RepositoryRow) -> Result<Self, StorageError> {
        Ok(Self {
            connection: it.connection_id.into(),
            provider: ROW.provider(&it.provider)?,
            repository: ROW.repository(&it.repository_id)?,
            full_name: it.full_name,
            permissions: ROW.permissions(&it.permissions)?,
            expires_at: Timestamp::from_micros(it.expires_at),
        })
    }
}

/// A repository of an approval, with whose it is.
#[derive(QueryableByName)]
struct ApprovedRow {
    #[diesel(sql_type = Id)]
    authorization_id: Key,
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Id)]
    connection_id: Key,
    #[diesel(sql_type = Text)]
    provider: String,
    #[diesel(sql_type = Text)]
    repository_id: String,
    #[diesel(sql_type = Text)]
    full_name: String,
    #[diesel(sql_type = Text)]
    permissions: String,
    #[diesel(sql_type = BigInt)]
    expires_at: i64,
    #[diesel(sql_type = Id)]
    client_id: Key,
    #[diesel(sql_type = Id)]
    customer_id: Key,
}

impl TryFrom<ApprovedRow> for ApprovedRepository {
    type Error = StorageError;

    fn try_from(it: ApprovedRow) -> Result<Self, StorageError> {
        Ok(Self {
            authorization: it.authorization_id.into(),
            position: ROW.number(it.position)?,
            client: it.client_id.into(),
            customer: it.customer_id.into(),
            consent: RepositoryConsent {
                connection: it.connection_id.into(),
                provider: ROW.provider(&it.provider)?,
                repository: ROW.repository(&it.repository_id)?,
                full_name: it.full_name,
                permissions: ROW.permissions(&it.permissions)?,
                expires_at: Timestamp::from_micros(it.expires_at),
            },
        })
    }
}

/// See [`lodge_storage::AuthorizationRepository::approved`].
pub(super) async fn page(
    conn: &mut Conn,
    tenant: TenantId,
    provider: Option<&ProviderName>,
    now: Timestamp,
    after: Option<(AuthorizationId, u32)>,
    limit: usize,
) -> Result<Vec<ApprovedRepository>, StorageError> {
    // No approval sorts before the one that is all zeroes.
    let nil = AuthorizationId::from_uuid(uuid::Uuid::nil());
    let (authorization, position) = after.unwrap_or((nil, 0));
    let of_host = if provider.is_some() { "AND r.provider = $4" } else { "" };
    let mut query = diesel::sql_query(format!(
        "SELECT r.authorization_id, r.position, r.connection_id, r.provider, r.repository_id, \
         r.full_name, r.permissions, r.expires_at, a.client_id, a.customer_id \
         FROM authorization_repositories r JOIN authorizations a \
         ON a.tenant_id = r.tenant_id AND a.id = r.authorization_id \
         WHERE r.tenant_id = $1 AND (r.authorization_id, r.position) > ($2, $3) {of_host} \
         AND a.state = '{ACTIVE}' AND r.expires_at > {} \
         ORDER BY r.authorization_id, r.position LIMIT {limit}",
        now.as_micros()
    ))
    .into_boxed::<Db>()
    .bind::<Id, _>(Key::from(tenant))
    .bind::<Id, _>(Key::from(authorization))
    .bind::<BigInt, _>(i64::from(position));
    if let Some(provider) = provider {
        query = query.bind::<Text, _>(provider.to_string());
    }
    let rows: Vec<ApprovedRow> = query.load(conn).await.map_err(about("authorization"))?;
    rows.into_iter().map(ApprovedRepository::try_from).collect()
}
