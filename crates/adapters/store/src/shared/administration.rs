//! Admin keys, grants, and the firewall's settings.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{AdminKey, AdminScopes, FirewallSettings, PlatformGrant};
use lodge_kernel::{AdminKeyId, Digest, GrantId, Timestamp};
use lodge_storage::{
    AdminKeyRepository, FirewallSettingsRepository, GrantFilter, GrantRepository, StorageError,
};
use uuid::Uuid;

use super::{
    Db, Key, Rows,
    schema::{admin_keys, firewall_settings, grants},
};
use crate::{
    convert::{Row, column, instant, json, micros},
    error::{about, added},
};

const KEY: &str = "admin key";
const GRANT: &str = "grant";
const SETTINGS: &str = "firewall setting";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = admin_keys, check_for_backend(Db))]
struct KeyRow {
    id: Key,
    name: String,
    digest: Vec<u8>,
    scopes: String,
    created_at: i64,
    expires_at: i64,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl TryFrom<KeyRow> for AdminKey {
    type Error = StorageError;

    fn try_from(it: KeyRow) -> Result<Self, StorageError> {
        let row = Row(KEY);
        Ok(Self {
            id: it.id.into(),
            name: it.name,
            digest: row.digest(it.digest)?,
            scopes: AdminScopes::parse(&it.scopes).map_err(|error| row.corrupt(error))?,
            created_at: Timestamp::from_micros(it.created_at),
            expires_at: Timestamp::from_micros(it.expires_at),
            last_used_at: instant(it.last_used_at),
            revoked_at: instant(it.revoked_at),
        })
    }
}

#[async_trait]
impl AdminKeyRepository for Rows<'_> {
    async fn add(&mut self, it: &AdminKey) -> Result<(), StorageError> {
        let row = KeyRow {
            id: it.id.into(),
            name: it.name.clone(),
            digest: it.digest.0.to_vec(),
            scopes: it.scopes.to_string(),
            created_at: it.created_at.as_micros(),
            expires_at: it.expires_at.as_micros(),
            last_used_at: micros(it.last_used_at),
            revoked_at: micros(it.revoked_at),
        };
        let rows = diesel::insert_into(admin_keys::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about(KEY))?;
        added(rows, KEY)
    }

    async fn find_by_digest(&mut self, digest: Digest) -> Result<Option<AdminKey>, StorageError> {
        let row: Option<KeyRow> = admin_keys::table
            .filter(admin_keys::digest.eq(digest.0.to_vec()))
            .select(KeyRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about(KEY))?;
        row.map(AdminKey::try_from).transpose()
    }

    async fn all(&mut self) -> Result<Vec<AdminKey>, StorageError> {
        let rows: Vec<KeyRow> = admin_keys::table
            .order(admin_keys::id)
            .select(KeyRow::as_select())
            .load(self.conn)
            .await
            .map_err(about(KEY))?;
        rows.into_iter().map(AdminKey::try_from).collect()
    }

    async fn used(&mut self, id: AdminKeyId, at: Timestamp) -> Result<(), StorageError> {
        diesel::update(admin_keys::table.filter(admin_keys::id.eq(Key::from(id))))
            .set(admin_keys::last_used_at.eq(at.as_micros()))
            .execute(self.conn)
            .await
            .map(drop)
            .map_err(about(KEY))
    }

    async fn revoke(&mut self, id: AdminKeyId, at: Timestamp) -> Result<bool, StorageError> {
        let live = admin_keys::table
            .filter(admin_keys::id.eq(Key::from(id)))
            .filter(admin_keys::revoked_at.is_null());
        let rows = diesel::update(live)
            .set(admin_keys::revoked_at.eq(at.as_micros()))
            .execute(self.conn)
            .await
            .map_err(about(KEY))?;
        Ok(rows > 0)
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = grants, check_for_backend(Db))]
struct GrantRow {
    tenant_id: Key,
    id: Key,
    client_id: Key,
    connection_id: Key,
    authorization_id: Key,
    reason: String,
    created_at: i64,
}

impl From<GrantRow> for PlatformGrant {
    fn from(it: GrantRow) -> Self {
        Self {
            id: it.id.into(),
            tenant: it.tenant_id.into(),
            client: it.client_id.into(),
            connection: it.connection_id.into(),
            authorization: it.authorization_id.into(),
            reason: it.reason,
            created_at: Timestamp::from_micros(it.created_at),
        }
    }
}

#[async_trait]
impl GrantRepository for Rows<'_> {
    async fn add(&mut self, it: &PlatformGrant) -> Result<(), StorageError> {
        let row = GrantRow {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            client_id: it.client.into(),
            connection_id: it.connection.into(),
            authorization_id: it.authorization.into(),
            reason: it.reason.clone(),
            created_at: it.created_at.as_micros(),
        };
        let rows = diesel::insert_into(grants::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about(GRANT))?;
        added(rows, GRANT)
    }

    async fn find(&mut self, id: GrantId) -> Result<Option<PlatformGrant>, StorageError> {
        let row: Option<GrantRow> = grants::table
            .filter(grants::id.eq(Key::from(id)))
            .select(GrantRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about(GRANT))?;
        Ok(row.map(PlatformGrant::from))
    }

    async fn list(
        &mut self,
        filter: GrantFilter,
        after: Option<GrantId>,
        limit: usize,
    ) -> Result<Vec<PlatformGrant>, StorageError> {
        let after = after.map_or(Key(Uuid::nil()), Key::from);
        let mut meant = grants::table.filter(grants::id.gt(after)).into_boxed();
        if let Some(tenant) = filter.tenant {
            meant = meant.filter(grants::tenant_id.eq(Key::from(tenant)));
        }
        if let Some(client) = filter.client {
            meant = meant.filter(grants::client_id.eq(Key::from(client)));
        }
        if let Some(connection) = filter.connection {
            meant = meant.filter(grants::connection_id.eq(Key::from(connection)));
        }
        let rows: Vec<GrantRow> = meant
            .order(grants::id)
            .limit(column(limit))
            .select(GrantRow::as_select())
            .load(self.conn)
            .await
            .map_err(about(GRANT))?;
        Ok(rows.into_iter().map(PlatformGrant::from).collect())
    }
}

#[async_trait]
impl FirewallSettingsRepository for Rows<'_> {
    async fn find(&mut self) -> Result<FirewallSettings, StorageError> {
        let found: Option<(i64, Option<i64>, String, i64)> = firewall_settings::table
            .select((
                firewall_settings::version,
                firewall_settings::suspended_until,
                firewall_settings::patterns,
                firewall_settings::changed_at,
            ))
            .first(self.conn)
            .await
            .optional()
            .map_err(about(SETTINGS))?;
        let Some((version, suspended_until, patterns, changed_at)) = found else {
            return Ok(FirewallSettings::default());
        };
        let row = Row(SETTINGS);
        Ok(FirewallSettings {
            version: row.number(version)?,
            suspended_until: instant(suspended_until),
            patterns: row.list(&patterns)?,
            changed_at: instant(Some(changed_at)),
        })
    }

    async fn replace(&mut self, it: &FirewallSettings) -> Result<bool, StorageError> {
        let version: i64 = column(it.version);
        let changed_at = micros(it.changed_at).unwrap_or_default();
        let values = (
            firewall_settings::version.eq(version),
            firewall_settings::suspended_until.eq(micros(it.suspended_until)),
            firewall_settings::patterns.eq(json(it.patterns.iter().map(String::as_str))),
            firewall_settings::changed_at.eq(changed_at),
        );
        let rows = if version == 1 {
            diesel::insert_into(firewall_settings::table)
                .values((firewall_settings::id.eq(1), values))
                .on_conflict_do_nothing()
                .execute(self.conn)
                .await
        } else {
            let before = firewall_settings::version.eq(version - 1);
            diesel::update(firewall_settings::table.filter(before))
                .set(values)
                .execute(self.conn)
                .await
        };
        Ok(rows.map_err(about(SETTINGS))? > 0)
    }
}
