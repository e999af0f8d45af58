//! Repositories for tests, written by `git fast-import`.

use std::{
    fmt::Write as _,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, ensure};

/// When the first commit is made, in seconds since 1970; each next one is a
/// minute later.
const BEGINNING: u64 = 1_700_000_000;

/// A history in the making.
/// Format: <https://git-scm.com/docs/git-fast-import>.
#[derive(Debug, Default)]
pub struct History {
    script: String,
    commits: u64,
}

impl History {
    /// `n` commits to `main` or merged into it: after every six commits there,
    /// a branch of three is merged.
    pub fn with_merges(n: u64) -> Self {
        let mut history = Self::default();
        let mut tip = history.commit("Begin", &[], &[("README.md", "# The library\n")]);
        while history.commits < n {
            if history.commits % 10 == 6 && history.commits + 4 <= n {
                let fork = tip;
                let mut side = fork;
                for step in 1..=3 {
                    let text = format!("{step} of the branch at {fork}\n");
                    side = history.commit("Work aside", &[side], &[("aside.txt", &text)]);
                }
                tip = history.commit("Merge what was done aside", &[fork, side], &[]);
            } else {
                let text = format!("line {tip}\n");
                let path = format!("shelves/{}.txt", tip % 17);
                tip = history.commit("Add a line", &[tip], &[(&path, &text)]);
            }
        }
        history
    }

    /// One more commit after the last.
    #[must_use]
    pub fn then(mut self, message: &str, files: &[(&str, &str)]) -> Self {
        let parents: Vec<_> = (self.commits > 0).then_some(self.commits).into_iter().collect();
        self.commit(message, &parents, files);
        self
    }

    /// The same, with somebody else as author of what has none but Ada so far.
    #[must_use]
    pub fn by(mut self, name: &str, email: &str) -> Self {
        let author = format!("author {name} <{email}>");
        self.script = self.script.replace("author Ada Byron <ada@example.com>", &author);
        self
    }

    /// Adds a commit to the end of `main`; gives its mark.
    fn commit(&mut self, message: &str, parents: &[u64], files: &[(&str, &str)]) -> u64 {
        self.commits += 1;
        let mark = self.commits;
        let when = BEGINNING + mark * 60;
        let script = &mut self.script;
        // Writing to a `String` cannot fail.
        let _ = write!(
            script,
            "commit refs/heads/main\nmark :{mark}\n\
             author Ada Byron <ada@example.com> {when} +0000\n\
             committer Grace Murray <grace@example.com> {when} +0000\n\
             data {}\n{message}\n",
            message.len()
        );
        for (index, parent) in parents.iter().enumerate() {
            let word = if index == 0 { "from" } else { "merge" };
            let _ = writeln!(script, "{word} :{parent}");
        }
        for (path, text) in files {
            let _ = write!(script, "M 100644 inline {path}\ndata {}\n{text}\n", text.len());
        }
        script.push('\n');
        mark
    }

    /// Writes it into a bare repository at `path`.
    ///
    /// # Errors
    ///
    /// When `git` cannot.
    pub fn write(&self, path: &Path) -> anyhow::Result<Written> {
        let missing = "the tests make their repositories with the program `git`";
        let made = Command::new("git")
            .args(["init", "--quiet", "--bare", "--initial-branch=main"])
            .arg(path)
            .status()
            .context(missing)?;
        ensure!(made.success(), "`git init` failed");
        let mut import = Command::new("git")
            .arg("-C")
            .arg(path)
            .args(["fast-import", "--quiet"])
            .stdin(Stdio::piped())
            .spawn()
            .context(missing)?;
        if let Some(mut stdin) = import.stdin.take() {
            stdin.write_all(self.script.as_bytes())?;
        }
        ensure!(import.wait()?.success(), "`git fast-import` failed");
        Ok(Written { path: path.to_owned() })
    }
}

/// A repository on disk.
#[derive(Clone, Debug)]
pub struct Written {
    path: PathBuf,
}

impl Written {
    /// What `git` prints when it is run with `arguments` there.
    ///
    /// # Errors
    ///
    /// When `git` fails.
    pub fn git(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = Command::new("git").arg("-C").arg(&self.path).args(arguments).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }
}
