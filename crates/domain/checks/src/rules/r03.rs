//! Tests written.

use globset::{Glob, GlobSet};
use lodge_courses::settings::CheckSetting;
use lodge_kernel::StudentId;

use crate::{
    Outcome, Record, Request,
    setting::{globs, whole},
};

/// Merge requests of the student change a path that fits one of `globs`:
/// `at_least` of them.
pub(super) fn check(setting: &CheckSetting, student: StudentId, record: &Record<'_>) -> Outcome {
    let wanted = GlobSet::new(globs(setting, "globs").iter().filter_map(|it| Glob::new(it).ok()));
    let wanted = wanted.unwrap_or_else(|_too_many| GlobSet::empty());
    let requests = record.requests_of(student);
    let requests = requests.map(|(project, it)| project.request(it, changes(it, &wanted)));
    let at_least = whole(setting, "at_least");
    Outcome::count("merge requests change tests", at_least, requests.collect())
}

fn changes(request: &Request<'_>, wanted: &GlobSet) -> bool {
    let mut files = request.commits.iter().flat_map(|it| it.own_files());
    files.any(|it| wanted.is_match(&it.path))
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, ChangedFile, Changes, Commit, Fact, MergeRequest};
    use lodge_courses::settings::Param;

    use super::*;
    use crate::{
        Points, Status,
        testing::{ADA, commit, people, record, request, usual},
    };

    /// A merge request with one commit that changes `path`.
    fn changing(path: &str, number: u64, author: u8) -> [Fact<ActorId>; 2] {
        let sha = format!("c{number}");
        let file = ChangedFile { path: path.to_owned(), additions: Some(3), deletions: None };
        let changes = Some(Changes { files: vec![file], left_out: 0 });
        let commit = Commit { changes, ..commit(&sha, &["root"], author, 0) };
        let request = MergeRequest { head_sha: Some(sha), ..request(number, author, 1) };
        [Fact::Commit(commit), Fact::MergeRequest(request)]
    }

    fn found(setting: &CheckSetting, facts: &[Fact<ActorId>]) -> Outcome {
        check(setting, ADA, &record(&people(), facts))
    }

    #[test]
    fn one_merge_request_with_tests_is_enough() {
        for path in ["tests/search.rs", "a/test/A.java", "src/search.test.ts", "a_test.go"] {
            let facts = [changing("src/lib.rs", 1, 1), changing(path, 2, 3)].concat();
            let found = found(&usual("R03"), &facts);
            assert_eq!((found.status(), found.evidence.len()), (Status::Passed, 2), "{path}");
        }
    }

    #[test]
    fn fewer_than_wanted_are_part_of_it() {
        let mut setting = usual("R03");
        let globs = vec!["[".to_owned(), "spec/**".to_owned()];
        setting.params = vec![("at_least", Param::Whole(2)), ("globs", Param::Globs(globs))];
        let facts = [changing("spec/a.rb", 1, 1), changing("tests/b.rb", 2, 1)].concat();
        let found = found(&setting, &facts);
        assert_eq!(found.points, Some(Points::of_hundredths(5_000)));
        assert_eq!(found.because, "1 merge requests change tests, 2 wanted");
    }

    #[test]
    fn without_tests_of_ones_own_there_are_none() {
        for facts in [
            vec![],
            changing("tests/a.rs", 1, 2).to_vec(),
            changing("tests/a.rs", 1, 4).to_vec(),
            changing("contest/a.rs", 1, 1).to_vec(),
            // What tools write is no test.
            changing("tests/__pycache__/a.txt", 1, 1).to_vec(),
        ] {
            assert_eq!(found(&usual("R03"), &facts).status(), Status::Failed, "{facts:?}");
        }
    }

    #[test]
    fn what_a_merge_commit_changes_is_of_others() {
        let mut facts = changing("tests/a.rs", 1, 1);
        if let Fact::Commit(it) = &mut facts[0] {
            it.parents = Some(vec!["root".to_owned(), "main".to_owned()]);
        }
        assert_eq!(found(&usual("R03"), &facts).status(), Status::Failed);
    }
}
