//! Objects that a pack holds as differences from one another.
//!
//! An object may stand at the end of a chain of fifty such differences, and
//! the versions that a diff reads often stand in one chain. Whoever reads the
//! deepest first walks the whole chain for each of them; here the others are
//! read before it and kept, so that each link is walked once.

use std::collections::HashMap;

use gix::{
    ObjectId, Repository,
    odb::{find::Header, pack::cache::lru::MemoryCappedHashmap},
};
use lodge_provider::ProviderError;

use super::content::LARGEST;
use crate::{job::Job, objects, shelf::Opened};

/// How many bytes of objects one diff keeps for those that build on them.
const MOST_KEPT: usize = 8 << 20;

/// What is known of objects before they are read.
pub(super) type Known = HashMap<ObjectId, Header>;

/// The repository, for one thread, which keeps what it put together.
pub(super) fn keeping(opened: &Opened) -> Repository {
    let mut repository = opened.repository();
    repository.objects.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(MOST_KEPT)));
    repository
}

/// Makes the files `ids` quick to read, as far as there is room to keep them.
/// One that cannot be read is left to whoever needs it.
pub(super) fn prepare(
    repository: &Repository,
    ids: impl Iterator<Item = ObjectId>,
    job: &Job,
) -> Result<Known, ProviderError> {
    let mut known = Known::new();
    for id in ids {
        job.check()?;
        if let Ok(Some(header)) = repository.try_find_header(id) {
            known.insert(id, header);
        }
    }
    let chained = |(id, header): (&ObjectId, &Header)| {
        Some((links(header)?, usize::try_from(header.size()).ok()?, *id))
    };
    let compared = known.iter().filter(|(_, header)| header.size() <= LARGEST);
    let mut chained = compared.filter_map(chained).collect::<Vec<_>>();
    // Whatever an object builds on has fewer links below it.
    chained.sort_unstable();
    // What is kept pushes out what was kept before it.
    let mut room = MOST_KEPT / 2;
    for (_, size, id) in chained {
        job.check()?;
        let Some(left) = room.checked_sub(size) else { continue };
        room = left;
        let _read = objects::find(repository, id, job);
    }
    Ok(known)
}

/// Whether `one` may build on `other`, so that `other` is to be read first.
pub(super) fn may_build_on(repository: &Repository, one: ObjectId, other: ObjectId) -> bool {
    let links = |id| repository.try_find_header(id).ok().flatten().as_ref().and_then(links);
    // A loose object, or one that builds on nothing, is not asked about twice.
    links(one).is_some_and(|one| links(other).is_some_and(|other| other < one))
}

/// How many differences stand between an object and one that is whole. `None`
/// when it is whole itself.
fn links(header: &Header) -> Option<u32> {
    match header {
        Header::Packed(it) => Some(it.num_deltas).filter(|links| *links > 0),
        Header::Loose { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use std::{path::Path, time::Duration};

    use lodge_forge::Resource;
    use lodge_testkit::provider_contract::folder::{Stream, make};

    use super::*;
    use crate::job::Pool;

    /// The text of a file `number` times changed.
    fn text(number: usize) -> String {
        let line = |line: usize| format!("the line {} of it\n", line * 7919);
        (0..80 + number).map(line).collect()
    }

    /// So many that `git fast-import` keeps them in one pack, in one chain.
    const VERSIONS: usize = 40;

    /// A packed repository and the versions of its file, each of which builds
    /// on the one before it.
    fn versions(root: &Path) -> (Repository, Vec<ObjectId>) {
        let mut stream = Stream::default();
        for number in 0..VERSIONS {
            stream.commit("main", "Dee <dee@example.org>", "Change");
            stream.file("file", &text(number));
        }
        make(root, "a.git", stream.as_bytes()).unwrap();
        let options = gix::open::Options::isolated();
        let mut repository = gix::open_opts(root.join("a.git"), options).unwrap();
        repository.objects.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(MOST_KEPT)));
        let id = |back: usize| {
            let found = repository.rev_parse_single(format!("main~{back}:file").as_str());
            found.unwrap().detach()
        };
        let ids = (0..VERSIONS).rev().map(id).collect();
        (repository, ids)
    }

    #[test]
    fn what_stands_deeper_in_a_chain_may_build_on_what_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let (repository, ids) = versions(folder.path());
        assert!(may_build_on(&repository, ids[3], ids[2]));
        assert!(!may_build_on(&repository, ids[2], ids[3]));
        assert!(!may_build_on(&repository, ids[0], ids[3]), "the first is whole");
        let gone = ObjectId::null(gix::hash::Kind::Sha1);
        assert!(!may_build_on(&repository, gone, ids[3]));
        assert!(!may_build_on(&repository, ids[3], gone));
    }

    #[test]
    fn what_was_prepared_reads_as_before_and_what_is_missing_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_owned();
        let pool = Pool::new(Duration::from_secs(10)).unwrap();
        let work = pool.run(Resource::CommitDiff, move |job| {
            let (repository, ids) = versions(&root);
            let gone = ObjectId::null(gix::hash::Kind::Sha1);
            let known = prepare(&repository, ids.iter().copied().chain([gone]), job)?;
            assert_eq!((known.len(), known.contains_key(&gone)), (VERSIONS, false));
            for (number, id) in ids.iter().enumerate() {
                let object = objects::need(&repository, *id, job)?;
                assert_eq!(object.data, text(number).as_bytes());
            }
            Ok(())
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.unwrap().block_on(work).unwrap();
    }
}
