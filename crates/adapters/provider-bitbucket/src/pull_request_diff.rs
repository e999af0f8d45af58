//! What a pull request changes. Its diff redirects to the repository's.

use lodge_forge::{Diff, Resource};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::Call;

use crate::{
    host::Bitbucket,
    payload::{
        commit::HashPayload,
        pull_request::{PullRequestPayload, SidePayload},
    },
};

impl Bitbucket {
    pub(crate) async fn diff_of_pull_request(
        &self,
        repository: &RepositoryRef,
        number: u64,
    ) -> Result<Diff, ProviderError> {
        let number = number.to_string();
        let itself = self.below(repository, ["pullrequests", &number])?.missing("pull request");
        let itself = self.part(repository, itself).await?;
        let payload: PullRequestPayload<'_> = itself.json(Resource::PullRequestDiff)?;
        let diff = self.below(repository, ["pullrequests", &number, "diff"])?;
        let (base, head, diff) = tokio::join!(
            self.merge_base(repository, &payload.destination, &payload.source),
            self.full_hash(repository, &payload.source),
            self.raw_diff(repository, diff, "pull request"),
        );
        Ok(Diff { base_sha: base?, head_sha: head?, ..diff? })
    }

    /// What both sides reach, and what the changes are counted from.
    async fn merge_base(
        &self,
        repository: &RepositoryRef,
        target: &SidePayload<'_>,
        source: &SidePayload<'_>,
    ) -> Result<Option<String>, ProviderError> {
        let (Some(target), Some(source)) = (&target.commit, &source.commit) else {
            return Ok(None);
        };
        let between = format!("{}..{}", &*target.hash, &*source.hash);
        let call = self.below(repository, ["merge-base", &between])?;
        self.hash_of(repository, call).await
    }

    /// The whole of a hash that was told in part.
    async fn full_hash(
        &self,
        repository: &RepositoryRef,
        side: &SidePayload<'_>,
    ) -> Result<Option<String>, ProviderError> {
        let Some(commit) = &side.commit else { return Ok(None) };
        let call = self.below(repository, ["commit", &*commit.hash])?;
        self.hash_of(repository, call).await
    }

    /// `None` for a commit that is gone, or of a fork that is.
    async fn hash_of(
        &self,
        repository: &RepositoryRef,
        call: Call,
    ) -> Result<Option<String>, ProviderError> {
        match self.client.send(repository.account, call.missing("commit")).await {
            Ok(answer) => {
                let payload: HashPayload<'_> = answer.json(Resource::PullRequestDiff)?;
                Ok(Some(payload.hash.into()))
            }
            Err(error) if matches!(error.cause(), ProviderError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
