//! What one read asks of hosts, counted where it is asked.
//!
//! The count goes with the read's future, not through every signature: an
//! adapter says [`Counter::current`] where a read comes in, and notes each
//! request on it. A future that is shared by several reads belongs to the one
//! that began it; the others note that they waited for it.

use std::{
    cell::RefCell,
    pin::{Pin, pin},
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use lodge_access::Upstream;

thread_local! {
    /// The count of the read whose future is being polled.
    static CURRENT: RefCell<Option<Counter>> = const { RefCell::new(None) };
}

/// The count of one read. Cheap to clone: all clones count the same.
#[derive(Clone, Debug, Default)]
pub struct Counter(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    told: Upstream,
    /// How many waits there are at the moment, and when the first began.
    waiting: u32,
    since: Option<Instant>,
}

/// One wait for a host. It ends when it is dropped.
#[derive(Debug)]
pub struct Wait(Counter);

impl Counter {
    /// That of the read whose future is being polled; one that nobody looks at
    /// where there is none, as in a background task.
    pub fn current() -> Self {
        CURRENT.with_borrow(Clone::clone).unwrap_or_default()
    }

    /// What was counted so far.
    pub fn told(&self) -> Upstream {
        self.with(|it| it.told)
    }

    /// A request is sent. The wait ends with its answer.
    pub fn ask(&self) -> Wait {
        self.with(|it| it.told.calls = it.told.calls.saturating_add(1));
        self.wait()
    }

    /// The host said that what is remembered is still right.
    pub fn confirmed(&self) {
        self.with(|it| it.told.confirmed = it.told.confirmed.saturating_add(1));
    }

    /// Another read has sent the same request already; its answer is awaited.
    pub fn share(&self) -> Wait {
        self.with(|it| it.told.shared = it.told.shared.saturating_add(1));
        self.wait()
    }

    /// Runs `read` with this count.
    pub fn count<F: Future>(self, read: F) -> impl Future<Output = F::Output> {
        Counted { counter: self, read: Box::pin(read) }
    }

    fn wait(&self) -> Wait {
        self.with(|it| {
            it.waiting += 1;
            it.since.get_or_insert_with(Instant::now);
        });
        Wait(self.clone())
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.0.with(|it| {
            it.waiting = it.waiting.saturating_sub(1);
            if it.waiting == 0 {
                let waited = it.since.take().map_or(Duration::ZERO, |it| it.elapsed());
                it.told.waited = it.told.waited.saturating_add(waited);
            }
        });
    }
}

/// A read with its count.
struct Counted<F> {
    counter: Counter,
    read: Pin<Box<F>>,
}

impl<F: Future> Future for Counted<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let outer = CURRENT.replace(Some(self.counter.clone()));
        let _restore = Restore(outer);
        pin!(&mut self.read).poll(cx)
    }
}

/// Gives the place back to the read around this one, though it panics.
struct Restore(Option<Counter>);

impl Drop for Restore {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

#[cfg(test)]
mod tests {
    use std::{future::ready, task::Waker};

    use super::*;

    fn run<T>(read: impl Future<Output = T>) -> T {
        match pin!(read).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => done,
            Poll::Pending => panic!("it is not ready"),
        }
    }

    #[test]
    fn each_read_has_its_own_count() {
        let (outer, inner) = (Counter::default(), Counter::default());
        let read = async {
            drop(Counter::current().ask());
            inner.clone().count(async { drop(Counter::current().share()) }).await;
            Counter::current().confirmed();
            ready(()).await;
        };
        run(outer.clone().count(read));
        let told = |it: &Counter| (it.told().calls, it.told().confirmed, it.told().shared);
        assert_eq!((told(&outer), told(&inner)), ((1, 1, 0), (0, 0, 1)));
        drop(Counter::current().ask());
        assert_eq!(told(&outer), (1, 1, 0));
    }

    #[test]
    fn waits_at_the_same_time_are_one_wait() {
        let counter = Counter::default();
        let begun = Instant::now();
        let (first, second) = (counter.ask(), counter.ask());
        std::thread::sleep(Duration::from_millis(5));
        drop(first);
        assert_eq!(counter.told().waited, Duration::ZERO);
        drop(second);
        let waited = counter.told().waited;
        assert!(waited >= Duration::from_millis(5) && waited <= begun.elapsed(), "{waited:?}");
    }
}
