//! Apps and their secrets.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{App, ClientSecret, RedirectUri};
use lodge_kernel::{ClientId, TenantId, Timestamp};
use lodge_storage::{AppFilter, AppRepository, StorageError};

use super::{
    Conn, Db, Key, Rows,
    schema::{app_secrets, apps},
};
use crate::{
    convert::{Row, column, instant, json, micros},
    error::{about, added},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = apps, check_for_backend(Db))]
struct AppRow {
    tenant_id: Key,
    id: Key,
    owner_id: Key,
    #[diesel(embed)]
    changing: Changing,
    created_at: i64,
    revision: i64,
}

/// What an update writes. `None` is written too: it is not left as it was.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = apps, treat_none_as_null = true, check_for_backend(Db))]
struct Changing {
    name: String,
    description: Option<String>,
    redirect_uris: String,
    embed_origins: String,
    default_permissions: String,
    require_pkce: bool,
    updated_at: i64,
    deleted_at: Option<i64>,
}

impl From<&App> for Changing {
    fn from(it: &App) -> Self {
        Self {
            name: it.name.clone(),
            description: it.description.clone(),
            redirect_uris: json(it.redirect_uris.iter().map(RedirectUri::as_str)),
            embed_origins: json(it.embed_origins.iter().map(String::as_str)),
            default_permissions: it.default_permissions.to_string(),
            require_pkce: it.require_pkce,
            updated_at: it.updated_at.as_micros(),
            deleted_at: micros(it.deleted_at),
        }
    }
}

impl AppRow {
    fn with(self, secrets: Vec<SecretRow>) -> Result<App, StorageError> {
        let row = Row("app");
        let it = self.changing;
        let redirect_uris = row.list(&it.redirect_uris)?;
        let redirect_uris = redirect_uris.iter().map(|uri| RedirectUri::parse(uri));
        Ok(App {
            id: self.id.into(),
            tenant: self.tenant_id.into(),
            owner: self.owner_id.into(),
            name: it.name,
            description: it.description,
            redirect_uris: redirect_uris.collect::<Result<_, _>>().map_err(|e| row.corrupt(e))?,
            embed_origins: row.list(&it.embed_origins)?,
            default_permissions: row.permissions(&it.default_permissions)?,
            require_pkce: it.require_pkce,
            secrets: secrets.into_iter().map(ClientSecret::try_from).collect::<Result<_, _>>()?,
            created_at: Timestamp::from_micros(self.created_at),
            updated_at: Timestamp::from_micros(it.updated_at),
            deleted_at: instant(it.deleted_at),
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = app_secrets, check_for_backend(Db))]
struct SecretRow {
    tenant_id: Key,
    client_id: Key,
    position: i64,
    digest: Vec<u8>,
    created_at: i64,
    expires_at: Option<i64>,
}

impl TryFrom<SecretRow> for ClientSecret {
    type Error = StorageError;

    fn try_from(it: SecretRow) -> Result<Self, StorageError> {
        Ok(Self {
            digest: Row("app").digest(it.digest)?,
            created_at: Timestamp::from_micros(it.created_at),
            expires_at: instant(it.expires_at),
        })
    }
}

/// The secrets of some apps of one organisation, in order.
async fn secrets_of(conn: &mut Conn, apps: &[AppRow]) -> Result<Vec<SecretRow>, StorageError> {
    let tenant_ids: Vec<Key> = apps.iter().map(|it| it.tenant_id).collect();
    let client_ids: Vec<Key> = apps.iter().map(|it| it.id).collect();
    app_secrets::table
        .filter(app_secrets::tenant_id.eq_any(tenant_ids))
        .filter(app_secrets::client_id.eq_any(client_ids))
        .order(app_secrets::position)
        .select(SecretRow::as_select())
        .load(conn)
        .await
        .map_err(about("app"))
}

async fn add_secrets(conn: &mut Conn, tenant_id: Key, app: &App) -> Result<(), StorageError> {
    let rows: Vec<SecretRow> = (0..)
        .zip(&app.secrets)
        .map(|(position, it)| SecretRow {
            tenant_id,
            client_id: app.id.into(),
            position,
            digest: it.digest.0.to_vec(),
            created_at: it.created_at.as_micros(),
            expires_at: micros(it.expires_at),
        })
        .collect();
    insert_all!(conn, app_secrets::table, rows).map_err(about("app"))
}

#[async_trait]
impl AppRepository for Rows<'_> {
    async fn add(&mut self, it: &App) -> Result<(), StorageError> {
        let row = AppRow {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            owner_id: it.owner.into(),
            changing: it.into(),
            created_at: it.created_at.as_micros(),
            revision: 0,
        };
        let rows = diesel::insert_into(apps::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("app"))?;
        added(rows, "app")?;
        add_secrets(self.conn, it.tenant.into(), it).await
    }

    async fn find(&mut self, id: ClientId) -> Result<Option<App>, StorageError> {
        let row = apps::table
            .filter(apps::id.eq(Key::from(id)))
            .select(AppRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("app"))?;
        let Some(row) = row else { return Ok(None) };
        self.seen.insert(row.id, row.revision);
        let secrets = secrets_of(self.conn, std::slice::from_ref(&row)).await?;
        row.with(secrets).map(Some)
    }

    async fn of_tenant(
        &mut self,
        tenant: TenantId,
        after: Option<ClientId>,
        limit: usize,
    ) -> Result<Vec<App>, StorageError> {
        self.list(AppFilter { tenant: Some(tenant), owner: None }, after, limit).await
    }

    async fn list(
        &mut self,
        filter: AppFilter,
        after: Option<ClientId>,
        limit: usize,
    ) -> Result<Vec<App>, StorageError> {
        // No id sorts before the one that is all zeroes.
        let after = after.map_or(Key(uuid::Uuid::nil()), Key::from);
        let mut meant =
            apps::table.filter(apps::id.gt(after)).filter(apps::deleted_at.is_null()).into_boxed();
        if let Some(tenant) = filter.tenant {
            meant = meant.filter(apps::tenant_id.eq(Key::from(tenant)));
        }
        if let Some(owner) = filter.owner {
            meant = meant.filter(apps::owner_id.eq(Key::from(owner)));
        }
        let rows: Vec<AppRow> = meant
            .order(apps::id)
            .limit(column(limit))
            .select(AppRow::as_select())
            .load(self.conn)
            .await
            .map_err(about("app"))?;
        let mut secrets = secrets_of(self.conn, &rows).await?;
        rows.into_iter()
            .map(|row| {
                self.seen.insert(row.id, row.revision);
                let (its, others) =
                    secrets.drain(..).partition(|secret| secret.client_id == row.id);
                secrets = others;
                row.with(its)
            })
            .collect()
    }

    async fn update(&mut self, it: &App) -> Result<(), StorageError> {
        let id = Key::from(it.id);
        let known: Option<(Key, i64)> = apps::table
            .filter(apps::id.eq(id))
            .select((apps::tenant_id, apps::revision))
            .first(self.conn)
            .await
            .optional()
            .map_err(about("app"))?;
        let (tenant_id, latest) = known.ok_or(StorageError::Orphan { entity: "app" })?;
        let seen = self.seen.get(&id).copied().unwrap_or(latest);

        let row = apps::table
            .filter(apps::tenant_id.eq(tenant_id))
            .filter(apps::id.eq(id))
            .filter(apps::revision.eq(seen));
        let rows = diesel::update(row)
            .set((Changing::from(it), apps::revision.eq(seen + 1)))
            .execute(self.conn)
            .await
            .map_err(about("app"))?;
        if rows == 0 {
            return Err(StorageError::Conflict("the app has changed since it was read".into()));
        }
        self.seen.insert(id, seen + 1);

        let secrets = app_secrets::table
            .filter(app_secrets::tenant_id.eq(tenant_id))
            .filter(app_secrets::client_id.eq(id));
        diesel::delete(secrets).execute(self.conn).await.map_err(about("app"))?;
        add_secrets(self.conn, tenant_id, it).await
    }
}
