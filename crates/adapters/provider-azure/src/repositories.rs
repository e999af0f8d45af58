//! Repositories: of every organisation, one after the other.

use lodge_forge::{Repository, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{Account, ProviderError, RepositoryRef};
use lodge_provider_kit::{Call, Marks, Read};

use crate::{
    azure::{Azure, VERSION},
    payload::{
        List,
        profile::{AccountPayload, ProfilePayload},
        repository::RepositoryPayload,
    },
    place::Place,
};

const KIND: &str = "repositories";

impl Azure {
    pub(crate) async fn find_repository(
        &self,
        repository: &RepositoryRef,
    ) -> Result<Repository, ProviderError> {
        let place = Place::of(repository)?;
        let answer = self.repository(&place).await?;
        let told: RepositoryPayload<'_> = answer.json(Resource::Repositories)?;
        let found = told.into_repository(&self.name, &place.organization);
        found.ok_or(ProviderError::RepositoryNotFound)
    }

    /// The host has no pages of repositories: its answer is sorted by id, and
    /// a page goes on after an id.
    pub(crate) async fn list_repositories(
        &self,
        account: Account,
        page: &PageRequest,
    ) -> Result<Page<Repository>, ProviderError> {
        let read = Read::of(KIND, page.from.as_ref())?;
        let (current, after) = match read {
            Some(read) => (Some(read.text("organization")?), read.text("after")?),
            None => (None, ""),
        };
        let organizations = self.organizations_of(account).await?;
        // One that is gone since goes over to the next one.
        let mut rest = organizations.iter().skip_while(|it| Some(it.as_str()) < current);
        let Some(organization) = rest.next() else { return Ok(Page::empty()) };
        let after = if Some(organization.as_str()) == current { after } else { "" };

        let mut repositories = self.of_organization(account, organization).await?;
        repositories.retain(|it| it.native_id.as_str() > after);
        let more = repositories.len() > page.limit.get();
        repositories.truncate(page.limit.get());
        let last = repositories.last().map(|it| it.native_id.clone()).unwrap_or_default();
        let next = if more {
            Some(Marks::of(KIND)?.with("organization", organization)?.with("after", last)?.done())
        } else if let Some(organization) = rest.next() {
            Some(Marks::of(KIND)?.with("organization", organization)?.with("after", "")?.done())
        } else {
            None
        };
        Ok(Page { items: repositories, next })
    }

    /// The repositories of one organisation, by id. None where an
    /// organisation of the account does not let us in.
    async fn of_organization(
        &self,
        account: Account,
        organization: &str,
    ) -> Result<Vec<Repository>, ProviderError> {
        let path = [organization, "_apis", "git", "repositories"];
        let call = Call::get(&self.sites.main, path).query("api-version", VERSION);
        let answer = match self.client.send(account, call).await {
            Ok(answer) => answer,
            Err(error) if self.organizations.is_empty() && is_shut(&error) => {
                return Ok(Vec::new());
            }
            Err(error) => return Err(error),
        };
        let told: List<RepositoryPayload<'_>> = answer.json(Resource::Repositories)?;
        let repositories =
            told.value.into_iter().filter_map(|it| it.into_repository(&self.name, organization));
        let mut repositories = repositories.collect::<Vec<_>>();
        repositories.sort_unstable_by(|one, other| one.native_id.cmp(&other.native_id));
        Ok(repositories)
    }

    /// The organisations to read, by name: those that the operator named, else
    /// those of the account.
    async fn organizations_of(&self, account: Account) -> Result<Vec<String>, ProviderError> {
        let mut names = self.organizations.clone();
        if names.is_empty() {
            let me = Call::get(&self.sites.profile, ["_apis", "profile", "profiles", "me"])
                .query("api-version", VERSION);
            let me = self.client.send(account, me).await?;
            let me: ProfilePayload<'_> = me.json(Resource::Profile)?;
            let mine = Call::get(&self.sites.profile, ["_apis", "accounts"])
                .query("memberId", &*me.id)
                .query("api-version", VERSION);
            let mine = self.client.send(account, mine).await?;
            let mine: List<AccountPayload<'_>> = mine.json(Resource::Repositories)?;
            names.extend(mine.value.into_iter().map(|it| it.account_name.into_owned()));
        }
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }
}

/// The organisation forbids this application, or is gone.
fn is_shut(error: &ProviderError) -> bool {
    matches!(
        error.cause(),
        ProviderError::Forbidden
            | ProviderError::InstallationNotFound
            | ProviderError::RepositoryNotFound
    )
}
