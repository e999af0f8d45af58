//! People in courses, as hosts told of them.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_activity::{Actor, ActorId};
use lodge_kernel::{CourseId, TenantId};
use lodge_storage::{KnownActor, StorageError};

use super::{
    super::keep_actors,
    Conn, Db, Key,
    schema::{course_actors as actors, courses},
};
use crate::{convert, error::about};

const ENTITY: &str = "actor";

/// How many are written, or asked for, at a time.
const CHUNK: usize = 500;

/// What follows `INSERT INTO course_actors (…)` and its rows. What is not told
/// now stays, and of one who is erased nothing is kept, whoever else writes.
pub(in super::super) const KEEP_ACTOR: &str = "\
    ON CONFLICT (tenant_id, course_id, digest) DO UPDATE SET \
    host_user = COALESCE(excluded.host_user, course_actors.host_user), \
    username = COALESCE(excluded.username, course_actors.username), \
    email = COALESCE(excluded.email, course_actors.email), \
    name = COALESCE(excluded.name, course_actors.name) \
    WHERE NOT course_actors.erased";

/// One person, as both dialects hold it.
#[derive(Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = actors, check_for_backend(Db))]
pub(in super::super) struct ActorRecord {
    pub(in super::super) tenant_id: Key,
    pub(in super::super) course_id: Key,
    pub(in super::super) digest: Vec<u8>,
    /// `None` of one who was erased before a host told of them.
    pub(in super::super) host: Option<String>,
    pub(in super::super) host_user: Option<String>,
    pub(in super::super) username: Option<String>,
    pub(in super::super) email: Option<String>,
    pub(in super::super) name: Option<String>,
    pub(in super::super) erased: bool,
}

impl ActorRecord {
    fn of(tenant: TenantId, course: CourseId, it: &KnownActor) -> Self {
        let told = if it.erased { Actor::default() } else { it.actor.clone() };
        let Actor { host_user, username, email, name } = told;
        Self {
            tenant_id: tenant.into(),
            course_id: course.into(),
            digest: it.id.0.0.to_vec(),
            host: Some(it.host.as_str().to_owned()),
            host_user,
            username,
            email,
            name,
            erased: it.erased,
        }
    }

    /// Of somebody whom no host has told of, so that nothing is kept when one
    /// does.
    fn erased(tenant: TenantId, course: CourseId, id: ActorId) -> Self {
        Self {
            tenant_id: tenant.into(),
            course_id: course.into(),
            digest: id.0.0.to_vec(),
            host: None,
            host_user: None,
            username: None,
            email: None,
            name: None,
            erased: true,
        }
    }

    /// The same person after another telling.
    fn told(self, now: Self) -> Self {
        if self.erased || now.erased {
            let (host_user, username, email, name) = (None, None, None, None);
            return Self { host_user, username, email, name, erased: true, ..self };
        }
        Self {
            host_user: now.host_user.or(self.host_user),
            username: now.username.or(self.username),
            email: now.email.or(self.email),
            name: now.name.or(self.name),
            ..self
        }
    }
}

impl TryFrom<ActorRecord> for KnownActor {
    type Error = StorageError;

    fn try_from(it: ActorRecord) -> Result<Self, StorageError> {
        let row = convert::Row(ENTITY);
        let ActorRecord { host_user, username, email, name, .. } = it;
        Ok(Self {
            id: ActorId(row.digest(it.digest)?),
            host: row.provider(it.host.as_deref().unwrap_or_default())?,
            actor: Actor { host_user, username, email, name },
            erased: it.erased,
        })
    }
}

/// Takes note of people.
pub(super) async fn meet(
    conn: &mut Conn,
    tenant: TenantId,
    course: CourseId,
    told: &[KnownActor],
) -> Result<(), StorageError> {
    let erased: Vec<_> = told.iter().filter(|it| it.erased).map(|it| it.id).collect();
    // In the order of the key, so that two who write never wait in a circle.
    let mut met = BTreeMap::<_, ActorRecord>::new();
    for it in told {
        let row = ActorRecord::of(tenant, course, it);
        match met.entry(it.id) {
            Entry::Vacant(place) => drop(place.insert(row)),
            Entry::Occupied(mut place) => drop(place.insert(place.get().clone().told(row))),
        }
    }
    let met: Vec<_> = met.into_values().collect();
    for part in met.chunks(CHUNK) {
        let known: Vec<ActorRecord> = actors::table
            .filter(actors::tenant_id.eq(Key::from(tenant)))
            .filter(actors::course_id.eq(Key::from(course)))
            .filter(actors::digest.eq_any(part.iter().map(|it| it.digest.as_slice())))
            .select(ActorRecord::as_select())
            .load(conn)
            .await
            .map_err(about(ENTITY))?;
        let known: BTreeMap<_, _> = known.into_iter().map(|it| (it.digest.clone(), it)).collect();
        let is_news = |it: &&ActorRecord| {
            known.get(&it.digest).is_none_or(|known| known.clone().told((*it).clone()) != *known)
        };
        let news: Vec<_> = part.iter().filter(is_news).cloned().collect();
        if !news.is_empty() {
            keep_actors(conn, news).await.map_err(about(ENTITY))?;
        }
    }
    if !erased.is_empty() {
        erase(conn, tenant, course, &erased).await?;
    }
    Ok(())
}

/// Everybody in a course, by id.
pub(super) async fn all(
    conn: &mut Conn,
    tenant: TenantId,
    course: CourseId,
) -> Result<Vec<KnownActor>, StorageError> {
    let rows: Vec<ActorRecord> = actors::table
        .filter(actors::tenant_id.eq(Key::from(tenant)))
        .filter(actors::course_id.eq(Key::from(course)))
        .filter(actors::host.is_not_null())
        .order(actors::digest)
        .select(ActorRecord::as_select())
        .load(conn)
        .await
        .map_err(about(ENTITY))?;
    rows.into_iter().map(KnownActor::try_from).collect()
}

/// Those of these people who are erased, told of or not.
pub(super) async fn erased_among(
    conn: &mut Conn,
    tenant: TenantId,
    course: CourseId,
    asked: &[ActorId],
) -> Result<BTreeSet<ActorId>, StorageError> {
    let asked: Vec<_> = asked.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let mut erased = BTreeSet::new();
    for part in asked.chunks(CHUNK) {
        let digests: Vec<Vec<u8>> = actors::table
            .filter(actors::tenant_id.eq(Key::from(tenant)))
            .filter(actors::course_id.eq(Key::from(course)))
            .filter(actors::digest.eq_any(part.iter().map(|it| it.0.0.as_slice())))
            .filter(actors::erased.eq(true))
            .select(actors::digest)
            .load(conn)
            .await
            .map_err(about(ENTITY))?;
        for digest in digests {
            erased.insert(ActorId(convert::Row(ENTITY).digest(digest)?));
        }
    }
    Ok(erased)
}

/// Blanks what was told of these people, and of those whom nobody has told of
/// takes note that they are erased. Answers how many were told of.
pub(super) async fn erase(
    conn: &mut Conn,
    tenant: TenantId,
    course: CourseId,
    erased: &[ActorId],
) -> Result<u64, StorageError> {
    let of_course = courses::table
        .filter(courses::tenant_id.eq(Key::from(tenant)))
        .filter(courses::id.eq(Key::from(course)))
        .select(courses::id);
    let is_there: Option<Key> = of_course.first(conn).await.optional().map_err(about(ENTITY))?;
    if is_there.is_none() {
        return Ok(0);
    }
    // In the order of the key, as everybody writes.
    let erased: Vec<_> = erased.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let mut rows = 0;
    for part in erased.chunks(CHUNK) {
        // Waits for whoever is telling of one of them, and changes nothing of
        // those who are there: what was told is seen, and blanked, after it.
        let missing = part.iter().map(|it| ActorRecord::erased(tenant, course, *it)).collect();
        keep_actors(conn, missing).await.map_err(about(ENTITY))?;
        let these = actors::table
            .filter(actors::tenant_id.eq(Key::from(tenant)))
            .filter(actors::course_id.eq(Key::from(course)))
            .filter(actors::host.is_not_null())
            .filter(actors::digest.eq_any(part.iter().map(|it| it.0.0.as_slice())));
        rows += diesel::update(these)
            .set((
                actors::host_user.eq(None::<String>),
                actors::username.eq(None::<String>),
                actors::email.eq(None::<String>),
                actors::name.eq(None::<String>),
                actors::erased.eq(true),
            ))
            .execute(conn)
            .await
            .map_err(about(ENTITY))?;
    }
    Ok(u64::try_from(rows).unwrap_or(u64::MAX))
}
