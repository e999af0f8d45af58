//! What apps are told, in the words of the unified API.

use lodge_firewall::Tally;
use lodge_forge::{Event, Push, PushedCommit, Subject, TagMove};
use lodge_kernel::{SubscriptionId, Timestamp};
use lodge_services::EventWriter;
use serde::Serialize;

use crate::views::{
    CheckView, DeploymentView, FirewallView, PullRequestView, ReleaseView, SignatureView, Time,
};

/// Writes events as Standard Webhooks suggests: type, timestamp and data.
#[derive(Clone, Debug)]
pub struct JsonEvents {
    rules_version: String,
}

impl JsonEvents {
    /// For events that these rules of the firewall have reviewed.
    pub fn new(rules_version: impl Into<String>) -> Self {
        Self { rules_version: rules_version.into() }
    }
}

#[derive(Serialize)]
struct Envelope<'a, D> {
    r#type: &'a str,
    timestamp: Time,
    subscription_id: String,
    data: D,
    #[serde(skip_serializing_if = "Option::is_none")]
    firewall: Option<FirewallView>,
}

#[derive(Serialize)]
struct EventData {
    provider: String,
    repository_id: String,
    repository_name: Option<String>,
    occurred_at: Option<Time>,
    actor: Option<String>,
    #[serde(flatten)]
    subject: SubjectView,
}

/// Under the name of what it is.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum SubjectView {
    Push(PushView),
    Tag(TagMoveView),
    PullRequest(Box<PullRequestView>),
    Check(Box<CheckView>),
    Release(Box<ReleaseView>),
    Deployment(Box<DeploymentView>),
    Repository {},
}

#[derive(Serialize)]
struct PushView {
    branch: String,
    before: Option<String>,
    after: Option<String>,
    forced: Option<bool>,
    total_commits: Option<u64>,
    commits: Vec<PushedCommitView>,
}

#[derive(Serialize)]
struct PushedCommitView {
    sha: String,
    message: String,
    author: Option<SignatureView>,
    added: Vec<String>,
    modified: Vec<String>,
    removed: Vec<String>,
}

#[derive(Serialize)]
struct TagMoveView {
    name: String,
    before: Option<String>,
    after: Option<String>,
    message: Option<String>,
}

impl From<Push> for PushView {
    fn from(it: Push) -> Self {
        Self {
            branch: it.branch,
            before: it.before,
            after: it.after,
            forced: it.forced,
            total_commits: it.total_commits,
            commits: it.commits.into_iter().map(PushedCommitView::from).collect(),
        }
    }
}

impl From<PushedCommit> for PushedCommitView {
    fn from(it: PushedCommit) -> Self {
        Self {
            sha: it.sha,
            message: it.message,
            author: it.author.map(SignatureView::from),
            added: it.added,
            modified: it.modified,
            removed: it.removed,
        }
    }
}

impl From<TagMove> for TagMoveView {
    fn from(it: TagMove) -> Self {
        Self { name: it.name, before: it.before, after: it.after, message: it.message }
    }
}

impl From<Subject> for SubjectView {
    fn from(it: Subject) -> Self {
        match it {
            Subject::Push(it) => Self::Push(it.into()),
            Subject::Tag(it) => Self::Tag(it.into()),
            Subject::PullRequest(it) => Self::PullRequest(Box::new((*it).into())),
            Subject::Check(it) => Self::Check(Box::new((*it).into())),
            Subject::Release(it) => Self::Release(Box::new((*it).into())),
            Subject::Deployment(it) => Self::Deployment(Box::new((*it).into())),
            Subject::Repository => Self::Repository {},
        }
    }
}

impl EventWriter for JsonEvents {
    fn event(
        &self,
        subscription: SubscriptionId,
        event: &Event,
        tally: &Tally,
        at: Timestamp,
    ) -> String {
        let envelope = Envelope {
            r#type: event.kind.name(),
            timestamp: at.into(),
            subscription_id: subscription.to_string(),
            data: EventData {
                provider: event.provider.to_string(),
                repository_id: event.repository.to_string(),
                repository_name: event.repository_name.clone(),
                occurred_at: event.occurred_at.map(Time::from),
                actor: event.actor.clone(),
                subject: event.subject.clone().into(),
            },
            firewall: Some(FirewallView::new(&self.rules_version, tally)),
        };
        text(&envelope)
    }

    fn challenge(&self, subscription: SubscriptionId, challenge: &str, at: Timestamp) -> String {
        #[derive(Serialize)]
        struct Challenge<'a> {
            challenge: &'a str,
        }
        let envelope = Envelope {
            r#type: "challenge",
            timestamp: at.into(),
            subscription_id: subscription.to_string(),
            data: Challenge { challenge },
            firewall: None,
        };
        text(&envelope)
    }
}

/// Texts and numbers can always be written as JSON.
fn text(envelope: &impl Serialize) -> String {
    serde_json::to_string(envelope).unwrap_or_default()
}
