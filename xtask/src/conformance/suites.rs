//! The tests of every host, built by Cargo and run one program at a time: each
//! test is then known by its program and its name, as the facts name it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::{
    run::{cargo, read},
    terminal::{note, say},
    workspace::Workspace,
};

/// The package of a host begins with this; the rest is its name.
const PREFIX: &str = "lodge-provider-";

/// What all hosts share, which is none.
const KIT: &str = "lodge-provider-kit";

/// What a test is about: the name of its file or of a module that it is in.
pub(super) const TOPICS: [&str; 6] =
    ["contract", "agrees", "faults", "login", "webhooks", "recordings"];

/// A test that was run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ran {
    pub host: String,
    /// The file name of its program.
    pub program: String,
    /// Its path in the program.
    pub test: String,
    pub passed: bool,
}

impl Ran {
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.host, self.test)
    }

    pub(super) fn topic(&self) -> Option<&'static str> {
        topic(&self.program, &self.test)
    }
}

/// What `test` of `program` is about. The program's name ends with a hash.
pub(super) fn topic(program: &str, test: &str) -> Option<&'static str> {
    let file = program.rsplit_once('-').map_or(program, |(file, _)| file);
    // `git_agrees` is about what agrees.
    let file = file.rsplit('_').next();
    let mut words = file.into_iter().chain(test.split("::"));
    words.find_map(|word| TOPICS.into_iter().find(|it| *it == word))
}

/// What Cargo says of each thing that it built, as far as we ask.
#[derive(Deserialize)]
struct Built {
    manifest_path: Option<PathBuf>,
    executable: Option<PathBuf>,
    target: Option<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

/// The names of the hosts, in the order of their folders.
fn hosts(workspace: &Workspace) -> Vec<&str> {
    let names = workspace.packages.iter().map(|it| it.name.as_str());
    names.filter(|it| *it != KIT).filter_map(|it| it.strip_prefix(PREFIX)).collect()
}

/// Runs every test of every host.
pub(super) fn run(
    workspace: &Workspace,
    recordings: &Path,
    report: &Path,
) -> anyhow::Result<Vec<Ran>> {
    let hosts = hosts(workspace);
    let mut compiler = cargo();
    compiler.current_dir(&workspace.root).args(["test", "--no-run", "--lib", "--tests"]);
    compiler.arg("--message-format=json-render-diagnostics");
    for host in &hosts {
        compiler.args(["--package", &format!("{PREFIX}{host}")]);
    }
    note("building the tests of every host");
    let built = read(&mut compiler)?;
    let mut ran = Vec::new();
    for line in built.lines() {
        let Ok(built) = serde_json::from_str::<Built>(line) else { continue };
        let (Some(manifest), Some(program)) = (built.manifest_path, built.executable) else {
            continue;
        };
        let is_test = |it: &Target| it.kind.iter().any(|it| it == "lib" || it == "test");
        let folder = manifest.parent().context("a package is nowhere")?;
        let host = workspace.packages.iter().find(|it| workspace.root.join(&it.folder) == folder);
        let host = host.and_then(|it| it.name.strip_prefix(PREFIX));
        let Some(host) = host.filter(|_| built.target.as_ref().is_some_and(is_test)) else {
            continue;
        };
        let name = program.file_name().and_then(|it| it.to_str()).context("no name")?;
        note(&format!("{host}: {name}"));
        let mut tests = Command::new(&program);
        // Tests have threads of their own, whose names the facts bear, when
        // there is more than one.
        tests.arg("--test-threads=4").current_dir(folder);
        tests.env("CARGO_MANIFEST_DIR", folder).env("INSTA_UPDATE", "no");
        tests.env("INSTA_WORKSPACE_ROOT", &workspace.root);
        tests.env("GITLODGE_RECORDINGS", recordings).env("GITLODGE_CONFORMANCE_REPORT", report);
        let output = tests.output().with_context(|| format!("{name} cannot start"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            say(&text);
        }
        let found = outcomes(&text).map(|(test, passed)| Ran {
            host: host.to_owned(),
            program: name.to_owned(),
            test: test.to_owned(),
            passed,
        });
        let before = ran.len();
        ran.extend(found);
        let failed = ran.iter().skip(before).any(|it| !it.passed);
        ensure!(output.status.success() || failed, "{name} ended with {}", output.status);
    }
    for host in hosts {
        ensure!(ran.iter().any(|it| it.host == host), "{host} has no tests");
    }
    Ok(ran)
}

/// The tests that `libtest` says it ran, and whether each passed.
fn outcomes(said: &str) -> impl Iterator<Item = (&str, bool)> {
    said.lines().filter_map(|line| {
        let (test, outcome) = line.strip_prefix("test ")?.split_once(" ... ")?;
        let test = test.trim_end_matches(" - should panic");
        match outcome.split(' ').next()? {
            "ok" => Some((test, true)),
            "FAILED" => Some((test, false)),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_read_as_the_runner_writes_them() {
        let text = "\nrunning 4 tests\ntest agrees::tags ... ok\ntest b - should panic ... FAILED\n\
                    test c ... ignored, slow\ntest d ... ok <0.1s>\n\ntest result: FAILED. 2 passed";
        let found: Vec<_> = outcomes(text).collect();
        assert_eq!(found, [("agrees::tags", true), ("b", false), ("d", true)]);
    }

    #[test]
    fn a_topic_is_a_file_or_a_module() {
        assert_eq!(topic("faults-0f1e2d", "a_bomb_is_not_unpacked"), Some("faults"));
        assert_eq!(topic("bitbucket-0f1e2d", "login::a_code"), Some("login"));
        assert_eq!(topic("git_agrees-0f1e2d", "trees_are_the_same"), Some("agrees"));
        assert_eq!(topic("lodge_provider_gitea-0f", "payload::recordings::x"), Some("recordings"));
        assert_eq!(topic("lodge_provider_gitea-0f", "payload::tests::x"), None);
    }
}
