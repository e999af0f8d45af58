//! A student, as answers show them.

use lodge_teams::{Identity, Student};
use serde::Serialize;
use utoipa::ToSchema;

use crate::views::Time;

/// A student.
#[derive(Serialize, ToSchema)]
pub(crate) struct StudentView {
    id: String,
    course_id: String,
    /// The number that the school gave.
    student_number: Option<String>,
    /// Empty once it is erased, or where the caller does not see it.
    name: String,
    email: Option<String>,
    /// The account of the person here.
    user_id: Option<String>,
    /// `active`, `dropped` or `erased`.
    state: &'static str,
    revision: u64,
    created_at: Time,
    updated_at: Time,
}

impl From<Student> for StudentView {
    fn from(it: Student) -> Self {
        Self {
            id: it.id.to_string(),
            course_id: it.course.to_string(),
            student_number: it.number,
            name: it.name,
            email: it.email,
            user_id: it.user.map(|it| it.to_string()),
            state: it.state.name(),
            revision: it.revision,
            created_at: it.created_at.into(),
            updated_at: it.updated_at.into(),
        }
    }
}

/// Something that a student goes by.
#[derive(Serialize, ToSchema)]
pub(crate) struct IdentityView {
    /// `email`, `username` or `host_user`.
    kind: &'static str,
    /// The host; absent for whichever.
    host: Option<String>,
    value: String,
}

impl From<Identity> for IdentityView {
    fn from(it: Identity) -> Self {
        let host = it.host.map(|it| it.as_str().to_owned());
        Self { kind: it.kind.name(), host, value: it.value }
    }
}
