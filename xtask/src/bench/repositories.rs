//! Repositories made for measuring, the same on every machine.

use std::{
    fs,
    io::{BufWriter, Write},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, bail};

use crate::run::run;

/// Files in each repository.
const FILES: usize = 450;

/// Files that one commit changes.
const CHANGED: usize = 6;

/// Makes a bare repository with `commits` commits on `main` in `folder`.
///
/// Six files change in each commit, among four hundred and fifty.
pub(super) fn make(folder: &Path, commits: usize) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    run(git(folder).args(["init", "--quiet", "--bare", "--initial-branch=main", "."]))?;
    let mut import = git(folder);
    import.args(["fast-import", "--quiet"]).stdin(Stdio::piped());
    let mut import = import.spawn().context("`git` cannot start")?;
    let told = import.stdin.take().context("`git` does not listen")?;
    write_history(&mut BufWriter::new(told), commits).context("`git fast-import` hung up")?;
    if !import.wait()?.success() {
        bail!("`git fast-import` failed");
    }
    run(git(folder).args(["repack", "-a", "-d", "--quiet"]))?;
    run(git(folder).args(["commit-graph", "write", "--no-progress"]))
}

/// git in `folder`, without the settings of whoever runs us.
pub(super) fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    git.current_dir(folder);
    git
}

/// Writes a history in the language of `git fast-import`.
fn write_history(to: &mut impl Write, commits: usize) -> std::io::Result<()> {
    for commit in 0..commits {
        let when = 1_700_000_000 + commit * 60;
        let author = commit % 17;
        let message =
            format!("Change the engine, part {commit}\n\nPart {} asked for it.\n", commit / 2);
        write!(
            to,
            "commit refs/heads/main\nauthor Author {author} <author{author}@example.com> {when} +0000\n\
             committer Committer <committer@example.com> {when} +0000\ndata {}\n{message}",
            message.len()
        )?;
        // The first commit brings every file, the others change a few.
        let changed = if commit == 0 { FILES } else { CHANGED };
        for step in 0..changed {
            let file = if commit == 0 { step } else { (commit * 7 + step * 71) % FILES };
            let text = source(file, commit);
            let path = format!("src/part{}/file{file}.rs", file % 20);
            write!(to, "M 100644 inline {path}\ndata {}\n{text}\n", text.len())?;
        }
    }
    to.flush()
}

/// Eighty lines, of which some depend on the commit.
fn source(file: usize, commit: usize) -> String {
    (0..80)
        .map(|line| match line % 11 {
            0 => format!(
                "    let value_{line} = compute({file}, {}); // turn {}\n",
                commit % 97,
                commit / 3
            ),
            _ => {
                format!("    call_number_{line}(file_{file}, \"a constant text of this line\");\n")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{run::read, scratch::Scratch};

    #[test]
    fn a_made_repository_has_its_commits_and_files() {
        let scratch = Scratch::open("repository-test", 200).unwrap();
        let folder = scratch.folder.join("one.git");
        make(&folder, 12).unwrap();
        let ask = |arguments: &[&str]| read(git(&folder).args(arguments)).unwrap();
        assert_eq!(ask(&["rev-list", "--count", "main"]).trim(), "12");
        assert_eq!(ask(&["ls-tree", "-r", "--name-only", "main"]).lines().count(), FILES);
        assert_eq!(ask(&["show", "--format=", "--name-only", "main"]).lines().count(), CHANGED);
    }
}
