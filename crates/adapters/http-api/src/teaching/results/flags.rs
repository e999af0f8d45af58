//! `GET /api/v1/teams/{teamId}/flags`

use lodge_teaching::evaluation::SeenFlag;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::EvidenceView;
use crate::{
    teaching::{
        caller::Teacher,
        problem::RefusalBody,
        respond::{Answer, Counted},
    },
    views::Time,
};

/// A pattern that asks somebody to look. It changes no score.
#[derive(Serialize, ToSchema)]
pub(crate) struct FlagView {
    kind: &'static str,
    /// `high`, `medium` or `low`.
    severity: &'static str,
    /// Whose doing it is.
    students: Vec<FlaggedView>,
    /// Why, in one sentence.
    because: String,
    /// When it began.
    at: Time,
    /// What shows it: at most 50.
    evidence: Vec<EvidenceView>,
}

/// Whose doing a pattern is.
#[derive(Serialize, ToSchema)]
pub(crate) struct FlaggedView {
    student_id: String,
    name: Option<String>,
}

impl From<SeenFlag> for FlagView {
    fn from(it: SeenFlag) -> Self {
        let SeenFlag { flag, names } = it;
        let students = flag.students.iter().zip(names);
        let students =
            students.map(|(id, name)| FlaggedView { student_id: id.to_string(), name });
        Self {
            kind: flag.kind.name(),
            severity: flag.severity.name(),
            students: students.collect(),
            because: flag.because,
            at: flag.at.into(),
            evidence: flag.evidence.into_iter().map(Into::into).collect(),
        }
    }
}

/// What in a team's work looks like work for the count's sake, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{teamId}/flags",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("teamId" = String, Path, description = "The team, `team_…`")),
    responses(
        (status = 200, description = "The flags", body = Counted<FlagView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Students do not see flags", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.flags", skip_all)]
pub(crate) async fn of_team(teacher: Teacher) -> Answer {
    let id = teacher.segment("teamId", "team")?;
    let found = teacher.teaching().team_flags(&teacher.caller, id).await?;
    teacher.counted::<_, FlagView>(found.flags, found.truncated)
}
