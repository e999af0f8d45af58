//! `GET /api/v1/teams/{teamId}/flags`, `GET /api/v1/telemetry/flags`,
//! `GET` and `PATCH /api/v1/telemetry/flags/{flagId}`

use actix_web::http::StatusCode;
use lodge_checks::{FlagKind, Severity};
use lodge_kernel::{CourseId, TeamId};
use lodge_storage::FlagDecision;
use lodge_teaching::evaluation::{DecisionDraft, FlagFilter, Flags, SeenFlag};
use lodge_teams::FlagState;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::EvidenceView;
use crate::{
    body::RawBody,
    teaching::{
        caller::Teacher,
        given::Given,
        problem::{Refusal, RefusalBody},
        respond::{Answer, Counted, MOST_JSON, One, json_bytes, parse},
    },
    views::Time,
};

/// Which flags are meant.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FlagQuery {
    course_id: Option<String>,
    team_id: Option<String>,
    state: Option<String>,
    kind: Option<String>,
    severity: Option<String>,
}

/// Of what.
enum Whose {
    Course(CourseId),
    Team(TeamId),
}

impl FlagQuery {
    fn filter(&self) -> Result<FlagFilter, Refusal> {
        let (state, kind) = (self.state.as_deref(), self.kind.as_deref());
        let severity = self.severity.as_deref();
        Ok(FlagFilter {
            state: state.map(|it| self::state(it).map_err(Refusal::invalid)).transpose()?,
            kind: word("kind", kind, FlagKind::parse, FlagKind::ALL.map(FlagKind::name))?,
            severity: word(
                "severity",
                severity,
                Severity::parse,
                Severity::ALL.map(Severity::name),
            )?,
        })
    }

    fn whose(&self) -> Result<Whose, Refusal> {
        match (&self.course_id, &self.team_id) {
            (Some(id), None) => {
                id.parse().map(Whose::Course).map_err(|_not_an_id| Refusal::missing("course"))
            }
            (None, Some(id)) => {
                id.parse().map(Whose::Team).map_err(|_not_an_id| Refusal::missing("team"))
            }
            _ => Err(Refusal::invalid("name one: `course_id`, or `team_id`")),
        }
    }
}

fn word<T, const N: usize>(
    name: &str,
    text: Option<&str>,
    parse: impl Fn(&str) -> Option<T>,
    words: [&str; N],
) -> Result<Option<T>, Refusal> {
    let unknown = || Refusal::invalid(format!("`{name}` is one of {}", words.join(", ")));
    text.map(|it| parse(it).ok_or_else(unknown)).transpose()
}

fn state(name: &str) -> Result<FlagState, &'static str> {
    FlagState::parse(name).ok_or("`state` is one of open, confirmed, dismissed")
}

/// Whose doing it is.
#[derive(Serialize, ToSchema)]
pub(crate) struct FlaggedView {
    id: String,
    /// `null` of somebody who was erased.
    name: Option<String>,
}

/// A pattern that somebody should look at. It changes no score.
#[derive(Serialize, ToSchema)]
pub(crate) struct FlagView {
    /// The same for the same pattern, whenever it is worked out.
    id: String,
    /// `commit_spam`, `commit_splitting`, `empty_commits`, `churn`, `lgtm_review`, `review_ring`,
    /// `last_minute_burst`, `create_and_close` or `self_merge`.
    kind: &'static str,
    /// `high`, `medium` or `low`.
    severity: &'static str,
    team_id: String,
    team: String,
    /// One student, or the two of a review ring.
    students: Vec<FlaggedView>,
    /// Why, in one sentence.
    because: String,
    /// When it began.
    at: Time,
    /// What shows it: at most 50.
    evidence: Vec<EvidenceView>,
    /// `open`, `confirmed` or `dismissed`.
    state: &'static str,
    /// What somebody says of it.
    note: Option<String>,
    /// Who decided last; `null` for the token of the environment.
    decided_by: Option<String>,
    decided_at: Option<Time>,
}

impl From<SeenFlag> for FlagView {
    fn from(it: SeenFlag) -> Self {
        let state = it.state().name();
        let (note, decided_by, decided_at) = match it.decision {
            Some(FlagDecision { note, decided_by, decided_at, .. }) => {
                (note, decided_by.map(|it| it.to_string()), Some(decided_at.into()))
            }
            None => (None, None, None),
        };
        let student =
            |(id, name): (lodge_kernel::StudentId, _)| FlaggedView { id: id.to_string(), name };
        Self {
            id: it.id.to_string(),
            kind: it.flag.kind.name(),
            severity: it.flag.severity.name(),
            team_id: it.team.0.to_string(),
            team: it.team.1,
            students: it.students.into_iter().map(student).collect(),
            because: it.flag.because,
            at: it.flag.at.into(),
            evidence: it.flag.evidence.into_iter().map(Into::into).collect(),
            state,
            note,
            decided_by,
            decided_at,
        }
    }
}

/// What is decided; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionBody {
    /// `open`, `confirmed` or `dismissed`.
    state: Option<String>,
    /// Why, in at most 2,000 characters; `null` takes it away. Erasing a student of the team takes
    /// it, too.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    note: Given,
}

/// Patterns in a team's work that somebody should look at, the newest first, at most 500.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{teamId}/flags",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("teamId" = String, Path, description = "The team, `team_…`"),
        ("state" = Option<String>, Query, description = "Those that stand there: open, confirmed or dismissed"),
        ("kind" = Option<String>, Query, description = "Those of this kind"),
        ("severity" = Option<String>, Query, description = "Those that matter as much or more: low, medium or high"),
    ),
    responses(
        (status = 200, description = "The flags", body = Counted<FlagView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Students do not see flags", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.teams.flags", skip_all)]
pub(crate) async fn of_team(teacher: Teacher) -> Answer {
    let id = teacher.segment("teamId", "team")?;
    let query: FlagQuery = teacher.query()?;
    if query.course_id.is_some() || query.team_id.is_some() {
        return Err(Refusal::invalid(
            "the team stands in the path: leave `course_id`, `team_id` out",
        ));
    }
    let filter = query.filter()?;
    answer(
        &teacher,
        teacher.computed(teacher.teaching().team_flags(&teacher.caller, id, filter)).await?,
    )
}

/// Patterns in the work of a course or a team, the newest first, at most 500.
#[utoipa::path(
    get,
    path = "/api/v1/telemetry/flags",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(
        ("course_id" = Option<String>, Query, description = "Those of every team of this course"),
        ("team_id" = Option<String>, Query, description = "Those of this team"),
        ("state" = Option<String>, Query, description = "Those that stand there: open, confirmed or dismissed"),
        ("kind" = Option<String>, Query, description = "Those of this kind"),
        ("severity" = Option<String>, Query, description = "Those that matter as much or more: low, medium or high"),
    ),
    responses(
        (status = 200, description = "The flags", body = Counted<FlagView>),
        (status = 400, description = "The query cannot be used", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Students do not see flags", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.flags.list", skip_all)]
pub(crate) async fn list(teacher: Teacher) -> Answer {
    let query: FlagQuery = teacher.query()?;
    let (filter, teaching) = (query.filter()?, teacher.teaching());
    let found = match query.whose()? {
        Whose::Course(id) => {
            teacher.computed(teaching.course_flags(&teacher.caller, id, filter)).await?
        }
        Whose::Team(id) => {
            teacher.computed(teaching.team_flags(&teacher.caller, id, filter)).await?
        }
    };
    answer(&teacher, found)
}

fn answer(teacher: &Teacher, found: Flags) -> Answer {
    teacher.counted::<_, FlagView>(found.flags, found.truncated)
}

/// One flag, as long as its pattern is seen.
#[utoipa::path(
    get,
    path = "/api/v1/telemetry/flags/{flagId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("flagId" = String, Path, description = "The flag, `flag_…`")),
    responses(
        (status = 200, description = "The flag", body = One<FlagView>),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "Students do not see flags", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.flags.find", skip_all)]
pub(crate) async fn one(teacher: Teacher) -> Answer {
    let id = teacher.segment("flagId", "flag")?;
    let flag = teacher.computed(teacher.teaching().find_flag(&teacher.caller, &id)).await?;
    Ok(teacher.one(StatusCode::OK, FlagView::from(flag))?.send())
}

/// Confirms or dismisses a flag, or opens it again. The last decision counts.
#[utoipa::path(
    patch,
    path = "/api/v1/telemetry/flags/{flagId}",
    tag = "Courses",
    security(("teacher_token" = []), ("user_session" = [])),
    params(("flagId" = String, Path, description = "The flag, `flag_…`")),
    request_body = DecisionBody,
    responses(
        (status = 200, description = "The flag", body = One<FlagView>),
        (status = 400, description = "The body cannot be read", body = RefusalBody),
        (status = 401, description = "No token or session, or one that has ended", body = RefusalBody),
        (status = 403, description = "The role or the token is for less", body = RefusalBody),
        (status = 404, description = "There is none that the caller may see", body = RefusalBody),
        (status = 409, description = "The course is archived", body = RefusalBody),
        (status = 422, description = "A field cannot be used", body = RefusalBody),
    ),
)]
#[tracing::instrument(name = "http.flags.decide", skip_all)]
pub(crate) async fn decide(teacher: Teacher, body: RawBody) -> Answer {
    let id = teacher.segment("flagId", "flag")?;
    let body: DecisionBody = parse(&json_bytes(body, MOST_JSON).await?)?;
    let state = body.state.as_deref().map(state).transpose();
    let state = state.map_err(|problem| Refusal::field("state", problem))?;
    let draft = DecisionDraft { state, note: body.note.change() };
    let flag = teacher.teaching().decide_flag(&teacher.caller, &id, draft).await?;
    Ok(teacher.one(StatusCode::OK, FlagView::from(flag))?.send())
}
