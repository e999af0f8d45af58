//! The host tells the same as the `git` program does.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says so by panicking"
)]

mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

use common::{Folder, at};
use lodge_forge::{DiffFile, FileStatus, PatchState};
use lodge_provider::{GitProvider, RepositoryRef, TreeFilter};
use lodge_testkit::{
    conformance::watched,
    provider_contract::{
        everything,
        folder::{self, Stream, git},
    },
};

fn ask(repository: &Path, arguments: &[&str]) -> String {
    String::from_utf8_lossy(&git(repository, arguments, b"").unwrap()).into_owned()
}

/// One file of `git log -p`: the hunks, and what else is compared.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    path: String,
    hunks: String,
    renamed_from: Option<String>,
}

/// The files of every commit, as `git log -p` has them.
fn told_by_git(repository: &Path, branch: &str) -> BTreeMap<String, Vec<Told>> {
    let log = ask(
        repository,
        &[
            // Attributes of the repository would change what is text.
            "--attr-source=4b825dc642cb6eb9a060e54bf8d69288fbee4904",
            "-c",
            "core.quotePath=false",
            "log",
            "--first-parent",
            "-m",
            "--root",
            "-p",
            "-U3",
            "-M",
            "--no-color",
            "--no-ext-diff",
            "--no-textconv",
            "--format=\u{1}\u{2}%H",
            branch,
        ],
    );
    let mut commits = BTreeMap::new();
    for commit in log.split("\u{1}\u{2}").skip(1) {
        let (sha, rest) = commit.split_once('\n').unwrap_or((commit, ""));
        let mut files = Vec::<Told>::new();
        for line in rest.split_inclusive('\n') {
            let hunk = files.last().is_some_and(|file| !file.hunks.is_empty());
            if line.starts_with("diff --git ") {
                let path = path_of(line.trim_end());
                files.push(Told { path, ..Told::default() });
            } else if let Some(file) = files.last_mut() {
                if let Some(from) = line.strip_prefix("rename from ").filter(|_| !hunk) {
                    file.renamed_from = Some(from.trim_end().to_owned());
                } else if hunk || line.starts_with("@@ ") {
                    file.hunks.push_str(line);
                }
            }
        }
        // Git tells a change of type as two files of one path.
        files.dedup_by(|next, kept| {
            let same = next.path == kept.path;
            if same {
                kept.hunks.push_str(&next.hunks);
            }
            same
        });
        commits.insert(sha.to_owned(), files);
    }
    commits
}

/// The last path of a `diff --git` line, which Git quotes when it is odd.
fn path_of(line: &str) -> String {
    match line.strip_suffix('"') {
        Some(quoted) => quoted.rsplit("\"b/").next().unwrap().replace("\\\\", "\\"),
        None => line.rsplit(" b/").next().unwrap().to_owned(),
    }
}

fn told_by_us(file: &DiffFile) -> Told {
    assert!(file.patch_state == PatchState::Full || file.binary == Some(true), "{file:?}");
    let renamed = file.status == FileStatus::Renamed;
    Told {
        path: file.path.clone(),
        hunks: file.patch.clone().unwrap_or_default(),
        renamed_from: file.previous_path.clone().filter(|_| renamed),
    }
}

/// Compares every commit of `branch`, its order and its diff. Gives how many
/// files were compared.
async fn compare(host: &dyn GitProvider, it: &RepositoryRef, path: &Path, branch: &str) -> usize {
    let list = async |page| host.list_commits(it.clone(), Some(branch.to_owned()), page).await;
    let commits = everything("100", list).await.unwrap();
    let shas = commits.iter().map(|commit| commit.sha.as_str()).collect::<Vec<_>>();
    let log = ask(path, &["log", "--format=%H", branch]);
    assert_eq!(shas, log.lines().collect::<Vec<_>>(), "{} {branch}", path.display());

    let mut compared = 0;
    for (sha, files) in told_by_git(path, branch) {
        let diff = host.commit_diff(it.clone(), sha.clone()).await.unwrap();
        assert_eq!(diff.truncated, None);
        compared += files.len();
        let ours = diff.files.iter().map(told_by_us).collect::<Vec<_>>();
        let differs = files.iter().zip(&ours).find(|(git, us)| git != us);
        assert!(
            differs.is_none() && files.len() == ours.len(),
            "{} {sha}: {differs:#?} of {} and {}",
            path.display(),
            files.len(),
            ours.len()
        );
    }
    compared
}

async fn compare_tree(host: &dyn GitProvider, it: &RepositoryRef, path: &Path, branch: &str) {
    let filter =
        TreeFilter { reference: Some(branch.to_owned()), recursive: true, ..TreeFilter::default() };
    let list = async |page| host.list_tree(it.clone(), filter.clone(), page).await;
    let tree = everything("7", list).await.unwrap();
    let ours = tree.into_iter().map(|entry| {
        let size = entry.size.map_or("-".to_owned(), |size| size.to_string());
        let kind = ["tree", "blob", "commit"].into_iter().find(|kind| {
            matches!(
                (*kind, entry.mode.as_deref().unwrap()),
                ("tree", "040000") | ("commit", "160000")
            )
        });
        let (mode, sha) = (entry.mode.unwrap(), entry.sha.unwrap());
        format!("{mode} {} {sha} {size}\t{}", kind.unwrap_or("blob"), entry.path)
    });
    let listing = ask(
        path,
        &[
            "-c",
            "core.quotePath=false",
            "ls-tree",
            "-r",
            "-t",
            "-z",
            "--format=%(objectmode) %(objecttype) %(objectname) %(objectsize)%x09%(path)",
            branch,
        ],
    );
    let theirs = listing.split_terminator('\0').map(|line| match line.split_once("\t\"") {
        Some((entry, path)) => {
            format!("{entry}\t{}", path.trim_end_matches('"').replace("\\\\", "\\"))
        }
        None => line.to_owned(),
    });
    let theirs = theirs.collect::<Vec<_>>();
    assert_eq!(ours.collect::<Vec<_>>(), theirs, "{} {branch}", path.display());
}

/// Chance that is the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

fn a_line(dice: &mut Dice) -> String {
    const LINES: [&str; 12] = [
        "",
        "}",
        "    }",
        "        return;",
        "fn work() {",
        "    let it = 1;",
        "    if it {",
        "// a remark",
        "\tindented();",
        "impl Thing {",
        "    }\n",
        "_private: yes",
    ];
    match dice.roll(3) {
        0 => format!("    call({});\n", dice.roll(40)),
        _ => format!("{}\n", LINES[dice.roll(LINES.len())]),
    }
}

fn edit(dice: &mut Dice, text: &str) -> String {
    let mut lines = text.split_inclusive('\n').map(str::to_owned).collect::<Vec<_>>();
    for _ in 0..=dice.roll(6) {
        let at = dice.roll(lines.len() + 1);
        let until = lines.len().min(at + dice.roll(5));
        let new = (0..dice.roll(6)).map(|_| a_line(dice)).collect::<Vec<_>>();
        if dice.roll(4) == 0 {
            let moved = lines.splice(at..until, []).collect::<Vec<_>>();
            let to = dice.roll(lines.len() + 1);
            lines.splice(to..to, moved);
        } else {
            lines.splice(at..until, new);
        }
    }
    let text = lines.concat();
    if dice.roll(12) == 0 { text.trim_end_matches('\n').to_owned() } else { text }
}

/// Files that are edited, moved, copied and removed by chance.
fn a_history(seed: u64, commits: usize) -> Stream {
    let (mut dice, mut stream) = (Dice(seed), Stream::default());
    let mut files = BTreeMap::<String, String>::new();
    for number in 0..commits {
        stream.commit("main", "Ada <ada@example.org>", &format!("Change {number}"));
        for change in 0..=dice.roll(6) {
            let names = files.keys().cloned().collect::<Vec<_>>();
            let known = (!names.is_empty()).then(|| names[dice.roll(names.len())].clone());
            let folder = ["", "src/", "src/deep/er/", "docs/"][dice.roll(4)];
            let fresh = format!("{folder}{}{number}-{change}.rs", ["a", "mod", "b"][dice.roll(3)]);
            match (dice.roll(8), known) {
                (0..=3, Some(name)) => {
                    let text = edit(&mut dice, &files[&name]);
                    stream.file(&name, &text);
                    files.insert(name, text);
                }
                (4, Some(name)) => {
                    stream.remove(&name);
                    files.remove(&name);
                }
                (5 | 6, Some(name)) => {
                    let old = files.remove(&name).unwrap();
                    let text = if dice.roll(2) == 0 { old } else { edit(&mut dice, &old) };
                    let base = name.rsplit('/').next().unwrap();
                    let to = if dice.roll(2) == 0 { fresh } else { format!("{folder}{base}") };
                    stream.remove(&name);
                    stream.file(&to, &text);
                    files.insert(to, text);
                }
                _ => {
                    let text = (0..dice.roll(60)).map(|_| a_line(&mut dice)).collect::<String>();
                    stream.file(&fresh, &text);
                    files.insert(fresh, text);
                }
            }
        }
    }
    stream
}

#[tokio::test]
async fn four_hundred_commits_made_by_chance_read_the_same() {
    let folder = Folder::new();
    let host = watched(Arc::new(folder.host()));
    let mut compared = 0;
    for seed in 1..=4 {
        let name = format!("{seed}.git");
        folder::make(&folder.root(), &name, a_history(seed, 100).as_bytes()).unwrap();
        let path = folder.root().join(&name);
        compared += compare(&*host, &at(&name), &path, "main").await;
        compare_tree(&*host, &at(&name), &path, "main").await;
    }
    assert!(compared > 800, "only {compared} files were compared");
}

#[tokio::test]
async fn every_head_in_the_libgit2_fixtures_reads_the_same() {
    let folder = Folder::new();
    common::libgit2_fixtures(&folder.root());
    let host = watched(Arc::new(folder.host()));
    let list = async |page| host.list_repositories(common::account(), page).await;
    let (mut seen, mut compared) = (BTreeSet::new(), 0);
    for repository in everything("100", list).await.unwrap() {
        let path = folder.root().join(&repository.native_id);
        let it = at(&repository.native_id);
        let list = async |page| host.list_branches(it.clone(), page).await;
        for branch in everything("100", list).await.unwrap() {
            // Several fixtures are copies of one repository.
            if !seen.insert(branch.sha.clone()) {
                continue;
            }
            let whole = git(&path, &["rev-list", "--objects", &branch.sha, "--"], b"");
            let name = format!("refs/heads/{}", branch.name);
            if whole.is_err() || git(&path, &["show", "-s", &name, "--"], b"").is_err() {
                continue; // Git itself cannot read it.
            }
            compared += compare(&*host, &it, &path, &branch.name).await;
            compare_tree(&*host, &it, &path, &branch.name).await;
        }
    }
    assert!(seen.len() > 80 && compared > 300, "{} heads, {compared} files", seen.len());
}

#[tokio::test]
async fn people_are_counted_by_address_as_the_mailmap_has_it() {
    let folder = Folder::new();
    let mut stream = Stream::default();
    for (author, count) in
        [("Ada <ada@a.example>", 3), ("Ada L <Ada@A.example>", 2), ("Bo <b@b.example>", 4)]
    {
        for number in 0..count {
            stream.commit("main", author, "Write");
            stream.file("a", &format!("{author} {number}\n"));
        }
    }
    stream.commit("main", "Cy <old@c.example>", "Move house");
    stream.file(".mailmap", "Cy Young <new@c.example> <old@c.example>\n");
    folder::make(&folder.root(), "a.git", stream.as_bytes()).unwrap();
    let host = watched(Arc::new(folder.host()));
    let list = async |page| host.list_contributors(at("a.git"), page).await;
    let people = everything("100", list).await.unwrap().into_iter();
    let ours = people.map(|it| (it.commits, it.name.unwrap(), it.email.unwrap().to_lowercase()));
    let authors = ask(&folder.root().join("a.git"), &["log", "--format=%aE", "main"]);
    let mut counted = BTreeMap::<String, u64>::new();
    for author in authors.lines() {
        *counted.entry(author.to_lowercase()).or_default() += 1;
    }
    assert_eq!(counted.values().copied().collect::<Vec<_>>(), [5, 4, 1], "{counted:?}");
    let expected =
        [(5, "Ada L", "ada@a.example"), (4, "Bo", "b@b.example"), (1, "Cy Young", "new@c.example")];
    let expected = expected.map(|(commits, name, email)| (commits, name.into(), email.into()));
    assert_eq!(ours.collect::<Vec<(u64, String, String)>>(), expected);
}
