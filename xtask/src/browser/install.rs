//! What the journeys need: a browser, Node and Python of the system, and the
//! packages that the lockfiles pin, in a folder below `target/`.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::Duration,
};

use anyhow::Context as _;

use super::python_in;
use crate::{
    programs::{Needed, ensure as ensure_program, in_path},
    run::{read, run},
    terminal::note,
    workspace::Workspace,
};

/// The journeys, and the lockfiles of what they use.
const SOURCES: &str = "tests/browser";

/// Names a browser where Debian's is not.
const CHROMIUM: &str = "GITLODGE_TEST_CHROMIUM";

/// How long a registry that was away has to come back.
const PAUSE: Duration = Duration::from_secs(10);

/// Its presence says that the packages of its content are installed.
const INSTALLED: &str = "installed";

const BROWSER: Needed = Needed {
    what: "Chromium, which looks at the pages,",
    debian_package: "chromium",
    elsewhere: "install it and name its program in GITLODGE_TEST_CHROMIUM",
};

const NODE: Needed = Needed {
    what: "Node 20 or later, which drives the browser,",
    debian_package: "nodejs",
    elsewhere: "see https://nodejs.org/, where a newer one is than an old Debian has",
};

const NPM: Needed = Needed {
    what: "npm, which brings the packages of tests/browser/package-lock.json,",
    debian_package: "npm",
    elsewhere: "see https://nodejs.org/",
};

const PYTHON: Needed = Needed {
    what: "Python 3 with `venv`, for an OAuth client in Python,",
    debian_package: "python3-venv",
    elsewhere: "see https://www.python.org/downloads/",
};

/// Where everything is.
pub(super) struct Place {
    /// A copy of the journeys, beside the packages that they import.
    pub(super) folder: PathBuf,
    pub(super) chromium: PathBuf,
}

/// Installs what is missing.
///
/// # Errors
///
/// What is missing, when it cannot be installed.
pub(super) fn ensure(workspace: &Workspace) -> anyhow::Result<Place> {
    let chromium = ensure_program(&BROWSER, || {
        let given = env::var_os(CHROMIUM).map(PathBuf::from);
        given.or_else(|| in_path("chromium")).or_else(|| in_path("chromium-browser"))
    })?;
    ensure_program(&NODE, node_of_20)?;
    ensure_program(&NPM, || in_path("npm"))?;
    ensure_program(&PYTHON, python_with_venv)?;

    let sources = workspace.root.join(SOURCES);
    let folder = workspace.target.join("browser");
    copy(&sources, &folder)?;
    let locks = ["package-lock.json", "clients/requirements.txt"];
    let wanted: Vec<_> =
        locks.iter().map(|it| fs::read_to_string(sources.join(it))).collect::<Result<_, _>>()?;
    let wanted = wanted.concat();
    let mark = folder.join(INSTALLED);
    if fs::read_to_string(&mark).is_ok_and(|it| it == wanted) {
        return Ok(Place { folder, chromium });
    }
    note("getting the packages of the browser tests");
    // Nothing of a package runs while it is installed.
    let npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    twice("npm", Command::new("npm").args(npm).current_dir(&folder), PAUSE)?;
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder.join("python")))?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "--only-binary=:all:",
        "--requirement=clients/requirements.txt",
    ];
    twice("pip", Command::new(python_in(&folder)).args(pip).current_dir(&folder), PAUSE)?;
    fs::write(&mark, wanted)?;
    Ok(Place { folder, chromium })
}

/// Runs what asks a registry. Both programs ask again by themselves when one
/// answer is missing; this is for a registry that is away for a moment.
fn twice(name: &str, command: &mut Command, pause: Duration) -> anyhow::Result<()> {
    let Err(first) = run(command) else { return Ok(()) };
    note(&format!("{first:#}; trying again in {} s", pause.as_secs()));
    thread::sleep(pause);
    let packages = format!("{name} could not bring the packages of the browser tests, twice");
    run(command).context(packages)
}

/// Node as `engines` in `package.json` wants it.
fn node_of_20() -> Option<()> {
    let version = read(Command::new("node").arg("--version")).ok()?;
    (major(&version)? >= 20).then_some(())
}

/// The first number of `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Debian's `python3` comes without.
fn python_with_venv() -> Option<()> {
    let mut asked = Command::new("python3");
    let answered = asked.args(["-c", "import venv, ensurepip"]).output().ok()?;
    answered.status.success().then_some(())
}

/// The files of the journeys, in the order of their names.
pub(super) fn tests(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut files = Vec::new();
    for below in ["", "clients"] {
        for entry in fs::read_dir(folder.join(below))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".test.js") {
                files.push(Path::new(below).join(name).to_string_lossy().into_owned());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Modules find packages beside themselves only, so the journeys are copied to
/// where their packages are. What is no longer in `from` does not stay.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for file in tests(to).unwrap_or_default() {
        fs::remove_file(to.join(file))?;
    }
    for entry in fs::read_dir(from).with_context(|| format!("{} is missing", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            if entry.file_name() != "node_modules" {
                copy(&entry.path(), &target)?;
            }
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_node_is_its_first_number() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("node"), None);
    }

    #[test]
    fn what_a_registry_did_not_answer_is_asked_for_once_more() {
        let scratch = crate::scratch::Scratch::open("registry-test", 90).unwrap();
        let mark = scratch.folder.join("mark");
        let ask = "if [ -e \"$0\" ]; then exit 0; fi; touch \"$0\"; exit 1";
        twice("sh", Command::new("sh").args(["-c", ask]).arg(&mark), Duration::ZERO).unwrap();
        let away = twice("sh", &mut Command::new("false"), Duration::ZERO).unwrap_err();
        assert!(away.to_string().contains("sh could not bring"), "{away}");
    }

    #[test]
    fn a_journey_that_was_removed_is_not_run_again() {
        let scratch = crate::scratch::Scratch::open("browser-test", 90).unwrap();
        let (from, to) = (scratch.folder.join("from"), scratch.folder.join("to"));
        fs::create_dir_all(from.join("clients")).unwrap();
        fs::write(from.join("clients").join("b.test.js"), "").unwrap();
        fs::write(from.join("a.test.js"), "").unwrap();
        fs::write(from.join("pages.js"), "").unwrap();
        copy(&from, &to).unwrap();
        fs::remove_file(from.join("a.test.js")).unwrap();
        copy(&from, &to).unwrap();
        assert_eq!(tests(&to).unwrap(), ["clients/b.test.js"]);
        assert!(to.join("pages.js").is_file());
    }
}
