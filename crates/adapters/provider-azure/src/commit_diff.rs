//! What a commit changed, compared with its first parent.

use lodge_forge::{Diff, Resource};
use lodge_provider::{ProviderError, RepositoryRef};

use crate::{
    azure::Azure,
    changes::{Change, MOST_FILES},
    contents::Ends,
    payload::{Text, commit::CommitPayload, diff::ChangesPayload},
    place::Place,
    references::is_full_hash,
};

/// How many changes are asked for at once.
const AT_A_TIME: usize = 1_000;
/// How many changes are looked at: folders are among them.
const MOST_CHANGES: usize = 10_000;

impl Azure {
    pub(crate) async fn commit_diff(
        &self,
        repository: &RepositoryRef,
        commit: &str,
    ) -> Result<Diff, ProviderError> {
        let place = Place::of(repository)?;
        if !is_full_hash(commit) {
            return Err(ProviderError::NotFound { what: "commit" });
        }
        let answer = self.part(&place, self.git(&place, ["commits", commit]), "commit").await?;
        let told: CommitPayload<'_> = answer.json(Resource::CommitDiff)?;
        let base = told.parents.unwrap_or_default().into_iter().next().map(Text::into_owned);

        let (mut changes, mut skip, mut more) = (Vec::new(), 0, false);
        loop {
            let call = self
                .git(&place, ["commits", commit, "changes"])
                .query("top", AT_A_TIME.to_string())
                .query("skip", skip.to_string());
            let answer = self.part(&place, call, "commit").await?;
            let told: ChangesPayload<'_> = answer.json(Resource::CommitDiff)?;
            let count = told.changes.len();
            changes.extend(told.changes.into_iter().filter_map(Change::of));
            skip += count;
            let last = count < AT_A_TIME;
            if last || changes.len() > MOST_FILES || skip >= MOST_CHANGES {
                more |= !last || changes.len() > MOST_FILES;
                break;
            }
        }
        changes.truncate(MOST_FILES);
        self.diff(&place, Ends { base, head: commit.to_owned() }, changes, more).await
    }
}
