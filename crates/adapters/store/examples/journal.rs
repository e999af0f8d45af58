//! How fast the embedded journal takes rows: `journal ROWS`, in batches as the
//! writer sends them. Prints one line of JSON; the goal is 50,000 rows a second
//! in a release build.
#![expect(clippy::print_stdout, reason = "the answer of this program")]

use std::time::Instant;

use lodge_access::UsageRow;
use lodge_storage::Storage as _;
use lodge_store::{EmbeddedConfig, EmbeddedStorage};
use lodge_testkit::builders::{a_usage_row, move_in, tenant_id};

/// What the journal's writer sends at once.
const BATCH: u32 = 2_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rows: u32 = std::env::args().nth(1).as_deref().unwrap_or("200000").parse()?;
    let folder = tempfile::tempdir()?;
    let storage = EmbeddedStorage::open(EmbeddedConfig::new(folder.path().join("db"))).await?;
    storage.migrate().await?;
    move_in(&storage).await?;

    let begun = Instant::now();
    let mut sent = 0;
    while sent < rows {
        let batch: Vec<UsageRow> = (sent..sent + BATCH).map(a_usage_row).collect();
        let mut work = storage.begin().await?;
        work.usage().append(&batch).await?;
        work.commit().await?;
        sent += BATCH;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let there = storage.read().await?.usage().count(tenant_id(1)).await?;
    println!(
        "{{\"rows\":{there},\"seconds\":{seconds:.3},\"rows_per_s\":{:.0}}}",
        f64::from(sent) / seconds
    );
    Ok(())
}
