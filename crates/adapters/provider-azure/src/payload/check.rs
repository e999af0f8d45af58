//! `GitStatus`, from `GET …/commits/{id}/statuses`, and `Build`, from
//! `GET /{organization}/{project}/_apis/build/builds`.
//!
//! Source: <https://learn.microsoft.com/rest/api/azure/devops/git/statuses/list>,
//! <https://learn.microsoft.com/rest/api/azure/devops/build/builds/list>, API
//! version 7.1.

use lodge_forge::{Check, CheckConclusion, CheckKind, CheckStatus};
use serde::Deserialize;

use super::{IdentityPayload, LinksPayload, Text, short_name};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusPayload<'a> {
    id: Option<u64>,
    #[serde(borrow)]
    state: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    context: Option<ContextPayload<'a>>,
    #[serde(borrow)]
    creation_date: Option<Text<'a>>,
    #[serde(borrow)]
    updated_date: Option<Text<'a>>,
    #[serde(borrow)]
    created_by: Option<IdentityPayload<'a>>,
    #[serde(borrow)]
    target_url: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct ContextPayload<'a> {
    #[serde(borrow)]
    genre: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BuildPayload<'a> {
    pub(crate) id: u64,
    #[serde(borrow)]
    build_number: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    result: Option<Text<'a>>,
    #[serde(borrow)]
    definition: Option<DefinitionPayload<'a>>,
    #[serde(borrow)]
    pub(crate) source_version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) source_branch: Option<Text<'a>>,
    #[serde(borrow)]
    queue_time: Option<Text<'a>>,
    #[serde(borrow)]
    start_time: Option<Text<'a>>,
    #[serde(borrow)]
    finish_time: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) repository: Option<BuiltPayload<'a>>,
    #[serde(borrow)]
    pub(crate) requested_for: Option<IdentityPayload<'a>>,
    #[serde(borrow)]
    pub(crate) url: Option<Text<'a>>,
    #[serde(borrow, rename = "_links")]
    links: Option<LinksPayload<'a>>,
}

#[derive(Debug, Deserialize)]
struct DefinitionPayload<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

/// The repository that was built.
#[derive(Debug, Deserialize)]
pub(crate) struct BuiltPayload<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
}

/// How far it is, how it ended, and the native word where these say less.
type Standing = (CheckStatus, Option<CheckConclusion>, Option<String>);

impl StatusPayload<'_> {
    fn standing(&self) -> Standing {
        use CheckConclusion as C;
        let done = |conclusion| (CheckStatus::Completed, Some(conclusion), None);
        let as_told = |conclusion, word: &str| {
            (CheckStatus::Completed, Some(conclusion), Some(word.to_owned()))
        };
        match self.state.as_deref().unwrap_or("notSet") {
            "succeeded" => done(C::Success),
            "failed" => done(C::Failure),
            "pending" => (CheckStatus::Running, None, None),
            word @ "error" => as_told(C::Failure, word),
            word @ "notApplicable" => as_told(C::Skipped, word),
            // `notSet`, and what is not known yet.
            word => (CheckStatus::Queued, None, Some(word.to_owned())),
        }
    }

    pub(crate) fn into_check(self, sha: &str, reference: Option<&str>) -> Check {
        let (status, conclusion, word) = self.standing();
        let began = self.creation_date.and_then(|it| it.instant());
        let changed = self.updated_date.and_then(|it| it.instant());
        let context = self.context.map_or([None, None], |it| [it.genre, it.name]);
        let context = context.into_iter().flatten().filter_map(Text::filled);
        let name = context.collect::<Vec<_>>().join("/");
        Check {
            id: self.id.map_or_else(|| name.clone(), |it| it.to_string()),
            kind: CheckKind::Status,
            name,
            status,
            conclusion,
            traits: word.into_iter().collect(),
            sha: sha.to_owned(),
            reference: reference.map(str::to_owned),
            started_at: began,
            completed_at: changed.filter(|_| status == CheckStatus::Completed),
            summary: self.description.and_then(Text::filled),
            url: self.target_url.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()),
            app: self.created_by.and_then(|it| it.display_name?.filled()),
        }
    }
}

impl BuildPayload<'_> {
    fn standing(&self) -> Standing {
        use CheckConclusion as C;
        match self.status.as_deref().unwrap_or("none") {
            "completed" => {
                let (conclusion, word) = match self.result.as_deref().unwrap_or("none") {
                    "succeeded" => (Some(C::Success), None),
                    "failed" => (Some(C::Failure), None),
                    "canceled" => (Some(C::Cancelled), None),
                    word @ "partiallySucceeded" => (Some(C::Success), Some(word.to_owned())),
                    "none" => (None, None),
                    word => (Some(C::Neutral), Some(word.to_owned())),
                };
                (CheckStatus::Completed, conclusion, word)
            }
            "inProgress" => (CheckStatus::Running, None, None),
            word @ "cancelling" => (CheckStatus::Running, None, Some(word.to_owned())),
            "notStarted" => (CheckStatus::Queued, None, None),
            word => (CheckStatus::Queued, None, Some(word.to_owned())),
        }
    }

    pub(crate) fn into_check(self) -> Check {
        let (status, conclusion, word) = self.standing();
        let number = self.build_number.and_then(Text::filled);
        let definition = self.definition.and_then(|it| it.name?.filled());
        let instant = |text: Option<Text<'_>>| text.and_then(|it| it.instant());
        Check {
            id: self.id.to_string(),
            kind: CheckKind::Build,
            name: definition.or(number).unwrap_or_default(),
            status,
            conclusion,
            traits: word.into_iter().collect(),
            sha: self.source_version.map(Text::into_owned).unwrap_or_default(),
            reference: self.source_branch.map(|it| short_name(&it).to_owned()),
            started_at: instant(self.start_time).or_else(|| instant(self.queue_time)),
            completed_at: instant(self.finish_time),
            summary: None,
            url: self.links.and_then(LinksPayload::web),
            app: None,
        }
    }
}
