//! Who may see and stop which job: of a course, whoever may do that in the
//! course; of an organisation, its administrators; of the installation, the
//! operator.

use lodge_courses::{Act, TokenScope};
use lodge_jobs::{INSTALLATION, Job};
use lodge_kernel::{CourseId, TenantId};
use lodge_storage::{JobFilter, UnitOfWork};

use crate::{Caller, TeachingError, standing::standing};

const UNKNOWN: TeachingError = TeachingError::NotFound("job");

pub(super) async fn may_see(
    work: &mut dyn UnitOfWork,
    caller: &Caller,
    job: &Job,
) -> Result<(), TeachingError> {
    caller.check_scope(TokenScope::CoursesRead)?;
    match job.course {
        Some(course) => match standing(work, caller, course).await {
            Ok(standing) if standing.course.tenant == job.tenant => {
                standing.may(Act::SeeEverybody).map_err(|_students_know_of_none| UNKNOWN)
            }
            Ok(_) | Err(TeachingError::NotFound(_)) => Err(UNKNOWN),
            Err(error) => Err(error),
        },
        None if administers(caller, job.tenant) => Ok(()),
        None => Err(UNKNOWN),
    }
}

/// Of a job that `caller` may see.
pub(super) async fn may_change(
    work: &mut dyn UnitOfWork,
    caller: &Caller,
    job: &Job,
) -> Result<(), TeachingError> {
    caller.check_scope(TokenScope::CoursesWrite)?;
    match job.course {
        Some(course) => standing(work, caller, course).await?.may(Act::Operate),
        None => Ok(()),
    }
}

/// The organisation to which a new job belongs that `caller` asks for.
pub(super) async fn may_begin(
    work: &mut dyn UnitOfWork,
    caller: &Caller,
    course: Option<CourseId>,
) -> Result<TenantId, TeachingError> {
    caller.check_scope(TokenScope::CoursesWrite)?;
    match (course, caller) {
        (Some(course), _) => {
            let standing = standing(work, caller, course).await?;
            standing.may_change(caller, Act::Operate)?;
            Ok(standing.course.tenant)
        }
        (None, Caller::Bootstrap { tenant }) => Ok(tenant.unwrap_or(INSTALLATION)),
        (None, Caller::Person(person)) if person.is_admin() => Ok(person.tenant),
        (None, Caller::Person(_)) => Err(TeachingError::AdminOnly),
    }
}

/// What of `filter` is for `caller` to see.
pub(super) async fn narrow(
    work: &mut dyn UnitOfWork,
    caller: &Caller,
    filter: JobFilter,
) -> Result<JobFilter, TeachingError> {
    caller.check_scope(TokenScope::CoursesRead)?;
    let tenants = match (filter.course, caller) {
        (Some(course), _) => {
            let standing = standing(work, caller, course).await?;
            standing.may(Act::SeeEverybody)?;
            vec![standing.course.tenant]
        }
        (None, Caller::Bootstrap { tenant }) => {
            tenant.iter().copied().chain([INSTALLATION]).collect()
        }
        (None, Caller::Person(person)) if person.is_admin() => vec![person.tenant],
        (None, Caller::Person(_)) => {
            let problem = "name a course: only administrators see the jobs of the organisation";
            return Err(TeachingError::invalid("course_id", problem));
        }
    };
    Ok(JobFilter { tenants, ..filter })
}

fn administers(caller: &Caller, whose: TenantId) -> bool {
    match caller {
        Caller::Bootstrap { tenant } => *tenant == Some(whose) || whose == INSTALLATION,
        Caller::Person(person) => person.is_admin() && person.tenant == whose,
    }
}
