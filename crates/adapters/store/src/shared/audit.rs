//! The audit trail.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{Action, AuditEntry, AuditEvent, Chain, Head, Outcome};
use lodge_kernel::{AuditEventId, RequestId, TenantId, Timestamp};
use lodge_storage::{AuditFilter, AuditRepository, StorageError};
use uuid::Uuid;

use super::{
    Db, Key, Rows,
    schema::{audit, audit_heads},
};
use crate::{
    convert::{self, column},
    error::{about, added},
};

const ENTITY: &str = "audit entry";

/// The installation's chain has the id of no organisation.
fn key(chain: Chain) -> Key {
    chain.tenant().map_or(Key(Uuid::nil()), Key::from)
}

fn chain(key: Key) -> Chain {
    Some(key).filter(|it| !it.0.is_nil()).map(TenantId::from).into()
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit, check_for_backend(Db))]
struct Row {
    tenant_id: Key,
    sequence: i64,
    id: Key,
    at: i64,
    actor: String,
    action: String,
    subject: Option<String>,
    reason: Option<String>,
    network: Option<String>,
    request_id: Option<Key>,
    outcome: String,
    hash: Vec<u8>,
}

impl From<&AuditEntry> for Row {
    fn from(it: &AuditEntry) -> Self {
        let event = &it.event;
        Self {
            tenant_id: key(event.chain),
            sequence: column(it.sequence),
            id: event.id.into(),
            at: event.at.as_micros(),
            actor: event.actor.to_string(),
            action: event.action.name().to_owned(),
            subject: event.subject.clone(),
            reason: event.reason.clone(),
            network: event.network.clone(),
            request_id: event.request.map(Key::from),
            outcome: event.outcome.name().to_owned(),
            hash: it.hash.0.to_vec(),
        }
    }
}

impl TryFrom<Row> for AuditEntry {
    type Error = StorageError;

    fn try_from(it: Row) -> Result<Self, StorageError> {
        let row = convert::Row(ENTITY);
        let action = Action::parse(&it.action);
        let outcome = Outcome::parse(&it.outcome);
        Ok(Self {
            sequence: row.number(it.sequence)?,
            event: AuditEvent {
                id: it.id.into(),
                at: Timestamp::from_micros(it.at),
                chain: chain(it.tenant_id),
                actor: it
                    .actor
                    .parse()
                    .map_err(|error: lodge_access::audit::ParseAuditError| row.corrupt(error))?,
                action: action.ok_or_else(|| row.corrupt("an unknown action"))?,
                subject: it.subject,
                reason: it.reason,
                network: it.network,
                request: it.request_id.map(RequestId::from),
                outcome: outcome.ok_or_else(|| row.corrupt("an unknown outcome"))?,
            },
            hash: row.digest(it.hash)?,
        })
    }
}

fn head((key, size, hash): (Key, i64, Vec<u8>)) -> Result<Head, StorageError> {
    let row = convert::Row("end of an audit chain");
    Ok(Head { chain: chain(key), size: row.number(size)?, hash: row.digest(hash)? })
}

#[async_trait]
impl AuditRepository for Rows<'_> {
    async fn take_head(&mut self, chain: Chain) -> Result<Head, StorageError> {
        diesel::insert_into(audit_heads::table)
            .values((
                audit_heads::tenant_id.eq(key(chain)),
                audit_heads::size.eq(0),
                audit_heads::hash.eq(Head::empty(chain).hash.0.to_vec()),
            ))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        // An update that changes nothing holds the row until the unit ends.
        let row = diesel::update(audit_heads::table)
            .filter(audit_heads::tenant_id.eq(key(chain)))
            .set(audit_heads::size.eq(audit_heads::size))
            .returning((audit_heads::tenant_id, audit_heads::size, audit_heads::hash))
            .get_result(self.conn)
            .await
            .map_err(about(ENTITY))?;
        head(row)
    }

    async fn append(&mut self, entry: &AuditEntry) -> Result<(), StorageError> {
        let row = Row::from(entry);
        let moved = diesel::update(audit_heads::table)
            .filter(audit_heads::tenant_id.eq(row.tenant_id))
            .filter(audit_heads::size.eq(row.sequence - 1))
            .set((audit_heads::size.eq(row.sequence), audit_heads::hash.eq(row.hash.clone())))
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        if moved == 0 {
            return Err(StorageError::Conflict("the audit chain has another end".into()));
        }
        let rows = diesel::insert_into(audit::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        added(rows, ENTITY)
    }

    async fn heads(&mut self) -> Result<Vec<Head>, StorageError> {
        let rows: Vec<(Key, i64, Vec<u8>)> = audit_heads::table
            .order(audit_heads::tenant_id)
            .select((audit_heads::tenant_id, audit_heads::size, audit_heads::hash))
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(head).collect()
    }

    async fn chains(&mut self) -> Result<Vec<Chain>, StorageError> {
        let keys: Vec<Key> = audit::table
            .select(audit::tenant_id)
            .distinct()
            .order(audit::tenant_id)
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        Ok(keys.into_iter().map(chain).collect())
    }

    async fn walk(
        &mut self,
        chain: Chain,
        after: u64,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StorageError> {
        let rows: Vec<Row> = audit::table
            .filter(audit::tenant_id.eq(key(chain)))
            .filter(audit::sequence.gt(column(after)))
            .order(audit::sequence)
            .limit(column(limit))
            .select(Row::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(AuditEntry::try_from).collect()
    }

    async fn newest(
        &mut self,
        filter: AuditFilter,
        before: Option<AuditEventId>,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StorageError> {
        // No id sorts after the one that is all ones, and none is it.
        let before = before.map_or(Key(Uuid::max()), Key::from);
        let mut meant = audit::table.filter(audit::id.lt(before)).into_boxed();
        if let Some(chain) = filter.chain {
            meant = meant.filter(audit::tenant_id.eq(key(chain)));
        }
        if let Some(action) = filter.action {
            meant = meant.filter(audit::action.eq(action.name()));
        }
        let rows: Vec<Row> = meant
            .order(audit::id.desc())
            .limit(column(limit))
            .select(Row::as_select())
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        rows.into_iter().map(AuditEntry::try_from).collect()
    }
}
