//! Pipeline green.

use lodge_activity::CiStatus;
use lodge_kernel::StudentId;

use super::merged_of;
use crate::{Outcome, Record, Request};

/// Which share of the student's merged merge requests ended with a run that
/// went well. Where the project has runs, one without any does not fit; where
/// it has none, there is nothing to judge.
pub(super) fn check(student: StudentId, record: &Record<'_>) -> Outcome {
    let requests = merged_of(record, student).filter(|(project, _)| !project.pipelines.is_empty());
    let requests = requests.map(|(project, it)| project.request(it, is_green(it)));
    Outcome::share(("merged merge requests with CI", "ended green"), requests.collect())
}

/// The last run that came to its end, and was not left out, went well.
fn is_green(request: &Request<'_>) -> bool {
    let has_run = |it: CiStatus| it.has_ended() && it != CiStatus::Skipped;
    let last = request.pipelines.iter().rev().find(|it| has_run(it.status));
    last.is_some_and(|it| it.status == CiStatus::Success)
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Fact, MergeRequest};

    use super::*;
    use crate::{
        Points, Status,
        testing::{ADA, merged, people, record, request, run},
    };

    fn own(number: u64, author: u8) -> Fact<ActorId> {
        let head_sha = Some(format!("c{number}"));
        Fact::MergeRequest(MergeRequest { head_sha, ..merged(2, 60, request(number, author, 0)) })
    }

    /// Runs for the newest commit of merge request 1, one a minute.
    fn runs(statuses: &[CiStatus]) -> Vec<Fact<ActorId>> {
        let run = |(it, minutes): (&CiStatus, i64)| {
            Fact::Pipeline(run(&minutes.to_string(), "c1", *it, minutes))
        };
        statuses.iter().zip(1..).map(run).collect()
    }

    fn found(requests: &[Fact<ActorId>], runs: &[Fact<ActorId>]) -> Outcome {
        check(ADA, &record(&people(), &[requests, runs].concat()))
    }

    #[test]
    fn the_last_run_that_ended_decides() {
        use CiStatus::{Canceled, Failed, Pending, Running, Skipped, Success};
        for (statuses, expected) in [
            (vec![Success], Status::Passed),
            (vec![Failed, Success], Status::Passed),
            (vec![Success, Skipped, Running, Pending], Status::Passed),
            (vec![Success, Failed], Status::Failed),
            (vec![Success, Canceled], Status::Failed),
            (vec![Skipped, Running], Status::Failed),
        ] {
            let found = found(&[own(1, 1)], &runs(&statuses));
            assert_eq!(found.status(), expected, "{statuses:?}");
        }
    }

    #[test]
    fn one_without_a_run_does_not_fit_where_others_have_one() {
        let found = found(&[own(1, 1), own(2, 3), own(3, 2)], &runs(&[CiStatus::Success]));
        assert_eq!(found.points, Some(Points::of_hundredths(5_000)));
        assert_eq!(found.because, "1 of 2 merged merge requests with CI ended green");
    }

    #[test]
    fn without_runs_and_merges_there_is_nothing_to_judge() {
        let green = runs(&[CiStatus::Success]);
        let open = Fact::MergeRequest(request(1, 1, 0));
        for (it, runs) in
            [(own(1, 1), &[][..]), (open, &green), (own(1, 2), &green), (own(1, 4), &green)]
        {
            let found = found(std::slice::from_ref(&it), runs);
            assert_eq!(found.status(), Status::NotApplicable, "{it:?}");
        }
    }
}
