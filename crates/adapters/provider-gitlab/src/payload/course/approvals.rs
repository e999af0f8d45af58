//! `GET /projects/:id/merge_requests/:iid/approvals`.
//!
//! Source: <https://docs.gitlab.com/api/merge_request_approvals/>, API v4.

use lodge_activity::{Actor, Approval};
use lodge_kernel::Timestamp;
use lodge_provider_kit::Few;
use serde::Deserialize;

use crate::payload::{Time, actor::ActorPayload};

#[derive(Debug, Deserialize)]
pub(crate) struct ApprovalsPayload<'a> {
    #[serde(borrow)]
    approved_by: Option<Few<ApproverPayload<'a>, 1_000>>,
}

#[derive(Debug, Deserialize)]
struct ApproverPayload<'a> {
    #[serde(borrow)]
    user: Option<ActorPayload<'a>>,
    /// Not told by GitLab before 18.
    #[serde(default)]
    approved_at: Time,
}

impl ApprovalsPayload<'_> {
    /// Who approves; since `changed_at`, when the merge request last changed,
    /// where GitLab does not say since when.
    pub(crate) fn into_approvals(self, number: u64, changed_at: Timestamp) -> Vec<Approval<Actor>> {
        let approvers = self.approved_by.into_iter().flatten();
        let approvals = approvers.filter_map(|it| {
            Some(Approval {
                merge_request: number,
                by: it.user?.into_actor()?,
                approved: true,
                at: it.approved_at.0.unwrap_or(changed_at),
            })
        });
        approvals.collect()
    }
}
