//! The files of a diff, page after page.

use lodge_forge::{Diff, DiffTotals, Resource};
use lodge_pagination::Limit;
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::Call;

use crate::{api::Api, paging::Offset, payload::diff::DiffPayload};

/// The most files of one diff: GitLab's own limit.
const MOST_FILES: u64 = 3_000;
/// The longest answers of one diff together, in bytes; the last one may go
/// beyond.
const MOST_BYTES: usize = 16 << 20;

/// Everything that `call` lists, as far as it is told.
pub(crate) async fn collect(
    api: &Api,
    repository: &RepositoryRef,
    call: &Call,
    resource: Resource,
) -> Result<Diff, ProviderError> {
    let mut diff = Diff {
        base_sha: None,
        head_sha: None,
        files: Vec::new(),
        totals: DiffTotals::default(),
        truncated: None,
    };
    let (mut skip, mut bytes) = (Some(0), 0);
    while let Some(from) = skip {
        if from >= MOST_FILES || bytes > MOST_BYTES {
            diff.truncated = Some(if bytes > MOST_BYTES {
                format!("the patches have more than {MOST_BYTES} bytes")
            } else {
                format!("more than {MOST_FILES} files are changed")
            });
            return Ok(diff);
        }
        let offset = Offset::new(from, Limit::MAX);
        let answer = api.ask(repository, offset.ask(call.clone())).await?;
        bytes += answer.body().len();
        let files: Vec<DiffPayload<'_>> = answer.page(resource)?;
        for payload in files {
            if payload.is_left_out() && diff.truncated.is_none() {
                diff.truncated = Some("the host leaves out patches that are large".to_owned());
            }
            let Some(file) = payload.into_file() else { continue };
            diff.totals.files += 1;
            diff.totals.additions += file.additions.unwrap_or_default();
            diff.totals.deletions += file.deletions.unwrap_or_default();
            diff.files.push(file);
        }
        skip = offset.next(&answer);
    }
    Ok(diff)
}
