//! Signed checkpoints of the audit trail, written away from the database.

use std::{
    collections::BTreeMap,
    fs::OpenOptions,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use lodge_access::{Chain, Checkpoint};
use lodge_gateway::Gateway;
use lodge_kernel::Timestamp;
use lodge_system::CheckpointKey;
use tokio::time::sleep;

/// How often the chains are looked at.
const LOOK: Duration = Duration::from_secs(10);
/// A chain that has grown so much gets a checkpoint at the next look.
const MANY: u64 = 100;
/// A chain that has grown at all gets one after so long.
const LONG: Duration = Duration::from_mins(1);

/// Writes checkpoints for as long as it runs.
pub(crate) async fn write_now_and_then(
    gateway: Arc<Gateway>,
    key: CheckpointKey,
    file: Option<PathBuf>,
) {
    let mut written = BTreeMap::new();
    loop {
        match gateway.audit_checkpoints().await {
            Ok(all) => {
                let due: Vec<_> = all.into_iter().filter(|it| is_due(&written, it)).collect();
                let lines: Vec<_> = due.iter().map(|it| key.sign(&it.to_string())).collect();
                match append(file.as_deref(), &lines) {
                    Ok(()) => {
                        for line in &lines {
                            tracing::info!(checkpoint = line, "audit checkpoint");
                        }
                        written.extend(due.iter().map(|it| (it.head.chain, (it.head.size, it.at))));
                    }
                    Err(error) => tracing::error!(%error, "audit checkpoints cannot be written"),
                }
            }
            Err(error) => tracing::warn!(%error, "the audit trail cannot be looked at"),
        }
        sleep(LOOK).await;
    }
}

fn is_due(written: &BTreeMap<Chain, (u64, Timestamp)>, it: &Checkpoint) -> bool {
    let Some((size, at)) = written.get(&it.head.chain) else { return it.head.size > 0 };
    let grown = it.head.size.saturating_sub(*size);
    grown >= MANY || (grown > 0 && it.at.since(*at) >= LONG)
}

/// Adds lines at the end of the file, and waits for the disk.
fn append(file: Option<&Path>, lines: &[String]) -> io::Result<()> {
    let (Some(path), false) = (file, lines.is_empty()) else { return Ok(()) };
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(format!("{}\n", lines.join("\n")).as_bytes())?;
    file.sync_data()
}

#[cfg(test)]
mod tests {
    use lodge_access::Head;

    use super::*;

    fn at(size: u64, seconds: i64) -> Checkpoint {
        let head = Head { size, ..Head::empty(Chain::Installation) };
        Checkpoint { head, at: Timestamp::from_seconds(seconds) }
    }

    #[test]
    fn a_chain_that_has_grown_gets_a_checkpoint_soon_or_after_a_minute() {
        let nothing = BTreeMap::new();
        assert!(!is_due(&nothing, &at(0, 0)));
        assert!(is_due(&nothing, &at(1, 0)));
        let written = BTreeMap::from([(Chain::Installation, (10, Timestamp::from_seconds(100)))]);
        assert!(!is_due(&written, &at(10, 1_000)));
        assert!(!is_due(&written, &at(11, 159)));
        assert!(is_due(&written, &at(11, 160)));
        assert!(is_due(&written, &at(110, 101)));
    }
}
