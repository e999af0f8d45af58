//! The thread that a connection works on.
//!
//! SQLite blocks whoever asks it. On the threads that a runtime keeps for that,
//! one connection wanders: each of them comes to hold a part of the heap, and a
//! new one is begun whenever none is free at that moment. A thread of its own for
//! each connection is as many as there are connections, whichever runtime asks.

use std::{
    any::Any,
    error::Error,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, Sender, channel},
};

use diesel_async::sync_connection_wrapper::SpawnBlocking;
use futures_util::future::{BoxFuture, FutureExt as _};
use tokio::sync::oneshot;

type Task = Box<dyn FnOnce() + Send>;

/// A thread for one connection. It ends when this is dropped and what it was
/// given is done.
pub(crate) struct OwnThread(Result<Sender<Task>, String>);

impl OwnThread {
    fn give(&self, task: Task) -> Result<(), String> {
        let sender = self.0.as_ref().map_err(Clone::clone)?;
        sender.send(task).map_err(|_ended| "the thread of the connection has ended".to_owned())
    }
}

impl SpawnBlocking for OwnThread {
    fn spawn_blocking<'a, R: Send + 'static>(
        &mut self,
        task: impl FnOnce() -> R + Send + 'static,
    ) -> BoxFuture<'a, Result<R, Box<dyn Error + Send + Sync>>> {
        let (tell, told) = oneshot::channel();
        let task = move || {
            // Whoever asked may be gone.
            let _ = tell.send(catch_unwind(AssertUnwindSafe(task)));
        };
        let given = self.give(Box::new(task));
        async move {
            given?;
            told.await?.map_err(|panic| said(panic.as_ref()).into())
        }
        .boxed()
    }

    fn get_runtime() -> Self {
        let (give, given) = channel();
        let begun = std::thread::Builder::new().name("sqlite".to_owned()).spawn(|| work(given));
        Self(
            begun
                .map(|_thread| give)
                .map_err(|error| format!("no thread for a connection: {error}")),
        )
    }
}

fn work(given: Receiver<Task>) {
    for task in given {
        task();
    }
}

/// What a panic said.
fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("a panic at the database: {}", text.unwrap_or("it says nothing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_thread_goes_on_after_a_panic() {
        let mut thread = OwnThread::get_runtime();
        let panic = thread.spawn_blocking(|| -> u8 { panic!("as a test") }).await.unwrap_err();
        assert_eq!(panic.to_string(), "a panic at the database: as a test");
        let first = thread.spawn_blocking(|| std::thread::current().id()).await.unwrap();
        let second = thread.spawn_blocking(|| std::thread::current().id()).await.unwrap();
        assert_eq!(first, second);
        assert_ne!(first, std::thread::current().id());
    }

    #[tokio::test]
    async fn what_was_given_is_done_though_nobody_waits() {
        let (tell, told) = channel();
        let mut thread = OwnThread::get_runtime();
        drop(thread.spawn_blocking(move || tell.send(7).unwrap()));
        drop(thread);
        assert_eq!(told.recv().unwrap(), 7);
    }
}
