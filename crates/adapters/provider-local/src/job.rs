//! Blocking work: bounded in number and in time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use gix::ObjectId;
use lodge_forge::Resource;
use lodge_provider::{BoxError, Counter, ProviderError};
use tokio::{
    sync::Semaphore,
    time::{Instant as TokioInstant, timeout_at},
};

/// Runs reads of repositories on the runtime's blocking threads, never more
/// than two a core at once.
#[derive(Debug)]
pub(crate) struct Pool {
    permits: Arc<Semaphore>,
    limit: Duration,
}

impl Pool {
    pub(crate) fn new(limit: Duration) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { permits: Arc::new(Semaphore::new(cores * 2)), limit }
    }

    /// What `work` answers, or [`ProviderError::TimedOut`] after the limit,
    /// waiting for a thread included.
    ///
    /// A thread that overstays keeps its permit until it ends, so a hostile
    /// repository can hold two threads a core and no more.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        resource: Resource,
        work: impl FnOnce(&Job) -> Result<T, ProviderError> + Send + 'static,
    ) -> Result<T, ProviderError> {
        let _wait = Counter::current().ask();
        let until = TokioInstant::now() + self.limit;
        let waiting = Arc::clone(&self.permits).acquire_owned();
        let permit = match timeout_at(until, waiting).await {
            Err(_elapsed) => return Err(ProviderError::TimedOut),
            Ok(Err(closed)) => return Err(unreachable(closed)),
            Ok(Ok(permit)) => permit,
        };
        let job = Job { until: until.into_std(), gone: Arc::default(), resource };
        let _signal = GoneOnDrop(Arc::clone(&job.gone));
        let running = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work(&job)
        });
        match timeout_at(until, running).await {
            Err(_elapsed) => Err(ProviderError::TimedOut),
            Ok(Err(fault)) if fault.is_panic() => {
                Err(ProviderError::Malformed { resource, source: Box::new(fault) })
            }
            Ok(Err(stopped)) => Err(unreachable(stopped)),
            Ok(Ok(answer)) => answer,
        }
    }
}

fn unreachable(source: impl Into<BoxError>) -> ProviderError {
    ProviderError::Unreachable { retry_at: None, source: source.into() }
}

/// Tells the thread that nobody waits for it any more.
struct GoneOnDrop(Arc<AtomicBool>);

impl Drop for GoneOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// One piece of work: when it must be done, and what it reads.
#[derive(Debug)]
pub(crate) struct Job {
    until: Instant,
    gone: Arc<AtomicBool>,
    resource: Resource,
}

impl Job {
    /// Asked inside every loop whose length a repository decides.
    pub(crate) fn check(&self) -> Result<(), ProviderError> {
        if self.gone.load(Ordering::Relaxed) || Instant::now() >= self.until {
            Err(ProviderError::TimedOut)
        } else {
            Ok(())
        }
    }

    /// The repository cannot be read.
    pub(crate) fn broken(&self, source: impl Into<BoxError>) -> ProviderError {
        ProviderError::Malformed { resource: self.resource, source: source.into() }
    }

    /// The repository lacks an object that it names.
    pub(crate) fn missing(&self, id: ObjectId) -> ProviderError {
        self.broken(format!("the object {id} is missing"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
    }

    #[test]
    fn work_that_overstays_is_given_up_and_told_so() {
        let pool = Pool::new(Duration::from_millis(30));
        let (tell, told) = std::sync::mpsc::channel();
        let answer = runtime().block_on(pool.run(Resource::Commits, move |job| {
            while job.check().is_ok() {
                std::thread::sleep(Duration::from_millis(1));
            }
            tell.send(()).unwrap();
            std::thread::sleep(Duration::from_millis(50));
            Ok(())
        }));
        assert!(matches!(answer, Err(ProviderError::TimedOut)), "{answer:?}");
        told.recv_timeout(Duration::from_secs(5)).unwrap();
    }

    #[test]
    fn a_panic_is_an_answer_too() {
        let pool = Pool::new(Duration::from_secs(5));
        let answer = runtime().block_on(
            pool.run(Resource::Tags, |_| -> Result<(), ProviderError> { panic!("as a test") }),
        );
        assert!(matches!(answer, Err(ProviderError::Malformed { resource: Resource::Tags, .. })));
    }

    #[test]
    fn a_full_pool_times_out_rather_than_queueing_for_ever() {
        let pool = Pool::new(Duration::from_millis(40));
        let held = Arc::clone(&pool.permits);
        let most = u32::try_from(held.available_permits()).unwrap();
        runtime().block_on(async {
            let _all = held.acquire_many(most).await.unwrap();
            let answer = pool.run(Resource::Tags, |_| Ok(())).await;
            assert!(matches!(answer, Err(ProviderError::TimedOut)), "{answer:?}");
        });
    }
}
