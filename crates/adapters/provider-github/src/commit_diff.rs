//! What a commit changed: its files in pages of 300, up to 3,000.

use lodge_forge::{CommitStats, Diff, DiffFile, DiffTotals, Resource};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::{Answer, Call};

use crate::{
    api::{Api, is_hash, malformed},
    payload::diff::CommitDiffPayload,
};

const DIFF: Resource = Resource::CommitDiff;
/// The most files of a diff. GitHub tells no more either.
pub(crate) const MOST_FILES: usize = 3000;
/// The most bytes of paths and patches.
const MOST_BYTES: usize = 16 << 20;

pub(crate) async fn read(
    api: &Api,
    repository: &RepositoryRef,
    commit: &str,
) -> Result<Diff, ProviderError> {
    let call = api.of(repository, &["commits", commit])?.missing("commit");
    if !is_hash(commit) {
        // GitHub would take a branch; but is the repository there?
        api.client.send(repository.account, api.of(repository, &[])?).await?;
        return Err(ProviderError::NotFound { what: "commit" });
    }
    let mut answer = api.send_part(repository, call.clone()).await?;
    let payload: CommitDiffPayload<'_> = answer.json(DIFF)?;
    let base_sha = payload.parents.into_iter().flatten().next().map(|it| it.sha.into());
    let (head_sha, stats) = (payload.sha.into(), payload.stats);
    let mut files = Files::default();
    let mut full = files.add(payload.files.into_iter().flatten().map(DiffFile::from));
    while let Some(next) = next_page(&answer, &call, DIFF)?.filter(|_| !full) {
        answer = api.client.send(repository.account, next).await?;
        let payload: CommitDiffPayload<'_> = answer.json(DIFF)?;
        full = files.add(payload.files.into_iter().flatten().map(DiffFile::from));
    }
    let stats = stats.map(CommitStats::from);
    let diff = files.into_diff(base_sha, Some(head_sha));
    Ok(match stats {
        // They count files that are not told, too.
        Some(CommitStats { additions, deletions }) => {
            Diff { totals: DiffTotals { additions, deletions, ..diff.totals }, ..diff }
        }
        None => diff,
    })
}

/// The question for the next page of files.
pub(crate) fn next_page(
    answer: &Answer,
    first: &Call,
    resource: Resource,
) -> Result<Option<Call>, ProviderError> {
    let Some(link) = answer.next_query() else { return Ok(None) };
    let page = link.into_iter().find(|(name, _)| name == "page");
    let (name, page) = page.ok_or_else(|| malformed(resource, "a next-link leads nowhere"))?;
    Ok(Some(first.clone().query(&name, page)))
}

/// The files of a diff, as far as there is room.
#[derive(Default)]
pub(crate) struct Files {
    told: Vec<DiffFile>,
    bytes: usize,
    truncated: Option<&'static str>,
}

impl Files {
    /// Adds a page of files. True when there is no room for another.
    pub(crate) fn add(&mut self, page: impl Iterator<Item = DiffFile>) -> bool {
        for file in page {
            let patch = file.patch.as_ref().map_or(0, String::len);
            self.bytes = self.bytes.saturating_add(patch).saturating_add(file.path.len());
            if self.bytes > MOST_BYTES {
                self.truncated = Some("more than 16 MiB of patches");
                return true;
            }
            self.told.push(file);
        }
        if self.told.len() >= MOST_FILES {
            self.truncated = Some("3,000 files or more");
        }
        self.truncated.is_some()
    }

    /// The diff, with the sums of these files.
    pub(crate) fn into_diff(self, base_sha: Option<String>, head_sha: Option<String>) -> Diff {
        let sum = |count: fn(&DiffFile) -> Option<u64>| {
            self.told.iter().filter_map(count).fold(0, u64::saturating_add)
        };
        let totals = DiffTotals {
            files: u64::try_from(self.told.len()).unwrap_or(u64::MAX),
            additions: sum(|it| it.additions),
            deletions: sum(|it| it.deletions),
        };
        let truncated = self.truncated.map(str::to_owned);
        Diff { base_sha, head_sha, files: self.told, totals, truncated }
    }
}
