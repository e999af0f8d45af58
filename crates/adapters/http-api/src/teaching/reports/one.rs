//! `GET` and `DELETE /api/v1/reports/{fileName}`

use lodge_teaching::reports::FileName;

use super::file::file;
use crate::teaching::{
    caller::Teacher,
    problem::{Refusal, RefusalBody},
    respond::{Answer, Reply},
};

/// The file.
#[utoipa::path(
    get,
    path = "/api/v1/reports/{fileName}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("fileName" = String, Path, description = "The name of the file")),
    responses(
        (status = 200, description = "The file, to be kept", content(
            (String = "application/pdf"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (String = "text/csv"),
            (String = "application/json"),
            (String = "text/markdown"),
            (String = "text/html"),
        )),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Students do not see reports", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.reports.read", skip_all)]
pub(crate) async fn read(teacher: Teacher) -> Answer {
    let name: FileName = teacher.segment("fileName", "report")?;
    let format = name.format().ok_or_else(|| Refusal::missing("report"))?;
    let (report, body) = teacher.teaching().read_report(&teacher.caller, &name).await?;
    Ok(file(&report.file_name, format, body))
}

/// Removes a report.
#[utoipa::path(
    delete,
    path = "/api/v1/reports/{fileName}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("fileName" = String, Path, description = "The name of the file")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.reports.remove", skip_all)]
pub(crate) async fn remove(teacher: Teacher) -> Answer {
    let name = teacher.segment("fileName", "report")?;
    teacher.teaching().remove_report(&teacher.caller, &name).await?;
    Ok(Reply::empty().send())
}
