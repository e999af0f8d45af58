//! Results of CI on one commit: first its statuses, then the builds of it.
//!
//! Builds cannot be asked for by commit. Those of the branch, or of the
//! repository, are looked through from the newest back to the commit's date.

use lodge_forge::{Check, Resource};
use lodge_kernel::Timestamp;
use lodge_pagination::{Page, PageRequest, Position};
use lodge_provider::{CheckFilter, ProviderError, RepositoryRef};
use lodge_provider_kit::{Call, Marks, Read};

use crate::{
    azure::Azure,
    payload::{
        List, Text,
        check::{BuildPayload, StatusPayload},
        commit::CommitPayload,
        short_name,
    },
    place::Place,
    references::{Resolved, next_token},
};

const KIND: &str = "checks";
/// How many pages of builds are looked through for one page of ours.
const MOST_PAGES: usize = 5;

/// Where a listing goes on.
enum Phase {
    /// With the statuses after so many.
    Statuses(usize),
    /// With the builds at this token, from the first when there is none.
    Builds(Option<String>),
}

impl Azure {
    pub(crate) async fn list_checks(
        &self,
        repository: &RepositoryRef,
        filter: &CheckFilter,
        page: &PageRequest,
    ) -> Result<Page<Check>, ProviderError> {
        let place = Place::of(repository)?;
        let (of, phase) = match Read::of(KIND, page.from.as_ref())? {
            Some(read) => (resolved(read)?, phase(read)?),
            None => match self.checked(&place, filter).await? {
                Some(of) => (of, Phase::Statuses(0)),
                None => return Ok(Page::empty()),
            },
        };
        match phase {
            Phase::Statuses(skip) => self.statuses(&place, &of, skip, page.limit.get()).await,
            Phase::Builds(token) => self.builds(&place, &of, token, page.limit.get()).await,
        }
    }

    /// The commit whose results are asked for. `None` for a repository
    /// without commits.
    async fn checked(
        &self,
        place: &Place,
        filter: &CheckFilter,
    ) -> Result<Option<Resolved>, ProviderError> {
        if let Some(name) = &filter.reference {
            let found = self.resolve(place, name).await?;
            return found.map(Some).ok_or(ProviderError::NotFound { what: "ref" });
        }
        let Some(default) = self.facts(place).await?.default_branch else { return Ok(None) };
        self.resolve_in(place, "heads/", &default).await
    }

    async fn statuses(
        &self,
        place: &Place,
        of: &Resolved,
        skip: usize,
        limit: usize,
    ) -> Result<Page<Check>, ProviderError> {
        let call = self
            .git(place, ["commits", &of.sha, "statuses"])
            .query("latestOnly", "true")
            // One more than wanted says whether there are more.
            .query("top", (limit + 1).to_string())
            .query("skip", skip.to_string());
        let answer = self.part(place, call, "commit").await?;
        let mut told: List<StatusPayload<'_>> = answer.json(Resource::Checks)?;
        let more = told.value.len() > limit;
        told.value.truncate(limit);
        let reference = of.reference.as_deref().map(short_name);
        let items = told.value.into_iter().map(|it| it.into_check(&of.sha, reference)).collect();
        let next = if more { Phase::Statuses(skip + limit) } else { Phase::Builds(None) };
        Ok(Page { items, next: Some(position(of, &next)?) })
    }

    async fn builds(
        &self,
        place: &Place,
        of: &Resolved,
        mut token: Option<String>,
        limit: usize,
    ) -> Result<Page<Check>, ProviderError> {
        let project = self.facts(place).await?.project;
        let since = self.committed_at(place, &of.sha).await?;
        let ask = Self::project(&self.sites.main, place, &project, ["build", "builds"])
            .query("repositoryId", &place.repository)
            .query("repositoryType", "TfsGit")
            .query("queryOrder", "queueTimeDescending")
            .query("$top", limit.to_string())
            .query_if("branchName", of.reference.as_deref())
            .query_if("minTime", since.map(|it| it.to_string()));
        let mut items = Vec::new();
        for _ in 0..MOST_PAGES {
            let call: Call = ask.clone().query_if("continuationToken", token.as_deref());
            let answer = self.client.send(place.account, call).await?;
            let told: List<BuildPayload<'_>> = answer.json(Resource::Checks)?;
            let mine = told.value.into_iter().filter(|it| {
                it.source_version.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(&of.sha))
            });
            items.extend(mine.map(BuildPayload::into_check));
            token = next_token(&answer).map(str::to_owned);
            if token.is_none() || !items.is_empty() {
                break;
            }
        }
        let next = token.map(|token| position(of, &Phase::Builds(Some(token)))).transpose()?;
        Ok(Page { items, next })
    }

    /// No build of a commit is older than the commit.
    async fn committed_at(
        &self,
        place: &Place,
        sha: &str,
    ) -> Result<Option<Timestamp>, ProviderError> {
        let answer = self.part(place, self.git(place, ["commits", sha]), "commit").await?;
        let told: CommitPayload<'_> = answer.json(Resource::Checks)?;
        let date = told.committer.and_then(|it| it.date);
        Ok(date.as_ref().and_then(Text::instant))
    }
}

fn position(of: &Resolved, phase: &Phase) -> Result<Position, ProviderError> {
    let mut marks = Marks::of(KIND)?.with("sha", &of.sha)?;
    if let Some(reference) = &of.reference {
        marks = marks.with_bytes("ref", reference.as_bytes())?;
    }
    let marks = match phase {
        Phase::Statuses(skip) => marks.with("skip", skip.to_string())?,
        Phase::Builds(None) => marks.with("builds", "")?,
        Phase::Builds(Some(token)) => marks.with_bytes("token", token.as_bytes())?,
    };
    Ok(marks.done())
}

fn resolved(read: Read<'_>) -> Result<Resolved, ProviderError> {
    Ok(Resolved { sha: read.text("sha")?.to_owned(), reference: text(read, "ref")? })
}

fn phase(read: Read<'_>) -> Result<Phase, ProviderError> {
    match read.text("skip") {
        Ok(_) => Ok(Phase::Statuses(read.number("skip")?)),
        Err(_) if read.text("builds").is_ok() => Ok(Phase::Builds(None)),
        Err(_) => Ok(Phase::Builds(Some(text(read, "token")?.ok_or(ProviderError::Position)?))),
    }
}

/// The text that [`Marks::with_bytes`] wrote. `None` when it is not there.
fn text(read: Read<'_>, name: &str) -> Result<Option<String>, ProviderError> {
    let Ok(bytes) = read.bytes(name) else { return Ok(None) };
    String::from_utf8(bytes).map(Some).map_err(|_not_ours| ProviderError::Position)
}
