//! What a delivery tells courses: what unified words tell, and what they have no
//! word for.
//!
//! Runs are told by `workflow_run` alone. Of a run there is a check suite, too,
//! and a check run for each of its jobs: whoever read these counted it once more.

use lodge_activity::{Actor, Fact, MergeRequest};
use lodge_forge::ProviderName;
use lodge_provider::{BoxError, Delivery};
use lodge_provider_kit::{bounded, facts_of, read_json};
use serde::{Deserialize, de::IgnoredAny};

use crate::payload::{
    comment::CommentEventPayload, event, issue::IssueEventPayload,
    pull_request::PeopleEventPayload, review::ReviewEventPayload, run::RunEventPayload,
};

type Facts = Vec<Fact<Actor>>;

/// What `delivery` of the event called `name` tells. Nothing for an event that
/// courses do not use, and for a body of another form than it has.
///
/// # Errors
///
/// When the body is no JSON. The error says where, and nothing of what stands
/// there.
pub(crate) fn read(name: &str, delivery: &Delivery) -> Result<Facts, BoxError> {
    let body = delivery.body.as_slice();
    read_json::<IgnoredAny>(body)?;
    let facts: Facts = match name {
        "issues" => {
            let it = json::<IssueEventPayload<'_>>(body).and_then(IssueEventPayload::into_issue);
            it.map(Fact::Issue).into_iter().collect()
        }
        "issue_comment" | "pull_request_review_comment" | "commit_comment" => {
            let it = json::<CommentEventPayload<'_>>(body).and_then(CommentEventPayload::into_note);
            it.map(Fact::Note).into_iter().collect()
        }
        "pull_request_review" => {
            let it = json::<ReviewEventPayload<'_>>(body);
            it.map(ReviewEventPayload::into_facts).unwrap_or_default()
        }
        "workflow_run" => {
            let it = json::<RunEventPayload<'_>>(body).and_then(RunEventPayload::into_fact);
            it.into_iter().collect()
        }
        "pull_request" => with_people(unified(name, delivery)?, body),
        _ => unified(name, delivery)?,
    };
    Ok(facts.into_iter().filter_map(bounded).collect())
}

fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Option<T> {
    read_json(body).ok()
}

/// What unified words tell.
fn unified(name: &str, delivery: &Delivery) -> Result<Facts, BoxError> {
    // Whose host it is does not change what it tells.
    let told = event::read(&ProviderName::parse("github")?, name, &delivery.body);
    Ok(told.ok().flatten().map(|it| facts_of(it, delivery.received_at)).unwrap_or_default())
}

/// A pull request with those whom unified words leave out. Who merged it need
/// not be who set off the event: it may have been told to merge itself.
fn with_people(facts: Facts, body: &[u8]) -> Facts {
    let Some(people) = json::<PeopleEventPayload<'_>>(body) else { return facts };
    let (merged_by, assignees) = people.into_people();
    let told = facts.into_iter().map(|it| match it {
        Fact::MergeRequest(it) => Fact::MergeRequest(MergeRequest {
            merged_by: merged_by.clone().or(it.merged_by),
            assignees: assignees.clone(),
            ..it
        }),
        it => it,
    });
    told.collect()
}
