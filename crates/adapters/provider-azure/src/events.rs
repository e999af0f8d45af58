//! What a delivery tells, in unified words.

use lodge_forge::{Event, EventKind, ProviderName, PullRequestState, Resource, Subject};
use lodge_provider::ProviderError;
use serde::Deserialize;

use crate::{
    payload::{
        IdentityPayload, Text,
        check::BuildPayload,
        event::{EnvelopePayload, Moved, PushPayload, RepositoryChangePayload, ResourcePayload},
        pull_request::PullRequestPayload,
        repository::RepositoryPayload,
    },
    place,
    sites::Sites,
};

/// Whose host tells it, and where that is.
#[derive(Clone, Copy)]
pub(crate) struct Teller<'a> {
    pub(crate) name: &'a ProviderName,
    pub(crate) sites: &'a Sites,
}

/// The events that `body` tells: none for a type that has no unified kind.
pub(crate) fn read(teller: Teller<'_>, body: &[u8]) -> Result<Vec<Event>, ProviderError> {
    let envelope = EnvelopePayload::read(body).map_err(malformed)?;
    match envelope.event_type.as_deref().unwrap_or_default() {
        "git.push" => push(teller, &envelope, resource(body)?),
        "git.pullrequest.created" => {
            pull_request(teller, &envelope, resource(body)?, EventKind::PullRequestOpened)
        }
        "git.pullrequest.updated" => {
            let told: PullRequestPayload<'_> = resource(body)?;
            let kind = match told.state() {
                PullRequestState::Open => EventKind::PullRequestUpdated,
                PullRequestState::Merged => EventKind::PullRequestMerged,
                PullRequestState::Closed => EventKind::PullRequestClosed,
            };
            pull_request(teller, &envelope, told, kind)
        }
        "build.complete" => build(teller, &envelope, resource(body)?),
        "git.repo.renamed" | "git.repo.statuschanged" => {
            let told: RepositoryChangePayload<'_> = resource(body)?;
            let at = told.utc_timestamp.as_ref().and_then(Text::instant);
            let actor = told.initiated_by.as_ref().and_then(IdentityPayload::name);
            let event = Around { teller, envelope: &envelope, repository: &told.repository };
            Ok(vec![Event {
                occurred_at: at.or(event.sent_at()),
                actor,
                ..event.of(EventKind::RepositoryUpdated, Subject::Repository)?
            }])
        }
        _ => Ok(Vec::new()),
    }
}

fn push(
    teller: Teller<'_>,
    envelope: &EnvelopePayload<'_>,
    mut told: PushPayload<'_>,
) -> Result<Vec<Event>, ProviderError> {
    let moved = told.moved();
    let at = told.date.as_ref().and_then(Text::instant);
    let actor = told.pushed_by.as_ref().and_then(IdentityPayload::name);
    let event = Around { teller, envelope, repository: &told.repository };
    let events = moved.into_iter().map(|it| {
        let (kind, subject) = match it {
            Moved::Branch(push) => (EventKind::Push, Subject::Push(push)),
            Moved::Tag(tag) => (EventKind::Tag, Subject::Tag(tag)),
        };
        let occurred_at = at.or(event.sent_at());
        Ok(Event { occurred_at, actor: actor.clone(), ..event.of(kind, subject)? })
    });
    events.collect()
}

fn pull_request(
    teller: Teller<'_>,
    envelope: &EnvelopePayload<'_>,
    mut told: PullRequestPayload<'_>,
    kind: EventKind,
) -> Result<Vec<Event>, ProviderError> {
    // Who updated it is not told, who opened or ended it is.
    let actor = told.actor().filter(|_| kind != EventKind::PullRequestUpdated);
    let Some(repository) = told.repository.take() else {
        return Err(malformed("it tells no repository"));
    };
    let event = Around { teller, envelope, repository: &repository };
    let organization = event.organization()?;
    let page = teller.sites.page(&organization, &repository);
    let subject = told.into_pull_request(&organization, page.as_deref());
    Ok(vec![Event { actor, ..event.of(kind, Subject::PullRequest(Box::new(subject)))? }])
}

/// A build tells less of its repository than the rest. One of another host's
/// repository is none of ours.
fn build(
    teller: Teller<'_>,
    envelope: &EnvelopePayload<'_>,
    told: BuildPayload<'_>,
) -> Result<Vec<Event>, ProviderError> {
    let guid = told.repository.as_ref().and_then(|it| it.id.as_deref());
    let told_in = told.url.as_deref().and_then(|it| teller.sites.organization_of(it));
    let base = envelope.base_url().and_then(|it| teller.sites.organization_of(it));
    let organization = told_in.or(base).ok_or_else(|| malformed("it tells no organisation"))?;
    let Some(repository) = guid.and_then(|it| place::id(&organization, it)) else {
        return Ok(Vec::new());
    };
    let actor = told.requested_for.as_ref().and_then(IdentityPayload::name);
    let check = told.into_check();
    Ok(vec![Event {
        kind: EventKind::CheckUpdated,
        provider: teller.name.clone(),
        repository,
        repository_name: None,
        occurred_at: check.completed_at,
        actor,
        subject: Subject::Check(Box::new(check)),
    }])
}

/// What is the same in all events of a delivery.
struct Around<'a, 'b> {
    teller: Teller<'a>,
    envelope: &'a EnvelopePayload<'b>,
    repository: &'a RepositoryPayload<'b>,
}

impl Around<'_, '_> {
    fn sent_at(&self) -> Option<lodge_kernel::Timestamp> {
        self.envelope.created_date.as_ref().and_then(Text::instant)
    }

    /// The organisation that the repository is in, from its address.
    fn organization(&self) -> Result<String, ProviderError> {
        let url = self.repository.url.as_deref().or(self.envelope.base_url());
        let found = url.and_then(|it| self.teller.sites.organization_of(it));
        found.ok_or_else(|| malformed("it tells no organisation"))
    }

    fn of(&self, kind: EventKind, subject: Subject) -> Result<Event, ProviderError> {
        let organization = self.organization()?;
        let repository = place::id(&organization, &self.repository.id);
        Ok(Event {
            kind,
            provider: self.teller.name.clone(),
            repository: repository.ok_or_else(|| malformed("its repository's id is none"))?,
            repository_name: self.repository.full_name(&organization),
            occurred_at: self.sent_at(),
            actor: None,
            subject,
        })
    }
}

fn resource<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, ProviderError> {
    ResourcePayload::read(body).map_err(malformed)
}

/// A body that is not the host's.
fn malformed(source: impl Into<lodge_provider::BoxError>) -> ProviderError {
    ProviderError::Malformed { resource: Resource::Subscriptions, source: source.into() }
}
