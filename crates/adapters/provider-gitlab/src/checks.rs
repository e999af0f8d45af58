//! Results of CI on one commit: the statuses of its jobs and of other
//! programs, and then its pipelines.

use lodge_forge::{Check, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{CheckFilter, ProviderError, RepositoryRef};
use lodge_provider_kit::{Marks, Read};

use crate::{
    api::Api,
    commits,
    paging::{Offset, with_skip},
    payload::check::{PipelinePayload, StatusPayload},
};

const CHECKS: &str = "checks";

/// Which of the two lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Statuses,
    Pipelines,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Statuses => "statuses",
            Self::Pipelines => "pipelines",
        }
    }
}

pub(crate) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    filter: &CheckFilter,
    request: &PageRequest,
) -> Result<Page<Check>, ProviderError> {
    let (sha, part) = match Read::of(CHECKS, request.from.as_ref())? {
        Some(read) => {
            let name = read.text("part")?;
            let part = [Part::Statuses, Part::Pipelines].into_iter().find(|it| it.name() == name);
            (read.text("sha")?.to_owned(), part.ok_or(ProviderError::Position)?)
        }
        None => match commits::resolve(api, repository, filter.reference.as_deref()).await? {
            Some(sha) => (sha, Part::Statuses),
            None => return Ok(Page::empty()),
        },
    };
    let offset = Offset::of(CHECKS, request)?;
    let (items, next) = match part {
        Part::Statuses => {
            let (items, next) = statuses(api, repository, &sha, offset).await?;
            (items, Some(next.map_or((Part::Pipelines, 0), |skip| (Part::Statuses, skip))))
        }
        Part::Pipelines => {
            let (items, next) = pipelines(api, repository, &sha, offset).await?;
            (items, next.map(|skip| (Part::Pipelines, skip)))
        }
    };
    let position = |(part, skip): (Part, u64)| {
        let marks = Marks::of(CHECKS)?.with("sha", sha)?.with("part", part.name())?;
        Ok::<_, ProviderError>(with_skip(marks, skip)?.done())
    };
    Ok(Page { items, next: next.map(position).transpose()? })
}

async fn statuses(
    api: &Api,
    repository: &RepositoryRef,
    sha: &str,
    offset: Offset,
) -> Result<(Vec<Check>, Option<u64>), ProviderError> {
    let call = api.get(repository, ["repository", "commits"])?.then([sha, "statuses"]);
    let answer = api.ask(repository, offset.ask(call.missing("commit"))).await?;
    let statuses: Vec<StatusPayload<'_>> = answer.page(Resource::Checks)?;
    let checks = statuses.into_iter().map(StatusPayload::into_check).collect();
    Ok((checks, offset.next(&answer)))
}

async fn pipelines(
    api: &Api,
    repository: &RepositoryRef,
    sha: &str,
    offset: Offset,
) -> Result<(Vec<Check>, Option<u64>), ProviderError> {
    let call = api.get(repository, ["pipelines"])?.query("sha", sha);
    let answer = match api.ask(repository, offset.ask(call)).await {
        Ok(answer) => answer,
        // The project has no CI of its own: what others said was all.
        Err(error) if matches!(error.cause(), ProviderError::Forbidden) => {
            return Ok((Vec::new(), None));
        }
        Err(error) => return Err(error),
    };
    let pipelines: Vec<PipelinePayload<'_>> = answer.page(Resource::Checks)?;
    let checks = pipelines.into_iter().map(PipelinePayload::into_check).collect();
    Ok((checks, offset.next(&answer)))
}
