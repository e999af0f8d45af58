//! Who runs a course.

use lodge_kernel::{CourseId, TenantId, Timestamp, UserId};

use crate::CourseRole;

/// What a member of the staff is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffRole {
    /// Runs the course.
    Teacher,
    /// Grades.
    Assistant,
}

impl StaffRole {
    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Teacher => "teacher",
            Self::Assistant => "assistant",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Teacher, Self::Assistant].into_iter().find(|it| it.name() == name)
    }
}

impl From<StaffRole> for CourseRole {
    fn from(role: StaffRole) -> Self {
        match role {
            StaffRole::Teacher => Self::Teacher,
            StaffRole::Assistant => Self::Assistant,
        }
    }
}

/// One person's place in the staff of a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Staff {
    /// The organisation.
    pub tenant: TenantId,
    /// The course.
    pub course: CourseId,
    /// The person.
    pub user: UserId,
    /// What the person is there.
    pub role: StaffRole,
    /// Since when.
    pub created_at: Timestamp,
}
