//! Our server, started with an empty store and a token that may read everything.

use std::{
    env,
    fs::{self, File},
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use serde_json::Value;

use super::{
    Bench,
    consent::{OwnAccount, obtain_token},
    http::text_at,
};
use crate::{
    postgres::Cluster,
    run::read,
    scratch::{Scratch, Stop},
};

/// How long the server may take to come up.
const PATIENCE: Duration = Duration::from_secs(20);

/// The operator's own key, of a server that nobody else reaches.
const ADMIN_KEY: &str = "the-operators-own-key-of-a-benchmark";

/// A running server; dropping it stops it and throws its store away.
pub(super) struct Gateway {
    /// Scheme, host and port.
    pub url: String,
    /// An access token for every repository.
    pub token: String,
    /// Its memory before the first request, in MiB.
    pub idle_mib: f64,
    scratch: Scratch,
    _cluster: Option<Cluster>,
}

/// A server could not be had.
pub(super) enum StartError {
    /// It ended by itself: what it said last.
    Refused(String),
    Other(anyhow::Error),
}

impl Gateway {
    /// Starts `binary` over the repositories of a folder.
    pub(super) fn start(
        bench: &Bench<'_>,
        binary: &Path,
        repositories: &Path,
        flags: &[&str],
    ) -> Result<Self, StartError> {
        Self::start_with(bench, binary, repositories, flags, None)
    }

    /// The same, with an account at the host `provider` beside the folder.
    pub(super) fn start_with(
        bench: &Bench<'_>,
        binary: &Path,
        repositories: &Path,
        flags: &[&str],
        provider: Option<&str>,
    ) -> Result<Self, StartError> {
        let cluster = if bench.postgres { Some(Cluster::start()?) } else { None };
        let mut scratch = Scratch::open("gateway", 200)?;
        let data = scratch.folder.join("data");
        let database: Vec<String> =
            cluster.iter().flat_map(|it| ["--database-url".to_owned(), it.url()]).collect();

        let mut create = clean(binary);
        create.args(["admin", "create", "--email", "bench@example.com", "--tenant", "Bench"]);
        let created = read(create.arg("--data").arg(&data).args(&database))?;
        let created: Value =
            serde_json::from_str(&created).context("`gitlodge admin create` printed no JSON")?;
        let session = text_at(&created, "sessionToken")
            .context("`gitlodge admin create` gave no sessionToken")?;

        let said = scratch.folder.join("said");
        let log = File::create(&said).context("the server's log cannot be written")?;
        let mut serve = clean(binary);
        serve
            .args(["serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"])
            .args(flags);
        // The limiter counts every request, and lets all of them pass.
        serve.args(["--rate-limit", "1000000"]).env("SGG_ADMIN_API_KEY", ADMIN_KEY);
        serve.arg("--data").arg(&data).arg("--repositories").arg(repositories).args(&database);
        serve.stdout(log.try_clone().context("the log")?).stderr(log);
        scratch.house(&mut serve, Stop::Terminate)?;

        let url = wait_for_address(&mut scratch, &said, "listening on ")?;
        let admin = wait_for_address(&mut scratch, &said, "admin on ")?;
        // What start-up took and gave back is gone after a moment.
        thread::sleep(Duration::from_secs(2));
        let idle_mib = memory_mib(&scratch)?;
        let account =
            provider.map(|provider| OwnAccount { admin: &admin, key: ADMIN_KEY, provider });
        let token = obtain_token(&url, session, account.as_ref())?;
        Ok(Self { url, token, idle_mib, scratch, _cluster: cluster })
    }

    /// All that it has said.
    pub(super) fn said(&self) -> String {
        fs::read_to_string(self.scratch.folder.join("said")).unwrap_or_default()
    }

    /// Its resident memory now, in MiB.
    pub(super) fn memory_mib(&self) -> anyhow::Result<f64> {
        memory_mib(&self.scratch)
    }
}

impl From<anyhow::Error> for StartError {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

impl StartError {
    /// For those to whom a refusal is an error like any other.
    pub(super) fn into_error(self) -> anyhow::Error {
        match self {
            Self::Refused(said) => anyhow::anyhow!("the server ended by itself: {said}"),
            Self::Other(error) => error,
        }
    }
}

/// The binary without the settings of whoever runs us.
fn clean(binary: &Path) -> Command {
    let mut command = Command::new(binary);
    for (name, _) in env::vars_os().filter(|(it, _)| it.to_string_lossy().starts_with("GITLODGE_"))
    {
        command.env_remove(name);
    }
    command
}

/// The address that the program in `scratch` says behind `label`, once it has: what
/// it says is written to `said`.
pub(super) fn wait_for_address(
    scratch: &mut Scratch,
    said: &Path,
    label: &str,
) -> Result<String, StartError> {
    let started = Instant::now();
    loop {
        let alive = scratch.all_alive();
        let text = fs::read_to_string(said).unwrap_or_default();
        if let Some(address) = address(&text, label) {
            return Ok(address);
        }
        if !alive {
            return Err(StartError::Refused(text.trim().to_owned()));
        }
        if started.elapsed() > PATIENCE {
            return Err(StartError::Other(anyhow::anyhow!(
                "the server does not say where it listens: {text}"
            )));
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// From a line like `listening on http://127.0.0.1:PORT`, once it is complete.
fn address(said: &str, label: &str) -> Option<String> {
    let (_, after) = said.split_once(label)?;
    let (url, _) = after.split_once(char::is_whitespace)?;
    Some(url.trim_end_matches('/').to_owned())
}

/// The resident memory of the first program in `scratch`, in MiB.
pub(super) fn memory_mib(scratch: &Scratch) -> anyhow::Result<f64> {
    let process = scratch.processes().first().copied().context("the server is gone")?;
    let status =
        fs::read_to_string(format!("/proc/{process}/status")).context("the server is gone")?;
    match resident_kib(&status) {
        Some(kib) => Ok(kib / 1024.0),
        None => bail!("/proc does not tell the server's memory"),
    }
}

/// `VmRSS` of `/proc/PID/status` (<https://man7.org/linux/man-pages/man5/proc_pid_status.5.html>).
fn resident_kib(status: &str) -> Option<f64> {
    status.lines().find_map(|it| it.strip_prefix("VmRSS:"))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_once_its_line_is_complete() {
        let label = "listening on ";
        assert_eq!(address("opening\nlistening on http://127.0.0.1:80", label), None);
        let said = "listening on http://127.0.0.1:8080\nadmin on http://127.0.0.1:9\n";
        assert_eq!(address(said, label).as_deref(), Some("http://127.0.0.1:8080"));
        assert_eq!(address(said, "admin on ").as_deref(), Some("http://127.0.0.1:9"));
    }

    #[test]
    fn resident_memory_is_what_the_kernel_says() {
        assert_eq!(resident_kib("VmPeak:  9 kB\nVmRSS:\t   20480 kB\n"), Some(20_480.0));
        assert_eq!(resident_kib("Name: x\n"), None);
    }
}
