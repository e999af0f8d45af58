//! CI present.

use lodge_kernel::StudentId;

use crate::{Outcome, Points, ProjectRecord, Record};

/// The share of the projects with commits of the student that have a run of
/// continuous integration; of all projects, where there are no such commits.
/// The evidence is the newest run, or, where there is none, the student's newest
/// commit.
pub(super) fn indicate(student: StudentId, record: &Record<'_>) -> Outcome {
    let newest = |it: &ProjectRecord<'_>| {
        it.commits.iter().rfind(|of| record.is(of.author, student)).map(|of| it.commit(of, false))
    };
    let has_own = record.commits_of(student).next().is_some();
    let (mut evidence, mut with, mut all) = (Vec::new(), 0, 0);
    for project in &record.projects {
        let commit = newest(project);
        if has_own && commit.is_none() {
            continue;
        }
        all += 1;
        let run = project.pipelines.last().map(|it| project.pipeline(it, true));
        with += usize::from(run.is_some());
        evidence.extend(run.or(commit));
    }
    let Some(points) = Points::share(with, all) else {
        return Outcome::not_applicable("the team has no projects");
    };
    let because = format!("{with} of {all} projects have continuous integration");
    Outcome::new(points, because, evidence)
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, CiStatus, Fact};

    use super::*;
    use crate::{
        Item, Source, Status,
        testing::{ADA, BOB, MEMBERS, OTHER, PROJECT, commit, people, run},
    };

    fn indicated(student: StudentId, one: &[Fact<ActorId>], other: &[Fact<ActorId>]) -> Outcome {
        let people = people();
        indicate(student, &Record::of(MEMBERS, &people, [(PROJECT, one), (OTHER, other)]))
    }

    #[test]
    fn only_projects_that_the_student_works_on_count() {
        let one = [
            Fact::Commit(commit("a", &[], 1, 0)),
            Fact::Pipeline(run("r", "a", CiStatus::Failed, 1)),
            Fact::Pipeline(run("s", "a", CiStatus::Skipped, 2)),
        ];
        let other = [Fact::Commit(commit("b", &[], 2, 0))];
        let ada = indicated(ADA, &one, &other);
        assert_eq!(ada.status(), Status::Passed);
        assert_eq!(ada.because, "1 of 1 projects have continuous integration");
        assert_eq!(ada.evidence[0].item, Item::Pipeline("s".to_owned()));
        let bob = indicated(BOB, &one, &other);
        assert_eq!(bob.status(), Status::Failed);
        assert_eq!(bob.evidence[0].item, Item::Commit("b".to_owned()));
        assert!(!bob.evidence[0].fits);
    }

    #[test]
    fn all_projects_count_for_who_works_on_none() {
        let one = [Fact::Pipeline(run("r", "a", CiStatus::Success, 1))];
        let ada = indicated(ADA, &one, &[]);
        assert_eq!((ada.status(), ada.evidence.len()), (Status::Partial, 1));
    }

    #[test]
    fn without_projects_there_is_nothing_to_run() {
        let people = people();
        let nothing = Record::of::<Source<'_>>(MEMBERS, &people, []);
        assert_eq!(indicate(ADA, &nothing).status(), Status::NotApplicable);
    }
}
