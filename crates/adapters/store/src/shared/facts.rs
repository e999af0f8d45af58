//! What happens in course projects, as rows.

use std::{cmp::Ordering, collections::BTreeMap};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_activity::{ActorId, Fact, FactKey, FactKind};
use lodge_kernel::{ProjectId, TenantId, Timestamp};
use lodge_storage::{FactFilter, FactPlace, StorageError};

use super::{
    super::keep_facts,
    Conn, Db, Key,
    beside::{Of, hold},
    schema::facts,
};
use crate::{
    convert::{self, column},
    error::about,
    fact_body::{self, ENTITY},
};

/// How many facts are read and written at a time.
const CHUNK: usize = 500;

/// What follows `INSERT INTO facts (…)` and its rows.
pub(in super::super) const KEEP_FACT: &str = "\
    ON CONFLICT (tenant_id, project_id, kind, id) DO UPDATE SET \
    at = excluded.at, unread = excluded.unread, body = excluded.body";

/// One fact, as both dialects hold it.
pub(in super::super) struct FactRecord {
    pub(in super::super) tenant_id: Key,
    pub(in super::super) project_id: Key,
    pub(in super::super) kind: &'static str,
    pub(in super::super) id: String,
    pub(in super::super) at: i64,
    pub(in super::super) unread: bool,
    pub(in super::super) body: String,
}

impl FactRecord {
    fn of(
        tenant: Key,
        project: Key,
        key: &FactKey,
        it: &Fact<ActorId>,
    ) -> Result<Self, StorageError> {
        Ok(Self {
            tenant_id: tenant,
            project_id: project,
            kind: key.kind.name(),
            id: key.id.clone(),
            at: it.at().as_micros(),
            unread: matches!(it, Fact::Commit(it) if it.changes.is_none()),
            body: fact_body::write(it)?,
        })
    }
}

/// The fact of a row, which must be of the row's key.
fn fact(kind: &str, id: &str, body: &str) -> Result<(FactKey, Fact<ActorId>), StorageError> {
    let fact = fact_body::read(body)?;
    let key = fact.key();
    if key.kind.name() != kind || key.id != id {
        return Err(convert::Row(ENTITY).corrupt("it is another fact than its key says"));
    }
    Ok((key, fact))
}

/// Merges what is told with what is known; answers the keys of what changed.
pub(super) async fn tell(
    conn: &mut Conn,
    tenant: TenantId,
    project: ProjectId,
    told: &[Fact<ActorId>],
) -> Result<Vec<FactKey>, StorageError> {
    let (tenant, project) = (Key::from(tenant), Key::from(project));
    // Whoever else tells of the project waits here, and then sees what this
    // unit of work has written.
    if hold(conn, tenant, Of::Project(project)).await?.is_empty() {
        return Err(StorageError::Orphan { entity: ENTITY });
    }
    let mut facts = BTreeMap::<FactKey, Fact<ActorId>>::new();
    for fact in told {
        let key = fact.key();
        let fact = match facts.remove(&key) {
            Some(other) => other.merged(fact.clone()),
            None => fact.clone(),
        };
        facts.insert(key, fact);
    }
    let facts: Vec<_> = facts.into_iter().collect();
    let mut changed = Vec::new();
    for part in facts.chunks(CHUNK) {
        let mut known = known(conn, tenant, project, part.iter().map(|(key, _)| key)).await?;
        let mut rows = Vec::with_capacity(part.len());
        for (key, told) in part {
            let before = known.remove(key);
            let after = match &before {
                Some(before) => before.clone().merged(told.clone()),
                None => told.clone(),
            };
            if before.as_ref() != Some(&after) {
                rows.push(FactRecord::of(tenant, project, key, &after)?);
                changed.push(key.clone());
            }
        }
        if !rows.is_empty() {
            keep_facts(conn, rows).await.map_err(about(ENTITY))?;
        }
    }
    Ok(changed)
}

/// What is known of these.
async fn known(
    conn: &mut Conn,
    tenant: Key,
    project: Key,
    keys: impl Iterator<Item = &FactKey> + Clone,
) -> Result<BTreeMap<FactKey, Fact<ActorId>>, StorageError> {
    let mut kinds: Vec<_> = keys.clone().map(|it| it.kind.name()).collect();
    kinds.dedup();
    let ids: Vec<_> = keys.map(|it| it.id.as_str()).collect();
    let rows: Vec<(String, String, String)> = facts::table
        .filter(facts::tenant_id.eq(tenant))
        .filter(facts::project_id.eq(project))
        .filter(facts::kind.eq_any(kinds))
        .filter(facts::id.eq_any(ids))
        .select((facts::kind, facts::id, facts::body))
        .load(conn)
        .await
        .map_err(about(ENTITY))?;
    rows.iter().map(|(kind, id, body)| fact(kind, id, body)).collect()
}

/// Up to how many kinds are asked for one by one, each in the order of its
/// index; more of them in the order of time.
const FEW_KINDS: usize = 3;

/// Facts, newest first: of each project, and of each kind where few are meant,
/// by itself, so that an index has them in order.
pub(super) async fn list(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &FactFilter,
    after: Option<&FactPlace>,
    limit: usize,
) -> Result<Vec<(FactPlace, Fact<ActorId>)>, StorageError> {
    let by_kind = !filter.kinds.is_empty() && filter.kinds.len() <= FEW_KINDS;
    let groups: Vec<&[FactKind]> =
        if by_kind { filter.kinds.chunks(1).collect() } else { vec![filter.kinds.as_slice()] };
    let mut newest = BTreeMap::<FactPlace, String>::new();
    for project in &filter.projects {
        for kinds in &groups {
            // What is older than `limit` others is not asked for.
            let is_full = newest.len() >= limit;
            let oldest = newest.first_key_value().map(|(place, _)| place.at);
            let since = filter.since.max(oldest.filter(|_| is_full));
            let meant = Meant { tenant, project: *project, kinds, since, until: filter.until };
            newest.extend(meant.list(conn, after, limit).await?);
            while newest.len() > limit {
                newest.pop_first();
            }
        }
    }
    let read = |(place, body): (FactPlace, String)| {
        let (_, fact) = fact(place.key.kind.name(), &place.key.id, &body)?;
        Ok((place, fact))
    };
    newest.into_iter().rev().map(read).collect()
}

/// Which facts of one project are meant: of every kind when there is none.
struct Meant<'a> {
    tenant: TenantId,
    project: ProjectId,
    kinds: &'a [FactKind],
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Meant<'_> {
    async fn list(
        &self,
        conn: &mut Conn,
        after: Option<&FactPlace>,
        limit: usize,
    ) -> Result<Vec<(FactPlace, String)>, StorageError> {
        let mut meant: facts::BoxedQuery<'_, Db> = facts::table
            .filter(facts::tenant_id.eq(Key::from(self.tenant)))
            .filter(facts::project_id.eq(Key::from(self.project)))
            .into_boxed();
        match self.kinds {
            [] => {}
            [kind] => meant = meant.filter(facts::kind.eq(kind.name())),
            kinds => meant = meant.filter(facts::kind.eq_any(kinds.iter().map(|it| it.name()))),
        }
        if let Some(since) = self.since {
            meant = meant.filter(facts::at.ge(since.as_micros()));
        }
        if let Some(until) = self.until {
            meant = meant.filter(facts::at.lt(until.as_micros()));
        }
        if let Some(place) = after {
            let at = place.at.as_micros();
            meant = match self.project.cmp(&place.project) {
                Ordering::Less => meant.filter(facts::at.le(at)),
                Ordering::Greater => meant.filter(facts::at.lt(at)),
                Ordering::Equal => {
                    let (kind, id) = (place.key.kind.name(), place.key.id.as_str());
                    let of_kind =
                        facts::kind.lt(kind).or(facts::kind.eq(kind).and(facts::id.lt(id)));
                    // The first condition, which follows from the second,
                    // bounds the index.
                    meant.filter(facts::at.le(at)).filter(facts::at.lt(at).or(of_kind))
                }
            };
        }
        let rows: Vec<(i64, String, String, String)> = meant
            .order((facts::at.desc(), facts::kind.desc(), facts::id.desc()))
            .limit(column(limit))
            .select((facts::at, facts::kind, facts::id, facts::body))
            .load(conn)
            .await
            .map_err(about(ENTITY))?;
        let placed = rows.into_iter().map(|(at, kind, id, body)| {
            let kind = FactKind::parse(&kind);
            let kind = kind.ok_or_else(|| convert::Row(ENTITY).corrupt("nobody knows its kind"))?;
            let key = FactKey { kind, id };
            Ok((FactPlace { at: Timestamp::from_micros(at), project: self.project, key }, body))
        });
        placed.collect()
    }
}

/// One fact.
pub(super) async fn find(
    conn: &mut Conn,
    tenant: TenantId,
    project: ProjectId,
    key: &FactKey,
) -> Result<Option<Fact<ActorId>>, StorageError> {
    let body: Option<String> = facts::table
        .find((Key::from(tenant), Key::from(project), key.kind.name(), key.id.as_str()))
        .select(facts::body)
        .first(conn)
        .await
        .optional()
        .map_err(about(ENTITY))?;
    let found = body.map(|body| fact(key.kind.name(), &key.id, &body)).transpose()?;
    Ok(found.map(|(_, fact)| fact))
}

/// Commits of which nobody knows what they changed, newest first.
pub(super) async fn unread_commits(
    conn: &mut Conn,
    tenant: TenantId,
    project: ProjectId,
    limit: usize,
) -> Result<Vec<String>, StorageError> {
    facts::table
        .filter(facts::tenant_id.eq(Key::from(tenant)))
        .filter(facts::project_id.eq(Key::from(project)))
        .filter(facts::kind.eq(FactKind::Commit.name()))
        // Without a parameter, so that the partial index is used.
        .filter(facts::unread)
        .order((facts::at.desc(), facts::id.desc()))
        .limit(column(limit))
        .select(facts::id)
        .load(conn)
        .await
        .map_err(about(ENTITY))
}
