//! GitHub's REST API, as every resource asks it.

use lodge_forge::{ProviderName, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{Account, ProviderError, RepositoryRef};
use lodge_provider_kit::{Answer, Base, Call, HostClient, Marks, Read};

use crate::{dialect::NO_COMMITS, paging::Place};

/// The API of one instance.
pub(crate) struct Api {
    pub(crate) name: ProviderName,
    pub(crate) base: Base,
    pub(crate) client: HostClient,
}

impl Api {
    /// The path below a repository. The route by number is the one that
    /// GitHub's own links lead to; it survives renames and transfers.
    ///
    /// # Errors
    ///
    /// [`ProviderError::RepositoryNotFound`] for an id that is no number in
    /// its one spelling: nothing of it reaches the host.
    pub(crate) fn path<'a>(
        repository: &'a RepositoryRef,
        rest: &[&'a str],
    ) -> Result<Vec<&'a str>, ProviderError> {
        let id = repository.id.as_str();
        let number = id.parse::<u64>().ok().filter(|it| it.to_string() == id);
        number.ok_or(ProviderError::RepositoryNotFound)?;
        Ok([&["repositories", id], rest].concat())
    }

    /// A question about a repository.
    pub(crate) fn of(
        &self,
        repository: &RepositoryRef,
        rest: &[&str],
    ) -> Result<Call, ProviderError> {
        Ok(Call::get(&self.base, Self::path(repository, rest)?))
    }

    /// Sends `call`, of which a part of the repository may be missing.
    pub(crate) async fn send_part(
        &self,
        repository: &RepositoryRef,
        call: Call,
    ) -> Result<Answer, ProviderError> {
        match self.client.send(repository.account, call).await {
            Err(error) if is_missing(&error) => {
                // The same 404 is said of a part and of the whole.
                self.client.send(repository.account, self.of(repository, &[])?).await?;
                Err(error)
            }
            other => other,
        }
    }

    /// The commit that a branch, a tag or a hash leads to; the default
    /// branch's head when `reference` is `None`. `None` when there are no
    /// commits.
    pub(crate) async fn resolve(
        &self,
        repository: &RepositoryRef,
        reference: Option<&str>,
    ) -> Result<Option<String>, ProviderError> {
        let call = self
            .of(repository, &["commits", reference.unwrap_or("HEAD")])?
            .header("accept", "application/vnd.github.sha")
            .missing("ref");
        let answer = match self.send_part(repository, call).await {
            Err(error) if is_empty(&error) => return Ok(None),
            other => other?,
        };
        let text = std::str::from_utf8(answer.body()).unwrap_or_default().trim();
        if is_hash(text) {
            return Ok(Some(text.to_owned()));
        }
        Err(malformed(Resource::Commits, "a reference leads to no hash"))
    }

    /// One page of a plain list. `read` makes the items of the answer alone.
    pub(crate) async fn list<T: Clone + Send + Sync + 'static>(
        &self,
        account: Account,
        resource: Resource,
        call: Call,
        request: &PageRequest,
        read: impl FnOnce(&Answer) -> Result<Vec<T>, ProviderError>,
    ) -> Result<Page<T>, ProviderError> {
        let place = Place::of(Read::of(resource.name(), request.from.as_ref())?, request.limit)?;
        let answer = self.client.send(account, place.ask(call)).await?;
        let items = answer.understood(read)?;
        let (items, next) = place.turn(items, &answer, request.limit, resource)?;
        let next = next.map(|it| it.write(Marks::of(resource.name())?)).transpose()?;
        Ok(Page { items, next: next.map(Marks::done) })
    }
}

/// The repository has no commits.
pub(crate) fn is_empty(error: &ProviderError) -> bool {
    matches!(error.cause(), ProviderError::NotFound { what: NO_COMMITS })
}

/// A part of the repository is not there.
fn is_missing(error: &ProviderError) -> bool {
    matches!(error.cause(), ProviderError::NotFound { what } if *what != NO_COMMITS)
}

/// A full hash, of SHA-1 or SHA-256.
pub(crate) fn is_hash(text: &str) -> bool {
    [40, 64].contains(&text.len()) && text.bytes().all(|it| it.is_ascii_hexdigit())
}

/// The answer lacks what it must have.
pub(crate) fn malformed(resource: Resource, problem: &'static str) -> ProviderError {
    ProviderError::Malformed { resource, source: problem.into() }
}
