//! A team of a course.

use lodge_kernel::{CourseId, TeamId, TenantId, Timestamp};

use crate::{Origin, OriginState};

/// A team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// The id.
    pub id: TeamId,
    /// The organisation.
    pub tenant: TenantId,
    /// The course.
    pub course: CourseId,
    /// Its name, unique in the course in either case of its letters.
    pub name: String,
    /// Its members and projects stay as they are.
    pub locked: bool,
    /// What it is at a host; `None` when somebody made it here.
    pub origin: Option<Origin>,
    /// Whether it is still there.
    pub state: OriginState,
    /// Grows by one with every change; 1 at first.
    pub revision: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Team {
    /// What names are compared and put in order by.
    pub fn name_key(&self) -> String {
        self.name.to_lowercase()
    }

    /// The same team after a change at `now`.
    #[must_use]
    pub fn changed(self, now: Timestamp) -> Self {
        Self { revision: self.revision + 1, updated_at: now, ..self }
    }
}
