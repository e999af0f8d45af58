//! A storage that fails when it is told to, and a journal that remembers.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use lodge_access::UsageRow;
use lodge_storage::{Connections, Storage, StorageError, StoreState, UnitOfWork, UsageJournal};
use lodge_testkit::MemoryStorage;

/// Makes one failure.
pub(crate) type Trouble = fn() -> StorageError;

/// A storage in memory that can be made to fail.
#[derive(Default)]
pub(crate) struct FragileStorage {
    inner: MemoryStorage,
    trouble: Mutex<Option<Trouble>>,
}

impl FragileStorage {
    /// From now on, nothing can be read or written for this reason.
    pub(crate) fn fail(&self, trouble: Option<Trouble>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    /// Everything that is kept, to be compared.
    pub(crate) fn contents(&self) -> String {
        format!("{:?}", self.inner)
    }

    fn check(&self) -> Result<(), StorageError> {
        let trouble = *self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        trouble.map_or(Ok(()), |trouble| Err(trouble()))
    }
}

#[async_trait]
impl Storage for FragileStorage {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        self.check()?;
        self.inner.begin().await
    }

    async fn read(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        self.check()?;
        self.inner.read().await
    }

    async fn access_version(&self) -> Result<u64, StorageError> {
        self.check()?;
        self.inner.access_version().await
    }

    async fn migrate(&self) -> Result<Vec<String>, StorageError> {
        self.inner.migrate().await
    }

    async fn state(&self) -> Result<StoreState, StorageError> {
        self.check()?;
        self.inner.state().await
    }

    fn connections(&self) -> Connections {
        self.inner.connections()
    }
}

/// A journal that keeps its rows.
#[derive(Default)]
pub(crate) struct RecordingJournal(Mutex<Vec<UsageRow>>);

impl RecordingJournal {
    /// What was recorded since the last call.
    pub(crate) fn take(&self) -> Vec<UsageRow> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl UsageJournal for RecordingJournal {
    async fn record(&self, row: UsageRow) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(row);
    }
}
