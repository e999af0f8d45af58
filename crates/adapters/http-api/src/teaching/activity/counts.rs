//! What facts come to, as answers show it.

use std::collections::BTreeMap;

use lodge_activity::{CiMetrics, Contribution, Happened};
use lodge_kernel::{Day, StudentId};
use lodge_teaching::activity::Work;
use lodge_teams::Project;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::hundredths;

/// What happened in one step. Days are those of the course's time zone.
#[derive(Serialize, ToSchema)]
pub(crate) struct StepView {
    /// The day, or the week's Monday.
    day: String,
    commits: u64,
    additions: u64,
    deletions: u64,
    merge_requests_opened: u64,
    merge_requests_merged: u64,
    notes: u64,
    issues_opened: u64,
    issues_closed: u64,
    pipelines: u64,
}

impl From<(Day, Happened)> for StepView {
    fn from((day, it): (Day, Happened)) -> Self {
        Self {
            day: day.to_string(),
            commits: it.commits,
            additions: it.lines.additions,
            deletions: it.lines.deletions,
            merge_requests_opened: it.merge_requests_opened,
            merge_requests_merged: it.merge_requests_merged,
            notes: it.notes,
            issues_opened: it.issues_opened,
            issues_closed: it.issues_closed,
            pipelines: it.pipelines,
        }
    }
}

/// How much somebody has done. Merges, and files that are generated or brought
/// in, are left out.
#[derive(Serialize, ToSchema)]
pub(crate) struct ContributionView {
    commits: u64,
    additions: u64,
    deletions: u64,
    merge_requests_opened: u64,
    merge_requests_merged: u64,
    /// Remarks on merge requests of others.
    notes_given: u64,
    /// Merge requests of others that they approve of.
    approvals_given: u64,
    issues_opened: u64,
    issues_assigned: u64,
    issues_closed: u64,
}

impl From<&Contribution> for ContributionView {
    fn from(it: &Contribution) -> Self {
        Self {
            commits: it.commits,
            additions: it.lines.additions,
            deletions: it.lines.deletions,
            merge_requests_opened: it.merge_requests_opened,
            merge_requests_merged: it.merge_requests_merged,
            notes_given: it.notes_given,
            approvals_given: it.approvals_given,
            issues_opened: it.issues_opened,
            issues_assigned: it.issues_assigned,
            issues_closed: it.issues_closed,
        }
    }
}

/// How much one student has done.
#[derive(Serialize, ToSchema)]
pub(crate) struct StudentContributionView {
    student_id: String,
    /// Null where the caller does not see it.
    name: Option<String>,
    #[serde(flatten)]
    done: ContributionView,
    /// In percent of what all students here have.
    share_of_commits: f64,
    share_of_lines: f64,
}

/// Who has done how much.
#[derive(Serialize, ToSchema)]
pub(crate) struct ContributionsView {
    students: Vec<StudentContributionView>,
    /// Done by people of whom nobody knows whether they are students: give a
    /// student what they go by.
    others: ContributionView,
    /// There is more than is counted at once, and what is oldest in the projects
    /// that have most is left out.
    truncated: bool,
}

impl ContributionsView {
    pub(crate) fn of(work: &Work) -> Self {
        let all = work.contributions();
        let commits = all.shares_of(|it| it.commits);
        let lines = all.shares_of(|it| it.lines.changed());
        let share = |of: &BTreeMap<StudentId, u32>, id: &StudentId| {
            hundredths(of.get(id).copied().unwrap_or_default())
        };
        let students = all.students.iter().map(|(id, done)| StudentContributionView {
            student_id: id.to_string(),
            name: work.everybody.name(*id, &work.known),
            done: done.into(),
            share_of_commits: share(&commits, id),
            share_of_lines: share(&lines, id),
        });
        Self {
            students: students.collect(),
            others: (&all.others).into(),
            truncated: work.truncated,
        }
    }

    /// The same, of one student only; shares are of what their teams have.
    pub(crate) fn of_one(work: &Work, student: StudentId) -> Self {
        let mut view = Self::of(work);
        let id = student.to_string();
        view.students.retain(|it| it.student_id == id);
        view.others = (&Contribution::default()).into();
        view
    }
}

/// What runs of continuous integration of a project come to. Times are in whole
/// seconds; null where there is nothing to count.
#[derive(Serialize, ToSchema)]
pub(crate) struct MetricsView {
    project_id: String,
    name: String,
    /// Runs that have ended.
    ended: u64,
    /// In percent.
    success_rate: Option<f64>,
    /// Mean time from the end of a failed run to the end of the next successful
    /// one on the same branch.
    mean_time_to_recovery: Option<u64>,
    recoveries: u64,
    mean_duration: Option<u64>,
    median_duration: Option<u64>,
    builds_per_day: Option<f64>,
    /// In percent: the last run of each day that told it.
    coverage: BTreeMap<String, f64>,
    /// The last of these less the first, in hundredths of a percentage point.
    coverage_trend: Option<i64>,
}

impl From<(&Project, CiMetrics)> for MetricsView {
    fn from((project, it): (&Project, CiMetrics)) -> Self {
        let coverage = it.coverage.iter().map(|(day, it)| (day.to_string(), hundredths(*it)));
        Self {
            project_id: project.id.to_string(),
            name: project.name.clone(),
            ended: it.ended,
            success_rate: it.success_rate.map(hundredths),
            mean_time_to_recovery: it.recovery,
            recoveries: it.recoveries,
            mean_duration: it.mean_duration,
            median_duration: it.median_duration,
            builds_per_day: it.builds_per_day.map(hundredths),
            coverage: coverage.collect(),
            coverage_trend: it.coverage_trend,
        }
    }
}
