//! Repositories that want to harm: nothing of them is executed, nothing
//! outside the root is read, and nothing holds a thread for ever.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod common;

use std::{fs, os::unix::fs::symlink, path::Path, time::Duration};

use common::{Folder, account, at, copy};
use lodge_forge::{FileStatus, PatchState};
use lodge_provider::{GitProvider as _, ProviderError, TreeFilter};
use lodge_provider_local::LocalHost;
use lodge_testkit::provider_contract::{
    everything, first_page,
    folder::{self, Stream, git, make_known},
};

async fn listed(host: &LocalHost) -> Vec<String> {
    let list = async |page| host.list_repositories(account(), page).await;
    everything("100", list).await.unwrap().into_iter().map(|it| it.native_id).collect()
}

async fn newest(host: &LocalHost, path: &str) -> String {
    let page = host.list_commits(at(path), None, first_page()).await.unwrap();
    page.items.into_iter().next().unwrap().sha
}

/// Neither listed nor readable by its id.
async fn assert_refused(folder: &Folder, path: &str) {
    let host = folder.host();
    assert!(!listed(&host).await.contains(&path.to_owned()), "{path} is listed");
    for answer in [
        host.find_repository(at(path)).await.map(drop),
        host.list_commits(at(path), None, first_page()).await.map(drop),
    ] {
        assert!(
            matches!(answer, Err(ProviderError::RepositoryNotFound | ProviderError::Forbidden)),
            "{path}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn a_link_to_a_repository_outside_is_not_followed() {
    let folder = Folder::new();
    make_known(folder.dir.path(), "secret.git").unwrap();
    symlink("../secret.git", folder.root().join("link.git")).unwrap();
    symlink("..", folder.root().join("up")).unwrap();
    fs::create_dir_all(folder.root().join("work")).unwrap();
    symlink("../../secret.git", folder.root().join("work/.git")).unwrap();
    for path in ["link.git", "up/secret.git", "work"] {
        assert_refused(&folder, path).await;
    }
}

#[tokio::test]
async fn a_git_file_that_points_outside_is_refused_and_one_inside_is_followed() {
    let folder = Folder::new();
    make_known(folder.dir.path(), "secret.git").unwrap();
    make_known(&folder.root(), "open.git").unwrap();
    for (work, target) in [("bad", "../../secret.git"), ("good", "../open.git")] {
        fs::create_dir_all(folder.root().join(work)).unwrap();
        fs::write(folder.root().join(work).join(".git"), format!("gitdir: {target}\n")).unwrap();
    }
    assert_refused(&folder, "bad").await;
    assert_eq!(listed(&folder.host()).await, ["good", "open.git"]);
    newest(&folder.host(), "good").await;
}

#[tokio::test]
async fn links_inside_a_repository_that_lead_outside_are_refused() {
    let folder = Folder::new();
    make_known(folder.dir.path(), "secret.git").unwrap();
    let secret = folder.dir.path().join("secret.git");
    for part in ["objects", "objects/pack", "refs/heads/main", "packed-refs", "config", "HEAD"] {
        let name = format!("{}.git", part.replace('/', "-"));
        folder::make_empty(&folder.root(), &name).unwrap();
        let path = folder.root().join(&name).join(part);
        let _ = (fs::remove_file(&path), fs::remove_dir_all(&path));
        symlink(secret.join(part), path).unwrap();
        assert_refused(&folder, &name).await;
    }
}

#[tokio::test]
async fn borrowing_objects_from_outside_is_refused_and_from_inside_is_not() {
    let folder = Folder::new();
    make_known(folder.dir.path(), "secret.git").unwrap();
    make_known(&folder.root(), "open.git").unwrap();
    let head = git(&folder.root().join("open.git"), &["rev-parse", "main"], b"").unwrap();
    for (name, from) in [
        ("bad.git", folder.dir.path().join("secret.git")),
        ("good.git", folder.root().join("open.git")),
    ] {
        folder::make_empty(&folder.root(), name).unwrap();
        let path = folder.root().join(name);
        fs::create_dir_all(path.join("objects/info")).unwrap();
        let line = format!("{}\n", from.join("objects").display());
        fs::write(path.join("objects/info/alternates"), line).unwrap();
        fs::write(path.join("refs/heads/main"), &head).unwrap();
    }
    assert_refused(&folder, "bad.git").await;
    newest(&folder.host(), "good.git").await;
}

#[tokio::test]
async fn a_pipe_in_the_place_of_a_file_holds_nobody() {
    let folder = Folder::new();
    for part in ["HEAD", "refs/heads/pipe", "objects/pack/pipe.idx", "packed-refs"] {
        let name = format!("{}.git", part.replace('/', "-"));
        make_known(&folder.root(), &name).unwrap();
        let path = folder.root().join(&name).join(part);
        let _ = fs::remove_file(&path);
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        let in_time = tokio::time::timeout(Duration::from_secs(5), assert_refused(&folder, &name));
        in_time.await.unwrap();
    }
}

#[tokio::test]
async fn nothing_that_a_configuration_names_is_executed() {
    let folder = Folder::new();
    let mut stream = Stream::default();
    stream.commit("main", "Ada <ada@example.org>", "Set the trap");
    stream.file(".gitattributes", "* diff=trap filter=trap\n");
    stream.file("a.txt", "one\n");
    stream.commit("main", "Ada <ada@example.org>", "Step in it");
    stream.file("a.txt", "two\n");
    folder::make(&folder.root(), "trap.git", stream.as_bytes()).unwrap();
    let path = folder.root().join("trap.git");
    let marker = folder.dir.path().join("executed");
    let trap = folder.dir.path().join("trap.sh");
    fs::write(&trap, format!("#!/bin/sh\ntouch {}\ncat\n", marker.display())).unwrap();
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&trap, open).unwrap();
    let included = folder.dir.path().join("included");
    fs::write(&included, "[core]\n\tbare = sideways\n").unwrap();
    let mut config = fs::read_to_string(path.join("config")).unwrap();
    for (section, key) in [
        ("core", "fsmonitor"),
        ("core", "sshCommand"),
        ("core", "pager"),
        ("diff", "external"),
        ("diff \"trap\"", "textconv"),
        ("diff \"trap\"", "command"),
        ("filter \"trap\"", "smudge"),
        ("filter \"trap\"", "process"),
        ("credential", "helper"),
        ("uploadpack", "packObjectsHook"),
    ] {
        let named = ["[", section, "]\n\t", key, " = ", trap.to_str().unwrap(), "\n"];
        config.extend(named);
    }
    config.extend(["[include]\n\tpath = ", included.to_str().unwrap(), "\n"]);
    fs::write(path.join("config"), config).unwrap();
    for hook in ["post-checkout", "reference-transaction", "pre-auto-gc"] {
        fs::create_dir_all(path.join("hooks")).unwrap();
        fs::copy(&trap, path.join("hooks").join(hook)).unwrap();
    }

    let host = folder.host();
    let head = newest(&host, "trap.git").await;
    let diff = host.commit_diff(at("trap.git"), head).await.unwrap();
    assert_eq!(diff.files[0].patch.as_deref(), Some("@@ -1 +1 @@\n-one\n+two\n"));
    host.list_tree(at("trap.git"), TreeFilter::default(), first_page()).await.unwrap();
    host.find_repository(at("trap.git")).await.unwrap();
    assert!(!marker.exists(), "the trap was executed");
}

#[tokio::test]
async fn replaced_objects_are_shown_as_they_were() {
    let folder = Folder::new();
    make_known(&folder.root(), "a.git").unwrap();
    let path = folder.root().join("a.git");
    let before = newest(&folder.host(), "a.git").await;
    git(&path, &["replace", "main", "main~1"], b"").unwrap();
    fs::create_dir_all(path.join("info")).unwrap();
    fs::write(path.join("info/grafts"), format!("{before}\n")).unwrap();
    let page = folder.host().list_commits(at("a.git"), None, first_page()).await.unwrap();
    assert_eq!(page.items[0].title, "Move the guide");
    assert_eq!(page.items[0].parents.len(), 1);
}

#[tokio::test]
async fn a_large_file_is_named_and_not_compared() {
    let folder = Folder::new();
    let mut stream = Stream::default();
    stream.commit("main", "Ada <ada@example.org>", "Add a large file");
    stream.file("large.txt", &"0123456789abcde\n".repeat(2 << 20));
    stream.file("small.txt", "small\n");
    folder::make(&folder.root(), "a.git", stream.as_bytes()).unwrap();
    let host = folder.host();
    let diff = host.commit_diff(at("a.git"), newest(&host, "a.git").await).await.unwrap();
    let [large, small] = diff.files.as_slice() else { panic!("{diff:?}") };
    assert_eq!(
        (large.patch_state, large.patch.as_ref(), large.binary),
        (PatchState::Omitted, None, None)
    );
    assert_eq!(small.patch_state, PatchState::Full);
    let tree = host.list_tree(at("a.git"), TreeFilter::default(), first_page()).await.unwrap();
    assert_eq!(tree.items[0].size, Some(32 << 20));
}

#[tokio::test]
async fn a_long_patch_ends_with_a_whole_hunk_and_a_long_diff_says_so() {
    let folder = Folder::new();
    let mut stream = Stream::default();
    stream.commit("main", "Ada <ada@example.org>", "Add much");
    stream.file("far.txt", &"=\n".repeat(30_000));
    stream.commit("main", "Ada <ada@example.org>", "Change much");
    let block = format!("{}{}\n", "=\n".repeat(10), "changed here ".repeat(15));
    stream.file("far.txt", &block.repeat(2_700));
    folder::make(&folder.root(), "long.git", stream.as_bytes()).unwrap();
    let host = folder.host();
    let diff = host.commit_diff(at("long.git"), newest(&host, "long.git").await).await.unwrap();
    assert_eq!(diff.files[0].patch_state, PatchState::Truncated);
    let patch = diff.files[0].patch.as_ref().unwrap();
    assert!(patch.len() <= 256 << 10 && patch.ends_with('\n'));

    let mut stream = Stream::default();
    stream.commit("main", "Ada <ada@example.org>", "Add many");
    for number in 0..3_100 {
        stream.file(&format!("{number:04}"), "x\n");
    }
    folder::make(&folder.root(), "many.git", stream.as_bytes()).unwrap();
    let diff = host.commit_diff(at("many.git"), newest(&host, "many.git").await).await.unwrap();
    assert_eq!(diff.files.len(), 3_000);
    assert_eq!(diff.truncated.as_deref(), Some("more than 3000 files changed"));
}

#[tokio::test]
async fn folders_nested_deeply_are_listed_or_refused_in_time() {
    let folder = Folder::new();
    let mut stream = Stream::default();
    for (branch, depth) in [("main", 400), ("deeper", 3_000)] {
        stream.commit(branch, "Ada <ada@example.org>", "Dig");
        stream.file(&format!("{}end", "d/".repeat(depth)), "bottom\n");
    }
    folder::make(&folder.root(), "deep.git", stream.as_bytes()).unwrap();
    let host = folder.host();
    for (branch, depth) in [("main", Some(401)), ("deeper", None)] {
        let filter = TreeFilter { reference: Some(branch.into()), path: None, recursive: true };
        let list = async |page| host.list_tree(at("deep.git"), filter.clone(), page).await;
        let tree = everything("7", list).await;
        if let Some(depth) = depth {
            assert_eq!(tree.unwrap().len(), depth);
        } else {
            assert!(matches!(tree, Err(ProviderError::Invalid { .. })), "{tree:?}");
        }
        let commits = host.list_commits(at("deep.git"), Some(branch.into()), first_page()).await;
        let sha = commits.unwrap().items[0].sha.clone();
        let diff = host.commit_diff(at("deep.git"), sha).await;
        assert_eq!(diff.is_ok(), depth.is_some(), "{diff:?}");
    }
}

#[tokio::test]
async fn a_tree_that_unfolds_without_end_is_given_up_or_paged() {
    // Each level names the one below ten times: 10^10 files from eleven objects.
    let folder = Folder::new();
    folder::make_empty(&folder.root(), "bomb.git").unwrap();
    let path = folder.root().join("bomb.git");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim().to_owned();
    let mut id = text(git(&path, &["hash-object", "-w", "--stdin"], b"boom\n").unwrap());
    for level in 0..10 {
        let (mode, kind) = if level == 0 { ("100644", "blob") } else { ("040000", "tree") };
        let tree = (0..10).map(|name| format!("{mode} {kind} {id}\tf{name}\n")).collect::<Vec<_>>();
        let tree = tree.concat();
        id = text(git(&path, &["mktree"], tree.as_bytes()).unwrap());
    }
    let commit = text(git(&path, &["commit-tree", "-m", "Boom", &id], b"").unwrap());
    git(&path, &["update-ref", "refs/heads/main", &commit], b"").unwrap();
    let host = folder.host();
    let diff = host.commit_diff(at("bomb.git"), commit).await.unwrap();
    assert_eq!((diff.files.len(), diff.truncated.is_some()), (3_000, true));
    let filter = TreeFilter { recursive: true, ..TreeFilter::default() };
    let page = host.list_tree(at("bomb.git"), filter, first_page()).await.unwrap();
    assert_eq!((page.items.len(), page.next.is_some()), (25, true));
}

#[tokio::test]
async fn what_stands_before_a_missing_commit_is_still_told() {
    let folder = Folder::new();
    make_known(&folder.root(), "a.git").unwrap();
    let path = folder.root().join("a.git");
    let packs = fs::read_dir(path.join("objects/pack")).unwrap().flatten();
    let pack = packs.map(|it| it.path()).find(|it| it.extension().is_some_and(|it| it == "pack"));
    // Loose objects, so that one can be taken away.
    let bytes = fs::read(pack.unwrap()).unwrap();
    fs::remove_dir_all(path.join("objects/pack")).unwrap();
    git(&path, &["unpack-objects", "-q"], &bytes).unwrap();
    let gone = git(&path, &["rev-parse", "main~10"], b"").unwrap();
    let gone = String::from_utf8(gone).unwrap();
    fs::remove_file(path.join("objects").join(&gone[..2]).join(gone[2..].trim())).unwrap();

    let host = folder.host();
    let page = host.list_commits(at("a.git"), None, first_page()).await.unwrap();
    assert!(page.items.len() >= 10, "{}", page.items.len());
    let request = lodge_pagination::PageRequest { from: page.next, ..first_page() };
    assert!(request.from.is_some());
    let after = host.list_commits(at("a.git"), None, request).await;
    assert!(matches!(after, Err(ProviderError::Malformed { .. })), "{after:?}");
    let people = host.list_contributors(at("a.git"), first_page()).await;
    assert!(matches!(people, Err(ProviderError::Malformed { .. })), "{people:?}");
}

#[tokio::test]
async fn truncated_packs_give_errors_and_no_panic() {
    let folder = Folder::new();
    make_known(&folder.root(), "whole.git").unwrap();
    let files = fs::read_dir(folder.root().join("whole.git/objects/pack")).unwrap().flatten();
    let files = files.map(|it| it.file_name().into_string().unwrap()).collect::<Vec<_>>();
    for (index, ending) in ["pack", "idx"].iter().cycle().take(12).enumerate() {
        let name = format!("cut{index}.git");
        copy(&folder.root().join("whole.git"), &folder.root().join(&name));
        let file = files.iter().find(|file| file.ends_with(ending)).unwrap();
        let file = folder.root().join(&name).join("objects/pack").join(file);
        let length = fs::metadata(&file).unwrap().len();
        let cut = fs::OpenOptions::new().write(true).open(writable(&file)).unwrap();
        cut.set_len(length * u64::try_from(index).unwrap() / 12).unwrap();
        let host = folder.host();
        let it = || at(&name);
        let _ = host.find_repository(it()).await;
        let _ = host.list_tags(it(), first_page()).await;
        let commits = host.list_commits(it(), None, first_page()).await;
        let tree = host.list_tree(it(), TreeFilter::default(), first_page()).await;
        for error in [commits.err(), tree.err()].into_iter().flatten() {
            let said =
                matches!(error, ProviderError::Malformed { .. } | ProviderError::NotFound { .. });
            let source = std::error::Error::source(&error).map(ToString::to_string);
            assert!(said && !source.unwrap_or_default().contains("panic"), "{error:?}");
        }
    }
}

fn writable(file: &Path) -> &Path {
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    fs::set_permissions(file, open).unwrap();
    file
}

#[tokio::test]
async fn odd_contents_are_told_as_far_as_text_goes() {
    let folder = Folder::new();
    let mut stream = Stream::default();
    stream.commit("main", "Ada <ada@example.org>", "Begin");
    stream.file("kind", "a file\n");
    stream.file("run", "#!/bin/sh\n");
    stream.submodule("module", &"1".repeat(40));
    stream.commit("main", "Ada <ada@example.org>", "Change");
    stream.link("kind", "elsewhere");
    stream.entry("100755", "run", "#!/bin/sh\n");
    stream.file("binary", "a\0b");
    stream.submodule("module", &"2".repeat(40));
    let mut bytes = stream.as_bytes().to_vec();
    bytes.extend(b"M 100644 inline latin\ndata 6\ncaf\xe9 \n\n");
    folder::make(&folder.root(), "a.git", &bytes).unwrap();
    let host = folder.host();
    let diff = host.commit_diff(at("a.git"), newest(&host, "a.git").await).await.unwrap();
    let told =
        diff.files.iter().map(|file| (file.path.as_str(), file.status, file.patch.as_deref()));
    let (one, two) = ("1".repeat(40), "2".repeat(40));
    let module = format!("@@ -1 +1 @@\n-Subproject commit {one}\n+Subproject commit {two}\n");
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            ("binary", FileStatus::Added, None),
            (
                "kind",
                FileStatus::TypeChanged,
                Some(
                    "@@ -1 +0,0 @@\n-a file\n@@ -0,0 +1 @@\n+elsewhere\n\\ No newline at end of file\n"
                )
            ),
            ("latin", FileStatus::Added, Some("@@ -0,0 +1 @@\n+caf\u{fffd} \n")),
            ("module", FileStatus::Modified, Some(module.as_str())),
            ("run", FileStatus::Modified, Some("")),
        ]
    );
    let run = &diff.files[4];
    assert_eq!(
        (run.previous_mode.as_deref(), run.mode.as_deref()),
        (Some("100644"), Some("100755"))
    );
    assert_eq!(diff.files[0].binary, Some(true));
}
