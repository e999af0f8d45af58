//! What a service hook delivers.
//!
//! Source: <https://learn.microsoft.com/azure/devops/service-hooks/events>. The
//! resource differs with the event: it is read once its kind is known.

use lodge_forge::{Push, PushedCommit, TagMove};
use lodge_provider_kit::First;
use serde::Deserialize;

use super::{
    IdentityPayload, Text, commit::UserDatePayload, repository::RepositoryPayload, short_name,
    without_mark,
};

/// How many commits of a push are read.
const MOST_COMMITS: usize = 2_048;
/// How many branches and tags of a push are read.
const MOST_UPDATES: usize = 100;

/// What every delivery has.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EnvelopePayload<'a> {
    #[serde(borrow)]
    pub(crate) subscription_id: Option<Text<'a>>,
    /// Counts the deliveries of the subscription.
    pub(crate) notification_id: Option<u64>,
    #[serde(borrow)]
    pub(crate) event_type: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) created_date: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) resource_containers: Option<ContainersPayload<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ContainersPayload<'a> {
    #[serde(borrow)]
    collection: Option<ContainerPayload<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContainerPayload<'a> {
    #[serde(borrow)]
    base_url: Option<Text<'a>>,
}

impl<'a> EnvelopePayload<'a> {
    pub(crate) fn read(body: &'a [u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(without_mark(body))
    }

    /// The organisation's address, where it is told.
    pub(crate) fn base_url(&self) -> Option<&str> {
        self.resource_containers.as_ref()?.collection.as_ref()?.base_url.as_deref()
    }
}

/// What happened, as the kind of event has it.
#[derive(Debug, Deserialize)]
pub(crate) struct ResourcePayload<T> {
    resource: T,
}

impl<'a, T: Deserialize<'a>> ResourcePayload<T> {
    pub(crate) fn read(body: &'a [u8]) -> Result<T, serde_json::Error> {
        serde_json::from_slice(without_mark(body)).map(|it: Self| it.resource)
    }
}

/// The resource of `git.push`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PushPayload<'a> {
    #[serde(borrow)]
    commits: Option<First<PushedPayload<'a>, MOST_COMMITS>>,
    #[serde(borrow)]
    ref_updates: Option<First<UpdatePayload<'a>, MOST_UPDATES>>,
    #[serde(borrow)]
    pub(crate) repository: RepositoryPayload<'a>,
    #[serde(borrow)]
    pub(crate) pushed_by: Option<IdentityPayload<'a>>,
    #[serde(borrow)]
    pub(crate) date: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PushedPayload<'a> {
    #[serde(borrow)]
    commit_id: Text<'a>,
    #[serde(borrow)]
    comment: Option<Text<'a>>,
    #[serde(borrow)]
    author: Option<UserDatePayload<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct UpdatePayload<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    old_object_id: Option<Text<'a>>,
    #[serde(borrow)]
    new_object_id: Option<Text<'a>>,
}

/// One reference that moved.
#[derive(Debug)]
pub(crate) enum Moved {
    Branch(Push),
    Tag(TagMove),
}

impl PushPayload<'_> {
    /// The commits of the push as a whole.
    pub(crate) fn into_commits(self) -> Vec<PushedCommit> {
        let commits = self.commits.unwrap_or_default();
        commits.into_iter().map(PushedPayload::into_commit).collect()
    }

    /// Every branch and tag that moved. The commits are those of the push as a
    /// whole: of several branches it is not told which are whose.
    pub(crate) fn moved(&mut self) -> Vec<Moved> {
        let updates = self.ref_updates.take().unwrap_or_default();
        let branches = updates.iter().filter(|it| it.name.starts_with("refs/heads/")).count();
        let commits = self.commits.take().unwrap_or_default();
        let mut commits = Some(commits).filter(|_| branches == 1);
        let moved = updates.into_iter().filter_map(|update| {
            let name = short_name(&update.name).to_owned();
            let before = update.old_object_id.and_then(Text::object);
            let after = update.new_object_id.and_then(Text::object);
            if update.name.starts_with("refs/tags/") {
                return Some(Moved::Tag(TagMove { name, before, after, message: None }));
            }
            update.name.starts_with("refs/heads/").then(|| {
                let commits = commits.take().unwrap_or_default();
                Moved::Branch(Push {
                    branch: name,
                    before,
                    after,
                    commits: commits.into_iter().map(PushedPayload::into_commit).collect(),
                    total_commits: None,
                    forced: None,
                })
            })
        });
        moved.collect()
    }
}

impl PushedPayload<'_> {
    /// The paths of a commit are not told.
    fn into_commit(self) -> PushedCommit {
        PushedCommit {
            sha: self.commit_id.into_owned(),
            message: self.comment.map(Text::into_owned).unwrap_or_default(),
            author: self.author.map(UserDatePayload::into_signature),
            added: Vec::new(),
            modified: Vec::new(),
            removed: Vec::new(),
        }
    }
}

/// The resource of `git.repo.renamed` and `git.repo.statuschanged`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RepositoryChangePayload<'a> {
    #[serde(borrow)]
    pub(crate) repository: RepositoryPayload<'a>,
    #[serde(borrow)]
    pub(crate) initiated_by: Option<IdentityPayload<'a>>,
    #[serde(borrow)]
    pub(crate) utc_timestamp: Option<Text<'a>>,
}
