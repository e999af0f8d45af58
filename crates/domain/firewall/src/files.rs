//! Diffs, trees and releases: what has files in it.

use lodge_forge::{Diff, DiffFile, PatchState, Release, TreeEntry};

use crate::{Firewall, Review, Tally, review::Mask as _};

/// The text in the place of a path that is held back.
fn hidden(firewall: &Firewall<'_>, path: &str) -> String {
    format!("withheld/{}", firewall.path_hash(path))
}

impl Review for DiffFile {
    /// A blocked file stays in the list, so that the sums can be understood:
    /// without its patch, and under pseudonyms.
    fn review(mut self, firewall: &Firewall<'_>, tally: &mut Tally) -> Option<Self> {
        let previous = self.previous_path.as_deref();
        // Both sides of a rename count: `.env → notes.txt` stays inside.
        let rule = firewall
            .blocks_path(&self.path)
            .or_else(|| previous.and_then(|path| firewall.blocks_path(path)));
        if let Some(rule) = rule {
            firewall.withhold(&self.path, rule, tally);
            self.previous_path = previous.map(|path| hidden(firewall, path));
            self.path = hidden(firewall, &self.path);
            self.patch = None;
            self.patch_state = PatchState::Withheld;
            return Some(self);
        }
        self.path.mask(firewall, tally);
        self.previous_path.mask(firewall, tally);
        let before = tally.masked;
        self.patch.mask(firewall, tally);
        let complete = matches!(self.patch_state, PatchState::Full | PatchState::Computed);
        if complete && tally.masked > before {
            self.patch_state = PatchState::Masked;
        }
        Some(self)
    }
}

impl Review for Diff {
    fn review(mut self, firewall: &Firewall<'_>, tally: &mut Tally) -> Option<Self> {
        let files = self.files.into_iter().filter_map(|file| file.review(firewall, tally));
        self.files = files.collect();
        Some(self)
    }
}

impl Review for TreeEntry {
    /// A blocked entry is left out, since its name is all it has.
    fn review(mut self, firewall: &Firewall<'_>, tally: &mut Tally) -> Option<Self> {
        if let Some(rule) = firewall.blocks_path(&self.path) {
            firewall.withhold(&self.path, rule, tally);
            return None;
        }
        self.path.mask(firewall, tally);
        self.name.mask(firewall, tally);
        Some(self)
    }
}

impl Review for Release {
    /// An asset with a blocked name is left out: its address would lead to it.
    fn review(mut self, firewall: &Firewall<'_>, tally: &mut Tally) -> Option<Self> {
        self.assets.retain(|asset| {
            let rule = firewall.blocks_path(&asset.name);
            rule.inspect(|rule| firewall.withhold(&asset.name, *rule, tally)).is_none()
        });
        self.tag.mask(firewall, tally);
        self.name.mask(firewall, tally);
        self.body.mask(firewall, tally);
        self.target_commitish.mask(firewall, tally);
        self.author.mask(firewall, tally);
        self.assets.mask(firewall, tally);
        self.traits.mask(firewall, tally);
        self.web_url.mask(firewall, tally);
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use lodge_forge::{DiffTotals, EntryKind, FileStatus, ReleaseAsset};

    use super::*;
    use crate::{
        RuleId,
        testing::{SECRET, firewall},
    };

    fn file(path: &str, previous: Option<&str>, hunks: &str) -> DiffFile {
        DiffFile {
            path: path.to_owned(),
            previous_path: previous.map(str::to_owned),
            status: FileStatus::Modified,
            additions: Some(1),
            deletions: Some(0),
            binary: Some(false),
            mode: None,
            previous_mode: None,
            patch: Some(hunks.to_owned()),
            patch_state: PatchState::Computed,
        }
    }

    #[test]
    fn a_file_is_held_back_when_either_side_of_its_rename_is_blocked() {
        for (path, previous) in [(".env", None), ("notes.txt", Some(".env")), (".env", Some("a"))] {
            let mut tally = Tally::default();
            let patch = "@@ -0,0 +1 @@\n+A=1";
            let reviewed = file(path, previous, patch).review(&firewall(), &mut tally).unwrap();
            assert_eq!(reviewed.patch, None);
            assert_eq!(reviewed.patch_state, PatchState::Withheld);
            assert_eq!(reviewed.additions, Some(1));
            assert_eq!(tally.withheld.len(), 1);
            assert_eq!(tally.withheld[0].rule, RuleId::BLOCKED_PATH);
            let path_hash = tally.withheld[0].path_hash;
            assert_eq!(reviewed.path, format!("withheld/{path_hash}"));
            assert_eq!(reviewed.previous_path.is_some(), previous.is_some());
            let shown = format!("{reviewed:?}");
            assert!(!shown.contains(".env") && !shown.contains("notes"), "{shown}");
        }
    }

    #[test]
    fn a_masked_patch_says_so_and_a_truncated_one_stays_truncated() {
        let patch = format!("@@ -0,0 +1 @@\n+{SECRET}");
        let mut tally = Tally::default();
        let masked = file("a", None, &patch).review(&firewall(), &mut tally).unwrap();
        assert_eq!(masked.patch_state, PatchState::Masked);
        let cut = DiffFile { patch_state: PatchState::Truncated, ..file("a", None, &patch) };
        let cut = cut.review(&firewall(), &mut tally).unwrap();
        assert_eq!(cut.patch_state, PatchState::Truncated);
        assert_eq!(cut.patch, masked.patch);
        assert_eq!(tally.masked, 2);
        let clean = file("a", None, "@@ -0,0 +1 @@\n+A").review(&firewall(), &mut tally).unwrap();
        assert_eq!(clean.patch_state, PatchState::Computed);
    }

    #[test]
    fn a_diff_keeps_its_files_and_sums() {
        let totals = DiffTotals { files: 2, additions: 2, deletions: 0 };
        let diff = Diff {
            base_sha: None,
            head_sha: None,
            files: vec![file(".env", None, ""), file("a", None, "")],
            totals,
            truncated: None,
        };
        let mut tally = Tally::default();
        let reviewed = diff.review(&firewall(), &mut tally).unwrap();
        assert_eq!((reviewed.files.len(), reviewed.totals), (2, totals));
        assert_eq!(tally.withheld.len(), 1);
    }

    #[test]
    fn a_blocked_entry_of_a_tree_is_left_out() {
        let entry = |path: &str| TreeEntry {
            path: path.to_owned(),
            name: path.rsplit('/').next().unwrap().to_owned(),
            kind: EntryKind::Blob,
            mode: None,
            sha: None,
            size: None,
        };
        let mut tally = Tally::default();
        assert_eq!(entry("certs/server.pem").review(&firewall(), &mut tally), None);
        assert_eq!(tally.withheld.len(), 1);
        let plain = entry("src/main.rs");
        assert_eq!(plain.clone().review(&firewall(), &mut tally), Some(plain));
        let named = entry(&format!("a/{SECRET}.txt")).review(&firewall(), &mut tally).unwrap();
        assert!(!format!("{named:?}").contains(SECRET));
    }

    #[test]
    fn an_asset_with_a_blocked_name_is_left_out() {
        let asset = |name: &str| ReleaseAsset {
            name: name.to_owned(),
            size: None,
            url: format!("https://host.example/{name}"),
            content_type: None,
        };
        let release = Release {
            id: "1".to_owned(),
            tag: "v1".to_owned(),
            name: None,
            body: Some(format!("Use {SECRET}")),
            draft: None,
            prerelease: None,
            target_commitish: None,
            author: None,
            created_at: None,
            published_at: None,
            assets: vec![asset("app.tar.gz"), asset("server.key")],
            from_tag: false,
            traits: Vec::new(),
            web_url: None,
        };
        let mut tally = Tally::default();
        let reviewed = release.review(&firewall(), &mut tally).unwrap();
        assert_eq!(reviewed.assets, vec![asset("app.tar.gz")]);
        assert_eq!((tally.withheld.len(), tally.masked), (1, 1));
    }
}
