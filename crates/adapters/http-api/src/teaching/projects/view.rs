//! A project, as answers show it.

use lodge_teaching::activity::ProjectState;
use lodge_teams::Project;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{teaching::teams::view::OriginView, views::Time};

/// A project.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProjectView {
    id: String,
    course_id: String,
    team_id: String,
    name: String,
    origin: OriginView,
    /// `active`, or `gone` when its host has it no more.
    state: &'static str,
    revision: u64,
    created_at: Time,
    updated_at: Time,
    /// How far it is kept up; said of one project, not in lists.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    kept_up: Option<KeptUp>,
}

/// How far a project is kept up.
#[derive(Serialize, ToSchema)]
pub(crate) struct KeptUp {
    /// When something last happened in it, as far as anybody told.
    last_activity_at: Option<Time>,
    /// When it was last brought up to date with its host.
    synced_at: Option<Time>,
    /// Why that did not come to its end the last time.
    sync_problem: Option<String>,
}

impl ProjectView {
    /// The same, with how far it is kept up.
    pub(crate) fn kept_up(self, it: ProjectState) -> Self {
        let (synced_at, sync_problem) =
            it.sync.map_or((None, None), |it| (it.synced_at, it.problem));
        let kept_up = Some(KeptUp {
            last_activity_at: it.last_activity_at.map(Into::into),
            synced_at: synced_at.map(Into::into),
            sync_problem,
        });
        Self { kept_up, ..self }
    }
}

impl From<Project> for ProjectView {
    fn from(it: Project) -> Self {
        Self {
            id: it.id.to_string(),
            course_id: it.course.to_string(),
            team_id: it.team.to_string(),
            name: it.name,
            origin: it.origin.into(),
            state: it.state.name(),
            revision: it.revision,
            created_at: it.created_at.into(),
            updated_at: it.updated_at.into(),
            kept_up: None,
        }
    }
}
