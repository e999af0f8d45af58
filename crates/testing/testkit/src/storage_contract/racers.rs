//! Several who ask at once.

use std::sync::Arc;

use lodge_storage::StorageError;

use super::Fresh;

/// Asks from eight tasks at once, each as often as the storage says that
/// another was faster.
pub(super) async fn race<T, F, R>(storage: &Fresh, ask: F) -> Vec<Result<T, StorageError>>
where
    T: Send + 'static,
    F: Fn(Fresh) -> R + Clone + Send + 'static,
    R: Future<Output = Result<T, StorageError>> + Send,
{
    let racers: Vec<_> = (0..8)
        .map(|_| {
            let (storage, ask) = (Arc::clone(storage), ask.clone());
            tokio::spawn(async move {
                loop {
                    match ask(Arc::clone(&storage)).await {
                        Err(StorageError::Conflict(_)) => {}
                        other => break other,
                    }
                }
            })
        })
        .collect();
    let mut answers = Vec::new();
    for racer in racers {
        answers.push(racer.await.unwrap_or_else(|lost| Err(StorageError::Other(lost.into()))));
    }
    answers
}
