//! The repositories of the demo, made on first start.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, ensure};

use crate::print;

/// Histories as `git fast-import` reads them. The webshop has everything that
/// one should not commit; all its secrets are invented.
const HISTORIES: [(&str, &str); 2] = [
    ("tea/webshop.git", include_str!("../../demo/webshop.fi")),
    ("tea/handbook.git", include_str!("../../demo/handbook.fi")),
];

/// The folder of the demo's repositories, made when it is not there.
pub(crate) fn repositories(data: &Path) -> anyhow::Result<PathBuf> {
    let folder = data.join("demo-repositories");
    if folder.is_dir() {
        return Ok(folder);
    }
    print::line("making the demo's repositories …")?;
    // Made beside its place and moved there whole, so that a start that was
    // cut off begins again.
    let half = data.join("demo-repositories.half");
    if half.exists() {
        std::fs::remove_dir_all(&half)?;
    }
    for (name, history) in HISTORIES {
        let path = half.join(name);
        git(Command::new("git").args(["init", "--quiet", "--bare", "-b", "main"]).arg(&path), "")?;
        git(Command::new("git").arg("-C").arg(&path).args(["fast-import", "--quiet"]), history)?;
    }
    let checkout = Command::new("git").args(["rev-parse", "--show-toplevel"]).output();
    let checkout = checkout.ok().filter(|it| it.status.success());
    if let Some(checkout) = checkout.and_then(|it| String::from_utf8(it.stdout).ok()) {
        let mut clone = Command::new("git");
        clone.args(["clone", "--quiet", "--bare", "--no-hardlinks", checkout.trim()]);
        git(clone.arg(half.join("this-checkout.git")), "")?;
    }
    std::fs::rename(&half, &folder)?;
    Ok(folder)
}

/// Runs one `git`, with `input` on its standard input.
fn git(command: &mut Command, input: &str) -> anyhow::Result<()> {
    let missing = "the demo makes its repositories with the program `git`: install it, or give a \
                   folder of repositories with --repositories";
    let mut child = command.stdin(Stdio::piped()).spawn().context(missing)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let status = child.wait()?;
    ensure!(status.success(), "`git` could not make a repository of the demo");
    Ok(())
}
