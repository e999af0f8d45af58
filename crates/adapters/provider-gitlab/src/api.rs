//! Asking GitLab about one project.

use lodge_forge::{ProviderName, Resource};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::{Answer, Base, Call, HostClient};

use crate::payload::repository::ProjectPayload;

/// GitLab's REST API.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    pub(crate) client: HostClient,
    pub(crate) base: Base,
    pub(crate) name: ProviderName,
}

impl Api {
    /// A question about a project. Its id is a number and nothing else: GitLab
    /// would take a path as well, and not stay with it when it is renamed.
    pub(crate) fn get<'a>(
        &self,
        repository: &'a RepositoryRef,
        segments: impl IntoIterator<Item = &'a str>,
    ) -> Result<Call, ProviderError> {
        Ok(Call::get(&self.base, project(repository)?).then(segments))
    }

    /// Asks through the account that the repository is seen through.
    pub(crate) async fn ask(
        &self,
        repository: &RepositoryRef,
        call: Call,
    ) -> Result<Answer, ProviderError> {
        self.client.send(repository.account, call).await
    }

    /// Something of the default branch was not there: fine for a project
    /// without commits, where versions differ in saying so.
    pub(crate) async fn absolve<T>(
        &self,
        repository: &RepositoryRef,
        error: ProviderError,
        nothing: T,
    ) -> Result<T, ProviderError> {
        if !matches!(error.cause(), ProviderError::NotFound { .. }) {
            return Err(error);
        }
        let answer = self.ask(repository, self.get(repository, [])?).await?;
        let project: ProjectPayload<'_> = answer.json(Resource::Repositories)?;
        if project.is_empty() { Ok(nothing) } else { Err(error) }
    }
}

/// The segments of a project's path.
pub(crate) fn project(repository: &RepositoryRef) -> Result<[&str; 2], ProviderError> {
    let id = repository.id.as_str();
    let is_number = id.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { Ok(["projects", id]) } else { Err(ProviderError::RepositoryNotFound) }
}
