//! Repositories for tests, made by the `git` program without anybody's
//! configuration.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    path::Path,
    process::{Command, Output, Stdio},
};

/// What the known repository has.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Its branches, by name.
    pub branches: &'static [&'static str],
    /// How many commits `main` reaches.
    pub commits: usize,
    /// Its tags, by name.
    pub tags: &'static [&'static str],
    /// Its annotated tags, newest first.
    pub releases: &'static [&'static str],
    /// How many people wrote the commits of `main`.
    pub contributors: usize,
    /// How many files and folders `main` has.
    pub entries: usize,
    /// How many of them are at the top.
    pub top_entries: usize,
}

/// The repository that [`make_known`] makes.
pub const SHAPE: Shape = Shape {
    branches: &["feature-x", "feature/a", "feature/b", "main"],
    commits: 26,
    tags: &["light", "v1.0", "v1.1", "v2.0"],
    releases: &["v2.0", "v1.1", "v1.0"],
    contributors: 3,
    entries: 28,
    top_entries: 4,
};

/// Runs `git` in `folder` and gives what it writes.
///
/// # Errors
///
/// When there is no such program, or it says no.
pub fn git(folder: &Path, arguments: &[&str], input: &[u8]) -> io::Result<Vec<u8>> {
    let Output { status, stdout, stderr } = run(folder, arguments, input)?;
    if status.success() {
        return Ok(stdout);
    }
    let said = String::from_utf8_lossy(&stderr);
    Err(io::Error::other(format!("git {}: {said}", arguments.join(" "))))
}

fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> io::Result<Output> {
    let mut child = Command::new("git")
        .args(["-c", "safe.directory=*", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .current_dir(folder)
        .envs([("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("TZ", "UTC")])
        .envs([("GIT_AUTHOR_NAME", "Ada"), ("GIT_AUTHOR_EMAIL", "ada@example.org")])
        .envs([("GIT_COMMITTER_NAME", "Ada"), ("GIT_COMMITTER_EMAIL", "ada@example.org")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take();
    std::thread::scope(|scope| {
        scope.spawn(move || stdin.take().map(|mut stdin| stdin.write_all(input)));
        child.wait_with_output()
    })
}

/// Makes an empty bare repository at `root/path`.
///
/// # Errors
///
/// What the file system or `git` says.
pub fn make_empty(root: &Path, path: &str) -> io::Result<()> {
    std::fs::create_dir_all(root)?;
    git(root, &["init", "--quiet", "--bare", "--initial-branch=main", path], b"").map(drop)
}

/// Makes a bare repository at `root/path` from a stream for `git fast-import`.
///
/// # Errors
///
/// What the file system or `git` says.
pub fn make(root: &Path, path: &str, stream: &[u8]) -> io::Result<()> {
    make_empty(root, path)?;
    git(&root.join(path), &["fast-import", "--quiet"], stream).map(drop)
}

/// Makes a bare repository of [`SHAPE`] at `root/path`.
///
/// # Errors
///
/// What the file system or `git` says.
pub fn make_known(root: &Path, path: &str) -> io::Result<()> {
    let mut stream = Stream::default();
    stream.commit("main", "Ada <ada@example.org>", "Begin\n\nWith a guide.");
    stream.file("guide.md", "one\ntwo\nthree\nfour\nfive\nsix\n");
    for number in 0..20 {
        let author = if number % 3 == 0 { "Bo <BO@example.org>" } else { "Ada <ada@example.org>" };
        stream.commit("main", author, &format!("Add part {number}"));
        stream.file(&format!("src/part{number:02}/mod.rs"), &format!("// part {number}\n"));
        if number >= 10 {
            // Ten folders remain.
            stream.remove(&format!("src/part{:02}", number - 10));
        }
    }
    stream.tag("v1.0", "Version one\n\nThe first.");
    stream.commit("main", "Cy <cy@example.org>", "Say what it is");
    stream.file("README.md", "# Known\n");
    stream.tag("v1.1", "Version one and a bit");
    stream.branch("feature/a", "main");
    stream.branch("feature/b", "main");
    stream.branch("feature-x", "main");
    stream.commit("feature-x", "bo <bo@example.org>", "Try something");
    stream.file("src/part19/try.rs", "// try\n");
    stream.commit("main", "Ada <ada@example.org>", "Merge what was tried");
    stream.merge("feature-x");
    stream.file("src/part19/try.rs", "// try\n");
    stream.commit("main", "Ada <ada@example.org>", "Link the manual");
    stream.file("docs/manual.md", "manual\n");
    stream.link("docs/link", "manual.md");
    stream.commit("main", "Ada <ada@example.org>", "Move the guide");
    stream.remove("guide.md");
    stream.file("docs/guide.md", "one\ntwo\nthree\n4\nfive\nsix\n");
    stream.file("notes.txt", "a note\n");
    stream.tag("v2.0", "Version two");
    stream.branch_to_tag("light", "main");
    make(root, path, stream.as_bytes())
}

/// A stream for `git fast-import`. Every commit is a minute after the one
/// before it.
#[derive(Debug)]
pub struct Stream {
    text: String,
    seconds: u64,
}

impl Default for Stream {
    fn default() -> Self {
        Self { text: String::new(), seconds: 1_790_000_000 }
    }
}

impl Stream {
    /// Begins a commit on `branch`.
    pub fn commit(&mut self, branch: &str, author: &str, message: &str) {
        self.seconds += 60;
        let (length, seconds) = (message.len(), self.seconds);
        self.add(&format!(
            "commit refs/heads/{branch}\nauthor {author} {seconds} +0000\n\
             committer {author} {seconds} +0000\ndata {length}\n{message}\n"
        ));
    }

    /// The commit has `branch` as a second parent.
    pub fn merge(&mut self, branch: &str) {
        self.add(&format!("merge refs/heads/{branch}\n"));
    }

    /// The commit has a file.
    pub fn file(&mut self, path: &str, text: &str) {
        self.entry("100644", path, text);
    }

    /// The commit has a symbolic link.
    pub fn link(&mut self, path: &str, target: &str) {
        self.entry("120000", path, target);
    }

    /// The commit has an entry of this mode.
    pub fn entry(&mut self, mode: &str, path: &str, text: &str) {
        self.add(&format!("M {mode} inline \"{path}\"\ndata {}\n{text}\n", text.len()));
    }

    /// The commit has a submodule.
    pub fn submodule(&mut self, path: &str, commit: &str) {
        self.add(&format!("M 160000 {commit} \"{path}\"\n"));
    }

    /// The commit lacks a file or folder.
    pub fn remove(&mut self, path: &str) {
        self.add(&format!("D \"{path}\"\n"));
    }

    /// An annotated tag on `main`, a minute later.
    pub fn tag(&mut self, name: &str, message: &str) {
        self.seconds += 60;
        let (length, seconds) = (message.len(), self.seconds);
        self.add(&format!(
            "tag {name}\nfrom refs/heads/main\ntagger Ada <ada@example.org> {seconds} +0000\n\
             data {length}\n{message}\n"
        ));
    }

    /// A branch where `from` is.
    pub fn branch(&mut self, name: &str, from: &str) {
        self.add(&format!("reset refs/heads/{name}\nfrom refs/heads/{from}\n\n"));
    }

    /// A tag without a message, where the branch `from` is.
    pub fn branch_to_tag(&mut self, name: &str, from: &str) {
        self.add(&format!("reset refs/tags/{name}\nfrom refs/heads/{from}\n\n"));
    }

    /// The stream so far.
    pub fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    fn add(&mut self, text: &str) {
        // Writing to a `String` cannot fail.
        let _ = self.text.write_str(text);
    }
}
