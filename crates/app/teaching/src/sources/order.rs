//! What people, hosts and the clock ask for: a course, a team or a project is
//! brought up to date.

use std::time::Duration;

use lodge_courses::{Act, Course};
use lodge_jobs::{Author, Job, JsonText, KindName, Queue, Request, TextError};
use lodge_kernel::{CourseId, JobId, TeamId, TenantId, Timestamp, hex};
use lodge_storage::{StorageError, UnitOfWork};
use lodge_teams::CourseSource;

use super::{CourseSync, Recheck};
use crate::{
    Caller, Teaching, TeachingError,
    jobs::{JobError, enqueue::bug},
    standing::{Standing, standing},
    teams::seen_team,
};

/// A course, or one team of it, that is to be brought up to date.
#[derive(Clone, Debug)]
pub struct SyncWish {
    /// The organisation.
    pub tenant: TenantId,
    /// The course.
    pub course: CourseId,
    /// This team only.
    pub team: Option<TeamId>,
    /// Everything is read again, not what has changed alone.
    pub full: bool,
    /// The line.
    pub queue: Queue,
    /// Who asks.
    pub by: Author,
}

impl SyncWish {
    /// The whole course, for `caller`.
    pub fn of(caller: &Caller, course: &Course) -> Self {
        Self {
            tenant: course.tenant,
            course: course.id,
            team: None,
            full: false,
            queue: Queue::Default,
            by: caller.author(),
        }
    }
}

/// What a job of a course is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) course: CourseId,
    pub(super) team: Option<TeamId>,
    pub(super) full: bool,
    /// When it was asked for.
    pub(super) at: Timestamp,
}

impl Order {
    fn payload(self) -> Result<JsonText, TextError> {
        let team = self.team.map_or_else(|| "-".to_owned(), |it| it.to_string());
        let what = if self.full { "full" } else { "new" };
        JsonText::new(format!("\"{} {team} {what} {}\"", self.course, self.at.as_micros()))
    }

    pub(super) fn parse(payload: &str) -> Result<Self, JobError> {
        let mut words = payload.trim_matches('"').split(' ');
        let mut word = || words.next().unwrap_or_default();
        let (course, team, what, at) = (word(), word(), word(), word());
        let order = || {
            Some(Self {
                course: course.parse().ok()?,
                team: if team == "-" { None } else { Some(team.parse().ok()?) },
                full: what == "full",
                at: Timestamp::from_micros(at.parse().ok()?),
            })
        };
        order().ok_or_else(|| JobError::Never("what the job was told cannot be read".to_owned()))
    }
}

impl Teaching {
    /// Brings a course up to date with its hosts.
    ///
    /// # Errors
    ///
    /// [`TeachingError`]; [`TeachingError::Blocked`] when it was brought in from
    /// nowhere.
    #[tracing::instrument(name = "teaching.sync_course", skip_all)]
    pub async fn sync_course(
        &self,
        caller: &Caller,
        course: CourseId,
        full: bool,
    ) -> Result<Job, TeachingError> {
        let mut work = self.storage.begin().await?;
        let known = standing(&mut *work, caller, course).await?;
        known.may_change(caller, Act::Operate)?;
        let wish = SyncWish { full, ..SyncWish::of(caller, &known.course) };
        self.sync_known(work, &known, wish).await
    }

    /// Brings a team up to date with its host.
    ///
    /// # Errors
    ///
    /// As [`sync_course`](Self::sync_course).
    #[tracing::instrument(name = "teaching.sync_team", skip_all)]
    pub async fn sync_team(
        &self,
        caller: &Caller,
        team: TeamId,
        full: bool,
    ) -> Result<Job, TeachingError> {
        let mut work = self.storage.begin().await?;
        let (team, known) = seen_team(&mut *work, caller, team).await?;
        known.may_change(caller, Act::Operate)?;
        let team = Some(team.id);
        let wish =
            SyncWish { full, team, queue: Queue::High, ..SyncWish::of(caller, &known.course) };
        self.sync_known(work, &known, wish).await
    }

    /// Works out again, from the deliveries that are still kept, what happened
    /// in the projects of a team. No host is asked.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.recheck_team", skip_all)]
    pub async fn recheck_team(&self, caller: &Caller, team: TeamId) -> Result<Job, TeachingError> {
        let mut work = self.storage.begin().await?;
        let (team, known) = seen_team(&mut *work, caller, team).await?;
        known.may_change(caller, Act::Operate)?;
        let wish = SyncWish { team: Some(team.id), ..SyncWish::of(caller, &known.course) };
        let id = self.ask(&mut *work, Recheck::NAME, wish).await?;
        self.asked(work, id).await
    }

    async fn sync_known(
        &self,
        mut work: Box<dyn UnitOfWork>,
        known: &Standing,
        wish: SyncWish,
    ) -> Result<Job, TeachingError> {
        let sources = work.sources().of_course(known.course.tenant, known.course.id).await?;
        if sources.is_empty() {
            return Err(TeachingError::Blocked(
                "the course was brought in from no host: name one with POST \
                 /api/v1/courses/import/gitlab and this `course_id`",
            ));
        }
        let id = self.ask_for_sync(&mut *work, wish).await?;
        self.asked(work, id).await
    }

    /// Asks for a sync in the unit of work that needs it.
    pub(super) async fn ask_for_sync(
        &self,
        work: &mut dyn UnitOfWork,
        wish: SyncWish,
    ) -> Result<JobId, StorageError> {
        self.ask(work, CourseSync::NAME, wish).await
    }

    /// Asks for a sync of a course that `source` was given to. One that runs
    /// already has listed the sources before it: that would not be read, and so
    /// it is another job, beside the other.
    pub(super) async fn ask_for_import(
        &self,
        work: &mut dyn UnitOfWork,
        wish: SyncWish,
        source: &CourseSource,
    ) -> Result<JobId, StorageError> {
        let (host, id, account) = (&source.host, &source.remote_id, source.connection);
        let text = format!("{host} {id} {account:?}");
        let digest = hex::encode(&self.keys.digest(text.as_bytes()).0);
        let key = format!("{} import {digest}", wish.course);
        self.ask_as(work, CourseSync::NAME, wish, key).await
    }

    async fn ask(
        &self,
        work: &mut dyn UnitOfWork,
        kind: &str,
        wish: SyncWish,
    ) -> Result<JobId, StorageError> {
        let scope = wish.team.map_or_else(|| wish.course.to_string(), |it| it.to_string());
        let key = if wish.full { format!("{scope} full") } else { scope };
        self.ask_as(work, kind, wish, key).await
    }

    async fn ask_as(
        &self,
        work: &mut dyn UnitOfWork,
        kind: &str,
        wish: SyncWish,
        key: String,
    ) -> Result<JobId, StorageError> {
        let SyncWish { tenant, course, team, full, queue, by } = wish;
        let order = Order { course, team, full, at: self.now() };
        let kind = KindName::parse(kind).map_err(bug)?;
        let payload = order.payload().map_err(bug)?;
        let request = Request {
            course: Some(course),
            key: Some(key),
            queue,
            ..Request::new(tenant, kind, payload, by)
        };
        self.enqueue(work, request).await
    }
}

/// How long deliveries of a project are gathered before its host is asked for
/// what they did not tell.
pub(crate) const GATHER: Duration = Duration::from_mins(1);

#[cfg(test)]
mod tests {
    use lodge_testkit::builders::{NOW, course_id, team_id};

    use super::*;

    #[test]
    fn an_order_survives_its_payload() {
        for (team, full) in [(None, true), (Some(team_id(3)), false)] {
            let order = Order { course: course_id(1), team, full, at: NOW };
            assert_eq!(Order::parse(order.payload().unwrap().as_str()).unwrap(), order);
        }
        assert!(Order::parse("\"x\"").is_err());
    }
}
