//! Every test, with everything it needs.

use std::{env, ffi::OsString, path::Path, process::Command};

use anyhow::Context;

use crate::{
    postgres::Cluster,
    programs::{Needed, ensure, in_path},
    run::{cargo, run},
    terminal::note,
    workspace::Workspace,
};

/// Where the suite finds PostgreSQL. Whoever sets it brings a database along.
const DATABASE_URL: &str = "GITLODGE_TEST_DATABASE_URL";

/// Where the end-to-end tests find the binary.
const BINARY: &str = "GITLODGE_TEST_BINARY";

const FIXTURES: Needed = Needed {
    what: "the collection of test repositories (/usr/share/doc/libgit2-fixtures)",
    debian_package: "libgit2-fixtures",
    elsewhere: "unpack the files of Debian's package libgit2-fixtures to that folder",
};

const GIT: Needed = Needed {
    what: "git, which makes repositories for the tests,",
    debian_package: "git",
    elsewhere: "see https://git-scm.com/downloads",
};

/// Runs the suite; `runner` goes to the test runner.
///
/// # Errors
///
/// When something is missing, or a test fails.
pub(crate) fn test(workspace: &Workspace, runner: &[String]) -> anyhow::Result<()> {
    ensure(&GIT, || in_path("git"))?;
    ensure(&FIXTURES, || Path::new("/usr/share/doc/libgit2-fixtures").is_dir().then_some(()))?;
    // Built first: without Cargo's build the end-to-end tests have nothing to start.
    run(cargo().current_dir(&workspace.root).args(["build", "--package", "lodge-server"]))?;
    let binary = workspace.target.join("debug").join("gitlodge");

    let given = env::var(DATABASE_URL).ok();
    let cluster = if given.is_none() { Some(Cluster::start()?) } else { None };
    let url = given.or_else(|| cluster.as_ref().map(Cluster::url)).unwrap_or_default();
    note(&format!("PostgreSQL is at {url}"));
    let environment = [(DATABASE_URL, OsString::from(url)), (BINARY, binary.into_os_string())];

    // Doctests first: the summary of the runner is what one reads last.
    if runner.is_empty() {
        let mut doctests = cargo();
        doctests.current_dir(&workspace.root).args(["test", "--quiet", "--doc", "--workspace"]);
        run(doctests.envs(environment.clone())).context("a doctest failed")?;
    }
    let mut tests = command(runner);
    run(tests.current_dir(&workspace.root).envs(environment)).context("a test failed")
}

/// The runner: nextest where there is one.
fn command(runner: &[String]) -> Command {
    let nextest = in_path("cargo-nextest").is_some();
    let mut tests = cargo();
    tests.args(arguments(nextest, runner));
    tests
}

fn arguments(nextest: bool, runner: &[String]) -> Vec<String> {
    let mut arguments: Vec<&str> = if nextest { vec!["nextest", "run"] } else { vec!["test"] };
    if !chooses_packages(runner) {
        arguments.push("--workspace");
    }
    arguments.push("--no-fail-fast");
    if !nextest && runner.is_empty() {
        // Doctests have run by themselves.
        arguments.push("--all-targets");
    }
    arguments.into_iter().chain(runner.iter().map(String::as_str)).map(str::to_owned).collect()
}

/// `--workspace` would win over a choice of packages without a word.
fn chooses_packages(runner: &[String]) -> bool {
    runner
        .iter()
        .take_while(|it| *it != "--")
        .any(|it| it.starts_with("-p") || it.starts_with("--package"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(nextest: bool, runner: &[&str]) -> String {
        let runner: Vec<String> = runner.iter().map(|it| (*it).to_owned()).collect();
        arguments(nextest, &runner).join(" ")
    }

    #[test]
    fn everything_is_run_unless_packages_are_chosen() {
        assert_eq!(asked(true, &[]), "nextest run --workspace --no-fail-fast");
        assert_eq!(
            asked(true, &["-p", "lodge-store"]),
            "nextest run --no-fail-fast -p lodge-store"
        );
        assert_eq!(asked(true, &["sealed"]), "nextest run --workspace --no-fail-fast sealed");
    }

    #[test]
    fn cargo_alone_will_do() {
        assert_eq!(asked(false, &[]), "test --workspace --no-fail-fast --all-targets");
        assert_eq!(asked(false, &["--", "-p", "x"]), "test --workspace --no-fail-fast -- -p x");
    }
}
