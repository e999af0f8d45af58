//! Why something of a course cannot be seen or done. The use cases of courses
//! share it: what a caller does next is the same for all of them.

use std::time::Duration;

use lodge_courses::{Act, CourseRole, Fault, TokenScope};
use lodge_services::RenderError;
use lodge_storage::StorageError;

/// Something of a course cannot be seen or done; nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum TeachingError {
    /// There is none, or the caller may not know of it.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The credential is for less. Bring another one.
    #[error("this token is not for this: it needs the scope `{}`", .0.name())]
    Scope(TokenScope),
    /// The role is too small.
    #[error("the role `{role}` may not {}", .act.name())]
    Denied {
        /// What the caller is in the course.
        role: CourseRole,
        /// What is asked.
        act: Act,
    },
    /// Only those who administer the organisation may.
    #[error("only an owner or administrator of the organisation may do this")]
    AdminOnly,
    /// Only a person has such things.
    #[error("`TEACHER_API_TOKEN` belongs to nobody: ask with a session or a personal token")]
    PersonOnly,
    /// Who sees an organisation only does not make courses in it.
    #[error("a viewer of the organisation does not make courses: ask for another role")]
    Viewer,
    /// Fields cannot be used. Correct them.
    #[error("{} cannot be used", if .0.len() == 1 { "a field" } else { "some fields" })]
    Invalid(Vec<Fault>),
    /// Something else has the place. Choose another one.
    #[error("the {what} `{value}` is taken")]
    Taken {
        /// What is taken.
        what: &'static str,
        /// The value that is taken.
        value: String,
    },
    /// The course does not let the caller. Ask its teacher.
    #[error("{0}")]
    Closed(&'static str),
    /// Such a file cannot hold so much. Ask for another format.
    #[error(transparent)]
    Unwritable(#[from] RenderError),
    /// The state of things does not allow it.
    #[error("{0}")]
    Blocked(&'static str),
    /// Webhooks at hosts would be left over. Remove them first.
    #[error(
        "its projects have webhooks at their hosts: remove each first with DELETE \
         /api/v1/projects/{{id}}/webhook: {projects}"
    )]
    Hooked {
        /// Of which projects, for people.
        projects: String,
    },
    /// It is not what the caller saw. Read it again.
    #[error("it has changed since: its revision is {revision} now")]
    Stale {
        /// What it is now.
        revision: u64,
    },
    /// A host did not answer. Try again later.
    #[error("{problem}: try again later")]
    Host {
        /// Which, and what happened.
        problem: String,
        /// How long it wants to be left alone.
        wait: Option<Duration>,
    },
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl TeachingError {
    /// One field cannot be used.
    pub fn invalid(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Invalid(vec![Fault { field: field.into(), problem: problem.into() }])
    }

    /// A duplicate means that `what` is taken.
    pub(crate) fn taken(
        what: &'static str,
        value: &str,
    ) -> impl FnOnce(StorageError) -> TeachingError {
        let value = value.to_owned();
        move |error| match error {
            StorageError::Duplicate { .. } => Self::Taken { what, value },
            other => Self::Storage(other),
        }
    }

    /// What something belongs to went, or what belongs to it came, at the same
    /// time: that means `meant`.
    pub(crate) fn gone(meant: Self) -> impl FnOnce(StorageError) -> Self {
        move |error| match error {
            StorageError::Orphan { .. } => meant,
            other => Self::Storage(other),
        }
    }
}

impl From<Vec<Fault>> for TeachingError {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Invalid(faults)
    }
}

/// Which revisions a change is meant for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected(Option<Vec<u64>>);

impl Expected {
    /// Whatever there is.
    pub const fn any() -> Self {
        Self(None)
    }

    /// One of these.
    pub const fn one_of(revisions: Vec<u64>) -> Self {
        Self(Some(revisions))
    }

    /// Checks what there is.
    ///
    /// # Errors
    ///
    /// [`TeachingError::Stale`].
    pub fn check(&self, revision: u64) -> Result<(), TeachingError> {
        match &self.0 {
            Some(meant) if !meant.contains(&revision) => Err(TeachingError::Stale { revision }),
            _ => Ok(()),
        }
    }
}
