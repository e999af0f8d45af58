//! What a delivery tells courses: what unified words tell, and what they have no
//! word for. Work items are of a project, and not of a repository: nothing of
//! them is told.

use lodge_activity::{Actor, Fact};
use lodge_forge::{Event, ProviderName, Subject};
use lodge_kernel::Timestamp;
use lodge_provider::{BoxError, Delivery};
use lodge_provider_kit::{account, bounded, facts_of, read_json, run_of};
use serde::de::IgnoredAny;

use crate::{
    events::{self, Teller},
    payload::{
        Text,
        comment::CommentPayload,
        event::{EnvelopePayload, PushPayload, ResourcePayload},
        vote::VotesPayload,
        whereabouts::Whereabouts,
        without_mark,
    },
};

type Facts = Vec<Fact<Actor>>;

/// What `delivery` tells. Nothing for an event that courses do not use, and for
/// a body of another form than it has.
///
/// # Errors
///
/// When the body is no JSON. The error says where, and nothing of what stands
/// there.
pub(crate) fn read(delivery: &Delivery) -> Result<Facts, BoxError> {
    let body = without_mark(&delivery.body);
    read_json::<IgnoredAny>(body)?;
    let Ok(envelope) = EnvelopePayload::read(body) else { return Ok(Vec::new()) };
    let mut facts = match Whereabouts::of(body) {
        // Whose host it is does not change what it tells.
        Some(Whereabouts { sites, .. }) => {
            let name = ProviderName::parse("azure")?;
            let events = events::read(Teller { name: &name, sites: &sites }, body);
            let mut events = events.unwrap_or_default();
            if envelope.event_type.as_deref() == Some("git.push") {
                fill(&mut events, body);
            }
            events.into_iter().flat_map(|it| told(it, delivery.received_at)).collect()
        }
        None => Vec::new(),
    };
    facts.extend(beside(&envelope, body, delivery.received_at));
    Ok(facts.into_iter().map(|it| it.map(&mut named)).filter_map(bounded).collect())
}

/// Unified words leave out the commits of a push to several branches, since it is
/// not told which are whose. Facts need not know.
fn fill(events: &mut [Event], body: &[u8]) {
    let told: Option<PushPayload<'_>> = ResourcePayload::read(body).ok();
    let first = events.iter_mut().find_map(|it| match &mut it.subject {
        Subject::Push(push) => Some(push),
        _ => None,
    });
    if let Some((push, told)) = first.zip(told) {
        push.commits = told.into_commits();
    }
}

/// A build is a run.
fn told(event: Event, received_at: Timestamp) -> Facts {
    match event {
        Event { subject: Subject::Check(check), actor, occurred_at, .. } => {
            let id = check.id.clone();
            run_of(*check, id, actor.map(account), occurred_at).into_iter().collect()
        }
        event => facts_of(event, received_at),
    }
}

/// What unified words do not tell.
fn beside(envelope: &EnvelopePayload<'_>, body: &[u8], received_at: Timestamp) -> Facts {
    match envelope.event_type.as_deref().unwrap_or_default() {
        "ms.vss-code.git-pullrequest-comment-event" => {
            let note = CommentPayload::read(body).ok().and_then(CommentPayload::into_note);
            note.map(Fact::Note).into_iter().collect()
        }
        "git.pullrequest.created" | "git.pullrequest.updated" => {
            let sent_at = envelope.created_date.as_ref().and_then(Text::instant);
            let votes: Option<VotesPayload<'_>> = ResourcePayload::read(body).ok();
            let words = votes.map(|it| it.into_approvals(sent_at.unwrap_or(received_at)));
            words.into_iter().flatten().map(Fact::Approval).collect()
        }
        _ => Vec::new(),
    }
}

/// Who logs in by an address is known by it in commits, too.
fn named(who: Actor) -> Actor {
    let address = who.username.clone().filter(|it| it.contains('@'));
    Actor { email: who.email.or(address), ..who }
}
