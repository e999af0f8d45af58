//! Repositories: workspace by workspace, since the lists across workspaces are
//! gone (<https://developer.atlassian.com/cloud/bitbucket/changelog/#CHANGE-2770>).

use lodge_forge::{Repository, Resource};
use lodge_pagination::{Limit, Page, PageRequest, Position};
use lodge_provider::{Account, ProviderError, RepositoryRef};
use lodge_provider_kit::{Answer, Call, Marks, Read};

use crate::{
    host::Bitbucket,
    payload::{
        page::PagePayload,
        repository::{MembershipPayload, RepositoryPayload},
    },
    step::Step,
};

const KIND: &str = "repositories";
/// The most items of a page here.
const MOST: usize = 100;
/// How many pages of workspaces are read: a thousand of them.
const MOST_PAGES: usize = 10;
/// How many workspaces without repositories are passed over in one page.
const MOST_EMPTY: usize = 8;

/// One workspace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Workspace {
    slug: String,
    uuid: String,
}

impl Bitbucket {
    pub(crate) async fn repository(
        &self,
        repository: &RepositoryRef,
    ) -> Result<Repository, ProviderError> {
        let answer = self.client.send(repository.account, self.below(repository, [])?).await?;
        let payload: RepositoryPayload<'_> = answer.json(Resource::Repositories)?;
        let found = payload.into_repository(self.name.clone());
        found.ok_or_else(|| ProviderError::Malformed {
            resource: Resource::Repositories,
            source: "the repository's id is not one".into(),
        })
    }

    /// The account's workspaces come in the order of their slugs, and each
    /// page is of one of them. A page goes on after the slug it came to, so
    /// that a workspace that comes or goes shifts nothing.
    pub(crate) async fn repositories(
        &self,
        account: Account,
        page: &PageRequest,
    ) -> Result<Page<Repository>, ProviderError> {
        let (mut at, mut step) = match Read::of(KIND, page.from.as_ref())? {
            Some(read) => {
                let text = |name| read.text(name).map(str::to_owned);
                let at = Workspace { slug: text("slug")?, uuid: text("workspace")? };
                (Some(at), Step::read(read)?)
            }
            None => (self.after(account, None).await?, Step::first(page.limit, MOST)),
        };
        for _ in 0..MOST_EMPTY {
            let Some(workspace) = at else { break };
            let (items, more) = self.of_workspace(account, &workspace, step, page).await?;
            let goes_on = more.is_some();
            step = more.unwrap_or_else(|| Step::first(page.limit, MOST));
            at = if goes_on {
                Some(workspace)
            } else {
                self.after(account, Some(&workspace)).await?
            };
            if !items.is_empty() {
                return Ok(Page { items, next: next(at, &step)? });
            }
        }
        Ok(Page { items: Vec::new(), next: next(at, &step)? })
    }

    /// One page of the repositories of a workspace that the account is a
    /// member of.
    async fn of_workspace(
        &self,
        account: Account,
        workspace: &Workspace,
        step: Step,
        page: &PageRequest,
    ) -> Result<(Vec<Repository>, Option<Step>), ProviderError> {
        let call = Call::get(&self.api, ["repositories", &workspace.uuid]).missing("workspace");
        let call = step.dress(call.query("role", "member").query("sort", "full_name"));
        let answer = match self.client.send(account, call).await {
            Ok(answer) => answer,
            Err(error) => {
                return match error.cause() {
                    // A workspace that shuts the account out (by its address
                    // list, or since a moment ago) hides its own repositories,
                    // not those of the others.
                    ProviderError::Forbidden | ProviderError::NotFound { .. } => {
                        Ok((Vec::new(), None))
                    }
                    _ => Err(error),
                };
            }
        };
        let payload: PagePayload<'_, RepositoryPayload<'_>> =
            answer.json(Resource::Repositories)?;
        let (items, more) = step.take(page.limit, payload);
        let items = items.into_iter().filter_map(|it| it.into_repository(self.name.clone()));
        Ok((items.collect(), more))
    }

    /// The first workspace after `last`.
    async fn after(
        &self,
        account: Account,
        last: Option<&Workspace>,
    ) -> Result<Option<Workspace>, ProviderError> {
        let mut first: Option<Workspace> = None;
        let mut step = Some(Step::first(Limit::MAX, MOST));
        for _ in 0..MOST_PAGES {
            let Some(here) = step else { break };
            let call = here.dress(Call::get(&self.api, ["user", "workspaces"]));
            let answer = self.client.send(account, call).await?;
            let (workspaces, more) = workspaces(here, &answer)?;
            let later = workspaces.into_iter().filter(|it| last.is_none_or(|last| it > last));
            first = first.into_iter().chain(later).min();
            step = more;
        }
        Ok(first)
    }
}

fn workspaces(
    step: Step,
    answer: &Answer,
) -> Result<(Vec<Workspace>, Option<Step>), ProviderError> {
    let payload: PagePayload<'_, MembershipPayload<'_>> = answer.json(Resource::Repositories)?;
    let (memberships, more) = step.take(Limit::MAX, payload);
    let workspaces = memberships.into_iter().map(|it| Workspace {
        slug: it.workspace.slug.map(Into::into).unwrap_or_default(),
        uuid: it.workspace.uuid.into(),
    });
    Ok((workspaces.collect(), more))
}

fn next(at: Option<Workspace>, step: &Step) -> Result<Option<Position>, ProviderError> {
    let Some(Workspace { slug, uuid }) = at else { return Ok(None) };
    let marks = Marks::of(KIND)?.with("slug", slug)?.with("workspace", uuid)?;
    Ok(Some(step.write(marks)?.done()))
}
