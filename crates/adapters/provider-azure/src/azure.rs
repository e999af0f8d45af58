//! Asking Azure DevOps.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use lodge_forge::{ProviderName, Resource};
use lodge_provider::ProviderError;
use lodge_provider_kit::{Answer, Base, Call, HostClient, People};

use crate::{payload::repository::RepositoryPayload, place::Place, sites::Sites};

/// The version of the API that every question names.
pub(crate) const VERSION: &str = "7.1";
/// How many questions of one listing are under way at once.
pub(crate) const AT_ONCE: usize = 8;

/// One installation of Azure DevOps.
#[derive(Debug)]
pub(crate) struct Azure {
    pub(crate) name: ProviderName,
    pub(crate) label: String,
    pub(crate) client: HostClient,
    pub(crate) sites: Sites,
    /// The organisations that are read; empty: those of the account.
    pub(crate) organizations: Vec<String>,
    pub(crate) people: People,
}

/// What other resources need of a repository.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// The project's GUID.
    pub(crate) project: String,
    /// The default branch, without `refs/heads/`. `None` when there are no
    /// commits.
    pub(crate) default_branch: Option<String>,
}

/// What all of `asked` answer, in their order; a few are under way at once.
pub(crate) async fn all<T, F>(asked: Vec<F>) -> Result<Vec<T>, ProviderError>
where
    F: Future<Output = Result<T, ProviderError>>,
{
    stream::iter(asked).buffered(AT_ONCE).try_collect().await
}

impl Azure {
    /// A question about a repository.
    pub(crate) fn git<'a>(
        &self,
        place: &'a Place,
        rest: impl IntoIterator<Item = &'a str>,
    ) -> Call {
        let path = [&place.organization, "_apis", "git", "repositories", &place.repository];
        Call::get(&self.sites.main, path).then(rest).query("api-version", VERSION)
    }

    /// A question about a project.
    pub(crate) fn project<'a>(
        base: &Base,
        place: &'a Place,
        project: &'a str,
        rest: impl IntoIterator<Item = &'a str>,
    ) -> Call {
        let path = [place.organization.as_str(), project, "_apis"];
        Call::get(base, path).then(rest).query("api-version", VERSION)
    }

    /// The repository itself.
    pub(crate) async fn repository(&self, place: &Place) -> Result<Answer, ProviderError> {
        let call = self.git(place, []).query("includeParent", "true");
        self.client.send(place.account, call).await
    }

    pub(crate) async fn facts(&self, place: &Place) -> Result<Facts, ProviderError> {
        let answer = self.repository(place).await?;
        let told: RepositoryPayload<'_> = answer.json(Resource::Repositories)?;
        let default_branch = told.default_branch();
        let project = told.project.and_then(|it| it.id).ok_or(ProviderError::RepositoryNotFound)?;
        Ok(Facts { project: project.into_owned(), default_branch })
    }

    /// Asks for the `what` of a repository. A 404 does not always say what is
    /// missing: then the repository is asked for.
    pub(crate) async fn part(
        &self,
        place: &Place,
        call: Call,
        what: &'static str,
    ) -> Result<Answer, ProviderError> {
        let asked = self.client.send(place.account, call.missing(what)).await;
        let missing = |it: &ProviderError| matches!(it.cause(), ProviderError::NotFound { .. });
        if asked.as_ref().is_err_and(missing) {
            self.repository(place).await?;
        }
        asked
    }
}
