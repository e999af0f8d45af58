//! The job that makes a report of a team.

use std::{fmt, str::FromStr};

use async_trait::async_trait;
use lodge_jobs::{JsonText, TextError};
use lodge_kernel::{ReportId, TeamId, Timestamp};
use lodge_services::RenderError;
use lodge_storage::{StorageError, StoredReport, UnitOfWork};
use lodge_teams::StudentState;

use super::{FileName, team::Picture};
use crate::{
    Teaching,
    jobs::{JobContext, JobError, JobKind},
};

/// The largest file that is kept: 32 MiB.
const LARGEST: usize = 32 << 20;

/// How many seconds clocks are ahead of UTC at an instant, in the time zone of
/// that name.
pub type Clocks = fn(&str) -> Box<dyn Fn(Timestamp) -> i32 + Send + Sync>;

/// Makes a report of a team.
///
/// The name of its file is told to the job, so that a second attempt makes the
/// same file, and not another one beside it.
#[derive(Clone, Copy, Debug)]
pub struct MakeReport {
    /// Who knows time zones.
    pub clocks: Clocks,
}

impl MakeReport {
    pub(super) const NAME: &'static str = "teams.report";
}

/// What the job is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) team: TeamId,
    pub(super) file: FileName,
}

impl Order {
    pub(super) fn payload(&self) -> Result<JsonText, TextError> {
        JsonText::new(format!("\"{self}\""))
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.team, self.file)
    }
}

impl FromStr for Order {
    type Err = JobError;

    fn from_str(payload: &str) -> Result<Self, JobError> {
        let order = || {
            let (team, file) = payload.trim_matches('"').split_once(' ')?;
            Some(Self { team: team.parse().ok()?, file: file.parse().ok()? })
        };
        order().ok_or_else(|| JobError::Never("what the job was told cannot be read".to_owned()))
    }
}

#[async_trait]
impl JobKind for MakeReport {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn run(&self, job: &JobContext) -> Result<Option<JsonText>, JobError> {
        let Order { team, file } = job.payload().parse()?;
        let teaching = &job.teaching;
        let gone = || JobError::Never("the team is there no more".to_owned());
        let format = file.format().ok_or_else(gone)?;
        let (result, work) = teaching.team_as_staff(job.tenant, team).await?.ok_or_else(gone)?;
        let picture = Picture { result, work };
        let at = teaching.now();
        let clocks = (self.clocks)(&picture.work.known.course.details.time_zone);
        let report = picture.report(at, &clocks);
        drop(clocks);
        job.progress(1, Some(2), "what is known is put together").await?;
        let unwritable = |it: RenderError| JobError::Never(it.to_string());
        let body = teaching.reports.render(report, format).await.map_err(unwritable)?;
        if body.len() > LARGEST {
            let problem = "the file would be larger than 32 MiB: ask for another format";
            return Err(JobError::Never(problem.to_owned()));
        }
        let bytes = u64::try_from(body.len()).unwrap_or(u64::MAX);
        let stored = StoredReport {
            id: ReportId::fresh(&*teaching.clock, &*teaching.entropy),
            tenant: job.tenant,
            course: picture.work.known.course.id,
            team: Some(team),
            file_name: file.to_string(),
            format: format.name().to_owned(),
            bytes,
            made_at: at,
        };
        job.check()?;
        keep(teaching, &picture, &stored, &body).await?;
        Ok(Some(JsonText::new(format!(
            "{{\"file_name\":\"{file}\",\"url\":\"/api/v1/reports/{file}\",\"format\":\"{format}\",\
             \"bytes\":{bytes}}}"
        ))?))
    }
}

/// Keeps the file, unless somebody who stands in it was erased meanwhile.
async fn keep(
    teaching: &Teaching,
    picture: &Picture,
    stored: &StoredReport,
    body: &[u8],
) -> Result<(), JobError> {
    let mut work = teaching.storage.begin().await?;
    // Whoever erases somebody holds the course, too: either they see this file
    // and remove it, or what they did is seen here.
    work.courses().hold(stored.tenant, stored.course).await?;
    if !are_there(&mut *work, picture).await? {
        let problem = "somebody of the team was erased meanwhile: it is written anew";
        return Err(JobError::Later(problem.to_owned()));
    }
    let added = work.reports().add(stored, body).await;
    match added {
        Ok(()) => Ok(work.commit().await?),
        // An attempt before this one kept it, and could not say so any more.
        Err(StorageError::Duplicate { .. }) => Ok(()),
        Err(StorageError::Orphan { .. }) => {
            Err(JobError::Never("the team is there no more".to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

async fn are_there(work: &mut dyn UnitOfWork, of: &Picture) -> Result<bool, StorageError> {
    let tenant = of.result.team.tenant;
    for it in &of.result.students {
        let student = work.students().find(tenant, it.result.student).await?;
        if student.is_none_or(|it| it.state == StudentState::Erased) {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use lodge_testkit::builders::team_id;

    use super::*;

    #[test]
    fn an_order_survives_its_payload() {
        let order = Order { team: team_id(3), file: "a-b-1-2.pdf".parse().unwrap() };
        assert_eq!(order.payload().unwrap().as_str().parse::<Order>().unwrap(), order);
        for wrong in ["", "\"x\"", "\"team_1 a.pdf\"", "null"] {
            assert!(wrong.parse::<Order>().is_err(), "{wrong}");
        }
    }
}
