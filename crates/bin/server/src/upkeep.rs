//! What a running process does beside requests: it keeps the cache of rights
//! and the keys true, follows jobs for who watches them, and sweeps.

use std::{path::PathBuf, sync::Arc, time::Duration};

use actix_web::web::Data;
use lodge_http_api::Surface;
use lodge_system::{BatchingJournal, CheckpointKey, LivingKeyring, rotation::LOOK_EVERY};
use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval, sleep},
};

use crate::checkpoints;

/// How often the database is asked whether rights were taken away. Revocation
/// must take effect within 200 ms in every process.
const WATCH: Duration = Duration::from_millis(100);
/// How often what has ended is swept away.
const SWEEP: Duration = Duration::from_mins(10);
/// How many old webhooks, deliveries, and kept answers, go in one sweep.
const SWEPT_EVENTS: usize = 10_000;

/// Begins all of it. `checkpoints` are those of the audit trail: by what key,
/// and into which file they are written.
pub(crate) fn start(
    surface: &Data<Surface>,
    journal: BatchingJournal,
    keys: Option<Arc<LivingKeyring>>,
    checkpoints: (CheckpointKey, Option<PathBuf>),
) -> [JoinHandle<()>; 5] {
    let (key, file) = checkpoints;
    [
        tokio::spawn(watch(Data::clone(surface), journal)),
        tokio::spawn(follow_jobs(Data::clone(surface))),
        tokio::spawn(look_after(keys)),
        tokio::spawn(checkpoints::write_now_and_then(Arc::clone(&surface.gateway), key, file)),
        tokio::spawn(sweep_now_and_then(Data::clone(surface))),
    ]
}

/// Keeps the cache of rights true.
async fn watch(surface: Data<Surface>, journal: BatchingJournal) {
    let mut ticks = interval(WATCH);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = surface.gateway.watch_access().await {
            tracing::warn!(%error, "the database cannot be asked for changes of rights");
        }
        let waiting = u64::try_from(journal.waiting()).unwrap_or(u64::MAX);
        surface.metrics.journal_waiting.set(waiting);
        surface.metrics.journal_lost(journal.lost());
    }
}

/// Reads the master keys again when they were rotated.
async fn look_after(keys: Option<Arc<LivingKeyring>>) {
    let Some(keys) = keys else { return };
    loop {
        sleep(LOOK_EVERY).await;
        match keys.refresh() {
            Ok(true) => tracing::info!("the master keys were read again"),
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "the master keys stay as they were"),
        }
    }
}

/// Forgets what nobody asks for any more, in memory and in the database.
async fn sweep_now_and_then(surface: Data<Surface>) {
    loop {
        if let Some(limiter) = &surface.limiter {
            limiter.sweep();
        }
        match surface.gateway.sweep().await {
            Ok(swept) if swept.total() == 0 => {}
            Ok(swept) => tracing::info!(
                swept.tokens,
                swept.codes,
                swept.sessions,
                swept.visits,
                swept.invitations,
                swept.pushed_requests,
                swept.nonces,
                swept.approvals,
                swept.customers,
                "what had ended was swept away"
            ),
            Err(error) => tracing::warn!(%error, "what has ended cannot be swept away"),
        }
        match surface.gateway.forget_events(SWEPT_EVENTS).await {
            Ok(0) => {}
            Ok(forgotten) => tracing::info!(forgotten, "old webhooks and deliveries were removed"),
            Err(error) => tracing::warn!(%error, "old webhooks and deliveries cannot be removed"),
        }
        if let Err(error) = surface.teaching.forget_answers(SWEPT_EVENTS).await {
            tracing::warn!(%error, "old answers cannot be removed");
        }
        sleep(SWEEP).await;
    }
}

/// Tells those who watch jobs what the jobs tell.
async fn follow_jobs(surface: Data<Surface>) {
    surface.job_streams.follow(&surface.teaching).await;
}
