//! One page of results of CI: first the newest run of each check, then the
//! newest status of each context. The commit stays that of the first page.

use lodge_forge::{Check, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{CheckFilter, ProviderError, RepositoryRef};
use lodge_provider_kit::{Answer, Marks, Read};

use crate::{
    api::{Api, is_hash},
    paging::Place,
    payload::check::{CheckRunsPayload, CombinedStatusPayload},
};

const CHECKS: Resource = Resource::Checks;

/// Which of the two lists.
#[derive(Clone, Copy)]
enum Phase {
    Runs,
    Statuses,
}

impl Phase {
    const fn name(self) -> &'static str {
        match self {
            Self::Runs => "check-runs",
            Self::Statuses => "status",
        }
    }

    fn read(self, answer: &Answer) -> Result<Vec<Check>, ProviderError> {
        match self {
            Self::Runs => {
                let payload: CheckRunsPayload<'_> = answer.json(CHECKS)?;
                Ok(payload.check_runs.into_iter().map(Check::from).collect())
            }
            Self::Statuses => {
                let payload: CombinedStatusPayload<'_> = answer.json(CHECKS)?;
                let sha: String = payload.sha.into();
                Ok(payload.statuses.into_iter().map(|it| it.into_check(sha.clone())).collect())
            }
        }
    }
}

pub(crate) async fn list(
    api: &Api,
    repository: &RepositoryRef,
    filter: &CheckFilter,
    page: &PageRequest,
) -> Result<Page<Check>, ProviderError> {
    let read = Read::of(CHECKS.name(), page.from.as_ref())?;
    let (sha, phase) = match read {
        Some(read) => begun(read)?,
        None => match api.resolve(repository, filter.reference.as_deref()).await? {
            Some(sha) => (sha, Phase::Runs),
            None => return Ok(Page::empty()),
        },
    };
    let place = Place::of(read, page.limit)?;
    let call = api.of(repository, &["commits", &sha, phase.name()])?.missing("commit");
    let answer = api.send_part(repository, place.ask(call)).await?;
    let (items, next) = place.turn(phase.read(&answer)?, &answer, page.limit, CHECKS)?;
    let next = match (next, phase) {
        (Some(place), phase) => Some((place, phase)),
        (None, Phase::Runs) => Some((Place::first(page.limit), Phase::Statuses)),
        (None, Phase::Statuses) => None,
    };
    let position = |(place, phase): (Place, Phase)| {
        let marks = Marks::of(CHECKS.name())?.with("sha", sha)?.with("phase", phase.name())?;
        Ok::<_, ProviderError>(place.write(marks)?.done())
    };
    Ok(Page { items, next: next.map(position).transpose()? })
}

fn begun(read: Read<'_>) -> Result<(String, Phase), ProviderError> {
    let phase = match read.text("phase")? {
        "check-runs" => Phase::Runs,
        "status" => Phase::Statuses,
        _ => return Err(ProviderError::Position),
    };
    let sha = Some(read.text("sha")?).filter(|it| is_hash(it)).ok_or(ProviderError::Position)?;
    Ok((sha.to_owned(), phase))
}
