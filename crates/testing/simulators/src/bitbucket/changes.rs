//! Pull requests, and what they and commits change.

use lodge_forge::{PullRequest, PullRequestSide, PullRequestState};
use serde_json::{Value, json};

use super::{
    errors::{no_commit, refuse},
    objects::{Teller, date, with},
    pages::{Counting, page},
    raw_diff,
    refs::commit_of,
};
use crate::{Ask, Reply, WorldRepository};

impl Teller<'_> {
    pub(super) async fn pull_requests(&self, ask: &Ask, it: &WorldRepository) -> Reply {
        let states: Vec<_> =
            ask.query.iter().filter(|(name, _)| name == "state").map(|(_, it)| it).collect();
        let mut all = it.pull_requests().await;
        all.retain(|pull_request| {
            let state = word(pull_request.state);
            if states.is_empty() { state == "OPEN" } else { states.iter().any(|it| *it == state) }
        });
        match ask.query("sort") {
            Some("-created_on") => all.sort_by(|one, other| {
                (other.created_at, other.number).cmp(&(one.created_at, one.number))
            }),
            _ => all.sort_by_key(|it| it.number),
        }
        let all: Vec<_> = all.iter().map(|one| self.one_pull_request(it, one, false)).collect();
        // 50, although the documentation says 100.
        page(ask, &all, 50, Counting::Numbers)
    }

    pub(super) async fn pull_request(&self, it: &WorldRepository, number: &str) -> Reply {
        match found(it, number).await {
            Some(one) => Reply::json(200, &self.one_pull_request(it, &one, true)),
            None => no_pull_request(),
        }
    }

    /// `alone` tells reviewers, which lists do not.
    pub(super) fn one_pull_request(
        &self,
        it: &WorldRepository,
        one: &PullRequest,
        alone: bool,
    ) -> Value {
        let below = format!("{}/2.0/repositories/{}", self.address, it.full_name());
        let number = one.number;
        let told = json!({
            "type": "pullrequest",
            "id": number,
            "title": one.title,
            "description": one.body,
            "summary": {"type": "rendered", "raw": one.body, "markup": "markdown", "html": ""},
            "state": word(one.state),
            "draft": one.draft,
            "queued": false,
            "author": self.somebody(one.author.as_deref().unwrap_or_default()),
            "source": self.side(it, &one.source),
            "destination": self.side(it, &one.target),
            "merge_commit": one.merge_commit_sha.as_deref().map(|sha| json!({"type": "commit", "hash": short(sha)})),
            "closed_by": one.closed_at.map(|_| self.user()),
            "close_source_branch": false,
            "reason": "",
            "comment_count": one.comments_count,
            "task_count": 0,
            "created_on": date(one.created_at),
            "updated_on": date(one.updated_at),
            "links": {
                "self": {"href": format!("{below}/pullrequests/{number}")},
                "html": {"href": format!("https://bitbucket.org/{}/pull-requests/{number}", it.full_name())},
                "diff": {"href": format!("{below}/pullrequests/{number}/diff")},
            },
        });
        if alone {
            let all: Vec<_> = one.reviewers.iter().map(|name| self.somebody(name)).collect();
            let told = with(told, "reviewers", json!(all));
            return with(told, "participants", json!([]));
        }
        told
    }

    fn side(&self, it: &WorldRepository, side: &PullRequestSide) -> Value {
        let sha = side.sha.as_deref().map(short);
        json!({
            "branch": {"name": side.branch},
            "commit": sha.map(|sha| json!({"type": "commit", "hash": sha})),
            "repository": self.place(it),
        })
    }

    /// Leads to the diff of the repository.
    pub(super) async fn pull_request_diff(&self, it: &WorldRepository, number: &str) -> Reply {
        let Some(one) = found(it, number).await else { return no_pull_request() };
        let [source, target] =
            [&one.source, &one.target].map(|side| short(side.sha.as_deref().unwrap_or_default()));
        let spec = format!("{source}%0D{target}");
        Reply::redirect(
            302,
            format!(
                "{}/2.0/repositories/{}/diff/{spec}?from_pullrequest_id={}&topic=true",
                self.address,
                it.full_name(),
                one.number
            ),
        )
    }

    /// `spec` is a commit, or two parted by a carriage return.
    pub(super) async fn diff(&self, ask: &Ask, it: &WorldRepository, spec: &str) -> Reply {
        let told = match ask.number("from_pullrequest_id") {
            Some(number) => it.pull_request_diff(u64::try_from(number).unwrap_or_default()).await,
            None => match commit_of(it, spec).await {
                Some(commit) => it.diff(&commit.sha).await,
                None => None,
            },
        };
        match told {
            Some(diff) => Reply::text(200, "text/plain", raw_diff::write(&diff)),
            None => no_commit(spec),
        }
    }
}

async fn found(it: &WorldRepository, number: &str) -> Option<PullRequest> {
    let number: u64 = number.parse().ok()?;
    it.pull_requests().await.into_iter().find(|one| one.number == number)
}

fn no_pull_request() -> Reply {
    refuse(404, "Pull request not found")
}

fn word(state: PullRequestState) -> &'static str {
    match state {
        PullRequestState::Open => "OPEN",
        PullRequestState::Merged => "MERGED",
        PullRequestState::Closed => "DECLINED",
    }
}

/// Pull requests tell the first 12 digits of a hash.
fn short(sha: &str) -> &str {
    sha.get(..12).unwrap_or(sha)
}
