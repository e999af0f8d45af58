//! Answers to requests that have their effect once.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_kernel::{Digest, Timestamp};
use lodge_storage::{AnswerRepository, KeptAnswer, StorageError};

use super::{Rows, schema::kept_answers};
use crate::{
    convert::{Row, column},
    error::about,
};

const ENTITY: &str = "kept answer";

#[async_trait]
impl AnswerRepository for Rows<'_> {
    async fn reserve(
        &mut self,
        it: &KeptAnswer,
        since: Timestamp,
    ) -> Result<Option<KeptAnswer>, StorageError> {
        let key = it.key.0.to_vec();
        let old = kept_answers::table
            .filter(kept_answers::key.eq(key.clone()))
            .filter(kept_answers::created_at.lt(since.as_micros()));
        diesel::delete(old).execute(self.conn).await.map_err(about(ENTITY))?;
        let rows = diesel::insert_into(kept_answers::table)
            .values((
                kept_answers::key.eq(key.clone()),
                kept_answers::request.eq(it.request.0.to_vec()),
                kept_answers::sealed.eq(it.sealed.clone()),
                kept_answers::created_at.eq(it.created_at.as_micros()),
            ))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        if rows > 0 {
            return Ok(None);
        }
        let known: Option<(Vec<u8>, Option<String>, i64)> = kept_answers::table
            .filter(kept_answers::key.eq(key))
            .select((kept_answers::request, kept_answers::sealed, kept_answers::created_at))
            .first(self.conn)
            .await
            .optional()
            .map_err(about(ENTITY))?;
        // Given back between the two questions: the caller begins again.
        let Some((request, sealed, created_at)) = known else {
            return Err(StorageError::Conflict("the key was given back meanwhile".into()));
        };
        let request = Row(ENTITY).digest(request)?;
        let created_at = Timestamp::from_micros(created_at);
        Ok(Some(KeptAnswer { key: it.key, request, sealed, created_at }))
    }

    async fn keep(&mut self, key: Digest, sealed: &str) -> Result<(), StorageError> {
        diesel::update(kept_answers::table.filter(kept_answers::key.eq(key.0.to_vec())))
            .set(kept_answers::sealed.eq(sealed))
            .execute(self.conn)
            .await
            .map(drop)
            .map_err(about(ENTITY))
    }

    async fn release(&mut self, key: Digest) -> Result<(), StorageError> {
        let open = kept_answers::table
            .filter(kept_answers::key.eq(key.0.to_vec()))
            .filter(kept_answers::sealed.is_null());
        diesel::delete(open).execute(self.conn).await.map(drop).map_err(about(ENTITY))
    }

    async fn forget(&mut self, before: Timestamp, limit: usize) -> Result<u64, StorageError> {
        let old: Vec<Vec<u8>> = kept_answers::table
            .filter(kept_answers::created_at.lt(before.as_micros()))
            .order(kept_answers::created_at)
            .limit(column(limit))
            .select(kept_answers::key)
            .load(self.conn)
            .await
            .map_err(about(ENTITY))?;
        let rows = diesel::delete(kept_answers::table.filter(kept_answers::key.eq_any(old)))
            .execute(self.conn)
            .await
            .map_err(about(ENTITY))?;
        Ok(u64::try_from(rows).unwrap_or(u64::MAX))
    }
}
