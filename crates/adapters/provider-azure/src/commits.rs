//! Commits of a branch.
//!
//! A list leaves out the parents and cuts the messages. What it left out is
//! asked for at once for the whole page; what is still missing then (servers
//! differ), commit by commit.

use std::collections::HashMap;

use lodge_forge::{Commit, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::{Answer, Call, Marks, Read};
use serde::Serialize;

use crate::{
    azure::{Azure, VERSION, all},
    payload::{List, commit::CommitPayload},
    place::Place,
};

const KIND: &str = "commits";

/// `GitQueryCommitsCriteria`, of which only the ids are asked for.
#[derive(Serialize)]
struct Ids<'a> {
    ids: Vec<&'a str>,
}

impl Azure {
    pub(crate) async fn list_commits(
        &self,
        repository: &RepositoryRef,
        branch: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<Commit>, ProviderError> {
        let place = Place::of(repository)?;
        let (head, skip) = match Read::of(KIND, page.from.as_ref())? {
            Some(read) => (read.text("head")?.to_owned(), read.number("skip")?),
            None => match self.head(&place, branch).await? {
                Some(head) => (head, 0),
                None => return Ok(Page::empty()),
            },
        };
        let limit = page.limit.get();
        // One more than wanted says whether there is another page.
        let answer = self.history(&place, &head, skip, limit + 1).await?;
        let mut told = answer.json::<List<CommitPayload<'_>>>(Resource::Commits)?.value;
        let more = told.len() > limit;
        told.truncate(limit);
        let items = self.whole(&place, told.into_vec()).await?;
        let next = if more {
            let skip = (skip + limit).to_string();
            Some(Marks::of(KIND)?.with("head", head)?.with("skip", skip)?.done())
        } else {
            None
        };
        Ok(Page { items, next })
    }

    /// The commit that `branch`, else the default branch, points to. `None`
    /// for a repository without commits.
    pub(crate) async fn head(
        &self,
        place: &Place,
        branch: Option<&str>,
    ) -> Result<Option<String>, ProviderError> {
        if let Some(branch) = branch {
            let found = self.resolve_in(place, "heads/", branch).await?;
            let found = found.ok_or(ProviderError::NotFound { what: "branch" })?;
            return Ok(Some(found.sha));
        }
        let Some(default) = self.facts(place).await?.default_branch else { return Ok(None) };
        Ok(self.resolve_in(place, "heads/", &default).await?.map(|it| it.sha))
    }

    /// `top` of the commits that `head` reaches, newest first, after `skip`.
    pub(crate) async fn history(
        &self,
        place: &Place,
        head: &str,
        skip: usize,
        top: usize,
    ) -> Result<Answer, ProviderError> {
        let call = self
            .git(place, ["commits"])
            .query("searchCriteria.itemVersion.version", head)
            .query("searchCriteria.itemVersion.versionType", "commit")
            .query("searchCriteria.$skip", skip.to_string())
            .query("searchCriteria.$top", top.to_string());
        self.part(place, call, "commit").await
    }

    /// The same commits with all that their list left out.
    async fn whole(
        &self,
        place: &Place,
        told: Vec<CommitPayload<'_>>,
    ) -> Result<Vec<Commit>, ProviderError> {
        let lacking = told.iter().filter(|it| !it.is_whole()).map(|it| &*it.commit_id);
        let lacking = lacking.collect::<Vec<_>>();
        let mut found = HashMap::new();
        if !lacking.is_empty() {
            let answer = self.batch(place, lacking).await?;
            let batch: List<CommitPayload<'_>> = answer.json(Resource::Commits)?;
            let whole = batch.value.into_iter().filter(CommitPayload::is_whole);
            found.extend(whole.map(CommitPayload::into_commit).map(|it| (it.sha.clone(), it)));
        }
        let commits = told.into_iter().map(|it| {
            let found = found.remove(&*it.commit_id);
            async move {
                match found {
                    // Of commits that are asked for by id, their page is not told.
                    Some(commit) => {
                        let page = commit.web_url.or_else(|| it.into_commit().web_url);
                        Ok(Commit { web_url: page, ..commit })
                    }
                    None if it.is_whole() => Ok(it.into_commit()),
                    None => self.commit(place, &it.commit_id).await,
                }
            }
        });
        all(commits.collect()).await
    }

    async fn batch(&self, place: &Place, ids: Vec<&str>) -> Result<Answer, ProviderError> {
        let repository = place.repository.as_str();
        let path =
            [&place.organization, "_apis", "git", "repositories", repository, "commitsbatch"];
        let call = Call::post_json(&self.sites.main, path, &Ids { ids })?;
        self.part(place, call.query("api-version", VERSION), "commit").await
    }

    async fn commit(&self, place: &Place, id: &str) -> Result<Commit, ProviderError> {
        let answer = self.part(place, self.git(place, ["commits", id]), "commit").await?;
        let told: CommitPayload<'_> = answer.json(Resource::Commits)?;
        Ok(told.into_commit())
    }
}
