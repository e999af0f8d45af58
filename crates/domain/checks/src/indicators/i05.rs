//! Merge requests and review.

use lodge_activity::MergeRequestState;
use lodge_kernel::StudentId;

use super::CHARACTERS;
use crate::{Outcome, Points, Record, mean, text};

/// Half of the points for an own merge request that was merged, half for a
/// remark on one of another member that says something: it has 15 characters,
/// and is not only approval. Where nobody else opened one, only the first
/// counts.
pub(super) fn indicate(student: StudentId, record: &Record<'_>) -> Outcome {
    let own = record.requests_of(student);
    let own = own.filter(|(_, it)| it.it.state == MergeRequestState::Merged);
    let mut evidence: Vec<_> = own.map(|(project, it)| project.request(it, true)).collect();
    let merged = evidence.len();
    let mut can_review = false;
    for other in record.members.iter().filter(|it| **it != student) {
        for (project, request) in record.requests_of(*other) {
            can_review = true;
            let said = request.notes.iter().filter(|it| {
                record.is(it.author, student) && text::is_substantive(&it.body, CHARACTERS)
            });
            evidence.extend(said.map(|it| project.note(it, true)));
        }
    }
    let remarks = evidence.len() - merged;
    let any = |n: usize| if n > 0 { Points::ALL } else { Points::NONE };
    let points = mean([Some(any(merged)), can_review.then(|| any(remarks))]);
    let because = if can_review {
        format!("{merged} own merge requests were merged, {remarks} remarks on those of others")
    } else {
        format!("{merged} own merge requests were merged, there are none of others")
    };
    Outcome::new(points.unwrap_or_default(), because, evidence)
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Fact, Note, Subject};

    use super::*;
    use crate::{
        Status,
        testing::{ADA, BOB, merged, note, people, record, request},
    };

    fn remark(id: &str, on: u64, author: u8, body: &str) -> Fact<ActorId> {
        let it: Note<ActorId> = note(id, Subject::MergeRequest(on), author, 9, body);
        Fact::Note(it)
    }

    fn indicated(student: StudentId, facts: &[Fact<ActorId>]) -> Outcome {
        indicate(student, &record(&people(), facts))
    }

    #[test]
    fn a_merge_and_a_review_are_half_each() {
        let facts = [
            Fact::MergeRequest(merged(2, 9, request(1, 1, 0))),
            Fact::MergeRequest(request(2, 2, 0)),
            remark("n", 2, 3, "Why not a map here?"),
            remark("m", 2, 1, "LGTM"),
            remark("o", 2, 2, "Because it has an order"),
        ];
        let ada = indicated(ADA, &facts);
        assert_eq!((ada.status(), ada.evidence.len()), (Status::Passed, 2));
        let because = "1 own merge requests were merged, 1 remarks on those of others";
        assert_eq!(ada.because, because);
        assert_eq!(indicated(BOB, &facts).status(), Status::Failed);
        let half = indicated(ADA, &facts[..2]);
        assert_eq!(half.points, Some(Points::of_hundredths(5_000)));
    }

    #[test]
    fn a_second_account_does_not_make_a_review() {
        let facts = [
            Fact::MergeRequest(request(1, 1, 0)),
            Fact::MergeRequest(request(2, 9, 0)),
            remark("n", 1, 3, "Why not a map here?"),
            remark("m", 2, 1, "Why not a map here?"),
        ];
        let ada = indicated(ADA, &facts);
        assert_eq!((ada.status(), ada.evidence.len()), (Status::Failed, 0));
    }

    #[test]
    fn where_nobody_else_opened_one_there_is_nothing_to_review() {
        let ada = indicated(ADA, &[Fact::MergeRequest(merged(1, 9, request(1, 1, 0)))]);
        assert_eq!(ada.status(), Status::Passed);
        assert_eq!(indicated(BOB, &[]).status(), Status::Failed);
    }
}
