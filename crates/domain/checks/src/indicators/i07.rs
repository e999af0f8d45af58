//! CI success.

use std::collections::BTreeSet;

use lodge_activity::CiStatus;
use lodge_kernel::StudentId;

use crate::{Outcome, Record};

/// The share of runs that succeeded: of those for the student's commits and
/// merge requests that came to an end. One that was left out did not run, and
/// one that somebody stopped did not succeed.
pub(super) fn indicate(student: StudentId, record: &Record<'_>) -> Outcome {
    let mut evidence = Vec::new();
    for project in &record.projects {
        let commits = project.commits.iter().filter(|it| record.is(it.author, student));
        let commits: BTreeSet<_> = commits.map(|it| it.sha.as_str()).collect();
        let requests = project.requests.iter();
        let requests = requests.filter(|it| it.it.author.is_some_and(|by| record.is(by, student)));
        let requested: BTreeSet<_> =
            requests.flat_map(|it| &it.pipelines).map(|it| it.id.as_str()).collect();
        let runs = project.pipelines.iter().filter(|it| {
            let is_own = commits.contains(it.sha.as_str()) || requested.contains(it.id.as_str());
            is_own && it.status.has_ended() && it.status != CiStatus::Skipped
        });
        evidence.extend(runs.map(|it| project.pipeline(it, it.status == CiStatus::Success)));
    }
    Outcome::share(("runs that ended", "succeeded"), evidence)
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Fact};

    use super::*;
    use crate::{
        Status,
        testing::{ADA, BOB, commit, people, record, request, run},
    };

    fn indicated(student: StudentId, runs: &[(&str, &str, CiStatus)]) -> Outcome {
        let mut open = request(1, 1, 5);
        open.head_sha = Some("b".to_owned());
        let mut facts: Vec<Fact<ActorId>> = vec![
            Fact::Commit(commit("a", &["root"], 1, 0)),
            Fact::Commit(commit("b", &["root"], 2, 1)),
            Fact::MergeRequest(open),
        ];
        let runs = runs.iter().map(|(id, sha, status)| Fact::Pipeline(run(id, sha, *status, 6)));
        facts.extend(runs);
        indicate(student, &record(&people(), &facts))
    }

    #[test]
    fn runs_for_own_commits_and_merge_requests_count_once() {
        let runs = [
            ("r", "a", CiStatus::Success),
            ("s", "b", CiStatus::Failed),
            ("t", "a", CiStatus::Canceled),
            ("u", "z", CiStatus::Success),
        ];
        let ada = indicated(ADA, &runs);
        assert_eq!(ada.because, "1 of 3 runs that ended succeeded");
        assert_eq!(ada.evidence.iter().filter(|it| it.fits).count(), 1);
        assert_eq!(indicated(BOB, &runs).status(), Status::Failed);
        assert_eq!(indicated(ADA, &runs[..1]).status(), Status::Passed);
    }

    #[test]
    fn what_did_not_run_or_still_runs_says_nothing() {
        let runs = [("r", "a", CiStatus::Skipped), ("s", "a", CiStatus::Running)];
        let ada = indicated(ADA, &runs);
        assert_eq!(ada.status(), Status::NotApplicable);
        assert_eq!(ada.because, "there are no runs that ended");
    }
}
