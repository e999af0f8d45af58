//! The database: whether it answers, what it has, and whether the keys fit.

use std::{future::Future, time::Duration};

use lodge_gateway::connections::closed_data_keys;
use lodge_kernel::{Clock as _, Timestamp};
use lodge_storage::{Storage, StoreState};
use lodge_system::{FileKeyring, SystemClock};
use tokio::time::timeout;

use super::Findings;
use crate::{
    cli::DataOptions,
    wire::{Database, database_file},
};

/// How long the database may take for one answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Clocks that differ by more give tokens and leases another end.
const OFF: Duration = Duration::from_secs(5);
/// Clocks that differ by more hand a job to two workers.
const FAR_OFF: Duration = Duration::from_secs(30);

pub(super) async fn look(
    options: &DataOptions,
    keys: Option<FileKeyring>,
    findings: &mut Findings,
) {
    let file = database_file(&options.data);
    if options.database_url.is_none() && !file.exists() {
        findings.warn(
            format!("there is no database at {}", file.display()),
            "the first start makes it; if there was one, name its folder with --data",
        );
        return;
    }
    let mend = match options.database_url {
        Some(_) => {
            "see that PostgreSQL runs, that this machine reaches it, and that name, password \
                    and database of GITLODGE_DATABASE_URL are right"
        }
        None => {
            "see that the file belongs to this user and is not damaged; else go back to a backup"
        }
    };
    let database = match in_time(Database::look_at(options)).await {
        Ok(database) => database,
        Err(problem) => return findings.fail(problem, mend),
    };
    let storage = database.storage();
    let asked = SystemClock.now();
    match in_time(storage.state()).await {
        Ok(state) => {
            findings.ok(format!("{} answers", state.product));
            steps(&state, findings);
            clock(asked, &state, findings);
            if state.missing.is_empty()
                && let Some(keys) = keys
            {
                sealed(&*storage, &keys, findings).await;
            }
        }
        Err(problem) => findings.fail(problem, mend),
    }
}

fn steps(state: &StoreState, findings: &mut Findings) {
    if !state.unknown.is_empty() {
        findings.fail(
            format!("a newer Gitlodge was at the database: {}", state.unknown.join(", ")),
            "use that version, or go back to the backup from before the update",
        );
    } else if state.missing.is_empty() {
        findings.ok("the database is up to date");
    } else {
        let what = format!("the database lacks {} steps", state.missing.len());
        findings.warn(what, "`gitlodge migrate` takes them, and so does the next start");
    }
}

/// Compares our clock with that of the database, which was asked at `asked`.
fn clock(asked: Timestamp, state: &StoreState, findings: &mut Findings) {
    let now = SystemClock.now();
    // It answered between the two.
    let off = asked.since(state.now).max(state.now.since(now));
    let what = format!("the clock and the database's differ by {} ms", off.as_millis());
    let mend = "let a service such as chrony set the clocks of both machines";
    match off {
        off if off > FAR_OFF => findings.fail(what, mend),
        off if off > OFF => findings.warn(what, mend),
        _ => findings.ok("the clock goes as the database's does"),
    }
}

async fn sealed(storage: &dyn Storage, keys: &FileKeyring, findings: &mut Findings) {
    match in_time(closed_data_keys(storage, keys)).await {
        Ok((opened, closed)) if closed.is_empty() => {
            findings.ok(format!("the master keys open all {opened} data keys"));
        }
        Ok((_, closed)) => {
            let master = closed.first().map(|it| it.master).unwrap_or_default();
            findings.fail(
                format!("{} data keys do not open, which k{master} wrapped", closed.len()),
                "the key file is not the one of this database: put the right one back",
            );
        }
        Err(problem) => findings.fail(problem, "look at the log of the database"),
    }
}

/// What an answer says, or what went wrong.
async fn in_time<T, E: Into<anyhow::Error>>(
    asked: impl Future<Output = Result<T, E>>,
) -> Result<T, String> {
    match timeout(PATIENCE + Duration::from_secs(1), asked).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(format!("{:#}", error.into())),
        Err(_late) => Err("the database does not answer in time".to_owned()),
    }
}
