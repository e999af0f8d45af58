//! A remark on a pull request, as `ms.vss-code.git-pullrequest-comment-event`
//! tells it: with the pull request beside it since version 2 of the resource,
//! alone before.
//!
//! Source: <https://learn.microsoft.com/azure/devops/service-hooks/events#pull-request-commented-on>.

use lodge_activity::{Actor, Note, Subject};
use lodge_provider_kit::account;
use serde::Deserialize;

use super::{IdentityPayload, LinkPayload, Text, event::ResourcePayload};

#[derive(Debug, Deserialize)]
struct BesidePayload<'a> {
    #[serde(borrow)]
    comment: CommentPayload<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommentPayload<'a> {
    #[serde(borrow)]
    content: Option<Text<'a>>,
    #[serde(borrow)]
    author: Option<IdentityPayload<'a>>,
    /// `system` for what the host writes by itself.
    #[serde(borrow)]
    comment_type: Option<Text<'a>>,
    is_deleted: Option<bool>,
    #[serde(borrow)]
    published_date: Option<Text<'a>>,
    #[serde(borrow)]
    last_content_updated_date: Option<Text<'a>>,
    #[serde(borrow, rename = "_links")]
    links: Option<OwnLinkPayload<'a>>,
}

/// `_links`, of which only the address of the thing itself matters.
#[derive(Debug, Deserialize)]
pub(crate) struct OwnLinkPayload<'a> {
    #[serde(borrow, rename = "self")]
    own: Option<LinkPayload<'a>>,
}

impl OwnLinkPayload<'_> {
    pub(crate) fn own(&self) -> Option<&str> {
        self.own.as_ref()?.href.as_deref()
    }
}

impl<'a> CommentPayload<'a> {
    /// The remark that `body` tells, in either version.
    pub(crate) fn read(body: &'a [u8]) -> Result<Self, serde_json::Error> {
        let beside = ResourcePayload::<BesidePayload<'a>>::read(body).map(|it| it.comment);
        beside.or_else(|_alone| ResourcePayload::<Self>::read(body))
    }

    /// `None` for what the host wrote and for what is gone, and when nobody says
    /// whose it is, on what, or when.
    pub(crate) fn into_note(self) -> Option<Note<Actor>> {
        let is_none =
            self.comment_type.as_deref() == Some("system") || self.is_deleted == Some(true);
        let created_at = self.published_date.as_ref().and_then(Text::instant)?;
        let changed_at = self.last_content_updated_date.as_ref().and_then(Text::instant);
        let place = place(self.links.as_ref().and_then(OwnLinkPayload::own)?)?;
        let (pull_request, thread, number) = place;
        let author = account(self.author.as_ref().and_then(IdentityPayload::name)?);
        (!is_none).then(|| Note {
            // A thread counts its remarks, and a pull request its threads.
            id: format!("{pull_request}/{thread}/{number}"),
            on: Subject::MergeRequest(pull_request),
            author,
            body: self.content.map(Text::into_owned).unwrap_or_default(),
            thread: Some(format!("{pull_request}/{thread}")),
            path: None,
            resolved: None,
            created_at,
            updated_at: changed_at.unwrap_or(created_at),
        })
    }
}

/// Pull request, thread and remark of `…/pullRequests/1/threads/5/comments/2`.
fn place(address: &str) -> Option<(u64, u64, u64)> {
    let mut parts = address.rsplit('/');
    let mut number = |of: &str| -> Option<u64> {
        let number = parts.next()?.parse().ok()?;
        (parts.next()? == of).then_some(number)
    };
    let (remark, thread) = (number("comments")?, number("threads")?);
    Some((number("pullRequests")?, thread, remark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_remark_stands_is_read_from_its_address() {
        let below = "https://dev.azure.com/fabrikam/_apis/git/repositories/7/pullRequests";
        assert_eq!(place(&format!("{below}/1/threads/5/comments/2")), Some((1, 5, 2)));
        for other in ["", "/", "/1/threads/5", "/1/threads/x/comments/2", "/1/comments/2"] {
            assert_eq!(place(&format!("{below}{other}")), None, "{other}");
        }
    }
}
