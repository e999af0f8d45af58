//! Asking for reports of teams, and reading those that are there.

use lodge_access::Action;
use lodge_courses::{Act, TokenScope};
use lodge_jobs::{Job, KindName, Request};
use lodge_kernel::{CourseId, ReportId, TeamId, TenantId, Timestamp};
use lodge_services::ReportFormat;
use lodge_storage::{ReportFilter, StorageError, StoredReport, UnitOfWork};

use super::{FileName, MakeReport, make::Order};
use crate::{
    Caller, Standing, Teaching, TeachingError,
    jobs::enqueue::bug,
    standing::{standing, standing_for},
    teams::seen_team,
};

const UNKNOWN: TeachingError = TeachingError::NotFound("report");

/// Where a list of reports goes on: behind this one.
pub type ReportPlace = (Timestamp, ReportId);

impl Teaching {
    /// Asks for a report of a team: a job makes it. An archived course has
    /// reports, too: nothing of it changes.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.ask_for_report", skip_all)]
    pub async fn ask_for_report(
        &self,
        caller: &Caller,
        id: TeamId,
        format: ReportFormat,
    ) -> Result<Job, TeachingError> {
        let mut work = self.storage.begin().await?;
        let (team, known) = seen_team(&mut *work, caller, id).await?;
        known.may(Act::SeeEverybody)?;
        caller.check_scope(TokenScope::CoursesWrite)?;
        let parts = [known.course.details.code.as_str(), team.name.as_str()];
        let file = FileName::fresh(parts, self.now(), &*self.entropy, format);
        let kind = KindName::parse(MakeReport::NAME).map_err(bug)?;
        let payload = Order { team: id, file }.payload().map_err(bug)?;
        // Who asks twice for the same, while nobody has begun it, gets one.
        let request = Request {
            course: Some(team.course),
            key: Some(format!("{id} {format}")),
            ..Request::new(team.tenant, kind, payload, caller.author())
        };
        let job = self.enqueue(&mut *work, request).await?;
        let made = Action::ReportMade;
        self.audit(&mut *work, (team.tenant, caller), made, |it| it.to(id).because(format)).await?;
        self.asked(work, job).await
    }

    /// The reports of a team, the newest first, for those who see everybody in
    /// the course.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.team_reports", skip_all)]
    pub async fn team_reports(
        &self,
        caller: &Caller,
        id: TeamId,
        after: Option<ReportPlace>,
        limit: usize,
    ) -> Result<Vec<StoredReport>, TeachingError> {
        let mut work = self.storage.read().await?;
        let (team, known) = seen_team(&mut *work, caller, id).await?;
        known.may(Act::SeeEverybody)?;
        let filter = ReportFilter { courses: Some(vec![team.course]), team: Some(id) };
        let found = work.reports().list(team.tenant, &filter, after, limit).await?;
        Ok(found)
    }

    /// The reports of a course, the newest first, for those who see everybody in
    /// it; without a course those of the organisation, for who administers it.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.list_reports", skip_all)]
    pub async fn list_reports(
        &self,
        caller: &Caller,
        course: Option<CourseId>,
        after: Option<ReportPlace>,
        limit: usize,
    ) -> Result<Vec<StoredReport>, TeachingError> {
        caller.check_scope(TokenScope::CoursesRead)?;
        let mut work = self.storage.read().await?;
        let tenant = match (course, caller) {
            (Some(course), _) => {
                let known = standing(&mut *work, caller, course).await?;
                known.may(Act::SeeEverybody)?;
                Some(known.course.tenant)
            }
            (None, Caller::Bootstrap { tenant }) => *tenant,
            (None, Caller::Person(person)) if person.is_admin() => Some(person.tenant),
            (None, Caller::Person(_)) => {
                let problem =
                    "name a course: only administrators see the reports of the organisation";
                return Err(TeachingError::invalid("course_id", problem));
            }
        };
        let Some(tenant) = tenant else { return Ok(Vec::new()) };
        let filter = ReportFilter { courses: course.map(|it| vec![it]), team: None };
        let found = work.reports().list(tenant, &filter, after, limit).await?;
        Ok(found)
    }

    /// A report with its body, for those who see everybody in the course.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.read_report", skip_all)]
    pub async fn read_report(
        &self,
        caller: &Caller,
        name: &FileName,
    ) -> Result<(StoredReport, Vec<u8>), TeachingError> {
        let mut work = self.storage.read().await?;
        let (report, _) = found(&mut *work, caller, name).await?;
        let body = work.reports().body(report.tenant, report.id).await?.ok_or(UNKNOWN)?;
        Ok((report, body))
    }

    /// Removes a report.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.remove_report", skip_all)]
    pub async fn remove_report(
        &self,
        caller: &Caller,
        name: &FileName,
    ) -> Result<(), TeachingError> {
        let mut work = self.storage.begin().await?;
        let (report, known) = found(&mut *work, caller, name).await?;
        known.may(Act::Operate)?;
        caller.check_scope(TokenScope::CoursesWrite)?;
        if !work.reports().remove(report.tenant, report.id).await? {
            return Err(UNKNOWN);
        }
        let (removed, course) = (Action::ReportRemoved, report.course);
        let who = (report.tenant, caller);
        self.audit(&mut *work, who, removed, |it| it.to(report.id).because(course)).await?;
        Ok(work.commit().await?)
    }
}

async fn found(
    work: &mut dyn UnitOfWork,
    caller: &Caller,
    name: &FileName,
) -> Result<(StoredReport, Standing), TeachingError> {
    let tenant = caller.tenant().map_err(|_nowhere| UNKNOWN)?;
    let report = work.reports().find(tenant, name.as_str()).await?.ok_or(UNKNOWN)?;
    let known = standing_for(work, caller, report.course, "report").await?;
    known.may(Act::SeeEverybody)?;
    Ok((report, known))
}

/// Removes the reports of a course: somebody is erased whose name may stand in
/// them. To be called before the student is changed.
///
/// # Errors
///
/// [`StorageError`].
pub(crate) async fn forget_reports(
    work: &mut dyn UnitOfWork,
    tenant: TenantId,
    course: CourseId,
) -> Result<(), StorageError> {
    // A report that is being made waits for this one, or this one for it.
    work.courses().hold(tenant, course).await?;
    work.reports().remove_of_course(tenant, course).await.map(drop)
}
