//! Branches and tags: one page of them, and what a name leads to.

use lodge_forge::Resource;
use lodge_pagination::{PageRequest, Position};
use lodge_provider::ProviderError;
use lodge_provider_kit::{Answer, Marks, Read};

use crate::{
    azure::Azure,
    payload::{List, branch::RefPayload},
    place::Place,
};

/// The header that says where a listing goes on.
const CONTINUATION: &str = "x-ms-continuationtoken";

/// What a name leads to.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    pub(crate) sha: String,
    /// With `refs/heads/` or `refs/tags/`; `None` for a commit.
    pub(crate) reference: Option<String>,
}

impl Azure {
    /// One page of the references below `folder`, `heads/` or `tags/`.
    pub(crate) async fn references(
        &self,
        place: &Place,
        folder: &str,
        kind: &str,
        page: &PageRequest,
    ) -> Result<Answer, ProviderError> {
        let token = continuation(kind, page)?;
        let call = self
            .git(place, ["refs"])
            .query("filter", folder)
            .query("peelTags", "true")
            .query("$top", page.limit.get().to_string())
            .query_if("continuationToken", token);
        self.client.send(place.account, call).await
    }

    /// What the branch, the tag or the full hash `name` leads to. `None` when
    /// there is no such one.
    pub(crate) async fn resolve(
        &self,
        place: &Place,
        name: &str,
    ) -> Result<Option<Resolved>, ProviderError> {
        if is_full_hash(name) {
            let call = self.git(place, ["commits", name]);
            return match self.part(place, call, "commit").await {
                Ok(_) => Ok(Some(Resolved { sha: name.to_owned(), reference: None })),
                Err(error) if matches!(error.cause(), ProviderError::NotFound { .. }) => Ok(None),
                Err(error) => Err(error),
            };
        }
        match self.resolve_in(place, "heads/", name).await? {
            None => self.resolve_in(place, "tags/", name).await,
            found => Ok(found),
        }
    }

    /// What `name` below `folder` leads to. The filter is a beginning, and
    /// what begins a name comes before it.
    pub(crate) async fn resolve_in(
        &self,
        place: &Place,
        folder: &str,
        name: &str,
    ) -> Result<Option<Resolved>, ProviderError> {
        let call = self
            .git(place, ["refs"])
            .query("filter", format!("{folder}{name}"))
            .query("peelTags", "true")
            .query("$top", "100");
        let answer = self.client.send(place.account, call).await?;
        let told: List<RefPayload<'_>> = answer.json(Resource::Branches)?;
        let wanted = format!("refs/{folder}{name}");
        let found = told.value.into_iter().find(|it| *it.name == *wanted);
        Ok(found.map(|it| Resolved {
            sha: it.peeled_object_id.unwrap_or(it.object_id).into_owned(),
            reference: Some(wanted),
        }))
    }
}

/// A full hash of SHA-1 or SHA-256.
pub(crate) fn is_full_hash(text: &str) -> bool {
    [40, 64].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The token that continues the listing `kind`, on all but its first page.
pub(crate) fn continuation(
    kind: &str,
    page: &PageRequest,
) -> Result<Option<String>, ProviderError> {
    let Some(read) = Read::of(kind, page.from.as_ref())? else { return Ok(None) };
    let token = String::from_utf8(read.bytes("token")?);
    token.map(Some).map_err(|_not_ours| ProviderError::Position)
}

/// What continues a listing after `answer`. `None` on its last page.
pub(crate) fn next_token(answer: &Answer) -> Option<&str> {
    answer.header(CONTINUATION).filter(|it| !it.is_empty())
}

/// Where the listing `kind` goes on after `answer`.
pub(crate) fn continued(kind: &str, answer: &Answer) -> Result<Option<Position>, ProviderError> {
    match next_token(answer) {
        Some(token) => Ok(Some(Marks::of(kind)?.with_bytes("token", token.as_bytes())?.done())),
        None => Ok(None),
    }
}
