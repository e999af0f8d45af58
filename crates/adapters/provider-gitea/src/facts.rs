//! What a delivery tells courses: what unified words tell, and what they have no
//! word for.

use lodge_activity::{Actor, Fact};
use lodge_forge::{Check, CheckKind, Event, ProviderName, Subject};
use lodge_kernel::Timestamp;
use lodge_provider::{BoxError, Delivery};
use lodge_provider_kit::{account, bounded, facts_of, read_json, run_of};
use serde::{Deserialize, de::IgnoredAny};

use crate::payload::{
    event,
    issue::{CommentEventPayload, IssueEventPayload, ReviewEventPayload},
};

/// What `delivery` of the event called `name` tells. Nothing for an event that
/// courses do not use, and for a body of another form than it has.
///
/// # Errors
///
/// When the body is no JSON. The error says where, and nothing of what stands
/// there.
pub(crate) fn read(name: &str, delivery: &Delivery) -> Result<Vec<Fact<Actor>>, BoxError> {
    read_json::<IgnoredAny>(&delivery.body)?;
    if let Some(fact) = beside(name, &delivery.body) {
        return Ok(vec![fact]);
    }
    // Whose host it is does not change what it tells.
    let told = event::read(&ProviderName::parse("gitea")?, name, &delivery.body);
    Ok(match told.ok().flatten() {
        Some(Event { subject: Subject::Check(check), actor, occurred_at, .. }) => {
            run(*check, actor.map(account), occurred_at).into_iter().collect()
        }
        Some(event) => facts_of(event, delivery.received_at),
        None => Vec::new(),
    })
}

/// What unified words do not tell.
fn beside(name: &str, body: &[u8]) -> Option<Fact<Actor>> {
    let fact = match name {
        "issues" => Fact::Issue(json::<IssueEventPayload<'_>>(body)?.into_issue()?),
        "issue_comment" => Fact::Note(json::<CommentEventPayload<'_>>(body)?.into_note()?),
        "pull_request_approved" | "pull_request_rejected" => {
            // What proves a delivery is said of its body alone: a header may agree
            // with it, and no more.
            let said = json::<ReviewEventPayload<'_>>(body)?.into_approval()?;
            if said.approved != (name == "pull_request_approved") {
                return None;
            }
            Fact::Approval(said)
        }
        _ => return None,
    };
    bounded(fact)
}

fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Option<T> {
    read_json(body).ok()
}

/// A run, or what another tool says of a commit. Of the jobs of its own runs the
/// host says the same once more, which is nothing new.
fn run(check: Check, by: Option<Actor>, at: Option<Timestamp>) -> Option<Fact<Actor>> {
    if check.kind != CheckKind::Status {
        let id = check.id.clone();
        return run_of(check, id, by, at);
    }
    if check.url.as_deref().is_some_and(|it| it.contains("/actions/runs/")) {
        return None;
    }
    // Each change has an id of its own, and says when it was written: not when
    // that began which it tells of.
    let id = format!("{}/{}", check.sha, check.name);
    run_of(Check { started_at: None, ..check }, id, by, at)
}
