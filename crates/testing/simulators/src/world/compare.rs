//! What lies between two commits: paths by path, without looking for renames.

use std::collections::BTreeMap;

use lodge_forge::{Diff, DiffFile, DiffTotals, EntryKind, FileStatus, PatchState, TreeEntry};
use lodge_provider_kit::Patch;

use super::WorldRepository;

/// What `head` changed since it left `base`.
pub(super) async fn between(repository: &WorldRepository, base: &str, head: &str) -> Diff {
    let base = repository.merge_base(base, head);
    let before = match &base {
        Some(base) => files(repository.tree(base).await),
        None => BTreeMap::new(),
    };
    let after = files(repository.tree(head).await);
    let mut paths: Vec<&String> = before.keys().chain(after.keys()).collect();
    paths.sort_unstable();
    paths.dedup();
    let mut diff = Diff {
        base_sha: base.clone(),
        head_sha: Some(head.to_owned()),
        files: Vec::new(),
        totals: DiffTotals::default(),
        truncated: None,
    };
    for path in paths {
        let (old, new) = (before.get(path), after.get(path));
        if old.map(|it| (&it.sha, &it.mode)) == new.map(|it| (&it.sha, &it.mode)) {
            continue;
        }
        let file = file(repository, path, old, new);
        diff.totals.files += 1;
        diff.totals.additions += file.additions.unwrap_or_default();
        diff.totals.deletions += file.deletions.unwrap_or_default();
        diff.files.push(file);
    }
    diff
}

fn files(tree: Vec<TreeEntry>) -> BTreeMap<String, TreeEntry> {
    let files = tree.into_iter().filter(|it| it.kind != EntryKind::Tree);
    files.map(|it| (it.path.clone(), it)).collect()
}

fn file(
    repository: &WorldRepository,
    path: &str,
    old: Option<&TreeEntry>,
    new: Option<&TreeEntry>,
) -> DiffFile {
    let content = |entry: Option<&TreeEntry>| {
        let sha = entry.and_then(|it| it.sha.as_deref());
        sha.and_then(|it| repository.blob(it)).unwrap_or_default()
    };
    let (before, after) = (content(old), content(new));
    let binary = before.contains(&0) || after.contains(&0);
    let hunks = Patch::between(&before, &after, usize::MAX);
    DiffFile {
        path: path.to_owned(),
        previous_path: None,
        status: match (old, new) {
            (None, _) => FileStatus::Added,
            (_, None) => FileStatus::Removed,
            _ => FileStatus::Modified,
        },
        additions: (!binary).then_some(hunks.additions),
        deletions: (!binary).then_some(hunks.deletions),
        binary: Some(binary),
        mode: new.and_then(|it| it.mode.clone()),
        previous_mode: old.and_then(|it| it.mode.clone()),
        patch: (!binary).then(|| String::from_utf8_lossy(&hunks.text).into_owned()),
        patch_state: if binary { PatchState::Omitted } else { PatchState::Full },
    }
}
