//! What a pull request changes: its newest iteration, compared with where both
//! sides parted.

use lodge_forge::{Diff, Resource};
use lodge_provider::{ProviderError, RepositoryRef};

use crate::{
    azure::Azure,
    changes::{Change, MOST_FILES},
    contents::Ends,
    payload::{
        List,
        diff::{CommitIdPayload, EntriesPayload, IterationPayload},
    },
    place::Place,
};

/// How many changes are asked for at once: the host's most.
const AT_A_TIME: &str = "2000";
/// How often they are asked for at most: folders are among the changes.
const MOST_PAGES: usize = 5;

impl Azure {
    pub(crate) async fn pull_request_diff(
        &self,
        repository: &RepositoryRef,
        number: u64,
    ) -> Result<Diff, ProviderError> {
        const WHAT: &str = "pull request";
        let place = Place::of(repository)?;
        let number = number.to_string();
        let call = self.git(&place, ["pullRequests", &number, "iterations"]);
        let answer = self.part(&place, call, WHAT).await?;
        let told: List<IterationPayload<'_>> = answer.json(Resource::PullRequestDiff)?;
        let newest = told.value.into_iter().max_by_key(|it| it.id);
        let newest = newest.ok_or(ProviderError::NotFound { what: WHAT })?;
        let iteration = newest.id.unwrap_or_default().to_string();
        let base = newest.common_ref_commit.and_then(CommitIdPayload::into_sha);
        let head = newest.source_ref_commit.and_then(CommitIdPayload::into_sha);
        let head = head.ok_or(ProviderError::NotFound { what: WHAT })?;

        let (mut changes, mut skip) = (Vec::new(), 0);
        for _ in 0..MOST_PAGES {
            let path = ["pullRequests", &number, "iterations", &iteration, "changes"];
            let call = self
                .git(&place, path)
                .query("$compareTo", "0")
                .query("$top", AT_A_TIME)
                .query("$skip", skip.to_string());
            let answer = self.part(&place, call, WHAT).await?;
            let told: EntriesPayload<'_> = answer.json(Resource::PullRequestDiff)?;
            changes.extend(told.change_entries.into_iter().filter_map(Change::of));
            // A page that does not lead on would be asked for again and again.
            let next = told.next_skip.filter(|next| *next > skip);
            skip = next.unwrap_or_default();
            if next.is_none() || changes.len() > MOST_FILES {
                break;
            }
        }
        let more = skip > 0 || changes.len() > MOST_FILES;
        changes.truncate(MOST_FILES);
        self.diff(&place, Ends { base, head }, changes, more).await
    }
}
