//! Balance of the team.

use lodge_activity::{ActorId, Note};
use lodge_kernel::StudentId;

use super::CHARACTERS;
use crate::{Outcome, ProjectRecord, Record, balance::balance, text};

/// How evenly the members contribute, the same for each of them: 100 when all
/// do as much, 0 when one does everything. A contribution is a commit, a merge
/// request opened, or a remark of 15 characters that is not only approval. The
/// evidence is the student's own.
///
/// Formula: 100 × (1 − normalised Gini coefficient of the numbers).
pub(super) fn indicate(student: StudentId, record: &Record<'_>) -> Outcome {
    let mut counts: Vec<_> = record.members.iter().map(|it| count(*it, record)).collect();
    counts.sort_unstable_by(|one, other| other.cmp(one));
    let Some(points) = balance(&counts) else {
        return Outcome::not_applicable("there are no contributions of several members to compare");
    };
    let commits = record.commits_of(student).map(|(project, it)| project.commit(it, true));
    let requests = record.requests_of(student).map(|(project, it)| project.request(it, true));
    let notes = notes_of(record, student).map(|(project, it)| project.note(it, true));
    let evidence = commits.chain(requests).chain(notes).collect();
    let counts: Vec<_> = counts.iter().map(u64::to_string).collect();
    Outcome::new(points, format!("the members' contributions are {}", counts.join(", ")), evidence)
}

fn count(member: StudentId, record: &Record<'_>) -> u64 {
    let own = record.commits_of(member).count()
        + record.requests_of(member).count()
        + notes_of(record, member).count();
    u64::try_from(own).unwrap_or(u64::MAX)
}

/// The remarks of a student that say something.
fn notes_of<'r, 'a>(
    record: &'r Record<'a>,
    student: StudentId,
) -> impl Iterator<Item = (&'r ProjectRecord<'a>, &'a Note<ActorId>)> {
    let all = record.projects.iter().flat_map(|it| it.notes.iter().map(move |of| (it, *of)));
    all.filter(move |(_, it)| {
        record.is(it.author, student) && text::is_substantive(&it.body, CHARACTERS)
    })
}

#[cfg(test)]
mod tests {
    use lodge_activity::{Fact, Subject};

    use super::*;
    use crate::{
        Points, Status,
        testing::{ADA, BOB, PROJECT, commit, note, people, record, request},
    };

    fn facts() -> Vec<Fact<ActorId>> {
        let remark =
            |id, author, body| Fact::Note(note(id, Subject::MergeRequest(1), author, 5, body));
        vec![
            Fact::Commit(commit("a", &["root"], 1, 0)),
            Fact::MergeRequest(request(1, 3, 1)),
            remark("n", 2, "Why not a map here?"),
            remark("m", 2, "LGTM"),
            remark("o", 9, "Why not a list here?"),
            Fact::Commit(commit("b", &["root"], 2, 2)),
        ]
    }

    #[test]
    fn as_much_by_each_is_balance() {
        let (people, facts) = (people(), facts());
        let ada = indicate(ADA, &record(&people, &facts));
        assert_eq!((ada.status(), ada.evidence.len()), (Status::Passed, 2));
        assert_eq!(ada.because, "the members' contributions are 2, 2");
    }

    #[test]
    fn the_result_is_the_same_for_each() {
        let (people, facts) = (people(), facts());
        let record = record(&people, &facts[..3]);
        let [ada, bob] = [ADA, BOB].map(|it| indicate(it, &record));
        assert_eq!((ada.points, &ada.because), (bob.points, &bob.because));
        assert_eq!(ada.points, Some(Points::of_hundredths(6_667)));
        assert_eq!((ada.evidence.len(), bob.evidence.len()), (2, 1));
    }

    #[test]
    fn one_who_does_everything_fails_for_all() {
        let (people, facts) = (people(), facts());
        assert_eq!(indicate(BOB, &record(&people, &facts[..2])).status(), Status::Failed);
    }

    #[test]
    fn one_member_or_no_contribution_is_not_compared() {
        let (people, facts) = (people(), facts());
        let alone = Record::of(&[ADA], &people, [(PROJECT, facts.as_slice())]);
        assert_eq!(indicate(ADA, &alone).status(), Status::NotApplicable);
        assert_eq!(indicate(ADA, &record(&people, &[])).status(), Status::NotApplicable);
    }
}
