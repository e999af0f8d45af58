//! The payloads of webhooks.
//!
//! Source: <https://docs.gitea.com/usage/webhooks>,
//! <https://forgejo.org/docs/latest/user/webhooks/>.

use lodge_forge::{
    Event, EventKind, ProviderName, PullRequestState, Push, PushedCommit, Resource, Signature,
    Subject, TagMove,
};
use lodge_kernel::Timestamp;
use lodge_provider::{BoxError, ProviderError};
use lodge_provider_kit::{First, Text};
use serde::Deserialize;

use super::{
    check::{RunPayload, StatusPayload},
    count, filled, instant,
    profile::UserPayload,
    pull_request::PullRequestPayload,
    release::ReleasePayload,
    repository::{RepositoryNamePayload, repository_id},
};

/// How many commits of a push are read. Servers send five, or as they are set.
const MOST_COMMITS: usize = 2_048;

/// What every event tells: where, and whose action it was.
#[derive(Debug, Deserialize)]
struct ContextPayload<'a> {
    #[serde(borrow)]
    repository: Option<RepositoryNamePayload<'a>>,
    #[serde(borrow)]
    sender: Option<UserPayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct PushPayload<'a> {
    #[serde(borrow)]
    r#ref: Text<'a>,
    #[serde(borrow)]
    before: Option<Text<'a>>,
    #[serde(borrow)]
    after: Option<Text<'a>>,
    #[serde(borrow)]
    commits: Option<First<PushedPayload<'a>, MOST_COMMITS>>,
    total_commits: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct PushedPayload<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    author: Option<PusherPayload<'a>>,
    #[serde(borrow)]
    timestamp: Option<Text<'a>>,
    #[serde(borrow)]
    added: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    modified: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    removed: Option<Vec<Text<'a>>>,
}

#[derive(Debug, Deserialize)]
struct PusherPayload<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    email: Option<Text<'a>>,
    #[serde(borrow)]
    username: Option<Text<'a>>,
}

/// Of `create` and `delete`.
#[derive(Debug, Deserialize)]
struct RefPayload<'a> {
    #[serde(borrow)]
    r#ref: Text<'a>,
    #[serde(borrow)]
    ref_type: Option<Text<'a>>,
    #[serde(borrow)]
    sha: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct PullRequestEventPayload<'a> {
    #[serde(borrow)]
    action: Text<'a>,
    #[serde(borrow)]
    pull_request: PullRequestPayload<'a>,
}

/// What a status event tells beside the status.
#[derive(Debug, Deserialize)]
struct StatusOfPayload<'a> {
    #[serde(borrow)]
    sha: Text<'a>,
}

#[derive(Debug, Deserialize)]
struct ReleaseEventPayload<'a> {
    #[serde(borrow)]
    action: Text<'a>,
    #[serde(borrow)]
    release: ReleasePayload<'a>,
}

/// Of `workflow_run`, Gitea's.
#[derive(Debug, Deserialize)]
struct WorkflowEventPayload<'a> {
    #[serde(borrow)]
    workflow_run: RunPayload<'a>,
}

/// Of `action_run_…`, Forgejo's.
#[derive(Debug, Deserialize)]
struct ActionEventPayload<'a> {
    #[serde(borrow)]
    run: RunPayload<'a>,
}

/// Forgejo tells where it was inside the run.
#[derive(Debug, Deserialize)]
struct ActionPlacePayload<'a> {
    #[serde(borrow)]
    run: ActionContextPayload<'a>,
}

#[derive(Debug, Deserialize)]
struct ActionContextPayload<'a> {
    #[serde(borrow)]
    repository: RepositoryNamePayload<'a>,
    #[serde(borrow)]
    trigger_user: Option<UserPayload<'a>>,
}

/// What happened: the kind, the instant, and to what.
type Happening = (EventKind, Option<Timestamp>, Subject);

/// What the body of an event of this name tells; nothing for one that has no
/// unified kind.
pub(crate) fn read(
    provider: &ProviderName,
    name: &str,
    body: &[u8],
) -> Result<Option<Event>, ProviderError> {
    let mut context: ContextPayload<'_> = json(body)?;
    let happening = match name {
        "push" => push(json(body)?),
        "create" => created(json(body)?),
        "delete" => deleted(&json(body)?),
        "pull_request" => pull_request(json(body)?),
        "release" => release(json(body)?),
        "status" => Some(status(&json(body)?, json(body)?)),
        "repository" => Some((EventKind::RepositoryUpdated, None, Subject::Repository)),
        "workflow_run" => run(json::<WorkflowEventPayload<'_>>(body)?.workflow_run),
        "action_run_success" | "action_run_failure" | "action_run_recover" => {
            let ActionPlacePayload { run: at } = json(body)?;
            context = ContextPayload { repository: Some(at.repository), sender: at.trigger_user };
            run(json::<ActionEventPayload<'_>>(body)?.run)
        }
        _ => None,
    };
    let Some((kind, occurred_at, subject)) = happening else { return Ok(None) };
    let Some(repository) = context.repository else {
        return Err(malformed("the event says no repository"));
    };
    Ok(Some(Event {
        kind,
        provider: provider.clone(),
        repository: repository_id(repository.id)?,
        repository_name: repository.full_name.filled(),
        occurred_at,
        actor: context.sender.and_then(UserPayload::into_login),
        subject,
    }))
}

fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, ProviderError> {
    serde_json::from_slice(body).map_err(malformed)
}

fn malformed(source: impl Into<BoxError>) -> ProviderError {
    ProviderError::Malformed { resource: Resource::Subscriptions, source: source.into() }
}

/// A branch that moved. Tags are told by `create` and `delete`.
fn push(payload: PushPayload<'_>) -> Option<Happening> {
    let branch = payload.r#ref.strip_prefix("refs/heads/")?.to_owned();
    let push = Push {
        branch,
        before: commit(payload.before),
        after: commit(payload.after),
        commits: payload.commits.unwrap_or_default().into_iter().map(pushed).collect(),
        total_commits: count(payload.total_commits),
        forced: None,
    };
    Some((EventKind::Push, None, Subject::Push(push)))
}

/// A hash; one of zeros is none.
fn commit(text: Option<Text<'_>>) -> Option<String> {
    filled(text).filter(|it| it.bytes().any(|byte| byte != b'0'))
}

fn pushed(payload: PushedPayload<'_>) -> PushedCommit {
    let date = instant(payload.timestamp.as_ref());
    let paths = |paths: Option<Vec<Text<'_>>>| {
        paths.unwrap_or_default().into_iter().map(String::from).collect()
    };
    PushedCommit {
        sha: payload.id.into(),
        message: filled(payload.message).unwrap_or_default(),
        author: payload.author.map(|it| Signature {
            name: filled(it.name),
            email: filled(it.email),
            date,
            user: filled(it.username),
        }),
        added: paths(payload.added),
        modified: paths(payload.modified),
        removed: paths(payload.removed),
    }
}

/// A tag that came. A branch that came is told by `push`.
fn created(payload: RefPayload<'_>) -> Option<Happening> {
    if payload.ref_type.as_deref() != Some("tag") {
        return None;
    }
    let after = commit(payload.sha);
    Some((EventKind::Tag, None, Subject::Tag(tag(&payload.r#ref, after))))
}

/// A tag or a branch that went. Only of one that came is it said where it is.
fn deleted(payload: &RefPayload<'_>) -> Option<Happening> {
    match payload.ref_type.as_deref().filter(|_| payload.sha.is_none())? {
        "tag" => Some((EventKind::Tag, None, Subject::Tag(tag(&payload.r#ref, None)))),
        "branch" => {
            let push = Push {
                branch: without("refs/heads/", &payload.r#ref),
                before: None,
                after: None,
                commits: Vec::new(),
                total_commits: None,
                forced: None,
            };
            Some((EventKind::Push, None, Subject::Push(push)))
        }
        _ => None,
    }
}

fn tag(name: &str, after: Option<String>) -> TagMove {
    TagMove { name: without("refs/tags/", name), before: None, after, message: None }
}

/// Some versions send the whole name.
fn without(prefix: &str, name: &str) -> String {
    name.strip_prefix(prefix).unwrap_or(name).to_owned()
}

fn pull_request(payload: PullRequestEventPayload<'_>) -> Option<Happening> {
    let at = instant(payload.pull_request.updated_at.as_ref());
    let action = payload.action;
    let pull_request = payload.pull_request.into_pull_request();
    let kind = match &*action {
        "opened" | "reopened" => EventKind::PullRequestOpened,
        "closed" if pull_request.state == PullRequestState::Merged => EventKind::PullRequestMerged,
        "closed" => EventKind::PullRequestClosed,
        // What somebody said of it changes nothing in it.
        "reviewed" => return None,
        _ => EventKind::PullRequestUpdated,
    };
    Some((kind, at, Subject::PullRequest(Box::new(pull_request))))
}

fn release(payload: ReleaseEventPayload<'_>) -> Option<Happening> {
    if &*payload.action != "published" {
        return None;
    }
    let at = instant(payload.release.published_at.as_ref());
    let release = Box::new(payload.release.into_release());
    Some((EventKind::ReleasePublished, at, Subject::Release(release)))
}

fn status(of: &StatusOfPayload<'_>, payload: StatusPayload<'_>) -> Happening {
    let at = instant(payload.updated_at.as_ref());
    let check = Box::new(payload.into_check(&of.sha));
    (EventKind::CheckUpdated, at.or(check.started_at), Subject::Check(check))
}

fn run(payload: RunPayload<'_>) -> Option<Happening> {
    let check = payload.into_check()?;
    let at = check.completed_at.or(check.started_at);
    Some((EventKind::CheckUpdated, at, Subject::Check(Box::new(check))))
}
