//! What several tests read, and how.

use anyhow::{Context as _, ensure};
use end_to_end::{Client, History, client::text, history::Written};
use serde_json::Value;
use tempfile::TempDir;

/// Secrets of the repository: none may ever leave.
pub(crate) const LEAKS: [&str; 5] = [
    "kittens-and-4-buttons",
    "MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEw",
    "p3ppermint-and-R0ses",
    "AKIAZ7TEAHOUSE4LEAF2",
    "MC4CAQAwBQYDK2VwBCIEIHj3m0hLkq9xT7vZ",
];

/// A folder with two repositories, of which one has every secret in its last
/// commit.
pub(crate) struct Shelf {
    folder: TempDir,
    pub(crate) library: Written,
}

impl Shelf {
    /// `n` commits in `college/library`.
    pub(crate) fn with_commits(n: u64) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let [environment, key, password, aws, inline] = LEAKS;
        let pem = |body: &str| {
            format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n")
        };
        let settings = format!("debug = True\npassword = \"{password}\"\naws = \"{aws}\"\n");
        let leak = History::with_merges(n - 1).then(
            "Configure everything",
            &[
                (".env", &format!("SESSION_SEED={environment}\n")),
                ("deploy/server.key", &pem(key)),
                ("settings.py", &settings),
                ("notes.md", &format!("The key:\n\n{}", pem(inline))),
            ],
        );
        let library = leak.write(&folder.path().join("college/library.git"))?;
        let payroll = History::with_merges(3).write(&folder.path().join("college/payroll.git"))?;
        ensure!(payroll.git(&["rev-list", "--count", "HEAD"])? == "3", "another history");
        Ok(Self { folder, library })
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        self.folder.path()
    }
}

/// The repositories that a token reads: their names and the paths of their
/// resources.
pub(crate) fn repositories(reader: &mut Client) -> anyhow::Result<Vec<(String, String)>> {
    let page = reader.get("/v1/repositories?limit=100")?.json()?;
    let items = page["data"].as_array().context("no list")?;
    let item = |it: &Value| {
        let path = format!("/v1/repositories/{}/{}", text(it, "provider")?, text(it, "id")?);
        Ok((text(it, "full_name")?.to_owned(), path))
    };
    items.iter().map(item).collect()
}

/// A page of commits: their hashes, and the cursor of the next page.
pub(crate) fn page_of_commits(
    reader: &mut Client,
    repository: &str,
    cursor: Option<&str>,
) -> anyhow::Result<(Vec<String>, Option<String>)> {
    let from = cursor.map(|it| format!("&cursor={it}")).unwrap_or_default();
    let page = reader.get(&format!("{repository}/commits?limit=100{from}"))?.json()?;
    let items = page["data"].as_array().context("no list")?;
    let hashes = items.iter().map(|it| Ok(text(it, "sha")?.to_owned()));
    let info = &page["page_info"];
    let next = info["next_cursor"].as_str().map(str::to_owned);
    ensure!(info["has_next_page"] == next.is_some(), "the page contradicts itself: {info}");
    Ok((hashes.collect::<anyhow::Result<_>>()?, next))
}

/// Every commit, page by page from `cursor` on.
pub(crate) fn commits(
    reader: &mut Client,
    repository: &str,
    mut cursor: Option<String>,
) -> anyhow::Result<Vec<String>> {
    let mut all = Vec::new();
    loop {
        let (hashes, next) = page_of_commits(reader, repository, cursor.as_deref())?;
        ensure!(hashes.len() <= 100, "a page of {}", hashes.len());
        all.extend(hashes);
        match next {
            Some(next) => cursor = Some(next),
            None => return Ok(all),
        }
    }
}
