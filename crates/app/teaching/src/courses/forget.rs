//! Archived courses whose students are forgotten: so many days later as the
//! settings of each say (`privacy.keep_days`).

use async_trait::async_trait;
use lodge_access::Actor;
use lodge_courses::{Course, CourseState};
use lodge_jobs::{Author, JsonText, KindName, Queue, Request, Schedule, When};
use lodge_kernel::{CourseId, TenantId};
use lodge_storage::{CourseFilter, Listing, Place, StorageError, UnitOfWork};
use lodge_teams::{Student, StudentState};

use crate::{
    Teaching,
    jobs::{JobContext, JobError, JobKind, clean_up::PlanError},
};

/// How many organisations or courses are read from the database at once.
const PAGE: usize = 200;

/// Asks for every course that is due, each as a job of its own: people see it
/// among the jobs of the course, and what fails stops no other.
#[derive(Clone, Copy, Debug)]
pub struct DueCourses;

impl DueCourses {
    const NAME: &'static str = "courses.keep-days";

    /// Each night, when few are there.
    ///
    /// # Errors
    ///
    /// [`PlanError`].
    pub fn nightly() -> Result<Schedule, PlanError> {
        let (kind, when) = (KindName::parse(Self::NAME)?, When::cron("47 3 * * *")?);
        Ok(Schedule { kind, when, queue: Queue::Low })
    }
}

#[async_trait]
impl JobKind for DueCourses {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn run(&self, job: &JobContext) -> Result<Option<JsonText>, JobError> {
        let (mut due, mut failed) = (0, 0);
        let mut last: Option<TenantId> = None;
        loop {
            let mut work = job.teaching.storage.read().await?;
            let tenants = work.tenants().list(last, PAGE).await?;
            drop(work);
            for tenant in &tenants {
                match ask_in(job, tenant.id).await {
                    Ok(found) => due += found,
                    // What cannot be read of one is in nobody else's way.
                    Err(JobError::Storage(error)) if is_its_own(&error) => {
                        tracing::error!(%error, tenant.id = %tenant.id, "courses cannot be read");
                        failed += 1;
                    }
                    Err(error) => return Err(error),
                }
            }
            last = tenants.last().map(|it| it.id);
            if tenants.len() < PAGE {
                let told = format!("{{\"due\":{due},\"failed\":{failed}}}");
                return Ok(Some(JsonText::new(told)?));
            }
        }
    }
}

/// It is of the organisation that was looked at: the next one may do well.
const fn is_its_own(error: &StorageError) -> bool {
    !matches!(error, StorageError::Unavailable(_) | StorageError::Conflict(_))
}

/// Asks for the due courses of an organisation; answers how many there are.
async fn ask_in(job: &JobContext, tenant: TenantId) -> Result<usize, JobError> {
    let filter = CourseFilter { of: None, state: Some(CourseState::Archived) };
    let mut n_due = 0;
    let mut last: Option<CourseId> = None;
    loop {
        job.check()?;
        let mut work = job.teaching.storage.read().await?;
        let after = last.map(|id| Place { name: String::new(), id });
        let listing = Listing { after, ..Listing::first(PAGE) };
        let page = work.courses().list(tenant, filter, &listing).await?;
        let now = job.teaching.now();
        let mut due = Vec::new();
        for course in &page {
            if course.is_to_be_forgotten(now)
                && somebody(&mut *work, tenant, course.id).await?.is_some()
            {
                due.push(course);
            }
        }
        drop(work);
        ask_for(&job.teaching, &due).await?;
        n_due += due.len();
        last = page.last().map(|it| it.id);
        if page.len() < PAGE {
            return Ok(n_due);
        }
    }
}

async fn ask_for(teaching: &Teaching, due: &[&Course]) -> Result<(), JobError> {
    if due.is_empty() {
        return Ok(());
    }
    let mut work = teaching.storage.begin().await?;
    for course in due {
        let kind = KindName::parse(ForgetStudents::NAME)?;
        let payload = JsonText::new(format!("\"{}\"", course.id))?;
        let request = Request {
            course: Some(course.id),
            key: Some(course.id.to_string()),
            queue: Queue::Low,
            ..Request::new(course.tenant, kind, payload, Author::Schedule)
        };
        teaching.enqueue(&mut *work, request).await?;
    }
    work.commit().await?;
    teaching.job_waits();
    Ok(())
}

/// Erases the personal data of every student of a course that is due, one after
/// the other, as [`erase_student`](Teaching::erase_student) does it.
#[derive(Clone, Copy, Debug)]
pub struct ForgetStudents;

impl ForgetStudents {
    const NAME: &'static str = "courses.forget";
}

/// What became of a unit of work.
enum Step {
    /// A student was erased.
    Erased,
    /// There is nobody left to be erased.
    NobodyLeft,
    /// The course is not due, or not there.
    NotDue,
}

#[async_trait]
impl JobKind for ForgetStudents {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn run(&self, job: &JobContext) -> Result<Option<JsonText>, JobError> {
        let course: Option<CourseId> = job.payload().trim_matches('"').parse().ok();
        let unreadable = || JobError::Never("what the job was told cannot be read".to_owned());
        let course = course.ok_or_else(unreadable)?;
        let (before, total) = count(job, course).await?;
        let mut erased = 0;
        loop {
            let step = job.in_turns(|| step(&job.teaching, job.tenant, course));
            match step.await?? {
                Step::Erased => {
                    erased += 1;
                    // Without a name: what a job has told is kept for a while. With
                    // those of an attempt before, so that it does not go back.
                    job.progress(before + erased, Some(total), "students").await?;
                }
                Step::NobodyLeft => break,
                Step::NotDue => {
                    job.log("the course is not due: nobody else is erased").await?;
                    break;
                }
            }
        }
        let told = format!("{{\"erased\":{},\"of\":{total}}}", before + erased);
        Ok(Some(JsonText::new(told)?))
    }
}

/// How many students of a course are erased, and how many there are.
async fn count(job: &JobContext, course: CourseId) -> Result<(u64, u64), StorageError> {
    let mut work = job.teaching.storage.read().await?;
    let all = work.students().all(job.tenant, course).await?;
    let erased = all.iter().filter(|it| it.state == StudentState::Erased).count();
    let number = |it: usize| u64::try_from(it).unwrap_or(u64::MAX);
    Ok((number(erased), number(all.len())))
}

/// One unit of work. Erasing cannot be undone: whatever decides about it is read
/// in here, and the course stays as it is until the commit.
async fn step(teaching: &Teaching, tenant: TenantId, id: CourseId) -> Result<Step, StorageError> {
    let mut work = teaching.storage.begin().await?;
    let course = work.courses().hold(tenant, id).await?;
    let is_due = course.is_some_and(|it| it.is_to_be_forgotten(teaching.now()));
    if !is_due {
        return Ok(Step::NotDue);
    }
    let Some(student) = somebody(&mut *work, tenant, id).await? else {
        return Ok(Step::NobodyLeft);
    };
    if teaching.erase(&mut *work, Actor::System, student).await?.is_none() {
        return Err(StorageError::Conflict("the student was changed meanwhile".into()));
    }
    work.commit().await?;
    Ok(Step::Erased)
}

/// A student who is not erased, whether or not they still take the course.
async fn somebody(
    work: &mut dyn UnitOfWork,
    tenant: TenantId,
    course: CourseId,
) -> Result<Option<Student>, StorageError> {
    for state in [StudentState::Active, StudentState::Dropped] {
        let first = Listing::first(1);
        let found = work.students().list(tenant, course, Some(state), &first).await?;
        if let Some(student) = found.into_iter().next() {
            return Ok(Some(student));
        }
    }
    Ok(None)
}
