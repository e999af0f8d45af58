//! The bodies of webhooks.
//!
//! Source: <https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/>,
//! read in November 2026. A push tells at most five commits of each branch.

use std::collections::BTreeMap;

use lodge_forge::{
    Event, EventKind, ProviderName, Push, PushedCommit, RepositoryId, Subject, TagMove,
};
use lodge_provider_kit::{First, Text};
use serde::Deserialize;

use super::{
    check::StatusPayload,
    commit::{CommitPayload, HashPayload},
    profile::AccountPayload,
    pull_request::PullRequestPayload,
    repository::bare,
};

/// How many branches and tags of a push are read, and how many commits of each.
const MOST: usize = 100;

/// What every event says.
#[derive(Debug, Deserialize)]
pub(crate) struct EventPayload<'a> {
    #[serde(borrow)]
    actor: Option<AccountPayload<'a>>,
    repository: PlacePayload<'a>,
    push: Option<PushPayload<'a>>,
    pullrequest: Option<PullRequestPayload<'a>>,
    commit_status: Option<StatusPayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct PlacePayload<'a> {
    #[serde(borrow)]
    uuid: Text<'a>,
    full_name: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct PushPayload<'a> {
    #[serde(borrow)]
    changes: First<ChangePayload<'a>, MOST>,
}

/// One branch or tag that moved.
#[derive(Debug, Deserialize)]
struct ChangePayload<'a> {
    /// Missing when it is gone.
    #[serde(borrow)]
    new: Option<RefPayload<'a>>,
    /// Missing when it is new.
    old: Option<RefPayload<'a>>,
    commits: Option<First<CommitPayload<'a>, MOST>>,
    truncated: Option<bool>,
    forced: Option<bool>,
}

#[derive(Debug, Deserialize)]
struct RefPayload<'a> {
    #[serde(rename = "type", borrow)]
    kind: Option<Text<'a>>,
    name: Text<'a>,
    message: Option<Text<'a>>,
    target: HashPayload<'a>,
}

impl EventPayload<'_> {
    /// Everybody in it who has an account, some perhaps more than once.
    pub(crate) fn accounts(&self) -> Vec<&AccountPayload<'_>> {
        let pull_request = self.pullrequest.iter().flat_map(PullRequestPayload::accounts);
        let authors = self.commits().filter_map(CommitPayload::account);
        self.actor.iter().chain(pull_request).chain(authors).collect()
    }

    /// The parents of each commit of a push that tells them, by its hash.
    pub(crate) fn parents(&self) -> BTreeMap<String, Vec<String>> {
        self.commits().filter_map(|it| Some(((*it.hash).to_owned(), it.parents()?))).collect()
    }

    fn commits(&self) -> impl Iterator<Item = &CommitPayload<'_>> {
        let changes = self.push.iter().flat_map(|it| it.changes.iter());
        changes.flat_map(|it| it.commits.iter().flat_map(|it| it.iter()))
    }

    /// The events of a body that came under `key`: nothing where we have no
    /// word for it. `None` for a repository or a commit that is not named.
    pub(crate) fn into_events(self, key: &str, provider: &ProviderName) -> Option<Vec<Event>> {
        let repository = RepositoryId::parse(bare(&self.repository.uuid)).ok()?;
        let repository_name = self.repository.full_name.and_then(Text::filled);
        let actor = self.actor.and_then(|it| it.known_as());
        let event = |kind, occurred_at, subject| Event {
            kind,
            provider: provider.clone(),
            repository: repository.clone(),
            repository_name: repository_name.clone(),
            occurred_at,
            actor: actor.clone(),
            subject,
        };
        let events = match (key, self.push, self.pullrequest, self.commit_status) {
            ("repo:push", Some(push), ..) => {
                let moves = push.changes.into_iter().filter_map(ChangePayload::into_subject);
                moves.map(|(kind, subject)| event(kind, None, subject)).collect()
            }
            ("repo:updated", ..) => {
                vec![event(EventKind::RepositoryUpdated, None, Subject::Repository)]
            }
            ("repo:commit_status_created" | "repo:commit_status_updated", _, _, Some(status)) => {
                let (at, sha) = (status.updated_at(), status.sha()?);
                let check = status.into_check(sha);
                vec![event(EventKind::CheckUpdated, at, Subject::Check(Box::new(check)))]
            }
            (key, _, Some(pull_request), _) => match pull_request_kind(key) {
                Some(kind) => {
                    let at = pull_request.updated_at();
                    let told = pull_request.into_pull_request(repository.as_str());
                    vec![event(kind, at, Subject::PullRequest(Box::new(told)))]
                }
                None => Vec::new(),
            },
            _ => Vec::new(),
        };
        Some(events)
    }
}

/// The kind of an event about a pull request.
fn pull_request_kind(key: &str) -> Option<EventKind> {
    match key {
        "pullrequest:created" => Some(EventKind::PullRequestOpened),
        "pullrequest:updated" => Some(EventKind::PullRequestUpdated),
        "pullrequest:fulfilled" => Some(EventKind::PullRequestMerged),
        "pullrequest:rejected" => Some(EventKind::PullRequestClosed),
        _ => None,
    }
}

impl ChangePayload<'_> {
    /// `None` for what is neither a branch nor a tag.
    fn into_subject(self) -> Option<(EventKind, Subject)> {
        let named = self.new.as_ref().or(self.old.as_ref())?;
        let name: String = (*named.name).to_owned();
        let is_tag = match named.kind.as_deref() {
            Some("tag" | "annotated_tag") => true,
            Some("branch" | "named_branch") => false,
            _ => return None,
        };
        let message = self.new.as_ref().and_then(|it| it.message.as_deref()).map(str::to_owned);
        let before = self.old.map(|it| it.target.hash.into());
        let after = self.new.map(|it| it.target.hash.into());
        if is_tag {
            let moved = TagMove { name, before, after, message };
            return Some((EventKind::Tag, Subject::Tag(moved)));
        }
        let commits = self.commits.unwrap_or_default();
        let whole = self.truncated == Some(false);
        let total = u64::try_from(commits.len()).ok().filter(|_| whole);
        let push = Push {
            branch: name,
            before,
            after,
            commits: commits.into_iter().map(pushed).collect(),
            total_commits: total,
            forced: self.forced,
        };
        Some((EventKind::Push, Subject::Push(push)))
    }
}

/// Which paths changed is not told.
fn pushed(commit: CommitPayload<'_>) -> PushedCommit {
    let commit = commit.into_commit();
    PushedCommit {
        sha: commit.sha,
        message: commit.message,
        author: commit.author,
        added: Vec::new(),
        modified: Vec::new(),
        removed: Vec::new(),
    }
}
