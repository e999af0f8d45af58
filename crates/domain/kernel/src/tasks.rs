//! Work that goes on beside the request that began it.

use std::{pin::Pin, time::Duration};

/// Something that will be done.
pub type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Runs work beside the request that began it, and waits.
pub trait Tasks: Send + Sync {
    /// Runs `task` to its end, even when nobody waits for it any more.
    fn run(&self, task: Task);

    /// Waits.
    fn sleep(&self, duration: Duration) -> Task;
}
