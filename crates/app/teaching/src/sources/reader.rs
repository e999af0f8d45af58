//! A host is asked with patience: page by page, and resting when it says so.

use std::{future::Future, time::Duration};

use lodge_pagination::{Limit, Page, PageRequest, Position};
use lodge_provider::ProviderError;
use lodge_storage::StorageError;

use crate::jobs::{JobContext, JobError};

/// The longest rest that a host is granted while a job waits. What wants more
/// waits in the queue.
const LONGEST_REST: Duration = Duration::from_mins(15);
/// How often one question is asked.
const TRIES: u32 = 5;
/// How long a host is left alone that did not answer, the first time.
const PAUSE: Duration = Duration::from_secs(2);
/// The most pages of one listing: at 100 things each more than a course has.
const MOST_PAGES: u32 = 2_000;

/// Why something of a host could not be brought in.
#[derive(Debug, thiserror::Error)]
pub(super) enum SyncError {
    /// The job ends, and everything that it still had to do.
    #[error(transparent)]
    Job(#[from] JobError),
    /// The host does not give this one thing.
    #[error("{}", .0.cause())]
    Host(#[from] ProviderError),
    /// The database did not take this one thing.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl SyncError {
    /// The problem of one thing, while others go on; an error when there are no
    /// others to go on with.
    pub(super) fn of_one(self) -> Result<String, JobError> {
        match self {
            Self::Job(error) => Err(error),
            Self::Host(error) => match error.cause() {
                ProviderError::CredentialsRefused => Err(JobError::Never(
                    "the host takes the account's credentials no more: set GITLAB_TOKEN, or \
                     connect the account again"
                        .to_owned(),
                )),
                ProviderError::RateLimited { .. } => {
                    Err(JobError::Later("the host was asked too often".to_owned()))
                }
                cause => Ok(cause.to_string()),
            },
            Self::Storage(StorageError::Unavailable(source)) => {
                Err(StorageError::Unavailable(source).into())
            }
            Self::Storage(error) => Ok(error.to_string()),
        }
    }
}

/// Asks, and asks again when the host wants to be left alone for a while.
pub(super) async fn ask<T, F>(
    job: &JobContext,
    mut question: impl FnMut() -> F + Send,
) -> Result<T, SyncError>
where
    F: Future<Output = Result<T, ProviderError>> + Send,
{
    let mut pause = PAUSE;
    let mut tries = 1;
    loop {
        job.check()?;
        let error = match question().await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let rest = match error.cause() {
            ProviderError::RateLimited { retry_at } => retry_at.since(job.teaching.now()),
            ProviderError::Unreachable { retry_at: Some(at), .. } => at.since(job.teaching.now()),
            ProviderError::Unreachable { .. } | ProviderError::TimedOut => pause,
            _ => return Err(error.into()),
        };
        if tries == TRIES || rest > LONGEST_REST {
            return Err(error.into());
        }
        tracing::debug!(seconds = rest.as_secs(), "a host is left alone for a while");
        job.rest(rest.max(Duration::from_secs(1))).await?;
        pause *= 2;
        tries += 1;
    }
}

/// Where a listing has come to.
pub(super) struct Pages {
    from: Option<Position>,
    turned: u32,
    ended: bool,
}

impl Pages {
    pub(super) const fn new() -> Self {
        Self { from: None, turned: 0, ended: false }
    }

    /// The page to ask for; `None` after the last one.
    pub(super) fn next(&self) -> Option<PageRequest> {
        (!self.ended).then(|| PageRequest { from: self.from.clone(), limit: Limit::MAX })
    }

    /// Takes a page, and goes on to the one after it.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Invalid`]: of what is listed alone, and the others go on.
    pub(super) fn turn<T>(&mut self, page: Page<T>) -> Result<Vec<T>, ProviderError> {
        self.turned += 1;
        if self.turned > MOST_PAGES {
            let problem = format!("a listing of the host has more than {MOST_PAGES} pages");
            return Err(ProviderError::Invalid { problem });
        }
        self.ended = page.next.is_none();
        self.from = page.next;
        Ok(page.items)
    }
}

/// Everything of a listing that fits into memory: of groups, projects, people.
pub(super) async fn all<T, F>(
    job: &JobContext,
    mut page: impl FnMut(PageRequest) -> F + Send,
) -> Result<Vec<T>, SyncError>
where
    T: Send,
    F: Future<Output = Result<Page<T>, ProviderError>> + Send,
{
    let (mut pages, mut found) = (Pages::new(), Vec::new());
    while let Some(request) = pages.next() {
        let one = ask(job, || page(request.clone())).await?;
        found.extend(pages.turn(one)?);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_without_an_end_is_the_problem_of_one_thing() {
        let page = || Page { items: vec![1], next: Some(Position::default()) };
        let mut pages = Pages::new();
        for _ in 0..MOST_PAGES {
            pages.turn(page()).unwrap();
        }
        let error = SyncError::from(pages.turn(page()).unwrap_err());
        assert_eq!(error.of_one().unwrap(), "a listing of the host has more than 2000 pages");
    }
}
