//! How long the local host takes for the three reads of goal P14, warm.
//!
//! `p14 <path of a repository> [rounds]` prints one JSON object a line: the
//! name of the read, the median in microseconds, and how much was read. The
//! bench puts the same three reads of the `git` program beside it.
#![allow(
    clippy::print_stdout,
    clippy::allow_attributes,
    reason = "the lines are what this program is for"
)]

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Instant, SystemTime},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use lodge_forge::RepositoryId;
use lodge_kernel::{Clock, ConnectionId, TenantId, Timestamp};
use lodge_pagination::{Limit, PageRequest};
use lodge_provider::{Account, BoxError, GitProvider as _, RepositoryRef, TreeFilter};
use lodge_provider_local::{LocalConfig, LocalHost};

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Timestamp::EPOCH.plus(since)
    }
}

/// A host and one repository in it.
struct Subject {
    host: LocalHost,
    repository: RepositoryRef,
}

impl Subject {
    fn open(path: &Path) -> Result<Self, BoxError> {
        let path = path.canonicalize()?;
        let (Some(root), Some(name)) = (path.parent(), path.file_name().and_then(|it| it.to_str()))
        else {
            return Err("the repository must lie in a folder".into());
        };
        let host = LocalHost::open(LocalConfig::new(root, Arc::new(SystemClock)))?;
        let account = Account {
            tenant: TenantId::from_uuid(uuid::Uuid::from_u128(1)),
            connection: ConnectionId::from_uuid(uuid::Uuid::from_u128(1)),
        };
        let id = RepositoryId::parse(&URL_SAFE_NO_PAD.encode(name))?;
        Ok(Self { host, repository: RepositoryRef { account, id } })
    }

    /// The hashes of the newest 100 commits.
    async fn commits(&self) -> Result<Vec<String>, BoxError> {
        let page = PageRequest { from: None, limit: Limit::MAX };
        let page = self.host.list_commits(self.repository.clone(), None, page).await?;
        Ok(page.items.into_iter().map(|commit| commit.sha).collect())
    }

    /// How many files the commit changed.
    async fn diff(&self, commit: &str) -> Result<usize, BoxError> {
        let diff = self.host.commit_diff(self.repository.clone(), commit.to_owned()).await?;
        Ok(diff.files.len())
    }

    /// How many entries the whole tree has, read page by page.
    async fn tree(&self) -> Result<usize, BoxError> {
        let filter = TreeFilter { recursive: true, ..TreeFilter::default() };
        let (mut entries, mut from) = (0, None);
        loop {
            let page = PageRequest { from, limit: Limit::MAX };
            let page = self.host.list_tree(self.repository.clone(), filter.clone(), page).await?;
            entries += page.items.len();
            from = page.next;
            if from.is_none() {
                return Ok(entries);
            }
        }
    }
}

/// Prints the median of `rounds` runs; the first one, which warms up, is not
/// counted.
async fn measure(
    name: &str,
    rounds: usize,
    read: impl AsyncFn() -> Result<usize, BoxError>,
) -> Result<(), BoxError> {
    let items = read().await?;
    let mut micros = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let begun = Instant::now();
        read().await?;
        micros.push(begun.elapsed().as_micros());
    }
    micros.sort_unstable();
    let median = micros.get(rounds / 2).copied().unwrap_or_default();
    println!(r#"{{"read":"{name}","median_us":{median},"items":{items},"rounds":{rounds}}}"#);
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().map(PathBuf::from).ok_or("usage: p14 <repository> [rounds]")?;
    let rounds = arguments.next().map_or(Ok(101), |text| text.parse())?;
    let subject = Subject::open(&path)?;
    let newest = subject.commits().await?;
    let newest = newest.first().ok_or("the repository has no commits")?;
    measure("commits_100", rounds, async || Ok(subject.commits().await?.len())).await?;
    measure("diff_1", rounds, async || subject.diff(newest).await).await?;
    measure("tree_recursive", rounds, async || subject.tree().await).await
}
