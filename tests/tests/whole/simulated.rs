//! Every Git host at once: accounts are connected by a login at simulated
//! hosts, and one token reads all of them.

use std::{
    collections::BTreeMap,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use end_to_end::{App, Client, Customer, History, Server, Setup, binary::run, client::text};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::reading::repositories;

const HOSTS: [&str; 5] = ["azure", "bitbucket", "gitea", "github", "gitlab"];

/// What is read of a repository, with the name of its row in the matrix.
const READS: [(&str, &str); 11] = [
    ("repositories", ""),
    ("branches", "/branches"),
    ("commits", "/commits"),
    ("commit_diff", "/commits/HEAD/diff"),
    ("pull_requests", "/pull-requests"),
    ("contributors", "/contributors"),
    ("tags", "/tags"),
    ("releases", "/releases"),
    ("checks", "/checks"),
    ("deployments", "/deployments"),
    ("file_tree", "/file-tree"),
];

/// A gateway with an account at every simulated host, and a token for all.
struct Everywhere {
    server: Server,
    /// Where the simulated hosts take orders.
    orders: Client,
    reader: Client,
    /// The paths of `team/tea`, by host.
    paths: BTreeMap<String, String>,
    head: String,
    data: TempDir,
    _shelf: TempDir,
}

impl Everywhere {
    fn start() -> anyhow::Result<Self> {
        let (shelf, data) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let written = History::with_merges(60).write(&shelf.path().join("team/tea.git"))?;
        let ada = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
        written.git(&[&ada[..], &["tag", "-a", "-m", "First", "v1.0", "HEAD~9"]].concat())?;
        // A branch that is ahead is an open pull request.
        written.git(&["branch", "feature/steep"])?;
        written.git(&["update-ref", "refs/heads/main", "HEAD~3"])?;
        let head = written.git(&["rev-parse", "HEAD"])?;
        let mut server = Setup::new(data.path())?
            .repositories(shelf.path())
            .with("--demo")
            .with("--simulate=all")
            .start()?;
        let simulated = server.wait_for_line("simulated hosts on ")?;
        let (reader, paths) = consent(&server, data.path())?;
        Ok(Self {
            orders: Client::new(&simulated),
            server,
            reader,
            paths,
            head: head.trim().to_owned(),
            data,
            _shelf: shelf,
        })
    }

    fn order(&mut self, host: &str, what: &str, body: &Value) -> anyhow::Result<()> {
        let answer = self.orders.post(&format!("/_simulation/{host}/{what}"), body)?;
        ensure!(answer.status == 204, "answered {}: {}", answer.status, answer.body);
        Ok(())
    }

    fn counter(&mut self, host: &str, name: &str) -> anyhow::Result<u64> {
        let told = self.orders.get(&format!("/_simulation/{host}/counters"))?.json()?;
        told[name].as_u64().with_context(|| format!("no {name} in {told}"))
    }
}

/// Connects an account at every host, and approves everything.
fn consent(server: &Server, data: &Path) -> anyhow::Result<(Client, BTreeMap<String, String>)> {
    let app = App::register_in(server, data)?;
    let mut customer = Customer::arrive(server, &app.invite(server)?)?;
    for host in HOSTS {
        customer.connect(host).context(host)?;
    }
    let boxes = customer.form.tick_every("repository");
    ensure!(boxes == HOSTS.len() + 1, "{:?}", customer.form.labels("repository"));
    let code = customer.approve(server, &[])?;
    let access = app.exchange(server, &code)?;
    let mut reader = server.client().bearing(&access.token);
    let paths = repositories(&mut reader)?.into_iter().map(|(name, path)| {
        let host = path.split('/').nth(3).with_context(|| path.clone())?;
        // Azure DevOps puts a project between.
        ensure!(name.starts_with("team/") && name.ends_with("/tea"), "{name} at {host}");
        Ok((host.to_owned(), path))
    });
    let paths: BTreeMap<_, _> = paths.collect::<anyhow::Result<_>>()?;
    ensure!(paths.len() == HOSTS.len() + 1, "{paths:?}");
    Ok((reader, paths))
}

/// The matrix, as it is published: how each host has each resource.
fn matrix(reader: &mut Client) -> anyhow::Result<BTreeMap<String, Value>> {
    let told = reader.get("/v1/platform/capabilities")?.json()?;
    let rows = told["data"]["providers"].as_array().context("no matrix")?;
    rows.iter().map(|row| Ok((text(row, "id")?.to_owned(), row["capabilities"].clone()))).collect()
}

#[test]
fn one_token_reads_every_host() -> anyhow::Result<()> {
    let mut all = Everywhere::start()?;
    let matrix = matrix(&mut all.reader)?;
    for (host, path) in &all.paths {
        let me = all.reader.get(&format!("/v1/me?provider={host}"))?.json()?;
        assert_eq!(me["data"].as_array().map(Vec::len), Some(1), "{host}: {me}");
        for (resource, below) in READS {
            let below = below.replace("HEAD", &all.head);
            check(&mut all.reader, &matrix, host, resource, &format!("{path}{below}"))?;
        }
        let pulls = all.reader.get(&format!("{path}/pull-requests"))?;
        let number = if pulls.status == 200 {
            let number = pulls.json()?["data"][0]["number"].as_u64();
            number.with_context(|| format!("{host} has no pull request: {}", pulls.body))?
        } else {
            1
        };
        let diff = format!("{path}/pull-requests/{number}/diff");
        check(&mut all.reader, &matrix, host, "pull_request_diff", &diff)?;
    }
    all.server.stop()?;
    Ok(())
}

/// A supported cell answers something, any other that it is unsupported.
fn check(
    reader: &mut Client,
    matrix: &BTreeMap<String, Value>,
    host: &str,
    resource: &str,
    path: &str,
) -> anyhow::Result<()> {
    let support = matrix[host][resource].as_str();
    let support = support.with_context(|| format!("no {resource} of {host} in the matrix"))?;
    let answer = reader.get(path)?;
    if support == "unsupported" {
        assert_eq!(answer.refusal()?, (501, "UNSUPPORTED_ENDPOINT".to_owned()), "{path}");
        return Ok(());
    }
    let body = answer.json().with_context(|| path.to_owned())?;
    let is_empty = body["data"].as_array().is_some_and(Vec::is_empty);
    assert!(!body["data"].is_null() && !is_empty, "{path}: {body}");
    Ok(())
}

#[test]
fn tokens_that_end_while_fifty_reads_are_under_way_are_refreshed_once() -> anyhow::Result<()> {
    let mut all = Everywhere::start()?;
    for host in HOSTS {
        let path = all.paths[host].clone();
        let before = all.counter(host, "refreshes")?;
        all.order(host, "expire", &json!({}))?;
        let readers = (1..=50).map(|limit| {
            let (mut reader, path) = (all.reader.clone(), path.clone());
            thread::spawn(move || reader.get(&format!("{path}/commits?limit={limit}")))
        });
        let readers: Vec<_> = readers.collect();
        for reader in readers {
            let answer = reader.join().ok().context("a reader is gone")??;
            assert_eq!(answer.status, 200, "{host}: {}", answer.body);
        }
        assert_eq!(all.counter(host, "refreshes")?, before + 1, "{host}");
    }
    all.server.stop()?;
    Ok(())
}

#[test]
fn a_limit_is_answered_truthfully_and_hurts_nobody_else() -> anyhow::Result<()> {
    let mut all = Everywhere::start()?;
    let github = all.paths["github"].clone();
    let limit = json!({
        "fault": "answer",
        "status": 403,
        "headers": {"retry-after": "37", "content-type": "application/json"},
        "body": r#"{"message":"You have exceeded a secondary rate limit."}"#,
    });
    all.order("github", "faults", &limit)?;
    let began = Instant::now();
    let before = all.counter("github", "counted")?;
    for path in ["tags", "branches"] {
        let answer = all.reader.get(&format!("{github}/{path}"))?;
        assert_eq!(answer.refusal()?, (429, "RATE_LIMITED".to_owned()));
        let body: Value = serde_json::from_str(&answer.body)?;
        let told = body["error"]["retry_after_seconds"].as_u64().context("it does not say when")?;
        let left = Duration::from_secs(37).saturating_sub(began.elapsed()).as_secs();
        assert!((left..=37).contains(&told), "{told} s, when {left} s are left");
        assert_eq!(answer.header("retry-after"), Some(told.to_string().as_str()));
    }
    // The second was not asked of the host.
    assert_eq!(all.counter("github", "counted")?, before + 1);
    for host in all.paths.keys().filter(|it| *it != "github") {
        let answer = all.reader.get(&format!("{}/tags", all.paths[host]))?;
        assert_eq!(answer.status, 200, "{host}: {}", answer.body);
    }
    all.server.stop()?;
    Ok(())
}

#[test]
fn accounts_are_read_on_while_and_after_the_master_key_is_rotated_twice() -> anyhow::Result<()> {
    let mut all = Everywhere::start()?;
    let data = all.data.path().to_str().context("the folder is not text")?.to_owned();
    let mut newest = 1;
    for _rotation in 0..2 {
        let rotated = run(&["keys", "rotate", "--data", &data])?;
        let printed = String::from_utf8_lossy(&rotated.stdout).into_owned();
        ensure!(rotated.status.success(), "{printed}{}", String::from_utf8_lossy(&rotated.stderr));
        newest += 1;
        assert!(printed.contains(&format!("done: k{newest} has wrapped every")), "{printed}");
        for (host, path) in &all.paths {
            let answer = all.reader.get(&format!("{path}/tags"))?;
            assert_eq!(answer.status, 200, "{host} after k{newest}: {}", answer.body);
        }
    }
    all.server.stop()?;
    Ok(())
}
