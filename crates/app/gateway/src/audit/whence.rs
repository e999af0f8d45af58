//! Where the request at hand came from.
//!
//! Request and network are said once, at the door, and stand in every entry
//! that the request leads to; no use case is handed them. They are kept beside
//! the task that answers the request, for as long as it runs.

use std::{cell::RefCell, future::poll_fn, pin::pin};

use lodge_kernel::RequestId;

/// Where a request came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whence {
    /// Its id.
    pub request: Option<RequestId>,
    /// The address of the caller; of version 6 its first 64 bits.
    pub network: Option<String>,
}

thread_local! {
    static CURRENT: RefCell<Whence> = RefCell::default();
}

/// Puts back what was there, after a panic, too.
struct Restore(Whence);

impl Drop for Restore {
    fn drop(&mut self) {
        CURRENT.set(std::mem::take(&mut self.0));
    }
}

/// Answers what `task` answers; while it runs, [`current`] is `whence`.
pub async fn scope<F: Future>(whence: Whence, task: F) -> F::Output {
    let mut task = pin!(task);
    // A thread has many tasks: what is current is so only while this one runs.
    poll_fn(move |context| {
        let _restore = Restore(CURRENT.replace(whence.clone()));
        task.as_mut().poll(context)
    })
    .await
}

/// Where the request at hand came from; nothing outside a [`scope`].
pub fn current() -> Whence {
    CURRENT.with_borrow(Whence::clone)
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use super::*;

    fn from(network: &str) -> Whence {
        Whence { request: None, network: Some(network.to_owned()) }
    }

    #[tokio::test]
    async fn each_of_two_tasks_on_one_thread_has_its_own() {
        let task = |network: &'static str| {
            scope(from(network), async move {
                let before = current();
                tokio::task::yield_now().await;
                assert_eq!((before, current()), (from(network), from(network)));
            })
        };
        tokio::join!(task("192.0.2.1"), task("192.0.2.2"), async {
            tokio::task::yield_now().await;
            assert_eq!(current(), Whence::default());
        });
    }

    #[tokio::test]
    async fn an_inner_scope_ends_before_the_outer_one() {
        scope(from("outer"), async {
            scope(from("inner"), ready(())).await;
            assert_eq!(current(), from("outer"));
        })
        .await;
        assert_eq!(current(), Whence::default());
    }
}
