//! What a pull request changes, since its branch left the other one.

use futures_util::future::try_join;
use lodge_forge::{Diff, Resource};
use lodge_provider::{ProviderError, RepositoryRef};

use crate::{
    commit_diff::{parsed, raw},
    instance::Instance,
    payload::{filled, pull_request::PullRequestPayload},
};

pub(crate) async fn read(
    instance: &Instance,
    at: &RepositoryRef,
    number: u64,
) -> Result<Diff, ProviderError> {
    let facts = instance
        .ask(at, |it| it.then(["pulls", number.to_string().as_str()]).missing("pull request"));
    let text = instance.ask(at, |it| {
        let call = it.then(["pulls", format!("{number}.diff").as_str()]);
        raw(call.query("binary", "false")).missing("pull request")
    });
    let (facts, text) = try_join(facts, text).await?;
    let facts: PullRequestPayload<'_> = facts.json(Resource::PullRequestDiff)?;
    Ok(Diff {
        base_sha: filled(facts.merge_base),
        head_sha: filled(facts.head.and_then(|it| it.sha)),
        ..parsed(&text)
    })
}
