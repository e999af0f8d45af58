//! P6: how long a host waits for its answer at the highest rate that GitLab.com
//! ever delivers at, 200 a second. The load is open: a delivery is sent at its
//! time, whether or not those before it were answered, and its wait is counted
//! from that time.

use std::{
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};

use super::{
    Outcome,
    ingest::{SECRET, body, start},
};
use crate::{
    bench::{Bench, probe::Weather},
    scratch::Scratch,
};

/// Deliveries in a second.
const RATE: u32 = 200;
/// Senders: enough that none is late because of those before it.
const SENDERS: usize = 16;
/// The wait that is never to be exceeded.
const NEVER: Duration = Duration::from_millis(250);

pub(super) fn measure(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let folder = Scratch::open("ingest", 200)?;
    // What comes is worked on meanwhile, as it is in life.
    let gateway = start(bench, &folder.folder, "all")?;
    let url = format!("{}/api/v1/webhooks/gitlab", gateway.url);
    let seconds = if bench.quick { 4 } else { 30 };
    send(&url, 1, "warm")?;
    let look = Duration::from_secs(1);
    let before = Weather::look(&folder.folder, look)?;
    let mut waits = send(&url, seconds, "run")?;
    let after = Weather::look(&folder.folder, look)?;
    waits.sort_unstable();
    let at = |part: usize| waits.get(waits.len() * part / 100).copied().unwrap_or_default();
    let (half, most) = (at(50), waits.last().copied().unwrap_or_default());
    let sync = f64::midpoint(before.sync_micros(), after.sync_micros());
    Ok(Outcome::Measured {
        figure: at(99).as_secs_f64() * 1e6 / sync,
        details: format!(
            "{} deliveries, p50 {half:.1?}, p99 {:.1?}, longest {most:.1?}{}, fdatasync {sync:.0} µs; {}",
            waits.len(),
            at(99),
            if most > NEVER { " (never is 250 ms)" } else { "" },
            if bench.postgres { "PostgreSQL" } else { "embedded store" }
        ),
    })
}

/// The waits of `seconds` times [`RATE`] deliveries.
fn send(url: &str, seconds: u32, run: &str) -> anyhow::Result<Vec<Duration>> {
    let (waits, refused) = (Mutex::new(Vec::new()), Mutex::new(None));
    let (begun, total, text) = (Instant::now(), RATE * seconds, body());
    thread::scope(|scope| {
        for sender in (0_u32..).take(SENDERS) {
            let (waits, refused, text) = (&waits, &refused, &text);
            scope.spawn(move || {
                let agent = ureq::Agent::new_with_defaults();
                for n in (sender..total).step_by(SENDERS) {
                    let due = begun + Duration::from_secs(1) * n / RATE;
                    thread::sleep(due.saturating_duration_since(Instant::now()));
                    let answer = agent
                        .post(url)
                        .header("Content-Type", "application/json")
                        .header("X-Gitlab-Event", "Push Hook")
                        .header("X-Gitlab-Token", SECRET)
                        .header("Idempotency-Key", format!("{run}-{n}"))
                        .send(text.as_str())
                        // Only a connection whose answer was read is used again.
                        .and_then(|mut it| it.body_mut().read_to_string());
                    if let Err(error) = answer
                        && let Ok(mut refused) = refused.lock()
                    {
                        *refused = Some(error.to_string());
                        return;
                    }
                    if let Ok(mut waits) = waits.lock() {
                        waits.push(due.elapsed());
                    }
                }
            });
        }
    });
    let refused = refused.into_inner().ok().context("a sender failed")?;
    ensure!(refused.is_none(), "a delivery was refused: {refused:?}");
    waits.into_inner().ok().context("a sender failed")
}
