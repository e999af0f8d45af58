//! The commit that a branch, a tag or a hash leads to.

use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::Call;

use crate::{branches, commit_diff::is_full_hash, instance::Instance, tags};

/// The commit that `reference` leads to, the default branch when there is
/// none. `None` when there are no commits.
pub(crate) async fn resolve(
    instance: &Instance,
    at: &RepositoryRef,
    reference: Option<&str>,
) -> Result<Option<String>, ProviderError> {
    let Some(reference) = reference else { return branches::default_head(instance, at).await };
    if is_full_hash(reference) {
        let call = |it: Call| {
            let call = it.then(["git", "commits", reference]).missing("ref");
            call.query("stat", "false").query("verification", "false").query("files", "false")
        };
        return instance.ask(at, call).await.map(|_| Some(reference.to_owned()));
    }
    match branches::head(instance, at, reference).await {
        Err(error) if matches!(error.cause(), ProviderError::NotFound { .. }) => {
            tags::head(instance, at, reference).await.map(Some)
        }
        found => found.map(Some),
    }
}
