//! A repository that a team works in.

use lodge_kernel::{CourseId, ProjectId, TeamId, TenantId, Timestamp};

use crate::{Origin, OriginState};

/// A project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// The id.
    pub id: ProjectId,
    /// The organisation.
    pub tenant: TenantId,
    /// The course.
    pub course: CourseId,
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// What it is at its host, unique in the course.
    pub origin: Origin,
    /// Whether it is still there.
    pub state: OriginState,
    /// Grows by one with every change; 1 at first.
    pub revision: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Project {
    /// What names are put in order by.
    pub fn name_key(&self) -> String {
        self.name.to_lowercase()
    }

    /// What a search looks into.
    pub fn search_key(&self) -> String {
        let url = self.origin.web_url.as_deref().unwrap_or_default();
        format!("{} {url}", self.name).to_lowercase()
    }

    /// The same project after a change at `now`.
    #[must_use]
    pub fn changed(self, now: Timestamp) -> Self {
        Self { revision: self.revision + 1, updated_at: now, ..self }
    }
}
