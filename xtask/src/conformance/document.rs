//! `docs/conformance.md`, made of what the tests told.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{Display, Write},
};

use super::{
    evidence::{Evidence, Host},
    sources::{Registry, Source},
};

/// The resources, in the order of the matrix.
const RESOURCES: [&str; 14] = [
    "profile",
    "repositories",
    "branches",
    "commits",
    "commit_diff",
    "pull_requests",
    "pull_request_diff",
    "contributors",
    "tags",
    "releases",
    "checks",
    "deployments",
    "file_tree",
    "subscriptions",
];

const HEAD: &str = "# Conformance

What each Git host can do behind Gitlodge, and by what that is shown. This page is made by
`cargo xtask conformance` from what the tests told when they passed; nobody writes it.

The *contract* is one suite for all hosts. The *world* is a folder of repositories that a simulator of
ours tells as the real host would, quirks included; tests compare what an adapter answers with that
folder, field by field. *Recordings* are bodies of the real hosts that others published.
";

const REPEAT: &str = "## How to repeat it

```console
$ cargo xtask conformance --fixtures DIR
```

It gets the recordings by name and version from npm, PyPI, crates.io and Debian into
`target/recordings` (once; another folder with `--recordings`), runs the tests of every host against
the simulators and the recordings, and writes this page. `DIR` has the folders `azure-devops`
(requests and responses of the vendor's specification, API 7.1) and `webhooks` (a folder of example
deliveries for each host). What cannot be had is said, and its tests are not run. Nothing that was
fetched becomes part of the repository. `cargo xtask test` runs the same tests without recordings.
";

/// Columns of a table, by the hosts' names: `local` first.
fn columns(evidence: &Evidence) -> Vec<(&str, &Host)> {
    let mut hosts: Vec<_> = evidence.hosts.iter().map(|(name, it)| (name.as_str(), it)).collect();
    hosts.sort_by_key(|(name, _)| (*name != "local", *name));
    hosts
}

/// Writes the page.
pub(super) fn write(evidence: &Evidence, had: &[(&Source, anyhow::Result<String>)]) -> String {
    let hosts = columns(evidence);
    let remote: Vec<_> = hosts.iter().copied().filter(|(name, _)| *name != "local").collect();
    let mut page = HEAD.to_owned();
    page.push_str("\n## The matrix\n\n");
    page.push_str(
        "● the host has it, ◐ it is worked out or has gaps, ○ `UNSUPPORTED_ENDPOINT`. C: read by the \
         contract.\nW: compared with the world, `local` with the program `git`. H: hooks are made and removed, deliveries verified.\n\n",
    );
    table(&mut page, "resource", &hosts, RESOURCES, |resource, name, host| {
        cell(evidence, resource, name, host)
    });

    page.push_str("\n## Faults\n\nHow many tests let the simulated host answer so, and saw what must come of it.\n\n");
    let faults: BTreeSet<_> = remote.iter().flat_map(|(_, it)| it.faults.keys()).collect();
    table(&mut page, "the host answers", &remote, faults, |fault, _, host| {
        host.faults.get(fault.as_str()).map_or_else(|| "–".to_owned(), |it| it.len().to_string())
    });

    page.push_str("\n## Recordings\n\nRecorded bodies that each payload reads.\n\n");
    let payloads: BTreeSet<_> = remote.iter().flat_map(|(_, it)| it.read.keys()).collect();
    table(&mut page, "payload", &remote, payloads, |payload, _, host| {
        let bodies = host.read.get(payload.as_str()).map(|it| it.values().sum::<usize>());
        bodies.map_or_else(|| "–".to_owned(), |it| it.to_string())
    });
    sources(&mut page, &remote, had);
    unread(&mut page, &remote);

    for (title, about) in [("Webhooks", "webhooks"), ("Login", "login")] {
        line(&mut page, format_args!("\n## {title}"));
        for (name, host) in &remote {
            line(&mut page, format_args!("\n**{}**\n", host.label));
            for sentence in evidence.sentences(name, about) {
                line(&mut page, format_args!("- {sentence}"));
            }
        }
    }
    line(&mut page, format_args!("\n{}", REPEAT.trim_end()));
    page
}

fn cell(evidence: &Evidence, resource: &str, name: &str, host: &Host) -> String {
    let sign = match host.support.get(resource).map(String::as_str) {
        Some("native") => "●",
        Some("derived") => "◐",
        Some("unsupported") => return "○".to_owned(),
        _ => return "?".to_owned(),
    };
    let mut cell = sign.to_owned();
    for (topic, mark) in [("contract", " C"), ("agrees", " W")] {
        if host.asked.get(topic).is_some_and(|it| it.contains(resource)) {
            cell.push_str(mark);
        }
    }
    if resource == "subscriptions" && !evidence.sentences(name, "webhooks").is_empty() {
        cell.push_str(" H");
    }
    cell
}

fn table<R: Display>(
    page: &mut String,
    corner: &str,
    hosts: &[(&str, &Host)],
    rows: impl IntoIterator<Item = R>,
    cell: impl Fn(&R, &str, &Host) -> String,
) {
    let labels: Vec<_> = hosts.iter().map(|(_, it)| it.label.as_str()).collect();
    line(page, format_args!("| {corner} | {} |", labels.join(" | ")));
    line(page, format_args!("|---|{}", "---|".repeat(hosts.len())));
    for row in rows {
        let cells: Vec<_> = hosts.iter().map(|(name, host)| cell(&row, name, host)).collect();
        line(page, format_args!("| {row} | {} |", cells.join(" | ")));
    }
}

fn sources(page: &mut String, hosts: &[(&str, &Host)], had: &[(&Source, anyhow::Result<String>)]) {
    page.push_str("\n| source | of | version | read |\n|---|---|---|---|\n");
    for (source, outcome) in had {
        let read = hosts.iter().filter_map(|(_, host)| {
            let bodies: usize = host.read.values().filter_map(|it| it.get(source.folder)).sum();
            (bodies > 0).then(|| format!("{} {bodies}", host.label))
        });
        let read = read.collect::<Vec<_>>().join(", ");
        let (version, read) = match outcome {
            Ok(version) => (version.clone(), read),
            Err(error) => {
                let skipped = |host: &&Host| host.skipped.iter().any(|it| is_of(it, source));
                let hosts = hosts.iter().map(|(_, host)| *host).filter(skipped);
                let hosts: Vec<_> = hosts.map(|it| it.label.as_str()).collect();
                ("–".to_owned(), format!("not run ({}): {error}", hosts.join(", ")))
            }
        };
        let name = match source.registry {
            Registry::Given => source.name.to_owned(),
            _ => format!("`{}`", source.name),
        };
        line(page, format_args!("| {name} | {} | {version} | {read} |", source.registry.label()));
    }
}

/// A test may ask for one folder of a source.
fn is_of(asked: &str, source: &Source) -> bool {
    asked.split('/').next() == Some(source.folder)
}

/// What was not read, reason by reason.
fn unread(page: &mut String, hosts: &[(&str, &Host)]) {
    let mut by_reason: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (_, host) in hosts {
        for (source, body, reason) in &host.unread {
            by_reason.entry((&host.label, source, reason)).or_default().insert(body);
        }
    }
    if by_reason.is_empty() {
        return;
    }
    page.push_str("\nNot read:\n\n");
    for ((label, source, reason), bodies) in by_reason {
        let bodies: Vec<_> = bodies.iter().map(|it| format!("`{it}`")).collect();
        line(page, format_args!("- {label}, {source}: {} ({reason})", bodies.join(", ")));
    }
}

fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a text cannot fail.
    let _ = writeln!(page, "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::{evidence::tests::some_evidence, sources::SOURCES};

    #[test]
    fn the_page_says_what_was_told_and_what_is_missing() {
        let had: Vec<_> = SOURCES
            .iter()
            .map(|it| match it.folder {
                "go-gitlab" => (it, Ok("0.73".to_owned())),
                _ => (it, Err(anyhow::anyhow!("there is no network"))),
            })
            .collect();
        let page = write(&some_evidence(), &had);
        for expected in [
            "| tags | ● W |",
            "| releases | ○ |",
            "| branches | ? |",
            "| a bomb | 1 |",
            "| tag | 7 |",
            "| `golang-github-xanzy-go-gitlab-dev` | Debian | 0.73 | GitLab 3 |",
            "| `pygithub` | PyPI | – | not run (GitLab): there is no network |",
            "- GitLab, go-gitlab: `x.json` (it is cut off)",
            "- the smallest scope is asked for",
            "cargo xtask conformance --fixtures DIR",
        ] {
            assert!(page.contains(expected), "{expected} is not in\n{page}");
        }
    }
}
