//! `Workflow Run`, as the event `workflow_run` tells it.
//!
//! Source: <https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_run>.

use lodge_activity::{Actor, Fact, Pipeline};
use lodge_forge::{Check, CheckKind, CheckStatus};
use lodge_provider_kit::{Text, account, run_of};
use serde::Deserialize;

use super::{
    check::{conclusion, status},
    filled, instant,
    profile::{UserPayload, login},
};

#[derive(Debug, Deserialize)]
pub(crate) struct RunEventPayload<'a> {
    #[serde(borrow)]
    workflow_run: RunPayload<'a>,
    repository: Option<PlacePayload<'a>>,
}

/// A run. One that is run again is the same one, with the times of the newest
/// attempt, but for when it was made.
#[derive(Debug, Deserialize)]
struct RunPayload<'a> {
    id: u64,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    status: Option<Text<'a>>,
    conclusion: Option<Text<'a>>,
    head_sha: Option<Text<'a>>,
    head_branch: Option<Text<'a>>,
    /// Where the branch is.
    head_repository: Option<PlacePayload<'a>>,
    actor: Option<UserPayload<'a>>,
    /// Who set off the newest attempt.
    triggering_actor: Option<UserPayload<'a>>,
    created_at: Option<Text<'a>>,
    run_started_at: Option<Text<'a>>,
    updated_at: Option<Text<'a>>,
    html_url: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct PlacePayload<'a> {
    id: Option<u64>,
    #[serde(borrow)]
    owner: Option<UserPayload<'a>>,
}

impl RunEventPayload<'_> {
    /// `None` for a run of no commit, and when nobody says when.
    pub(crate) fn into_fact(self) -> Option<Fact<Actor>> {
        let it = self.workflow_run;
        let here = self.repository.and_then(|it| it.id);
        let mut traits = Vec::new();
        let status = status(it.status.as_deref(), &mut traits);
        let conclusion = it.conclusion.as_deref().map(|word| conclusion(word, &mut traits));
        let (id, updated_at) = (it.id.to_string(), instant(it.updated_at));
        let by = login(it.triggering_actor).or_else(|| login(it.actor)).map(account);
        let check = Check {
            id: id.clone(),
            kind: CheckKind::Pipeline,
            name: filled(it.name).unwrap_or_default(),
            status,
            conclusion,
            traits,
            sha: filled(it.head_sha)?,
            reference: reference(filled(it.head_branch), it.head_repository, here),
            // It has a time while it waits, too.
            started_at: instant(it.run_started_at).filter(|_| status != CheckStatus::Queued),
            // Nothing changes in it afterwards.
            completed_at: updated_at.filter(|_| status == CheckStatus::Completed),
            summary: None,
            url: filled(it.html_url),
            app: None,
        };
        let made_at = instant(it.created_at);
        Some(match run_of(check, id, by, updated_at.or(made_at))? {
            Fact::Pipeline(run) => {
                Fact::Pipeline(Pipeline { created_at: made_at.unwrap_or(run.created_at), ..run })
            }
            other => other,
        })
    }
}

/// The branch. One of a fork has its owner before it, as in GitHub's own labels:
/// it may be called as one of here.
fn reference(
    branch: Option<String>,
    place: Option<PlacePayload<'_>>,
    here: Option<u64>,
) -> Option<String> {
    let is_fork = |it: &PlacePayload<'_>| it.id.zip(here).is_some_and(|(its, ours)| its != ours);
    match login(place.filter(is_fork).and_then(|it| it.owner)) {
        Some(owner) => branch.map(|it| format!("{owner}:{it}")),
        None => branch,
    }
}
