//! `GET /api/v1/students/{studentId}/activity|contributions`

use std::cmp::Reverse;

use actix_web::http::StatusCode;
use lodge_activity::Contributions;
use lodge_kernel::StudentId;

use super::{counts::ContributionsView, query::PeriodQuery, view::ActivityView};
use crate::teaching::{
    caller::Teacher,
    problem::RefusalBody,
    respond::{Answer, Counted, One},
};

/// How many things are shown: the newest.
const MOST: usize = 500;

/// What a student did last in the projects of their teams, newest first: at most 500 things.
#[utoipa::path(
    get,
    path = "/api/v1/students/{studentId}/activity",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("studentId" = String, Path, description = "The student, `student_…`"),
        ("since" = Option<String>, Query, description = "What happened then or later"),
        ("until" = Option<String>, Query, description = "What happened before then"),
    ),
    responses(
        (status = 200, description = "What the student did", body = Counted<ActivityView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.students.activity", skip_all)]
pub(crate) async fn activity(teacher: Teacher) -> Answer {
    let id: StudentId = teacher.segment("studentId", "student")?;
    let period = teacher.query::<PeriodQuery>()?.period()?;
    let work = teacher.teaching().student_work(&teacher.caller, id, &[], period).await?;
    let mut found = Vec::new();
    for (project, facts) in &work.projects {
        let of = |it: &lodge_activity::ActorId| work.everybody.people.student(*it);
        let own = facts
            .iter()
            .filter(|it| work.period.has(it.at()) && it.author().and_then(of) == Some(id));
        found.extend(own.map(|it| (project.id, it)));
    }
    found.sort_by_key(|(project, it)| Reverse((it.at(), *project)));
    let truncated = work.truncated || found.len() > MOST;
    found.truncate(MOST);
    let view =
        |(project, it): (lodge_kernel::ProjectId, _)| ActivityView::new(project.to_string(), it);
    teacher.counted::<_, ActivityView>(found.into_iter().map(view).collect(), truncated)
}

/// How much a student has done in the projects of their teams.
#[utoipa::path(
    get,
    path = "/api/v1/students/{studentId}/contributions",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("studentId" = String, Path, description = "The student, `student_…`"),
        ("since" = Option<String>, Query, description = "What happened then or later"),
        ("until" = Option<String>, Query, description = "What happened before then"),
    ),
    responses(
        (status = 200, description = "What the student has done", body = One<ContributionsView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.students.contributions", skip_all)]
pub(crate) async fn contributions(teacher: Teacher) -> Answer {
    let id: StudentId = teacher.segment("studentId", "student")?;
    let period = teacher.query::<PeriodQuery>()?.period()?;
    let work =
        teacher.teaching().student_work(&teacher.caller, id, &Contributions::KINDS, period).await?;
    Ok(teacher.one(StatusCode::OK, ContributionsView::of_one(&work, id))?.send())
}
