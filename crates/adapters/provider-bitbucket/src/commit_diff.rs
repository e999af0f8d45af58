//! What a commit changed: the raw diff, which is bytes of any kind, against
//! the first parent.

use lodge_forge::{Diff, Resource};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::{Call, parse_diff};

use crate::{ask::is_hash, host::Bitbucket, payload::commit::CommitPayload};

/// The longest diff that is read, in bytes.
const LONGEST: usize = 16 << 20;

impl Bitbucket {
    pub(crate) async fn diff_of_commit(
        &self,
        repository: &RepositoryRef,
        commit: String,
    ) -> Result<Diff, ProviderError> {
        if !is_hash(&commit) {
            return Err(ProviderError::NotFound { what: "commit" });
        }
        let itself = self.below(repository, ["commit", &commit])?.missing("commit");
        let diff = self.below(repository, ["diff", &commit])?;
        let (itself, diff) =
            tokio::join!(self.part(repository, itself), self.raw_diff(repository, diff, "commit"));
        // The commit says what is missing; its diff may only be too large.
        let itself = itself?;
        let payload: CommitPayload<'_> = itself.json(Resource::CommitDiff)?;
        Ok(Diff { base_sha: payload.first_parent(), head_sha: Some(commit), ..diff? })
    }

    /// A raw diff, cut where it is too long.
    pub(crate) async fn raw_diff(
        &self,
        repository: &RepositoryRef,
        call: Call,
        what: &'static str,
    ) -> Result<Diff, ProviderError> {
        let call = call.missing(what).header("accept", "text/plain").cut_at(LONGEST);
        let answer = self.client.send(repository.account, call).await?;
        Ok(parse_diff(answer.body(), answer.is_cut()))
    }
}
