//! Memory that was freed goes back to the system.

use std::{hint::black_box, time::Duration};

use tokio::time::sleep;

/// How often. The allocator keeps freed pages for a second of its own.
const EVERY: Duration = Duration::from_secs(5);
/// More than the allocator has in small pages, in bytes.
const BREATH: usize = 4 << 20;

/// The allocator gives freed pages back only in passing, when a thread asks for
/// a page or frees one; a process that has become idle does neither, and would
/// keep what it took to start, or what the last logins took (19 MiB each). One
/// page that is taken, never touched, and freed again is reason enough.
pub(crate) async fn give_back_now_and_then() {
    loop {
        sleep(EVERY).await;
        drop(black_box(Vec::<u8>::with_capacity(BREATH)));
    }
}
