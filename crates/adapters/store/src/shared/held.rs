//! A connection with an open transaction.

use deadpool::managed::{Object as Pooled, PoolError};
use diesel::QueryResult;
use diesel_async::{
    SimpleAsyncConnection as _,
    pooled_connection::{AsyncDieselConnectionManager, deadpool::Pool},
};
use lodge_storage::StorageError;
use tokio::runtime::Handle;

use super::Conn;

type Object = Pooled<AsyncDieselConnectionManager<Conn>>;

/// A free connection, waited for as long as the pool is patient.
pub(in super::super) async fn ask_pool(pool: &Pool<Conn>) -> Result<Object, StorageError> {
    pool.get().await.map_err(|error| match error {
        PoolError::Backend(error) => StorageError::Unavailable(error.into()),
        other => StorageError::Unavailable(other.into()),
    })
}

/// A connection out of the pool with an open transaction. Dropping it rolls
/// back, and only then gives the connection back.
pub(in super::super) struct Held {
    object: Option<Object>,
}

impl Held {
    /// Begins a transaction with `statement`.
    pub(in super::super) async fn begin(
        pool: &Pool<Conn>,
        statement: &str,
    ) -> Result<Self, StorageError> {
        let mut held = Self { object: Some(ask_pool(pool).await?) };
        let begun = held.conn().batch_execute(statement).await;
        begun.map_err(crate::error::about("unit of work"))?;
        Ok(held)
    }

    #[expect(clippy::expect_used, reason = "it is taken out only by what consumes or drops `self`")]
    pub(super) fn conn(&mut self) -> &mut Conn {
        self.object.as_mut().expect("a connection is held")
    }

    /// Ends the transaction with `statement` and gives the connection back.
    pub(super) async fn end(mut self, statement: &str) -> QueryResult<()> {
        self.conn().batch_execute(statement).await?;
        drop(self.object.take());
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let unclean = Unclean(self.object.take());
        // Nobody waits for it: the next unit of work gets the connection when
        // it is clean. Without a runtime, `Unclean` closes it.
        if unclean.0.is_some()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(unclean.clean());
        }
    }
}

/// A connection that must not be used by anybody else: it is cleaned, or
/// closed.
struct Unclean(Option<Object>);

impl Unclean {
    async fn clean(mut self) {
        if let Some(object) = &mut self.0
            && object.batch_execute("ROLLBACK").await.is_ok()
        {
            drop(self.0.take());
        }
    }
}

impl Drop for Unclean {
    fn drop(&mut self) {
        if let Some(object) = self.0.take() {
            // Out of the pool, which opens another one when it needs one.
            drop(Object::take(object));
        }
    }
}
