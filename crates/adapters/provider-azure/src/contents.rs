//! Patches, worked out from both sides of each file: the host has none.

use bytes::Bytes;
use futures_util::future::{try_join, try_join_all};
use lodge_forge::{Diff, DiffFile, DiffTotals, PatchState};
use lodge_provider::ProviderError;
use lodge_provider_kit::{Call, Version, compute_patch};

use crate::{
    azure::{AT_ONCE, Azure},
    changes::{Change, MOST_FILES, Side},
    place::Place,
};

/// How many files have patches: each costs two questions.
const MOST_PATCHES: usize = 40 * AT_ONCE;
/// The longest file that is compared, in bytes.
const LONGEST: usize = 1 << 20;
/// How many bytes are read for one diff, all files together.
const MOST_BYTES: usize = 16 << 20;

/// The commits on both sides.
#[derive(Clone, Debug)]
pub(crate) struct Ends {
    pub(crate) base: Option<String>,
    pub(crate) head: String,
}

impl Azure {
    /// The diff of `changes`. `more` says that there are further ones.
    pub(crate) async fn diff(
        &self,
        place: &Place,
        ends: Ends,
        changes: Vec<Change>,
        more: bool,
    ) -> Result<Diff, ProviderError> {
        let mut files = Vec::with_capacity(changes.len());
        let mut room = MOST_BYTES;
        let mut truncated = more.then(|| format!("more than {MOST_FILES} files changed"));
        for group in changes.chunks(AT_ONCE) {
            let left_out = if files.len() >= MOST_PATCHES {
                Some(format!("only the first {MOST_PATCHES} files have patches"))
            } else if room == 0 {
                Some(format!("the files have more than {MOST_BYTES} bytes"))
            } else {
                None
            };
            if left_out.is_some() {
                files.extend(group.iter().map(without_patch));
                truncated = truncated.or(left_out);
                continue;
            }
            let sides = try_join_all(group.iter().map(|change| {
                let before = self.version(place, ends.base.as_deref(), &change.before);
                let after = self.version(place, Some(ends.head.as_str()), &change.after);
                try_join(before, after)
            }));
            for (change, (before, after)) in group.iter().zip(sides.await?) {
                let read = length(before.as_ref()).saturating_add(length(after.as_ref()));
                room = room.saturating_sub(read);
                files.push(match (before, after) {
                    (Some(before), Some(after)) => {
                        compute_patch(without_patch(change), &before, &after, usize::MAX)
                    }
                    _ => without_patch(change),
                });
            }
        }
        let mut totals = DiffTotals::default();
        for file in &files {
            totals.files += 1;
            totals.additions += file.additions.unwrap_or_default();
            totals.deletions += file.deletions.unwrap_or_default();
        }
        Ok(Diff { base_sha: ends.base, head_sha: Some(ends.head), files, totals, truncated })
    }

    /// One side of a file. `None` when the host has it no more.
    async fn version(
        &self,
        place: &Place,
        commit: Option<&str>,
        side: &Side,
    ) -> Result<Option<Version>, ProviderError> {
        let call = match (side, commit) {
            (Side::Missing, _) | (Side::Path(_), None) => return Ok(Some(Version::Missing)),
            // As `git diff` shows it.
            (Side::Submodule(id), _) => {
                let line = format!("Subproject commit {id}\n");
                return Ok(Some(Version::Whole(Bytes::from(line))));
            }
            (Side::Blob(id), _) => self.git(place, ["blobs", id]),
            (Side::Path(path), Some(commit)) => self
                .git(place, ["items"])
                .query("path", format!("/{path}"))
                .query("versionDescriptor.version", commit)
                .query("versionDescriptor.versionType", "commit"),
        };
        let answer = self.client.send(place.account, octets(call)).await;
        match answer {
            Ok(answer) if answer.is_cut() => Ok(Some(Version::Beginning(answer.body().clone()))),
            Ok(answer) => Ok(Some(Version::Whole(answer.body().clone()))),
            Err(error) if matches!(error.cause(), ProviderError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The bytes themselves, rather than what the host says of them.
fn octets(call: Call) -> Call {
    call.query("$format", "octetStream")
        .header("accept", "application/octet-stream")
        .cut_at(LONGEST)
        .missing("blob")
}

fn length(version: Option<&Version>) -> usize {
    match version {
        Some(Version::Whole(bytes) | Version::Beginning(bytes)) => bytes.len(),
        Some(Version::Missing) | None => 0,
    }
}

fn without_patch(change: &Change) -> DiffFile {
    DiffFile {
        path: change.path.clone(),
        previous_path: change.previous_path.clone(),
        status: change.status,
        additions: None,
        deletions: None,
        binary: None,
        // The host's lists do not tell modes.
        mode: None,
        previous_mode: None,
        patch: None,
        patch_state: PatchState::Omitted,
    }
}
