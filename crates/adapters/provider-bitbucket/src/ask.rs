//! What all resources ask.

use lodge_forge::Resource;
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::{Answer, Call};

use crate::{
    host::Bitbucket,
    payload::{branch::BranchPayload, commit::CommitPayload, repository::RepositoryPayload},
};

impl Bitbucket {
    /// A question below a repository.
    pub(crate) fn below<'a>(
        &self,
        repository: &RepositoryRef,
        rest: impl IntoIterator<Item = &'a str>,
    ) -> Result<Call, ProviderError> {
        Ok(Call::get(&self.api, path(&slug(repository)?)).then(rest))
    }

    /// Sends `call`, whose 404 may mean the part it names or the repository
    /// itself. Bitbucket's words do not say which, so it is asked once more.
    pub(crate) async fn part(
        &self,
        repository: &RepositoryRef,
        call: Call,
    ) -> Result<Answer, ProviderError> {
        match self.client.send(repository.account, call).await {
            Err(missing) if matches!(missing.cause(), ProviderError::NotFound { .. }) => {
                self.client.send(repository.account, self.below(repository, [])?).await?;
                Err(missing)
            }
            other => other,
        }
    }

    /// The commit that `branch` points to.
    pub(crate) async fn branch_head(
        &self,
        repository: &RepositoryRef,
        branch: &str,
        what: &'static str,
    ) -> Result<String, ProviderError> {
        let call = self.below(repository, ["refs", "branches"])?.then(parts(branch, what)?);
        let answer = self.part(repository, call.missing(what)).await?;
        Ok(answer.json::<BranchPayload<'_>>(Resource::Branches)?.target.hash.into())
    }

    /// The commit that the default branch points to. `None` for an empty
    /// repository.
    pub(crate) async fn default_head(
        &self,
        repository: &RepositoryRef,
    ) -> Result<Option<String>, ProviderError> {
        let Some(branch) = self.default_branch(repository).await? else { return Ok(None) };
        match self.branch_head(repository, &branch, "branch").await {
            // A new repository may name the branch it will have.
            Err(error) if matches!(error.cause(), ProviderError::NotFound { .. }) => Ok(None),
            head => head.map(Some),
        }
    }

    /// The name of the default branch. `None` for an empty repository.
    pub(crate) async fn default_branch(
        &self,
        repository: &RepositoryRef,
    ) -> Result<Option<String>, ProviderError> {
        let answer = self.client.send(repository.account, self.below(repository, [])?).await?;
        let payload: RepositoryPayload<'_> = answer.json(Resource::Repositories)?;
        Ok(payload.default_branch())
    }

    /// The commit that a branch, a tag or a hash leads to.
    pub(crate) async fn resolve(
        &self,
        repository: &RepositoryRef,
        reference: &str,
    ) -> Result<String, ProviderError> {
        if is_hash(reference) {
            let call = self.below(repository, ["commit", reference])?.missing("ref");
            let answer = self.part(repository, call).await?;
            return Ok(answer.json::<CommitPayload<'_>>(Resource::Commits)?.hash.into());
        }
        match self.branch_head(repository, reference, "ref").await {
            Err(error) if matches!(error.cause(), ProviderError::NotFound { .. }) => {}
            found => return found,
        }
        let call = self.below(repository, ["refs", "tags"])?.then(parts(reference, "ref")?);
        let answer = self.client.send(repository.account, call.missing("ref")).await?;
        Ok(answer.json::<BranchPayload<'_>>(Resource::Tags)?.target.hash.into())
    }
}

/// What stands for a repository in a path: its UUID in braces.
///
/// # Errors
///
/// [`ProviderError::RepositoryNotFound`] for an id that Bitbucket never gave:
/// as a slug it could mean another repository.
pub(crate) fn slug(repository: &RepositoryRef) -> Result<String, ProviderError> {
    let id = repository.id.as_str();
    let fits = id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if fits { Ok(format!("{{{id}}}")) } else { Err(ProviderError::RepositoryNotFound) }
}

/// The way to the repository of this slug.
pub(crate) fn path(slug: &str) -> [&str; 3] {
    ["repositories", "{}", slug]
}

/// A full hash.
pub(crate) fn is_hash(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The parts between the slashes of a branch, a tag or a path: Bitbucket wants
/// these slashes plain. A name that cannot be one is not there.
pub(crate) fn parts<'a>(
    name: &'a str,
    what: &'static str,
) -> Result<impl Iterator<Item = &'a str> + use<'a>, ProviderError> {
    if name.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(ProviderError::NotFound { what });
    }
    Ok(name.split('/'))
}
