//! `commitstatus`, from `GET …/commit/{commit}/statuses`. Pipelines write one
//! as well, so there is nothing beside them.
//!
//! Source: <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/>,
//! API 2.0.

use lodge_forge::{Check, CheckConclusion, CheckKind, CheckStatus};
use lodge_kernel::Timestamp;
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{commit::HashPayload, link::LinksPayload};

#[derive(Debug, Deserialize)]
pub(crate) struct StatusPayload<'a> {
    /// What is written again replaces the status of the same key.
    #[serde(borrow)]
    key: Text<'a>,
    name: Option<Text<'a>>,
    state: Text<'a>,
    refname: Option<Text<'a>>,
    description: Option<Text<'a>>,
    url: Option<Text<'a>>,
    created_on: Option<Text<'a>>,
    updated_on: Option<Text<'a>>,
    commit: Option<HashPayload<'a>>,
    links: Option<LinksPayload<'a>>,
}

impl StatusPayload<'_> {
    pub(crate) fn updated_at(&self) -> Option<Timestamp> {
        self.updated_on.as_ref().and_then(Text::instant)
    }

    /// The commit that it looked at.
    pub(crate) fn sha(&self) -> Option<String> {
        let hash = self.commit.as_ref().map(|it| (*it.hash).to_owned());
        hash.or_else(|| self.links.as_ref().and_then(LinksPayload::commit))
    }

    pub(crate) fn into_check(self, sha: String) -> Check {
        let (status, conclusion, nuance) = match &*self.state {
            "SUCCESSFUL" => (CheckStatus::Completed, Some(CheckConclusion::Success), None),
            "FAILED" => (CheckStatus::Completed, Some(CheckConclusion::Failure), None),
            "STOPPED" => (CheckStatus::Completed, Some(CheckConclusion::Cancelled), None),
            "INPROGRESS" => (CheckStatus::Running, None, None),
            other => (CheckStatus::Queued, None, Some(other.to_ascii_lowercase())),
        };
        let updated_at = self.updated_at();
        Check {
            kind: CheckKind::Status,
            name: self.name.and_then(Text::filled).unwrap_or_else(|| (*self.key).to_owned()),
            id: self.key.into(),
            status,
            conclusion,
            traits: nuance.into_iter().collect(),
            sha,
            reference: self.refname.and_then(Text::filled),
            started_at: self.created_on.and_then(|it| it.instant()),
            completed_at: updated_at.filter(|_| status == CheckStatus::Completed),
            summary: self.description.and_then(Text::filled),
            url: self.url.and_then(Text::filled),
            app: None,
        }
    }
}
