//! Deliveries of webhooks: `push`, `pull_request`, `check_run`, `status`,
//! `release`, `deployment`, `deployment_status`, `repository`.
//!
//! Source: <https://docs.github.com/en/webhooks/webhook-events-and-payloads>;
//! the bodies follow no API version.

use lodge_forge::{
    Event, EventKind, NameError, ProviderName, Push, PushedCommit, RepositoryId, Signature,
    Subject, TagMove,
};
use lodge_kernel::Timestamp;
use lodge_provider_kit::{First, Text};
use serde::Deserialize;

use super::{
    check::{CheckRunPayload, StatusPayload},
    deployment::{DeploymentPayload, DeploymentStatusPayload},
    filled, instant,
    profile::{UserPayload, login},
    pull_request::PullRequestPayload,
    release::ReleasePayload,
};

/// How many commits of a push are read: GitHub tells no more.
const MOST_COMMITS: usize = 2_048;

/// What every delivery has.
#[derive(Debug, Deserialize)]
struct EnvelopePayload<'a> {
    #[serde(borrow)]
    action: Option<Text<'a>>,
    repository: WherePayload<'a>,
    sender: Option<UserPayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct WherePayload<'a> {
    id: u64,
    #[serde(borrow)]
    full_name: Option<Text<'a>>,
    updated_at: Option<MomentPayload<'a>>,
    pushed_at: Option<MomentPayload<'a>>,
}

/// An instant: in `push` a number of seconds, elsewhere a text.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum MomentPayload<'a> {
    Seconds(i64),
    #[serde(borrow)]
    Text(Text<'a>),
}

#[derive(Debug, Deserialize)]
struct PushPayload<'a> {
    #[serde(rename = "ref", borrow)]
    reference: Text<'a>,
    before: Text<'a>,
    after: Text<'a>,
    forced: Option<bool>,
    commits: Option<First<PushedCommitPayload<'a>, MOST_COMMITS>>,
}

#[derive(Debug, Deserialize)]
struct PushedCommitPayload<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    message: Option<Text<'a>>,
    timestamp: Option<Text<'a>>,
    author: Option<AuthorPayload<'a>>,
    added: Option<Vec<Text<'a>>>,
    modified: Option<Vec<Text<'a>>>,
    removed: Option<Vec<Text<'a>>>,
}

#[derive(Debug, Deserialize)]
struct AuthorPayload<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    email: Option<Text<'a>>,
    username: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct PullRequestEventPayload<'a> {
    #[serde(borrow)]
    pull_request: PullRequestPayload<'a>,
}

#[derive(Debug, Deserialize)]
struct CheckRunEventPayload<'a> {
    #[serde(borrow)]
    check_run: CheckRunPayload<'a>,
}

/// A `status` delivery is the status itself, with the commit beside it.
#[derive(Debug, Deserialize)]
struct StatusEventPayload<'a> {
    #[serde(borrow)]
    sha: Text<'a>,
}

#[derive(Debug, Deserialize)]
struct ReleaseEventPayload<'a> {
    #[serde(borrow)]
    release: ReleasePayload<'a>,
}

#[derive(Debug, Deserialize)]
struct DeploymentEventPayload<'a> {
    #[serde(borrow)]
    deployment: DeploymentPayload<'a>,
    deployment_status: Option<DeploymentStatusPayload<'a>>,
}

/// A delivery cannot be read.
pub(crate) type ReadError = Box<dyn std::error::Error + Send + Sync>;

/// What a delivery of the event called `name` tells. `None` when there is no
/// unified word for it.
pub(crate) fn read(
    provider: &ProviderName,
    name: &str,
    body: &[u8],
) -> Result<Option<Event>, ReadError> {
    let known = [
        "push",
        "pull_request",
        "check_run",
        "status",
        "release",
        "deployment",
        "deployment_status",
        "repository",
    ];
    // A ping of an organisation's hook has no repository.
    if !known.contains(&name) {
        return Ok(None);
    }
    let envelope: EnvelopePayload<'_> = serde_json::from_slice(body)?;
    let action = envelope.action.as_deref().unwrap_or_default();
    let Some((kind, subject, at)) = what(name, action, body)? else { return Ok(None) };
    Ok(Some(envelope.into_event(provider, kind, subject, at)?))
}

type What = (EventKind, Subject, Option<Timestamp>);

fn what(name: &str, action: &str, body: &[u8]) -> Result<Option<What>, serde_json::Error> {
    Ok(match name {
        "push" => serde_json::from_slice::<PushPayload<'_>>(body)?.into_what(),
        "pull_request" => {
            let payload: PullRequestEventPayload<'_> = serde_json::from_slice(body)?;
            let it = payload.pull_request.into_event_subject();
            let kind = match action {
                "opened" | "reopened" => EventKind::PullRequestOpened,
                "closed" if it.merged_at.is_some() => EventKind::PullRequestMerged,
                "closed" => EventKind::PullRequestClosed,
                _ => EventKind::PullRequestUpdated,
            };
            let at = it.updated_at;
            Some((kind, Subject::PullRequest(Box::new(it)), at))
        }
        "check_run" => {
            let payload: CheckRunEventPayload<'_> = serde_json::from_slice(body)?;
            let it = lodge_forge::Check::from(payload.check_run);
            let at = it.completed_at.or(it.started_at);
            Some((EventKind::CheckUpdated, Subject::Check(Box::new(it)), at))
        }
        "status" => {
            let of: StatusEventPayload<'_> = serde_json::from_slice(body)?;
            let payload: StatusPayload<'_> = serde_json::from_slice(body)?;
            let at = payload.changed_at();
            let it = payload.into_check(of.sha.into());
            Some((EventKind::CheckUpdated, Subject::Check(Box::new(it)), at))
        }
        // It is also told as `released` or `prereleased` in the same moment.
        "release" if action == "published" => {
            let payload: ReleaseEventPayload<'_> = serde_json::from_slice(body)?;
            let it = lodge_forge::Release::from(payload.release);
            let at = it.published_at;
            Some((EventKind::ReleasePublished, Subject::Release(Box::new(it)), at))
        }
        "deployment" | "deployment_status" => {
            let payload: DeploymentEventPayload<'_> = serde_json::from_slice(body)?;
            let it = payload.deployment.into_deployment(payload.deployment_status);
            let at = it.updated_at;
            Some((EventKind::DeploymentUpdated, Subject::Deployment(Box::new(it)), at))
        }
        "repository" => Some((EventKind::RepositoryUpdated, Subject::Repository, None)),
        _ => None,
    })
}

impl EnvelopePayload<'_> {
    fn into_event(
        self,
        provider: &ProviderName,
        kind: EventKind,
        subject: Subject,
        at: Option<Timestamp>,
    ) -> Result<Event, NameError> {
        let place = self.repository;
        let told = match kind {
            EventKind::Push | EventKind::Tag => place.pushed_at,
            _ => place.updated_at,
        };
        Ok(Event {
            kind,
            provider: provider.clone(),
            repository: RepositoryId::parse(&place.id.to_string())?,
            repository_name: filled(place.full_name),
            occurred_at: at.or_else(|| told?.instant()),
            actor: login(self.sender),
            subject,
        })
    }
}

impl MomentPayload<'_> {
    fn instant(&self) -> Option<Timestamp> {
        match self {
            Self::Seconds(seconds) => Some(Timestamp::from_seconds(*seconds)),
            Self::Text(text) => text.instant(),
        }
    }
}

impl PushPayload<'_> {
    fn into_what(self) -> Option<What> {
        let (before, after) = (object(self.before), object(self.after));
        if let Some(name) = self.reference.strip_prefix("refs/tags/") {
            let name = name.to_owned();
            let moved = TagMove { name, before, after, message: None };
            return Some((EventKind::Tag, Subject::Tag(moved), None));
        }
        let branch = self.reference.strip_prefix("refs/heads/")?.to_owned();
        let commits = self.commits.into_iter().flatten().map(Into::into).collect();
        // GitHub tells up to 2,048 commits, and not how many there are.
        let push =
            Push { branch, before, after, commits, total_commits: None, forced: self.forced };
        Some((EventKind::Push, Subject::Push(push), None))
    }
}

/// A hash of zeros stands for nothing.
fn object(sha: Text<'_>) -> Option<String> {
    if sha.bytes().all(|it| it == b'0') { None } else { Some(sha.into()) }
}

impl From<PushedCommitPayload<'_>> for PushedCommit {
    fn from(it: PushedCommitPayload<'_>) -> Self {
        let date = instant(it.timestamp);
        let paths = |list: Option<Vec<Text<'_>>>| -> Vec<String> {
            list.into_iter().flatten().map(Into::into).collect()
        };
        Self {
            sha: it.id.into(),
            message: it.message.map(Into::into).unwrap_or_default(),
            author: it.author.map(|it| Signature {
                name: filled(it.name),
                email: filled(it.email),
                date,
                user: filled(it.username),
            }),
            added: paths(it.added),
            modified: paths(it.modified),
            removed: paths(it.removed),
        }
    }
}
