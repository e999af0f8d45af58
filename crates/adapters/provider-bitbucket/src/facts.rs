//! What a delivery tells courses: what unified words tell, and what they have no
//! word for.
//!
//! Unified words name people by their nicknames, which several may have. What
//! the delivery says of their accounts is put in their place. They do not say,
//! either, what a commit came after.

use std::collections::BTreeMap;

use lodge_activity::{Actor, Commit, Fact};
use lodge_forge::{Event, ProviderName, Subject};
use lodge_kernel::Timestamp;
use lodge_provider::{BoxError, Delivery};
use lodge_provider_kit::{account, bounded, facts_of, read_json, run_of};
use serde::{Deserialize, de::IgnoredAny};

use crate::payload::{
    comment::{ApprovalEventPayload, CommentEventPayload},
    event::EventPayload,
    issue::IssueEventPayload,
    profile::AccountPayload,
};

/// What `delivery` under the event key `key` tells. Nothing for an event that
/// courses do not use, and for a body of another form than it has.
///
/// # Errors
///
/// When the body is no JSON. The error says where, and nothing of what stands
/// there.
pub(crate) fn read(key: &str, delivery: &Delivery) -> Result<Vec<Fact<Actor>>, BoxError> {
    read_json::<IgnoredAny>(&delivery.body)?;
    if let Some(fact) = beside(key, &delivery.body) {
        return Ok(vec![fact]);
    }
    let Some(payload) = json::<EventPayload<'_>>(&delivery.body) else { return Ok(Vec::new()) };
    let accounts = Accounts::of(&payload.accounts());
    let parents = payload.parents();
    // Whose host it is does not change what it tells.
    let events = payload.into_events(key, &ProviderName::parse("bitbucket")?).unwrap_or_default();
    let facts = events.into_iter().flat_map(|it| told(it, delivery.received_at));
    let facts = facts.map(|it| it.map(&mut |who| accounts.named(who)));
    Ok(facts.map(|it| after(it, &parents)).filter_map(bounded).collect())
}

/// `fact` with the parents of a commit, of which `all` has those that are told.
fn after(fact: Fact<Actor>, all: &BTreeMap<String, Vec<String>>) -> Fact<Actor> {
    match fact {
        Fact::Commit(it) => {
            let parents = all.get(&it.sha).cloned();
            Fact::Commit(Commit { parents, ..it })
        }
        it => it,
    }
}

/// What unified words do not tell.
fn beside(key: &str, body: &[u8]) -> Option<Fact<Actor>> {
    let fact = match key {
        "issue:created" | "issue:updated" => {
            Fact::Issue(json::<IssueEventPayload<'_>>(body)?.into_issue()?)
        }
        "pullrequest:comment_created"
        | "pullrequest:comment_updated"
        | "issue:comment_created"
        | "repo:commit_comment_created" => {
            Fact::Note(json::<CommentEventPayload<'_>>(body)?.into_note()?)
        }
        "pullrequest:approved" | "pullrequest:unapproved" => {
            let approved = key == "pullrequest:approved";
            Fact::Approval(json::<ApprovalEventPayload<'_>>(body)?.into_approval(approved)?)
        }
        _ => return None,
    };
    bounded(fact)
}

fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Option<T> {
    read_json(body).ok()
}

/// Of a build there is a status of its commit, which is the same one until
/// another has its key.
fn told(event: Event, received_at: Timestamp) -> Vec<Fact<Actor>> {
    match event {
        Event { subject: Subject::Check(check), actor, occurred_at, .. } => {
            let id = format!("{}/{}", check.sha, check.id);
            run_of(*check, id, actor.map(account), occurred_at).into_iter().collect()
        }
        event => facts_of(event, received_at),
    }
}

/// The accounts of one delivery by their names, as far as a name is that of one.
struct Accounts(BTreeMap<String, Option<Actor>>);

impl Accounts {
    fn of(all: &[&AccountPayload<'_>]) -> Self {
        let mut named: BTreeMap<String, Option<Actor>> = BTreeMap::new();
        for account in all {
            let (Some(name), Some(actor)) = (account.known_as(), account.actor()) else { continue };
            let is_one = match named.get(&name) {
                Some(Some(known)) => known.host_user == actor.host_user,
                Some(None) => false,
                None => true,
            };
            named.insert(name, is_one.then_some(actor));
        }
        Self(named)
    }

    /// `who` with what is known of the account. A name that several have is
    /// shown, and says of none who it is.
    fn named(&self, who: Actor) -> Actor {
        let account = who.username.as_ref().and_then(|it| self.0.get(it)).cloned().flatten();
        match account {
            Some(account) => Actor { email: who.email, name: who.name.or(account.name), ..account },
            None => Actor { name: who.name.or(who.username), username: None, ..who },
        }
    }
}
