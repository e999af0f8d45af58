//! Review given.

use lodge_courses::settings::CheckSetting;
use lodge_kernel::StudentId;

use crate::{Outcome, Points, Record, setting::whole, text::is_substantive};

/// The student wrote so many substantive `notes`, each of so many `characters`,
/// on so many `merge_requests` of others: what is further from its target
/// counts. A merge request whose author nobody knows is another's.
pub(super) fn check(setting: &CheckSetting, student: StudentId, record: &Record<'_>) -> Outcome {
    let characters = whole(setting, "characters");
    let (notes, requests) = (whole(setting, "notes"), whole(setting, "merge_requests"));
    let (mut there, mut reviewed, mut evidence) = (0_usize, 0_usize, Vec::new());
    let all = record.projects.iter().flat_map(|it| it.requests.iter().map(move |of| (it, of)));
    for (project, it) in all {
        if it.it.author.is_some_and(|by| record.is(by, student)) {
            continue;
        }
        let own = it.notes.iter().filter(|it| record.is(it.author, student));
        let own = own.map(|it| project.note(it, is_substantive(&it.body, characters)));
        let own: Vec<_> = own.collect();
        there += 1;
        reviewed += usize::from(own.iter().any(|it| it.fits));
        evidence.extend(own);
    }
    if there == 0 {
        return Outcome::not_applicable("there are no merge requests of others");
    }
    let written = evidence.iter().filter(|it| it.fits).count();
    let points = towards(written, notes).min(towards(reviewed, requests));
    let because = format!(
        "{written} substantive notes on {reviewed} merge requests of others, \
         {notes} on {requests} wanted"
    );
    Outcome::new(points, because, evidence)
}

/// How far on its way to `target` something is.
fn towards(reached: usize, target: usize) -> Points {
    Points::share(reached, target).unwrap_or(Points::ALL)
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Fact, MergeRequest, Subject};

    use super::*;
    use crate::{
        Item, Status,
        testing::{ADA, BOB, note, people, record, request, usual},
    };

    const SAID: &str = "Why not a map here?";

    fn by(author: u8, number: u64) -> Fact<ActorId> {
        Fact::MergeRequest(request(number, author, 0))
    }

    fn remark(id: &str, on: u64, author: u8, body: &str) -> Fact<ActorId> {
        Fact::Note(note(id, Subject::MergeRequest(on), author, 30, body))
    }

    fn found(facts: &[Fact<ActorId>], student: StudentId) -> Outcome {
        check(&usual("R07"), student, &record(&people(), facts))
    }

    #[test]
    fn two_remarks_on_two_merge_requests_are_wanted() {
        let facts = [by(1, 1), by(3, 2), remark("a", 1, 2, SAID), remark("b", 2, 2, SAID)];
        let found = found(&facts, BOB);
        assert_eq!(
            (found.status(), found.because.as_str()),
            (Status::Passed, "2 substantive notes on 2 merge requests of others, 2 on 2 wanted")
        );
    }

    #[test]
    fn what_is_further_from_its_target_counts() {
        let facts = [by(1, 1), by(1, 2), remark("a", 1, 2, SAID), remark("b", 1, 2, SAID)];
        let found = found(&facts, BOB);
        assert_eq!(found.points, Some(Points::of_hundredths(5_000)));
        assert_eq!(found.evidence.len(), 2);
    }

    #[test]
    fn approval_alone_is_no_review_but_is_shown() {
        let facts = [by(1, 1), by(1, 2), remark("a", 1, 2, "LGTM"), remark("b", 2, 2, "👍")];
        let found = found(&facts, BOB);
        assert_eq!(found.status(), Status::Failed);
        let seen: Vec<_> = found.evidence.into_iter().map(|it| (it.item, it.fits)).collect();
        assert_eq!(seen, ["a", "b"].map(|it| (Item::Note(it.to_owned()), false)));
    }

    #[test]
    fn an_unknown_author_is_another_and_a_second_account_is_none() {
        let unknown = Fact::MergeRequest(MergeRequest { author: None, ..request(1, 9, 0) });
        let reviewed = [unknown, by(9, 2), remark("a", 1, 3, SAID), remark("b", 2, 1, SAID)];
        assert_eq!(found(&reviewed, ADA).status(), Status::Passed);
        let own = [by(2, 1), by(3, 2), remark("a", 2, 1, SAID)];
        assert_eq!(found(&own, ADA).status(), Status::Failed);
    }

    #[test]
    fn without_merge_requests_of_others_there_is_nothing_to_review() {
        for facts in [vec![], vec![by(2, 1), by(4, 2), remark("a", 1, 2, SAID)]] {
            assert_eq!(found(&facts, BOB).status(), Status::NotApplicable, "{facts:?}");
        }
    }
}
