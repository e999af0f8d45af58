//! What a commit changed, as `git diff` writes it.

use futures_util::future::try_join;
use lodge_forge::{Diff, Resource};
use lodge_provider::{ProviderError, RepositoryRef};
use lodge_provider_kit::{Answer, Call, parse_diff};

use crate::{instance::Instance, payload::commit::CommitPayload};

/// The longest diff that is read, in bytes.
const MOST_BYTES: usize = 16 << 20;

pub(crate) async fn read(
    instance: &Instance,
    at: &RepositoryRef,
    commit: &str,
) -> Result<Diff, ProviderError> {
    if !is_full_hash(commit) {
        return Err(ProviderError::NotFound { what: "commit" });
    }
    let of = |it: Call| it.then(["git", "commits"]).missing("commit");
    let facts = instance.ask(at, |it| {
        let call = of(it).then([commit]).query("stat", "false");
        call.query("verification", "false").query("files", "false")
    });
    let text = instance.ask(at, |it| raw(of(it).then([format!("{commit}.diff").as_str()])));
    let (facts, text) = try_join(facts, text).await?;
    let facts = facts.json::<CommitPayload<'_>>(Resource::CommitDiff)?.into_commit();
    Ok(Diff {
        base_sha: facts.parents.into_iter().next(),
        head_sha: Some(facts.sha),
        ..parsed(&text)
    })
}

/// A hash of SHA-1 or SHA-256, and not the name of a branch that looks like
/// one.
pub(crate) fn is_full_hash(text: &str) -> bool {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    matches!(text.len(), 40 | 64) && text.bytes().all(hex)
}

/// `call`, for a text that may be of any length.
pub(crate) fn raw(call: Call) -> Call {
    call.header("accept", "text/plain").cut_at(MOST_BYTES)
}

/// The files of a raw diff.
pub(crate) fn parsed(text: &Answer) -> Diff {
    parse_diff(text.body(), text.is_cut())
}
