//! The program under test.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

use anyhow::{Context as _, bail, ensure};

/// Names the binary. `cargo xtask test` sets it.
const VARIABLE: &str = "GITLODGE_TEST_BINARY";

/// `gitlodge`, without the settings that this process happens to have.
///
/// # Errors
///
/// When there is no binary, and none can be built.
pub fn gitlodge() -> anyhow::Result<Command> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let path = match env::var_os(VARIABLE) {
        Some(path) => PathBuf::from(path),
        None => match BUILT.get_or_init(|| build().map_err(|error| format!("{error:#}"))) {
            Ok(path) => path.clone(),
            Err(error) => bail!("{error}"),
        },
    };
    ensure!(path.is_file(), "{VARIABLE} names {}, which is not there", path.display());
    let mut command = Command::new(path);
    for (name, _) in env::vars_os().filter(|(it, _)| it.as_encoded_bytes().starts_with(b"GITLODGE"))
    {
        command.env_remove(name);
    }
    Ok(command)
}

/// Runs `gitlodge` with `arguments` to its end.
///
/// # Errors
///
/// When it cannot be started.
pub fn run(arguments: &[&str]) -> anyhow::Result<Output> {
    gitlodge()?.args(arguments).output().context("`gitlodge` cannot be started")
}

/// Builds the binary, for those who run the tests without xtask.
fn build() -> anyhow::Result<PathBuf> {
    let built = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--package", "lodge-server", "--message-format=json-render-diagnostics"])
        .output()
        .context("cargo cannot be started")?;
    ensure!(
        built.status.success(),
        "there is no binary to test: set {VARIABLE}, or mend what `cargo build -p lodge-server` \
         says:\n{}",
        String::from_utf8_lossy(&built.stderr)
    );
    let messages = String::from_utf8_lossy(&built.stdout);
    let executables = messages.lines().filter_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        message.get("executable")?.as_str().map(PathBuf::from)
    });
    let named = |it: &PathBuf| it.file_stem().is_some_and(|stem| stem == Path::new("gitlodge"));
    executables.into_iter().find(named).context("cargo built no `gitlodge`")
}
