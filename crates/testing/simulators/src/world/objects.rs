//! What is read of a repository object by object.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use gix::{ObjectId, bstr::ByteSlice as _, objs::CommitRef};
use lodge_forge::{Commit, Signature};
use lodge_kernel::Timestamp;

/// The objects of one repository. It is opened anew for each question: a
/// simulator need not be fast.
#[derive(Debug)]
pub(super) struct Objects(PathBuf);

impl Objects {
    pub(super) fn of(folder: &Path, full_name: &str) -> Self {
        let plain = folder.join(full_name);
        let bare = folder.join(format!("{full_name}.git"));
        Self(if bare.is_dir() { bare } else { plain })
    }

    fn open(&self) -> Option<gix::Repository> {
        gix::open_opts(&self.0, gix::open::Options::isolated()).ok()
    }

    pub(super) fn is_commit(&self, sha: &str) -> bool {
        self.commit(sha).is_some()
    }

    pub(super) fn commit(&self, sha: &str) -> Option<Commit> {
        read_commit(&self.open()?, ObjectId::from_hex(sha.as_bytes()).ok()?)
    }

    pub(super) fn tree_of(&self, sha: &str) -> Option<String> {
        let repository = self.open()?;
        let object = repository.find_object(ObjectId::from_hex(sha.as_bytes()).ok()?).ok()?;
        let commit = object.try_into_commit().ok()?;
        Some(commit.tree_id().ok()?.to_string())
    }

    pub(super) fn blob(&self, sha: &str) -> Option<Bytes> {
        let repository = self.open()?;
        let object = repository.find_object(ObjectId::from_hex(sha.as_bytes()).ok()?).ok()?;
        let blob = object.try_into_blob().ok()?;
        Some(Bytes::from(blob.data.clone()))
    }

    /// Every commit that `from` reaches, the newest committer date first.
    pub(super) fn history(&self, from: &str) -> Vec<Commit> {
        let read = || {
            let repository = self.open()?;
            let tip = ObjectId::from_hex(from.as_bytes()).ok()?;
            let order = gix::revision::walk::Sorting::ByCommitTime(
                gix::traverse::commit::simple::CommitTimeOrder::NewestFirst,
            );
            let walk = repository.rev_walk([tip]).sorting(order).all().ok()?;
            Some(walk.filter_map(|it| read_commit(&repository, it.ok()?.id)).collect())
        };
        read().unwrap_or_default()
    }
}

fn read_commit(repository: &gix::Repository, id: ObjectId) -> Option<Commit> {
    let object = repository.find_object(id).ok()?.try_into_commit().ok()?;
    let found = CommitRef::from_bytes(&object.data, id.kind()).ok()?;
    let message = found.message.to_str_lossy().into_owned();
    let signature = |line: &gix::bstr::BStr| {
        let read = gix::actor::SignatureRef::from_bytes(line).ok()?;
        let filled =
            |text: &gix::bstr::BStr| (!text.is_empty()).then(|| text.to_str_lossy().into_owned());
        Some(Signature {
            name: filled(read.name),
            email: filled(read.email),
            date: read.time().ok().map(|time| Timestamp::from_seconds(time.seconds)),
            user: None,
        })
    };
    Some(Commit {
        sha: id.to_string(),
        title: message.lines().next().unwrap_or_default().to_owned(),
        author: signature(found.author),
        committer: signature(found.committer),
        parents: found.parents().map(|it| it.to_string()).collect(),
        message,
        stats: None,
        verified: None,
        web_url: None,
    })
}
