//! `GET /projects/:id/repository/commits/:sha/statuses` and
//! `GET /projects/:id/pipelines`.
//!
//! Source: <https://docs.gitlab.com/api/commits/#list-commit-statuses> and
//! <https://docs.gitlab.com/api/pipelines/>, API v4.

use lodge_forge::{Check, CheckConclusion, CheckKind, CheckStatus};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{Time, filled, plain};

/// A job of a pipeline, or what another program said.
#[derive(Debug, Deserialize)]
pub(crate) struct StatusPayload<'a> {
    id: u64,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    allow_failure: Option<bool>,
    #[serde(borrow)]
    sha: Option<Text<'a>>,
    #[serde(borrow, rename = "ref")]
    reference: Option<Text<'a>>,
    #[serde(default)]
    started_at: Time,
    #[serde(default)]
    finished_at: Time,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    target_url: Option<Text<'a>>,
}

impl StatusPayload<'_> {
    pub(crate) fn into_check(self) -> Check {
        let may_fail = self.allow_failure == Some(true);
        let Outcome { status, conclusion, traits } = outcome(self.status.as_deref(), may_fail);
        Check {
            id: self.id.to_string(),
            kind: CheckKind::Status,
            name: plain(self.name),
            status,
            conclusion,
            traits,
            sha: plain(self.sha),
            reference: filled(self.reference),
            started_at: self.started_at.0,
            completed_at: self.finished_at.0,
            summary: filled(self.description),
            url: filled(self.target_url),
            app: None,
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct PipelinePayload<'a> {
    id: u64,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    sha: Option<Text<'a>>,
    #[serde(borrow, rename = "ref")]
    reference: Option<Text<'a>>,
    #[serde(borrow)]
    web_url: Option<Text<'a>>,
}

impl PipelinePayload<'_> {
    pub(crate) fn into_check(self) -> Check {
        let Outcome { status, conclusion, traits } = outcome(self.status.as_deref(), false);
        Check {
            id: self.id.to_string(),
            kind: CheckKind::Pipeline,
            name: pipeline_name(self.name),
            status,
            conclusion,
            traits,
            sha: plain(self.sha),
            reference: filled(self.reference),
            started_at: None,
            completed_at: None,
            summary: None,
            url: filled(self.web_url),
            app: None,
        }
    }
}

/// Most pipelines have no name of their own.
pub(crate) fn pipeline_name(name: Option<Text<'_>>) -> String {
    filled(name).unwrap_or_else(|| "pipeline".to_owned())
}

/// A status in the unified words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) status: CheckStatus,
    pub(crate) conclusion: Option<CheckConclusion>,
    pub(crate) traits: Vec<String>,
}

/// What `word` means: <https://docs.gitlab.com/ci/jobs/#available-job-statuses>.
/// What may fail counts as a success with a warning when it does, and need not
/// be started when a person must start it.
pub(crate) fn outcome(word: Option<&str>, may_fail: bool) -> Outcome {
    let done = |conclusion, traits: &[&str]| Outcome {
        status: CheckStatus::Completed,
        conclusion: Some(conclusion),
        traits: traits.iter().map(|it| (*it).to_owned()).collect(),
    };
    let ahead = |status, traits: &[&str]| Outcome {
        status,
        conclusion: None,
        traits: traits.iter().map(|it| (*it).to_owned()).collect(),
    };
    match word {
        Some("success") => done(CheckConclusion::Success, &[]),
        Some("failed") if may_fail => done(CheckConclusion::Success, &["warning", "failed"]),
        Some("failed") => done(CheckConclusion::Failure, &[]),
        Some("canceled") => done(CheckConclusion::Cancelled, &[]),
        Some("skipped") => done(CheckConclusion::Skipped, &[]),
        Some("manual") if may_fail => done(CheckConclusion::Skipped, &["manual"]),
        Some("manual") => done(CheckConclusion::ActionRequired, &["manual"]),
        Some("running") => ahead(CheckStatus::Running, &[]),
        Some("canceling") => ahead(CheckStatus::Running, &["canceling"]),
        Some("pending") | None => ahead(CheckStatus::Queued, &[]),
        Some(other) => ahead(CheckStatus::Queued, &[other]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_a_unified_word() {
        let told = |word: &str, may_fail| {
            let Outcome { status, conclusion, traits } = outcome(Some(word), may_fail);
            let conclusion = conclusion.map_or_else(String::new, |it| format!(" {it:?}"));
            format!("{word}: {status:?}{conclusion} {}\n", traits.join(" "))
        };
        let words = [
            "created waiting_for_resource preparing waiting_for_callback pending scheduled",
            "running canceling success failed canceled skipped manual",
        ];
        let words = words.join(" ");
        let all = words.split(' ').map(|it| told(it, false)).collect::<String>();
        insta::assert_snapshot!(all, @r"
        created: Queued created
        waiting_for_resource: Queued waiting_for_resource
        preparing: Queued preparing
        waiting_for_callback: Queued waiting_for_callback
        pending: Queued 
        scheduled: Queued scheduled
        running: Running 
        canceling: Running canceling
        success: Completed Success 
        failed: Completed Failure 
        canceled: Completed Cancelled 
        skipped: Completed Skipped 
        manual: Completed ActionRequired manual
        ");
        let lenient = ["success", "failed", "manual"].map(|it| told(it, true)).concat();
        insta::assert_snapshot!(lenient, @r"
        success: Completed Success 
        failed: Completed Success warning failed
        manual: Completed Skipped manual
        ");
    }
}
