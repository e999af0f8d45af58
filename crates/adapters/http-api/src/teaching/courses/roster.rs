//! `GET` and `POST /api/v1/courses/{courseId}/roster`

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use lodge_teaching::roster::RosterOrder;
use lodge_teams::{Roster, roster::MOST_BYTES};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{configuration::attachment, roster_csv};
use crate::{
    body::RawBody,
    problem::Problem,
    teaching::{
        caller::Teacher,
        once::once,
        problem::{Refusal, RefusalBody},
        respond::{Answer, One},
    },
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RosterQuery {
    #[serde(default)]
    dry_run: bool,
    #[serde(default)]
    drop_missing: bool,
}

/// What a roster changed, in students.
#[derive(Serialize, ToSchema)]
pub(crate) struct RosterView {
    /// Nothing was changed: this is what would be.
    dry_run: bool,
    created: usize,
    updated: usize,
    unchanged: usize,
    /// Marked as dropped: they are missing in the file.
    dropped: usize,
    teams_created: usize,
}

/// The students who take a course, as a file for a spreadsheet.
#[utoipa::path(
    get,
    path = "/api/v1/courses/{courseId}/roster",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("courseId" = String, Path, description = "The course, `course_…`")),
    responses(
        (status = 200, description = "The file: what `POST` takes", body = String, content_type = "text/csv"),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Students do not see everybody", body = RefusalBody),
        (status = 404, description = "There is no course that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.export_roster", skip_all)]
pub(crate) async fn export(teacher: Teacher) -> Answer {
    let id = teacher.segment("courseId", "course")?;
    let (code, lines) = teacher.teaching().export_roster(&teacher.caller, id).await?;
    let file = roster_csv::write(&lines).map_err(|error| Problem::internal(&error))?;
    let name = attachment(&format!("{code}-roster"), "csv");
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_DISPOSITION, name))
        .content_type("text/csv; charset=utf-8")
        .body(file))
}

/// Brings the students of a course in line with a file. When any line is wrong,
/// every such line is named and nothing changes.
#[utoipa::path(
    post,
    path = "/api/v1/courses/{courseId}/roster",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("courseId" = String, Path, description = "The course, `course_…`"),
        ("dry_run" = Option<bool>, Query, description = "Nothing is changed"),
        ("drop_missing" = Option<bool>, Query, description = "Who is missing in the file is marked as dropped"),
    ),
    request_body(content = String, content_type = "text/csv", description = "At most 5 MiB and 10,000 students"),
    responses(
        (status = 200, description = "What it changed, or would", body = One<RosterView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is no course that the caller may see", body = RefusalBody),
        (status = 409, description = "The course is archived, or a name was taken or a team deleted at the same time", body = RefusalBody),
        (status = 412, description = "A student was changed at the same time", body = RefusalBody),
        (status = 413, description = "The file is larger than 5 MiB", body = RefusalBody),
        (status = 415, description = "The body is not `text/csv`", body = RefusalBody),
        (status = 422, description = "Lines cannot be used: each is named", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.courses.import_roster", skip_all)]
pub(crate) async fn import(teacher: Teacher, body: RawBody) -> Answer {
    let bytes = body.csv_bytes(MOST_BYTES).await?;
    once(teacher, bytes, |teacher, bytes| async move {
        let id = teacher.segment("courseId", "course")?;
        let RosterQuery { dry_run, drop_missing } = teacher.query()?;
        let read = roster_csv::read(&bytes).and_then(|lines| Roster::checked(&lines));
        let roster = read.map_err(Refusal::unprocessable)?;
        let order = RosterOrder { dry_run, drop_missing };
        let done = teacher.teaching().import_roster(&teacher.caller, id, &roster, order).await?;
        let view = RosterView {
            dry_run,
            created: done.created,
            updated: done.updated,
            unchanged: done.unchanged,
            dropped: done.dropped,
            teams_created: done.teams_created,
        };
        teacher.one(StatusCode::OK, view)
    })
    .await
}
