//! Review received.

use lodge_courses::settings::CheckSetting;
use lodge_kernel::StudentId;

use super::merged_of;
use crate::{Outcome, Record, Request, setting::whole, text::is_substantive};

/// Which share of the student's merged merge requests has substantive remarks
/// of other members, whenever written: `at_least` of them, each of so many
/// `characters`.
pub(super) fn check(setting: &CheckSetting, student: StudentId, record: &Record<'_>) -> Outcome {
    let (wanted, characters) = (whole(setting, "at_least"), whole(setting, "characters"));
    let is_reviewed = |of: &Request<'_>| {
        let by_others =
            of.notes.iter().filter(|it| record.is_another_member(it.author, of.it.author));
        by_others.filter(|it| is_substantive(&it.body, characters)).count() >= wanted
    };
    let requests = merged_of(record, student);
    let requests = requests.map(|(project, it)| project.request(it, is_reviewed(it)));
    Outcome::share(("merged merge requests", "were reviewed by another member"), requests.collect())
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Fact, Subject};
    use lodge_courses::settings::Param;

    use super::*;
    use crate::{
        Points, Status,
        testing::{ADA, merged, note, people, record, request, usual},
    };

    const SAID: &str = "Why not a map here?";

    fn own(number: u64) -> Fact<ActorId> {
        Fact::MergeRequest(merged(1, 60, request(number, 1, 0)))
    }

    fn remark(id: &str, on: u64, author: u8, body: &str) -> Fact<ActorId> {
        Fact::Note(note(id, Subject::MergeRequest(on), author, 30, body))
    }

    fn found(facts: &[Fact<ActorId>]) -> Outcome {
        check(&usual("R06"), ADA, &record(&people(), facts))
    }

    #[test]
    fn a_remark_of_another_member_is_a_review_also_after_the_merge() {
        let late = note("b", Subject::MergeRequest(2), 2, 90, SAID);
        let facts = [own(1), own(2), remark("a", 1, 2, SAID), Fact::Note(late)];
        assert_eq!(found(&facts).status(), Status::Passed);
    }

    #[test]
    fn approval_only_ones_own_words_programs_and_strangers_are_none() {
        for (by, body) in [
            (2, "LGTM!!!!!!!!!!!!! :+1:"),
            (2, "Why so?"),
            (1, SAID),
            (3, SAID),
            (4, SAID),
            (9, SAID),
        ] {
            let facts = [own(1), remark("a", 1, by, body)];
            assert_eq!(found(&facts).status(), Status::Failed, "{by} {body}");
        }
        let elsewhere = Fact::Note(note("a", Subject::Issue(1), 2, 30, SAID));
        assert_eq!(found(&[own(1), elsewhere]).status(), Status::Failed);
    }

    #[test]
    fn some_were_reviewed() {
        let facts = [own(1), own(2), remark("a", 2, 2, SAID), remark("b", 2, 2, SAID)];
        let found = found(&facts);
        assert_eq!(found.points, Some(Points::of_hundredths(5_000)));
        assert_eq!(found.because, "1 of 2 merged merge requests were reviewed by another member");
    }

    #[test]
    fn a_course_may_want_more_remarks() {
        let mut setting = usual("R06");
        setting.params = vec![("at_least", Param::Whole(2)), ("characters", Param::Whole(5))];
        let mut facts = vec![own(1), remark("a", 1, 2, "A map?")];
        let status = |facts: &[_]| check(&setting, ADA, &record(&people(), facts)).status();
        assert_eq!(status(&facts), Status::Failed);
        facts.push(remark("b", 1, 2, "A set?"));
        assert_eq!(status(&facts), Status::Passed);
    }

    #[test]
    fn only_merged_ones_are_judged() {
        let of_other = Fact::MergeRequest(merged(1, 60, request(2, 2, 0)));
        let facts = [Fact::MergeRequest(request(1, 1, 0)), of_other, remark("a", 1, 2, SAID)];
        assert_eq!(found(&facts).status(), Status::NotApplicable);
    }
}
