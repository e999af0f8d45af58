//! Tasks on tokio's runtime.

use std::time::Duration;

use lodge_kernel::{Task, Tasks};

/// The runtime that the process runs on.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioTasks;

impl Tasks for TokioTasks {
    fn run(&self, task: Task) {
        tokio::spawn(task);
    }

    fn sleep(&self, duration: Duration) -> Task {
        Box::pin(tokio::time::sleep(duration))
    }
}
