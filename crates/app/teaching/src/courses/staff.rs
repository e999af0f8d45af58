//! Who runs a course.

use lodge_access::{Action, User, parse_email};
use lodge_courses::{Act, Staff, StaffRole};
use lodge_kernel::{CourseId, UserId};
use lodge_storage::UnitOfWork;

use crate::{Caller, Teaching, TeachingError, standing::standing};

/// How a person is named.
#[derive(Clone, Debug)]
pub enum Who {
    /// By the id.
    Id(UserId),
    /// By the address.
    Email(String),
}

impl Teaching {
    /// The staff of a course.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.list_staff", skip_all)]
    pub async fn list_staff(
        &self,
        caller: &Caller,
        id: CourseId,
    ) -> Result<Vec<(Staff, User)>, TeachingError> {
        let mut work = self.storage.read().await?;
        let known = standing(&mut *work, caller, id).await?;
        known.may(Act::SeeEverybody)?;
        let found = work.staff().of_course(known.course.tenant, id).await?;
        Ok(found)
    }

    /// Makes a member of the organisation a teacher or an assistant of a
    /// course, or changes which of them.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.put_staff", skip_all)]
    pub async fn put_staff(
        &self,
        caller: &Caller,
        id: CourseId,
        who: Who,
        role: StaffRole,
    ) -> Result<(Staff, User), TeachingError> {
        let mut work = self.storage.begin().await?;
        let known = standing(&mut *work, caller, id).await?;
        known.may_change(caller, Act::ManageCourse)?;
        let tenant = known.course.tenant;
        let user = member(&mut *work, tenant, who).await?;
        let staff = Staff { tenant, course: id, user: user.id, role, created_at: self.now() };
        work.staff().put(&staff).await?;
        let staff = work.staff().find(tenant, id, user.id).await?.unwrap_or(staff);
        let what = format!("{}: {}", user.id, role.name());
        let added = Action::StaffAdded;
        self.audit(&mut *work, (tenant, caller), added, |it| it.to(id).because(what)).await?;
        work.commit().await?;
        Ok((staff, user))
    }

    /// Removes somebody from the staff of a course.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.remove_staff", skip_all)]
    pub async fn remove_staff(
        &self,
        caller: &Caller,
        id: CourseId,
        user: UserId,
    ) -> Result<(), TeachingError> {
        let mut work = self.storage.begin().await?;
        let known = standing(&mut *work, caller, id).await?;
        known.may_change(caller, Act::ManageCourse)?;
        let tenant = known.course.tenant;
        if !work.staff().remove(tenant, id, user).await? {
            return Err(TeachingError::NotFound("member of the staff"));
        }
        let removed = Action::StaffRemoved;
        self.audit(&mut *work, (tenant, caller), removed, |it| it.to(id).because(user)).await?;
        Ok(work.commit().await?)
    }
}

/// The member of the organisation who is meant.
pub(crate) async fn member(
    work: &mut dyn UnitOfWork,
    tenant: lodge_kernel::TenantId,
    who: Who,
) -> Result<User, TeachingError> {
    let (field, user) = match who {
        Who::Id(id) => ("user_id", work.users().find(id).await?),
        Who::Email(text) => {
            let email = parse_email(&text);
            let email =
                email.map_err(|error| TeachingError::invalid("email", error.to_string()))?;
            ("email", work.users().find_by_email(&email).await?)
        }
    };
    // Who belongs elsewhere is not told apart from who is nobody.
    let unknown = || {
        let problem = "nobody of that name belongs to the organisation: invite them first";
        TeachingError::invalid(field, problem)
    };
    let user = user.ok_or_else(unknown)?;
    // Who leaves at the same time takes with them what is given here.
    work.tenants().hold(tenant).await?;
    let membership = work.memberships().find(tenant, user.id).await?;
    membership.map(|_| user).ok_or_else(unknown)
}
