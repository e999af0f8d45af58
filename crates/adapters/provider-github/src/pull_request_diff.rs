//! What a pull request changes: its files in pages of 100, up to 3,000.

use futures_util::future::try_join;
use lodge_forge::{Diff, DiffFile, DiffTotals, Resource};
use lodge_provider::{ProviderError, RepositoryRef};

use crate::{
    api::Api,
    commit_diff::{Files, next_page},
    payload::{
        diff::{ComparisonPayload, FilePayload},
        pull_request::PullRequestPayload,
    },
};

const DIFF: Resource = Resource::PullRequestDiff;

pub(crate) async fn read(
    api: &Api,
    repository: &RepositoryRef,
    number: u64,
) -> Result<Diff, ProviderError> {
    let number = number.to_string();
    let call = api.of(repository, &["pulls", &number])?.missing("pull request");
    let answer = api.send_part(repository, call).await?;
    let payload: PullRequestPayload<'_> = answer.json(DIFF)?;
    let (target, source) = payload.sides();
    let (base, files) =
        try_join(merge_base(api, repository, target, source), files(api, repository, &number))
            .await?;
    let diff = files.into_diff(base, Some(source.to_owned()));
    let DiffTotals { files, additions, deletions } = payload.totals();
    // They count files that are not told, too.
    let totals = if files == 0 { diff.totals } else { DiffTotals { files, additions, deletions } };
    Ok(Diff { totals, ..diff })
}

async fn files(
    api: &Api,
    repository: &RepositoryRef,
    number: &str,
) -> Result<Files, ProviderError> {
    let first = api.of(repository, &["pulls", number, "files"])?.query("per_page", "100");
    let first = first.missing("pull request");
    let mut files = Files::default();
    let mut call = first.clone();
    loop {
        let answer = api.client.send(repository.account, call).await?;
        let page: Vec<FilePayload<'_>> = answer.page(DIFF)?;
        let full = files.add(page.into_iter().map(DiffFile::from));
        match next_page(&answer, &first, DIFF)?.filter(|_| !full) {
            Some(next) => call = next,
            None => return Ok(files),
        }
    }
}

/// The commit that the files are compared with: where the source left the
/// target. `None` where the two have nothing in common.
async fn merge_base(
    api: &Api,
    repository: &RepositoryRef,
    target: &str,
    source: &str,
) -> Result<Option<String>, ProviderError> {
    let range = format!("{target}...{source}");
    // The second page tells no files.
    let call = api.of(repository, &["compare", &range])?.query("per_page", "1").query("page", "2");
    match api.client.send(repository.account, call.missing("merge base")).await {
        Ok(answer) => {
            let payload: ComparisonPayload<'_> = answer.json(DIFF)?;
            Ok(payload.merge_base_commit.and_then(|it| it.sha.filled()))
        }
        Err(error) if matches!(error.cause(), ProviderError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
