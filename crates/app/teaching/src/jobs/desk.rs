//! What one worker has in its hands.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::future::{AbortHandle, Either, select};
use lodge_jobs::End;
use lodge_kernel::{JobId, Tasks};

use super::{Bell, JobContext, context::Stop};

/// A job that runs.
pub(super) struct Turn {
    pub(super) context: Arc<JobContext>,
    pub(super) abort: AbortHandle,
    /// It was told to stop in the renewal before, too.
    pub(super) warned: bool,
}

/// A turn that has ended, and how.
pub(super) struct Over {
    pub(super) context: Arc<JobContext>,
    pub(super) end: End,
}

/// What one worker has in its hands.
#[derive(Default)]
pub(super) struct Desk {
    pub(super) turns: BTreeMap<(JobId, u64), Turn>,
    pub(super) tray: Arc<Tray>,
}

/// Where turns are laid down when they end.
#[derive(Default)]
pub(super) struct Tray {
    over: Mutex<Vec<Over>>,
    pub(super) bell: Bell,
}

impl Tray {
    fn over(&self) -> MutexGuard<'_, Vec<Over>> {
        self.over.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn lay(&self, over: Over) {
        self.over().push(over);
        self.bell.ring();
    }

    pub(super) fn take(&self) -> Vec<Over> {
        std::mem::take(&mut *self.over())
    }
}

impl Desk {
    /// Waits a moment for turns that end together: each unit of work waits for the
    /// disk once, whatever it settles and claims.
    pub(super) async fn gather(&self, tasks: &dyn Tasks) {
        /// A worker waits no longer for the others when one has ended.
        const MOMENT: Duration = Duration::from_millis(1);
        let mut moment = tasks.sleep(MOMENT);
        loop {
            let laid = self.tray.bell.times();
            let over = self.tray.over().len();
            if over == 0 || over >= self.turns.len() {
                return;
            }
            match select(moment, Box::pin(self.tray.bell.after(laid))).await {
                Either::Left(_) => return,
                Either::Right(((), rest)) => moment = rest,
            }
        }
    }

    /// Says to all that the process stops.
    pub(super) fn leave(&self) {
        self.turns.values().for_each(|it| it.context.tell_to_stop(Stop::Leaving));
    }

    /// Ends all that has not ended by itself.
    pub(super) fn clear(&self) {
        self.turns.values().for_each(|it| it.abort.abort());
    }
}
