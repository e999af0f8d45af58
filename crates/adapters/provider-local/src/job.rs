//! Blocking work: bounded in number and in time.

use std::{
    io,
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
    runtime::{Builder, Runtime},
    sync::Semaphore,
    task::JoinHandle,
    time::{Instant as TokioInstant, timeout_at},
};

/// Runs reads of repositories on threads of its own, two a core. What else
/// blocks has the threads of whoever asks: a read that wanders from thread to
/// thread leaves a heap behind on each of them.
#[derive(Debug)]
pub(crate) struct Pool {
    threads: Threads,
    permits: Arc<Semaphore>,
    limit: Duration,
}

impl Pool {
    /// Gives each piece of work `limit` from when it is asked for.
    ///
    /// # Errors
    ///
    /// The system's, when it has no more to give.
    pub(crate) fn new(limit: Duration) -> io::Result<Self> {
        let most = 2 * std::thread::available_parallelism().map_or(1, usize::from);
        let threads = Threads::new(most)?;
        Ok(Self { threads, permits: Arc::new(Semaphore::new(most)), limit })
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
        let running = self.threads.run(move || {
            let _permit = permit;
            work(&job)
        })?;
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

/// Threads for what blocks. They begin when they are needed, and stay.
#[derive(Debug)]
struct Threads(Option<Runtime>);

impl Threads {
    fn new(most: usize) -> io::Result<Self> {
        // Nothing is ever driven on it: its threads are what is wanted.
        let runtime = Builder::new_current_thread()
            .max_blocking_threads(most)
            .thread_keep_alive(Duration::from_mins(10))
            .thread_name("repositories")
            .build()?;
        Ok(Self(Some(runtime)))
    }

    fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<JoinHandle<T>, ProviderError> {
        let runtime = self.0.as_ref().ok_or_else(|| unreachable("the host was closed"))?;
        Ok(runtime.spawn_blocking(work))
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        // Whoever drops it need not wait for a hostile repository.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
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
        let pool = Pool::new(Duration::from_millis(30)).unwrap();
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
        let pool = Pool::new(Duration::from_secs(5)).unwrap();
        let answer = runtime().block_on(
            pool.run(Resource::Tags, |_| -> Result<(), ProviderError> { panic!("as a test") }),
        );
        assert!(matches!(answer, Err(ProviderError::Malformed { resource: Resource::Tags, .. })));
    }

    #[test]
    fn reads_have_as_many_threads_as_may_read_at_once() {
        let pool = Pool::new(Duration::from_secs(5)).unwrap();
        let most = pool.permits.available_permits();
        let seen = Arc::new(std::sync::Mutex::new(std::collections::HashSet::new()));
        let read = |_| {
            let seen = Arc::clone(&seen);
            pool.run(Resource::Tags, move |_| {
                seen.lock().unwrap().insert(std::thread::current().id());
                std::thread::sleep(Duration::from_millis(1));
                Ok(())
            })
        };
        // Whichever runtime asks.
        for _ in 0..3 {
            let all = futures_util::future::try_join_all((0..20).map(read));
            runtime().block_on(all).unwrap();
        }
        let seen = seen.lock().unwrap().len();
        assert!((1..=most).contains(&seen), "{seen} threads, {most} may read");
    }

    #[test]
    fn a_full_pool_times_out_rather_than_queueing_for_ever() {
        let pool = Pool::new(Duration::from_millis(40)).unwrap();
        let held = Arc::clone(&pool.permits);
        let most = u32::try_from(held.available_permits()).unwrap();
        runtime().block_on(async {
            let _all = held.acquire_many(most).await.unwrap();
            let answer = pool.run(Resource::Tags, |_| Ok(())).await;
            assert!(matches!(answer, Err(ProviderError::TimedOut)), "{answer:?}");
        });
    }
}
