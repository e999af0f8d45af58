//! Who is in a team.

use lodge_kernel::{StudentId, TeamId};
use lodge_teams::{Student, StudentState};

use crate::{Caller, Teaching, TeachingError, teams::open_team};

impl Teaching {
    /// Makes a student of the course a member. `false` when they are one.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.add_member", skip_all)]
    pub async fn add_member(
        &self,
        caller: &Caller,
        id: TeamId,
        student: StudentId,
    ) -> Result<bool, TeachingError> {
        let mut work = self.storage.begin().await?;
        let team = open_team(&mut *work, caller, id).await?;
        let known = work.students().find(team.tenant, student).await?;
        let fits = |it: &Student| it.course == team.course && it.state != StudentState::Erased;
        if !known.as_ref().is_some_and(fits) {
            let problem = "there is no such student in the team's course";
            return Err(TeachingError::invalid("student_id", problem));
        }
        let joined = work.teams().join(&team, student, self.now()).await;
        let joined = joined.map_err(TeachingError::gone(TeachingError::NotFound("team")))?;
        work.commit().await?;
        Ok(joined)
    }

    /// Ends a membership.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.remove_member", skip_all)]
    pub async fn remove_member(
        &self,
        caller: &Caller,
        id: TeamId,
        student: StudentId,
    ) -> Result<(), TeachingError> {
        let mut work = self.storage.begin().await?;
        let team = open_team(&mut *work, caller, id).await?;
        if !work.teams().leave(team.tenant, id, student).await? {
            return Err(TeachingError::NotFound("member of this team"));
        }
        Ok(work.commit().await?)
    }
}
