//! One page of tags by name, and of releases: annotated tags, newest first.

use std::cmp::Reverse;

use gix::{
    ObjectId, Repository,
    bstr::{BString, ByteSlice},
    objs::{self, TagRef, TagRefIter},
};
use lodge_forge::{Release, Signature, Tag};
use lodge_kernel::Timestamp;
use lodge_pagination::{Page, PageRequest};
use lodge_provider::ProviderError;
use lodge_provider_kit::{Marks, Read};

use crate::{job::Job, objects, refs, shelf::Opened};

const TAGS: &str = "tags";
const RELEASES: &str = "releases";
/// How many tags may be releases: reading each of them is what a page costs.
const MOST_RELEASES: usize = 50_000;
/// How many tags may stand between a name and a commit.
const LONGEST_CHAIN: usize = 16;

/// What a tag object says.
struct Annotation {
    target: ObjectId,
    message: String,
    tagger: Option<Signature>,
}

/// One page of tags.
pub(crate) fn list(
    opened: &Opened,
    request: &PageRequest,
    job: &Job,
) -> Result<Page<Tag>, ProviderError> {
    let read = Read::of(TAGS, request.from.as_ref())?;
    let after = read.map(|read| read.bytes("after")).transpose()?.map(BString::from);
    let limit = request.limit.get();
    let repository = opened.repository();
    let mut found = refs::listed(&repository, "refs/tags/", after.as_ref(), limit + 1, job)?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = match found.last() {
        Some((name, _)) if more => Some(Marks::of(TAGS)?.with_bytes("after", name)?.done()),
        _ => None,
    };
    let items = found.into_iter().map(|(name, id)| tag(&repository, &name, id)).collect();
    Ok(Page { items, next })
}

/// One page of releases.
pub(crate) fn releases(
    opened: &Opened,
    request: &PageRequest,
    job: &Job,
) -> Result<Page<Release>, ProviderError> {
    let after = match Read::of(RELEASES, request.from.as_ref())? {
        Some(read) => Some((Reverse(read.number::<i64>("seconds")?), read.bytes("name")?.into())),
        None => None,
    };
    let repository = opened.repository();
    let mut found = Vec::new();
    for (name, id) in refs::listed(&repository, "refs/tags/", None, MOST_RELEASES, job)? {
        job.check()?;
        let Some(annotation) = annotation(&repository, id) else { continue };
        let date = annotation.tagger.as_ref().and_then(|tagger| tagger.date);
        let key = (Reverse(date.map_or(i64::MIN, Timestamp::as_seconds)), name);
        if after.as_ref().is_none_or(|after| key > *after) {
            found.push((key, id, annotation));
        }
    }
    found.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    let more = found.len() > request.limit.get();
    found.truncate(request.limit.get());
    let next = match found.last() {
        Some(((Reverse(seconds), name), ..)) if more => {
            let marks = Marks::of(RELEASES)?.with("seconds", seconds.to_string())?;
            Some(marks.with_bytes("name", name)?.done())
        }
        _ => None,
    };
    let shown = found.into_iter().map(|((_, name), _, it)| release(&repository, &name, it));
    Ok(Page { items: shown.collect(), next })
}

fn tag(repository: &Repository, name: &BString, id: ObjectId) -> Tag {
    let name = name.to_str_lossy().into_owned();
    // Of a tag that cannot be read, its name and what it points to remain.
    let Some(annotation) = annotation(repository, id) else {
        let header = repository.try_find_header(id).ok().flatten();
        let annotated = header.map(|header| header.kind() == objs::Kind::Tag);
        return Tag {
            name,
            sha: id.to_string(),
            tag_object_sha: None,
            annotated,
            message: None,
            tagger: None,
            created_at: None,
        };
    };
    Tag {
        name,
        sha: peel(repository, annotation.target).to_string(),
        tag_object_sha: Some(id.to_string()),
        annotated: Some(true),
        message: Some(annotation.message),
        created_at: annotation.tagger.as_ref().and_then(|tagger| tagger.date),
        tagger: annotation.tagger,
    }
}

fn release(repository: &Repository, name: &BString, annotation: Annotation) -> Release {
    let Annotation { target, message, tagger } = annotation;
    let title = objects::title(&message);
    let at = tagger.as_ref().and_then(|tagger| tagger.date);
    let name = name.to_str_lossy().into_owned();
    Release {
        id: name.clone(),
        name: Some(if title.is_empty() { name.clone() } else { title }),
        tag: name,
        body: Some(message),
        draft: Some(false),
        prerelease: None,
        target_commitish: Some(peel(repository, target).to_string()),
        author: tagger.and_then(|tagger| tagger.name),
        created_at: at,
        published_at: at,
        assets: Vec::new(),
        from_tag: true,
        traits: Vec::new(),
        web_url: None,
    }
}

/// The tag object `id`. `None` when it is something else, or cannot be read.
fn annotation(repository: &Repository, id: ObjectId) -> Option<Annotation> {
    let header = repository.try_find_header(id).ok()??;
    (header.kind() == objs::Kind::Tag).then_some(())?;
    let object = repository.try_find_object(id).ok()??;
    let tag = TagRef::from_bytes(&object.data, id.kind()).ok()?;
    Some(Annotation {
        target: ObjectId::from_hex(tag.target).ok()?,
        message: objects::text(tag.message),
        tagger: tag.tagger.and_then(objects::signature),
    })
}

/// What `id` leads to through tags, as far as they can be read.
fn peel(repository: &Repository, mut id: ObjectId) -> ObjectId {
    for _ in 0..LONGEST_CHAIN {
        let Ok(Some(object)) = repository.try_find_object(id) else { return id };
        if object.kind != objs::Kind::Tag {
            return id;
        }
        let Ok(target) = TagRefIter::from_bytes(&object.data, id.kind()).target_id() else {
            return id;
        };
        id = target;
    }
    id
}
