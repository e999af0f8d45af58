//! Wakes those of this process who wait for something to happen. It carries
//! nothing: who was woken looks into the database.

use std::{
    future::poll_fn,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
};

/// Something that can be waited for.
#[derive(Debug, Default)]
pub struct Bell(Mutex<Rung>);

#[derive(Debug, Default)]
struct Rung {
    times: u64,
    listeners: Vec<Waker>,
}

impl Bell {
    fn rung(&self) -> MutexGuard<'_, Rung> {
        // A number and wakers: a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes all who wait.
    pub fn ring(&self) {
        let listeners = {
            let mut rung = self.rung();
            rung.times += 1;
            std::mem::take(&mut rung.listeners)
        };
        listeners.into_iter().for_each(Waker::wake);
    }

    /// How often it has rung.
    pub fn times(&self) -> u64 {
        self.rung().times
    }

    /// Waits until it has rung more than `times` times. What rang between the
    /// look at [`times`](Self::times) and this is not missed.
    pub async fn after(&self, times: u64) {
        poll_fn(|context| {
            let mut rung = self.rung();
            if rung.times > times {
                return Poll::Ready(());
            }
            // Whoever gives up waiting and comes again is one listener.
            if !rung.listeners.iter().any(|it| it.will_wake(context.waker())) {
                rung.listeners.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }
}
