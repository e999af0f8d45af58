//! Answers that are kept, to be given again.

use async_trait::async_trait;
use lodge_kernel::{Digest, Timestamp};
use lodge_storage::{AnswerRepository, KeptAnswer, StorageError};

use super::Rows;

#[async_trait]
impl AnswerRepository for Rows<'_> {
    async fn reserve(
        &mut self,
        it: &KeptAnswer,
        since: Timestamp,
    ) -> Result<Option<KeptAnswer>, StorageError> {
        let answers = &mut self.0.change()?.answers;
        if let Some(known) = answers.get(&it.key).filter(|known| known.created_at >= since) {
            return Ok(Some(known.clone()));
        }
        answers.insert(it.key, it.clone());
        Ok(None)
    }

    async fn keep(&mut self, key: Digest, sealed: &str) -> Result<(), StorageError> {
        if let Some(known) = self.0.change()?.answers.get_mut(&key) {
            known.sealed = Some(sealed.to_owned());
        }
        Ok(())
    }

    async fn release(&mut self, key: Digest) -> Result<(), StorageError> {
        self.0.change()?.answers.retain(|known, it| *known != key || it.sealed.is_some());
        Ok(())
    }

    async fn forget(&mut self, before: Timestamp, limit: usize) -> Result<u64, StorageError> {
        let answers = &mut self.0.change()?.answers;
        let mut old: Vec<_> = answers.values().filter(|it| it.created_at < before).collect();
        old.sort_by_key(|it| it.created_at);
        let old: Vec<_> = old.into_iter().take(limit).map(|it| it.key).collect();
        for key in &old {
            answers.remove(key);
        }
        Ok(u64::try_from(old.len()).unwrap_or(u64::MAX))
    }
}
