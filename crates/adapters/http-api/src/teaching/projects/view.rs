//! A project, as answers show it.

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
        }
    }
}
