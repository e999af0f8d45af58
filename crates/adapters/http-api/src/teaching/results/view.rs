//! Results, as answers show them.

use lodge_checks::{CheckResult, Evidence, Points};
use lodge_courses::settings::Thresholds;
use lodge_teaching::evaluation::{CheckMean, MemberResult, TeamResult};
use serde::Serialize;
use utoipa::ToSchema;

use crate::views::Time;

/// 0 to 100, with two digits after the point.
pub(super) fn score(points: Option<Points>) -> Option<f64> {
    points.map(Points::as_f64)
}

/// `green`, `yellow` or `red`.
pub(super) fn light(points: Option<Points>, thresholds: Thresholds) -> Option<&'static str> {
    points.map(|it| it.light(thresholds).name())
}

/// Something that decided a result.
#[derive(Serialize, ToSchema)]
pub(crate) struct EvidenceView {
    project_id: String,
    /// `commit`, `merge_request`, `issue`, `note`, `pipeline` or `file`.
    kind: &'static str,
    /// The hash, the number in the project, the host's id, or the path.
    id: String,
    at: Time,
    web_url: Option<String>,
    /// It speaks for the student, rather than against.
    fits: bool,
}

impl From<Evidence> for EvidenceView {
    fn from(it: Evidence) -> Self {
        Self {
            project_id: it.project.to_string(),
            kind: it.item.kind(),
            id: it.item.id(),
            at: it.at.into(),
            web_url: it.web_url,
            fits: it.fits,
        }
    }
}

/// What one check says of one student.
#[derive(Serialize, ToSchema)]
pub(crate) struct ResultView {
    /// `R01` to `R13`, `I01` to `I13`, or the key of the course's own check.
    code: String,
    name: String,
    /// What it counts beside the others; 0: it is shown only.
    weight: u32,
    /// `passed`, `partial`, `failed` or `not_applicable`.
    status: &'static str,
    /// 0 to 100; `null` when there is nothing that could be judged.
    score: Option<f64>,
    light: Option<&'static str>,
    /// Why, in one sentence.
    because: String,
    /// What decided it: what speaks against first, at most 50.
    evidence: Vec<EvidenceView>,
    /// How much more there is.
    evidence_left_out: usize,
}

impl ResultView {
    fn new(it: CheckResult, thresholds: Thresholds) -> Self {
        let outcome = it.outcome;
        Self {
            status: outcome.status().name(),
            score: score(outcome.points),
            light: light(outcome.points, thresholds),
            code: it.code,
            name: it.name,
            weight: it.weight,
            because: outcome.because,
            evidence: outcome.evidence.into_iter().map(Into::into).collect(),
            evidence_left_out: outcome.left_out,
        }
    }
}

/// What all checks say of one student.
#[derive(Serialize, ToSchema)]
pub(crate) struct StudentResultView {
    student_id: String,
    /// `null` where the caller may not see it.
    name: Option<String>,
    /// 0 to 100; `null` when nothing could be judged.
    score: Option<f64>,
    light: Option<&'static str>,
    checks: Vec<ResultView>,
}

impl StudentResultView {
    fn new(it: MemberResult, thresholds: Thresholds) -> Self {
        let MemberResult { name, result } = it;
        let checks = result.checks.into_iter().map(|it| ResultView::new(it, thresholds));
        Self {
            student_id: result.student.to_string(),
            name,
            score: score(result.score),
            light: light(result.score, thresholds),
            checks: checks.collect(),
        }
    }
}

/// The mean of a team's members in one check.
#[derive(Serialize, ToSchema)]
pub(crate) struct MeanView {
    code: String,
    name: String,
    weight: u32,
    /// 0 to 100; `null` when there is nothing that could be judged.
    score: Option<f64>,
    light: Option<&'static str>,
}

/// What the checks say of a team.
#[derive(Serialize, ToSchema)]
pub(crate) struct TeamResultView {
    team_id: String,
    name: String,
    /// The mean of its members' scores; `null` when nobody could be judged, or the
    /// caller may not see the results of others.
    score: Option<f64>,
    light: Option<&'static str>,
    /// The mean of its members in each check; empty where the caller may not see
    /// the results of others.
    checks: Vec<MeanView>,
    students: Vec<StudentResultView>,
    /// There is more than is judged at once, and what is oldest is left out.
    truncated: bool,
}

impl TeamResultView {
    pub(super) fn new(it: TeamResult, thresholds: Thresholds) -> Self {
        let mean = |it: CheckMean| MeanView {
            code: it.code,
            name: it.name,
            weight: it.weight,
            score: score(it.points),
            light: light(it.points, thresholds),
        };
        let students = it.students.into_iter();
        Self {
            team_id: it.team.id.to_string(),
            name: it.team.name,
            score: score(it.score),
            light: light(it.score, thresholds),
            checks: it.checks.into_iter().map(mean).collect(),
            students: students.map(|it| StudentResultView::new(it, thresholds)).collect(),
            truncated: it.truncated,
        }
    }
}

/// From which score on a light is green, and below which it is red.
#[derive(Serialize, ToSchema)]
pub(crate) struct ThresholdsView {
    green: u32,
    red: u32,
}

impl From<Thresholds> for ThresholdsView {
    fn from(it: Thresholds) -> Self {
        Self { green: it.green, red: it.red }
    }
}
